"""Who may have to be told by another channel, and what is known of it: queries over notices, messages and signs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, union_all, update
from sqlalchemy.orm import Session

from models.base import Instant, table, without
from models.matters.matters import Kind, Matter
from models.matters.promises import Promise
from models.matters.reports import Report
from models.messages import delivery_reports, notices
from models.messages.messages import WAITING, Message
from models.messages.notices import PLANNED, Notice
from models.offices.links import Link
from models.offices.offices import Contact, Office
from rules.delivery import State
from rules.desk import Audience, Channel
from rules.dispatch import NoticeState
from rules.ladder import Say

OCCASION = "other_way"
"""Of notices that say by another channel what a rung has said."""


class Told(NamedTuple):
    """A notice that was told, or is to be, by one channel; `current` as in `rules.other_way`."""

    notice_id: int
    matter_id: int
    programme_id: int
    kind: Kind
    area: str
    round: int
    rung: int
    ladder: str
    audience: Audience
    say: Say
    office_id: int
    office: str
    zone: str
    channel: Channel
    notice_state: NoticeState
    release_at: datetime
    current: bool
    promised_until: datetime | None
    acknowledged_until: datetime | None
    message_id: int | None
    contact_id: int | None
    state: State | None
    doubts: int | None
    created_at: datetime | None
    settled_at: datetime | None
    reason: str
    policy: str


_N, _M, _G = table(Notice), table(Matter), table(Message)
_DUE = (
    select(
        _N.c.id,
        _N.c.matter_id,
        _M.c.programme_id,
        _M.c.kind,
        _M.c.area,
        _N.c.round,
        _N.c.rung,
        _N.c.ladder,
        _N.c.audience,
        _N.c.say,
        _N.c.office_id,
        Office.code,
        Office.zone,
        _N.c.channel,
        _N.c.state,
        _N.c.release_at,
        _M.c.closed_at.is_(None) & (_M.c.round == _N.c.round) & (_M.c.reached == _N.c.rung),
        _M.c.promised_until,
        _M.c.acknowledged_until,
        _G.c.id,
        _G.c.contact_id,
        _G.c.state,
        _G.c.doubts,
        _G.c.created_at,
        _G.c.settled_at,
        _N.c.reason,
        _M.c.policy,
    )
    .join_from(_N, _M, _M.c.id == _N.c.matter_id)
    .join(Office, Office.id == _N.c.office_id)
    .outerjoin(_G, _G.c.id == _N.c.message_id)
    .where(_N.c.other_way_at.is_not(None), _N.c.other_way_at <= bindparam("now"))
    .order_by(_N.c.other_way_at, _N.c.id)
    .limit(notices.BATCH)
)


def due(session: Session, *, now: datetime, aside: Collection[int] = ()) -> list[Told]:
    """What is to be looked at now. Whoever asks must be the only dispatcher (`clock.alone`).

    `aside`: programmes that are left alone, for they cannot be read.
    """
    rows = session.connection().execute(without(_DUE, _M.c.programme_id, aside), {"now": now}).all()
    return [Told._make(row)._replace(channel=Channel(row.channel)) for row in rows]


def lost(session: Session, told: Iterable[Told]) -> set[int]:
    """Messages of which the provider said afterwards that they did not arrive."""
    sent = {t.message_id for t in told if t.message_id is not None and t.state is State.SENT}
    return {id for id, fate in delivery_reports.ends(session, sent).items() if fate.lost} if sent else set()


_SIGNS = union_all(
    *(
        select(office.label("office"), func.max(at, type_=Instant).label("at"))
        .where(office.in_(bindparam("offices", expanding=True)), at.is_not(None))
        .group_by(office)
        for office, at in (
            (Report.office_id, Report.recorded_at),
            (Promise.office_id, Promise.made_at),
            (Link.office_id, Link.seen_at),
        )
    )
)


def signs(session: Session, offices: Iterable[int]) -> dict[int, datetime]:
    """By office, when a person there last did something: filed, promised, or answered by a link."""
    last: dict[int, datetime] = {}
    for id, then in session.connection().execute(_SIGNS, {"offices": list(set(offices))}):
        assert then is not None
        last[id] = max(then, last.get(id, then))
    return last


_KEY = _N.c.matter_id, _N.c.round, _N.c.rung, _N.c.office_id
_USED = select(*_KEY, _N.c.channel).where(_N.c.matter_id.in_(bindparam("matters", expanding=True)), notices.BY_LADDER)


def used(session: Session, told: Iterable[Told]) -> Mapping[tuple[int, int, int, int], frozenset[str]]:
    """By matter, round, rung and office, the channels that were decided on."""
    keys = [(t.matter_id, t.round, t.rung, t.office_id) for t in told]
    channels: dict[tuple[int, int, int, int], set[str]] = defaultdict(set)
    rows = session.connection().execute(_USED, {"matters": list({key[0] for key in keys})})
    for matter, round, rung, office, channel in rows:
        channels[matter, round, rung, office].add(channel)
    return {key: frozenset(channels[key]) for key in keys}


_LOOK_AGAIN = update(_N).where(_N.c.id == bindparam("notice")).values(other_way_at=bindparam("again_at"))


def look_again(session: Session, notice_id: int, at: datetime | None) -> None:
    """When to look at this again; None: never."""
    session.connection().execute(_LOOK_AGAIN, {"notice": notice_id, "again_at": at})


def withdraw(session: Session, notice_id: int, reason: str) -> None:
    """Do not say it by this channel any more; it is in no message that anybody could be sending."""
    change = update(_N).where(_N.c.id == notice_id, _N.c.state == NoticeState.PLANNED)
    session.connection().execute(
        change.values(state=NoticeState.MOOT, held="", reason=reason, other_way_at=None, message_id=None)
    )


def pass_over(session: Session, channel: Channel, *, now: datetime) -> None:
    """A channel has been down for long: look for another way for all that still waits for it."""
    waits = select(_G.c.id).where(WAITING, _G.c.channel == channel, _G.c.state == State.PENDING)
    waiting = PLANNED | ((_N.c.state == NoticeState.DISPATCHED) & _N.c.message_id.in_(waits))
    mine = notices.BY_LADDER, _N.c.channel == channel, waiting
    session.connection().execute(update(_N).where(*mine).values(other_way_at=now))


_REACHING = select(table(Contact).c.channel).where(
    table(Contact).c.office_id == bindparam("office"), table(Contact).c.state == Contact.State.ACTIVE
)


def reaching(session: Session, office_id: int) -> list[Channel]:
    """The channels that reach an office now."""
    return list(session.connection().execute(_REACHING, {"office": office_id}).scalars())
