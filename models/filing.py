"""Take in what was reported, in the caller's transaction: whoever runs things calls this, by whatever way it came."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import assignments, attachments, changes, matters, notices, obligations, offices, reports
from models.changes import Hand
from models.matters import Matter
from models.obligations import Obligation
from models.offices import Office
from models.reports import Report
from rules import filing, people
from rules.assignments import styled
from rules.attachments import Attached
from rules.desk import Audience, Channel
from rules.dispatch import ANSWERS, Held, NoticeState
from rules.filing import Content, NotOwed, NotTaken, Overtaken, Standing, Via
from rules.ladder import Say
from rules.programme import Programme


def locked(session: Session, key: str) -> tuple[Matter, Obligation]:
    """An obligation by its key or number, its matter locked: two reports of one obligation wait for each other.

    Raises:
        NotOwed: there is none, or several programmes have the number.
    """
    found = obligations.locked(session, key)
    if found is None:
        raise NotOwed(f"{key!r}: no such report is owed: see ./desk status")
    return found


def office_of(session: Session, programme: Programme, code: str) -> Office:
    """The row of an office of this desk. Raises: NotTaken when there is none."""
    office = offices.by_code(session, programme.desk.code, code)
    if office is None:
        raise NotTaken(f"{code!r}: no such office at {programme.desk.code}: see its file in config/desks")
    return office


def file(
    session: Session,
    programme: Programme,
    owed: tuple[Matter, Obligation],
    *,
    content: Content,
    body: Mapping[str, Any],
    via: Via,
    by: str,
    at: datetime | None = None,
    observed_at: datetime | None = None,
    reason: str = "",
    seen: int | None = None,
    files: Sequence[Attached] = (),
    hand: Hand | None = None,
    now: datetime,
) -> tuple[Report, bool]:
    """Keep a report and end its chase; whether it was there before. The same content again is the same report.

    Args:
        owed: what `locked` gave.
        by: code of the office it comes from.
        at: when the news reached the desk, if not now.
        seen: how many versions there were when the sender last looked; None: whoever sends knows what he replaces.
        files: what came with it, kept already; `body` names them by what was sent.
        hand: who records it and by which way, where that is known.

    Raises:
        NotTaken: no such office, cancelled or waived, nil where nil is not allowed, a time that cannot be,
            or something newer than the sender has seen.
    """
    matter, obligation = owed
    office = office_of(session, programme, by)
    filing.check(obligation.standing, content, duty=programme.policy.duty(obligation.duty))
    received_at = filing.received_at(at, reason=reason, zone=obligation.zone, now=now)
    digest = filing.digest(content, body)
    versions = reports.of(session, obligation.id)
    if before := next((v for v in versions if v.digest == digest), None):
        return before, True
    if seen is not None and len(versions) > seen:
        raise Overtaken(f"{matter.code} has {len(versions)} versions, and the sender saw {seen}: look again first")
    holder = assignments.holder(session, office.id, at=received_at)
    report = reports.add(
        session,
        obligation.id,
        version=len(versions) + 1,
        content=content,
        body=body,
        digest=digest,
        via=via,
        office_id=office.id,
        title=(styled(holder.kind, office.title) if holder else office.title)[:120],
        holder=holder.name if holder else None,
        received_at=received_at,
        observed_at=observed_at,
        now=now,
        reason=reason,
    )
    attachments.add(session, report.id, files)
    if hand is not None:
        place = (matter.programme_id, matter.id)
        changes.record(session, hand, "filed", matter.code, *place, text=report.number, now=now)
    obligations.mark(session, obligation.id, Standing.RECEIVED, content=content, received_at=received_at)
    matters.close(session, obligation.id, why="received", now=now)
    if via not in filing.SHOWN_AT_ONCE and programme.policy.receipt_by:
        tell_reporter(session, programme, matter, Say.RECEIVED, "receipt", report.version, now)
    return report, False


def tell_reporter(
    session: Session, programme: Programme, matter: Matter, say: Say, occasion: str, round: int, now: datetime
) -> None:
    """A notice to the office that files for the area, by the first channel that reaches it."""
    reporter, _ = people.owing(programme.desk, matter.area)
    tell(session, programme, reporter, (matter.id, matter.ladder), say, occasion, round, now)


def tell(
    session: Session,
    programme: Programme,
    code: str,
    about: tuple[int, str],
    say: Say,
    occasion: str,
    round: int,
    now: datetime,
    *,
    urgent: bool = False,
) -> bool:
    """A notice to an office by the first channel that reaches it, about a matter with its ladder; whether one does."""
    office = offices.reach(session, programme.desk.code, code)[code]
    ways = programme.policy.receipt_by or tuple(Channel)
    channel: Channel | None = next((c for c in ways if c in office.channels), None)
    if channel is None:
        return False
    matter_id, ladder = about
    ladder_held = "" if say in ANSWERS else ladder
    free_at = programme.peace.release_at(now, programme.desk.office(code).zone, ladder_held)
    release_at = now if urgent else free_at
    row = {
        "occasion": occasion,
        "matter_id": matter_id,
        "round": round,
        "rung": -1,
        "office_id": office.id,
        "channel": channel,
        "audience": Audience.REPORTER,
        "say": say,
        "ladder": ladder,
        "urgent": urgent,
        "planned_at": now,
        "release_at": release_at,
        "state": NoticeState.PLANNED,
        "held": Held.QUIET if release_at > now else Held.NO,
        "reason": "",
        "policy": programme.policy.digest,
    }
    notices.add(session, [row])
    return True
