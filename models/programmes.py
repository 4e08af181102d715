"""Programmes and the documents they run under, kept word for word so that a worker needs no file."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, table


class Document(Base):
    """One configuration file as it was loaded; never changed, so that a notice can be explained years later."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("kind", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    loaded_at: Mapped[datetime] = mapped_column(Instant)


class Programme(Base):
    """One election at one desk, and the versions of the three documents in force."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(120), unique=True)
    election_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    desk_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Sources(NamedTuple):
    """A programme's id, the digest of its content, and the texts it is built from."""

    id: int
    code: str
    digest: str
    election: Document
    desk: Document
    policy: Document


_DIGESTS = select(table(Programme).c.id, table(Programme).c.digest).where(table(Programme).c.closed_at.is_(None))


def digests(session: Session) -> dict[int, str]:
    """The live programmes' ids and what names their content: tells in a moment whether anything was loaded."""
    return {row.id: row.digest for row in session.connection().execute(_DIGESTS)}


def live(session: Session) -> list[Sources]:
    """The programmes that are not closed, with their documents, in order of code."""
    documents = {d.id: d for d in session.scalars(select(Document))}
    rows: Sequence[Programme] = session.scalars(
        select(Programme).where(Programme.closed_at.is_(None)).order_by(Programme.code)
    ).all()
    return [
        Sources(p.id, p.code, p.digest, documents[p.election_id], documents[p.desk_id], documents[p.policy_id])
        for p in rows
    ]


def keep(session: Session, kind: str, code: str, name: str, digest: str, text: str, *, now: datetime) -> int:
    """The id of the document with this content; stored first if it is new."""
    found = session.scalar(select(Document.id).where(Document.kind == kind, Document.digest == digest))
    if found is not None:
        return found
    document = Document(kind=kind, code=code, name=name, digest=digest, text=text, loaded_at=now)
    session.add(document)
    session.flush()
    return document.id


def by_code(session: Session, code: str) -> Programme | None:
    return session.scalar(select(Programme).where(Programme.code == code))
