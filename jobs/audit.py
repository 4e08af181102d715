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


def run(rt: Runtime, *, now: datetime, open_only: bool = True) -> Findings:
    """Judge every due obligation at `now`. Reads only."""
    with rt.sessions.begin() as session:
        programmes = rt.live(session).values()
        rungs = {code: len(ladder.rungs) for p in programmes for code, ladder in p.policy.ladders.items()}
        judged = [
            (found.key, audit.outcome(found.evidence, slack=SLACK, now=now))
            for found in evidence.due(session, rungs, now=now, open_only=open_only)
        ]
    return Findings(Counter(o for _, o in judged), [key for key, o in judged if o is Outcome.BROKEN])
