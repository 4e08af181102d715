"""Put in force what the secretariat planned for this day: who reports, who is of which team, who coordinates."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import structlog

from config import loader, rearranged
from config.documents import Document
from config.errors import ConfigError
from jobs.operator import amend
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import rearrangements
from models.desk.rearrangements import Rearrangement
from rules import rearranging
from rules.desk import Desk
from rules.rearranging import Change, Unfit, Why
from services.rearranging import settle

CLOSED = "the desk has no election any more"
"""Why a change is not done that nobody can put in force."""

log = structlog.get_logger()


class Planned(NamedTuple):
    """A change whose day has come, by the id of its row."""

    id: int
    change: Change


def run(rt: Runtime, *, now: datetime) -> int:
    """Write the file of each desk anew and amend by it; how many changes were done. Harmless to repeat.

    All changes of one desk go into one amendment. One that does not fit any more is left out, and is a task.
    """
    by_desk: dict[str, list[Planned]] = defaultdict(list)
    with rt.sessions.begin() as session:
        live = {programme.desk.code: id for id, programme in rt.live(session).items()}
        unread = {own.desk for own in rt.unread(session).values()}
        for row in rearrangements.due(session, now=now):
            if row.desk in live:
                by_desk[row.desk].append(Planned(row.id, row.change))
            elif row.desk not in unread:
                row.ended_at, row.ended, row.failed = now, rearrangements.FAILED, CLOSED
    return sum(_of_desk(rt, live[desk], own, now) for desk, own in by_desk.items())


def _of_desk(rt: Runtime, programme_id: int, planned: Sequence[Planned], now: datetime) -> int:
    source = rt.shelf.sources[programme_id].desk
    document, failed = loader.parse(source.text, source.name, loaded=True), dict[int, str]()
    before = document
    for own in planned:
        document, failed[own.id] = _with(document, own.change)
    if document.digest != before.digest and (why := _amended(rt, document)):
        failed = {id: own or why for id, own in failed.items()}
    assert isinstance(document.value, Desk)
    with rt.sessions.begin() as session:
        for id, why in failed.items():
            settle(session, programme_id, document.value, session.get_one(Rearrangement, id), why, now=now)
    done = sum(not why for why in failed.values())
    log.info("rearranged", changes=done, failed=len(failed) - done)
    return done


def _with(document: Document, change: Change) -> tuple[Document, str]:
    """The file with this change; or as it was, and why it does not take it. What is so already is done."""
    assert isinstance(document.value, Desk)
    try:
        text = rearranged.written(document.text, rearranging.apply(document.value, change))
        return loader.parse(text, document.name, loaded=True), ""
    except Unfit as unfit:
        return document, "" if unfit.why is Why.SAME else rearranging.SAID[unfit.why]
    except ConfigError as error:
        return document, str(error.findings[0])


def _amended(rt: Runtime, document: Document) -> str:
    """Why the programmes of the desk do not take its file; empty: they do."""
    try:
        amend.amend(rt, [document])
    except (ConfigError, Refusal) as error:
        return str(error).splitlines()[0]
    return ""
