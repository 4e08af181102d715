"""What is known of each channel: whether it is down, when it is probed, and when its rate lets the next message go."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import String, bindparam, false, func, select, true, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base, Instant, Word, insert_new, table
from models.direct import fixed
from models.machine import clock
from models.machine.clock import Mark
from rules.desk import Channel


class ChannelState(Base):
    """One channel; no row: it was never down and has no rate. `free_at` is the instant of `rules.pace`.

    `pass_at`: when it has been down for so long that others are used where they reach; None once that was seen to.
    `by_delivery_report`: a delivery report says that it is down. Then `quiet_since` is when a probe was taken, if
    nothing bad was heard of it yet. `up_since`: when it last came up. `unreached`: so many openings failed in a row, of
    all processes together, the first at `unreached_since`.
    """

    __tablename__ = "channel"

    channel: Mapped[Channel] = mapped_column(Word(Channel, 10), primary_key=True)
    down_since: Mapped[datetime | None] = mapped_column(Instant)
    probe_at: Mapped[datetime | None] = mapped_column(Instant)
    probes: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(String(200), default="")
    free_at: Mapped[datetime | None] = mapped_column(Instant)
    pass_at: Mapped[datetime | None] = mapped_column(Instant)
    by_delivery_report: Mapped[bool] = mapped_column(default=False, server_default=false())
    quiet_since: Mapped[datetime | None] = mapped_column(Instant)
    up_since: Mapped[datetime | None] = mapped_column(Instant)
    unreached: Mapped[int] = mapped_column(default=0, server_default="0")
    unreached_since: Mapped[datetime | None] = mapped_column(Instant)


class Known(NamedTuple):
    """A channel as it is now, and whether all sending is on hold, or what a hold kept back is going out slowly."""

    on_hold: bool = False
    releasing: bool = False
    down_since: datetime | None = None
    probe_at: datetime | None = None
    probes: int = 0
    why: str = ""
    free_at: datetime | None = None
    pass_at: datetime | None = None
    by_delivery_report: bool = False
    quiet_since: datetime | None = None
    up_since: datetime | None = None
    unreached: int = 0

    @property
    def passed_over(self) -> bool:
        """Whether other channels are used where they reach."""
        return self.down_since is not None and self.pass_at is None


_C, _M = table(ChannelState), table(Mark)
_STATE = (
    *("down_since", "probe_at", "probes", "why", "free_at", "pass_at"),
    *("by_delivery_report", "quiet_since", "up_since", "unreached"),
)
_HELD = select(_M.c.at).where(_M.c.name == fixed(clock.HOLD)).scalar_subquery()
_RELEASED = select(_M.c.reason).where(_M.c.name == fixed(clock.RELEASED)).scalar_subquery()
_ASKED = select(_HELD.label("held_at"), _RELEASED.label("releasing")).subquery()
_KNOWN = select(_ASKED, _C.c.channel, *(_C.c[name] for name in _STATE)).outerjoin_from(_ASKED, _C, true())


def known(session: Session, channel: Channel) -> Known:
    """What is known of a channel now, in the transaction that will use it."""
    return every(session)[channel]


def every(session: Session) -> Mapping[Channel, Known]:
    """What is known of every channel."""
    rows = direct.rows(session, _KNOWN)
    held_at, releasing, *_ = rows[0]
    hold = held_at is not None, bool(releasing)
    states = {channel: state for _, _, channel, *state in rows}
    return {channel: Known(*hold, *states.get(channel, ())) for channel in Channel}


def row(session: Session, channel: Channel) -> None:
    """Make sure that a channel has its row."""
    insert_new(session, ChannelState, [{"channel": channel, "probes": 0, "why": ""}])


_UP = _C.c.down_since.is_(None)
_GO_DOWN = (
    update(_C)
    .where(_C.c.channel == bindparam("which"), _UP)
    .values(
        down_since=bindparam("now"),
        probe_at=bindparam("at"),
        pass_at=bindparam("passed"),
        probes=0,
        why=bindparam("reason"),
        by_delivery_report=bindparam("reported"),
        unreached=0,
        unreached_since=None,
    )
)
_COME_UP = (
    update(_C)
    .where(_C.c.channel == bindparam("which"), ~_UP)
    .values(
        down_since=None,
        probe_at=None,
        pass_at=None,
        probes=0,
        why="",
        by_delivery_report=False,
        quiet_since=None,
        up_since=bindparam("now"),
    )
)
_PROBE = (
    update(_C)
    .where(_C.c.channel == bindparam("which"), ~_UP, _C.c.probe_at <= bindparam("now"))
    .values(probe_at=bindparam("at"), probes=_C.c.probes + 1)
)
_TAKEN = update(_C).where(_C.c.channel == bindparam("which"), ~_UP).values(quiet_since=bindparam("at"))
_PROBE_NOW = update(_C).where(_C.c.channel == bindparam("which"), ~_UP).values(probe_at=bindparam("now"))
_NOT_REACHED = (
    update(_C)
    .where(_C.c.channel == bindparam("which"), _UP)
    .values(
        unreached=_C.c.unreached + 1,
        unreached_since=func.coalesce(_C.c.unreached_since, bindparam("now", type_=Instant())),
    )
    .returning(_C.c.unreached, _C.c.unreached_since)
)
_REACHED = (
    update(_C).where(_C.c.channel == bindparam("which"), _C.c.unreached > 0).values(unreached=0, unreached_since=None)
)
_FREE_AT = select(_C.c.free_at).where(_C.c.channel == bindparam("which")).with_for_update()
_SPEND = update(_C).where(_C.c.channel == bindparam("which")).values(free_at=bindparam("at"))


def go_down(
    session: Session,
    channel: Channel,
    *,
    why: str,
    by_delivery_report: bool = False,
    probe_at: datetime,
    pass_at: datetime,
    now: datetime,
) -> bool:
    """Stop a channel for everybody; whether it was up until now."""
    row(session, channel)
    values = {"which": channel, "now": now, "at": probe_at, "passed": pass_at, "reason": why[:200]}
    values["reported"] = by_delivery_report
    return bool(session.connection().execute(_GO_DOWN, values).rowcount)


def come_up(session: Session, channel: Channel, *, now: datetime) -> bool:
    """Use a channel again; whether it was down until now."""
    return bool(session.connection().execute(_COME_UP, {"which": channel, "now": now}).rowcount)


def taken(session: Session, channel: Channel, at: datetime | None) -> None:
    """A probe was taken then; None: something bad was heard of it."""
    session.connection().execute(_TAKEN, {"which": channel, "at": at})


def not_reached(session: Session, channel: Channel, *, now: datetime) -> tuple[int, datetime] | None:
    """Count an opening that failed: how many in a row there are now, and since when; None: the channel is down."""
    row(session, channel)
    failed = session.connection().execute(_NOT_REACHED, {"which": channel, "now": now}).one_or_none()
    return (failed[0], failed[1]) if failed else None


def reached(session: Session, channel: Channel) -> None:
    """Somebody was reached: what failed before was a hiccup."""
    session.connection().execute(_REACHED, {"which": channel})


def take_probe(session: Session, channel: Channel, *, again_at: datetime, now: datetime) -> bool:
    """Whether the caller may try one message now. Nobody else may before `again_at`, even if the caller dies."""
    values = {"which": channel, "now": now, "at": again_at}
    return bool(session.connection().execute(_PROBE, values).rowcount)


def probe_now(session: Session, channel: Channel, *, now: datetime) -> bool:
    """Let the next message probe at once: somebody mended something, or a probe told nothing; whether it is down."""
    return bool(session.connection().execute(_PROBE_NOW, {"which": channel, "now": now}).rowcount)


def pass_over(session: Session, *, now: datetime) -> list[Channel]:
    """Channels that have just been down for long enough to be passed over; each is told of once."""
    change = update(_C).where(~_UP, _C.c.pass_at <= now).values(pass_at=None).returning(_C.c.channel)
    return list(session.connection().execute(change).scalars())


def free_at(session: Session, channel: Channel) -> datetime | None:
    """When the next message is free to go, locked for the caller, who spends from it."""
    row(session, channel)
    at: datetime | None = session.connection().execute(_FREE_AT, {"which": channel}).scalar_one()
    return at


def spend(session: Session, channel: Channel, free_at: datetime) -> None:
    """Messages were taken: the next is free to go then."""
    session.connection().execute(_SPEND, {"which": channel, "at": free_at})
