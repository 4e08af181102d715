"""Two elections live at one desk, as when Pilkada is prepared before Pemilu is over: every number means one thing."""

import pytest
from sqlalchemy import select, update

from config import loader
from jobs.operator import amend, closing, explain, problems
from jobs.operator.refusals import Refusal
from models.desk.programmes import Programme
from models.matters.issues import Described
from models.matters.matters import Kind, Matter
from rules import dispatch
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.filing import Standing
from rules.issues import Category
from rules.ladder import Say
from rules.policy import Severity
from tests.stories.desk import DESK, ELECTION, POLICY, uncalled

FIRST, SECOND = "pemilihan/tiga-kecamatan", "pemilihan-dua/tiga-kecamatan"


def another(code="pemilihan-dua", name="Pemilihan Kedua"):
    text = ELECTION.read_text(encoding="utf-8")
    text = text.replace("election: pemilihan", f"election: {code}").replace("Pemilihan Contoh", name)
    return loader.parse(text, f"{code}.yaml")


@pytest.fixture
def both(desk):
    desk.load([another(), *desk.documents[1:]])
    return desk


def codes(desk, kind=Kind.OBLIGATION):
    with desk.rt.sessions.begin() as session:
        return list(session.scalars(select(Matter.code).where(Matter.kind == kind)))


def report(programme, slot="H-7"):
    return f"{programme}/harian/63.04.02/{slot}"


def test_no_two_reports_of_a_desk_have_the_same_number(both):
    found = codes(both)

    assert len(found) == len(set(found)) > 2 * len(found) // 3
    assert both.code(report(FIRST)) != both.code(report(SECOND))


def test_what_an_amendment_adds_gets_a_number_that_neither_election_has(both):
    more = uncalled(POLICY.read_text(encoding="utf-8")).replace("days: H-7..H-1", "days: H-9..H-1")
    amend.amend(both.rt, [loader.parse(more, POLICY.name)])

    found = codes(both)
    assert len(found) == len(set(found))


def test_no_two_problems_of_a_desk_have_the_same_number(both):
    for programme in (FIRST, SECOND, FIRST):
        described = Described("63.04.02", Category.LOGISTICS, Severity.LOW, "Tenda roboh")
        problems.open_(both.rt, programme, described, by=both.office("Camat Tamban"))

    assert sorted(codes(both, Kind.ISSUE)) == ["P-0001", "P-0002", "P-0003"]


def test_the_numbers_of_an_election_that_is_over_are_not_given_again(desk):
    with desk.rt.sessions.begin() as session:
        session.execute(update(Programme).values(closed_at=desk.clock.at))

    desk.load([another(), *desk.documents[1:]])

    found = codes(desk)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("programme", [FIRST, SECOND])
def test_a_report_is_filed_and_explained_by_its_number_alone(both, programme):
    key = report(programme)
    both.clock.reads("H-7 10:00")

    both.files(both.code(key))

    assert both.obligation(key).standing is Standing.RECEIVED
    assert key in explain.matter(both.rt, both.code(key)).title


def test_a_number_that_two_desks_have_is_asked_for_with_its_desk(desk):
    desk.loads_jayapura()

    with pytest.raises(Refusal, match="several desks have this number"):
        desk.files("R-0001")
    with pytest.raises(Refusal, match="several desks have this number"):
        explain.matter(desk.rt, "R-0001")

    assert "tiga-kecamatan" in explain.matter(desk.rt, "tiga-kecamatan/R-0001").title
    assert "contoh-jayapura" in explain.matter(desk.rt, "contoh-jayapura/R-0001").title
    assert "contoh-jayapura" in explain.matter(desk.rt, "pemilihan/contoh-jayapura/R-0001").title


def test_what_an_office_was_told_on_a_day_is_of_all_elections(both):
    told = explain.why_not(both.rt, both.office("Camat Tamban"), both.moment("H-7 12:00").date())

    assert FIRST in told.title
    assert SECOND in told.title
    named = " ".join(told.state)
    assert both.code(report(FIRST)) in named
    assert both.code(report(SECOND)) in named


@pytest.fixture
def owed_in_both(both):
    """One report of the same district and hour in each election."""
    both.owes_only(report(FIRST), report(SECOND))
    return both


def test_an_office_gets_one_message_for_both(owed_in_both):
    owed_in_both.clock.reads("H-7 15:30")

    assert owed_in_both.phone("Camat Tamban").clocks == ["15:00"]
    assert "2 laporan" in owed_in_both.phone("Camat Tamban").last


def test_each_line_of_a_mail_for_both_names_its_election(owed_in_both):
    owed_in_both.loses("Camat Tamban", Channel.SMS)
    owed_in_both.clock.reads("H-7 18:00")

    lines = owed_in_both.mailbox("Camat Tamban").last.splitlines()

    for key, election in ((FIRST, "Pemilihan"), (SECOND, "Pemilihan dua")):
        named = lines.index(f"- {owed_in_both.code(report(key))}, Laporan harian")
        assert lines[named + 1].endswith(f", {election}")


def test_one_link_serves_both(owed_in_both):
    owed_in_both.clock.reads("H-7 15:30")

    owed_in_both.files(owed_in_both.code(report(SECOND)))
    owed_in_both.clock.reads("H-7 16:30")

    assert owed_in_both.code(report(FIRST)) in owed_in_both.phone("Camat Tamban").last
    assert owed_in_both.code(report(SECOND)) not in owed_in_both.phone("Camat Tamban").last


def test_a_message_for_both_says_what_is_left_when_one_election_was_closed_meanwhile(owed_in_both):
    owed_in_both.fails_down(Channel.SMS, "H-7 15:00", "H-7 15:09")
    owed_in_both.clock.reads("H-7 15:01")

    closing.close(owed_in_both.rt, FIRST, by=owed_in_both.programme.desk.secretariat, reason="Selesai.")
    owed_in_both.clock.reads("H-7 15:40")

    told = owed_in_both.mailbox("Camat Tamban", since="H-7 15:00").last
    assert owed_in_both.code(report(SECOND)) in told
    assert owed_in_both.code(report(FIRST)) not in told
    assert {n.reason for n in owed_in_both.notices(report(FIRST), "Camat Tamban") if n.state is NoticeState.MOOT} == {
        dispatch.CLOSED
    }


def test_a_cap_counts_what_an_office_is_told_of_all_elections(owed_in_both):
    owed_in_both.clock.reads("H-7 23:59")

    told = owed_in_both.phone("Camat Tamban")
    assert len(told) <= 4
    assert all(told.clocks.count(clock) == 1 for clock in told.clocks)


def test_a_summary_of_the_day_is_of_one_election(both):
    both.clock.reads("H-1 23:00")

    summaries = [m for m in both.messages() if m.say is Say.SUMMARY]

    assert len({m.programme_id for m in summaries}) == 2


def test_a_problem_climbs_to_the_secretary_of_its_own_election(desk):
    text = DESK.read_text(encoding="utf-8") + "\nposts:\n  pemilihan-dua: {secretary: kepala-bpbd}\n"
    amend.amend(desk.rt, [loader.parse(text, DESK.name)])
    desk.load([another(), loader.parse(text, DESK.name), *desk.documents[2:]])
    desk.owes_only()
    desk.clock.reads("H-2 09:00")
    described = Described("63.04.02", Category.LOGISTICS, Severity.HIGH, "Tenda roboh")
    problems.open_(desk.rt, SECOND, described, by=desk.office("Camat Tamban"))

    desk.clock.reads("H-2 12:00")

    assert desk.heard("Kepala BPBD")[:2] == ["sms 10:00", "email 11:00"]
    assert desk.heard("Kepala Kesbangpol") == []


@pytest.mark.parametrize("over", [FIRST, SECOND])
def test_a_message_for_both_that_waits_goes_on_for_the_election_that_does(owed_in_both, over):
    """Whichever of the two it stands among."""
    left = SECOND if over == FIRST else FIRST
    owed_in_both.clock.reads("H-7 14:59")
    owed_in_both.holds("ujian")
    owed_in_both.clock.reads("H-7 15:01")
    owed_in_both.releases()
    owed_in_both.fails_down(Channel.SMS, "H-7 15:01", "H-7 15:04")
    owed_in_both.clock.reads("H-7 15:03")

    closing.close(owed_in_both.rt, over, by=owed_in_both.programme.desk.secretariat, reason="Selesai.")
    owed_in_both.clock.reads("H-7 15:30")

    told = owed_in_both.phone("Camat Tamban", since="H-7 15:00")
    assert len(told) == 1
    assert owed_in_both.code(report(left)) in told.last
    assert owed_in_both.code(report(over)) not in told.last
