"""Messages as an operator sees them, and the two things he may do about one: ask for one more try, or take it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, bindparam, false, func, select, update
from sqlalchemy.orm import Session

from models.base import table
from models.desk.programmes import Programme
from models.messages import letters
from models.messages.messages import KEPT_BACK, Message, may_move
from models.messages.notices import Notice
from models.offices.offices import Contact, Office
from rules import delivery
from rules.delivery import State
from rules.desk import Channel
from rules.dispatch import NoticeState
from rules.ladder import Say

_M, _N = table(Message), table(Notice)


class Filter(NamedTuple):
    """Which messages; None: any."""

    channel: Channel | None = None
    state: State | None = None
    office: str | None = None
    since: datetime | None = None
    ids: Sequence[int] | None = None
    programmes: Sequence[int] | None = None


class Listed(NamedTuple):
    """One message without its text.

    `due_at`: the next try; `address` is whole: mask it before anybody sees it; `kept_back`: it was written to the
    outbox folder, and nobody got it.
    """

    id: int
    programme: str
    office: str
    channel: Channel
    address: str
    say: Say
    state: State
    tries: int
    created_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    doubts: int
    repeated_at: datetime | None
    why: str
    kept_back: bool

    @property
    def possibly_doubled(self) -> bool:
        """Whether it may have arrived twice (`rules.delivery`)."""
        return delivery.possibly_doubled(self.state, doubts=self.doubts, repeated=self.repeated_at is not None)


_COLUMNS = {
    "kept_back": func.coalesce(KEPT_BACK, false()),
    "programme": Programme.code,
    "office": Office.code,
    "address": Contact.address,
}


def listed(session: Session, which: Filter, *, limit: int) -> list[Listed]:
    """The newest messages that fit, the oldest of them first."""
    columns = [_COLUMNS.get(name, _M.c.get(name)) for name in Listed._fields]
    query = (
        select(*columns)  # type: ignore[arg-type]
        .select_from(_M)
        .join(Programme, Programme.id == _M.c.programme_id)
        .join(Office, Office.id == _M.c.office_id)
        .join(Contact, Contact.id == _M.c.contact_id)
        .where(*_conditions(which))
        .order_by(_M.c.id.desc())
        .limit(limit)
    )
    return [Listed._make(row) for row in session.execute(query)][::-1]


def _conditions(which: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if which.channel is not None:
        conditions.append(_M.c.channel == which.channel)
    if which.state is not None:
        conditions.append(_M.c.state == which.state)
    if which.office is not None:
        conditions.append(Office.code == which.office)
    if which.since is not None:
        conditions.append(_M.c.created_at >= which.since)
    if which.programmes is not None:
        conditions.append(_M.c.programme_id.in_(which.programmes))
    if which.ids is not None:
        conditions.append(_M.c.id.in_(which.ids))
    return conditions


_AGAIN = (
    update(_M)
    .where(
        _M.c.id == bindparam("message"),
        _M.c.state == bindparam("old_state", type_=String),
        _M.c.due_at.is_(None),
        may_move(bindparam("new_state", type_=String)),
    )
    .values(state=bindparam("new_state"), due_at=bindparam("now"), bell_at=None, settled_at=None, fence=_M.c.fence + 1)
)


def again(session: Session, id: int, old: State, *, by: str, now: datetime) -> bool:
    """One more try, from `now` on, for a message that ended in `old`; False: it no longer stands there."""
    marked = {"repeated_at": now} if old is State.IN_DOUBT else {}
    change = _AGAIN.values(why=f"to be tried once more, {by}", **marked)
    facts = {"message": id, "old_state": old, "new_state": State.PENDING, "now": now}
    return bool(session.connection().execute(change, facts).rowcount)


_TAKE_BACK = (
    update(_M)
    .where(_M.c.id == bindparam("message"), _M.c.state == State.PENDING)
    .values(state=State.CANCELLED, due_at=None, settled_at=bindparam("now"), why=bindparam("new_why"))
)
_UNSAID = (
    update(_N)
    .where(_N.c.message_id == bindparam("message"), _N.c.state.in_([NoticeState.DISPATCHED, NoticeState.MERGED]))
    .values(state=NoticeState.MOOT, reason=bindparam("new_why"))
)


def take_back(session: Session, id: int, *, why: str, now: datetime) -> bool:
    """Cancel a message that waits, and what it would have said; False: it does not wait any more."""
    facts = {"message": id, "new_why": why[:200], "now": now}
    if not session.connection().execute(_TAKE_BACK, facts).rowcount:
        return False
    session.connection().execute(_UNSAID, {"message": id, "new_why": why[:200]})
    return True


def still_owed(session: Session, ids: Sequence[int], *, now: datetime) -> set[int]:
    """Of these messages, those of which something would still be said."""
    return {
        message
        for message, lines in letters.told(session, ids, now=now).items()
        if any(not line.moot for line in lines)
    }
