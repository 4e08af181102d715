"""Ask offices whether their contacts are right, when a roll call is due or a contact is new (`services.rollcalls`)."""

from datetime import datetime

import structlog

from jobs.runtime import Runtime
from services import rollcalls

log = structlog.get_logger()


def run(rt: Runtime, *, asking: bool, now: datetime) -> int:
    """Ask whoever is to be asked now; how many offices that is. Harmless to repeat.

    What a programme asks on its day is planned once and remembered, until the programme changes or another day comes.

    Args:
        asking: whether a contact is to be asked about, or not any more.
    """
    live = rt.programmes
    planned = {id: (rt.shelf.digests[id], rollcalls.due(programme, now=now)) for id, programme in live.items()}
    if not asking and planned == rt.called:
        return 0
    with rt.sessions.begin() as session:
        rollcalls.tidy(session, now=now)
        asked = rollcalls.ask_new(session, live, now=now)
        for id, (digest, called) in planned.items():
            if rt.called.get(id) != (digest, called):
                asked += rollcalls.call(session, id, live[id], called, now=now)
    rt.called = planned
    if asked:
        log.info("roll call", asked=asked)
    return asked
