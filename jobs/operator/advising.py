"""Advice, directions and invitations, given and answered on behalf of an office."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from jobs.operator.acting import answered, hand, programme_of
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk.changes import Hand
from models.matters import advice, issues
from models.matters.advice import Given, Wording
from rules.advice import Answer
from rules.programme import Programme
from services import advice as giving


def give(
    rt: Runtime, programme_code: str, wording: Wording, *, to: Sequence[str], by: str, about: str = ""
) -> list[str]:
    """Give something to some offices; returns its numbers (A-0012), one for each.

    Args:
        about: the number of an open problem; empty: it is about none.

    Raises:
        Refusal: unknown programme, problem or office; the giver may not give it to one of them.
    """
    with answered(), rt.sessions.begin() as session:
        now = rt.clock(session)
        id = _programme(rt, session, programme_code)
        programme = programme_of(rt, session, id)
        if about:
            problem = issues.locked(session, about)
            wording = wording._replace(issue_id=problem.id, area=problem.area)
        given_by = hand(session, programme, by)
        own = giving.give(session, id, programme, wording, to=to, hand=given_by, now=now)
        return [matter.code for matter in own]


def _programme(rt: Runtime, session: Session, code: str) -> int:
    known = {programme.code: id for id, programme in rt.live(session).items()}
    if code not in known:
        raise Refusal(f"{code!r}: no such programme is loaded")
    return known[code]


def answer(rt: Runtime, key: str, said: Answer, *, by: str, deputy: str = "") -> None:
    """An office received it, or says whether it comes. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        given, programme, own = _of_owner(session, rt, key, by)
        giving.answer(session, programme, given, said, deputy=deputy, hand=own, now=rt.clock(session))


def done(rt: Runtime, key: str, *, by: str, text: str) -> None:
    """An office says what was done. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        given, programme, own = _of_owner(session, rt, key, by)
        giving.done(session, programme, given, text=text, hand=own, now=rt.clock(session))


def close(rt: Runtime, key: str, *, by: str, text: str = "") -> None:
    """Whoever gave it is content. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        given, _, own = _of_giver(session, rt, key, by)
        giving.close(session, given, text=text, hand=own, now=rt.clock(session))


def send_back(rt: Runtime, key: str, *, by: str, asked: str, due_at: datetime) -> None:
    """What was done is not enough. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        given, programme, own = _of_giver(session, rt, key, by)
        giving.send_back(session, programme, given, asked=asked, due_at=due_at, hand=own, now=rt.clock(session))


def withdraw(rt: Runtime, key: str, *, by: str, reason: str) -> None:
    """It is not waited for any more. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        given, programme, own = _of_giver(session, rt, key, by)
        giving.withdraw(session, programme, given, reason=reason, hand=own, now=rt.clock(session))


def move(rt: Runtime, key: str, *, by: str, starts_at: datetime, ends_at: datetime, place: str) -> None:
    """A meeting is at another time or place, for everybody who was invited. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        given, programme, own = _of_giver(session, rt, key, by)
        all_ = advice.of(session, given.advice.id)
        place = place or given.advice.place
        giving.move(
            session, programme, all_, starts_at=starts_at, ends_at=ends_at, place=place, hand=own, now=rt.clock(session)
        )


def attended(rt: Runtime, key: str, *, by: str, present: bool) -> None:
    """Whether an office was at a meeting. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        given, _, own = _of_giver(session, rt, key, by)
        giving.record_attendance(session, given, attended=present, hand=own, now=rt.clock(session))


def still_open(rt: Runtime) -> list[dict[str, object]]:
    """What is not closed, the longest given first."""
    with rt.sessions.begin() as session:
        return [
            {
                "code": one.matter.code,
                "sort": one.advice.sort,
                "to": one.owner.code,
                "from": one.giver.code,
                "about": one.about or one.advice.area,
                "due_at": one.charge.due_at,
                "stage": one.stage,
            }
            for one in advice.still_open(session)
        ]


def _of_owner(session: Session, rt: Runtime, key: str, by: str) -> tuple[Given, Programme, Hand]:
    given, programme, own = _of(session, rt, key, by)
    if own.office_id != given.owner.id:
        raise Refusal(f"{key} was given to {given.owner.code}: only that office answers it")
    return given, programme, own


def _of_giver(session: Session, rt: Runtime, key: str, by: str) -> tuple[Given, Programme, Hand]:
    given, programme, own = _of(session, rt, key, by)
    if own.office_id != given.giver.id:
        raise Refusal(f"{key} was given by {given.giver.code}: only that office decides about it")
    return given, programme, own


def _of(session: Session, rt: Runtime, key: str, by: str) -> tuple[Given, Programme, Hand]:
    given = advice.locked(session, key)
    programme = programme_of(rt, session, given.matter.programme_id)
    return given, programme, hand(session, programme, by)
