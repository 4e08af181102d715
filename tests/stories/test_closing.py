"""A programme ends: nothing is chased or said any more, what came in stays, and a later vote takes it up again."""

import pytest
from sqlalchemy import select

from config import loader
from jobs.operator import amend, closing
from jobs.operator.load import ChangedCalendar
from jobs.operator.refusals import Refusal
from models.desk.changes import Change
from models.machine import waits
from models.matters import tasks
from rules.closing import Left
from rules.delivery import State, Unknown
from rules.desk import Channel
from rules.filing import Standing
from tests.stories.desk import POLICY
from tests.stories.test_two_elections import FIRST, SECOND, another, report

REASON = "Seluruh tahapan selesai."


def closes(desk, programme=FIRST):
    return closing.close(desk.rt, programme, by=desk.programme.desk.secretariat, reason=REASON)


def reopens(desk, *areas, programme=FIRST):
    return closing.reopen(desk.rt, programme, areas, by=desk.programme.desk.secretariat, reason="PSU di dua TPS.")


def changes(desk, *what):
    with desk.rt.sessions.begin() as session:
        return [(c.what, c.title, c.text) for c in session.scalars(select(Change).where(Change.what.in_(what)))]


def found(left):
    return {one.kind: one for one in left}


@pytest.fixture
def late(desk):
    """The daily report of Tamban is late and was warned of; a problem is open."""
    key = desk.key("harian", "Tamban", "H-1")
    desk.owes_only(key, desk.key("harian", "Mekarsari", "H-1"))
    desk.clock.reads("H-1 16:00")
    return key


def test_what_is_open_is_shown_and_nothing_is_changed(desk, late):
    code = desk.has_a_problem()
    desk.promises(late, "H-1 20:00")

    left = found(closing.look(desk.rt, FIRST))

    assert left[Left.OVERDUE].codes == (desk.code(late), desk.code(desk.key("harian", "Mekarsari", "H-1")))
    assert left[Left.PROMISED].codes == (desk.code(late),)
    assert left[Left.PROBLEMS].codes == (code,)
    assert desk.matter(late).closed_at is None


def test_after_closing_nobody_hears_anything_any_more(desk, late):
    desk.has_a_problem()
    closes(desk)
    before = len(desk.wire.tries)

    desk.clock.reads("H+3 12:00")

    assert len(desk.wire.tries) == before
    assert desk.matter(late).closed_why == "the programme is closed"
    assert changes(desk, "closed") == [("closed", "Sekretariat Desk", REASON)]


def test_what_waited_is_not_said_and_says_why(desk, late):
    desk.holds("a wrong text")
    desk.has_a_problem()
    desk.clock.reads("H-1 17:00")

    closes(desk)
    desk.releases()
    desk.clock.reads("H-1 18:00")

    unsaid = [n for n in desk.notices(late) if n.reason == "the programme is closed"]
    assert [(n.state, n.other_way_at) for n in unsaid] == [("moot", None)] * len(unsaid)
    assert {m.state for m in desk.messages()} <= {State.SENT, State.CANCELLED}


def test_a_message_that_may_have_arrived_is_never_called_cancelled(desk, late):
    desk.fails(Channel.SMS, Unknown("cut"), times=1)
    desk.bell.deaf = False
    desk.clock.reads("H-1 19:00")
    doubts = [m.id for m in desk.messages() if m.doubts]

    closes(desk)
    desk.clock.reads("H+1 12:00")

    states = {m.id: m.state for m in desk.messages()}
    assert all(states[id] in (State.IN_DOUBT, State.SENT) for id in doubts)


def test_what_came_in_stays(desk, late):
    desk.files(late)

    closes(desk)

    assert desk.obligation(late).standing is Standing.RECEIVED
    assert len(desk.reports(late)) == 1


def test_nothing_is_left_that_would_wake_the_clock(desk):
    closes(desk)
    desk.turn()

    with desk.rt.sessions.begin():
        looked = waits.Lookout(desk.rt.sessions.kw["bind"]).look()

    assert (looked.first, looked.cut_off, looked.anticipating) == (None, None, None)


def test_the_other_election_of_the_desk_goes_on_unharmed(desk):
    desk.load([another(), *desk.documents[1:]])
    closes(desk)

    desk.clock.reads("H-7 16:00")

    told = {n.matter_id for key in (report(FIRST), report(SECOND)) for n in desk.notices(key)}
    assert told == {desk.matter(report(SECOND)).id}
    assert desk.heard("Camat Tamban")


def test_a_task_about_an_office_goes_on_to_the_other_election(desk):
    desk.load([another(), *desk.documents[1:]])
    with desk.rt.sessions.begin() as session:
        first = min(desk.rt.programmes, key=lambda own: desk.rt.programmes[own].code != FIRST)
        tasks.open_(session, first, tasks.Why.DEAD_CONTACT, "office:1:sms", "gone", now=desk.clock.at, office_id=1)
        tasks.open_(session, first, tasks.Why.SET_ASIDE, "matter:1", "odd", now=desk.clock.at)

    closes(desk)
    desk.clock.reads("2024-01-29 09:00")

    assert [(t.why, desk.rt.programmes[t.programme_id].code) for t in desk.tasks()] == [("dead_contact", SECOND)]
    assert desk.heard("Sekretariat Desk")


@pytest.mark.parametrize(
    ("programme", "by", "reason", "why"),
    [
        pytest.param("no/such", "asisten", REASON, "no such programme", id="an unknown programme"),
        pytest.param(FIRST, "nobody", REASON, "no such office", id="an unknown office"),
        pytest.param(FIRST, "", REASON, "which office decided it: add --by", id="nobody"),
        pytest.param(FIRST, "asisten", " ", "needs a reason", id="no reason"),
    ],
)
def test_closing_is_refused(desk, programme, by, reason, why):
    with pytest.raises(Refusal, match=why):
        closing.close(desk.rt, programme, by=by, reason=reason)


def test_a_closed_programme_is_closed_once_and_its_files_are_refused_with_the_remedy(desk):
    closes(desk)

    with pytest.raises(Refusal, match=r"is closed since .*reopen"):
        closes(desk)
    with pytest.raises(ChangedCalendar, match=r"is closed: use \./desk reopen"):
        desk.load()
    with pytest.raises(Refusal, match=r"is closed: see \./desk reopen"):
        amend.amend(desk.rt, [desk.documents[0]])


def test_reopened_the_chase_goes_on_with_what_is_ahead_and_leaves_what_fell_due_meanwhile(desk):
    past, ahead = desk.key("harian", "Tamban", "H-7"), desk.key("harian", "Tamban", "H-1")
    closes(desk)
    desk.clock.reads("H-5 08:00")

    assert reopens(desk) > 0
    desk.clock.reads("H-1 16:00")

    assert desk.matter(past).closed_why == "the programme is closed"
    assert desk.notices(past) == []
    assert desk.notices(ahead)
    assert changes(desk, "reopened") == [("reopened", "Sekretariat Desk", "PSU di dua TPS.")]


def test_only_some_districts_are_taken_up_again(desk):
    closes(desk)

    reopens(desk, "63.04.02")
    desk.clock.reads("H-1 16:00")

    assert desk.notices(desk.key("harian", "Tamban", "H-1"))
    assert desk.notices(desk.key("harian", "Mekarsari", "H-1")) == []


def test_a_problem_goes_on_where_it_was(desk, late):
    desk.has_a_problem()
    closes(desk)
    desk.clock.reads("H-1 18:00")
    before = len(desk.wire.tries)

    reopens(desk)
    desk.clock.reads("H+1 18:00")

    assert len(desk.wire.tries) > before


def test_a_reopened_programme_takes_an_amendment_again(desk):
    closes(desk)
    reopens(desk)
    more = POLICY.read_text(encoding="utf-8").replace("days: H-7..H-1", "days: H-9..H-1")

    (done,) = amend.amend(desk.rt, [loader.parse(more, POLICY.name)])

    assert done.changed


def test_an_unknown_district_reopens_nothing(desk):
    closes(desk)

    with pytest.raises(Refusal, match="no such district"):
        reopens(desk, "99.99.99")

    assert desk.rt.programmes == {}
