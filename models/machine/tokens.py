"""Access tokens as they were given out: what each opens, until when, and when it was last used. No token is kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant
from models.offices.links import hashed


class AccessToken(Base):
    """One token of one desk. `name` says what for; `scopes` with spaces between. `given_by`: an office."""

    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(48))
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    given_by: Mapped[int] = mapped_column(ForeignKey("office.id"))
    given_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


def by_token(session: Session, token: str) -> AccessToken | None:
    """The row of a token, also if it no longer opens anything."""
    return session.scalar(select(AccessToken).where(AccessToken.token_hash == hashed(token)))


def every(session: Session) -> Sequence[AccessToken]:
    """All that were ever given out, the latest first."""
    return session.scalars(select(AccessToken).order_by(AccessToken.id.desc())).all()


def good(session: Session, *, now: datetime) -> Sequence[AccessToken]:
    """Those that still open something, locked."""
    query = select(AccessToken).where(AccessToken.revoked_at.is_(None), AccessToken.expires_at > now)
    return session.scalars(query.order_by(AccessToken.id).with_for_update()).all()


def locked(session: Session, id: int) -> AccessToken | None:
    """One of them, locked."""
    return session.scalar(select(AccessToken).where(AccessToken.id == id).with_for_update())
