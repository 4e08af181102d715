"""What the people of a rehearsal do, by the use cases behind the pages, each in a transaction of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from config.documents import Document
from jobs.operator import amend
from jobs.operator.amend import Amended
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import shifts
from models.desk.changes import Hand, Way
from models.matters import advice, aiding, issues, obligations, submissions
from models.matters.advice import Wording
from models.matters.issues import Step
from models.matters.matters import Matter
from models.offices.offices import Office
from rules import aides as below
from rules import forms
from rules import incidents as places
from rules.advice import Answer
from rules.desk import Channel
from rules.duties import Obligation
from rules.filing import Content, Incoming, NotTaken, Via
from rules.forms import Form
from rules.programme import Programme
from rules.rearranging import Unfit
from rules.scenario import Advice, Deed, Do, Place, Planned, Posted, Problem, Trip
from rules.trips import Told
from services import advice as giving
from services import aides, filing, incidents, outcomes, posko, problems, rearranging, risks, rollcalls, telling, trips
from services.government import approving, asking

NOBODY = "+62820"
"""How a mobile number begins that no operator is known for."""


class At(NamedTuple):
    """An office at work in a transaction."""

    session: Session
    id: int
    programme: Programme
    hand: Hand
    now: datetime


@contextmanager
def at_work(rt: Runtime, by: str, way: Way) -> Iterator[At]:
    """An office of the one programme at work. Raises: NotTaken: there is no such office."""
    with rt.sessions.begin() as session:
        ((id, programme),) = rt.live(session).items()
        office = telling.office_of(session, programme, by)
        yield At(session, id, programme, Hand(office.id, office.title, way), rt.clock(session))


def confirm_contacts(rt: Runtime, *, by: str) -> None:
    """An office says that its number and address are right. Raises: NotTaken: there is no such office."""
    with at_work(rt, by, Way.LINK) as at:
        office = at.session.get_one(Office, at.hand.office_id)
        rollcalls.confirm(at.session, office, came_by=None, hand=at.hand, now=at.now)


def put_in_force(rt: Runtime, documents: Sequence[Document], *, also_open: bool) -> Amended:
    """Put changed files in force; what became of it. Raises: NotTaken: they lack what stays in the books."""
    try:
        (done,) = amend.amend(rt, documents, also_open=also_open)
    except Refusal as refusal:
        raise NotTaken(str(refusal)) from refusal
    return done


def form_of(rt: Runtime, programme: Programme, owed: Obligation) -> Form:
    """What a report is asked."""
    return rt.form(programme.policy.duty(owed.duty, owed.key).form)


def file(rt: Runtime, owed: Obligation, answers: Mapping[str, str] | None, *, by: str, via: Via) -> None:
    """File a report, or correct it; `answers` by field of its form; None: nil. Raises: NotTaken."""
    with at_work(rt, by, Way.PHONE if via is Via.PHONE else Way.LINK) as at:
        form = form_of(rt, at.programme, owed)
        place = places.Place(at.programme.desk.villages_of(owed.area), owed.zone, at.now)
        said = forms.read(form, answers, place=place) if answers is not None else None
        incoming = Incoming(said.content if said else Content.NIL, said.body if said else {}, via, by)
        own = telling.locked(at.session, owed.key)
        filing.file(at.session, at.programme, own, form, incoming, hand=at.hand, now=at.now)


def ask_villages(rt: Runtime, owed: Obligation, villages: Iterable[str], *, by: str) -> None:
    """Name an aide for each village and ask them all about a report. Raises: NotTaken."""
    with at_work(rt, by, Way.LINK) as at:
        for village in villages:
            number = {Channel.SMS: f"{NOBODY}{village.replace('.', '')[2:]}"}
            aides.name(
                at.session, at.programme, owed.area, village, "Operator Contoh", number, hand=at.hand, now=at.now
            )
        report = telling.locked(at.session, owed.key)
        aides.ask(at.session, at.id, at.programme, report, hand=at.hand, now=at.now)


def send_below(rt: Runtime, owed: Obligation, village: str, answers: Mapping[str, str]) -> None:
    """A village sends what it was asked. Raises: NotTaken: it was not asked, or it is not awaited any more."""
    with at_work(rt, below.code(village), Way.LINK) as at:
        report, _ = telling.locked(at.session, owed.key)
        asked = aiding.one(at.session, at.hand.office_id, report.code, lock=True)
        if asked is None or not asked.awaited:
            raise NotTaken(f"{village}: nothing is awaited of it for {report.code}")
        form = below.asked_of(form_of(rt, at.programme, owed))
        fields = below.kept(form, forms.read(form, answers).body)
        aides.send(at.session, asked, fields, at.hand.title, now=at.now)


def with_villages(rt: Runtime, owed: Obligation, answers: Mapping[str, str]) -> dict[str, str]:
    """A report with what its villages sent, where its reporter has said nothing himself. Raises: NotTaken."""
    ((_, programme),) = rt.programmes.items()
    form = form_of(rt, programme, owed)
    with rt.sessions.begin() as session:
        report, _ = telling.locked(session, owed.key)
        suggested = aides.suggested(session, programme, owed.area, report.id, form)
    return below.taken(answers, suggested, over=False)


def hand_in(rt: Runtime, owed: Obligation) -> None:
    """The secretariat asks for the approval of the desk's own report, if it is compiled. Raises: NotTaken."""
    ((_, programme),) = rt.programmes.items()
    with at_work(rt, programme.desk.secretariat, Way.SESSION) as at:
        if own := _compiled(at, owed):
            approving.hand_in(at.session, at.programme, own, hand=at.hand, now=at.now)


def approve(rt: Runtime, owed: Obligation, *, by: str) -> None:
    """An approver agrees to the desk's own report, if it waits for him. Raises: NotTaken."""
    with at_work(rt, by, Way.SESSION) as at:
        own = _compiled(at, owed)
        if own is not None and own.turn == by:
            edition = own.submission.edition
            approving.approve(at.session, at.programme, own, hand=at.hand, edition=edition, now=at.now)


def _compiled(at: At, owed: Obligation) -> approving.Own | None:
    matter, _ = telling.locked(at.session, owed.key)
    last = submissions.last(at.session, matter.id)
    return approving.held(at.session, at.programme, last.id) if last else None


def report(rt: Runtime, problem: Problem, *, by: str, way: Way) -> str:
    """Report a problem though nothing is owed; its key. Raises: NotTaken."""
    with at_work(rt, by, way) as at:
        told = incidents.report(
            at.session,
            at.id,
            at.programme,
            problem.incident,
            once="",
            subject=problem.about or None,
            hand=at.hand,
            now=at.now,
        )
        return told.matter.key


def about_problem(rt: Runtime, key: str, deed: Deed, *, by: str, into: str = "") -> None:
    """Do something about a problem. `into`: the key of the one that it is the same as. Raises: NotTaken."""
    with at_work(rt, by, Way.SESSION) as at:
        matter, _ = issues.named(at.session, key)
        if deed.do in (Do.TAKE_ON, Do.POSTPONE, Do.FOLLOW_UP, Do.HAND_ON):
            _handle(at, matter, deed)
        elif deed.do is Do.MERGE:
            other = issues.named(at.session, into)[0].code
            outcomes.merge(at.session, at.programme, matter, into=other, hand=at.hand, text=deed.text, now=at.now)
        elif deed.do is Do.RESOLVE:
            outcomes.resolve(at.session, at.programme, matter, hand=at.hand, outcome=deed.text, now=at.now)
        elif deed.do is Do.CONFIRM:
            outcomes.confirm(at.session, matter, hand=at.hand, text=deed.text, now=at.now)
        else:
            outcomes.reopen(at.session, at.programme, matter, hand=at.hand, text=deed.text, now=at.now)


def special(rt: Runtime, key: str, deed: Deed, *, by: str) -> Obligation:
    """Ask for a special report about a problem; what is owed then. Raises: NotTaken."""
    with at_work(rt, by, Way.SESSION) as at:
        matter, _ = issues.named(at.session, key)
        made = asking.ask(at.session, at.programme, matter, text=deed.text, hand=at.hand, now=at.now)
        return obligations.known(at.session, at.id)[made.matter.key].owed


def _handle(at: At, matter: Matter, deed: Deed) -> None:
    """What is done while it is open."""
    session, hand, text, now = at.session, at.hand, deed.text, at.now
    if deed.do is Do.HAND_ON:
        problems.hand_on(session, at.programme, matter, to=deed.to, text=text, hand=hand, now=now)
    elif deed.do is Do.FOLLOW_UP:
        problems.advise(session, matter, Step.FOLLOWED_UP, hand=hand, text=text, now=now)
    elif deed.lasts is not None:
        rest = problems.acknowledge if deed.do is Do.TAKE_ON else problems.postpone
        rest(session, matter, hand=hand, until=now + deed.lasts, text=text, now=now)


def give(rt: Runtime, given: Advice, *, about: str) -> dict[str, str]:
    """Give offices something to do; the key of each. `about`: the key of a problem; empty: none. Raises: NotTaken."""
    with at_work(rt, given.by, Way.SESSION) as at:
        problem = issues.named(at.session, about)[0] if about else None
        due_at = at.now + given.due
        wording = Wording(
            given.sort,
            given.text,
            due_at,
            area=problem.area if problem else "",
            issue_id=problem.id if problem else None,
            place=given.place,
            ends_at=due_at + given.lasts if given.lasts else None,
        )
        own = giving.give(at.session, at.id, at.programme, wording, to=given.to, hand=at.hand, now=at.now)
        return dict(zip(dict.fromkeys(given.to), (matter.key for matter in own), strict=True))


def note_risk(rt: Runtime, place: Place) -> None:
    """The secretariat notes a place at risk. Raises: NotTaken: its row is refused."""
    ((_, programme),) = rt.programmes.items()
    with at_work(rt, programme.desk.secretariat, Way.SESSION) as at:
        taken = risks.take(at.session, at.id, programme.desk, [(1, place.row)], hand=at.hand, now=at.now)
        if taken is None:
            raise NotTaken(f"{place.row}: refused")


def post(rt: Runtime, posted: Posted) -> int:
    """The secretariat puts an office on duty at the posko; the id of the shift. Raises: NotTaken."""
    ((_, programme),) = rt.programmes.items()
    with at_work(rt, programme.desk.secretariat, Way.SESSION) as at:
        desk = at.programme.desk.code
        posko.add(at.session, desk, posted.shift, hand=at.hand, now=at.now)
        posko.watch(at.session, at.id, at.programme, now=at.now)
        return max(own.id for own in shifts.ahead(at.session, desk, now=at.now))


def leave_note(rt: Runtime, posted: Posted, id: int) -> None:
    """An office leaves written what the next one on duty has to know. Raises: NotTaken: there is no such office."""
    with at_work(rt, posted.shift.office, Way.SESSION) as at:
        posko.note(at.session, at.programme.desk.code, id, posted.note, hand=at.hand, now=at.now)


def rearrange(rt: Runtime, planned: Planned) -> None:
    """The secretariat plans who reports, belongs or coordinates from a day on. Raises: NotTaken: it does not fit."""
    ((_, programme),) = rt.programmes.items()
    with at_work(rt, programme.desk.secretariat, Way.SESSION) as at:
        try:
            rearranging.plan(at.session, at.programme.desk, planned.change, hand=at.hand, now=at.now)
        except Unfit as unfit:
            raise NotTaken(f"{planned.change.office} at {planned.change.place}: {unfit}") from unfit


def plan_trip(rt: Runtime, trip: Trip) -> int:
    """Plan a field trip. Raises: NotTaken: the policy has none."""
    with at_work(rt, trip.by, Way.SESSION) as at:
        _, own = trips.plan(at.session, at.id, at.programme, trip.plan, by=trip.by, once="", hand=at.hand, now=at.now)
        return own.id


def tell_trip(rt: Runtime, trip: Trip, id: int) -> None:
    """Say what was seen. Raises: NotTaken."""
    with at_work(rt, trip.by, Way.SESSION) as at:
        asked = at.programme.policy.trips
        seen = forms.read(rt.form(asked.form if asked else ""), trip.answers)
        told = Told(trip.plan.starts_at, trip.plan.going, trip.people)
        trips.tell(at.session, at.programme, id, told, seen, hand=at.hand, now=at.now)


ANSWERS = {
    Do.CONFIRM: Answer.RECEIVED,
    Do.ATTEND: Answer.ATTENDS,
    Do.DEPUTY: Answer.DEPUTY,
    Do.DECLINE: Answer.ABSENT,
}


def about_advice(rt: Runtime, key: str, deed: Deed, *, by: str) -> None:
    """Answer what was given, or decide about it. Raises: NotTaken."""
    with at_work(rt, by, Way.SESSION) as at:
        given = advice.locked(at.session, key)
        if (said := ANSWERS.get(deed.do)) is not None:
            giving.answer(at.session, at.programme, given, said, deputy=deed.text, hand=at.hand, now=at.now)
        elif deed.do is Do.FINISH:
            giving.done(at.session, at.programme, given, text=deed.text, hand=at.hand, now=at.now)
        elif deed.do is Do.CLOSE:
            giving.close(at.session, given, text=deed.text, hand=at.hand, now=at.now)
        else:
            came = deed.do is Do.PRESENT
            giving.record_attendance(at.session, given, attended=came, hand=at.hand, now=at.now)
