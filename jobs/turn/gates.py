"""Plan what the secretary is told before a preparation begins, if it is not ready then (`services.gates`)."""

from datetime import datetime

from jobs.runtime import Runtime
from services import gates


def run(rt: Runtime, *, now: datetime) -> int:
    """Plan the gates of all programmes that come soon; how many are new. Harmless to repeat."""
    with rt.sessions.begin() as session:
        return sum(gates.plan(session, id, programme, now=now) for id, programme in rt.live(session).items())
