"""What an office may do follows from its place in the desk's file."""

from pathlib import Path

import pytest

from config import loader
from rules import access
from rules.access import May
from rules.people import Parties

ROOT = Path(__file__).parents[2] / "config"
TAMBAN, MANDASTANA, TEAM, REGENCY = "63.04.02", "63.04.06", "VIII", "63.04"
FIRST, SECOND = "asisten-pemerintahan", "asisten-perekonomian"


@pytest.fixture(scope="module")
def desk():
    documents = ("elections/pemilu-2024.yaml", "desks/barito-kuala.yaml", "policies/default.yaml")
    return loader.programme(*(loader.read(ROOT / name) for name in documents)).desk


@pytest.mark.parametrize(
    ("office", "act", "place", "allowed"),
    [
        pytest.param(FIRST, May.WAIVE, TAMBAN, True, id="a coordinator decides about his districts"),
        pytest.param(FIRST, May.READ, MANDASTANA, False, id="he sees nothing of another's"),
        pytest.param(SECOND, May.READ, TAMBAN, False, id="nor does the other of his"),
        pytest.param(FIRST, May.EXTEND, TEAM, True, id="a team's report goes with its first district"),
        pytest.param(FIRST, May.READ, REGENCY, False, id="the desk's own report is not a coordinator's"),
        pytest.param("kepala-kesbangpol", May.RETURN, MANDASTANA, True, id="the secretary decides everywhere"),
        pytest.param("sekda", May.ACKNOWLEDGE, REGENCY, True, id="the chair also about the desk's own report"),
        pytest.param("sekretariat-desk", May.READ, TAMBAN, True, id="the secretariat reads everything"),
        pytest.param("sekretariat-desk", May.RETURN, TAMBAN, True, id="the secretariat may ask for improvements"),
        pytest.param("sekretariat-desk", May.WAIVE, TAMBAN, False, id="the secretariat does not waive"),
        pytest.param("camat-tamban", May.READ, TAMBAN, False, id="an area office files, and sees by its own link"),
        pytest.param("nobody", May.READ, TAMBAN, False, id="an office that is not there"),
        pytest.param(FIRST, May.READ, "99.99", False, id="a place that is not there"),
    ],
)
def test_who_may_what(desk, office, act, place, allowed):
    assert access.may(desk, office, act, place, report=True) is allowed


def test_nobody_decides_about_his_own_teams_report(desk):
    from dataclasses import replace

    own = next(team for team in desk.teams if team.code == TEAM)
    teams = tuple(replace(t, members=(*t.members, FIRST)) if t is own else t for t in desk.teams)
    mixed = replace(desk, teams=teams)

    assert access.may(mixed, FIRST, May.READ, TAMBAN, report=True)
    for act in access.DECIDING:
        assert not access.may(mixed, FIRST, act, TAMBAN, report=True)
        assert access.may(mixed, FIRST, act, TAMBAN, report=False)
    assert access.may(mixed, FIRST, May.WAIVE, "63.04.01", report=True)


def test_the_districts_of_coordinators_are_all_there_is_and_none_twice(desk):
    found = [place for office in (FIRST, SECOND, "asisten-administrasi") for place in access.coordinated(desk, office)]

    assert sorted(found) == sorted(place for place in access.places(desk) if place not in (REGENCY, *desk.supporting))
    assert access.coordinated(desk, FIRST)[:2] == ("63.04.01", "63.04.02")


@pytest.mark.parametrize(
    ("office", "leads", "keeps_books", "files"),
    [
        (FIRST, True, False, False),
        ("sekda", True, False, False),
        ("sekretariat-desk", False, True, False),
        ("camat-tamban", False, False, True),
        ("kadis-kominfo", False, False, True),
        ("nobody", False, False, False),
    ],
)
def test_what_is_behind_the_door_for_whom(desk, office, leads, keeps_books, files):
    behind = (access.leads(desk, office), access.keeps_books(desk, office), access.files(desk, office))

    assert behind == (leads, keeps_books, files)
    assert access.enters(desk, office) is any(behind)


@pytest.mark.parametrize("act", [May.READ, May.ACKNOWLEDGE, May.ADVISE, May.RESOLVE, May.HAND_ON])
def test_who_has_a_problem_does_with_it_what_is_to_be_done(desk, act):
    somewhere = desk.districts[0].code

    assert access.may(desk, "kadis-kominfo", act, somewhere, report=False, owner=True)
    assert not access.may(desk, "kadis-kominfo", act, somewhere, report=False)
    assert not access.may(desk, "kadis-kominfo", act, somewhere, report=True, owner=True)


def test_a_problem_is_handed_only_to_whoever_can_open_it(desk):
    assert all(access.enters(desk, office) for office in access.handed_to(desk))


CAMAT = "camat-tamban"


@pytest.mark.parametrize(
    ("office", "parties", "allowed"),
    [
        pytest.param(FIRST, Parties(), True, id="the coordinator of its place"),
        pytest.param(SECOND, Parties(), False, id="not the coordinator of another"),
        pytest.param("kepala-kesbangpol", Parties(), True, id="the secretary"),
        pytest.param("sekda", Parties(), True, id="the chair"),
        pytest.param("sekretariat-desk", Parties(), False, id="not the secretariat"),
        pytest.param("sekretariat-desk", Parties(giver="sekretariat-desk"), True, id="unless it opened it"),
        pytest.param("kadis-kominfo", Parties(owner="kadis-kominfo"), True, id="whoever has it"),
        pytest.param(CAMAT, Parties(), False, id="not the team of its place"),
        pytest.param(CAMAT, Parties(giver=CAMAT), True, id="unless its Camat reported it"),
        pytest.param("sekda", Parties(subject="sekda"), False, id="never whom it is about, be it the chair"),
        pytest.param(FIRST, Parties(owner=FIRST, subject=FIRST), False, id="nor if it came to have it"),
    ],
)
def test_who_reads_a_restricted_problem(desk, office, parties, allowed):
    assert access.reads(desk, office, TAMBAN, parties._replace(restricted=True)) is allowed


def test_only_those_who_coordinate_its_place_restrict_a_problem(desk):
    offices = [own.code for own in desk.offices if access.may(desk, own.code, May.RESTRICT, TAMBAN, report=False)]

    assert sorted(offices) == sorted([FIRST, "kepala-kesbangpol", "sekda"])
    assert not access.may(desk, "kadis-kominfo", May.RESTRICT, TAMBAN, report=False, owner=True)
