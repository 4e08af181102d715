"""One turn of the clock. Any number of clocks at once do no harm: what one holds, the others pass over."""

from datetime import datetime

from jobs import compile, dispatch, watch
from jobs.runtime import Runtime
from models import clock, compiling, messages


def run(rt: Runtime, *, documents: bool = True) -> datetime:
    """Compile, watch, rule on what was lost, dispatch; the time it was done at.

    The database's time is read once and passed on. The sweep is marked as finished only at the end, so that
    a turn that fails shows.
    """
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        rt.refresh(session)
    compile.run(rt, now=now)
    watch.run(rt, now=now)
    dispatch.find_lost(rt, now=now)
    dispatch.run(rt, now=now)
    if documents:
        compile.make_documents(rt)
    with rt.sessions.begin() as session:
        clock.mark(session, clock.SWEEP, now)
    return now


def next_at(rt: Runtime) -> datetime | None:
    """When something next wants to be done; None: nothing ever."""
    with rt.sessions.begin() as session:
        duties = [code for p in rt.live(session).values() for code in compile.own_duties(p)]
        times = [*messages.next_times(session), compiling.next_cut_off(session, duties)]
    return min((t for t in times if t is not None), default=None)
