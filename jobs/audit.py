"""Check that everything has an outcome, name what has none, and tell the secretariat what does not leave."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy.orm import Session

from config.shelf import Unreadable
from jobs.runtime import Runtime
from models import audit as evidence
from models import channels, clock, nonsense, offices, tasks
from models.audit import Unsettled
from models.tasks import Why
from rules import audit
from rules.audit import Outcome
from rules.delivery import State
from rules.desk import Channel
from rules.programme import Programme

SLACK = timedelta(seconds=60)
"""An obligation past its time is noticed within this (promise 1)."""

STUCK = timedelta(minutes=10)
"""What is unsettled so long after its time is shown, and told to the secretariat by another way (promise 3)."""

SLOWLY = timedelta(hours=1)
"""What a hold kept back goes out at a pace; after so long that is no longer the reason."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Findings(NamedTuple):
    """How much of what is chased has which outcome, what has none, and the messages a person should look after.

    `broken` holds keys of matters, and `message/12` for one that nobody tried in time. `unread`: programmes that cannot
    be read, of which nothing is judged. `failure`: what whoever listens outside must hear (`rules.audit`).
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
        found = [m for m in unsettled if m.programme_id not in unread]
        unordered, cut_off = clock.marked(session, clock.UNORDERED), _cut_off(session, rt)
    untried = (State.PENDING, State.SENDING)
    idle = [f"message/{m.id}" for m in found if m.state in untried and m.due_at and m.due_at <= now - STUCK]
    broken = [key for key, outcome in judged.items() if outcome is Outcome.BROKEN]
    broken += idle
    why = unordered[1] if unordered else ""
    failure = audit.failure(
        broken=len(broken), unordered=why, cut_off=cut_off, unread=[u.code for u in unread.values()]
    )
    return Findings(Counter(judged.values()), broken, found, list(unread.values()), failure)


def _cut_off(session: Session, rt: Runtime) -> bool:
    """Whether some secretariat can be told nothing: the channels that reach it are down."""
    down = {channel for channel, known in channels.every(session).items() if known.down_since}
    desks = {p.desk.code: p.desk.secretariat for p in rt.live(session).values()} if down else {}
    reached = [reach for desk, office in desks.items() for reach in offices.reach(session, desk, office).values()]
    return any(reach.channels and down.issuperset(reach.channels) for reach in reached)


def outcomes(rt: Runtime, *, now: datetime) -> dict[str, Outcome]:
    """By key, the outcome of everything that is or was chased by `now`."""
    with rt.sessions.begin() as session:
        return _judged(session, rt, now=now, open_only=False)


def tell(rt: Runtime, found: Sequence[Unsettled], *, now: datetime) -> None:
    """Open one task for each programme and channel by which something does not leave; end those that are mended.

    What somebody ticked off is told again when something more is stuck, and not for what he has seen.

    Where a channel is down the secretariat knows already, by day. Safe to repeat: a task is opened once.
    """
    with rt.sessions.begin() as session:
        down = {channel for channel, known in channels.every(session).items() if known.down_since}
        news = [m for m in found if m.urgent or m.due_at is None or m.channel not in down]
        for id, programme in rt.live(session).items():
            for channel in Channel:
                stuck = [m for m in news if (m.programme_id, m.channel) == (id, channel)]
                _see_to(session, id, programme, channel, stuck, now)


def _see_to(
    session: Session, id: int, programme: Programme, channel: Channel, stuck: Sequence[Unsettled], now: datetime
) -> None:
    subject = f"{programme.code}/{channel}"
    if not stuck:
        tasks.done(session, Why.UNSETTLED, subject, now=now)
        return
    ticked_at = tasks.ticked_at(session, Why.UNSETTLED, subject)
    if ticked_at is not None and all((m.settled_at or m.created_at + STUCK) <= ticked_at for m in stuck):
        return
    text = f"{channel}: messages not settled, the first is {stuck[0].id}: see ./desk outbox list --channel {channel}"
    urgent = any(m.urgent for m in stuck)
    tasks.open_(session, id, Why.UNSETTLED, subject, text, now=now, channel=channel, urgent=urgent)


def _before(session: Session, now: datetime) -> datetime:
    """Messages made later than this have had no time yet: what waited for a hold is given its minutes anew."""
    if clock.marked(session, clock.HOLD):
        return LONG_AGO
    at, slowly = clock.marked(session, clock.RELEASED) or (LONG_AGO, "")
    return LONG_AGO if now < at + (SLOWLY if slowly else STUCK) else now - STUCK


def _judged(session: Session, rt: Runtime, *, now: datetime, open_only: bool) -> dict[str, Outcome]:
    live = rt.live(session)

    def rungs(programme: int, ladder: str) -> int:
        try:
            return len(live[programme].policy.ladder(ladder).rungs)
        except KeyError:  # closed, or set aside
            return 0

    due = evidence.due(session, rungs, now=now, open_only=open_only, aside=rt.unread(session))
    return {found.key: audit.outcome(found.evidence, slack=SLACK, now=now) for found in due}
