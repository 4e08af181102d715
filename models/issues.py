"""Problems (permasalahan) and what was done about them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import clock, matters
from models.base import Base, Instant, Word
from models.matters import Kind, Matter
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
    office_id: int,
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
    note(session, matter.id, Step.OPENED, office_id=office_id, at=at, text=title)
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


def events(session: Session, issue_id: int) -> list[IssueEvent]:
    """What was done, the first first."""
    query = select(IssueEvent).where(IssueEvent.issue_id == issue_id).order_by(IssueEvent.at, IssueEvent.id)
    return list(session.scalars(query))
