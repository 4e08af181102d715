"""Reports as they were filed: versions, never overwritten, each with the receipt number it was answered by."""

from collections.abc import Mapping
from datetime import datetime
from random import SystemRandom
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, table
from rules.filing import Content, Via
from rules.links import token

DIGITS = 9
"""A longer number is nobody's receipt, and no database's integer."""


class Report(Base):
    """One version of a report. `title` is the office's title as it was when filing, `holder` the name of whoever held
    it, where that was recorded; later changes leave both alone.

    `proof` is what the page of its receipt is asked for by; unlike a link it is kept as it is, for it opens nothing
    but what stands beside it.
    """

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("obligation_id", "version"), UniqueConstraint("obligation_id", "digest"))

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
    received_at: Mapped[datetime] = mapped_column(Instant)
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


def add(
    session: Session,
    obligation_id: int,
    *,
    version: int,
    content: Content,
    body: Mapping[str, Any],
    digest: str,
    via: Via,
    office_id: int,
    title: str,
    holder: str | None = None,
    received_at: datetime,
    observed_at: datetime | None,
    now: datetime,
    reason: str = "",
) -> Report:
    """Store the next version. The caller holds the obligation's matter locked, so that versions do not collide."""
    values = {
        "obligation_id": obligation_id,
        "version": version,
        "content": content,
        "body": dict(body),
        "digest": digest,
        "via": via,
        "office_id": office_id,
        "title": title,
        "holder": holder,
        "received_at": received_at,
        "observed_at": observed_at,
        "recorded_at": now,
        "reason": reason,
        "proof": token(SystemRandom()),
    }
    return Report(id=session.connection().execute(_ADD, values).scalar_one(), **values)


_ADD = insert(table(Report)).returning(table(Report).c.id)
_OF = select(Report).where(Report.obligation_id == bindparam("obligation")).order_by(Report.version)


def of(session: Session, obligation_id: int) -> list[Report]:
    """All versions, the first first."""
    return list(session.scalars(_OF, {"obligation": obligation_id}))


def by_proof(session: Session, number: str, proof: str) -> Report | None:
    """The report of a receipt, for whoever holds its number and its proof."""
    digits = number.removeprefix("TT-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= DIGITS):
        return None
    return session.scalar(select(Report).where(Report.id == int(digits), Report.proof == proof))
