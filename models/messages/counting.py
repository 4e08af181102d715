"""How many messages there are: made for an address or an office, waiting, in a worker's hands."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from models import direct
from models.base import table, without
from models.direct import among, fixed
from models.messages.messages import ASKED_FOR, KEPT_BACK, WAITING, Message
from models.offices.offices import Contact, Office
from rules.delivery import State
from rules.desk import Channel

_T = table(Message)


class Past(NamedTuple):
    """What an address got lately; `last_at` None: nothing."""

    last_at: datetime | None
    today: int


def added(pasts: Iterable[Past]) -> Past:
    """Several pasts as one."""
    pasts = list(pasts)
    return Past(max((p.last_at for p in pasts if p.last_at), default=None), sum(p.today for p in pasts))


_PAST = (
    select(_T.c.contact_id, func.max(_T.c.created_at), func.count())
    .where(
        among(_T.c.contact_id, "contacts"),
        _T.c.created_at >= bindparam("since"),
        _T.c.state != fixed(State.CANCELLED),
        ~ASKED_FOR,
    )
    .group_by(_T.c.contact_id)
)


def past(session: Session, contact_ids: Iterable[int], *, since: datetime) -> dict[int, Past]:
    """By contact: when the last message was made, and how many since `since`. Cancelled ones do not count.

    Nor does a link that somebody asked for.
    """
    rows = direct.rows(session, _PAST, {"contacts": list(contact_ids), "since": since})
    return {contact: Past(last_at, today) for contact, last_at, today in rows}


_OFFICE, _CONTACT = table(Office).c, table(Contact).c
_CONTACTS = select(_CONTACT.id).join_from(table(Office), table(Contact), _CONTACT.office_id == _OFFICE.id)
_MADE = (
    select(_T.c.office_id, func.count())
    .where(
        _T.c.contact_id.in_(_CONTACTS.where(_OFFICE.desk == bindparam("desk"))),
        _T.c.programme_id == bindparam("programme"),
        _T.c.created_at >= bindparam("since"),
        _T.c.state != fixed(State.CANCELLED),
        ~ASKED_FOR,
    )
    .group_by(_T.c.office_id)
)


def made(session: Session, programme_id: int, desk: str, *, since: datetime) -> dict[int, int]:
    """By office of a desk, how many messages were made for it since then; those that were taken back do not count."""
    facts = {"programme": programme_id, "desk": desk, "since": since}
    return dict(direct.rows(session, _MADE, facts))


def in_flight(session: Session) -> int:
    """How many messages a worker has in its hands now."""
    return session.scalar(select(func.count()).where(WAITING, _T.c.state == State.SENDING)) or 0


def waiting(session: Session, *, now: datetime, aside: Collection[int] = ()) -> dict[Channel, list[int]]:
    """By channel, all messages whose turn it is, the longest waiting first; `aside` as in `bells.ring`."""
    query = (
        select(_T.c.channel, _T.c.id)
        .where(WAITING, _T.c.state == State.PENDING, _T.c.due_at <= now)
        .order_by(_T.c.due_at, _T.c.id)
    )
    by_channel: dict[Channel, list[int]] = defaultdict(list)
    for channel, id in session.connection().execute(without(query, _T.c.programme_id, aside)):
        by_channel[channel].append(id)
    return by_channel


def later(session: Session, *, now: datetime) -> tuple[int, datetime] | None:
    """How many messages wait for a later try, and when the first is due; None: none does."""
    query = select(func.count(), func.min(_T.c.due_at)).where(WAITING, _T.c.state == State.PENDING, _T.c.due_at > now)
    count, first_at = session.connection().execute(query).one()
    return (count, first_at) if count else None


def last_sent(session: Session, channel: Channel) -> datetime | None:
    """When the last message left by a channel; None: none did. What only went to the outbox folder is not counted."""
    left = Message.channel == channel, Message.state == State.SENT, ~KEPT_BACK
    return session.scalar(select(func.max(Message.settled_at)).where(*left))
