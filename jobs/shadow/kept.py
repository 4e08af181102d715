"""The shadow of a desk: a copy of its books as they stood when it began, and the files that it lives under.

Both lie in a folder that only its owner reads, `var/shadow/DESK`, because they name people. No backup holds it. It ends
by itself: after its days, and as soon as anything was erased or purged since (`over`). Whoever works in the folder
holds it (`alone`): what lies in one that nobody holds is whole, or was left by what was killed, and goes (`tidy`).
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from config import loader, version
from config.documents import Document
from jobs.operator.acting import answered, hand
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import changes, deeds
from services import retaining, subjects

BOOKS, FACTS, LOOK = "books.db", "shadow.json", "look-"
BEGUN, ENDED = "shadow begun", "shadow ended"
"""What the record of changes calls it."""
ERASING = {subjects.ERASED, retaining.PURGED}
"""What the record calls it when names, addresses or texts were taken out of the books."""


class Shadow(NamedTuple):
    """A shadow that runs. `version`: of the program; `files`: the name and the text of each changed file."""

    desk: str
    begun_at: datetime
    ends_at: datetime
    also_open: bool
    version: str
    files: Sequence[tuple[str, str]]
    folder: Path

    @property
    def books(self) -> Path:
        """The copy."""
        return self.folder / BOOKS

    @property
    def documents(self) -> list[Document]:
        return [loader.parse(text, name) for name, text in self.files]


def find(place: Path, desk: str) -> Shadow | None:
    """The shadow of a desk; None: it has none that is whole."""
    folder = place / desk
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        begun_at, ends_at = (datetime.fromisoformat(facts[name]).astimezone(UTC) for name in ("begun_at", "ends_at"))
        files = [(name, text) for name, text in facts["files"]]
        return Shadow(desk, begun_at, ends_at, facts["also_open"], facts["version"], files, folder)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def every(place: Path) -> list[Shadow]:
    """All that run, by desk. Raises: OSError: the folder cannot be read."""
    return [own for folder in _folders(place) if (own := find(place, folder.name)) is not None]


def broken(place: Path) -> list[Path]:
    """The folders that hold no whole shadow, and in which nobody works. Raises: OSError."""
    found = []
    for folder in _folders(place):
        with alone(folder) as own:
            if own and find(place, folder.name) is None:
                found.append(folder)
    return found


def _folders(place: Path) -> list[Path]:
    return sorted(own for own in place.iterdir() if own.is_dir()) if place.is_dir() else []


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Work in a folder that no other process works in; False: another does. A process that is killed lets go of it."""
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(held)


def over(session: Session, own: Shadow, *, now: datetime) -> str:
    """Why a shadow may not go on; empty: it may."""
    if not deeds.recorded(session, [BEGUN], since=own.begun_at, desk=own.desk):
        return "the books do not know it: an older copy of them was put back"
    if erased := deeds.recorded(session, ERASING, since=own.begun_at):  # the copy has the people of every desk
        return f"people's data were taken out since ({', '.join(sorted(erased))}), and the copy still has them"
    if own.version != version.own():
        return f"the program was {own.version} when it began, and is {version.own()}"
    return "its days are over" if own.ends_at <= now else ""


def end(rt: Runtime, own: Shadow, *, by: str = "", why: str = "") -> None:
    """Remove the copy. Safe to repeat; what could not be removed is not recorded as ended.

    Raises:
        Refusal: no such office; or it cannot be removed.
    """
    with answered(), rt.sessions.begin() as session:
        programme = next((one for one in rt.live(session).values() if one.desk.code == own.desk), None)
        if programme is not None:
            office = hand(session, programme, by or programme.desk.secretariat)
            changes.record(session, office, ENDED, own.desk[:60], text=why, now=rt.clock(session))
        clear(own.folder)


def clear(folder: Path) -> None:
    """Remove a folder and all that is in it. Raises: Refusal."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise Refusal(f"{folder} cannot be removed: {error.strerror}: it names people, remove it") from error


def tidy(rt: Runtime, *, now: datetime) -> Iterator[str]:
    """End every shadow that may not go on, and remove what killed ones left; the desks of those that ended.

    Harmless to repeat. One that cannot be removed stops no other.

    Raises:
        Refusal: one could not be removed.
    """
    stuck = None
    for folder in _folders(rt.shadows) if rt.shadows else ():
        try:
            if _ended(rt, folder, now):
                yield folder.name
        except (Refusal, OSError) as error:
            stuck = error
    if stuck is not None:
        raise stuck


def _ended(rt: Runtime, folder: Path, now: datetime) -> bool:
    own = find(folder.parent, folder.name)
    with rt.sessions() as session:
        why = over(session, own, now=now) if own is not None else ""
    if own is not None and why:
        end(rt, own, why=why)
        return True
    with alone(folder) as mine:
        if mine and find(folder.parent, folder.name) is None:
            clear(folder)
        elif mine:
            clear_looks(folder)
    return False


def clear_looks(folder: Path) -> None:
    """Remove what looks that were killed have left. Only for whoever has the folder alone."""
    for left in folder.glob(f"{LOOK}*"):
        clear(left)
