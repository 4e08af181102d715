"""Take in what was reported: a report filed, a duty waived. The receipt is given after COMMIT."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import filing
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
    with _answered(), rt.sessions.begin() as session:
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
    if not reason.strip():
        raise Refusal("a waiver needs a reason: add --reason")
    with _answered(), rt.sessions.begin() as session:
        owed = filing.locked(session, key)
        programme = rt.programme(session, owed[0].programme_id)
        filing.waive(session, programme, owed, reason=reason, by=by, now=rt.clock(session))


def office_of(session: Session, programme: Programme, code: str) -> Office:
    """The row of an office of this desk. Raises: Refusal when there is none."""
    with _answered():
        return filing.office_of(session, programme, code)


@contextmanager
def _answered() -> Iterator[None]:
    """What is not taken is a refusal to whoever sits at the command line."""
    try:
        yield
    except NotTaken as error:
        raise Refusal(str(error)) from error
