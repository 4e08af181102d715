"""Look once an hour whether the posko has somebody on duty in the next seven days (`services.posko`)."""

from datetime import datetime, timedelta

from jobs.runtime import Runtime
from services import posko

EVERY = timedelta(hours=1)


def run(rt: Runtime, *, rostered: bool, now: datetime) -> None:
    """Look at the roster of each programme whose policy wants one. Harmless to repeat.

    Args:
        rostered: whether any desk keeps a roster.
    """
    if rt.rostered is not None and rt.rostered <= now < rt.rostered + EVERY:
        return
    if rostered:
        with rt.sessions.begin() as session:
            for id, programme in rt.live(session).items():
                posko.watch(session, id, programme, now=now)
    rt.rostered = now
