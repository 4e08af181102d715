"""The shadow of a desk: a copy of its books as they stood when it began, and the files that it lives under.

Both lie in a folder that only its owner reads, `var/shadow/DESK`, because they name people. No backup holds it. It ends
by itself: after its days, and as soon as anything was erased or purged at the desk since (`over`).
"""

import json
import shutil
from collections.abc import Sequence
from datetime import datetime
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

BOOKS, FACTS = "books.db", "shadow.json"
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
    """The shadow of a desk; None: it has none."""
    folder = place / desk
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    begun_at, ends_at = (datetime.fromisoformat(facts[name]) for name in ("begun_at", "ends_at"))
    files = [(name, text) for name, text in facts["files"]]
    return Shadow(facts["desk"], begun_at, ends_at, facts["also_open"], facts["version"], files, folder)


def every(place: Path) -> list[Shadow]:
    """All that run, by desk."""
    folders = sorted(own.name for own in place.iterdir()) if place.is_dir() else []
    return [own for name in folders if (own := find(place, name)) is not None]


def over(session: Session, own: Shadow, *, now: datetime) -> str:
    """Why a shadow may not go on; empty: it may."""
    recorded = deeds.recorded(session, own.desk, since=own.begun_at)
    if BEGUN not in recorded:
        return "the books do not know it: an older copy of them was put back"
    if erased := recorded & ERASING:
        return f"people's data were taken out since ({', '.join(sorted(erased))}), and the copy still has them"
    if own.version != version.own():
        return f"the program was {own.version} when it began, and is {version.own()}"
    return "its days are over" if own.ends_at <= now else ""


def end(rt: Runtime, own: Shadow, *, by: str = "", why: str = "") -> None:
    """Remove the copy. Safe to repeat.

    Raises:
        Refusal: no such office; or it cannot be removed.
    """
    with answered(), rt.sessions.begin() as session:
        programme = next((one for one in rt.live(session).values() if one.desk.code == own.desk), None)
        if programme is not None:
            office = hand(session, programme, by or programme.desk.secretariat)
            changes.record(session, office, ENDED, own.desk[:60], text=why, now=rt.clock(session))
    try:
        shutil.rmtree(own.folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise Refusal(f"{own.folder} cannot be removed: {error.strerror}: it names people, remove it") from error


def tidy(rt: Runtime, *, now: datetime) -> list[str]:
    """End every shadow that may not go on; the desks. Harmless to repeat."""
    ended = []
    for own in every(rt.shadows) if rt.shadows else ():
        with rt.sessions() as session:
            why = over(session, own, now=now)
        if why:
            end(rt, own, why=why)
            ended.append(own.desk)
    return ended
