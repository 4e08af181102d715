"""Whom to phone about what is late, as far as whoever is signed in may see it."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models.matters.tasks import Task
from models.offices import offices
from rules import access, people
from rules.programme import Programme
from rules.tasks import Why
from services import phoning
from services.phoning import Telephone
from web.door.who import Who


def beside(
    session: Session, at: Who, programme_id: int, programme: Programme, late: Iterable[tuple[int, str]]
) -> dict[int, list[Telephone]]:
    """By matter, whom to phone: the reporter of the place, or another of his team if he has no number.

    Args:
        late: matters with their places.
    """
    desk = programme.desk
    wanted = {
        id: [code for code in people.answering(desk, place) if code != at.code]
        for id, place in late
        if access.phones(desk, at.code, place)
    }
    return phoning.lines(session, programme_id, desk, wanted, hand=at.hand, now=at.now)


def each(session: Session, at: Who, programme_id: int, codes: Iterable[str], matter_id: int) -> list[Telephone]:
    """The numbers of these offices of his desk, for whoever must phone about a matter."""
    desk = at.programmes[programme_id].desk
    found = [
        phoning.lines(session, programme_id, desk, {matter_id: [code]}, hand=at.hand, now=at.now) for code in codes
    ]
    return [line for own in found for line in own.get(matter_id, ())]


TO_PHONE = (
    Why.NOBODY_TO_TELL,
    Why.DEAD_CONTACT,
    Why.NOT_DELIVERED,
    Why.UNSETTLED,
    Why.WRONG_RECIPIENT,
    Why.CONTACT_CHANGED,
)


def of_tasks(session: Session, at: Who, tasks: Iterable[Task]) -> dict[int, list[Telephone]]:
    """By task, the numbers of the office that was not reached, for the secretariat to phone."""
    by_task: dict[int, list[Telephone]] = {}
    for id, programme in at.programmes.items():
        own = [task for task in tasks if task.programme_id == id and task.why in TO_PHONE and task.matter_id]
        codes = {office.id: office.code for office in offices.all_of(session, programme.desk.code)}
        wanted = {int(task.matter_id or 0): [codes.get(int(task.office_id or 0), "")] for task in own}
        lines = phoning.lines(session, id, programme.desk, wanted, hand=at.hand, now=at.now)
        by_task |= {task.id: lines.get(int(task.matter_id or 0), []) for task in own}
    return by_task
