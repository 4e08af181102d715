"""Rows of a table that somebody checks before he confirms them. They are kept for an hour and can be taken once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant

LASTS = timedelta(hours=1)


class Upload(Base):
    """The rows read from a file, and the digest of what the page said they would do.

    `programme_id` None: a list of who holds which office, which is about the desk.
    """

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    digest: Mapped[str] = mapped_column(String(64))
    rows: Mapped[list[Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant)


def keep(
    session: Session, programme_id: int | None, office_id: int, rows: Sequence[Any], *, digest: str, now: datetime
) -> int:
    """Keep rows for confirming and return their id. All rows older than an hour are removed."""
    session.execute(delete(Upload).where(Upload.created_at <= now - LASTS))
    upload = Upload(
        programme_id=programme_id, office_id=office_id, rows=list(rows), digest=digest, created_at=now
    )  # fmt: skip
    session.add(upload)
    session.flush()
    return upload.id


def take(session: Session, id: int, programme_id: int | None, office_id: int, *, now: datetime) -> Upload | None:
    """Take out the rows that an office may confirm; None: too old, taken before, or another office's."""
    mine = (Upload.id == id, Upload.office_id == office_id, Upload.programme_id == programme_id)
    upload = session.scalar(select(Upload).where(*mine, Upload.created_at > now - LASTS).with_for_update())
    if upload is not None:
        session.delete(upload)
    return upload
