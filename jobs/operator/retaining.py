"""Take out personal data of closed programmes whose time has come, by kind."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from config import purged, shelf
from config.errors import ConfigError
from jobs.runtime import Runtime
from models.desk import programmes, retention
from rules.programme import Programme
from services import retaining
from services.retaining import Purged

FILES, UNREAD = "desk files", "desk files that cannot be written without numbers"


def purge(rt: Runtime, *, dry_run: bool, now: datetime | None = None) -> list[Purged]:
    """Take it out, or say what would be. Safe to repeat.

    The desk's file as it was loaded names its contacts too: their numbers and addresses go with them.
    """
    with rt.sessions.begin() as session:
        now = now or rt.clock(session)
        closed = _closed(session)
        done = retaining.purge(session, closed, dry=dry_run, now=now)
        for desk in retaining.desks_over(session, closed, now=now):
            done += _files(session, desk, dry=dry_run)
    return done


def _closed(session: Session) -> dict[int, Programme]:
    """The closed programmes that can be read."""
    found = dict[int, Programme]()
    for id in programmes.closed(session):
        if sources := programmes.sources(session, id):
            try:
                found[id] = shelf.read(sources)
            except ConfigError:
                continue
    return found


def _files(session: Session, desk: str, *, dry: bool) -> Sequence[Purged]:
    texts = retention.desk_files(session, desk)
    without = {id: purged.purged(text, f"{desk}.yaml") for id, text in texts.items()}
    changed = {id: text for id, text in without.items() if text is not None and text != texts[id]}
    if not dry:
        programmes.restore(session, changed)
    counts = ((FILES, len(changed)), (UNREAD, sum(text is None for text in without.values())))
    return [Purged(desk, kind, count) for kind, count in counts if count]
