"""Aides: who sends figures of a village to his district's reporter. Name and addresses stand where all others do."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models import direct
from models.base import Base, Instant, table
from models.offices.assignments import Assignment
from models.offices.offices import Contact, Office


class Aide(Base):
    """The aide of one village; another person there follows him in the same row, as in an office.

    `area`: his district. `village`: its code, or its name where the desk's file lists none. `named_by`: an office.
    `ended_at`: he was taken out; None: he helps.
    """

    __tablename__ = "aide"

    id: Mapped[int] = mapped_column(ForeignKey("office.id"), primary_key=True)
    area: Mapped[str] = mapped_column(String(20), index=True)
    village: Mapped[str] = mapped_column(String(60))
    named_by: Mapped[int] = mapped_column(ForeignKey("office.id"))
    named_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class Known(NamedTuple):
    """An aide, the row that his addresses hang on, and his name."""

    aide: Aide
    office: Office
    name: str


_ALL = (
    select(Aide, Office, func.coalesce(Assignment.name, ""))
    .join(Office, Office.id == Aide.id)
    .outerjoin(Assignment, (Assignment.office_id == Office.id) & Assignment.until.is_(None))
    .order_by(Aide.village, Aide.id)
)


_C, _A = aliased(Contact), aliased(Assignment)
_KNOWN = (
    select(_C.id).where(_C.office_id == Aide.id, _C.address != "").exists()
    | select(_A.id).where(_A.office_id == Aide.id, _A.name != "").exists()
)
"""Whether a name or an address of his is still in the books."""


def of(session: Session, desk: str, areas: Collection[str]) -> list[Known]:
    """The aides of some districts who help now, by district and village."""
    own = Office.desk == desk, Aide.area.in_(list(areas)), Aide.ended_at.is_(None)
    return [Known(*row) for row in session.execute(_ALL.where(*own))]


def count(session: Session, desk: str) -> int:
    """How many help at a desk now."""
    ((count,),) = direct.rows(session, _COUNT, {"desk": desk})
    return int(count)


_H, _O = table(Aide).c, table(Office).c
_COUNT = (
    select(func.count())
    .join_from(table(Aide), table(Office), _O.id == _H.id)
    .where(_O.desk == bindparam("desk"), _H.ended_at.is_(None))
)


def one(session: Session, id: int) -> Known | None:
    """Who helps under this office's id; None: nobody, or not any more."""
    row = session.execute(_ALL.where(Aide.id == id, Aide.ended_at.is_(None))).one_or_none()
    return Known(*row) if row else None


def locked(session: Session, desk: str, area: str, code: str) -> Known | None:
    """The aide that the books call so in this district, locked; None: there is none who helps now."""
    own = Office.desk == desk, Office.code == code, Aide.area == area, Aide.ended_at.is_(None)
    row = session.execute(_ALL.where(*own).with_for_update(of=Aide)).one_or_none()
    return Known(*row) if row else None


def every(session: Session, desk: str) -> list[Known]:
    """Everybody who helps or helped at a desk and is still known by a name or an address."""
    return [Known(*row) for row in session.execute(_ALL.where(Office.desk == desk, _KNOWN))]


def sharing(session: Session, contact: Contact) -> list[Contact]:
    """The contacts of aides with the same address."""
    alike = Contact.address == contact.address, Contact.state == Contact.State.ACTIVE, Office.aide
    return list(session.scalars(select(Contact).join(Office, Office.id == Contact.office_id).where(*alike)))


def among(session: Session, office_ids: Collection[int]) -> set[int]:
    """Those of these that are aides."""
    return set(session.scalars(select(Aide.id).where(Aide.id.in_(list(office_ids)))))


def elsewhere(session: Session, desks: Collection[str]) -> list[Known]:
    """Those who still help at a desk that is none of these."""
    own = Office.desk.not_in(list(desks)), Aide.ended_at.is_(None)
    return [Known(*row) for row in session.execute(_ALL.where(*own))]


def ended(session: Session, *, before: datetime) -> list[int]:
    """Those who were taken out by then and are still known by a name or an address."""
    query = select(Aide.id).where(Aide.ended_at <= before, _KNOWN).order_by(Aide.id)
    return list(session.scalars(query))
