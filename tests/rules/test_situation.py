"""What the reports say of the regency, and that nothing is green which nobody called so."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import situation
from rules.filing import Content
from rules.forms import Condition, Figure
from rules.situation import Shown, Spoken, Version

NOW = datetime(2024, 2, 14, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TAMBAN, MEKARSARI = "63.04.05", "63.04.15"
LOGISTICS, SECURITY = "logistik", "keamanan"
DAY = timedelta(days=1)


def report(condition=Condition.SAFE, ago=1.0, *, slot="a", number=1, area=TAMBAN, group=LOGISTICS, **facts):
    """One version; `ago` in hours is when it came, and when it was due."""
    at = NOW - ago * HOUR
    known = {
        "content": Content.FILLED,
        "by": "Camat Tamban",
        "due_at": at,
        "received_at": at,
        "groups": {group: Spoken(condition, facts.pop("numbers", {}), facts.pop("note", ""))},
    }
    return Version(slot, number, area, **(known | facts))


def nil(ago=1.0, *, slot="n", **facts):
    return report(Condition.UNSEEN, ago, slot=slot, **({"content": Content.NIL} | facts))


def look(*versions, fades_after=DAY, areas=(TAMBAN,), groups=(LOGISTICS,), now=NOW):
    return situation.situation(versions, areas, groups, fades_after=fades_after, now=now)


def shown(*versions, **how):
    return look(*versions, **how)[TAMBAN, LOGISTICS].shown


SAFE, ATTENTION, TROUBLED, UNSEEN = Condition.SAFE, Condition.ATTENTION, Condition.TROUBLED, Condition.UNSEEN


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        pytest.param([], Shown.UNSEEN, id="nobody said anything"),
        pytest.param([report(SAFE)], Shown.SAFE, id="said to be safe"),
        pytest.param([report(UNSEEN)], Shown.UNSEEN, id="a report of somebody who did not look"),
        pytest.param([report(Condition.NOT_READY)], Shown.UNSEEN, id="an answer of a checklist does not look"),
        pytest.param([report(SAFE, 2), report(TROUBLED, 1, slot="b")], Shown.TROUBLED, id="the newer one speaks"),
        pytest.param([report(TROUBLED, 2), report(SAFE, 1, slot="b")], Shown.SAFE, id="trouble said to be over"),
        pytest.param([report(TROUBLED, 2), report(UNSEEN, 1, slot="b")], Shown.TROUBLED, id="not looked at"),
        pytest.param([report(TROUBLED, 2), nil(1)], Shown.TROUBLED, id="a nil report never turns trouble green"),
        pytest.param([report(ATTENTION, 2), nil(1)], Shown.ATTENTION, id="nor what needs attention"),
        pytest.param([report(SAFE, 2), nil(1)], Shown.NIL, id="nothing happened since"),
        pytest.param([nil(2), report(SAFE, 1)], Shown.SAFE, id="looked at after a nil report"),
        pytest.param([nil(1)], Shown.NIL, id="only nil"),
        pytest.param([report(TROUBLED, number=1), report(SAFE, number=2)], Shown.SAFE, id="a correction takes it back"),
        pytest.param([report(SAFE, number=2), report(TROUBLED, number=1)], Shown.SAFE, id="in any order"),
        pytest.param([report(SAFE, returned=True)], Shown.UNSEEN, id="a returned report does not speak"),
        pytest.param(
            [report(TROUBLED, number=1), report(SAFE, number=2, returned=True)], Shown.UNSEEN,
            id="nor does what it replaced",
        ),
        pytest.param([nil(2, number=1), nil(1, number=2, content=Content.WITHDRAWN)], Shown.UNSEEN, id="taken back"),
        pytest.param([report(SAFE, 25)], Shown.STALE, id="safe a day and an hour ago"),
        pytest.param([report(SAFE, 24)], Shown.SAFE, id="safe exactly a day ago"),
        pytest.param([report(TROUBLED, 100)], Shown.TROUBLED, id="old trouble stays trouble"),
        pytest.param([nil(25)], Shown.STALE, id="an old nil is no nil"),
    ],
)  # fmt: skip
def test_how_a_group_is_shown(versions, expected):
    assert shown(*versions) is expected


def test_a_morning_report_that_comes_late_does_not_hide_what_noon_said():
    morning = report(SAFE, 0.5, slot="07.30", due_at=NOW - 6 * HOUR)
    noon = report(TROUBLED, 2, slot="10.00")

    assert shown(morning, noon) is Shown.TROUBLED


def test_what_a_phone_says_of_the_time_is_not_believed_beyond_its_arrival():
    astray = report(SAFE, 3, slot="a", observed_at=NOW + 1000 * DAY)
    later = report(TROUBLED, 1, slot="b")

    assert shown(astray, later) is Shown.TROUBLED


def test_a_number_is_kept_though_nobody_judged_the_group():
    cell = look(report(SAFE, 2), report(UNSEEN, 1, slot="b", numbers={"kotak": 12}))[TAMBAN, LOGISTICS]

    assert cell.numbers["kotak"].count == 12
    assert cell.shown is Shown.SAFE


def test_a_roll_up_says_the_worst_with_its_denominator_and_what_is_not_known():
    areas = [f"63.04.{n:02d}" for n in range(1, 18)]
    said = [report(TROUBLED, slot=area, area=area) for area in areas[:2]]
    said += [report(SAFE, slot=area, area=area) for area in areas[2:14]]
    cells = look(*said, areas=areas).values()

    rolled = situation.roll_up(cells)

    assert rolled.worst is Shown.TROUBLED
    assert rolled.words("kecamatan") == "2 dari 17 kecamatan bermasalah, 3 belum dipantau"


def test_a_sum_names_how_many_districts_it_is_of():
    cells = look(report(numbers={"hadir": 1200}), areas=(TAMBAN, MEKARSARI)).values()

    assert situation.total(cells, "hadir").words("kecamatan") == "1.200 (dari 1 kecamatan yang melaporkan)"
    assert situation.total(cells, "kotak").words("kecamatan") == "belum ada dari 2 kecamatan"


def test_a_trend_goes_from_report_to_report_and_by_the_newest_versions():
    filed = [(3, "10.00", 2, 190), (3, "10.00", 1, 19), (6, "07.30", 1, 150)]
    said = [report(SAFE, ago, slot=slot, number=number, numbers={"tps": count}) for ago, slot, number, count in filed]

    assert [number.count for number in situation.trend(said, TAMBAN, LOGISTICS, "tps")] == [150, 190]


@st.composite
def filed(draw):
    """Versions of a few obligations in two districts, as anybody may have filed, corrected and returned them."""
    found = []
    for slot in range(draw(st.integers(0, 5))):
        area, due_ago = draw(st.sampled_from([TAMBAN, MEKARSARI])), draw(st.integers(0, 50))
        for number in range(1, draw(st.integers(1, 3)) + 1):
            content = draw(st.sampled_from(Content))
            condition = UNSEEN if content in (Content.NIL, Content.WITHDRAWN) else draw(st.sampled_from(Condition))
            observed = draw(st.none() | st.integers(-50, 60))
            found.append(
                report(
                    condition,
                    draw(st.integers(0, 50)),
                    slot=f"{slot}",
                    number=number,
                    area=area,
                    group=draw(st.sampled_from([LOGISTICS, SECURITY])),
                    content=content,
                    due_at=NOW - due_ago * HOUR,
                    observed_at=None if observed is None else NOW - observed * HOUR,
                    returned=draw(st.booleans()) and number > 1,
                )
            )
    return found


EVERYWHERE = {"areas": (TAMBAN, MEKARSARI), "groups": (LOGISTICS, SECURITY)}


@given(filed(), st.randoms(use_true_random=False))
def test_the_order_in_which_versions_come_changes_nothing(versions, luck):
    shuffled = list(versions)
    luck.shuffle(shuffled)

    assert look(*shuffled, **EVERYWHERE) == look(*versions, **EVERYWHERE)


@given(filed())
def test_nothing_is_green_that_no_speaking_version_called_so_within_its_age(versions):
    newest = {version.obligation: version for version in sorted(versions, key=lambda version: version.number)}
    speaking = [v for v in newest.values() if not v.returned and v.content is not Content.WITHDRAWN]

    for (area, group), cell in look(*versions, **EVERYWHERE).items():
        there = [v for v in speaking if v.area == area and group in v.groups and NOW - v.tells_of <= DAY]
        if cell.shown is Shown.SAFE:
            assert any(v.content is not Content.NIL and v.groups[group].condition is SAFE for v in there)
        if cell.shown is Shown.NIL:
            assert any(v.content is Content.NIL for v in there)


@given(filed())
def test_a_nil_report_more_improves_nothing_that_was_said_to_be_wrong(versions):
    before = look(*versions, **EVERYWHERE)
    after = look(*versions, nil(0, slot="nil more"), **EVERYWHERE)

    for place, cell in before.items():
        if cell.shown in (Shown.TROUBLED, Shown.ATTENTION):
            assert after[place].shown is cell.shown


@given(filed())
def test_a_roll_up_counts_every_cell_once_and_is_never_better_than_its_worst(versions):
    cells = look(*versions, **EVERYWHERE).values()

    rolled = situation.roll_up(cells)

    assert rolled.total == 4
    assert all(rolled.worst.worst_first <= cell.shown.worst_first for cell in cells)


# -- milestones --------------------------------------------------------------------------------------------------------

OPENED = Figure("tps-buka", "TPS sudah dibuka", of="stations")
CAME = Figure("hadir", "Pemilih hadir", of="voters")
WITA = "Asia/Makassar"


def counted(count, ago, *, slot, figure="tps-buka", **facts):
    return report(ago=ago, slot=slot, numbers={figure: count}, **facts)


def milestone(figure, *versions, counts=None):
    return situation.milestone(versions, TAMBAN, LOGISTICS, figure, counts or {})


def test_a_milestone_is_said_out_of_all_polling_stations_with_its_hour():
    own = milestone(OPENED, counted(187, 14.5, slot="a"), counts={"stations": 198})

    assert own.words(WITA, NOW) == "187 dari 198 TPS sudah dibuka pukul 07.30 WITA"
    assert own.words(WITA, NOW + DAY) == "187 dari 198 TPS sudah dibuka pukul 07.30 WITA, 14 Februari 2024"
    assert own.earlier(WITA) == ""


def test_where_nobody_knows_how_many_there_are_no_denominator_is_made_up():
    assert milestone(OPENED, counted(187, 14.5, slot="a")).words(WITA, NOW).startswith("187 TPS sudah dibuka")


def test_it_is_told_how_turnout_went_from_report_to_report():
    came = (counted(n, ago, slot=str(ago), figure="hadir") for n, ago in ((4100, 12.0), (9200, 8.5)))

    own = milestone(CAME, *came, counts={"voters": 15000})

    assert own.words(WITA, NOW) == "9.200 dari 15.000 pemilih hadir pukul 13.30 WITA"
    assert own.earlier(WITA) == "pukul 10.00 WITA: 4.100"


def test_a_correction_replaces_the_number_that_it_corrects():
    own = milestone(OPENED, counted(150, 14.5, slot="a"), counted(187, 14.5, slot="a", number=2))

    assert [number.count for number in own.went] == [187]


def test_a_milestone_may_be_out_of_another_number_of_the_report():
    part = Figure("tps-buka", "TPS sudah dibuka", of="tps-semua")

    assert milestone(part, report(ago=14.5, numbers={"tps-buka": 8, "tps-semua": 9})).of == 9


def test_where_no_report_gave_the_number_there_is_no_milestone():
    assert milestone(OPENED, report(ago=1), nil()) is None
