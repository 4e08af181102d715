"""Begin a shadow: look at the files as an amendment does, and copy the books."""

import json
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from config import version
from config.documents import Document
from jobs.operator import amend
from jobs.operator.acting import answered, hand
from jobs.operator.amend import Amended
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from jobs.shadow import kept
from jobs.shadow.kept import BEGUN, BOOKS, ENDED, FACTS, find
from models import copies
from models.desk import changes
from models.machine import clock
from rules.programme import Programme

DAYS, MOST_DAYS = 7, 31


class Begin(NamedTuple):
    """What is begun: at which desk, under which files, by whom and why, for how long."""

    desk: str
    documents: Sequence[Document]
    by: str
    why: str
    days: int = DAYS
    also_open: bool = False


def begin(rt: Runtime, place: Path, asked: Begin) -> list[Amended]:
    """Copy the books, to see later what would have been sent under other files; what these would do now.

    Raises:
        Refusal: the desk has a shadow already, sending is on hold, the files are not used there, or there is no room.
            Nothing is left then.
        config.errors.ConfigError: as `amend`.
    """
    if not asked.why.strip():
        raise Refusal("say why it is tried: add --reason")
    if not 0 < asked.days <= MOST_DAYS:
        raise Refusal(f"a shadow runs for 1 to {MOST_DAYS} days, not {asked.days}")
    if find(place, asked.desk) is not None:
        raise Refusal(f"{asked.desk} has a shadow already: ./desk shadow look, or ./desk shadow end")
    tried = amend.amend(rt, asked.documents, by=asked.by, also_open=asked.also_open, dry_run=True)
    own = [one for one in tried if one.programme.desk.code == asked.desk]
    if not own:
        raise Refusal(f"no live programme of {asked.desk} uses these files: name another desk with --desk")
    folder = place / asked.desk
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with kept.alone(folder) as mine:
            if not mine or find(place, asked.desk) is not None:
                raise Refusal(f"the shadow of {asked.desk} is begun by somebody else just now")
            try:
                _begin(rt, folder, asked, own[0].programme)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
    except OSError as error:
        raise Refusal(f"the books cannot be copied to {folder}: {error.strerror}") from error
    return own


def _begin(rt: Runtime, folder: Path, asked: Begin, programme: Programme) -> None:
    """The record first: books that do not have it are not those that were copied. The facts last: it is whole then."""
    for left in folder.iterdir():  # of a begin that was killed
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    with answered(), rt.sessions.begin() as session:
        if clock.marked(session, clock.HOLD):
            raise Refusal("sending is on hold: release it first, for a shadow holds nothing back")
        now = rt.clock(session)
        by = hand(session, programme, asked.by or programme.desk.secretariat)
        names = ", ".join(Path(own.name).name for own in asked.documents)
        changes.record(session, by, BEGUN, asked.desk[:60], text=f"{names}: {asked.why.strip()}", now=now)
    try:
        _copy(rt, folder, asked, now)
    except BaseException:
        with rt.sessions.begin() as session:
            changes.record(session, by, ENDED, asked.desk[:60], text="its books could not be copied", now=now)
        raise


def _copy(rt: Runtime, folder: Path, asked: Begin, now: datetime) -> None:
    copies.into_file(rt.sessions.kw["bind"], folder / BOOKS)
    facts = {
        "desk": asked.desk,
        "begun_at": now.isoformat(),
        "ends_at": (now + timedelta(days=asked.days)).isoformat(),
        "also_open": asked.also_open,
        "version": version.own(),
        "files": [(own.name, own.text) for own in asked.documents],
    }
    (folder / FACTS).write_text(json.dumps(facts), encoding="utf-8")
