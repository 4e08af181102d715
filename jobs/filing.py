"""Take in what was reported: a report filed, a duty waived. The receipt is given after COMMIT."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import matters, notices, obligations, offices, reports
from models.matters import Matter
from models.obligations import Obligation
from models.offices import Office
from rules import filing, people, quiet
from rules.desk import Audience, Channel
from rules.dispatch import Held, NoticeState
from rules.filing import Content, RefusedTime, Standing, Via
from rules.ladder import Say
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
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        matter, owed = _owed(session, key)
        programme = rt.programme(session, matter.programme_id)
        office = office_of(session, programme, by)
        _check(programme, owed, content)
        received_at = _received_at(at, reason, owed.zone, now)
        digest = filing.digest(content, body)
        versions = reports.of(session, owed.id)
        if before := next((v for v in versions if v.digest == digest), None):
            return Filed(before.number, before.version, before.received_at, again=True)
        report = reports.add(
            session,
            owed.id,
            version=len(versions) + 1,
            content=content,
            body=body,
            digest=digest,
            via=via,
            office_id=office.id,
            title=office.title,
            received_at=received_at,
            observed_at=observed_at,
            now=now,
            reason=reason,
        )
        obligations.mark(session, owed.id, Standing.RECEIVED, content=content, received_at=received_at)
        matters.close(session, owed.id, why="received", now=now)
        if via not in filing.SHOWN_AT_ONCE:
            _send_receipt(session, programme, matter, report.version, now)
        return Filed(report.number, report.version, received_at, again=False)


def waive(rt: Runtime, key: str, *, reason: str, by: str) -> None:
    """End a chase because the report is not needed; it stays in the denominator's story with its reason.

    Raises:
        Refusal: no such obligation or office, no reason, or already received.
    """
    if not reason.strip():
        raise Refusal("a waiver needs a reason: add --reason")
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        matter, owed = _owed(session, key)
        office = office_of(session, rt.programme(session, matter.programme_id), by)
        if owed.standing is not Standing.OWED:
            raise Refusal(f"{matter.code} is {owed.standing}: only what is owed can be waived")
        obligations.mark(session, owed.id, Standing.WAIVED, reason=f"{reason} ({office.title})")
        matters.close(session, owed.id, why="waived", now=now)


def _owed(session: Session, key: str) -> tuple[Matter, Obligation]:
    """The obligation, its matter locked: two reports of one obligation wait for each other."""
    found = obligations.locked(session, key)
    if found is None:
        raise Refusal(f"{key!r}: no such report is owed: see ./desk status")
    return found


def office_of(session: Session, programme: Programme, code: str) -> Office:
    """The row of an office of this desk. Raises: Refusal when there is none."""
    office = offices.by_code(session, programme.desk.code, code)
    if office is None:
        raise Refusal(f"{code!r}: no such office at {programme.desk.code}: see its file in config/desks")
    return office


def _check(programme: Programme, owed: Obligation, content: Content) -> None:
    if owed.standing in (Standing.WAIVED, Standing.CANCELLED):
        raise Refusal(f"this report is {owed.standing}: it is not owed any more")
    if content is Content.NIL and not programme.policy.duty(owed.duty).nil:
        raise Refusal(f"{owed.duty} does not take a nil report: file what was seen")


def _received_at(stated: datetime | None, reason: str, zone: str, now: datetime) -> datetime:
    try:
        return filing.received_at(stated, reason=reason, zone=zone, now=now)
    except RefusedTime as error:
        raise Refusal(str(error)) from error


def _send_receipt(session: Session, programme: Programme, matter: Matter, version: int, now: datetime) -> None:
    """A notice with the receipt to the office that files for the area, by the first channel that reaches it."""
    if not programme.policy.receipt_by:
        return
    reporter, _ = people.owing(programme.desk, matter.area)
    office = offices.reach(session, programme.desk.code, reporter)[reporter]
    channel: Channel | None = next((c for c in programme.policy.receipt_by if c in office.channels), None)
    if channel is None:
        return
    release_at = quiet.release_at(now, programme.desk.office(reporter).zone, programme.policy.quiet)
    row = {
        "occasion": "receipt",
        "matter_id": matter.id,
        "round": version,
        "rung": -1,
        "office_id": office.id,
        "channel": channel,
        "audience": Audience.REPORTER,
        "say": Say.RECEIVED,
        "ladder": matter.ladder,
        "urgent": False,
        "planned_at": now,
        "release_at": release_at,
        "state": NoticeState.PLANNED,
        "held": Held.QUIET if release_at > now else Held.NO,
        "reason": "",
        "policy": programme.policy.digest,
    }
    notices.add(session, [row])
