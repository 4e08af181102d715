"""Who holds which office: persons with dates. The office stays; a past holder's name is kept until it is erased."""

from datetime import datetime
from itertools import starmap

from sqlalchemy import ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

import rules.assignments
from models import direct
from models.base import Base, Instant, Word, table
from models.offices.offices import Office
from rules.assignments import Kind


class Assignment(Base):
    """One person in one office. `until` is the instant from which he holds it no more."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[Kind] = mapped_column(Word(Kind, 10))
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    def fact(self) -> rules.assignments.Assignment:
        return rules.assignments.Assignment(self.name, self.kind, self.since, self.until)


_OF = select(Assignment).where(Assignment.office_id == bindparam("office")).order_by(Assignment.since, Assignment.id)


_A = table(Assignment).c
_TERMS = (
    select(_A.name, _A.kind, _A.since, _A.until).where(_A.office_id == bindparam("office")).order_by(_A.since, _A.id)
)


def of(session: Session, office_id: int) -> list[Assignment]:
    """Everybody who held, holds or will hold an office, the first first."""
    return list(session.scalars(_OF, {"office": office_id}))


def holder(session: Session, office_id: int, *, at: datetime) -> rules.assignments.Assignment | None:
    """Who holds an office at an instant; None: nobody was recorded."""
    terms = direct.rows(session, _TERMS, {"office": office_id})
    return rules.assignments.holder(starmap(rules.assignments.Assignment, terms), at=at)


def holders(session: Session, desk: str, *, at: datetime) -> dict[str, rules.assignments.Assignment]:
    """Who holds the offices of a desk at an instant, by office code."""
    rows = session.execute(select(Office.code, Assignment).join(Assignment).where(Office.desk == desk))
    terms: dict[str, list[rules.assignments.Assignment]] = {}
    for code, assignment in rows:
        terms.setdefault(code, []).append(assignment.fact())
    held = {code: rules.assignments.holder(own, at=at) for code, own in terms.items()}
    return {code: assignment for code, assignment in held.items() if assignment}


def begin(session: Session, office_id: int, new: rules.assignments.Assignment, *, now: datetime) -> bool:
    """Record a new holder. The terms that he ends, end with his first day. False: he was recorded already."""
    earlier = of(session, office_id)
    if any(assignment.fact() == new for assignment in earlier):
        return False
    for assignment in earlier:
        if rules.assignments.ends(new, assignment.fact()):
            assignment.until = max(assignment.since, new.since)
    facts = {"name": new.name, "kind": new.kind, "since": new.since, "until": new.until}
    session.add(Assignment(office_id=office_id, recorded_at=now, **facts))
    session.flush()
    return True
