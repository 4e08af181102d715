"""Check that everything has an outcome, name what has none, and tell the secretariat what does not leave."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy.orm import Session

from config.shelf import Unreadable
from jobs.runtime import Runtime
from models.machine import audit as evidence
from models.machine import clock, nonsense
from models.machine.audit import Unsettled
from models.matters import tasks
from models.matters.matters import Matter
from models.matters.tasks import Why
from models.messages import channels
from models.offices import offices
from rules import audit
from rules.audit import Outcome
from rules.delivery import State
from rules.desk import Channel

SLACK = timedelta(seconds=60)
"""An obligation past its time is noticed within this (promise 1)."""

STUCK = timedelta(minutes=10)
"""Messages that are unsettled so long after their time are shown, and the secretariat is told (promise 3)."""

SLOWLY = timedelta(hours=1)
"""After a release messages go out slowly. After so long that does not explain a late one any more."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Findings(NamedTuple):
    """How many matters have which outcome, which have none, and which messages a person should look after.

    `broken` holds keys of matters, and `message/12` for a message that nobody tried in time. `unread`: programmes that
    cannot be read; nothing of them is judged. `failure`: what the monitor outside must hear (`rules.audit`).
    """

    outcomes: Counter[Outcome]
    broken: Sequence[str]
    unsettled: Sequence[Unsettled]
    unread: Sequence[Unreadable]
    failure: str


def run(rt: Runtime, *, now: datetime) -> Findings:
    """Judge all that is still open at `now`: due obligations, problems, tasks, messages."""
    with rt.sessions.begin() as session:
        judged = nonsense.cured(session, partial(_judged, session, rt, now=now, open_only=True), now=now)
        unread = rt.unread(session)
        unsettled = evidence.unsettled(session, before=_before(session, now))
        known = [m for m in unsettled if m.programme_id not in unread]
        unordered, cut_off = clock.marked(session, clock.UNORDERED), _cut_off(session, rt)
    untried = (State.PENDING, State.SENDING)
    idle = [f"message/{m.id}" for m in known if m.state in untried and m.due_at and m.due_at <= now - STUCK]
    broken = [key for key, outcome in judged.items() if outcome is Outcome.BROKEN]
    broken += idle
    why = unordered[1] if unordered else ""
    failure = audit.failure(
        broken=len(broken), unordered=why, cut_off=cut_off, unread=[u.code for u in unread.values()]
    )
    return Findings(Counter(judged.values()), broken, known, list(unread.values()), failure)


def _cut_off(session: Session, rt: Runtime) -> bool:
    """Whether a secretariat cannot be told anything: no channel reaches it, or those that do are down."""
    down = {channel for channel, known in channels.every(session).items() if known.down_since}
    desks = {p.desk.code: p.desk.secretariat for p in rt.live(session).values()}
    reached = [reach for desk, office in desks.items() for reach in offices.reach(session, desk, office).values()]
    return any(down.issuperset(reach.channels) for reach in reached)


def outcomes(rt: Runtime, *, now: datetime) -> dict[str, Outcome]:
    """By key, the outcome of everything that is or was chased by `now`."""
    with rt.sessions.begin() as session:
        return _judged(session, rt, now=now, open_only=False)


def tell(rt: Runtime, unsettled: Sequence[Unsettled], *, now: datetime) -> None:
    """Open a task for each programme and channel with messages that do not leave; end those that are mended.

    If somebody ticked a task off, only newly stuck messages open it again. If a channel is down, the secretariat knows
    already: only what is urgent opens a task. Safe to repeat: a task is opened once.
    """
    with rt.sessions.begin() as session:
        down = {channel for channel, known in channels.every(session).items() if known.down_since}
        news = [m for m in unsettled if m.urgent or m.due_at is None or m.channel not in down]
        waiting = tasks.waiting(session, Why.UNSETTLED)
        for id, programme in rt.live(session).items():
            for channel in Channel:
                stuck = [m for m in news if (m.programme_id, m.channel) == (id, channel)]
                subject = f"{programme.code}/{channel}"
                if stuck:
                    _see_to(session, id, subject, channel, stuck, now)
                elif subject in waiting:
                    tasks.done(session, Why.UNSETTLED, subject, now=now)


def _see_to(
    session: Session, id: int, subject: str, channel: Channel, stuck: Sequence[Unsettled], now: datetime
) -> None:
    ticked_at = tasks.ticked_at(session, Why.UNSETTLED, subject)
    if ticked_at is not None and all((m.settled_at or m.created_at + STUCK) <= ticked_at for m in stuck):
        return
    text = f"{channel}: messages not settled, the first is {stuck[0].id}: see ./desk outbox list --channel {channel}"
    urgent = any(m.urgent for m in stuck)
    tasks.open_(session, id, Why.UNSETTLED, subject, text, now=now, channel=channel, urgent=urgent)


def _before(session: Session, now: datetime) -> datetime:
    """Messages made after this have had no time yet to leave. After a hold their minutes begin anew."""
    if clock.marked(session, clock.HOLD):
        return LONG_AGO
    at, slowly = clock.marked(session, clock.RELEASED) or (LONG_AGO, "")
    return LONG_AGO if now < at + (SLOWLY if slowly else STUCK) else now - STUCK


def _judged(session: Session, rt: Runtime, *, now: datetime, open_only: bool) -> dict[str, Outcome]:
    live = rt.live(session)

    def rungs(matter: Matter) -> int:
        try:
            return len(live[matter.programme_id].ladder(matter.ladder, matter.policy).rungs)
        except KeyError:  # closed, or set aside
            return 0

    due = evidence.due(session, rungs, now=now, open_only=open_only, aside=rt.unread(session))
    return {matter.key: audit.outcome(matter.evidence, slack=SLACK, now=now) for matter in due}
