"""Unknown words in rows, written by hand or by another version. One of them makes a whole query fail.

They are looked for only when reading has failed. Each is replaced by a harmless word. Such a notice is not told, and
the secretariat gets a task that names the row.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, String, Table, case, cast, func, literal, null, select, update
from sqlalchemy.orm import Session

from models.base import Word, table
from models.matters import tasks
from models.matters.advice import Charge
from models.matters.issues import Issue
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.matters.rollcalls import RollCall
from models.matters.tasks import Task, Why
from models.matters.trips import Trip
from models.messages.messages import Message
from models.messages.notices import Notice
from models.offices.offices import Contact
from rules.desk import Audience
from rules.dispatch import Held, NoticeState
from rules.ladder import Say

Read = TypeVar("Read")

ERRORS = (LookupError, ValueError, ArithmeticError, OSError)
"""What one row that makes no sense raises: an unknown ladder, office, zone or word, a time that no calendar has."""

_C, _I, _M, _N, _S, _T = map(table, (Contact, Issue, Matter, Notice, Message, Task))


class Cure(NamedTuple):
    """What replaces an unknown word in a column, and what else becomes of its row."""

    table: Table
    column: str
    word: ColumnElement[Any]
    programme: ColumnElement[int]
    more: Mapping[str, Any] = {}


_BY_MATTER = select(_M.c.programme_id).where(_M.c.id == _N.c.matter_id).scalar_subquery()
_BY_CONTACT = func.coalesce(
    select(func.max(_S.c.programme_id)).where(_S.c.contact_id == _C.c.id).scalar_subquery(),
    select(func.max(_M.c.programme_id)).scalar_subquery(),
)
_UNSAID: Mapping[str, Any] = {"state": NoticeState.MOOT.value, "reason": "set aside: a word in it that nobody knows"}
_KIND = case(
    (select(table(Obligation).c.id).where(table(Obligation).c.id == _M.c.id).exists(), Kind.OBLIGATION.value),
    (select(_I.c.id).where(_I.c.id == _M.c.id).exists(), Kind.ISSUE.value),
    (select(table(Charge).c.id).where(table(Charge).c.id == _M.c.id).exists(), Kind.ADVICE.value),
    (select(table(Trip).c.id).where(table(Trip).c.id == _M.c.id).exists(), Kind.TRIP.value),
    (select(table(RollCall).c.id).where(table(RollCall).c.id == _M.c.id).exists(), Kind.ROLL_CALL.value),
    (_M.c.key.like("%/summary/%"), Kind.SUMMARY.value),
    (_M.c.key.like("%/gate/%"), Kind.GATE.value),
    else_=Kind.TASK.value,
)
CURES = (
    Cure(_M, "kind", _KIND, _M.c.programme_id),
    Cure(_N, "say", literal(Say.DUE.value), _BY_MATTER, _UNSAID),
    Cure(_N, "audience", literal(Audience.REPORTER.value), _BY_MATTER, _UNSAID),
    Cure(_N, "held", literal(Held.NO.value), _BY_MATTER),
    Cure(_S, "say", literal(Say.DUE.value), _S.c.programme_id),
    Cure(_C, "state", literal(Contact.State.ENDED.value), _BY_CONTACT),
    Cure(_T, "why", literal(Why.SET_ASIDE.value), _T.c.programme_id),
    Cure(_T, "channel", null(), _T.c.programme_id),
)


def cured(session: Session, read: Callable[[], Read], *, now: datetime) -> Read:
    """What `read` returns; if unknown words make it fail, what it returns once they are replaced.

    Raises:
        ValueError: it failed for another reason.
    """
    try:
        return read()
    except ValueError:
        if not set_aside(session, now=now):
            raise
        return read()


def set_aside(session: Session, *, now: datetime) -> int:
    """Replace all unknown words, and open a task for each; how many there were."""
    return sum(_cure(session, cure, now) for cure in CURES)


def _cure(session: Session, cure: Cure, now: datetime) -> int:
    of, column = cure.table, cure.table.c[cure.column]
    assert isinstance(column.type, Word)
    unknown = cast(column, String).not_in([word.value for word in column.type.words])
    spoilt = session.execute(select(of.c.id, cure.programme).where(unknown).with_for_update(of=of)).all()
    for id, programme in spoilt:
        session.execute(update(of).where(of.c.id == id).values({cure.column: cure.word, **cure.more}))
        subject = f"{of.name}:{id}:{cure.column}"
        text = f"{of.name} {id}: {cure.column} held a word that nobody knows"
        tasks.open_(session, programme, Why.SET_ASIDE, subject, text, now=now)
    return len(spoilt)
