"""One turn of the clock. Any number of clocks at once do no harm: what one holds, the others pass over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_hex

import structlog
from structlog.contextvars import bound_contextvars

from jobs import bells, compile, dispatch, doubts, holding, other_way, watch
from jobs.runtime import Runtime
from models import clock, handovers
from models.waits import Waits

log = structlog.get_logger()

MARK_EVERY = timedelta(seconds=20)
"""How often a sweep is marked, and documents that are wanting are made; whoever listens presumes death after 120 s."""


def run(rt: Runtime, *, documents: bool = True) -> datetime:
    """Do what is due: hand over offices, compile, watch, rule on what was lost, dispatch; the time it was done at.

    The database's time comes with the answer to what waits, and is passed on. The sweep is marked as finished only at
    the end, so that a turn that fails shows; an idle one is marked now and then, for a mark is a wait for the disk.
    All that is logged about it, in whatever process, has its `turn`.
    """
    with bound_contextvars(**{bells.TURN: token_hex(4)}):
        return _turn(rt, documents=documents)


def _turn(rt: Runtime, *, documents: bool) -> datetime:
    waiting = rt.lookout.look()
    now = _time(rt, waiting)
    if rt.shelf.unreadable or waiting.digests != set(rt.shelf.digests.values()):
        with rt.sessions.begin() as session:
            rt.refresh(session)
        _show_unread(rt)
    if _due(waiting.handover, now):
        with rt.sessions.begin() as session:
            handovers.take_effect(session, now=now)
    if _due(waiting.cut_off, now):
        compile.run(rt, now=now)
    questions = doubts.find_lost(rt, now=now) if _due(waiting.message, now) else []
    for programmes in _parts(rt, waiting, now):
        _tell(rt, waiting, programmes, now)
    if questions:  # a provider that is slow to answer must not keep the others waiting
        doubts.ask(rt, questions)
    if waiting.swept_at is None or abs(now - waiting.swept_at) >= MARK_EVERY:
        if documents:
            compile.make_documents(rt)
        with rt.sessions.begin() as session:
            clock.mark(session, clock.SWEEP, now)
            idle = not _due(waiting.message, now) and not _due(waiting.notice, now)
            if idle or (rt.shelf.unreadable and dispatch.idle(session, rt, now)):
                holding.done_releasing(session)
    return now


def _show_unread(rt: Runtime) -> None:
    """Say once what is wrong with a programme that cannot be read."""
    unread = frozenset(rt.shelf.unreadable.values())
    for one in unread - rt.shown:
        log.error("programme unreadable", programme=one.code, why=str(one))
    rt.shown = unread


def _parts(rt: Runtime, waiting: Waits, now: datetime) -> list[list[int]]:
    """Programmes to plan as a whole before any of it goes, one part after the other: workers begin with the first.

    All of them together where something waits from before, so that an office still gets it all in one message.
    """
    parts = watch.parts(rt, now=now) if _due(waiting.matter, now) else []
    if any(_due(at, now) for at in (waiting.notice, waiting.message, waiting.other_way)):
        return [[id for part in parts for id in part]]
    return parts


def _tell(rt: Runtime, waiting: Waits, programmes: Sequence[int], now: datetime) -> None:
    """Plan what is due of these programmes and dispatch it, with whatever else may go."""
    told = bool(programmes) and watch.run(rt, programmes, now=now)
    if told:  # some of it may be for a channel that is down
        waiting = rt.lookout.look()
    told = (_due(waiting.other_way, now) and other_way.run(rt, now=now)) or told
    if told or _due(waiting.notice, now) or _due(waiting.message, now):
        dispatch.run(rt, now=now)


def next_at(rt: Runtime) -> datetime | None:
    """When something next wants to be done; None: nothing ever."""
    return rt.lookout.look().first


def _time(rt: Runtime, waiting: Waits) -> datetime:
    """The database's, unless somebody moves the clock by hand."""
    if rt.clock is clock.now:
        return waiting.at
    with rt.sessions() as session:
        return rt.clock(session)


def _due(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now
