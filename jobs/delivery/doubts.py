"""Messages whose end is unknown. First the books are read, then the provider is asked, then it is decided.

sending, lease over -> in doubt -- a delivery report tells of it -------------> sent
                          |------ asked: the provider has it -----------------> sent
                          |------ asked: it knows of none, or a mail ---------> pending, once, marked
                          |------ cannot be asked, or tried twice ------------> left in doubt, shown
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models.messages import delivery_reports, doubts, settling, spending
from models.messages.doubts import Doubt
from models.messages.settling import Lost
from notifiers.base import Asks, Letter
from rules import costs, delivery, dispatch
from rules.delivery import DeliveryError, State, Temporary, Verdict
from rules.delivery_reports import settled
from rules.desk import Channel
from rules.policy import Delivery
from services import ending

log = structlog.get_logger()

AT_ONCE = 20
"""Questions that are asked in one turn of the clock."""

HOLD = timedelta(minutes=2)
"""If a question is not settled for so long, the clock that asked it died: another asks it again."""


def find_lost(rt: Runtime, *, now: datetime) -> list[Doubt]:
    """Rule on all that needs no question; the doubts that are left to ask about, held for the caller."""
    with rt.sessions.begin() as session:
        lost = settling.lost(session, now=now, aside=rt.unread(session))
        questions = [m.id for m in lost if not _ruled(session, rt, m, now)]
        return doubts.hold(session, questions[:AT_ONCE], until=now + HOLD)


def _ruled(session: Session, rt: Runtime, message: Lost, now: datetime) -> bool:
    """Whether a lost message is settled, or waits for its time. If not, its provider has to be asked."""
    if message.state is State.SENDING:
        cost, carrier = _cost(session, rt, message)
        doubts.note_lost(session, message, cost=cost, carrier=carrier)
    elif told := delivery_reports.first_unknown(session, message.id):
        ending.accept(session, message.id, told.provider_id, settled(told.received_at), now=now)
        return True
    elif isinstance(rt.notifiers[message.channel], Asks) and not rt.closed(session, message.programme_id):
        return False
    ending.rule_on(session, message.id, _unasked(session, rt, message, now), now=now)
    return True


def _cost(session: Session, rt: Runtime, message: Lost) -> tuple[int, str]:
    """Rupiah that a try of unknown end may be charged, and by which carrier; of a closed election none is counted."""
    if rt.closed(session, message.programme_id):
        return 0, ""
    programme = rt.programme(session, message.programme_id)
    carrier = programme.country.carrier(spending.address(session, message.id))
    return costs.cost(programme.policy.costs, message.channel, carrier, 1), carrier


def _unasked(session: Session, rt: Runtime, message: Lost, now: datetime) -> Verdict:
    if rt.closed(session, message.programme_id):
        return Verdict(State.IN_DOUBT, None, f"left in doubt: {dispatch.CLOSED}")
    policy = rt.programme(session, message.programme_id).policy
    return delivery.judge_lost(
        message.state, channel=message.channel, doubts=message.doubts, delivery=policy.delivery, now=now
    )


def ask(rt: Runtime, questions: Sequence[Doubt]) -> None:
    """Ask the providers, with no transaction open, and settle each answer.

    Harmless to repeat: a question changes nothing, and only the holder of the doubt's newest fence settles it. After
    one unanswered question its channel is not asked again in this turn. After half of the hold nothing is asked.
    """
    until = time.monotonic() + HOLD.total_seconds() / 2
    silent: dict[Channel, DeliveryError] = {}
    for doubt in questions:
        if time.monotonic() > until:
            silent.setdefault(doubt.channel, Temporary("the provider is slow to answer"))
        _ask(rt, doubt, silent)


def _ask(rt: Runtime, doubt: Doubt, silent: dict[Channel, DeliveryError]) -> None:
    ids, programme = list[str](), rt.programmes.get(doubt.programme_id)
    if programme is None:  # closed, or cannot be read: it is looked at again when the hold on it is over
        return
    policy = programme.policy.delivery
    if doubt.channel not in silent:
        try:
            ids = _looked_up(rt, doubt, policy)
        except DeliveryError as error:
            silent[doubt.channel] = error
        except Exception as defect:  # noqa: BLE001 - the clock must go on, and this doubt must end
            log.error("defect while asking", message=doubt.id, error=type(defect).__name__)
            silent[doubt.channel] = Temporary(f"a defect while asking: {type(defect).__name__}")
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        if why := silent.get(doubt.channel):
            verdict = delivery.judge_silence(why, ended_at=doubt.ended_at, delivery=policy, now=now)
        else:
            ids = delivery_reports.unclaimed(session, doubt.id, doubt.address, ids)
            verdict = delivery.judge_answer(fits=len(ids), repeated=doubt.repeated, now=now)
        provider_id = ids[0] if verdict.state is State.SENT else None
        kept = ending.answer(session, doubt, verdict, provider_id=provider_id, now=now)
    log.info("asked", message=doubt.id, channel=doubt.channel, state=verdict.state, kept=kept)


def _looked_up(rt: Runtime, doubt: Doubt, policy: Delivery) -> list[str]:
    """The provider's ids of what may be the try in doubt. It began one lease before its end at the earliest."""
    provider = rt.notifiers[doubt.channel]
    assert isinstance(provider, Asks)
    with rt.sessions() as session:
        now = rt.clock(session)
    letter = Letter(message_id=doubt.id, channel=doubt.channel, to=doubt.address, text=doubt.text, at=now)
    return provider.lookup(letter, since=doubt.ended_at - policy.lease, until=doubt.ended_at)
