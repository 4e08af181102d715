"""Personal data that outlived their use: counted, and taken out of the books. Their rows stay."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from models.base import Base, table
from models.desk.programmes import Document, Programme
from models.matters.matters import Matter
from models.matters.promises import Promise
from models.matters.tasks import Task, Why
from models.messages import inbound
from models.messages.inbound import Inbound
from models.messages.messages import WAITING, Message
from models.offices.assignments import Assignment
from models.offices.offices import Contact, Office

_M, _I, _C, _A = table(Message).c, table(Inbound).c, table(Contact).c, table(Assignment).c
GONE = ""


def texts(session: Session, programme_ids: Collection[int], *, dry: bool) -> int:
    """Take out what messages of these programmes said; of how many. Those on their way are left."""
    said = _M.programme_id.in_(programme_ids), or_(_M.text != GONE, _M.subject != GONE), ~WAITING
    return _blank(session, Message, said, {"text": GONE, "subject": GONE}, dry=dry)


def written(session: Session, programme_ids: Collection[int], *, dry: bool) -> int:
    """Take out what people wrote about these programmes, and from where; of how many."""
    own = _I.programme_id.in_(programme_ids)
    if dry:
        return session.scalar(select(func.count()).select_from(table(Inbound)).where(*inbound.unsaid(own))) or 0
    _forget_copies(session, programme_ids)
    return inbound.forget(session, own)


def _forget_copies(session: Session, programme_ids: Collection[int]) -> None:
    """Take out what was written down of their words where something was done because of them."""
    notes, told = table(Promise).c, table(Task).c
    owed = select(Matter.id).where(Matter.programme_id.in_(programme_ids))
    not_his = told.programme_id.in_(programme_ids), told.why == Why.NOT_MY_TASK, told.text != GONE
    _blank(session, Promise, (notes.obligation_id.in_(owed), notes.note != GONE), {"note": GONE}, dry=False)
    _blank(session, Task, not_his, {"text": GONE}, dry=False)


def addresses(session: Session, desk: str, *, dry: bool, now: datetime) -> int:
    """Take out every number and address of a desk; of how many contacts."""
    own = _C.office_id.in_(_offices(desk)), _C.address != GONE
    values = {"address": GONE, "state": Contact.State.ENDED, "until": func.coalesce(_C.until, now)}
    return _blank(session, Contact, own, values, dry=dry)


def names(session: Session, desk: str, *, dry: bool) -> int:
    """Take out the names of all who held an office of a desk; of how many. Reports keep them as they were filed."""
    own = _A.office_id.in_(_offices(desk)), _A.name != GONE
    return _blank(session, Assignment, own, {"name": GONE}, dry=dry)


def desk_files(session: Session, desk: str) -> dict[int, str]:
    """The texts of a desk's files as they were loaded, by id: they name its contacts."""
    own = Document.kind == "desk", Document.code == desk
    found = session.execute(select(Document.id, Document.text).where(*own))
    return {row.id: row.text for row in found}


def over(session: Session) -> list[tuple[int, str, datetime | None]]:
    """Every programme with the code of its desk, and since when it is closed; None: it is live."""
    query = select(Programme.id, Document.code, Programme.closed_at).join(Document, Document.id == Programme.desk_id)
    return [(id, desk, closed_at) for id, desk, closed_at in session.execute(query.order_by(Programme.id))]


def _offices(desk: str) -> Select[int]:
    return select(Office.id).where(Office.desk == desk)


def _blank(
    session: Session, of: type[Base], which: tuple[ColumnElement[bool], ...], values: Mapping[str, object], *, dry: bool
) -> int:
    if dry:
        return session.scalar(select(func.count()).select_from(table(of)).where(*which)) or 0
    return session.connection().execute(update(table(of)).where(*which).values(values)).rowcount
