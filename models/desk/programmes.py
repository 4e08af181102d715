"""Programmes and the documents they run under, kept word for word so that a worker needs no file."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, String, Text, UniqueConstraint, and_, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, table
from models.matters.matters import UNDER_EARLIER, Matter
from rules.programme import Source, Sources

CREST = "crest"
"""The kind of a document that is the picture in a letterhead: its text is base64, its digest that of the picture."""


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


_P, _D, _M = table(Programme).c, table(Document).c, table(Matter).c
_DIGESTS = select(_P.id, _P.digest).where(_P.closed_at.is_(None))
_EVERY = select(_P.id, _P.code, _P.digest, _P.election_id, _P.desk_id, _P.policy_id).order_by(_P.code)
_LIVE = _EVERY.where(_P.closed_at.is_(None))
_TEXTS = select(_D.id, _D.code, _D.name, _D.text, _D.digest).where(_D.id.in_(bindparam("ids", expanding=True)))

_KEPT = (
    select(_M.programme_id, _D.code, _D.name, _D.text, _D.digest)
    .join_from(Matter, Document, and_(_D.digest == _M.policy, _D.kind == "policy"))
    .where(UNDER_EARLIER, _M.closed_at.is_(None), _M.programme_id.in_(bindparam("ids", expanding=True)))
    .distinct()
    .order_by(_M.programme_id, _D.digest)
)


def digests(session: Session) -> dict[int, str]:
    """The live programmes' ids and content digests: a quick way to see whether anything was loaded."""
    return {row.id: row.digest for row in session.connection().execute(_DIGESTS)}


def live(session: Session, ids: Collection[int] | None = None) -> list[Sources]:
    """The programmes that are not closed (of these), with their documents, in order of code."""
    return _with_texts(session, _LIVE if ids is None else _LIVE.where(_P.id.in_(ids)))


def code_of(session: Session, id: int) -> str:
    """What a programme is called, also one that is closed; empty: there is none."""
    return session.scalar(select(Programme.code).where(Programme.id == id)) or ""


def desk_of(session: Session, id: int) -> str:
    """The code of the desk of a programme, also one that is closed; empty: there is none."""
    return session.scalar(select(_D.code).join(Programme, _P.desk_id == _D.id).where(_P.id == id)) or ""


def live_desks(session: Session) -> dict[int, str]:
    """By id, the code of the desk of each programme that is not closed."""
    query = select(_P.id, _D.code).join(Document, _P.desk_id == _D.id).where(_P.closed_at.is_(None))
    return {row.id: row.code for row in session.connection().execute(query)}


def closed(session: Session, desk: str = "") -> list[int]:
    """The ids of the programmes that are closed (of this desk), the last that was closed at the end."""
    query = select(_P.id).where(_P.closed_at.is_not(None)).order_by(_P.closed_at, _P.id)
    own = query.join(Document, _P.desk_id == _D.id).where(_D.code == desk)
    return list(session.connection().execute(own if desk else query).scalars())


def closed_at(session: Session, id: int) -> datetime | None:
    """When a programme was closed; None: it is live, or there is none."""
    return session.scalar(select(Programme.closed_at).where(Programme.id == id))


def sources(session: Session, id: int) -> Sources | None:
    """A programme with its documents, also one that is closed; None: there is none."""
    return next(iter(_with_texts(session, _EVERY.where(_P.id == id))), None)


def _with_texts(session: Session, query: Select[Any]) -> list[Sources]:
    programmes = session.connection().execute(query).all()
    ids = {id for row in programmes for id in row[3:]}
    texts = {id: Source(*text) for id, *text in session.connection().execute(_TEXTS, {"ids": list(ids)})}
    kept: dict[int, list[Source]] = defaultdict(list)
    for id, *text in session.connection().execute(_KEPT, {"ids": [row.id for row in programmes]}):
        kept[id].append(Source(*text))
    found = [Sources(*row[:3], *(texts[id] for id in row[3:])) for row in programmes]
    return [own._replace(kept=tuple(kept[own.id])) for own in found]


def keep(session: Session, kind: str, code: str, name: str, digest: str, text: str, *, now: datetime) -> int:
    """The id of the document with this content; stored first if it is new."""
    known = session.scalar(select(Document.id).where(Document.kind == kind, Document.digest == digest))
    if known is not None:
        return known
    document = Document(kind=kind, code=code, name=name, digest=digest, text=text, loaded_at=now)
    session.add(document)
    session.flush()
    return document.id


def crest(session: Session, digest: str) -> str | None:
    """The picture of this SHA-256 that a desk's file was loaded with, in base64."""
    return session.scalar(select(Document.text).where(Document.kind == CREST, Document.digest == digest))


def restore(session: Session, texts: Mapping[int, str]) -> None:
    """Give stored documents the same texts again, in case the stored ones were damaged."""
    for document, text in texts.items():
        session.execute(update(Document).where(Document.id == document).values(text=text))


def put_in_force(session: Session, id: int, digest: str, ids: Sequence[int], *, now: datetime) -> None:
    """Let a programme run under other documents: election, desk and policy."""
    election, desk, policy = ids
    change = {"election_id": election, "desk_id": desk, "policy_id": policy, "digest": digest, "loaded_at": now}
    session.execute(update(Programme).where(Programme.id == id).values(change))


def close(session: Session, id: int, at: datetime | None) -> None:
    """Let a programme be closed since then; None: let it be live again."""
    session.execute(update(Programme).where(Programme.id == id).values(closed_at=at))


def by_code(session: Session, code: str) -> Programme | None:
    return session.scalar(select(Programme).where(Programme.code == code))
