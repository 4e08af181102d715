"""Read what people wrote and nobody read: the process that took it died, or could not read it then.

Each try is counted before it begins. After three a person reads it (`models.messages.inbound`).
"""

from datetime import datetime, timedelta

import structlog

from config import replies
from jobs.runtime import Runtime
from models.messages import inbound
from services import replying

log = structlog.get_logger()

AFTER = timedelta(minutes=1)
"""Whoever took it reads it at once; later nobody does."""


def run(rt: Runtime, *, now: datetime) -> None:
    """Read each once. Harmless to repeat: what was read is not read again."""
    with rt.sessions.begin() as session:
        waiting = inbound.unread(session, before=now - AFTER)
    for id in waiting:
        read(rt, id, now=now)


def read(rt: Runtime, id: int, *, now: datetime) -> str:
    """Read one; what it was understood as, or empty where that failed."""
    with rt.sessions.begin() as session:
        inbound.tried(session, id)
    try:
        with rt.sessions.begin() as session:
            row = replying.read(session, id, rt.live(session), rt.forms(), replies.spoken(), now=now)
    except Exception as broken:  # noqa: BLE001 - one that cannot be read stops only itself
        log.error("inbound not read", inbound=id, error=type(broken).__name__)
        return ""
    if row is None:
        return ""
    log.info("inbound read", inbound=id, intent=row.intent, answered=row.answer_id is not None, person=row.person)
    return row.intent
