"""Look how the budgets stand (`services.spending`)."""

from datetime import datetime

from jobs.runtime import Runtime
from services import spending


def run(rt: Runtime, *, now: datetime) -> None:
    """Tell of each budget that is nearly used, or used. Harmless to repeat."""
    if all(programme.policy.costs.budget is None for programme in rt.programmes.values()):
        return
    with rt.sessions.begin() as session:
        for id, programme in rt.live(session).items():
            spending.watch(session, id, programme, now=now)
