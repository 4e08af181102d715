"""What a village may be asked, when it is, and how what villages sent becomes one suggestion."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import loader
from rules import aides, forms
from rules.aides import Answered
from rules.forms import NOTE

FORMS = loader.forms(Path(__file__).parents[2] / "config/forms")
NOW = datetime(2024, 2, 7, 4, 0, tzinfo=UTC)
DAILY = FORMS["harian"]


@pytest.mark.parametrize(
    ("village", "called"),
    [
        ("Desa Koanda", "Op. Koanda"),
        ("Desa Tamban Muara", "Op. Tamban Muara"),
        ("Desa Tamban Muara Baru", "Op. Tamban M. Baru"),
        ("Kelurahan Berangas Barat", "Op. Berangas Barat"),
        ("Desa Anjir Seberang Pasar II", "Op. Anjir S. P. II"),
    ],
)
def test_a_text_names_each_village_by_words_that_tell_it_from_its_neighbours(village, called):
    assert aides.brief(village) == called


def test_only_what_adds_up_is_asked_and_nothing_that_is_judged():
    asked = aides.asked_of(FORMS["mingguan"])

    assert "tps-siap" in {figure.code for figure in asked.figures()}
    assert "anggaran-cair" not in {figure.code for figure in asked.figures()}
    assert not {"netralitas", "isu", "data-pemilih", "lain"} & {own.code for own in asked.indicators}
    assert not any(own.category or own.photo for own in asked.indicators)


def test_no_checklist_and_no_form_without_figures_is_asked_below():
    assert not aides.asked_of(FORMS["dukungan-gudang"]).indicators
    assert not aides.asked_of(forms.PLAIN).indicators


@pytest.mark.parametrize(
    ("times", "before", "sent", "asked"),
    [
        pytest.param(0, None, False, True, id="never asked"),
        pytest.param(1, timedelta(minutes=29), False, False, id="asked a moment ago"),
        pytest.param(1, timedelta(minutes=30), False, True, id="one reminder"),
        pytest.param(2, timedelta(days=1), False, False, id="reminded already"),
        pytest.param(1, timedelta(hours=1), True, False, id="sent it"),
    ],
)
def test_who_is_asked_now(times, before, sent, asked):
    at = NOW - before if before else None

    assert aides.may_ask(times, at, NOW if sent else None, now=NOW) is asked


def test_all_are_asked_once_more_when_the_report_is_returned():
    asked, sent, returned = (NOW - timedelta(hours=hours) for hours in (3, 2, 1))

    assert aides.may_ask(2, asked, sent, returned_at=returned, now=NOW)
    assert not aides.may_ask(3, NOW - timedelta(minutes=50), sent, returned_at=returned, now=NOW)


def test_villages_make_sums_the_worst_condition_and_notes_with_their_names():
    answers = [
        Answered("Desa A", {"n.tps-siap": "4", "c.tps": "safe", "k.tps": "Baik"}),
        Answered("Desa B", {"n.tps-siap": "0", "c.tps": "troubled", "k.tps": "Atap bocor"}),
        Answered("Desa C", {"n.desa-logistik": "1"}),
    ]

    told = aides.together(DAILY, answers)

    assert told == {
        "n.tps-siap": "4",
        "n.desa-logistik": "1",
        "c.tps": "troubled",
        "k.tps": "Desa A: Baik\nDesa B: Atap bocor",
    }
    assert aides.counted(DAILY, answers)["tps-siap"].villages == 2
    assert not forms.read(DAILY, told).flaws


def test_notes_that_do_not_fit_are_counted_and_never_cut():
    answers = [Answered(f"Desa {n}", {"k.tps": "x" * 100}) for n in range(30)]

    told = aides.together(DAILY, answers)["k.tps"]

    assert len(told) <= NOTE
    assert told.count("x" * 100) + 26 == 30
    assert told.endswith("(dan catatan 26 desa lain)")


def test_a_sum_that_no_form_takes_is_not_suggested():
    answers = [Answered(f"Desa {n}", {"n.tps-siap": "999999999"}) for n in range(2)]

    assert "n.tps-siap" not in aides.together(DAILY, answers)


def test_what_is_typed_stays_and_gives_way_only_when_asked():
    typed, told = {"n.tps-siap": "40", "n.kejadian": " "}, {"n.tps-siap": "4", "n.kejadian": "2"}

    assert aides.taken(typed, told, over=False) == {"n.tps-siap": "40", "n.kejadian": "2"}
    assert aides.taken(typed, told, over=True) == {"n.tps-siap": "4", "n.kejadian": "2"}
    assert aides.differing(typed, told) == ["n.tps-siap"]
