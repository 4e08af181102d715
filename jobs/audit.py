"""Check that every due obligation has an outcome, and name those that have none."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from jobs.runtime import Runtime
from models import audit as evidence
from rules import audit
from rules.audit import Outcome

SLACK = timedelta(seconds=60)
"""An obligation past its time is noticed within this (promise 1)."""


class Findings(NamedTuple):
    """How many due obligations have which outcome, and the keys of those that have none."""

    outcomes: Counter[Outcome]
    broken: Sequence[str]


def run(rt: Runtime, *, now: datetime) -> Findings:
    """Judge every due obligation that is still open at `now`. Reads only."""
    judged = _judged(rt, now=now, open_only=True)
    return Findings(Counter(judged.values()), [key for key, o in judged.items() if o is Outcome.BROKEN])


def outcomes(rt: Runtime, *, now: datetime) -> dict[str, Outcome]:
    """By key, the outcome of every obligation due by `now`, closed ones too."""
    return _judged(rt, now=now, open_only=False)


def _judged(rt: Runtime, *, now: datetime, open_only: bool) -> dict[str, Outcome]:
    with rt.sessions.begin() as session:
        programmes = rt.live(session).values()
        rungs = {code: len(ladder.rungs) for p in programmes for code, ladder in p.policy.ladders.items()}
        due = evidence.due(session, rungs, now=now, open_only=open_only)
        return {found.key: audit.outcome(found.evidence, slack=SLACK, now=now) for found in due}
