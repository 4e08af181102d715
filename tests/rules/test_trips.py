"""Field trips: who may speak of which, when a planned one is asked for, what is taken from a form."""

from datetime import UTC, datetime, time
from functools import cache

import pytest

from config import loader
from rules import trips
from rules.typed import Fault
from tests.stories.desk import DESK, ELECTION, POLICY

NOW = datetime(2024, 2, 7, 4, tzinfo=UTC)  # noon in Marabahan
ZONE = "Asia/Makassar"
TYPED = {
    "district": "63.04.02",
    "place": "Gudang PPK",
    "at": "2024-02-08T10:00",
    "going": "Camat Tamban, Kapolsek",
    "purpose": "Melihat kesiapan gudang",
}


@cache
def programme():
    return loader.programme(*(loader.read(file) for file in (ELECTION, DESK, POLICY)))


def plan(ahead=True, may=("63.04.02",), **changed):
    return trips.read_plan(TYPED | changed, programme(), may, ahead=ahead, now=NOW)


@pytest.mark.parametrize(
    ("begins", "asked"),
    [
        pytest.param("2024-02-08T02:00", "2024-02-08T11:00", id="in the morning: that evening"),
        pytest.param("2024-02-08T11:00", "2024-02-09T11:00", id="at that very time: the next evening"),
        pytest.param("2024-02-08T15:00", "2024-02-09T11:00", id="at night: the next evening"),
    ],
)
def test_a_planned_trip_is_asked_for_in_the_evening_after_it(begins, asked):
    starts_at = datetime.fromisoformat(begins).replace(tzinfo=UTC)

    assert trips.asked_at(starts_at, ZONE, time(19)) == datetime.fromisoformat(asked).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("office", "own"),
    [
        pytest.param("Camat Tamban", {"63.04.02", "63.04.13"}, id="a member: the districts of his team"),
        pytest.param("Sekretariat Desk", {"63.04.01", "63.04.02", "63.04.13"}, id="the secretariat: all"),
    ],
)
def test_whose_trips_an_office_plans_tells_and_reads(office, own):
    desk = programme().desk
    code = next(one.code for one in desk.offices if one.sms_name == office or one.title == office)

    assert {*trips.districts(desk, code)} == own


def test_an_office_outside_the_teams_has_to_do_with_no_trips():
    desk = programme().desk
    outside = [o.code for o in desk.offices if not any(o.code in team.members for team in desk.teams)]
    idle = [code for code in outside if code not in {*desk.coordinators.values(), desk.secretary, desk.chair}]

    assert {trips.districts(desk, code) for code in idle} <= {(), tuple(d.code for d in desk.districts)}


@pytest.mark.parametrize(
    ("ahead", "changed", "field", "fault"),
    [
        pytest.param(True, {"at": "2024-02-07T11:00"}, "at", Fault.NOT_AHEAD, id="a plan for what is over"),
        pytest.param(True, {"at": "2024-06-07T11:00"}, "at", Fault.NOT_AHEAD, id="a plan for next summer"),
        pytest.param(False, {"at": "2024-02-07T13:00"}, "at", Fault.AHEAD, id="a result of what is ahead"),
        pytest.param(False, {"at": "2023-02-07T13:00"}, "at", Fault.LONG_AGO, id="the year mistyped"),
        pytest.param(True, {"at": ""}, "at", Fault.MISSING, id="no time"),
        pytest.param(True, {"at": "besok"}, "at", Fault.NO_DAY, id="no day"),
        pytest.param(True, {"district": "63.04.01"}, "district", Fault.NO_CHOICE, id="another team's district"),
        pytest.param(True, {"place": ""}, "place", Fault.MISSING, id="nowhere"),
        pytest.param(True, {"village": "Desa Tiada"}, "village", Fault.NO_VILLAGE, id="a village that is not there"),
        pytest.param(True, {"going": " "}, "going", Fault.MISSING, id="nobody"),
        pytest.param(True, {"purpose": "x" * 501}, "purpose", Fault.TOO_LONG, id="a novel"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(ahead, changed, field, fault):
    own, flaws = plan(ahead, **changed)

    assert own is None
    assert flaws[field] is fault


def test_what_was_typed_right_is_taken():
    own, flaws = plan()

    assert not flaws
    assert own == trips.Plan(
        "63.04.02",
        datetime(2024, 2, 8, 2, tzinfo=UTC),
        "Camat Tamban, Kapolsek",
        "Melihat kesiapan gudang",
        place="Gudang PPK",
    )


@pytest.mark.parametrize(
    ("people", "fault"),
    [("", Fault.MISSING), ("0", Fault.MISSING), ("1001", Fault.TOO_LARGE), ("empat", Fault.NO_NUMBER)],
)
def test_how_many_went_is_a_number_that_can_be(people, fault):
    _, flaws = trips.read_told(TYPED | {"at": "2024-02-07T10:00", "people": people}, ZONE, now=NOW)

    assert flaws == {"people": fault}
