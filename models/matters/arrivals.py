"""Reports of the level below as they came to the desk above: every version, also those that do not count."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from rules.arrivals import Fate
from rules.submissions import LEFT


class Arrival(Base):
    """One version of one report of the level below. Its facts are as that desk froze them, and are never changed.

    `programme_id`: of the desk that it came to; `area`: whose report it is there. `obligation_id` None: it owes no such
    report. `submission_id`: where it was sent within this installation; else it came as a package, with the
    `package_digest` of its file and the `key` that had signed it. `report_id`: the report that it was filed as.
    """

    __tablename__ = "arrival"
    __table_args__ = (UniqueConstraint("programme_id", "area", "kind", "slot", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    obligation_id: Mapped[int | None] = mapped_column(ForeignKey("obligation.id"), index=True)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"), index=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    area: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(48))
    slot: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    fate: Mapped[Fate] = mapped_column(Word(Fate, 10))
    facts: Mapped[str] = mapped_column(Text)
    facts_digest: Mapped[str] = mapped_column(String(64))
    approved: Mapped[str | None] = mapped_column(Text)
    package_digest: Mapped[str | None] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(64))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class ArrivalDocument(Base):
    """One document of a package, numbered from 1; the file itself is outside, named by its digest."""

    __tablename__ = "arrival_document"

    arrival_id: Mapped[int] = mapped_column(ForeignKey("arrival.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]


class DeskKey(Base):
    """A key of a desk below, and who said that it is the right one. The newest counts; earlier ones stay."""

    __tablename__ = "desk_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(60))
    area: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(64))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class Which(NamedTuple):
    """Which report it is, whatever its version."""

    programme_id: int
    area: str
    kind: str
    slot: str


def versions(session: Session, which: Which) -> list[Arrival]:
    """Every version of a report that came, the lowest first."""
    own = [getattr(Arrival, name) == value for name, value in which._asdict().items()]
    return list(session.scalars(select(Arrival).where(*own).order_by(Arrival.version)))


def unseen(session: Session, programme_ids: Sequence[int], *, limit: int) -> list[tuple[int, Submission]]:
    """Versions that left these desks and did not arrive above, the oldest first, each with its programme's id."""
    came = select(Arrival.id).where(Arrival.submission_id == Submission.id).exists()
    query = (
        select(Matter.programme_id, Submission)
        .join(Submission, Submission.obligation_id == Matter.id)
        .where(Matter.programme_id.in_(programme_ids), Submission.state.in_(LEFT), ~came)
        .order_by(Submission.id)
        .limit(limit)
    )
    return [(programme_id, submission) for programme_id, submission in session.execute(query)]


def keep(session: Session, arrival: Arrival, documents: Sequence[ArrivalDocument] = ()) -> Arrival:
    """Store a version with its documents, which are on the disk already."""
    session.add(arrival)
    session.flush()
    for number, document in enumerate(documents, 1):
        document.arrival_id, document.number = arrival.id, number
        session.add(document)
    session.flush()
    return arrival


def of_period(session: Session, programme_id: int, first: date, last: date, *, until: datetime) -> dict[str, Arrival]:
    """By area, the highest version that counted by `until` of a report about days of this period alone."""
    query = (
        select(Arrival)
        .join(Obligation, Obligation.id == Arrival.obligation_id)
        .where(
            Arrival.programme_id == programme_id,
            Arrival.fate == Fate.COUNTS,
            Arrival.at <= until,
            Obligation.period_start >= first,
            Obligation.period_end <= last,
        )
        .order_by(Obligation.period_end, Arrival.version)
    )
    return {arrival.area: arrival for arrival in session.scalars(query)}


def listed(session: Session, programme_id: int, *, limit: int) -> list[Arrival]:
    """What came, the newest first."""
    query = select(Arrival).where(Arrival.programme_id == programme_id).order_by(Arrival.id.desc()).limit(limit)
    return list(session.scalars(query))


def documents(session: Session, ids: Sequence[int]) -> list[ArrivalDocument]:
    """The documents of these arrivals."""
    query = select(ArrivalDocument).where(ArrivalDocument.arrival_id.in_(ids))
    return list(session.scalars(query.order_by(ArrivalDocument.arrival_id, ArrivalDocument.number)))


def trust(session: Session, desk: str, area: str, key: str, *, office_id: int, at: datetime) -> None:
    """Let packages of an area count that were signed with this key."""
    session.add(DeskKey(desk=desk, area=area, key=key, office_id=office_id, at=at))
    session.flush()


def trusted(session: Session, desk: str) -> dict[str, str]:
    """By area, the key that counts at this desk."""
    query = select(DeskKey).where(DeskKey.desk == desk).order_by(DeskKey.id)
    return {own.area: own.key for own in session.scalars(query)}
