"""Ask offices whether their contacts are right, when a roll call is due or a contact is new (`services.rollcalls`)."""

from datetime import datetime

import structlog

from jobs.runtime import Runtime
from services import rollcalls

log = structlog.get_logger()


def run(rt: Runtime, *, now: datetime) -> int:
    """Ask whoever is to be asked now; how many offices that is. Harmless to repeat."""
    with rt.sessions.begin() as session:
        rollcalls.tidy(session, now=now)
        asked = sum(rollcalls.call(session, id, programme, now=now) for id, programme in rt.live(session).items())
    if asked:
        log.info("roll call", asked=asked)
    return asked
