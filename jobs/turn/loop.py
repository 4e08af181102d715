"""The clock: a turn every few seconds, an audit every minute, a sign of life to whoever listens outside."""

from datetime import datetime, timedelta
from threading import Event

import structlog

from jobs import causes
from jobs.delivery.collecting import Collector
from jobs.rehearsal.beside import Rehearser
from jobs.runtime import Runtime, uptime
from jobs.shadow import kept
from jobs.turn import audit, folios, seen, storms, tick, tidy
from jobs.turn.heartbeat import Heartbeat
from models.machine import clock
from rules import timekeeping

log = structlog.get_logger()

EVERY = timedelta(seconds=5)
AUDIT_EVERY = timedelta(seconds=60)
PATIENCE = timedelta(seconds=5)


def run(rt: Runtime, stop: Event, *, heartbeat_url: str | None = None) -> None:
    """Turn until `stop` is set. A turn that fails is logged, and the next one comes. The monitor hears if none does."""
    heartbeat, collector, rehearser = Heartbeat(heartbeat_url), Collector(rt), Rehearser(rt)
    last: tuple[datetime, float] | None = None
    audited = -AUDIT_EVERY.total_seconds()
    while not stop.is_set():
        began = uptime()
        try:
            if last is not None:
                _distrust(rt, last)
            last = (tick.run(rt), uptime())
            collector.look()
            rehearser.look()
            if began - audited >= AUDIT_EVERY.total_seconds():
                audited = began
                heartbeat.beat(_audit(rt, last[0]))
                seen.keep(rt)
                _seldom(rt, last[0])
        except Exception as error:  # noqa: BLE001 - the clock must not stop; what is due stays due
            log.error("turn failed", error=causes.named(error))
            rt.lookout.close()  # it only reads, so it would never notice that its connection is stale
        stop.wait(max(0.0, EVERY.total_seconds() - (uptime() - began)))
    rehearser.end(patience=PATIENCE)
    collector.end(patience=PATIENCE)


def _distrust(rt: Runtime, last: tuple[datetime, float]) -> None:
    """Hold all sending if the wall clock jumped: a person must look before anybody is told anything."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        strayed = timekeeping.jumped(last[0], now, timedelta(seconds=uptime() - last[1]))
        if strayed is None:
            return
        clock.mark(session, clock.SWEEP, now)  # the time that was jumped over is no stop
        if not clock.marked(session, clock.HOLD):
            storms.hold(
                session,
                rt.live(session),
                f"the clock jumped by {timekeeping.words(strayed)}",
                "jam mesin berubah",
                now=now,
            )
            log.error("clock jumped, sending on hold", seconds=round(strayed.total_seconds()))


def _seldom(rt: Runtime, now: datetime) -> None:
    """What is done now and then, if it is time. A failure there is no failure of the clock: the chase must not wait."""
    try:
        for desk in kept.tidy(rt, now=now):
            log.info("shadow ended", desk=desk)
    except Exception as error:  # noqa: BLE001 - as above
        log.error("shadow not ended", error=causes.named(error))
    try:
        tidy.run(rt, now=now)
    except Exception as error:  # noqa: BLE001 - as above
        log.error("not tidied", error=causes.named(error))
    try:
        folios.run(rt, now=now)
    except Exception as error:  # noqa: BLE001 - as above
        log.error("leaf not closed", error=causes.named(error))


def _audit(rt: Runtime, now: datetime) -> str:
    """What whoever listens outside must hear; empty if all is well. An audit that fails stops nothing."""
    try:
        findings = audit.run(rt, now=now)
        audit.tell(rt, findings.unsettled, now=now)
    except Exception as error:  # noqa: BLE001 - a row that cannot be judged must not look like a dead clock
        log.error("audit failed", error=causes.named(error))
        return "the audit failed"
    for key in findings.broken:
        log.error("no outcome", what=key)
    return findings.failure
