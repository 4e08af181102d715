"""Plan what the secretary is told before a preparation begins, if it is not ready then (`services.gates`)."""

from datetime import datetime

from jobs.runtime import Runtime
from services import gates


def run(rt: Runtime, *, now: datetime) -> int:
    """Plan the gates of all programmes that come soon; how many are new. Harmless to repeat.

    What was planned is remembered, until others are to be.
    """
    live = rt.programmes
    coming = {id: gates.due(programme, now=now) for id, programme in live.items()}
    new = [id for id, own in coming.items() if own != rt.gated.get(id, [])]
    count = 0
    if new:
        with rt.sessions.begin() as session:
            count = sum(gates.plan(session, id, live[id], coming[id], now=now) for id in new)
    rt.gated = coming
    return count
