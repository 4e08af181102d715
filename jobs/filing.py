"""Take in what was reported and what was decided about it. A receipt is given after COMMIT."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import decisions, filing
from models.changes import Hand, Way
from models.decisions import Owed
from models.offices import Office
from rules.filing import Content, NotTaken, Via
from rules.programme import Programme


class Filed(NamedTuple):
    """A receipt: its number, which version it stands for, and whether that one was there before."""

    number: str
    version: int
    received_at: datetime
    again: bool


def file(
    rt: Runtime,
    key: str,
    *,
    content: Content,
    body: Mapping[str, Any],
    via: Via,
    by: str,
    at: datetime | None = None,
    observed_at: datetime | None = None,
    reason: str = "",
) -> Filed:
    """Keep a report and end its chase. The same content again gets the same receipt, whoever sends it.

    Args:
        key: the obligation's natural key or its number (R-0805).
        by: code of the office it comes from.
        at: when the news reached the desk, if not now.

    Raises:
        Refusal: no such obligation or office, cancelled or waived, nil where nil is not allowed, a time
            that cannot be.
    """
    with answered(), rt.sessions.begin() as session:
        now = rt.clock(session)  # before waiting for the lock: waiting must not make a report late
        owed = filing.locked(session, key)
        report, again = filing.file(
            session,
            rt.programme(session, owed[0].programme_id),
            owed,
            content=content,
            body=body,
            via=via,
            by=by,
            at=at,
            observed_at=observed_at,
            reason=reason,
            now=now,
        )
        return Filed(report.number, report.version, report.received_at, again)


def waive(rt: Runtime, key: str, *, reason: str, by: str) -> None:
    """End a chase because the report is not needed; it stays in the denominator's story with its reason.

    Raises:
        Refusal: no such obligation or office, no reason, or already received.
    """
    with _decided(rt, key, by) as (session, _, owed, by_hand, now):
        decisions.waive(session, owed, hand=by_hand, reason=reason, now=now)


def extend(rt: Runtime, key: str, *, until: datetime, reason: str, by: str) -> bool:
    """Wait for a report until then; whether it is on time until then. Raises: Refusal."""
    with _decided(rt, key, by) as (session, programme, owed, by_hand, now):
        return decisions.extend(session, programme, owed, hand=by_hand, until=until, reason=reason, now=now)


def give_back(rt: Runtime, key: str, *, asked: str, until: datetime, by: str) -> None:
    """Return a report to be improved; its chase begins again. Raises: Refusal."""
    with _decided(rt, key, by) as (session, programme, owed, by_hand, now):
        decisions.give_back(session, programme, owed, hand=by_hand, asked=asked, until=until, now=now)


def accept(rt: Runtime, key: str, *, by: str) -> None:
    """Take a returned report as it is. Raises: Refusal."""
    with _decided(rt, key, by) as (session, _, owed, by_hand, now):
        decisions.accept(session, owed, hand=by_hand, now=now)


def acknowledge(rt: Runtime, key: str, *, until: datetime, by: str) -> None:
    """Take a late report on: nobody hears of it until then. Raises: Refusal."""
    with _decided(rt, key, by) as (session, _, owed, by_hand, now):
        decisions.acknowledge(session, owed, hand=by_hand, until=until, note="", now=now)


@contextmanager
def _decided(rt: Runtime, key: str, by: str) -> Iterator[tuple[Session, Programme, Owed, Hand, datetime]]:
    """What it takes to decide about a report, in one transaction."""
    with answered(), rt.sessions.begin() as session:
        owed = filing.locked(session, key)
        programme = rt.programme(session, owed[0].programme_id)
        yield session, programme, owed, hand(session, programme, by), rt.clock(session)


def hand(session: Session, programme: Programme, by: str) -> Hand:
    """Somebody at the command line who acts for an office. Raises: NotTaken: there is no such office."""
    office = filing.office_of(session, programme, by)
    return Hand(office.id, office.title, Way.COMMAND)


def office_of(session: Session, programme: Programme, code: str) -> Office:
    """The row of an office of this desk. Raises: Refusal when there is none."""
    with answered():
        return filing.office_of(session, programme, code)


@contextmanager
def answered() -> Iterator[None]:
    """What is not taken is a refusal to whoever sits at the command line."""
    try:
        yield
    except NotTaken as error:
        raise Refusal(str(error)) from error
