"""File above what desks of the level below have sent, where both live in this installation."""

from datetime import datetime

import structlog

from jobs.runtime import Runtime
from models.matters import arrivals, tasks
from models.matters.submissions import Submission
from rules import machine
from services import levels
from services.levels import Takers

log = structlog.get_logger()

AT_ONCE = 50
"""So many in one turn: after a long stop the messages of others must not wait for all of them."""


def run(rt: Runtime, *, now: datetime) -> int:
    """File each version that left a desk below, each once; how many. Where no desk is below, nothing is asked."""
    takers = Takers(rt.programmes)
    below = takers.below()
    if not below:
        return 0
    with rt.sessions.begin() as session:
        left = arrivals.unseen(session, below, limit=AT_ONCE)
    return sum(_filed(rt, takers, programme_id, version, now) for programme_id, version in left)


def _filed(rt: Runtime, takers: Takers, programme_id: int, version: Submission, now: datetime) -> int:
    """File one. One that cannot be filed is shown: the others must not wait for it."""
    try:
        with rt.sessions.begin() as session:
            below = rt.programme(session, programme_id)
            came = levels.arrived(session, takers, below, rt.forms(), version, now)
    except (LookupError, ValueError) as defect:
        if machine.failed(defect):
            raise
        log.error("not filed above", submission=version.id, error=type(defect).__name__)
        text = f"{version.name} cannot be filed above: {type(defect).__name__} {defect}"[:500]
        with rt.sessions.begin() as session:
            tasks.open_(session, programme_id, tasks.Why.SET_ASIDE, f"levels:{version.id}", text, now=now)
        return 0
    for arrival in came:
        log.info("filed above", submission=version.id, arrival=arrival.id, fate=arrival.fate)
    return bool(came)
