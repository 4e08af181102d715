"""After a programme is closed personal data go when their time has come, by kind, as its policy says."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk import changes, retention
from models.desk.changes import Hand, Way
from models.offices import links, offices, sessions
from rules.programme import Programme

PURGED = "purged"
"""What the record of changes calls it."""


class Purged(NamedTuple):
    """What was taken out of the books of a desk, or would be: kind, and of how many rows."""

    desk: str
    kind: str
    rows: int


def purge(session: Session, closed: Mapping[int, Programme], *, dry: bool, now: datetime) -> list[Purged]:
    """Take out what has been kept long enough. Safe to repeat: what is gone is not counted again.

    Contacts go once every election of the desk is closed for so long: an office in another keeps its contacts.

    Args:
        closed: the closed programmes that can be read; of another nothing is taken, for its policy is not known.
    """
    done: list[Purged] = []
    secretariats = {own.desk.code: own.desk.secretariat for own in closed.values()}

    def note(desk: str, kind: str, rows: int, programme_id: int | None = None) -> None:
        done.append(Purged(desk, kind, rows))
        if rows and not dry:
            _record(session, desk, secretariats[desk], kind, rows, programme_id, now=now)

    for id, desk, since in retention.over(session):
        if since is None or id not in closed:
            continue
        retain = closed[id].policy.retain
        if _past(since, retain.texts, now):
            note(desk, "texts", retention.texts(session, [id], dry=dry), id)
        if _past(since, retain.written, now):
            note(desk, "written", retention.written(session, [id], dry=dry), id)
    for desk in desks_over(session, closed, now=now):
        note(desk, "addresses", retention.addresses(session, desk, dry=dry, now=now))
        note(desk, "names", retention.names(session, desk, dry=dry))
        for id in [] if dry else offices.ids_of(session, desk).values():
            links.revoke(session, id, now=now)
            sessions.end_all(session, id, why="contact erased", now=now)
    return [own for own in done if own.rows]


def desks_over(session: Session, closed: Mapping[int, Programme], *, now: datetime) -> list[str]:
    """The desks whose contacts nobody needs any more."""
    by_desk: dict[str, list[bool]] = {}
    for id, desk, since in retention.over(session):
        span = closed[id].policy.retain.contacts if id in closed else None
        by_desk.setdefault(desk, []).append(since is not None and _past(since, span, now))
    return [desk for desk, past in by_desk.items() if all(past)]


def _past(closed_at: datetime, span: timedelta | None, now: datetime) -> bool:
    return span is not None and closed_at + span <= now


def _record(
    session: Session, desk: str, secretariat: str, kind: str, rows: int, programme_id: int | None, *, now: datetime
) -> None:
    """Write down that it was done, and of how many rows; never of whom."""
    office = offices.by_code(session, desk, secretariat)
    assert office is not None
    hand = Hand(office.id, office.title, Way.SYSTEM)
    changes.record(session, hand, PURGED, kind, programme_id, text=f"{rows} rows", now=now)
