"""Problems (permasalahan): opened, acknowledged, advised on, resolved. They climb ladders as all matters do."""

from datetime import datetime

from sqlalchemy.orm import Session

from jobs.filing import answered, hand
from jobs.refusals import Refusal
from jobs.runtime import Runtime
from models import export, issues
from models.changes import Hand
from models.issues import Step
from models.matters import Matter
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
    with answered(), rt.sessions.begin() as session:
        now = rt.clock(session)
        known = {p.code: id for id, p in rt.live(session).items()}
        known |= {unread.code: id for id, unread in rt.unread(session).items()}
        id = known.get(programme_code)
        if id is None:
            raise Refusal(f"{programme_code!r}: no such programme is loaded")
        programme = rt.programme(session, id)
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
            hand=hand(session, programme, by),
            at=now,
        )
        return matter.code


def acknowledge(rt: Runtime, key: str, *, by: str, until: datetime) -> None:
    """Somebody takes it on: the ladder waits until `until`, then starts again. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        matter = issues.locked(session, key)
        issues.acknowledge(session, matter, hand=_hand(session, rt, matter, by), until=until, now=rt.clock(session))


def advise(rt: Runtime, key: str, step: Step, *, by: str, text: str) -> None:
    """Note a recommendation or a follow-up; the ladder goes on. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        matter = issues.locked(session, key)
        issues.advise(session, matter, step, hand=_hand(session, rt, matter, by), text=text, now=rt.clock(session))


def resolve(rt: Runtime, key: str, *, by: str, outcome: str) -> None:
    """End a problem; it needs an outcome. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        matter = issues.locked(session, key)
        issues.resolve(session, matter, hand=_hand(session, rt, matter, by), outcome=outcome, now=rt.clock(session))


def _hand(session: Session, rt: Runtime, matter: Matter, by: str) -> Hand:
    return hand(session, rt.programme(session, matter.programme_id), by)


def unresolved(rt: Runtime) -> list[dict[str, object]]:
    """Problems that are not resolved, the oldest first."""
    with rt.sessions.begin() as session:
        return [line for line in export.problems(session) if line["resolved_at"] is None]
