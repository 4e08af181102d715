"""How the budget of an election stands, what may still go by a channel that costs, and who raised it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk import changes, programmes
from models.desk.changes import Hand
from models.machine import clock, gaps
from models.matters import tasks
from models.messages import messages, releasing, spending
from models.offices import offices
from rules import costs, decisions
from rules.costs import WORDS, Lost, Stand
from rules.desk import Channel
from rules.filing import NotTaken
from rules.programme import Programme
from rules.tasks import Why


def watch(session: Session, programme_id: int, programme: Programme, *, now: datetime) -> None:
    """Tell the secretariat once of each level that a budget reaches, and end the task once it is raised.

    A task says what is spent now; for a new figure nobody is told again. A sum that was added begins anew: its 80
    percent are told too. Safe to repeat.
    """
    if programme.policy.costs.budget is None:
        return
    own = stand(session, programme_id, programme)
    current = f"{programme.code}:{own.level}:{own.whole}"
    told = follows(session, programme, own)
    text = f"{told} {programme.election.short}: {own.figures}."[:500] if told else ""
    for task in tasks.of(session, programme_id, Why.BUDGET):
        if task.subject != current:
            tasks.done(session, Why.BUDGET, task.subject, now=now)
        elif task.text != text:
            tasks.reword(session, Why.BUDGET, current, text)
    if text and not tasks.ticked_at(session, Why.BUDGET, current):
        tasks.open_(session, programme_id, Why.BUDGET, current, text, now=now)


RAISED = "raised"
"""What the record of changes calls it."""


class BadSum(NotTaken):
    """A sum that cannot be added to a budget."""


def stand(session: Session, programme_id: int, programme: Programme) -> Stand:
    """How the budget of an election stands now, with what workers are sending at the dearest price."""
    own = programme.policy.costs
    sending = spending.in_hand(session, programme_id) if own.budget is not None else {}
    in_hand = sum(count * own.dearest_of(channel) for channel, count in sending.items())
    lost = [Lost(gap.began_at, gap.ended_at, programme.desk.zone) for gap in gaps.within(session, programme_id)]
    return Stand(own, spending.spent(session, programme_id), in_hand, spending.raised(session, programme_id), lost)


class Closed(NamedTuple):
    """What a closed election has cost."""

    id: int
    code: str
    stand: Stand


def closed(session: Session, past: Callable[[int], Programme | None]) -> list[Closed]:
    """The closed elections whose messages cost something, the last that was closed first.

    Args:
        past: a programme that may be closed; None: it cannot be read, so its sum stands alone.
    """
    found = []
    for id in reversed(programmes.closed(session)):
        if sum_ := spending.spent(session, id):
            programme = past(id)
            own = stand(session, id, programme) if programme else Stand(costs.NONE, sum_)
            found.append(Closed(id, programmes.code_of(session, id), own))
    return found


def unmailed(session: Session, programme: Programme) -> list[str]:
    """The titles of the offices that a channel with a price reaches, and no mail."""
    reached = offices.reach(session, programme.desk.code)
    ways = {own.title: reached[own.code].channels for own in programme.desk.offices if own.code in reached}
    paid = programme.policy.costs.prices
    return [title for title, by in ways.items() if Channel.EMAIL not in by and any(own in paid for own in by)]


def follows(session: Session, programme: Programme, own: Stand) -> str:
    """What follows from how a budget stands, as everybody reads it; empty: nothing does."""
    return costs.follows(own.level, len(unmailed(session, programme)) if own.level in WORDS else 0)


def affordable(
    session: Session, programmes: Mapping[int, Programme], channel: Channel, ids: Sequence[int], *, now: datetime
) -> list[int]:
    """Of messages that a worker is about to take, those that their budgets let go, for this transaction alone.

    The others are undone: what they say is decided on again at the next turn, and paid by another election or said by
    what costs nothing. What may have arrived once is left alone: its second try belongs to the first.
    """
    paid = {id for id, own in programmes.items() if own.policy.costs.budget is not None}
    paid = {id for id in paid if channel in programmes[id].policy.costs.prices}
    if not paid or not ids:
        return list(ids)
    asked = [own for own in spending.free(session, ids) if own.programme_id in paid]
    stands: dict[int, Stand] = {}
    for id in sorted({own.programme_id for own in asked}):
        clock.alone(session, f"spending {id}")
        stands[id] = stand(session, id, programmes[id])
    says, dear = spending.says(session, [own.id for own in asked]), list[int]()
    for own in asked:
        programme = programmes[own.programme_id]
        price = programme.policy.costs.price(channel, programme.country.carrier(own.address))
        told = says.get(own.id, {own.programme_id: []})
        grave = own.programme_id in told and costs.grave(told[own.programme_id])
        if own.doubts or stands[own.programme_id].lets(price, grave=grave):
            stands[own.programme_id] = stands[own.programme_id].sending(price)
        else:
            dear.append(own.id)
    releasing.put_back(session, messages.undo(session, dear, now=now), now=now)
    return [id for id in ids if id not in dear]


def raise_budget(
    session: Session, programme_id: int, programme: Programme, rupiah: int, hand: Hand, reason: str, *, now: datetime
) -> None:
    """Let more be spent than the policy says, in the name of whoever ordered it.

    Raises:
        BadSum: it is no sum, or the election has no budget.
        NoReason: nobody said why.
    """
    why = check(programme, rupiah, reason)
    spending.raise_(session, programme_id, rupiah, hand, why, now=now)
    text = f"{rupiah} rupiah: {why}"
    changes.record(session, hand, RAISED, "budget", programme_id, text=text, now=now)


def check(programme: Programme, rupiah: int, reason: str) -> str:
    """The reason as it is kept. Raises: BadSum, NoReason: as `raise_budget`."""
    if programme.policy.costs.budget is None:
        raise BadSum("this election has no budget: everything goes")
    if not 0 < rupiah <= costs.MOST:
        raise BadSum(f"{rupiah} is no sum that can be added: name one up to {costs.MOST} rupiah")
    return decisions.reason(reason)
