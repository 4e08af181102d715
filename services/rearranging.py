"""Changes of teams, reporters and coordination by the secretariat: planned for a day, taken back before it."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes, rearrangements
from models.desk.changes import Hand
from models.desk.rearrangements import DONE, FAILED, TAKEN_BACK, Rearrangement
from models.matters import tasks
from models.matters.tasks import Why
from rules import indonesian, rearranging
from rules.desk import Desk
from rules.rearranging import Change


def ahead(session: Session, desk: Desk, until: datetime) -> Desk:
    """The desk as it will be at that moment by what is planned. Raises: Unfit: something planned cannot be done."""
    planned = [own.change for own in rearrangements.waiting(session, desk.code)]
    return rearranging.made(desk, (own for own in planned if own.since <= until))


def plan(session: Session, desk: Desk, change: Change, *, hand: Hand, now: datetime) -> None:
    """Plan a change. Raises: Unfit: the desk as it will be on that day does not take it."""
    rearranging.apply(ahead(session, desk, change.since), change)
    later = [own.change for own in rearrangements.waiting(session, desk.code)]
    rearranging.made(desk, [*later, change])
    rearrangements.add(session, desk.code, change, by=hand.office_id, now=now)
    text = said(desk, change)
    changes.record(session, hand, "rearrangement planned", change.office, until=change.since, text=text, now=now)


def take_back(session: Session, desk: Desk, id: int, *, hand: Hand, now: datetime) -> None:
    """Do not do what was planned. What is done already stays. Safe to repeat."""
    row = rearrangements.locked(session, desk.code, id)
    if row is None or row.ended_at is not None:
        return
    row.ended_at, row.ended = now, TAKEN_BACK
    text = said(desk, row.change)
    changes.record(session, hand, "rearrangement taken back", row.office, until=row.since, text=text, now=now)


def settle(session: Session, programme_id: int, desk: Desk, row: Rearrangement, failed: str, *, now: datetime) -> None:
    """Write down that one is done, or could not be: then the secretariat has a task."""
    row.ended_at, row.ended, row.failed = now, FAILED if failed else DONE, failed[:200]
    if failed:
        text = f"{said(desk, row.change)}: {failed}"[:500]
        tasks.open_(session, programme_id, Why.REARRANGEMENT, f"rearrangement:{row.id}", text, now=now)


def said(desk: Desk, change: Change) -> str:
    """`Pelapor Tamban: Camat Tamban, sejak 5 Februari 2024`."""
    names = rearranging.places(desk, change.what)
    offices = {own.code: own.title for own in desk.offices}
    place, office = names.get(change.place, change.place), offices.get(change.office, change.office)
    since = indonesian.day(indonesian.local_date(change.since, desk.zone))
    return f"{rearranging.NAMES[change.what]} {place}: {office}, sejak {since}"
