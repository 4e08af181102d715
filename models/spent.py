"""What is of no further use and no record needs: taken out in batches, so that nobody waits long for the table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from models.attachments import Attachment
from models.base import Base, table
from models.changes import Change, Way
from models.links import Link
from models.programmes import Programme
from models.sessions import SignedIn, SignIn
from models.uploads import LASTS, Upload

BATCH = 500

_LINK, _SIGN_IN, _SESSION, _UPLOAD = table(Link).c, table(SignIn).c, table(SignedIn).c, table(Upload).c
_CHANGE, _ATTACHMENT = table(Change).c, table(Attachment).c


def links(session: Session, *, before: datetime) -> int:
    """Take out links that ran out by then; how many, `BATCH` at most, as of all these."""
    return _take_out(session, Link, _LINK.expires_at <= before)


def sessions(session: Session, *, before: datetime) -> int:
    """Sessions that began by then, but those by which something was changed: the record of it names them."""
    changed = select(_CHANGE.through).where(_CHANGE.way == Way.SESSION, _CHANGE.through.is_not(None))
    return _take_out(session, SignedIn, _SESSION.opened_at <= before, _SESSION.id.not_in(changed))


def sign_ins(session: Session, *, before: datetime) -> int:
    """Links to come in by that ran out by then, but those of a session that is kept."""
    return _take_out(session, SignIn, _SIGN_IN.expires_at <= before, _SIGN_IN.id.not_in(select(_SESSION.sign_in_id)))


def uploads(session: Session, *, now: datetime) -> int:
    """Rows that were never confirmed, and cannot be any more."""
    return _take_out(session, Upload, _UPLOAD.created_at <= now - LASTS)


def _take_out(session: Session, of: type[Base], *which: ColumnElement[bool]) -> int:
    id: ColumnElement[Any] = table(of).c.id
    spent = select(id).where(*which).order_by(id).limit(BATCH)
    return session.connection().execute(delete(table(of)).where(id.in_(spent))).rowcount


def named(session: Session, digests: Sequence[str]) -> set[str]:
    """Which of these files came with a report."""
    return set(
        session.connection().execute(select(_ATTACHMENT.digest).where(_ATTACHMENT.digest.in_(digests))).scalars()
    )


def began(session: Session) -> datetime | None:
    """When this desk began to keep books: what is older is none of its own. None: it has not begun."""
    return session.scalar(select(func.min(Programme.loaded_at)))
