"""Advice, directions and invitations: given, answered, done, closed; each office that has one goes its own way.

What was done is written in the record of changes, which only grows. What is said twice is done once.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import advice, attachments, matters
from models.matters.advice import Given, Wording
from models.matters.issues import Issue
from models.matters.matters import Kind, Matter
from models.messages import notices
from models.messages.notices import About
from models.offices.offices import Office
from rules import advice as rule
from rules import ladder
from rules.advice import Answer, NotGiven, NoWords, Passed, Sort, Stage
from rules.attachments import Attached
from rules.ladder import Say
from rules.policy import AdviceLadders
from rules.programme import Programme
from services.telling import office_of, tell

OPEN = (Stage.GIVEN, Stage.CONFIRMED)
"""What waits for the office that has it."""


def give(
    session: Session,
    programme_id: int,
    programme: Programme,
    wording: Wording,
    *,
    to: Sequence[str],
    by: str = "",
    hand: Hand,
    now: datetime,
) -> list[Matter]:
    """Give something to some offices: each is told at once, and chased by itself. Twice in ten minutes it is one.

    Args:
        by: in whose name, where another office writes it down; empty: in its own.

    Raises:
        NotTaken: the giver may not give it to one of them, it is due in the past, or it says nothing.
    """
    said = rule.words(wording.text)
    rule.by(wording.due_at, now=now)
    wording = _of_meeting(wording) if wording.sort is Sort.MEETING else wording._replace(place="", ends_at=None)
    giver = office_of(session, programme, by) if by else session.get_one(Office, hand.office_id)
    problem = session.get_one(Issue, wording.issue_id) if wording.issue_id is not None else None
    subject_id = session.get_one(Matter, problem.id).subject_id if problem else None
    ladders = _ladders(programme)
    owners = [office_of(session, programme, code) for code in dict.fromkeys(to)]
    meant = rule.receivers(programme.desk, giver.code, wording.sort)
    wrong = [owner.code for owner in owners if owner.code not in meant or owner.id == subject_id]
    if wrong or not owners or giver.id == subject_id:
        names = ", ".join(wrong) or "nobody"
        raise NotGiven(f"{giver.code} cannot give {rule.NAMES[wording.sort]} to {names}: see ./desk advice give --help")
    own = advice.add(
        session,
        programme_id,
        programme.code,
        wording._replace(text=said),
        giver_id=giver.id,
        to=[owner.id for owner in owners],
        ladder=ladders.meeting if wording.sort is Sort.MEETING else ladders.given,
        subject_id=subject_id,
        at=now,
    )
    for matter in own:
        if not changes.about(session, matter.id):
            _record(session, matter, hand, "given", now, until=matter.since)
    return own


def _of_meeting(wording: Wording) -> Wording:
    """Raises: NotGiven: nobody could come."""
    if not wording.place.strip():
        raise NotGiven("a meeting needs a place: say where it is")
    if wording.ends_at is None or wording.ends_at <= wording.due_at:
        raise NotGiven("a meeting ends after it begins: name a later time")
    return wording._replace(place=" ".join(wording.place.split()))


def answer(
    session: Session, programme: Programme, given: Given, said: Answer, *, deputy: str = "", hand: Hand, now: datetime
) -> None:
    """The office that has it received it; an invitation: whether it comes. The same again changes nothing.

    Raises:
        NotTaken: it is over, or it is no invitation; a deputy has no name of an office.
    """
    matter, charge = given.matter, given.charge
    deputy = " ".join(deputy.split())[:120] if said is Answer.DEPUTY else ""
    if (charge.answer, charge.deputy) == (said, deputy) or (said is Answer.RECEIVED and charge.answer is said):
        return
    if (said is Answer.RECEIVED) is (given.advice.sort is Sort.MEETING) or said is Answer.NONE:
        raise Passed(f"{matter.code} is answered in another way")
    if said is Answer.DEPUTY and not deputy:
        raise NoWords("say which office comes instead")
    if given.stage not in (*OPEN, Stage.DECLINED):
        raise Passed(f"{matter.code} is {given.stage}")
    charge.answer, charge.answered_at, charge.deputy = said, now, deputy
    session.flush()
    if said is Answer.ABSENT:
        matters.close(session, matter.id, why=rule.DECLINED, now=now)
    else:
        _goes_on(session, programme, matter, now)
    _record(session, matter, hand, f"{said}" if said is not Answer.RECEIVED else "confirmed", now, text=deputy)


def _goes_on(session: Session, programme: Programme, matter: Matter, now: datetime) -> None:
    """Begin a round on the rung that was reached: what is on its way is moot, and what was told is not told again.

    What was over begins under the policy in force: an earlier one is kept only for what is open.
    """
    under = matter.policy if matter.closed_at is None else ""
    climbs = programme.ladder(matter.ladder, under)
    passed = [n for n, rung in enumerate(climbs.rungs) if rung.counted(matter.since) <= now]
    reached = max([matter.reached if under == matter.policy else -1, *passed])
    facts = ladder.Matter(matter.since, reached, told_at=now, closes_after=matter.closes_after)
    matters.restart(
        session,
        matter.id,
        since=matter.since,
        closes_after=matter.closes_after,
        next_at=ladder.next_at(facts, climbs, now=now),
        reached=reached,
        told_at=now,
        under=under,
    )


def done(
    session: Session,
    programme: Programme,
    given: Given,
    *,
    text: str,
    files: Sequence[Attached] = (),
    hand: Hand,
    now: datetime,
) -> None:
    """The office that has it says what was done: whoever gave it is asked to close it. The same again is one.

    Raises:
        NotTaken: it is over, it is an invitation, or nothing is said.
    """
    matter, charge = given.matter, given.charge
    said = rule.words(text, rule.NOTE)
    if given.stage is Stage.DONE and charge.outcome == said and not files:
        return
    if given.advice.sort is Sort.MEETING or given.stage not in (*OPEN, Stage.DONE):
        raise Passed(f"{matter.code} is {given.stage}: nothing is waited for")
    charge.done_at, charge.outcome = now, said
    if charge.answer is Answer.NONE:
        charge.answer, charge.answered_at = Answer.RECEIVED, now
    matter.ladder = _ladders(programme).done
    session.flush()
    attachments.prove(session, charge.id, files)
    matters.restart(session, matter.id, since=now, closes_after=None, next_at=now)
    _record(session, matter, hand, "done", now, text=said)


def close(session: Session, given: Given, *, text: str = "", hand: Hand, now: datetime) -> None:
    """Whoever gave it is content, also if nobody said that it was done. Raises: NotTaken: it is over."""
    if given.stage is Stage.CLOSED:
        return
    if given.stage not in (*OPEN, Stage.DONE) or given.advice.sort is Sort.MEETING:
        raise Passed(f"{given.matter.code} is {given.stage}")
    matters.close(session, given.matter.id, why=rule.CLOSED, now=now)
    _record(session, given.matter, hand, "closed", now, text=text)


def send_back(
    session: Session, programme: Programme, given: Given, *, asked: str, due_at: datetime, hand: Hand, now: datetime
) -> None:
    """What was done is not enough: the office is told what is missing, and has a new due time. Raises: NotTaken."""
    if given.stage is not Stage.DONE:
        raise Passed(f"{given.matter.code} is {given.stage}: nothing was said to be done")
    said = rule.words(asked, rule.NOTE)
    rule.by(due_at, now=now)
    given.charge.done_at, given.charge.asked, given.charge.due_at = None, said, due_at
    given.matter.ladder = _ladders(programme).given
    session.flush()
    matters.restart(session, given.matter.id, since=due_at, closes_after=None, next_at=now)
    _record(session, given.matter, hand, "sent back", now, until=due_at, text=said)


def withdraw(session: Session, programme: Programme, given: Given, *, reason: str, hand: Hand, now: datetime) -> None:
    """Nothing is waited for any more; whoever was told of it is told that. Raises: NotTaken: it is over; no reason."""
    said = rule.words(reason, rule.NOTE)
    if given.stage is Stage.WITHDRAWN:
        return
    if given.stage not in (*OPEN, Stage.DONE, Stage.DECLINED):
        raise Passed(f"{given.matter.code} is {given.stage}")
    matter = given.matter
    matter.closed_at, matter.closed_why, matter.next_at = now, rule.WITHDRAWN, None
    given.charge.outcome = said
    if given.advice.sort is Sort.MEETING:
        given.advice.sequence += 1
    session.flush()
    if given.owner.code in notices.heard_of(session, matter.id):
        about = About(matter.id, matter.ladder, matter.round, Say.WITHDRAWN)
        tell(session, programme, given.owner.code, about, Say.WITHDRAWN, now=now)
    _record(session, matter, hand, "withdrawn", now, text=said)


def move(
    session: Session,
    programme: Programme,
    meeting: Sequence[Given],
    *,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    hand: Hand,
    now: datetime,
) -> None:
    """A meeting is at another time or place: everybody who was not told of its end is asked again.

    Raises:
        NotTaken: it is over, or nobody could come.
    """
    held = [one for one in meeting if one.stage in (*OPEN, Stage.DECLINED)]
    if not held or held[0].advice.sort is not Sort.MEETING:
        raise Passed("this meeting is over, or was withdrawn")
    rule.by(starts_at, now=now)
    given = held[0].advice
    wording = _of_meeting(Wording(Sort.MEETING, given.text, starts_at, place=place, ends_at=ends_at))
    if (given.starts_at, given.ends_at, given.place) == (starts_at, ends_at, wording.place):
        return
    given.starts_at, given.ends_at, given.place = starts_at, ends_at, wording.place
    given.sequence += 1
    for one in held:
        one.charge.answer, one.charge.answered_at, one.charge.deputy = Answer.NONE, None, ""
        one.charge.due_at = starts_at
        session.flush()
        matters.restart(session, one.matter.id, since=starts_at, closes_after=ends_at, next_at=now)
        _record(session, one.matter, hand, "rescheduled", now, until=starts_at, text=wording.place)


def record_attendance(session: Session, given: Given, *, attended: bool, hand: Hand, now: datetime) -> None:
    """Whether an office was at a meeting, itself or by a deputy. Raises: NotTaken: the meeting is still ahead."""
    if given.advice.starts_at is None or given.advice.starts_at > now or given.stage is Stage.WITHDRAWN:
        raise Passed(f"{given.matter.code}: attendance is recorded once a meeting has begun")
    if given.charge.attended is attended:
        return
    given.charge.attended = attended
    session.flush()
    _record(session, given.matter, hand, "attended" if attended else "missed", now)


def _ladders(programme: Programme) -> AdviceLadders:
    if programme.policy.advice is None:
        raise NotGiven("the policy names no ladders for `advice`: see docs/configuration.md")
    return programme.policy.advice


def _record(
    session: Session,
    matter: Matter,
    hand: Hand,
    what: str,
    now: datetime,
    *,
    until: datetime | None = None,
    text: str = "",
) -> None:
    assert matter.kind is Kind.ADVICE
    changes.record(session, hand, what, matter.code, matter.programme_id, matter.id, until=until, text=text, now=now)
