"""Notices of which nobody is told any more, and warnings that have ended."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Update, bindparam, case, literal, select, update
from sqlalchemy.orm import Session

from models.base import Instant, insert_new, table
from models.direct import among
from models.matters.matters import Matter
from models.messages.messages import Message, ended
from models.messages.notices import BY_LADDER, Notice, write
from models.offices.offices import Contact
from rules.delivery import State
from rules.desk import Channel
from rules.dispatch import Held, NoticeState
from rules.ladder import Say

_M = table(Matter)
_N = table(Notice)
_G = table(Message)


def unreachable(session: Session, ids: Sequence[int], why: str = "the contact is gone", *, now: datetime) -> None:
    """The contact or zone went wrong since planning; of a warning that is as good an end as any."""
    for id in ids:
        at = case((BY_LADDER, literal(now, Instant)), else_=None)
        write(session, id, state=NoticeState.NOBODY, held=Held.NO, reason=why, other_way_at=at)
    if ids:
        session.connection().execute(_warned(), {"messages": [], "notices": ids, "now": now})


def by_mail(session: Session, ids: Sequence[int], reason: str, *, now: datetime) -> None:
    """Say by mail what these were to say, to offices that have an address; what a rung says has its own other ways."""
    mail, one = table(Contact), table(Notice)
    reached = (mail.c.office_id == one.c.office_id) & (mail.c.channel == Channel.EMAIL)
    query = select(one).join(mail, reached & (mail.c.state == Contact.State.ACTIVE)).where(one.c.id.in_(list(ids)))
    rows = session.connection().execute(query.where(~BY_LADDER, one.c.channel != Channel.EMAIL)).mappings()
    told: dict[str, object] = {
        "channel": Channel.EMAIL,
        "state": NoticeState.PLANNED,
        "held": Held.NO,
        "reason": reason,
    }
    told |= {"release_at": now, "message_id": None, "other_way_at": None}
    insert_new(session, Notice, [{k: v for k, v in (dict(row) | told).items() if k != "id"} for row in rows])


def drop(session: Session, moot: Iterable[tuple[int, str]]) -> None:
    """What turned out at the last moment not to be owed any more."""
    for id, why in moot:
        write(session, id, state=NoticeState.MOOT, reason=why)


def give_up(session: Session, matter_ids: Collection[int], why: str, *, to: Collection[int] | None = None) -> None:
    """Say no more of what was planned about these; `to`: only to these offices."""
    theirs = update(_N).where(_N.c.matter_id.in_(matter_ids), _N.c.state == NoticeState.PLANNED)
    theirs = theirs if to is None else theirs.where(_N.c.office_id.in_(to))
    session.connection().execute(theirs.values(state=NoticeState.MOOT, held=Held.NO, reason=why))


def withhold(session: Session, office_ids: Collection[int], why: str, *, now: datetime) -> None:
    """Tell these offices nothing of what is planned; of a warning that is as good an end as any."""
    theirs = _N.c.office_id.in_(office_ids), _N.c.state == NoticeState.PLANNED
    ids = list(session.connection().execute(select(_N.c.id).where(*theirs)).scalars())
    for id in ids:
        write(session, id, state=NoticeState.NOBODY, held=Held.NO, reason=why, other_way_at=None)
    if ids:
        session.connection().execute(_warned(), {"messages": [], "notices": ids, "now": now})


def warned(session: Session, message_ids: Iterable[int], *, now: datetime) -> None:
    """Matters whose warnings have now all ended (handed over or proved undeliverable) may climb after cooling."""
    session.connection().execute(_warned(), {"messages": list(message_ids), "notices": [], "now": now})


def in_vain(session: Session, id: int, *, now: datetime) -> None:
    """There is no other way for this: if it was a warning, it has ended."""
    session.connection().execute(_warned(), {"messages": [], "notices": [id], "now": now})


def hasten(session: Session, message_ids: Sequence[int], *, now: datetime) -> None:
    """These messages reached nobody, and never will: look for another way now."""
    if message_ids:
        mine = _N.c.message_id.in_(message_ids), _N.c.state == NoticeState.DISPATCHED, BY_LADDER
        session.connection().execute(update(_N).where(*mine).values(other_way_at=now))


@cache
def _warned() -> Update:
    """`rules.warnings.warned` in SQL: for many matters at once, and in the statement that writes it down."""
    touched = select(_N.c.matter_id).where(
        among(_N.c.message_id, "messages") | among(_N.c.id, "notices"),
        _N.c.say == Say.WARNING,
        _N.c.state.in_([NoticeState.DISPATCHED, NoticeState.MERGED, NoticeState.NOBODY]),
    )
    failed = _G.c.state == State.FAILED
    on_its_way = (
        select(_N.c.id)
        .outerjoin(_G, _G.c.id == _N.c.message_id)
        .where(
            _N.c.matter_id == _M.c.id,
            _N.c.round == _M.c.round,
            _N.c.say == Say.WARNING,
            (_N.c.state == NoticeState.PLANNED)
            | (_N.c.state.in_([NoticeState.DISPATCHED, NoticeState.MERGED]) & ~ended())
            | (_N.c.other_way_at.is_not(None) & (failed | (_N.c.state == NoticeState.NOBODY))),
        )
    )
    return (
        update(_M)
        .where(_M.c.id.in_(touched), _M.c.warned_at.is_(None), _M.c.closed_at.is_(None), ~on_its_way.exists())
        .values(warned_at=bindparam("now"), next_at=bindparam("now"))
    )
