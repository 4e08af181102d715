"""Who is at the posko, what overlaps and what is left open; and what a typed shift must have."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import posko
from rules.posko import Gap, Roster, Shift
from rules.typed import Fault

ZONE = "Asia/Makassar"
NOW = datetime(2024, 2, 14, 4, tzinfo=UTC)  # 12.00 WITA


def at(hours):
    return NOW + timedelta(hours=hours)


def shift(starts, ends, office="Camat Tamban"):
    return Shift(office, at(starts), at(ends), "Posko")


@pytest.mark.parametrize(
    ("shifts", "now", "next_"),
    [
        pytest.param([], [], None, id="an empty roster"),
        pytest.param([(-2, 2), (2, 4)], [(-2, 2)], (2, 4), id="one is there and one follows"),
        pytest.param([(-2, 0), (0, 4)], [(0, 4)], None, id="at the change only the new one is there"),
        pytest.param([(5, 6), (1, 2)], [], (1, 2), id="nobody is there, and the nearest is named"),
        pytest.param([(-1, 2), (-3, 1)], [(-3, 1), (-1, 2)], None, id="two are there together"),
    ],
)
def test_who_is_on_duty_now_and_who_comes_next(shifts, now, next_):
    roster = posko.standing([shift(*own) for own in shifts], now=NOW)

    assert roster == Roster([shift(*own) for own in now], shift(*next_) if next_ else None)


def test_shifts_that_meet_at_a_minute_do_not_overlap():
    early, late, between = shift(0, 4), shift(4, 8), shift(3, 5, "Camat Mekarsari")

    assert posko.overlaps([early, late]) == []
    assert posko.overlaps([late, early, between]) == [(early, between), (between, late)]


def test_a_time_without_anybody_is_a_gap_up_to_the_last_shift():
    own = [shift(1, 3), shift(2, 6), shift(8, 9)]

    assert posko.gaps(own, now=NOW) == [Gap(at(0), at(1)), Gap(at(6), at(8))]
    assert posko.gaps([], now=NOW) == []
    assert posko.gaps([shift(-3, 2)], now=NOW) == []


TYPED = {"office": "camat-tamban", "place": " Posko  Marabahan ", "starts": "2024-02-14T12:00"} | {
    "ends": "2024-02-14 18.00"
}


def test_a_shift_is_read_in_the_zone_of_the_desk():
    own, flaws = posko.read(TYPED, ["camat-tamban"], ZONE, now=NOW)

    assert flaws == {}
    assert own == Shift("camat-tamban", at(0), at(6), "Posko Marabahan")


@pytest.mark.parametrize(
    ("typed", "flaws"),
    [
        pytest.param({"office": "nobody"}, {"office": Fault.NO_CHOICE}, id="an office that there is not"),
        pytest.param({"place": " "}, {"place": Fault.MISSING}, id="no place"),
        pytest.param({"place": "x" * 81}, {"place": Fault.TOO_LONG}, id="a long place"),
        pytest.param({"starts": ""}, {"starts": Fault.MISSING}, id="no beginning"),
        pytest.param({"ends": "2024-02-14"}, {"ends": Fault.NO_TIME}, id="no hour"),
        pytest.param({"ends": "2024-02-14T12:00"}, {"ends": Fault.NO_SPAN}, id="it ends when it begins"),
        pytest.param({"ends": "2024-03-14T12:00"}, {"ends": Fault.NO_SPAN}, id="a month by a slip"),
        pytest.param(
            {"starts": "2024-02-13T12:00", "ends": "2024-02-13T18:00"}, {"ends": Fault.NO_SPAN}, id="it is over already"
        ),
    ],
)
def test_a_shift_that_cannot_be_says_what_is_wrong(typed, flaws):
    assert posko.read(TYPED | typed, ["camat-tamban"], ZONE, now=NOW) == (None, flaws)
