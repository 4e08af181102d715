"""Reports as they were filed: versions, never overwritten, each with the receipt number it was answered by."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from random import SystemRandom
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, table
from models.machine import floors
from rules.filing import Content, Via
from rules.links import token

DIGITS = 9
"""No receipt has a longer number, and no database integer holds one."""


class Report(Base):
    """One version of a report. `title` is the office's title as it was when filing, `holder` the name of whoever held
    it, where that was recorded; later changes leave both alone.

    `proof` opens the page of its receipt. Unlike a link's token it is kept in clear: it opens nothing but what
    stands beside it.
    """

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("obligation_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"))
    version: Mapped[int]
    content: Mapped[Content] = mapped_column(Word(Content, 10))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    via: Mapped[Via] = mapped_column(Word(Via, 10))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    title: Mapped[str] = mapped_column(String(120))
    holder: Mapped[str | None] = mapped_column(String(120))
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)
    observed_at: Mapped[datetime | None] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(500), default="")
    proof: Mapped[str | None] = mapped_column(String(32))

    @property
    def number(self) -> str:
        """The receipt number (tanda terima). Shown only after COMMIT."""
        return self.numbered(self.id)

    @staticmethod
    def numbered(id: int) -> str:
        return f"TT-{id:06d}"


Index("report_office_ix", Report.office_id, Report.recorded_at)


class New(NamedTuple):
    """A version to be stored; see `Report`."""

    version: int
    content: Content
    body: Mapping[str, Any]
    digest: str
    via: Via
    office_id: int
    title: str
    holder: str | None
    received_at: datetime
    observed_at: datetime | None = None
    reason: str = ""


def add(session: Session, obligation_id: int, new: New, *, now: datetime) -> Report:
    """Store the next version. The caller holds the obligation's matter locked, so that versions do not collide."""
    own = {"obligation_id": obligation_id, "recorded_at": now, "proof": token(SystemRandom())}
    values = new._asdict() | own | {"body": dict(new.body)}
    values |= floors.first(session, floors.RECEIPT, Report.id)
    id = session.connection().execute(_ADD, values).scalar_one()
    return Report(**(values | {"id": id}))


_ADD = insert(table(Report)).returning(table(Report).c.id)
_OF = select(Report).where(Report.obligation_id == bindparam("obligation")).order_by(Report.version)


def of(session: Session, obligation_id: int) -> list[Report]:
    """All versions, the first first."""
    return list(session.scalars(_OF, {"obligation": obligation_id}))


def latest(session: Session, obligation_ids: Iterable[int]) -> dict[int, Report]:
    """By obligation, the last version of each that has one."""
    query = select(Report).where(Report.obligation_id.in_(list(obligation_ids))).order_by(Report.version)
    return {report.obligation_id: report for report in session.scalars(query)}


def by_proof(session: Session, number: str, proof: str) -> Report | None:
    """The report of a receipt, for whoever holds its number and its proof."""
    digits = number.removeprefix("TT-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= DIGITS):
        return None
    return session.scalar(select(Report).where(Report.id == int(digits), Report.proof == proof))
