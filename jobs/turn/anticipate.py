"""Look at reports beside their neighbours, when their time comes (`services.anticipating`)."""

from datetime import datetime

import structlog

from jobs.runtime import Runtime
from services import anticipating

log = structlog.get_logger()


def run(rt: Runtime, *, now: datetime) -> None:
    """Look at all that is due. Harmless to repeat: what was looked at is not due again."""
    with rt.sessions.begin() as session:
        looked = anticipating.look(session, rt.live(session), rt.unread(session), now=now)
    if looked:
        log.info("looked", reports=looked)
