"""Whom an audience means: the reporting office, its team, and those above, the late ones skipped upwards."""

import pytest

from rules import people
from rules.desk import Audience, Channel, Desk, District, Office, Team

ALL = ("camat-a", "camat-b", "kadis", "asisten", "sekretaris", "sekda", "sekretariat")
ZONES = {"camat-b": "Asia/Jayapura"}


def desk(**changed) -> Desk:
    facts = {
        "teams": (
            Team("I", "Tim I", ("kadis", "camat-a", "camat-b"), {"1.1": "camat-a", "1.2": "camat-b"}),
            Team("II", "Tim II", ("asisten",), {"1.3": "asisten"}),
        ),
        "coordinators": {"1.1": "asisten", "1.2": "kadis", "1.3": "asisten"},
        "secretary": "sekretaris",
        "chair": "sekda",
    }
    return Desk(
        code="d",
        name="d",
        brand="d",
        zone="Asia/Makassar",
        regency_code="1",
        regency="Kabupaten",
        province="p",
        seat="s",
        signatory="b",
        districts=tuple(District(code, code, "Asia/Makassar") for code in ("1.1", "1.2", "1.3")),
        offices=tuple(Office(o, o, o, ZONES.get(o, "Asia/Makassar")) for o in ALL),
        secretariat="sekretariat",
        addressees={},
        polling={},
        **(facts | changed),
    )


def told(area: str, audience: Audience, *, late: bool = True, **changed) -> list[str]:
    return [who.office for who in people.circle(desk(**changed), area, {}, late=late)[audience]]


@pytest.mark.parametrize(
    ("area", "audience", "late", "expected"),
    [
        pytest.param("1.2", Audience.REPORTER, True, ["camat-b"], id="who files for the district"),
        pytest.param("1.2", Audience.TEAM, True, ["kadis", "camat-a", "camat-b"], id="the whole team"),
        pytest.param("1.1", Audience.COORDINATOR, True, ["asisten"], id="its coordinator"),
        pytest.param("1.2", Audience.COORDINATOR, True, ["sekretaris"], id="a late coordinator is skipped"),
        pytest.param("1.2", Audience.COORDINATOR, False, ["kadis"], id="of a problem nobody is late"),
        pytest.param("1.3", Audience.COORDINATOR, True, ["sekretaris"], id="reporter and coordinator in one"),
        pytest.param("1.1", Audience.SECRETARY, True, ["sekretaris"], id="the secretary"),
        pytest.param("1.1", Audience.CHAIR, True, ["sekda"], id="the chair"),
        pytest.param("1.1", Audience.SECRETARIAT, True, ["sekretariat"], id="the secretariat"),
        pytest.param("I", Audience.REPORTER, True, ["camat-a"], id="a team's own report is its first district's"),
        pytest.param("I", Audience.COORDINATOR, True, ["asisten"], id="coordinated as its first district"),
        pytest.param("1", Audience.REPORTER, True, ["sekretariat"], id="the desk's own report is the secretariat's"),
        pytest.param("1", Audience.TEAM, True, ["sekretariat"], id="and nobody else's"),
        pytest.param("1", Audience.COORDINATOR, True, ["sekretaris"], id="above it is the secretary"),
    ],
)
def test_who_is_meant(area, audience, late, expected):
    assert told(area, audience, late=late) == expected


def test_when_everybody_above_is_himself_late_the_secretariat_is_told():
    team = Team("I", "Tim I", ("asisten", "sekretaris", "sekda"), {"1.1": "sekda"})
    rest = Team("II", "Tim II", ("camat-b",), {"1.2": "camat-b", "1.3": "camat-b"})

    assert told("1.1", Audience.CHAIR, teams=(team, rest)) == ["sekretariat"]


def test_each_keeps_its_own_zone_and_the_channels_that_reach_it_now():
    circle = people.circle(desk(), "1.2", {"camat-b": (Channel.SMS,)}, late=True)

    (reporter,) = circle[Audience.REPORTER]
    assert (reporter.zone, reporter.channels) == ("Asia/Jayapura", (Channel.SMS,))
    assert circle[Audience.CHAIR][0].channels == ()
