"""Who holds an office on a day, and who ends with whom."""

from datetime import UTC, datetime, timedelta

import pytest

from rules import assignments
from rules.assignments import Assignment, Kind

DAY = timedelta(days=1)
MONDAY = datetime(2024, 2, 5, tzinfo=UTC)
CAMAT = Assignment("Camat", Kind.DEFINITIVE, MONDAY - 300 * DAY)


def acting(kind, since=0, until=None):
    return Assignment(kind.value, kind, MONDAY + since * DAY, MONDAY + until * DAY if until is not None else None)


@pytest.mark.parametrize(
    ("people", "name"),
    [
        pytest.param([], None, id="nobody was recorded"),
        pytest.param([CAMAT], "Camat", id="the definitive holder"),
        pytest.param([CAMAT, acting(Kind.PLH, 0, 2)], "plh", id="who acts goes before him"),
        pytest.param([CAMAT, acting(Kind.PLH, -2, 0)], "Camat", id="until his days are over"),
        pytest.param([CAMAT, acting(Kind.PLT, 1)], "Camat", id="and not before they begin"),
        pytest.param([acting(Kind.PLT, -9), acting(Kind.PLH, -1, 1)], "plh", id="of two who act the later one"),
        pytest.param([acting(Kind.PLT, 0)], "plt", id="his first moment counts"),
    ],
)
def test_who_holds_an_office(people, name):
    found = assignments.holder(people, at=MONDAY)

    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("new", "earlier", "over"),
    [
        pytest.param(Kind.DEFINITIVE, Kind.DEFINITIVE, True, id="a new Camat ends the old one"),
        pytest.param(Kind.DEFINITIVE, Kind.PLT, True, id="and whoever acted"),
        pytest.param(Kind.PLT, Kind.DEFINITIVE, False, id="who acts leaves the holder where he is"),
        pytest.param(Kind.PLT, Kind.PJ, True, id="a Plt. follows a Pj."),
        pytest.param(Kind.PLT, Kind.PLH, True, id="a Plh. is over when somebody takes the office"),
        pytest.param(Kind.PLH, Kind.PLT, False, id="a Plh. stands in, and goes home"),
        pytest.param(Kind.PLH, Kind.PLH, True, id="one Plh. at a time"),
    ],
)
def test_who_ends_with_whom(new, earlier, over):
    assert assignments.ends(acting(new, 0), acting(earlier, -5)) is over


def test_what_is_over_is_not_ended_again():
    assert not assignments.ends(acting(Kind.DEFINITIVE, 0), acting(Kind.PLT, -5, -1))


def test_the_title_says_that_somebody_acts():
    assert assignments.styled(Kind.PLT, "Camat Tamban") == "Plt. Camat Tamban"
    assert assignments.styled(Kind.DEFINITIVE, "Camat Tamban") == "Camat Tamban"
