"""What is decided about reports, in the caller's transaction, by whatever way it came. Each leaves a change behind."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import matters, obligations, promises
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages import notices
from models.messages.notices import About
from rules import decisions, ladder, moot, people
from rules.filing import NotOwed, Standing, judged_by
from rules.ladder import Say
from rules.programme import Programme
from services import telling

Owed = tuple[Matter, Obligation]
"""A report with its matter locked, as `telling.locked` gives it."""


def acknowledge(session: Session, owed: Owed, *, hand: Hand, until: datetime, note: str, now: datetime) -> None:
    """Somebody takes it on: nobody hears of it until then, and the chase begins again. Raises: NotTaken."""
    matter, obligation = owed
    decisions.open_for_decision(obligation.standing, returned=obligation.returned_at is not None)
    decisions.pause(until, closes_after=matter.closes_after, now=now)
    matters.acknowledge(session, matter.id, until)
    _record(session, matter, hand, "acknowledged", note, until, now)


def extend(
    session: Session,
    programme: Programme,
    owed: Owed,
    *,
    hand: Hand,
    until: datetime,
    reason: str,
    say: Say = Say.EXTENDED,
    now: datetime,
) -> bool:
    """Wait until then; whether it is on time until then. Otherwise the chase only rests. Raises: NotTaken.

    Args:
        say: what whoever reports is told of it.
    """
    matter, obligation = owed
    why = decisions.reason(reason)
    in_time = decisions.extends_in_time(
        obligation.standing,
        due_at=obligation.due_at,
        extended_until=obligation.extended_until,
        closes_after=matter.closes_after,
        until=until,
        now=now,
    )
    if in_time:
        _set(session, obligation.id, extended_until=until)
        restart(session, programme, matter, since=until, closes_after=matter.closes_after, now=now)
    else:
        matters.acknowledge(session, matter.id, until, anew=True)
    _tell(session, programme, matter, say, matter.round + 1, now)
    _record(session, matter, hand, "extended" if in_time else "paused", why, until, now)
    return in_time


def waive(session: Session, programme: Programme, owed: Owed, *, hand: Hand, reason: str, now: datetime) -> None:
    """End a chase because the report is not needed. Raises: NotTaken."""
    matter, obligation = owed
    why = decisions.reason(reason)
    if obligation.standing is not Standing.OWED:
        raise NotOwed(f"{matter.code} is {obligation.standing}: only what is owed can be waived")
    obligations.mark(session, obligation.id, Standing.WAIVED, reason=f"{why} ({hand.title})")
    matters.close(session, obligation.id, why=moot.WAIVED, now=now)
    _tell(session, programme, matter, Say.WAIVED, matter.round, now)
    _record(session, matter, hand, "waived", why, None, now)


def revoke(
    session: Session,
    programme: Programme,
    owed: Owed,
    *,
    hand: Hand,
    until: datetime | None,
    reason: str,
    now: datetime,
) -> None:
    """Take a waiver or an extension back; None: what was in force before it is again. Raises: NotTaken."""
    matter, obligation = owed
    why = decisions.reason(reason)
    restored = decisions.revokes(
        obligation.standing,
        due_at=obligation.due_at,
        extended_until=obligation.extended_until,
        rests_until=matter.acknowledged_until if changes.rests(session, matter.id) else None,
        waived_at=matter.closed_at,
        closes_after=matter.closes_after,
        until=until,
        now=now,
    )
    if obligation.standing is Standing.WAIVED:
        obligations.mark(session, obligation.id, Standing.OWED)
    extended_until = restored.until if restored.in_time else obligation.extended_until
    _set(session, obligation.id, extended_until=extended_until)
    since = judged_by(obligation.due_at, extended_until)
    restart(session, programme, matter, since=since, closes_after=matter.closes_after, now=now)
    if restored.until is not None and not restored.in_time:
        matters.acknowledge(session, matter.id, restored.until)
    _tell(session, programme, matter, Say.REVOKED, matter.round + 1, now)
    _record(session, matter, hand, "revoked", why, restored.until, now)


def give_back(
    session: Session, programme: Programme, owed: Owed, *, hand: Hand, asked: str, until: datetime, now: datetime
) -> None:
    """Return a report to be improved: whoever filed it is told at once, and the chase begins again. Raises: NotTaken.

    It was received when it was received, and counts so: only a new version, or `accept`, ends the chase.
    """
    matter, obligation = owed
    what = decisions.reason(asked)
    decisions.returnable(obligation.standing)
    decisions.pause(until, closes_after=None, now=now)
    closes_after = decisions.closes_after_return(obligation.due_at, matter.closes_after, until)
    promises.kept(session, matter.id, now=now)
    _set(session, obligation.id, returned_at=now, returned_until=until, asked=what)
    restart(session, programme, matter, since=until, closes_after=closes_after, now=now)
    telling.tell_reporter(session, programme, matter, Say.RETURNED, "return", matter.round + 1, now)
    _record(session, matter, hand, "returned", what, until, now)


def accept(session: Session, owed: Owed, *, hand: Hand, now: datetime) -> None:
    """Take a returned report as it is. Raises: NotTaken: it was not returned."""
    matter, obligation = owed
    if obligation.returned_at is None:
        raise NotOwed(f"{matter.code} was not returned: there is nothing to accept")
    obligations.mark(session, obligation.id, Standing.RECEIVED)
    matters.close(session, obligation.id, why="accepted", now=now)
    _record(session, matter, hand, "accepted", "", None, now)


def restart(
    session: Session,
    programme: Programme,
    matter: Matter,
    *,
    since: datetime,
    closes_after: datetime | None,
    now: datetime,
) -> None:
    """A new round from `since`: what was planned for the old one is moot."""
    climbed = programme.policy.ladder(matter.ladder)
    fresh = ladder.Matter(since=since, closes_after=closes_after, grace=programme.desk.grace(matter.area, owed=True))
    matters.restart(
        session, matter.id, since=since, closes_after=closes_after, next_at=ladder.next_at(fresh, climbed, now=now)
    )


def _tell(session: Session, programme: Programme, matter: Matter, say: Say, round: int, now: datetime) -> None:
    """Tell whoever reports, and those of the team who were told of it, what was decided: each thing once a round."""
    reporter, _ = people.owing(programme.desk, matter.area)
    heard = {reporter, *notices.heard_of(session, matter.id)}
    urgent = programme.policy.ladder(matter.ladder).urgent
    for code in people.asked(programme.desk, matter.area):
        if code in heard:
            about = About(matter.id, matter.ladder, round, say)
            telling.tell(session, programme, code, about, say, urgent=urgent, now=now)


def _set(session: Session, id: int, **values: object) -> None:
    session.execute(update(Obligation).where(Obligation.id == id).values(**values))


def _record(
    session: Session, matter: Matter, hand: Hand, what: str, text: str, until: datetime | None, now: datetime
) -> None:
    changes.record(session, hand, what, matter.code, matter.programme_id, matter.id, until=until, text=text, now=now)
