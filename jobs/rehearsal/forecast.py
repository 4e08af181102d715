"""What messages would cost at least and at most: the same programme once more, with other answers.

Least: every report comes in time. Most: none ever comes, so each ladder is climbed to its end. Problems, outages and
all else are those of the scenario. A budget in the policy bounds all of them: leave it out to see what would be asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from config.documents import Document
from config.midway import Midway
from jobs.rehearsal import folder
from jobs.rehearsal.rehearse import prepare
from rules.forms import Form
from rules.government import ReportKind
from rules.scenario import Filing, Scenario

SOON = timedelta(minutes=5), timedelta(hours=1)
IN_TIME = Filing(on_time=1, late=0, nil=0, early_by=SOON, late_by=SOON)


def punctual(scenario: Scenario) -> Scenario:
    """Every report comes in time."""
    filings = (*(replace(own, on_time=1, late=0) for own in scenario.filings), IN_TIME)
    return replace(scenario, filings=filings)


def silent(scenario: Scenario) -> Scenario:
    """Nobody ever reports, or answers for his contacts."""
    return replace(scenario, filings=(), confirms=())


def bounds(
    documents: Sequence[Document],
    scenario: Scenario,
    forms: Mapping[str, Form],
    kinds: Mapping[str, ReportKind],
    *,
    seed: int | None,
    start: datetime,
    end: datetime,
    midway: Sequence[Midway] = (),
) -> dict[str, dict[str, int]]:
    """`low` and `high`, each in rupiah by the code of the stage. Nothing of it is kept."""
    costs = {}
    for name, course in (("low", punctual(scenario)), ("high", silent(scenario))):
        with TemporaryDirectory(prefix="desk-forecast-") as out:
            run = Path(out) / "run"
            own = prepare(documents, course, forms, kinds, seed=seed, start=start, end=end, out=run, midway=midway)
            for _ in own.play():
                pass
            costs[name] = folder.by_stage(own, start=start)
            own.close()
    return costs
