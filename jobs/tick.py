"""One turn of the clock. Any number of clocks at once do no harm: what one holds, the others pass over."""

from datetime import datetime, timedelta

from jobs import compile, dispatch, watch
from jobs.runtime import Runtime
from models import clock, waits

MARK_EVERY = timedelta(seconds=20)
"""How often a sweep is marked, and documents that are wanting are made; whoever listens presumes death after 120 s."""


def run(rt: Runtime, *, documents: bool = True) -> datetime:
    """Do what is due: compile, watch, rule on what was lost, dispatch; the time it was done at.

    The database's time is read once and passed on. The sweep is marked as finished only at the end, so that
    a turn that fails shows; an idle one is marked now and then, for a mark is a wait for the disk.
    """
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        rt.refresh(session)
        waiting, swept = waits.read(session), clock.marked(session, clock.SWEEP)
    if _due(waiting.cut_off, now):
        compile.run(rt, now=now)
    if _due(waiting.message, now):
        dispatch.find_lost(rt, now=now)
    if (
        (_due(waiting.matter, now) and watch.run(rt, now=now))
        or _due(waiting.notice, now)
        or _due(waiting.message, now)
    ):
        dispatch.run(rt, now=now)
    if swept is None or abs(now - swept[0]) >= MARK_EVERY:
        if documents:
            compile.make_documents(rt)
        with rt.sessions.begin() as session:
            clock.mark(session, clock.SWEEP, now)
    return now


def next_at(rt: Runtime) -> datetime | None:
    """When something next wants to be done; None: nothing ever."""
    with rt.sessions.begin() as session:
        return waits.read(session).first


def _due(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now
