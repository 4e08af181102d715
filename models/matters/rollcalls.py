"""Roll calls as matters: one for each office that is asked, and one for each new number or address."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import direct
from models.base import Base
from models.matters import numbers
from models.matters.matters import Kind, Matter
from models.offices.offices import Contact, Office
from rules import rollcalls
from rules.desk import Channel


class RollCall(Base):
    """What an office is asked: of which roll call (`H-30`), or about which new contact alone.

    Who is asked is in its matter, which has the same id; how it ended is why that is closed.
    """

    __tablename__ = "roll_call"

    id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), default="")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)


class New(NamedTuple):
    """One to be asked. `key`: its natural key, which makes it one however often it is made."""

    key: str
    office_id: int
    area: str
    since: datetime
    closes_after: datetime | None = None
    name: str = ""
    contact_id: int | None = None


class Asked(NamedTuple):
    """One that was asked, and whom."""

    matter: Matter
    call: RollCall
    office: Office

    @property
    def confirmed(self) -> bool:
        return self.matter.closed_at is not None and self.matter.closed_why == rollcalls.CONFIRMED


def add(session: Session, programme_id: int, wanted: Iterable[New], *, ladder: str, now: datetime) -> None:
    """Ask these offices from now on. Whoever makes one looked before that it is not there (`matters.known`)."""
    for new in wanted:
        matter = Matter(
            programme_id=programme_id,
            kind=Kind.ROLL_CALL,
            key=new.key,
            code=f"C-{numbers.next_(session, programme_id, Kind.ROLL_CALL):04d}",
            area=new.area,
            ladder=ladder,
            since=new.since,
            next_at=max(new.since, now),
            closes_after=new.closes_after,
            owner_id=new.office_id,
        )
        session.add(matter)
        session.flush()
        session.add(RollCall(id=matter.id, name=new.name, contact_id=new.contact_id))
        session.flush()


_ALL = (
    select(Matter, RollCall, Office)
    .join(RollCall, RollCall.id == Matter.id)
    .join(Office, Office.id == Matter.owner_id)
    .order_by(Matter.id)
)


def drop_ahead(session: Session, programme_id: int, *, but: datetime | None, now: datetime) -> None:
    """Forget what is planned for another time than this: the calendar or the policy was changed. Nobody was told."""
    ahead = Matter.kind == Kind.ROLL_CALL, Matter.since > now, Matter.reached < 0, Matter.closed_at.is_(None)
    for matter in session.scalars(select(Matter).where(Matter.programme_id == programme_id, *ahead)).all():
        if matter.since != but:
            session.delete(session.get_one(RollCall, matter.id))
            session.flush()
            session.delete(matter)
    session.flush()


def waiting(session: Session, office_id: int, *, now: datetime) -> list[Asked]:
    """What an office is asked and has not answered, in whatever election, the first first."""
    query = _ALL.where(Matter.owner_id == office_id, Matter.closed_at.is_(None), Matter.since <= now)
    return [Asked(*row) for row in session.execute(query)]


def of(session: Session, programmes: Collection[int], *, now: datetime) -> list[Asked]:
    """Everything that was asked in these elections by now, the first first."""
    own = Matter.programme_id.in_(list(programmes)), Matter.since <= now
    return [Asked(*row) for row in session.execute(_ALL.where(*own))]


ASTRAY = (
    select(RollCall.id)
    .join(Matter, Matter.id == RollCall.id)
    .join(Contact, Contact.id == RollCall.contact_id)
    .where(Matter.closed_at.is_(None), (Contact.state != Contact.State.ACTIVE) | Contact.unconfirmed.is_(False))
    .order_by(RollCall.id)
)


def astray(session: Session) -> list[int]:
    """Open ones about a contact that is not in use any more: nothing is to be asked."""
    return [id for (id,) in direct.rows(session, ASTRAY)]


_ASKED = select(RollCall.id).where(RollCall.contact_id == Contact.id)
UNASKED = (
    select(Contact.id)
    .join(Office, Office.id == Contact.office_id)
    .where(Contact.unconfirmed, Contact.state == Contact.State.ACTIVE, ~Office.aide, ~_ASKED.exists())
    .order_by(Contact.id)
)


def unasked(session: Session) -> Sequence[tuple[Contact, Office]]:
    """The new contacts, of whatever desk, of which nobody was asked yet."""
    new = [id for (id,) in direct.rows(session, UNASKED)]
    query = select(Contact, Office).join(Office, Office.id == Contact.office_id)
    found = session.execute(query.where(Contact.id.in_(new)).order_by(Contact.id)) if new else ()
    return [(contact, office) for contact, office in found]


_WAY = select(Contact.channel).join(RollCall, RollCall.contact_id == Contact.id)


def way(session: Session, matter_id: int) -> Channel | None:
    """The channel of the one contact that a matter asks about: only what goes there can be answered for it."""
    return session.scalar(_WAY.where(RollCall.id == matter_id))
