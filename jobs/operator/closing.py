"""Close a programme whose work is done, or open it again for a later vote."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from config import shelf
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import changes, programmes
from models.desk import closing as books
from models.desk.changes import Hand, Way
from models.desk.programmes import Programme
from models.offices import offices
from reports.errors import DocumentError
from rules.closing import Open
from rules.learned import Stage
from rules.programme import Sources
from services import archiving, closing, learned
from services.archiving import Archived, Written


class Closed(NamedTuple):
    """A programme since `at`, and what was open then."""

    code: str
    at: datetime
    left: Sequence[Open]


def look(rt: Runtime, code: str) -> list[Open]:
    """What is open in a live programme. Changes nothing. Raises: Refusal: there is none of this code."""
    with rt.sessions.begin() as session:
        return books.left(session, _live(session, code).id, now=rt.clock(session))


def close(rt: Runtime, code: str, *, by: str | Hand, reason: str) -> Closed:
    """Close a live programme: nothing of it is chased or said any more.

    Raises:
        Refusal: no live programme of this code, no such office, or no reason.
    """
    with rt.sessions.begin() as session:
        stored = _live(session, code)
        hand = _hand(session, stored.id, by, reason)
        now = rt.clock(session)
        beside = _beside(session, stored.id)
        left = closing.close(session, stored.id, code, beside=beside, hand=hand, reason=reason.strip(), now=now)
        rt.refresh(session)
    return Closed(code, now, left)


def reopen(rt: Runtime, code: str, areas: Collection[str] = (), *, by: str | Hand, reason: str) -> int:
    """Open a closed programme again; how much is taken up of what its closing ended.

    Raises:
        Refusal: no closed programme of this code, no such office or area, or no reason.
        config.errors.ConfigError: its files cannot be read by this version.
    """
    with rt.sessions.begin() as session:
        stored = _stored(session, code)
        if stored.closed_at is None:
            raise Refusal(f"{code} is not closed")
        hand = _hand(session, stored.id, by, reason)
        programme = shelf.read(_sources(session, stored.id))
        if unknown := sorted(set(areas) - set(programme.desk.coordinators)):
            raise Refusal(f"{', '.join(unknown)}: no such district at {programme.desk.code}")
        now, why = rt.clock(session), reason.strip()
        count = closing.reopen(session, stored.id, programme, areas, hand=hand, reason=why, now=now)
        rt.refresh(session)
    return count


def archive(rt: Runtime, code: str, *, into: Path | None = None) -> list[Written]:
    """Write the archive of a programme, closed or not, and record the hash of each file. None: beside its reports.

    Raises:
        Refusal: there is none of this code, or the archive cannot be made or written.
        config.errors.ConfigError: its files cannot be read by this version.
    """
    with rt.sessions.begin() as session:
        stored, now = _stored(session, code), rt.clock(session)
        sources, at = _sources(session, stored.id), stored.closed_at
        left = books.left_then(session, stored.id, at) if at else books.left(session, stored.id, now=now)
        own = Archived(stored.id, shelf.read(sources), sources, at, books.reason(session, stored.id), left)
        try:
            written = archiving.write(session, own, into or rt.documents, folder=rt.documents, now=now)
        except OSError as error:
            raise Refusal(f"{into or rt.documents}: no archive: {error.strerror or error}") from error
        except DocumentError as error:
            raise Refusal(f"no archive: {error}") from error
        office = offices.by_code(session, sources.desk.code, own.programme.desk.secretariat)
        assert office is not None
        hand = Hand(office.id, office.title, Way.SYSTEM)
        for one in written:
            changes.record(
                session, hand, "archived", code[:60], stored.id, text=f"{one.path.name} {one.digest}", now=now
            )
    return written


def learn(rt: Runtime, code: str) -> list[Stage]:
    """By stage what came late or never in a programme, and why; of one that is closed, as it was then. Changes nothing.

    Raises:
        Refusal: there is none of this code.
        config.errors.ConfigError: its files cannot be read by this version.
    """
    with rt.sessions.begin() as session:
        stored = _stored(session, code)
        programme = shelf.read(_sources(session, stored.id))
        return learned.so_far(session, stored.id, programme, now=rt.clock(session))


def _live(session: Session, code: str) -> Programme:
    stored = _stored(session, code)
    if stored.closed_at is not None:
        raise Refusal(f"{code} is closed since {stored.closed_at:%Y-%m-%d %H:%M} UTC: see ./desk reopen")
    return stored


def _stored(session: Session, code: str) -> Programme:
    stored = programmes.by_code(session, code)
    if stored is None:
        live = ", ".join(own.code for own in programmes.live(session))
        raise Refusal(f"{code!r}: no such programme is loaded: {live or 'none is live'}")
    return stored


def _sources(session: Session, id: int) -> Sources:
    found = programmes.sources(session, id)
    assert found is not None
    return found


def _hand(session: Session, programme_id: int, by: str | Hand, reason: str) -> Hand:
    """Who does it. Raises: Refusal: nobody, or for no reason."""
    if not reason.strip():
        raise Refusal("it needs a reason: add --reason")
    if isinstance(by, Hand):
        return by
    if not by:
        raise Refusal("say which office decided it: add --by")
    office = offices.by_code(session, _sources(session, programme_id).desk.code, by)
    if office is None:
        raise Refusal(f"{by!r}: no such office at this desk: see ./desk people list")
    return Hand(office.id, office.title, Way.COMMAND)


def _beside(session: Session, programme_id: int) -> int | None:
    """Another live programme of the same desk."""
    live = programmes.live(session)
    desk = next(own.desk.code for own in live if own.id == programme_id)
    return next((own.id for own in live if own.desk.code == desk and own.id != programme_id), None)
