"""Removes rows that are of no further use and belong to no record. It works in batches, so nobody waits long for a
table.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, union
from sqlalchemy.orm import Session

from models.base import Base, table
from models.desk.changes import Change, Way
from models.desk.orders import Order
from models.desk.programmes import Programme
from models.desk.uploads import LASTS, Upload
from models.matters.arrivals import ArrivalDocument
from models.matters.attachments import Attachment, Enclosure, Evidence, ReplyFile
from models.matters.sendings import Sending
from models.matters.trips import TripPhoto
from models.messages.inbound import Inbound, InboundWord
from models.offices.drafts import Draft
from models.offices.links import Link
from models.offices.sessions import SignedIn, SignIn
from rules.drafts import LASTS as DRAFT_LASTS

BATCH = 500

_WITH_FILES = (Attachment, Enclosure, Evidence, ReplyFile, TripPhoto, ArrivalDocument)

_LINK, _SIGN_IN, _SESSION, _UPLOAD = table(Link).c, table(SignIn).c, table(SignedIn).c, table(Upload).c
_CHANGE = table(Change).c


def links(session: Session, *, before: datetime) -> int:
    """Remove links that ran out by then; how many, at most `BATCH`, like all these."""
    return _take_out(session, Link, _LINK.expires_at <= before)


def sessions(session: Session, *, before: datetime) -> int:
    """Remove sessions that began by then, except those that changed something: the record names them."""
    changed = select(_CHANGE.through).where(_CHANGE.way == Way.SESSION, _CHANGE.through.is_not(None))
    return _take_out(session, SignedIn, _SESSION.opened_at <= before, _SESSION.id.not_in(changed))


def sign_ins(session: Session, *, before: datetime) -> int:
    """Remove sign-in links that ran out by then, except those of a session that is kept."""
    return _take_out(session, SignIn, _SIGN_IN.expires_at <= before, _SIGN_IN.id.not_in(select(_SESSION.sign_in_id)))


def uploads(session: Session, *, now: datetime) -> int:
    """Remove uploaded rows that were never confirmed and no longer can be."""
    return _take_out(session, Upload, _UPLOAD.created_at <= now - LASTS)


def drafts(session: Session, *, now: datetime) -> int:
    """Remove drafts that are no longer shown."""
    return _take_out(session, Draft, table(Draft).c.kept_at <= now - DRAFT_LASTS)


def inbound(session: Session, *, before: datetime) -> int:
    """Remove what people wrote by then, except what a person has still to look at."""
    of = table(Inbound).c
    done = (of.read_at.is_not(None), of.seen_at.is_not(None) | ~of.person)
    return _take_out(session, Inbound, of.received_at <= before, *done)


def _take_out(session: Session, of: type[Base], *which: ColumnElement[bool]) -> int:
    id: ColumnElement[Any] = table(of).c.id
    spent = select(id).where(*which).order_by(id).limit(BATCH)
    return session.connection().execute(delete(table(of)).where(id.in_(spent))).rowcount


def named(session: Session, digests: Sequence[str]) -> set[str]:
    """Which of these files came with a report, an answer, a package, a problem, an advice or a trip, prove that one
    left, or hold the pages of a rehearsal.
    """
    came = (table(of).c.digest for of in _WITH_FILES)
    kept = (*came, table(Sending).c.proof, table(InboundWord).c.word, table(Order).c.pages)
    query = union(*(select(digest).where(digest.in_(digests)) for digest in kept))
    return set(session.connection().execute(query).scalars())


def began(session: Session) -> datetime | None:
    """When this desk began to keep books; older files are not its own. None: it has not begun."""
    return session.scalar(select(func.min(Programme.loaded_at)))
