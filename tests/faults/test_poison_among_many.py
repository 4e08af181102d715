"""A hundred rows of each kind that nobody can make sense of, among many that are due, keep none of the others waiting.

Turns of a clock that stands still are counted, for the wall's time is the machine's affair. 10,000 are due beside them.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select, update

from jobs.rehearsal.rehearse import AtOnce, Still
from jobs.turn import tick
from models.desk.programmes import Programme
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.tasks import Task
from models.messages.messages import Message
from models.offices.offices import Contact, Office
from notifiers.base import Letter
from rules.delivery import Refused, State
from tests.faults.conftest import NOW, House, built
from tests.load import desk
from tests.load.world import Place

OTHERS, BAD, KINDS = 10_000, 100, 5
EVERY = timedelta(seconds=30)
"""So long from one turn of the clock to the next, at most."""
NOWHERE = "Asia/Nowhere"


class Picky:
    """Takes every letter but those to an address that cannot be one."""

    repeatable = True

    def __init__(self) -> None:
        self.told: set[str] = set()

    def send(self, letter: Letter) -> str:
        if "impossible" in letter.to:
            raise Refused("no such address")
        self.told.add(letter.to)
        return str(letter.message_id)

    def close(self) -> None:
        pass


def test_a_hundred_rows_of_each_kind_of_poison_delay_nobody_else_and_are_all_shown(sqlite_url: str):
    with built(sqlite_url, OTHERS + KINDS * BAD) as house:
        house.owes(len(house.places))
        gone, ladder, zone, text, address = (house.places[n * BAD : (n + 1) * BAD] for n in range(KINDS))
        _poison(house, gone, ladder, zone, text, address)
        wire, still = Picky(), Still(NOW)
        bell = AtOnce()
        rt = bell.rt = desk.runtime(house.url, wire, now=still, bell=bell)

        tick.run(rt, documents=False)
        still.at += EVERY
        tick.run(rt, documents=False)

        assert _addresses(house, house.places[KINDS * BAD :]) <= wire.told
        assert not _addresses(house, house.places[: KINDS * BAD]) & wire.told

        for minutes in (1, 7, 40):  # until the tries are used up
            still.at = NOW + timedelta(minutes=minutes)
            tick.run(rt, documents=False)

        assert _closed(house, gone) == {"the programme is closed"}
        assert _tasks(house, "set_aside", "matter:") == BAD
        assert _tasks(house, "set_aside", "office:") == BAD
        assert _tasks(house, "dead_contact", "") == BAD
        assert _failed(house, text) == BAD
        rt.sessions.kw["bind"].dispose()


def _poison(
    house: House,
    gone: Sequence[Place],
    ladder: Sequence[Place],
    zone: Sequence[Place],
    text: Sequence[Place],
    address: Sequence[Place],
) -> None:
    with house.sessions.begin() as session:
        session.execute(update(Programme).where(Programme.id.in_({p.programme_id for p in gone})).values(closed_at=NOW))
        session.execute(update(Matter).where(_of(ladder)).values(ladder="no-such-ladder"))
        session.execute(update(Office).where(Office.id.in_([p.office_id for p in zone])).values(zone=NOWHERE))
        owed = select(Matter.id).where(_of(text)).scalar_subquery()
        session.execute(update(Obligation).where(Obligation.id.in_(owed)).values(zone=NOWHERE))
        impossible = Contact.id.in_([p.contact_id for p in address])
        session.execute(update(Contact).where(impossible).values(address="impossible-" + Contact.address))


def _of(places: Sequence[Place]) -> ColumnElement[bool]:
    return Matter.area.in_([p.area for p in places])


def _addresses(house: House, places: Sequence[Place]) -> set[str]:
    with house.sessions() as session:
        return set(session.scalars(select(Contact.address).where(Contact.id.in_([p.contact_id for p in places]))))


def _closed(house: House, places: Sequence[Place]) -> set[str]:
    with house.sessions() as session:
        return set(session.scalars(select(Matter.closed_why).where(_of(places))))


def _tasks(house: House, why: str, subject: str) -> int:
    with house.sessions() as session:
        found = select(func.count()).where(Task.why == why, Task.subject.startswith(subject))
        return session.scalar(found) or 0


def _failed(house: House, places: Sequence[Place]) -> int:
    """How many of their messages are shown as failed."""
    with house.sessions() as session:
        theirs = Message.office_id.in_([p.office_id for p in places]), Message.state == State.FAILED
        return session.scalar(select(func.count(Message.office_id.distinct())).where(*theirs)) or 0
