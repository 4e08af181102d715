"""Notices: every decision to tell one office one thing, or not to, with its reason. Written once per key."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    case,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, insert_new, table
from models.matters.matters import Matter
from models.messages.messages import Message
from models.offices.offices import Office
from rules import dispatch
from rules.delivery import State
from rules.desk import Audience, Channel
from rules.dispatch import Held, NoticeState
from rules.ladder import Say
from rules.programme import Programme

UNREACHED = "none"
"""Stands for the channel of an office that no channel reaches: a key must not hold NULL."""


class Notice(Base):
    """One decision about one office. Not before `release_at`; `held` says what it waits for, `reason` why it ended.

    `due_at`: when the clock was to see that it is time, for `models.machine.measures`; None: it came of what somebody
    did.
    `other_way_at`: when to look whether the office is to be told by another channel (`rules.other_way`); None: never.
    `own_until`: until when its office's own quiet hours held it; None: they did not.
    """

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("matter_id", "round", "rung", "office_id", "channel", "occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(String(10), default="ladder")
    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"))
    round: Mapped[int]
    rung: Mapped[int]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    channel: Mapped[str] = mapped_column(String(10))
    audience: Mapped[Audience] = mapped_column(Word(Audience, 12))
    say: Mapped[Say] = mapped_column(Word(Say, 12))
    ladder: Mapped[str] = mapped_column(String(40))
    urgent: Mapped[bool]
    planned_at: Mapped[datetime] = mapped_column(Instant)
    release_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[NoticeState] = mapped_column(Word(NoticeState, 12))
    held: Mapped[Held] = mapped_column(Word(Held, 12), default=Held.NO)
    reason: Mapped[str] = mapped_column(String(200), default="")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    policy: Mapped[str] = mapped_column(String(64))
    other_way_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    own_until: Mapped[datetime | None] = mapped_column(Instant)


PLANNED = Notice.state == literal_column("'planned'")  # a literal: a bound one would hide the partial index
Index("notice_release_ix", Notice.release_at, sqlite_where=PLANNED, postgresql_where=PLANNED)
Index("notice_office_ix", Notice.office_id, sqlite_where=PLANNED, postgresql_where=PLANNED)
Index("notice_message_ix", Notice.message_id)
OTHER_WAY = Notice.other_way_at.is_not(None)
Index("notice_other_way_ix", Notice.other_way_at, sqlite_where=OTHER_WAY, postgresql_where=OTHER_WAY)
BY_LADDER = Notice.occasion.in_(["ladder", "other_way"])
"""What a rung planned, and what says the same by another channel; only these have another way."""


class About(NamedTuple):
    """What a notice is about: a matter in one of its rounds. `rung` -1: no rung says it."""

    matter_id: int
    ladder: str
    round: int
    occasion: str
    rung: int = -1


class To(NamedTuple):
    """Whom a notice tells. `channel` None: nothing reaches the office."""

    office_id: int
    zone: str
    channel: Channel | None
    audience: Audience = Audience.REPORTER


class New(NamedTuple):
    """A notice to be stored; see `Notice`. Made by `new` alone, which knows when it may go."""

    occasion: str
    matter_id: int
    round: int
    rung: int
    office_id: int
    channel: str
    audience: Audience
    say: Say
    ladder: str
    urgent: bool
    planned_at: datetime
    release_at: datetime
    state: NoticeState
    held: Held
    reason: str
    policy: str
    due_at: datetime | None
    other_way_at: datetime | None = None


def new(
    programme: Programme,
    about: About,
    to: To,
    say: Say,
    *,
    urgent: bool,
    reason: str = "",
    due_at: datetime | None = None,
    under: str = "",
    not_before: datetime | None = None,
    now: datetime,
) -> New:
    """A decision to tell an office something as soon as quiet hours let it; or that nobody can be told.

    `under`: the digest of the earlier policy whose ladder says so, if it is one. `not_before`: the hour at which those
    below were told that it is said; quiet hours are asked again then.
    """
    passes = urgent or to.channel is None
    release_at = dispatch.release_at(say, about.ladder, to.zone, programme.peace, urgent=passes, now=now)
    held = Held.QUIET if release_at > now else Held.NO
    if to.channel and not_before and not_before > now:
        release_at, held = not_before, Held.NAMED
    return New(
        occasion=about.occasion,
        matter_id=about.matter_id,
        round=about.round,
        rung=about.rung,
        office_id=to.office_id,
        channel=to.channel or UNREACHED,
        audience=to.audience,
        say=say,
        ladder=about.ladder,
        urgent=urgent,
        planned_at=now,
        release_at=release_at,
        state=NoticeState.PLANNED if to.channel else NoticeState.NOBODY,
        held=held,
        reason=reason,
        policy=programme.speaks(under).digest,
        due_at=due_at,
    )


def add(session: Session, decided: Iterable[New]) -> None:
    """Store decisions; one whose key is there already is left as it was decided first."""
    insert_new(session, Notice, (notice._asdict() for notice in decided))


_N, _M = table(Notice), table(Matter)
BATCH = 500
"""Notices whose offices are decided on in one transaction: all of an office at once, and bells ring after each."""


def write(session: Session, id: int, **values: object) -> None:
    """Change one notice."""
    session.execute(update(Notice).where(Notice.id == id).values(**values))


def heard_of(session: Session, matter_id: int) -> set[str]:
    """The codes of the offices that are told of a matter, in whatever round."""
    query = select(Office.code).join(_N, _N.c.office_id == Office.id)
    told = _N.c.state.in_([NoticeState.DISPATCHED, NoticeState.MERGED])
    return set(session.connection().execute(query.where(_N.c.matter_id == matter_id, told)).scalars())


_LEFT = Message.state.in_([State.SENT, State.SENDING, State.IN_DOUBT]) | (Message.doubts > 0)
"""A message that somebody has, or may have."""


def heard(session: Session, programme_id: int) -> dict[int, set[str]]:
    """By open matter, the codes of the offices that were told of it, or may have been, in whatever round."""
    query = (
        select(_N.c.matter_id, Office.code)
        .join_from(_N, _M, _M.c.id == _N.c.matter_id)
        .join(Message, Message.id == _N.c.message_id)
        .join(Office, Office.id == _N.c.office_id)
        .where(
            _M.c.programme_id == programme_id,
            _M.c.closed_at.is_(None),
            _N.c.state.in_([NoticeState.DISPATCHED, NoticeState.MERGED]),
            _LEFT,
        )
        .distinct()
    )
    heard_of: dict[int, set[str]] = {}
    for matter_id, code in session.connection().execute(query):
        heard_of.setdefault(matter_id, set()).add(code)
    return heard_of


def unsaid(session: Session, matter_ids: Collection[int], say: Say) -> set[int]:
    """Of which of these matters something was to be said in their present round, and nobody can have read it yet."""
    query = (
        select(_N.c.matter_id, func.max(case((_LEFT, 1), else_=0)))
        .join_from(_N, _M, _M.c.id == _N.c.matter_id)
        .outerjoin(Message, Message.id == _N.c.message_id)
        .where(_N.c.matter_id.in_(matter_ids), _N.c.say == say, _N.c.round == _M.c.round)
        .group_by(_N.c.matter_id)
    )
    return {matter_id for matter_id, left in session.connection().execute(query) if not left}


def of(session: Session, matter_id: int) -> list[Notice]:
    """Everything decided about a matter, in order."""
    return list(session.scalars(select(Notice).where(Notice.matter_id == matter_id).order_by(Notice.id)))


class Fate(NamedTuple):
    """What became of a notice."""

    state: NoticeState
    held: Held
    reason: str
    release_at: datetime


def fates(session: Session, ids: Sequence[int]) -> list[Fate]:
    """What became of these notices."""
    columns = _N.c.state, _N.c.held, _N.c.reason, _N.c.release_at
    query = select(*columns).where(_N.c.id.in_(bindparam("ids", expanding=True)))
    parts = [ids[first : first + BATCH] for first in range(0, len(ids), BATCH)]
    return [Fate(*row) for part in parts for row in session.connection().execute(query, {"ids": part})]
