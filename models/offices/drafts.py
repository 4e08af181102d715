"""What somebody typed into a form whose session or link had ended. His browser holds the token; only his office sees
it.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant
from models.offices.links import hashed
from rules.drafts import LASTS, MOST


class Draft(Base):
    """The fields of one form, by the path that it is sent to. No path here holds a link's token."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("token_hash", "office_id", "path"), Index("draft_office_ix", "office_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    path: Mapped[str] = mapped_column(String(200))
    fields: Mapped[dict[str, str]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(Instant)


def keep(session: Session, token: str, office_id: int, path: str, fields: Mapping[str, str], *, now: datetime) -> None:
    """Keep what was typed; it replaces an earlier draft of the same form. An office's oldest drafts give way."""
    forget(session, token, office_id, path)
    session.add(
        Draft(token_hash=hashed(token), office_id=office_id, path=path, fields=dict(fields), kept_at=now)
    )  # fmt: skip
    session.flush()
    newest = select(Draft.id).where(Draft.office_id == office_id).order_by(Draft.id.desc()).limit(MOST)
    session.execute(
        delete(Draft).where(Draft.office_id == office_id, Draft.id.not_in(newest)),
        execution_options={"synchronize_session": False},
    )


def of(session: Session, token: str, office_id: int, *, now: datetime) -> list[Draft]:
    """What a browser may show to an office that came back, the oldest first."""
    mine = Draft.token_hash == hashed(token), Draft.office_id == office_id, Draft.kept_at > now - LASTS
    return list(session.scalars(select(Draft).where(*mine).order_by(Draft.id)))


def known(session: Session, token: str) -> bool:
    """Whether this is a token of ours."""
    return session.scalar(select(Draft.id).where(Draft.token_hash == hashed(token)).limit(1)) is not None


def forget(session: Session, token: str, office_id: int, path: str) -> None:
    """Remove a draft that was sent, or is not wanted."""
    mine = Draft.token_hash == hashed(token), Draft.office_id == office_id, Draft.path == path
    session.execute(delete(Draft).where(*mine), execution_options={"synchronize_session": False})


def forget_all(session: Session, office_id: int) -> None:
    """Remove an office's drafts: another holder must not see what the last one typed."""
    session.execute(delete(Draft).where(Draft.office_id == office_id), execution_options={"synchronize_session": False})
