"""How a worker takes messages: for a limited time, under a fence, with the try counted."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from models import direct
from models.base import Instant, table
from models.direct import among, fixed
from models.messages.messages import Message
from models.offices.offices import Contact, Office, at_peace
from rules.delivery import State
from rules.desk import Channel
from rules.ladder import Say

_T = table(Message)


class Addressed(NamedTuple):
    """Whom a message goes to. `address` None: the contact was withdrawn meanwhile.

    `wrote_at`: when the office last wrote to us by this channel; None: never. `quiet`: own quiet hours, of the
    office and of whoever holds it.
    """

    code: str
    title: str
    sms_name: str
    zone: str
    address: str | None
    wrote_at: datetime | None = None
    quiet: tuple[str, str] = ("", "")


class Claim(NamedTuple):
    """A message this worker holds until its lease ends."""

    id: int
    fence: int
    tries: int
    programme_id: int
    office_id: int
    contact_id: int
    channel: Channel
    say: Say
    created_at: datetime
    doubts: int
    nonce: str
    to: Addressed


class Said(NamedTuple):
    """What a message said when it was tried; `segments` of a text, 0 for a mail."""

    subject: str
    text: str
    segments: int


_OF_MESSAGE = Claim._fields[:-1]
_TO = (
    *(Office.code, Office.title, Office.sms_name, Office.zone, Contact.address, Contact.state, Contact.wrote_at),
    *(Office.quiet, Office.own_quiet),
)
_NOW_DUE = func.coalesce(_T.c.due_at, bindparam("now")) <= bindparam("now", type_=Instant())
"""Hides `message_due_ix`: PostgreSQL would walk all that is due there to find ten whose numbers are given."""
_FREE = (
    select(*(_T.c[name] for name in _OF_MESSAGE), *_TO)
    .join(Contact, Contact.id == _T.c.contact_id)
    .join(Office, Office.id == Contact.office_id)
    .where(
        among(_T.c.id, "ids"),
        _T.c.state == fixed(State.PENDING),
        _NOW_DUE,
    )
    .order_by(_T.c.id)
    .with_for_update(of=_T, skip_locked=True)
)
_TAKE = (
    update(_T)
    .where(among(_T.c.id, "ids"), _T.c.state == fixed(State.PENDING))
    .values(state=State.SENDING, due_at=bindparam("lease_ends"), tries=_T.c.tries + 1, fence=_T.c.fence + 1)
)


def claim(session: Session, ids: Sequence[int], *, lease: timedelta, now: datetime) -> list[Claim]:
    """Take what is free of `ids`: lock by primary key, then mark as being sent. What others hold is left out."""
    free = direct.rows(session, _FREE, {"ids": ids, "now": now})
    if free:
        direct.run(session, _TAKE, {"ids": [id for id, *_ in free], "lease_ends": now + lease})
    return [_claimed(*row) for row in free]


def _claimed(id: int, fence: int, tries: int, *row: Any) -> Claim:
    own, (code, title, sms_name, zone, address, state, wrote_at, *quiet) = row[: -len(_TO)], row[-len(_TO) :]
    channel = own[_OF_MESSAGE.index("channel") - 3]
    reached = address if state is Contact.State.ACTIVE else None
    to = Addressed(code, title, sms_name, zone, reached, wrote_at, at_peace(channel, quiet))
    return Claim._make((id, fence + 1, tries + 1, *own, to))


_PUT_OFF = (
    update(_T)
    .where(_T.c.id == bindparam("message"), _T.c.fence == bindparam("held"), _T.c.state == State.SENDING)
    .values(
        state=State.PENDING, due_at=bindparam("until"), bell_at=None, tries=_T.c.tries - 1, why=bindparam("new_why")
    )
)


def put_off(session: Session, waits: Sequence[tuple[Claim, datetime, str]]) -> None:
    """Let go of claims that turned out to have to wait, untried; what was said by an earlier try stays."""
    if waits:
        rows = [{"message": c.id, "held": c.fence, "until": until, "new_why": why} for c, until, why in waits]
        session.connection().execute(_PUT_OFF, rows)


_WRITTEN = (
    update(_T)
    .where(_T.c.id == bindparam("message"))
    .values({name: bindparam(f"new_{name}") for name in ("subject", "text", "segments")})
)


def keep_words(session: Session, said: Mapping[int, Said]) -> None:
    """Keep what claimed messages are about to say: where a worker falls silent, its text is looked for by its words."""
    if said:
        rows = [{"message": id, **{f"new_{name}": v for name, v in s._asdict().items()}} for id, s in said.items()]
        session.connection().execute(_WRITTEN, rows)
