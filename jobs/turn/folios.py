"""Once a day close a leaf of each desk's books (`rules.folios`)."""

from datetime import datetime

import structlog

from jobs.runtime import Runtime
from models.machine import clock
from rules import folios as rule
from services import folios

log = structlog.get_logger()


def run(rt: Runtime, *, now: datetime) -> None:
    """Close the leaves if nobody did for a day. Of several clocks one does it. Harmless to repeat, and to interrupt.

    It waits while sending is on hold: the time itself may be wrong, and no leaf is opened again.
    """
    with rt.sessions.begin() as session:
        clock.alone(session, clock.FOLIO)
        marked = clock.marked(session, clock.FOLIO)
        last = marked[0] if marked else None
        until = rule.until(last, now)
        if until is None or clock.marked(session, clock.HOLD):
            return
        closed = folios.close(session, last, until)
        clock.mark(session, clock.FOLIO, until)
    log.info("leaves closed", desks=closed)
