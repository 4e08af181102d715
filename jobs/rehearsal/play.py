"""Play a programme through its calendar and leave the folder: the one way, for the command and for the page."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config import loader, midway
from config.documents import Document
from jobs.rehearsal import folder, levels, ralat
from jobs.rehearsal.forecast import bounds
from jobs.rehearsal.rehearse import Rehearsal, prepare
from rules.forms import Form
from rules.government import ReportKind

Days = tuple[date | None, date | None]
"""The first and the last local day; None: those of the calendar."""

Tell = Callable[[float, date | None], None]
"""Hears how far it is: a share from 0 to 1, and the local day that is played; None: documents are made."""

PLAYED = 0.9
"""The share of the work that is done once the calendar is played, if documents are made."""


def play(
    files: Sequence[Document],
    script: Document,
    forms: Mapping[str, Form],
    kinds: Mapping[str, ReportKind],
    *,
    out: Path,
    documents: str,
    tell: Tell,
    days: Days = (None, None),
    seed: int | None = None,
    forecast: bool = False,
    above: bool = False,
    back: str = "",
) -> Mapping[str, Any]:
    """Play election, desk and policy through by a scenario; the summary of what came of it.

    Args:
        documents: reports to the Government to typeset: all, last (of each kind) or none.
        forecast: also what messages cost at least and at most, which takes thrice as long.
        above: also correct a report, and let the levels above compile theirs.
        back: as `reports.rehearsal.facts.RehearsalFacts` has it.

    Raises:
        config.errors.ConfigError: the files do not fit each other, or what the scenario puts in force midway.
        Refusal: the folder cannot be written, or holds what no rehearsal left.
    """
    programme = loader.programme(*files)
    amended = midway.read(script, files, forms, kinds)
    scenario = loader.scenario(script, programme, *(own.programme for own in amended))
    zone = ZoneInfo(programme.desk.zone)
    start = _midnight(days[0] or programme.election.starts, zone)
    last = days[1] or max(own.ends for own in (programme, *(changed.programme for changed in amended)))
    end = _midnight(last + timedelta(days=1), zone) - timedelta(seconds=1)
    rehearsal = prepare(files, scenario, forms, kinds, seed=seed, start=start, end=end, out=out, midway=amended)
    gc.freeze()  # what was loaded stays: the collector need not look at it after every few messages
    played = 1.0 if documents == "none" else PLAYED
    for at in _moments(rehearsal, corrects=ralat.due(programme) if above else None):
        tell(played * ((at - start) / (end - start)), at.astimezone(zone).date())
    for share in folder.typeset(rehearsal, documents):
        tell(played + (1 - played) * share, None)
    letters = levels.play(rehearsal, files[0], files[2], out / "tingkat") if above else []
    ends = bounds(files, scenario, forms, kinds, seed=seed, start=start, end=end, midway=amended) if forecast else {}
    summary = folder.write(rehearsal, out, letters, start=start, forecast=ends, back=back)
    rehearsal.close()
    return summary


def _moments(rehearsal: Rehearsal, *, corrects: datetime | None) -> Iterator[datetime]:
    """Each moment that is reached. `corrects`: when a report to the Government is corrected; None: none is."""
    for at in rehearsal.play():
        if corrects is not None and at >= corrects:
            corrects = None
            ralat.play(rehearsal)
        yield at


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), zone)
