"""The duty roster of the posko: add a shift, take one back, and say who is there."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes, shifts
from models.desk.changes import Hand
from models.desk.shifts import DutyShift
from models.matters import tasks
from models.offices import offices
from rules import indonesian, posko
from rules.posko import Roster, Shift
from rules.programme import Programme
from rules.tasks import Why


def add(session: Session, desk: str, shift: Shift, *, hand: Hand, now: datetime) -> None:
    """Put an office on duty. The same shift again changes nothing."""
    office_id = offices.ids_of(session, desk)[shift.office]
    said = (office_id, shift.starts_at, shift.ends_at, shift.place)
    if said in [(own.office_id, own.starts_at, own.ends_at, own.place) for own in shifts.ahead(session, desk, now=now)]:
        return
    session.add(
        DutyShift(
            desk=desk,
            office_id=office_id,
            place=shift.place,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            added_by=hand.office_id,
            added_at=now,
        )
    )
    session.flush()
    changes.record(session, hand, "shift added", shift.office, until=shift.ends_at, text=shift.place, now=now)


def take_back(session: Session, desk: str, id: int, *, hand: Hand, now: datetime) -> None:
    """Cancel a shift that has not begun; end one that runs. One that is over stays as it was. Safe to repeat."""
    row = shifts.locked(session, desk, id)
    if row is None or row.cancelled_at is not None or row.ends_at <= now:
        return
    what = "shift ended" if row.starts_at <= now else "shift cancelled"
    if row.starts_at <= now:
        row.ends_at = now
    else:
        row.cancelled_at = now
    office = next(code for code, own in offices.ids_of(session, desk).items() if own == row.office_id)
    changes.record(session, hand, what, office, text=row.place, now=now)


def note(session: Session, desk: str, id: int, text: str, *, hand: Hand, now: datetime) -> None:
    """Leave written what the next office on duty has to know; a later word replaces it, and the record says so."""
    row = shifts.locked(session, desk, id)
    if row is None or row.cancelled_at is not None or row.note == text:
        return
    row.note, row.noted_at = text, now
    office = next(code for code, own in offices.ids_of(session, desk).items() if own == row.office_id)
    changes.record(session, hand, "shift noted", office, until=row.ends_at, now=now)


def watch(session: Session, programme_id: int, programme: Programme, *, now: datetime) -> None:
    """Tell the secretariat of each day without a duty office once; all of it is done when the roster is whole.

    A desk that never kept a roster is told nothing. Safe to repeat.
    """
    hours, desk = programme.policy.posko, programme.desk
    if hours is None or not shifts.kept(session, desk.code):
        return
    ahead = [Shift("", row.starts_at, row.ends_at, row.place) for row in shifts.ahead(session, desk.code, now=now)]
    days = [indonesian.day(own) for own in posko.unmanned(hours, programme.election, desk.zone, ahead, now=now)]
    if not days:
        tasks.done(session, Why.EMPTY_SHIFT, programme.code, now=now)
        return
    waits = tasks.waits(session, Why.EMPTY_SHIFT, programme.code)
    known = waits or tasks.ticked_at(session, Why.EMPTY_SHIFT, programme.code)
    told = tasks.said(session, Why.EMPTY_SHIFT, programme.code) if known else ""
    text = f"Belum ada piket pada {indonesian.listed(days)}."
    new = any(f" {own}" not in told for own in days)
    if new:
        tasks.open_(session, programme_id, Why.EMPTY_SHIFT, programme.code, text, now=now)
    if new or waits:
        tasks.reword(session, Why.EMPTY_SHIFT, programme.code, text)


def standing(session: Session, desk: str, *, now: datetime) -> Roster:
    """Who is on duty now and who comes next, each by the office's title."""
    rows = shifts.ahead(session, desk, now=now)
    titles = offices.titles(session, [row.office_id for row in rows])
    return posko.standing(
        [Shift(titles[row.office_id], row.starts_at, row.ends_at, row.place) for row in rows], now=now
    )
