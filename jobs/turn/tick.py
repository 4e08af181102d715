"""One turn of the clock. Any number of clocks may run at once: what one holds, the others pass over."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex
from typing import TypeVar

import structlog
from sqlalchemy.exc import OperationalError
from structlog.contextvars import bound_contextvars

from jobs.delivery import bells, doubts
from jobs.operator import holding
from jobs.runtime import Runtime
from jobs.turn import (
    anticipate,
    ask_contacts,
    budget,
    compile,
    dispatch,
    gates,
    levels,
    media,
    orders,
    other_way,
    rearrange,
    release,
    roster,
    unread,
    watch,
)
from models import postgres
from models.machine import clock, stops
from models.machine.waits import Seldom, Waits
from rules import timekeeping
from services import handovers

log = structlog.get_logger()
T = TypeVar("T")

MARK_EVERY = timedelta(seconds=20)
"""How often a sweep is marked and missing documents are made. After 120 s without a mark the clock counts as dead."""


def run(rt: Runtime, waiting: Waits | None = None, *, documents: bool = True) -> datetime:
    """Do what is due: hand over offices, compile, watch, rule on what was lost, dispatch; the time it was done at.

    The database's time comes with the answer to what waits, and is passed on. The sweep is marked at the end, so a
    turn that fails shows. Idle turns are marked only now and then, because a mark waits for the disk.
    All that is logged about a turn, in any process, has its `turn`.

    Args:
        waiting: what waits, if it is known already.
    """
    with bound_contextvars(**{bells.TURN: token_hex(4)}):
        return _turn(rt, waiting or rt.lookout.look(), documents=documents)


def _turn(rt: Runtime, waiting: Waits, *, documents: bool) -> datetime:
    now = _time(rt, waiting)
    _keep_stop(rt, waiting, now)
    if rt.shelf.failed or waiting.live != rt.shelf.marks:
        with rt.sessions.begin() as session:
            rt.refresh(session)
        _show_unread(rt)
    if _due(waiting.ordered, now):
        _unless_held("orders", partial(orders.run, rt, now=now))
        waiting = rt.lookout.look()
    if _due(waiting.handover, now):
        _unless_held("handovers", partial(_hand_over, rt, now))
    if _due(waiting.rearrangement, now):
        _unless_held("rearrange", partial(rearrange.run, rt, now=now))
        waiting = rt.lookout.look()
    if _due(waiting.cut_off, now):
        _unless_held("compile", partial(compile.run, rt, now=now))
    find_lost = partial(doubts.find_lost, rt, now=now)
    questions = _unless_held("doubts", find_lost) if _due(waiting.message, now) else None
    if _due(waiting.anticipating, now):
        _unless_held("anticipate", partial(anticipate.run, rt, now=now))
        waiting = rt.lookout.look()
    sweeps = waiting.swept_at is None or abs(now - waiting.swept_at) >= MARK_EVERY
    seldom = rt.lookout.seldom() if sweeps else None
    if seldom:
        asked = _unless_held("roll call", partial(ask_contacts.run, rt, asking=seldom.asking, now=now))
        if _unless_held("gates", partial(gates.run, rt, now=now)) or asked:
            waiting = rt.lookout.look()
    for programmes in _parts(rt, waiting, now):
        _tell(rt, waiting, programmes, now)
    if questions:  # last, because a slow provider must not keep the others waiting
        doubts.ask(rt, questions)
    if seldom:
        _sweep(rt, waiting, seldom, now, documents=documents)
    return now


def _sweep(rt: Runtime, waiting: Waits, seldom: Seldom, now: datetime, *, documents: bool) -> None:
    """What is looked at now and then, last the mark that it was."""
    _unless_held("release", partial(release.run, rt, now=now))
    _unless_held("roster", partial(roster.run, rt, rostered=seldom.rostered, now=now))
    _unless_held("budget", partial(budget.run, rt, now=now))
    _unless_held("levels", partial(levels.run, rt, now=now))
    if _due(seldom.written, now):
        _unless_held("unread", partial(unread.run, rt, now=now))
    if _due(seldom.media, now):
        _unless_held("media", partial(media.run, rt, now=now))
    if documents:
        compile.make_documents(rt)
    with rt.sessions.begin() as session:
        clock.mark(session, clock.SWEEP, now)
        idle = not _due(waiting.message, now) and not _due(waiting.notice, now)
        if seldom.releasing and (idle or (rt.shelf.failed and dispatch.idle(session, rt, now))):
            holding.done_releasing(session)


def _keep_stop(rt: Runtime, waiting: Waits, now: datetime) -> None:
    """Write down that the desk stood still until now.

    A clock that is moved by hand jumps over times in which nothing is due: there it stood still only from the first
    thing that was not done.
    """
    began = timekeeping.stopped(waiting.swept_at, now=now)
    if began is not None and rt.clock is not clock.now:
        undone = timekeeping.stopped(waiting.first, now=now)
        began = max(began, undone) if undone else None
    if began is not None:
        with rt.sessions.begin() as session:
            stops.keep(session, began, now)
        log.warning("stood still", since=began.isoformat())


def _show_unread(rt: Runtime) -> None:
    """Say once in the log what is wrong with a programme, or an earlier policy of one, that cannot be read."""
    unread, unkept = frozenset(rt.shelf.unreadable.values()), frozenset(rt.shelf.unkept)
    for one in unread - rt.shown:
        log.error("programme unreadable", programme=one.code, why=str(one))
    for one in unkept - rt.shown:
        log.error("policy unreadable", programme=one.code, why=str(one))
    rt.shown = unread | unkept


def _parts(rt: Runtime, waiting: Waits, now: datetime) -> list[list[int]]:
    """Programmes in parts. A part is planned whole before its messages go; workers begin while the next is planned.

    It is one part if something waits from before, so that an office still gets all of it in one message.
    """
    parts = watch.parts(rt, now=now) if _due(waiting.matter, now) else []
    if any(_due(at, now) for at in (waiting.notice, waiting.message, waiting.other_way)):
        return [[id for part in parts for id in part]]
    return parts


def _tell(rt: Runtime, waiting: Waits, programmes: Sequence[int], now: datetime) -> None:
    """Plan what is due in these programmes, and dispatch it with whatever else may go."""
    told = bool(programmes) and bool(_unless_held("watch", partial(watch.run, rt, programmes, now=now)))
    if told:  # some of it may be for a channel that is down
        waiting = rt.lookout.look()
    if _due(waiting.other_way, now):
        told = bool(_unless_held("other way", partial(other_way.run, rt, now=now))) or told
    to_send = told or _due(waiting.notice, now) or _due(waiting.message, now)
    if to_send and _unless_held("dispatch", partial(dispatch.run, rt, now=now)) is None:
        dispatch.ring(rt, now=now)


def _hand_over(rt: Runtime, now: datetime) -> None:
    with rt.sessions.begin() as session:
        handovers.take_effect(session, now=now)


def _unless_held(what: str, step: Callable[[], T]) -> T | None:
    """Do a step of the turn; None: another process holds what it needs for longer than a few seconds.

    That process may be dead or cut off. The other steps are done now, this one in a later turn.
    """
    try:
        return step()
    except OperationalError as error:
        if not postgres.held(error):
            raise
        log.warning("held by another process", what=what)
        return None


def _time(rt: Runtime, waiting: Waits) -> datetime:
    """The database's, unless somebody moves the clock by hand."""
    if rt.clock is clock.now:
        return waiting.at
    with rt.sessions() as session:
        return rt.clock(session)


def _due(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now
