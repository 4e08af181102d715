"""The clock: a turn every few seconds, an audit every minute, a sign of life to whoever listens outside."""

import time
from datetime import datetime, timedelta
from threading import Event

import structlog

from jobs import audit, storms, tick, tidy
from jobs.heartbeat import Heartbeat
from jobs.runtime import Runtime
from models import clock
from rules import timekeeping

log = structlog.get_logger()

EVERY = timedelta(seconds=5)
AUDIT_EVERY = timedelta(seconds=60)


def run(rt: Runtime, stop: Event, *, heartbeat_url: str | None = None) -> None:
    """Turn until `stop` is set. A turn that fails is logged and the next one comes; the dead man tells if none does."""
    heartbeat = Heartbeat(heartbeat_url)
    last: tuple[datetime, float] | None = None
    audited = -AUDIT_EVERY.total_seconds()
    while not stop.is_set():
        began = _uptime()
        try:
            if last is not None:
                _distrust(rt, last)
            last = (tick.run(rt), _uptime())
            if began - audited >= AUDIT_EVERY.total_seconds():
                audited = began
                heartbeat.beat(_audit(rt, last[0]))
                _tidy(rt, last[0])
        except Exception as error:  # noqa: BLE001 - the clock must not stop; what is due stays due
            log.error("turn failed", error=type(error).__name__)
        stop.wait(max(0.0, EVERY.total_seconds() - (_uptime() - began)))


def _uptime() -> float:
    """Seconds since the machine started, sleep included; nobody sets this clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def _distrust(rt: Runtime, last: tuple[datetime, float]) -> None:
    """Hold all sending when the wall clock jumped: a person must look before anybody is told anything."""
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        strayed = timekeeping.jumped(last[0], now, timedelta(seconds=_uptime() - last[1]))
        if strayed is not None and not clock.marked(session, clock.HOLD):
            storms.hold(session, rt.live(session), f"the clock jumped by {strayed}", "jam mesin berubah", now=now)
            log.error("clock jumped, sending on hold", seconds=round(strayed.total_seconds()))


def _tidy(rt: Runtime, now: datetime) -> None:
    """Tidy up, if it is time: what fails there is no failure of the clock."""
    try:
        tidy.run(rt, now=now)
    except Exception as error:  # noqa: BLE001 - the chase must not wait for it
        log.error("not tidied", error=type(error).__name__)


def _audit(rt: Runtime, now: datetime) -> str:
    """What whoever listens outside must hear; empty: all is well. An audit that fails itself stops nothing."""
    try:
        findings = audit.run(rt, now=now)
        audit.tell(rt, findings.unsettled, now=now)
    except Exception as error:  # noqa: BLE001 - a row that cannot be judged must not look like a dead clock
        log.error("audit failed", error=type(error).__name__)
        return "the audit failed"
    for key in findings.broken:
        log.error("no outcome", what=key)
    return findings.failure
