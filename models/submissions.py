"""Reports to the Government: the facts frozen at the cut-off, and the document made of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, insert_new
from models.obligations import Obligation

TRIES = 3
"""After so many failed documents a person must look."""


class Submission(Base):
    """One compiled report. The facts are never changed; a later version gets its own row.

    `document` names the file below the documents folder; None until it is there.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("obligation_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    cut_off_at: Mapped[datetime] = mapped_column(Instant)
    facts: Mapped[str] = mapped_column(Text)
    facts_digest: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime] = mapped_column(Instant)
    document: Mapped[str | None] = mapped_column(String(200))
    document_digest: Mapped[str | None] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)


def freeze(session: Session, own: Obligation, facts: str, digest: str, *, now: datetime) -> None:
    """Store the facts of an own report, unless they were frozen already."""
    row = {
        "obligation_id": own.id,
        "version": 1,
        "name": f"{own.duty}-{own.slot}",
        "cut_off_at": own.opens_at,
        "facts": facts,
        "facts_digest": digest,
        "frozen_at": now,
        "tries": 0,
    }
    insert_new(session, Submission, [row])
    set_aside(session, own)


def set_aside(session: Session, own: Obligation) -> None:
    """Do not ask for this one again."""
    session.execute(update(Obligation).where(Obligation.id == own.id).values(compile_at=None))


def without_document(session: Session, *, limit: int) -> list[Submission]:
    """Submissions whose document is still to be made, the oldest first; those given up are left out."""
    wanting = Submission.document.is_(None), Submission.tries < TRIES
    return list(session.scalars(select(Submission).where(*wanting).order_by(Submission.id).limit(limit)))


def made(session: Session, id: int, document: str, digest: str) -> None:
    """The document is there."""
    session.execute(update(Submission).where(Submission.id == id).values(document=document, document_digest=digest))


def failed(session: Session, id: int) -> None:
    """The document could not be made this time."""
    session.execute(update(Submission).where(Submission.id == id).values(tries=Submission.tries + 1))


def all_of(session: Session) -> list[Submission]:
    """Every submission, the oldest first."""
    return list(session.scalars(select(Submission).order_by(Submission.id)))


def by_digest(session: Session, digest: str) -> Submission | None:
    """The submission whose document has this SHA-256."""
    return session.scalar(select(Submission).where(Submission.document_digest == digest))
