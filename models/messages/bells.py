"""Which messages the workers are told of now. A lost bell rings again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from models import direct
from models.base import table
from models.direct import among, fixed
from models.messages.messages import ASKED_FOR, FIRST, PASSES_HOLD, WAITING, Message
from rules.delivery import State
from rules.desk import Channel

_T = table(Message)
_DUE = select(_T.c.id).where(
    WAITING,
    _T.c.channel == bindparam("channel"),
    _T.c.state == fixed(State.PENDING),
    _T.c.due_at <= bindparam("now"),
)
_WAITS = (
    _DUE.where(
        _T.c.bell_at.is_(None) | (_T.c.bell_at <= bindparam("unheard_since")), ~among(_T.c.programme_id, "aside")
    )
    .order_by(_T.c.due_at, _T.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_WALKS = (_WAITS.where(FIRST, ~ASKED_FOR), _WAITS.where(FIRST), _WAITS)
_ON_HOLD = (_WAITS.where(FIRST, PASSES_HOLD),)
_RANG = update(_T).where(among(_T.c.id, "ids")).values(bell_at=bindparam("at"))
MOST_AT_ONCE = 5000
"""For so many messages of a channel the bell rings in one transaction."""


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
    waiting first: walks along an index, for no backlog may be sorted at every turn. What somebody else holds is passed
    over: he may be dead, and hold it for long.
    `aside`: programmes that are left alone, for they cannot be read.
    `on_hold`: only what passes a hold.
    """
    ringing: dict[Channel, list[int]] = {}
    for channel, count in most.items():
        facts = {"channel": channel, "now": now, "unheard_since": now - again, "aside": aside}
        for walk in _ON_HOLD if on_hold else _WALKS:
            left = count - len(ringing.get(channel, ()))
            ids = [id for (id,) in direct.rows(session, walk, facts | {"most": left})] if left else []
            if ids:
                ringing[channel] = [*ringing.get(channel, ()), *ids]
                direct.run(session, _RANG, {"ids": ids, "at": now})
    return ringing


def waiting(session: Session, channel: Channel, *, upto: int, now: datetime) -> int:
    """How many messages of a channel wait to be tried now; counts no further than `upto`."""
    ((count,),) = direct.rows(session, _WAITING, {"channel": channel, "now": now, "most": upto})
    return int(count)


_WAITING = select(func.count()).select_from(_DUE.limit(bindparam("most")).subquery())


def passing_hold(session: Session, ids: Sequence[int]) -> list[int]:
    """Which of these a hold lets go."""
    return [id for (id,) in direct.rows(session, _WHICH_PASS, {"ids": ids})]


_WHICH_PASS = select(_T.c.id).where(among(_T.c.id, "ids"), PASSES_HOLD).order_by(_T.c.id)


def silence(session: Session, ids: Sequence[int]) -> None:
    """The bell rang for these, and they could not be taken: it may ring for them again at the next turn."""
    if ids:
        direct.run(session, _RANG, {"ids": ids, "at": None})
