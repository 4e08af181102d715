"""Problems (permasalahan): opened, acknowledged, advised on, resolved. They climb ladders as all matters do."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from jobs.filing import office_of
from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import export, issues, matters
from models.issues import Issue, Step
from models.matters import Kind, Matter
from rules.issues import Category
from rules.policy import Severity


def open_(
    rt: Runtime,
    programme_code: str,
    *,
    area: str,
    category: Category,
    severity: Severity,
    title: str,
    detail: str = "",
    by: str,
) -> str:
    """Record a problem; returns its number (P-0012). Raises: Refusal: unknown district or office, no title."""
    if not title.strip():
        raise Refusal("a problem needs a title: say in a few words what is the matter")
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        id = next((id for id, p in rt.live(session).items() if p.code == programme_code), None)
        if id is None:
            raise Refusal(f"{programme_code!r}: no such programme is loaded")
        programme = rt.programmes[id]
        if area not in programme.desk.coordinators:
            raise Refusal(f"{area!r}: no such district at {programme.desk.code}")
        matter = issues.open_(
            session,
            id,
            programme.code,
            area=area,
            category=category,
            severity=severity,
            ladder=programme.policy.problems[severity],
            title=title,
            detail=detail,
            office_id=office_of(session, programme, by).id,
            at=now,
        )
        return matter.code


def acknowledge(rt: Runtime, key: str, *, by: str, until: datetime) -> None:
    """Somebody takes it on: the ladder waits until `until`, then starts again. Raises: Refusal."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        matter = _open_issue(session, key)
        if until <= now:
            raise Refusal(f"{until.isoformat()} is past: an acknowledgement needs an end that is still ahead")
        office = office_of(session, rt.programme(session, matter.programme_id), by)
        issues.note(session, matter.id, Step.ACKNOWLEDGED, office_id=office.id, at=now, until=until)
        session.execute(update(Matter).where(Matter.id == matter.id).values(acknowledged_until=until, next_at=until))


def advise(rt: Runtime, key: str, step: Step, *, by: str, text: str) -> None:
    """Note a recommendation or a follow-up; the ladder goes on. Raises: Refusal."""
    with rt.sessions.begin() as session:
        matter = _open_issue(session, key)
        office = office_of(session, rt.programme(session, matter.programme_id), by)
        issues.note(session, matter.id, step, office_id=office.id, at=rt.clock(session), text=text)


def resolve(rt: Runtime, key: str, *, by: str, outcome: str) -> None:
    """End a problem; it needs an outcome. Raises: Refusal."""
    if not outcome.strip():
        raise Refusal("a problem is resolved with an outcome: say how it ended")
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        matter = _open_issue(session, key)
        office = office_of(session, rt.programme(session, matter.programme_id), by)
        issues.note(session, matter.id, Step.RESOLVED, office_id=office.id, at=now, text=outcome)
        session.execute(update(Issue).where(Issue.id == matter.id).values(resolved_at=now, outcome=outcome))
        matters.close(session, matter.id, why="resolved", now=now)


def unresolved(rt: Runtime) -> list[dict[str, object]]:
    """Problems that are not resolved, the oldest first."""
    with rt.sessions.begin() as session:
        return [line for line in export.problems(session) if line["resolved_at"] is None]


def _open_issue(session: Session, key: str) -> Matter:
    found = matters.by_key(session, key)
    if found is None or found.kind != Kind.ISSUE:
        raise Refusal(f"{key!r}: no such problem: see ./desk issue list")
    matter = session.scalars(select(Matter).where(Matter.id == found.id).with_for_update()).one()
    if matter.closed_at is not None:
        raise Refusal(f"{matter.code} is resolved already")
    return matter
