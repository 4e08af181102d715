"""Guests: who may read the board by a link, of which districts, until when, and when they looked. No token is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant
from models.offices.links import hashed


class Guest(Base):
    """One link for one guest. `areas`: codes of districts with spaces between; empty: all. `given_by`: an office."""

    __tablename__ = "guest"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    areas: Mapped[str] = mapped_column(String(2000), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    given_by: Mapped[int] = mapped_column(ForeignKey("office.id"))
    given_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class GuestLook(Base):
    """That a guest looked at a page; appended, at most once an hour for each page."""

    __tablename__ = "guest_look"

    id: Mapped[int] = mapped_column(primary_key=True)
    guest_id: Mapped[int] = mapped_column(ForeignKey("guest.id"))
    page: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)


Index("guest_look_guest_ix", GuestLook.guest_id, GuestLook.page, GuestLook.at)


class Seen(NamedTuple):
    """A guest, how often it was written down that he looked, and when last; None: he never did."""

    guest: Guest
    looks: int
    last_at: datetime | None


def by_token(session: Session, token: str) -> Guest | None:
    """Whoever was given this token, also if it no longer works."""
    return session.scalar(select(Guest).where(Guest.token_hash == hashed(token)))


def of(session: Session, programme_id: int) -> Sequence[Seen]:
    """Everybody who was ever given a link, the latest first."""
    query = (
        select(Guest, func.count(GuestLook.id), func.max(GuestLook.at))
        .outerjoin(GuestLook, GuestLook.guest_id == Guest.id)
        .where(Guest.programme_id == programme_id)
        .group_by(Guest.id)
        .order_by(Guest.id.desc())
    )
    return [Seen(*row) for row in session.execute(query)]


def locked(session: Session, programme_id: int, id: int) -> Guest | None:
    """A guest of this programme, locked."""
    own = select(Guest).where(Guest.id == id, Guest.programme_id == programme_id)
    return session.scalar(own.with_for_update())


def last_look(session: Session, guest_id: int, page: str) -> datetime | None:
    """When it was last written down that a guest looked at a page."""
    return session.scalar(select(func.max(GuestLook.at)).where(GuestLook.guest_id == guest_id, GuestLook.page == page))
