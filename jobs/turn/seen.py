"""How far the books were, kept in a file beside them: so it shows when somebody puts an older copy of them back."""

import json
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from config.paths import private
from jobs.runtime import Runtime
from jobs.turn import departures
from models.machine import clock, gaps
from models.machine.gaps import Gap
from rules.gaps import Seen
from services import restoring

log = structlog.get_logger()

SEEN, UNFINISHED = "seen.json", "restoring"
"""Files in `var`: how far the books were; and, while a backup is being put back, that it is."""


def look(rt: Runtime) -> None:
    """At the start of a process: put sending on hold if the books are older than what was seen of them.

    Whoever must ask the districts gets a task for every gap after which sending has not gone on. Providers are asked
    what left in it.
    """
    with rt.sessions.begin() as session:
        clock.alone(session, clock.DISPATCH)
        now = rt.clock(session)
        gap = _gap(session, rt.seen, now) if rt.seen else None
        restoring.show(session, rt.live(session), now=now)
        asks = bool(gaps.unasked(session))
    if gap is not None:
        log.error("older books, sending on hold", since=gap.began_at.isoformat(), gap=gap.id)
        keep(rt)
    if asks:
        departures.ask(rt)


def _gap(session: Session, file: Path, now: datetime) -> Gap | None:
    """The gap of older books, or of a backup that was being put back when its command was killed."""
    unfinished = file.with_name(UNFINISHED)
    if not unfinished.exists():
        return restoring.noticed(session, read(file), now=now)
    swept = clock.marked(session, clock.SWEEP)
    gap = restoring.opened(session, swept[0] if swept else now, ordered=False, seen=read(file), now=now)
    unfinished.unlink()
    return gap


def keep(rt: Runtime) -> None:
    """Write down how far the books are now. A reader sees the whole file or the one before."""
    if rt.seen is None:
        return
    with rt.sessions.begin() as session:
        books = gaps.seen(session)
    if books is not None:
        private(rt.seen.parent)  # a new desk has kept nothing there yet
        draft = rt.seen.with_suffix(".part")
        draft.write_text(json.dumps(books._asdict() | {"swept_at": books.swept_at.isoformat()}), encoding="utf-8")
        draft.replace(rt.seen)


def read(file: Path) -> Seen | None:
    """What was seen; None: nothing yet, or nothing that can be read."""
    try:
        own = json.loads(file.read_text(encoding="utf-8"))
        swept_at = datetime.fromisoformat(own["swept_at"])
        gone = tuple(int(id) for id in own.get("withdrawn", ()))
        return Seen(str(own["identity"]), swept_at, int(own["receipts"]), int(own["messages"]), gone)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("cannot say how far the books were", error=type(error).__name__)
        return None
