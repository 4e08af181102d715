"""Who changed what, when and by which way. The table only grows; the database itself refuses any change to a row.

Reports, promises and tries of messages are records of their own. Here is what people decided about them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, table
from models.matters.matters import Matter
from models.offices import assignments
from rules.assignments import styled


class Way(StrEnum):
    """How somebody came to change something. `through`: the id of the message or the session, where it came by one; of
    REPLY, which is his own words, the id of what he wrote.

    SYSTEM: nobody did, and it stands in the secretariat's name.
    """

    LINK = "link"
    SESSION = "session"
    COMMAND = "command"
    PHONE = "phone"
    REPLY = "reply"
    SYSTEM = "system"


class Change(Base):
    """One change. `what` is a verb; `subject` what people call the thing: R-0805, P-0012, an office's code.

    `title` is the office's at the time, with the form of its holder (Plt.). The holder's name is not here but in the
    assignments, by the day: names can be erased and this record cannot. No number and no address is written here.
    """

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))
    matter_id: Mapped[int | None] = mapped_column(ForeignKey("matter.id"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    title: Mapped[str] = mapped_column(String(120))
    way: Mapped[Way] = mapped_column(Word(Way, 10))
    through: Mapped[int | None]
    what: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60))
    until: Mapped[datetime | None] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(String(500))


class Hand(NamedTuple):
    """Who makes a change: the office, and the way it came in."""

    office_id: int
    title: str
    way: Way
    through: int | None = None


def record(
    session: Session,
    hand: Hand,
    what: str,
    subject: str,
    programme_id: int | None = None,
    matter_id: int | None = None,
    *,
    until: datetime | None = None,
    text: str = "",
    now: datetime,
) -> None:
    """Write down one change, in the transaction that makes it."""
    holder = assignments.holder(session, hand.office_id, at=now)
    row = {
        "programme_id": programme_id,
        "matter_id": matter_id,
        "at": now,
        "office_id": hand.office_id,
        "title": (styled(holder.kind, hand.title) if holder else hand.title)[:120],
        "way": hand.way,
        "through": hand.through,
        "what": what,
        "subject": subject,
        "until": until,
        "text": text[:500],
    }
    session.connection().execute(insert(table(Change)), row)


READ = "read"
"""What is recorded of whoever reads a restricted problem. Nothing was changed; the record is the same."""


class Readings(NamedTuple):
    """How often an office read something, by which way, and when last."""

    title: str
    way: Way
    times: int
    last_at: datetime


def readings(session: Session, matter_id: int) -> list[Readings]:
    """Who read a restricted problem, the latest first."""
    query = (
        select(Change.title, Change.way, func.count(), func.max(Change.at))
        .where(Change.matter_id == matter_id, Change.what == READ)
        .group_by(Change.title, Change.way)
        .order_by(func.max(Change.at).desc(), Change.title)
    )
    return [Readings(*row) for row in session.execute(query)]


GRANTS = ("extended", "paused", "waived", "revoked")
"""What coordinators grant a team, or take back."""


def granted(session: Session, programme_id: int, areas: Sequence[str], *, since: datetime) -> list[tuple[Change, str]]:
    """The last grant or withdrawal for each report of these areas since then, and its area; the latest first."""
    query = (
        select(Change, Matter.area)
        .join(Matter, Matter.id == Change.matter_id)
        .where(Change.programme_id == programme_id, Matter.area.in_(areas), Change.what.in_(GRANTS), Change.at >= since)
        .order_by(Change.id)
    )
    last = {change.matter_id: (change, area) for change, area in session.execute(query)}
    return sorted(last.values(), key=lambda grant: -grant[0].id)


def rests(session: Session, matter_id: int) -> bool:
    """Whether a late report's chase rests because more time was granted, and not because somebody acknowledged it."""
    own = Change.matter_id == matter_id, Change.what.in_((*GRANTS, "acknowledged"))
    return session.scalar(select(Change.what).where(*own).order_by(Change.id.desc()).limit(1)) == "paused"


def about(session: Session, matter_id: int) -> list[Change]:
    """What was changed about a report or a problem, the first first."""
    own = Change.matter_id == matter_id, Change.what != SHOWN
    return list(session.scalars(select(Change).where(*own).order_by(Change.id)))


def of(session: Session, matter_ids: Iterable[int], *, until: datetime) -> list[Change]:
    """What was changed about these by then, the first first. To look at something is no change."""
    own = Change.matter_id.in_(list(matter_ids)), Change.what.not_in((SHOWN, READ)), Change.at <= until
    return list(session.scalars(select(Change).where(*own).order_by(Change.id)))


SHOWN = "number shown"
"""Not a change: somebody was shown the whole number of the office that the row names."""


def seen(session: Session, hand: Hand, matter_ids: Iterable[int]) -> set[tuple[int, str]]:
    """The offices whose numbers were shown for these matters in this session."""
    own = Change.what == SHOWN, Change.way == hand.way, Change.through == hand.through
    query = select(Change.matter_id, Change.subject).where(Change.matter_id.in_(list(matter_ids)), *own)
    return {(int(matter_id or 0), code) for matter_id, code in session.execute(query)}


def looks(session: Session, code: str, *, limit: int) -> list[Change]:
    """To whom the number of an office was shown, the latest first."""
    query = select(Change).where(Change.what == SHOWN, Change.subject == code)
    return list(session.scalars(query.order_by(Change.id.desc()).limit(limit)))
