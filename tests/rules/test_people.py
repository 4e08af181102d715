"""Whom an audience means: the reporting office, its team, and those above, the late ones skipped upwards."""

from datetime import timedelta

import pytest

from rules import people
from rules.desk import Audience, Channel, Desk, District, Office, Responsible, Team
from rules.ladder import Ladder, Rung, Say

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
        pytest.param("1.2", Audience.TEAM, True, ["kadis", "camat-b"], id="its team, but never a fellow Camat"),
        pytest.param("1.3", Audience.TEAM, True, ["asisten"], id="a team of one"),
        pytest.param(
            "I", Audience.TEAM, True, ["kadis", "camat-a", "camat-b"], id="a team's own report is everybody's"
        ),
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


def test_a_member_who_reports_for_a_district_of_another_team_is_not_told_either():
    lent = Team("I", "Tim I", ("kadis", "camat-a", "asisten"), {"1.1": "camat-a", "1.2": "camat-a"})
    rest = Team("II", "Tim II", ("asisten",), {"1.3": "asisten"})

    assert told("1.1", Audience.TEAM, teams=(lent, rest)) == ["kadis", "camat-a"]


def test_when_everybody_above_is_himself_late_the_secretariat_is_told():
    team = Team("I", "Tim I", ("asisten", "sekretaris", "sekda"), {"1.1": "sekda"})
    rest = Team("II", "Tim II", ("camat-b",), {"1.2": "camat-b", "1.3": "camat-b"})

    assert told("1.1", Audience.CHAIR, teams=(team, rest)) == ["sekretariat"]


def test_each_keeps_its_own_zone_and_the_channels_that_reach_it_now():
    circle = people.circle(desk(), "1.2", {"camat-b": (Channel.SMS,)}, late=True)

    (reporter,) = circle[Audience.REPORTER]
    assert (reporter.zone, reporter.channels) == ("Asia/Jayapura", (Channel.SMS,))
    assert circle[Audience.CHAIR][0].channels == ()


@pytest.mark.parametrize(
    ("rung", "office", "channel", "presses"),
    [
        pytest.param(0, "asisten", Channel.SMS, True, id="the coordinator is told at once"),
        pytest.param(1, "sekda", Channel.SMS, False, id="the chair is not woken"),
        pytest.param(1, "sekda", Channel.EMAIL, True, id="a mail wakes nobody"),
        pytest.param(0, "sekda", Channel.SMS, False, id="nor is he in the stead of a late coordinator"),
        pytest.param(0, "sekretaris", Channel.SMS, True, id="the secretary is: this ladder does not spare him"),
    ],
)
def test_whom_an_urgent_ladder_may_wake(rung, office, channel, presses):
    by = (Channel.SMS, Channel.EMAIL)
    rungs = (
        Rung(timedelta(hours=1), Audience.COORDINATOR, by, Say.ESCALATION),
        Rung(timedelta(hours=3), Audience.CHAIR, by, Say.ESCALATION, wakes=False),
    )

    assert people.presses(desk(), Ladder("u", rungs, timedelta(hours=1), urgent=True), rung, office, channel) is presses
    assert not people.presses(desk(), Ladder("d", rungs, timedelta(hours=1)), rung, office, channel)


HERE = (Responsible("logistics", "kadis", ("1.2",)), Responsible("logistics", "camat-b"))


@pytest.mark.parametrize(
    ("category", "area", "subject", "expected"),
    [
        pytest.param("logistics", "1.2", None, "kadis", id="named for that district"),
        pytest.param("logistics", "1.3", None, "camat-b", id="named for all others"),
        pytest.param("security", "1.1", None, "asisten", id="nobody is named: its coordinator"),
        pytest.param("logistics", "1.2", "kadis", "camat-b", id="whom it is about has it not: the next that fits"),
        pytest.param("security", "1.1", "asisten", "sekretaris", id="nor the coordinator, if it is about him"),
        pytest.param("logistics", "I", None, "camat-b", id="of a team: that of its first district"),
    ],
)
def test_who_has_a_problem(category, area, subject, expected):
    assert people.owner(desk(responsible=HERE), category, area, subject=subject) == expected


def party(audience: Audience, **parties) -> list[str]:
    circle = people.circle(desk(), "1.1", {}, late=False, parties=people.Parties(**parties))
    return [who.office for who in circle[audience]]


@pytest.mark.parametrize(
    ("audience", "parties", "expected"),
    [
        pytest.param(Audience.HANDLERS, {"owner": "kadis"}, ["kadis", "asisten"], id="the owner and the coordinator"),
        pytest.param(Audience.HANDLERS, {"owner": "asisten"}, ["asisten"], id="who is both hears once"),
        pytest.param(Audience.HANDLERS, {}, ["asisten"], id="nobody has it: the coordinator"),
        pytest.param(
            Audience.HANDLERS, {"owner": "kadis", "subject": "asisten"}, ["kadis", "sekretaris"],
            id="a problem about the coordinator goes past him",
        ),
        pytest.param(Audience.CHAIR, {"subject": "sekda"}, ["sekretariat"], id="and past the chair"),
        pytest.param(Audience.SECRETARY, {"owner": "sekretaris"}, ["sekda"], id="what the secretary has goes past him"),
        pytest.param(Audience.SECRETARY, {"owner": "sekda"}, ["sekda"], id="nobody below the chair hears of his"),
        pytest.param(Audience.SECRETARY, {"late": "sekda"}, ["sekda"], id="nor what he took on and let pass"),
        pytest.param(Audience.OWNER, {"owner": "kadis", "subject": "kadis"}, ["asisten"], id="and past its owner"),
        pytest.param(Audience.GIVER, {"giver": "sekda"}, ["sekda"], id="who gave it"),
    ],
)  # fmt: skip
def test_whom_a_problem_is_told_to(audience, parties, expected):
    assert party(audience, **parties) == expected
