"""Take in reports and decisions about them from the command line. A receipt is given after COMMIT."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from jobs.operator.acting import answered, hand, programme_of
from jobs.runtime import Runtime
from models.desk.changes import Hand
from rules.filing import Incoming
from rules.programme import Programme
from services import decisions, filing, telling
from services.decisions import Owed


class Filed(NamedTuple):
    """A receipt: its number, its version, whether that version was there before, and the problems it opened.

    `received_at` is in the zone of the place.
    """

    number: str
    version: int
    received_at: datetime
    again: bool
    problems: Sequence[str] = ()


def file(rt: Runtime, key: str, incoming: Incoming) -> Filed:
    """Keep a report and end its chase. The same content again gets the same receipt, whoever sends it.

    Args:
        key: the obligation's natural key or its number (R-0805).

    Raises:
        Refusal: no such obligation or office, it is cancelled or waived, nil is not allowed, the time cannot be, or
            the body has not the form's shape.
    """
    with answered(), rt.sessions.begin() as session:
        now = rt.clock(session)  # before waiting for the lock: waiting must not make a report late
        owed = telling.locked(session, key)
        programme = programme_of(rt, session, owed[0].programme_id)
        form = rt.form(programme.policy.duty(owed[1].duty, owed[0].key).form)
        report, again, problems = filing.file(session, programme, owed, form, incoming, now=now)
        zone = ZoneInfo(programme.desk.zone_of(owed[0].area))
        return Filed(report.number, report.version, report.received_at.astimezone(zone), again, problems)


def waive(rt: Runtime, key: str, *, reason: str, by: str) -> None:
    """End a chase because the report is not needed. It is still counted and shown, with the reason.

    Raises:
        Refusal: no such obligation or office, no reason, or already received.
    """
    with _decided(rt, key, by) as (session, programme, owed, by_hand, now):
        decisions.waive(session, programme, owed, hand=by_hand, reason=reason, now=now)


def extend(rt: Runtime, key: str, *, until: datetime, reason: str, by: str) -> bool:
    """Wait for a report until then; whether it still counts as on time until then. Raises: Refusal."""
    with _decided(rt, key, by) as (session, programme, owed, by_hand, now):
        return decisions.extend(session, programme, owed, hand=by_hand, until=until, reason=reason, now=now)


def revoke(rt: Runtime, key: str, *, until: datetime | None = None, reason: str, by: str) -> None:
    """Take a waiver or an extension back: it is owed as before, or until then. Raises: Refusal."""
    with _decided(rt, key, by) as (session, programme, owed, by_hand, now):
        decisions.revoke(session, programme, owed, hand=by_hand, until=until, reason=reason, now=now)


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
    """All that a decision about a report needs, in one transaction."""
    with answered(), rt.sessions.begin() as session:
        owed = telling.locked(session, key)
        programme = programme_of(rt, session, owed[0].programme_id)
        yield session, programme, owed, hand(session, programme, by), rt.clock(session)
