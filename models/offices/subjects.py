"""What the books know of one person, found by his number, his address or his name."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from models.base import table
from models.matters.reports import Report
from models.messages import inbound
from models.messages.inbound import Inbound
from models.messages.messages import Message
from models.offices.assignments import Assignment
from models.offices.guests import Guest
from models.offices.offices import Contact, Office
from rules.desk import Channel

GONE = ""


class Known(NamedTuple):
    """Rows that are his. `reports`: how many were filed under his name; `guests`: how many links were given to him.

    `sent` and `written`: how many messages went to his addresses, and came from them.
    """

    contacts: list[tuple[Contact, Office]]
    assignments: list[tuple[Assignment, Office]]
    sent: int
    written: int
    reports: int
    guests: int

    @property
    def office_ids(self) -> set[int]:
        return {office.id for _, office in (*self.contacts, *self.assignments)}

    def __bool__(self) -> bool:
        return bool(self.contacts or self.assignments or self.reports or self.guests)


def by_address(session: Session, desk: str, channels: Collection[Channel], address: str) -> Known:
    """Of whoever is or was reached by this address at an office of the desk."""
    own = Office.desk == desk, Contact.channel.in_(channels), Contact.address == address
    rows = session.execute(select(Contact, Office).join(Office).where(*own).order_by(Contact.since, Contact.id)).all()
    return _known(session, [(contact, office) for contact, office in rows], [], 0, 0)


def by_name(session: Session, desk: str, name: str) -> Known:
    """Of whoever holds or held an office of the desk under this name, or filed a report, or was let in as a guest."""
    own = Office.desk == desk, _has(Assignment.name, name)
    rows = session.execute(select(Assignment, Office).join(Office).where(*own).order_by(Assignment.since)).all()
    filed = select(func.count()).select_from(Report).join(Office, Office.id == Report.office_id)
    reports = session.scalar(filed.where(Office.desk == desk, _has(Report.holder, name))) or 0
    let_in = select(func.count()).select_from(Guest).join(Office, Office.id == Guest.given_by)
    guests = session.scalar(let_in.where(Office.desk == desk, _has(Guest.name, name))) or 0
    return _known(session, [], [(assignment, office) for assignment, office in rows], reports, guests)


def by_office(session: Session, office_id: int) -> Known:
    """Of whoever holds or held an office."""
    contacts = session.scalars(select(Contact.id).where(Contact.office_id == office_id)).all()
    names = session.scalars(select(Assignment.id).where(Assignment.office_id == office_id)).all()
    return by_rows(session, session.get_one(Office, office_id).desk, contacts, names)


def by_rows(session: Session, desk: str, contacts: Collection[int], names: Collection[int]) -> Known:
    """What these rows of a desk say now."""
    reached = select(Contact, Office).join(Office).where(Office.desk == desk, Contact.id.in_(contacts))
    held = select(Assignment, Office).join(Office).where(Office.desk == desk, Assignment.id.in_(names))
    own = [(contact, office) for contact, office in session.execute(reached.order_by(Contact.id))]
    return _known(session, own, [(one, office) for one, office in session.execute(held.order_by(Assignment.id))], 0, 0)


def written(session: Session, contacts: Collection[int]) -> int:
    """How many messages came from these addresses whose words are still here."""
    of_them = inbound.unsaid(table(Inbound).c.contact_id.in_(contacts))
    return session.scalar(select(func.count()).where(*of_them)) or 0


def _has(column: Any, name: str) -> ColumnElement[bool]:
    """Whether a column holds this, as it was typed: no character of it stands for others."""
    return func.lower(column).contains(name.lower(), autoescape=True)


def _known(
    session: Session,
    contacts: list[tuple[Contact, Office]],
    assignments: list[tuple[Assignment, Office]],
    reports: int,
    guests: int,
) -> Known:
    ids = [contact.id for contact, _ in contacts]
    sent = session.scalar(select(func.count()).where(table(Message).c.contact_id.in_(ids))) or 0
    return Known(contacts, assignments, sent, written(session, ids), reports, guests)


def erase(session: Session, contacts: Collection[int], assignments: Collection[int]) -> tuple[int, int, int]:
    """Take these addresses and names out of the books, and what came from these addresses; how many of each."""
    connection = session.connection()
    of, held = table(Contact), table(Assignment)
    addresses = connection.execute(update(of).where(of.c.id.in_(contacts)).values(address=GONE)).rowcount
    names = connection.execute(update(held).where(held.c.id.in_(assignments)).values(name=GONE)).rowcount
    words = inbound.forget(session, table(Inbound).c.contact_id.in_(contacts))
    return addresses, names, words


def now_over(contact: Contact, now: datetime) -> bool:
    """Whether an address reaches nobody any more."""
    return contact.state is Contact.State.ENDED and (contact.until is None or contact.until <= now)
