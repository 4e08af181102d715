"""Which messages the workers are told of now. A lost bell rings again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from models import direct
from models.base import table
from models.direct import among, fixed
from models.messages.messages import ASKED_FOR, FIRST, PASSES_HOLD, WAITING, Message
from rules.delivery import State
from rules.desk import Channel

_T = table(Message)
_DUE = (WAITING, _T.c.state == fixed(State.PENDING), _T.c.due_at <= bindparam("now"))
_OF_ONE = (*_DUE, _T.c.channel == bindparam("channel"))
_UNHEARD = (
    _T.c.bell_at.is_(None) | (_T.c.bell_at <= bindparam("unheard_since")),
    ~among(_T.c.programme_id, "aside"),
)


def _first_of(rows: Select[Any]) -> Select[Any]:
    return rows.order_by(_T.c.due_at, _T.c.id).limit(bindparam("most")).with_for_update(skip_locked=True)


_WAITS = _first_of(select(_T.c.id).where(*_OF_ONE, *_UNHEARD))
_WALKS = (_WAITS.where(FIRST, ~ASKED_FOR), _WAITS.where(FIRST), _WAITS)
_PASSES = (FIRST, PASSES_HOLD)
_ON_HOLD = (_WAITS.where(*_PASSES),)
_RANG = update(_T).where(among(_T.c.id, "ids")).values(bell_at=bindparam("at"))
_WALKED_AT = case((FIRST, case((ASKED_FOR, 1), else_=0)), else_=2)
"""In which of the walks a message is found."""
MOST_AT_ONCE = 5000
"""For so many messages of a channel the bell rings in one transaction."""


@cache
def _together(channels: frozenset[Channel], *, on_hold: bool) -> Select[Any]:
    """What waits for these channels, in one walk."""
    theirs = or_(*(_T.c.channel == fixed(channel) for channel in sorted(channels)))
    held = _PASSES if on_hold else ()
    return _first_of(select(_T.c.channel, _T.c.id, _WALKED_AT).where(*_DUE, theirs, *_UNHEARD, *held))


def ring(
    session: Session,
    most: Mapping[Channel, int],
    *,
    now: datetime,
    again: timedelta,
    aside: Collection[int] = (),
    on_hold: bool = False,
) -> dict[Channel, list[int]]:
    """Messages to try now, so many by channel, noted as those the bell rings for; for each it does so once in `again`.

    Those that go first, then what was asked for, which strangers may have done, then the others, of each the longest
    waiting first. Where few wait, one walk along an index finds them all; else each kind of each channel has its own,
    for no backlog may be sorted at every turn. What somebody else holds is passed over: he may be dead, and hold it
    for long.
    `aside`: programmes that are left alone, for they cannot be read.
    `on_hold`: only what passes a hold.
    """
    most = {channel: count for channel, count in most.items() if count}
    if not most:
        return {}
    facts = {"now": now, "unheard_since": now - again, "aside": aside, "most": min(most.values())}
    found = direct.rows(session, _together(frozenset(most), on_hold=on_hold), facts)
    if len(found) == facts["most"]:
        return _ring_by_kind(session, most, facts, _ON_HOLD if on_hold else _WALKS)
    in_order = sorted(found, key=lambda row: row[2])
    ringing = {channel: [id for at, id, _ in in_order if at == channel] for channel in most}
    if found:
        direct.run(session, _RANG, {"ids": [id for _, id, _ in in_order], "at": now})
    return {channel: ids for channel, ids in ringing.items() if ids}


def _ring_by_kind(
    session: Session, most: Mapping[Channel, int], facts: Mapping[str, Any], walks: Sequence[Select[Any]]
) -> dict[Channel, list[int]]:
    ringing: dict[Channel, list[int]] = {}
    for channel, count in most.items():
        for walk in walks:
            left = count - len(ringing.get(channel, ()))
            own = {**facts, "channel": channel, "most": left}
            ids = [id for (id,) in direct.rows(session, walk, own)] if left else []
            if ids:
                ringing[channel] = [*ringing.get(channel, ()), *ids]
                direct.run(session, _RANG, {"ids": ids, "at": facts["now"]})
    return ringing


def waiting(session: Session, channel: Channel, *, upto: int, now: datetime) -> int:
    """How many messages of a channel wait to be tried now; counts no further than `upto`."""
    ((count,),) = direct.rows(session, _WAITING, {"channel": channel, "now": now, "most": upto})
    return int(count)


_WAITING = select(func.count()).select_from(select(_T.c.id).where(*_OF_ONE).limit(bindparam("most")).subquery())


def passing_hold(session: Session, ids: Sequence[int]) -> list[int]:
    """Which of these a hold lets go."""
    return [id for (id,) in direct.rows(session, _WHICH_PASS, {"ids": ids})]


_WHICH_PASS = select(_T.c.id).where(among(_T.c.id, "ids"), PASSES_HOLD).order_by(_T.c.id)


def silence(session: Session, ids: Sequence[int]) -> None:
    """The bell rang for these, and they could not be taken: it may ring for them again at the next turn."""
    if ids:
        direct.run(session, _RANG, {"ids": ids, "at": None})
