"""Who answers what in a rehearsal: the same luck, the same answers, in the shares that were asked for."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from rules import duties, scenario
from rules.forms import Figure, Form, Indicator
from rules.issues import Category
from rules.policy import Severity
from rules.scenario import BY_PHONE, Filing, Scenario, Words
from tests.rules.test_duties import DESK, DUTIES, ELECTION, HOLIDAYS

OWED = duties.obligations(ELECTION, DESK, DUTIES, HOLIDAYS) * 40
HOUR = timedelta(hours=1)
FILING = Filing(on_time=0.5, late=0.3, nil=0.25, late_by=(HOUR, 5 * HOUR), early_by=(HOUR / 2, HOUR))
"""Of ten, five come in time, three late, two never."""


def played(*filings: Filing, seed: int = 1, owed=OWED):
    script = Scenario("s", "about", seed, filings)
    return scenario.answers(script, owed, Random(seed))


def test_the_same_luck_gives_the_same_answers():
    assert played(FILING) == played(FILING)
    assert played(FILING) != played(FILING, seed=2)


def test_the_shares_are_those_that_were_asked_for():
    due = {o.key: o for o in OWED}
    found = played(FILING)

    late = sum(a.at > due[a.key].due_at for a in found)
    assert len(found) / len(OWED) == pytest.approx(0.8, abs=0.03)
    assert late / len(OWED) == pytest.approx(0.3, abs=0.03)
    assert sum(a.nil for a in found) / len(found) == pytest.approx(0.25, abs=0.03)
    assert sum(a.by_phone for a in found) / len(found) == pytest.approx(BY_PHONE, abs=0.03)


def test_everybody_comes_within_the_bounds_and_not_before_it_opens():
    due = {o.key: o for o in OWED}

    for answer in played(FILING):
        owed = due[answer.key]
        if answer.at > owed.due_at:
            assert HOUR <= answer.at - owed.due_at <= 5 * HOUR
        else:
            assert HOUR / 2 <= owed.due_at - answer.at <= HOUR
        assert answer.at >= owed.opens_at


def test_who_would_come_before_it_opens_comes_when_it_opens():
    early = replace(FILING, on_time=1, late=0, early_by=(99 * HOUR, 99 * HOUR))
    opens = {o.key: o.opens_at for o in OWED}

    assert all(a.at == opens[a.key] for a in played(early))


def test_the_first_filing_that_concerns_it_decides_and_what_none_concerns_stays_silent():
    of_two = replace(FILING, districts=frozenset({"91.03.02"}), on_time=1, late=0)
    nobody = replace(FILING, districts=frozenset({"91.03.03"}), on_time=0, late=0)

    found = played(of_two, nobody, replace(FILING, districts=frozenset({"91.03.02", "91.03.03"})))

    assert {a.key.split("/")[3] for a in found} == {"91.03.02"}


def test_a_filing_of_some_days_and_duties_concerns_them_alone():
    some = replace(
        FILING, on_time=1, late=0, duties=frozenset({"daily"}), first=date(2024, 11, 21), last=date(2024, 11, 22)
    )

    assert {tuple(a.key.split("/")[i] for i in (2, 4)) for a in played(some)} == {("daily", "H-6"), ("daily", "H-5")}


def test_a_changed_share_moves_only_itself():
    """Who came in time still does, at the same minute, when more come late."""
    before = {a.key: a for a in played(FILING, owed=OWED[: len(OWED) // 40])}
    after = {a.key: a for a in played(replace(FILING, late=0.5), owed=OWED[: len(OWED) // 40])}

    assert before.items() <= after.items()


def test_answers_come_in_order_of_time():
    found = played(FILING)

    assert found == sorted(found, key=lambda a: (a.at, a.key))


FIGURES = (Figure("open", "TPS dibuka", of="stations"), Figure("ill", "Petugas sakit"))
FORM = Form("f", "Laporan", (Indicator("tide", "Pasang", "", FIGURES, Category.POLLING_PLACE, Severity.LOW),))


def words(answers, *, after=None, **which):
    return Words(answers=answers, reached={"open": (0.5, 1.0)}, after=after, **which)


def said(*lines, counts=None, owed=OWED[0]):
    return list(scenario.said(Scenario("s", "", 1, (), words=lines), owed, FORM, counts or {}))


def test_what_nobody_says_is_wrong_is_safe():
    assert said() == [(timedelta(0), {"c.tide": "safe"})]


def test_of_two_lines_the_later_says_more():
    ((_, answers),) = said(words({"c.tide": "attention", "k.tide": "Air naik."}), words({"c.tide": "troubled"}))

    assert (answers["c.tide"], answers["k.tide"]) == ("troubled", "Air naik.")


def test_a_correction_comes_later_and_takes_back_what_was_said():
    first, second = said(words({"c.tide": "troubled"}), words({"k.tide": "Sudah surut."}, after=HOUR))

    assert first == (timedelta(0), {"c.tide": "troubled"})
    assert second == (HOUR, {"c.tide": "safe", "k.tide": "Sudah surut."})


def test_a_share_is_of_what_the_district_has_and_the_same_every_time():
    ((_, answers),) = said(words({}), counts={"stations": 200})

    assert 100 <= int(answers["n.open"]) <= 200
    assert said(words({}), counts={"stations": 200}) == [(timedelta(0), answers)]


def test_words_of_one_district_are_said_by_no_other():
    assert said(words({"c.tide": "troubled"}, districts=frozenset({"elsewhere"}))) == said()
