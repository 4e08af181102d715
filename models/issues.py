"""Problems (permasalahan) and what was done about them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import changes, clock, matters
from models.base import Base, Instant, Word
from models.changes import Hand
from models.matters import Kind, Matter
from rules import decisions
from rules.filing import NotTaken
from rules.issues import Category
from rules.policy import Severity

NUMBERS = "problem numbers"


class Step(StrEnum):
    """What somebody did about a problem."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    RECOMMENDED = "recommended"
    FOLLOWED_UP = "followed_up"
    RESOLVED = "resolved"


class Issue(Base):
    """One problem; its number, area and ladder are in its matter, which has the same id."""

    __tablename__ = "issue"

    id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True)
    category: Mapped[Category] = mapped_column(Word(Category, 20))
    severity: Mapped[Severity] = mapped_column(Word(Severity, 10))
    title: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(Text, default="")


class IssueEvent(Base):
    """One step, by one office; appended, never changed."""

    __tablename__ = "issue_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    step: Mapped[Step] = mapped_column(Word(Step, 15))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[datetime | None] = mapped_column(Instant)


def open_(
    session: Session,
    programme_id: int,
    programme: str,
    *,
    area: str,
    category: Category,
    severity: Severity,
    ladder: str,
    title: str,
    detail: str,
    hand: Hand,
    at: datetime,
) -> Matter:
    """Record a new problem; its ladder is looked at at once. Two at once wait for each other: numbers run on."""
    clock.alone(session, NUMBERS)
    code = f"P-{matters.next_code(session, programme_id, Kind.ISSUE):04d}"
    matter = Matter(
        programme_id=programme_id,
        kind=Kind.ISSUE,
        key=f"{programme}/issue/{area}/{code}",
        code=code,
        area=area,
        ladder=ladder,
        since=at,
        next_at=at,
    )
    session.add(matter)
    session.flush()
    session.add(Issue(id=matter.id, category=category, severity=severity, title=title, detail=detail, opened_at=at))
    session.flush()
    note(session, matter.id, Step.OPENED, office_id=hand.office_id, at=at, text=title)
    _record(session, matter, hand, Step.OPENED, None, at)
    return matter


def note(
    session: Session,
    issue_id: int,
    step: Step,
    *,
    office_id: int,
    at: datetime,
    text: str = "",
    until: datetime | None = None,
) -> None:
    """Append what an office did. `until`: how long an acknowledgement holds the ladder."""
    session.add(IssueEvent(issue_id=issue_id, step=step, office_id=office_id, at=at, text=text, until=until))


class Unsolvable(NotTaken):
    """There is no such problem, it is resolved, or what is said about it is missing."""


def locked(session: Session, key: str) -> Matter:
    """An open problem by its key or number, locked. Raises: NotTaken."""
    found = matters.by_key(session, key)
    if found is None or found.kind != Kind.ISSUE:
        raise Unsolvable(f"{key!r}: no such problem: see ./desk issue list")
    matter = session.scalars(select(Matter).where(Matter.id == found.id).with_for_update()).one()
    if matter.closed_at is not None:
        raise Unsolvable(f"{matter.code} is resolved already")
    return matter


def acknowledge(
    session: Session, matter: Matter, *, hand: Hand, until: datetime, text: str = "", now: datetime
) -> None:
    """Somebody takes it on: the ladder waits until `until`, then starts again. Raises: NotTaken."""
    decisions.pause(until, closes_after=None, now=now)
    note(session, matter.id, Step.ACKNOWLEDGED, office_id=hand.office_id, at=now, text=text, until=until)
    matters.acknowledge(session, matter.id, until)
    _record(session, matter, hand, Step.ACKNOWLEDGED, until, now)


def advise(session: Session, matter: Matter, step: Step, *, hand: Hand, text: str, now: datetime) -> None:
    """Note a recommendation or a follow-up; the ladder goes on. Raises: NotTaken."""
    note(session, matter.id, step, office_id=hand.office_id, at=now, text=_said(text))
    _record(session, matter, hand, step, None, now)


def resolve(session: Session, matter: Matter, *, hand: Hand, outcome: str, now: datetime) -> None:
    """End a problem; it needs an outcome. Raises: NotTaken."""
    said = _said(outcome)
    note(session, matter.id, Step.RESOLVED, office_id=hand.office_id, at=now, text=said)
    session.execute(update(Issue).where(Issue.id == matter.id).values(resolved_at=now, outcome=said))
    matters.close(session, matter.id, why="resolved", now=now)
    _record(session, matter, hand, Step.RESOLVED, None, now)


def _said(text: str) -> str:
    if not text.strip():
        raise Unsolvable("say it in words: a problem is resolved with an outcome, and an advice says something")
    return text.strip()


def _record(session: Session, matter: Matter, hand: Hand, step: Step, until: datetime | None, now: datetime) -> None:
    """Who did it by which way; what was said is in the events."""
    changes.record(session, hand, step, matter.code, matter.programme_id, matter.id, until=until, now=now)


def events(session: Session, issue_id: int) -> list[IssueEvent]:
    """What was done, the first first."""
    query = select(IssueEvent).where(IssueEvent.issue_id == issue_id).order_by(IssueEvent.at, IssueEvent.id)
    return list(session.scalars(query))
