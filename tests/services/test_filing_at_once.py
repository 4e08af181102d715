"""Reports that are filed in the same moment, on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from jobs.operator import problems
from models.desk.changes import Hand, Way
from rules.filing import Via
from rules.incidents import Incident
from rules.issues import Category, Circumstances
from rules.policy import Severity
from services import incidents, telling
from tests.stories.desk import Desk

TOLD = {"form": "harian", "indicators": {"keamanan": {"condition": "troubled", "note": "Ribut.", "problem": True}}}


@pytest.fixture
def desk(sessions):
    return Desk(sessions)


def at_once(desk, *filings):
    """File all of them, each in a thread of its own: (report, facts)."""
    with ThreadPoolExecutor(len(filings)) as pool:
        filed = [pool.submit(desk.files, key, TOLD | {"facts": facts}, via=Via.LINK) for key, facts in filings]
        return [one.result() for one in filed]


def test_many_versions_of_one_report_make_one_problem(desk):
    key = desk.key("harian", "Tamban", "H-7")

    filed = at_once(desk, *((key, str(n)) for n in range(6)))

    assert sorted(receipt.version for receipt in filed) == [1, 2, 3, 4, 5, 6]
    assert [receipt.problems for receipt in filed] == [["P-0001"]] * 6
    assert len(problems.unresolved(desk.rt)) == 1


def test_many_reports_make_a_problem_each_with_a_number_of_its_own(desk):
    keys = [desk.key("harian", "Tamban", f"H-{n}") for n in range(2, 8)]

    filed = at_once(desk, *((key, "Satu.") for key in keys))

    assert sorted(receipt.problems[0] for receipt in filed) == [f"P-000{n}" for n in range(1, 7)]


def test_an_incident_that_is_tapped_many_times_at_once_is_one_problem(desk):
    (id,) = desk.rt.programmes
    incident = Incident("63.04.02", Category.LOGISTICS, Severity.HIGH, "Kotak basah", "", Circumstances())

    def tap(_):
        with desk.rt.sessions.begin() as session:
            office = telling.office_of(session, desk.programme, "camat-tamban")
            hand = Hand(office.id, office.title, Way.LINK)
            reported = incidents.report(session, id, desk.programme, incident, once="a1", hand=hand, now=desk.clock.at)
            return reported.matter.code, reported.again

    with ThreadPoolExecutor(6) as pool:
        taps = sorted(pool.map(tap, range(6)))

    assert taps == [("P-0001", False), *[("P-0001", True)] * 5]
    assert len(problems.unresolved(desk.rt)) == 1
