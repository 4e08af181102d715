"""Problems (permasalahan) and what was done about them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, Instant, Word, table
from models.desk.changes import Hand, Way
from models.matters import attachments, numbers
from models.matters.matters import Kind, Matter
from rules.attachments import Attached
from rules.filing import NotTaken
from rules.issues import Category, Circumstances
from rules.policy import Severity


class Step(StrEnum):
    """What somebody did about a problem.

    MERGED stands at the problem that went into another, JOINED at the other; PARTED if it was opened again. TAKEN_BACK:
    the report of one that was merged into it speaks of it no more.
    """

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    RECOMMENDED = "recommended"
    FOLLOWED_UP = "followed_up"
    RESOLVED = "resolved"
    REPORTED = "reported"
    WITHDRAWN = "withdrawn"
    ESCALATED = "escalated"
    HANDED_ON = "handed_on"
    POSTPONED = "postponed"
    DUE_SET = "due_set"
    GRADED = "graded"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    MERGED = "merged"
    JOINED = "joined"
    PARTED = "parted"
    TAKEN_BACK = "taken_back"
    RESTRICTED = "restricted"
    UNRESTRICTED = "unrestricted"


class Source(NamedTuple):
    """The report that a problem was opened from, and the indicator: all versions speak of the same problem."""

    obligation_id: int
    indicator: str


class Issue(Base):
    """One problem; its number, area and ladder are in its matter, which has the same id.

    `obligation_id` and `indicator`: its `Source`; empty where somebody opened it by itself. `once` names what was sent:
    the same sent again is the same problem. For what the place and time are made of see `Circumstances`.

    `due_at`: when its next step is due. `merged_into`: the problem that it is the same as. See `rules.life`.

    `restricted`: only some offices read of it (`rules.access.reads`), and who reads it is recorded.
    """

    __tablename__ = "issue"
    __table_args__ = (UniqueConstraint("obligation_id", "indicator"),)

    id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True)
    category: Mapped[Category] = mapped_column(Word(Category, 20))
    severity: Mapped[Severity] = mapped_column(Word(Severity, 10))
    title: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(Text, default="")
    obligation_id: Mapped[int | None] = mapped_column(ForeignKey("obligation.id"))
    indicator: Mapped[str | None] = mapped_column(String(60))
    village: Mapped[str] = mapped_column(String(20), default="")
    station: Mapped[str] = mapped_column(String(20), default="")
    affected: Mapped[int | None]
    observed_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    restricted: Mapped[bool] = mapped_column(default=False)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("matter.id"), index=True)
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    postponed_until: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


UNRESOLVED = Issue.resolved_at.is_(None)
Index("issue_unresolved_ix", Issue.once, sqlite_where=UNRESOLVED, postgresql_where=UNRESOLVED)


class IssueEvent(Base):
    """One step, by one office and by which way; appended, never changed. `way` None: it was not kept then.

    `severity`, `owner_id` and `due_at` are the problem's after the step; without `severity` they were not kept then.
    """

    __tablename__ = "issue_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id"), index=True)
    step: Mapped[Step] = mapped_column(Word(Step, 15))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[datetime | None] = mapped_column(Instant)
    way: Mapped[Way | None] = mapped_column(Word(Way, 10))
    severity: Mapped[Severity | None] = mapped_column(Word(Severity, 10))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    due_at: Mapped[datetime | None] = mapped_column(Instant)


class Described(NamedTuple):
    """What a new problem is, as somebody describes it. `source`: None where somebody opened it by itself."""

    area: str
    category: Category
    severity: Severity
    title: str
    detail: str = ""
    source: Source | None = None
    circumstances: Circumstances = Circumstances()


def add(
    session: Session,
    programme_id: int,
    programme: str,
    described: Described,
    *,
    ladder: str,
    owner_id: int,
    giver_id: int,
    subject_id: int | None = None,
    at: datetime,
) -> Matter:
    """Keep a new problem; its ladder is looked at at once. Two at once wait for each other: numbers run on.

    Args:
        owner_id: the office that is responsible until it hands the problem on.
        giver_id: the office that opens it.
        subject_id: the office that it is about, which is told nothing of it.
    """
    code = f"P-{numbers.next_(session, programme_id, Kind.ISSUE):04d}"
    matter = Matter(
        programme_id=programme_id,
        kind=Kind.ISSUE,
        key=f"{programme}/issue/{described.area}/{code}",
        code=code,
        area=described.area,
        ladder=ladder,
        since=at,
        next_at=at,
        owner_id=owner_id,
        giver_id=giver_id,
        subject_id=subject_id,
    )
    session.add(matter)
    session.flush()
    of_issue = described._asdict()
    del of_issue["area"], of_issue["source"], of_issue["circumstances"]
    of_issue |= described.circumstances._asdict() | (described.source._asdict() if described.source else {})
    session.add(Issue(id=matter.id, opened_at=at, **of_issue))
    session.flush()
    return matter


def note(
    session: Session,
    issue_id: int,
    step: Step,
    *,
    hand: Hand,
    at: datetime,
    text: str = "",
    until: datetime | None = None,
    files: Sequence[Attached] = (),
) -> None:
    """Append what an office did, after it is done. `until`: how long the ladder waits for it."""
    own = {"issue_id": issue_id, "step": step, "office_id": hand.office_id, "way": hand.way, "text": text}
    session.flush()
    event = IssueEvent(**own, at=at, until=until, **_stood(session, issue_id))
    session.add(event)
    session.flush()
    attachments.enclose(session, event.id, files)


def _stood(session: Session, issue_id: int) -> dict[str, Any]:
    query = select(Issue.severity, Matter.owner_id, Issue.due_at).join(Matter, Matter.id == Issue.id)
    return dict(session.execute(query.where(Issue.id == issue_id)).one()._mapping)


class Unsolvable(NotTaken):
    """There is no such problem, or it is over, or it is not."""


class Unsaid(NotTaken):
    """What is to be written down about a problem is missing."""


Held = tuple[Matter, Issue]
"""A problem with its matter locked."""


def named(session: Session, key: str) -> Held:
    """A problem by its key or number, locked, whatever became of it. Raises: NotTaken."""
    found = numbers.matter(session, key)
    if found is None or found.kind != Kind.ISSUE:
        raise Unsolvable(numbers.unnamed(session, key, "no such problem: see ./desk issue list"))
    return held(session, found.id)


def held(session: Session, id: int) -> Held:
    """A problem by its id, locked."""
    query = select(Matter, Issue).join(Issue, Issue.id == Matter.id).where(Matter.id == id)
    row = session.execute(query.with_for_update(of=Matter), execution_options={"populate_existing": True}).one()
    return row[0], row[1]


def locked(session: Session, key: str) -> Matter:
    """An open problem by its key or number, locked. Raises: NotTaken."""
    matter, issue = named(session, key)
    if matter.closed_at is not None:
        ended = "is resolved" if issue.merged_into is None else f"was merged into {code(session, issue.merged_into)}"
        raise Unsolvable(f"{matter.code} {ended} already")
    return matter


def numbered(session: Session, programme_id: int, code: str) -> Matter | None:
    """A problem of an election by its number, locked; None: there is none, or it is locked already.

    Not to wait keeps two who merge the same two problems crosswise from waiting for each other.
    """
    own = Matter.programme_id == programme_id, Matter.kind == Kind.ISSUE, Matter.code == code.strip().upper()
    query = select(Matter).where(*own).with_for_update(skip_locked=True)
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def code(session: Session, id: int) -> str:
    """What people call it."""
    return session.get_one(Matter, id).code


def restricted(session: Session, id: int) -> bool:
    """Whether only some offices read of a problem."""
    return any(only for (only,) in direct.rows(session, _RESTRICTED, {"id": id}))


_I = table(Issue)
_RESTRICTED = select(_I.c.restricted).where(_I.c.id == bindparam("id"))


def change(session: Session, id: int, **values: Any) -> None:
    """Write what became of a problem."""
    session.execute(update(Issue).where(Issue.id == id).values(**values))


def events(session: Session, issue_id: int) -> list[IssueEvent]:
    """What was done, the first first."""
    query = select(IssueEvent).where(IssueEvent.issue_id == issue_id).order_by(IssueEvent.at, IssueEvent.id)
    return list(session.scalars(query))


_OF_REPORT = select(Matter, Issue).join(Issue, Issue.id == Matter.id).order_by(Issue.id)


def of_report(session: Session, obligation_id: int) -> dict[str, tuple[Matter, Issue]]:
    """By indicator, the problems that were opened from a report, which the caller has locked; locked as well."""
    if not numbers_of_report(session, obligation_id):  # nearly always
        return {}
    query = _OF_REPORT.where(Issue.obligation_id == obligation_id).with_for_update(of=Matter)
    rows = session.execute(query.execution_options(populate_existing=True))
    return {str(issue.indicator): (matter, issue) for matter, issue in rows}


def numbers_of_report(session: Session, obligation_id: int) -> list[tuple[str, str]]:
    """Indicators and numbers of the problems that were opened from a report."""
    rows = direct.rows(session, _NUMBERS, {"obligation": obligation_id})
    return [(str(indicator), code) for indicator, code in rows]


_NUMBERS = (
    select(_I.c.indicator, table(Matter).c.code)
    .join(table(Matter), table(Matter).c.id == _I.c.id)
    .where(_I.c.obligation_id == bindparam("obligation"))
    .order_by(_I.c.id)
)


def sent(session: Session, once: str) -> Matter | None:
    """The problem that was opened by what is named so; None: nothing like it came."""
    return session.scalar(select(Matter).join(Issue, Issue.id == Matter.id).where(Issue.once == once))
