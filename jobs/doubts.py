"""Messages whose end is unknown: the books are looked at first, then the provider is asked, then it is decided.

sending, lease over -> in doubt -- a receipt tells of it ---------------------> sent
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
from models import doubts, messages, receipts
from models.doubts import Doubt
from models.messages import Lost
from notifiers.base import Asks, Letter
from rules import delivery, dispatch
from rules import receipts as receipt_rules
from rules.delivery import DeliveryError, State, Temporary, Verdict
from rules.desk import Channel
from rules.policy import Delivery

log = structlog.get_logger()

AT_ONCE = 20
"""So many questions are asked in one turn of the clock."""

HOLD = timedelta(minutes=2)
"""A question that was not settled for so long was asked by a clock that died: another asks it again."""


def find_lost(rt: Runtime, *, now: datetime) -> list[Doubt]:
    """Rule on all that can be ruled on without asking; what is left to ask, held for whoever calls this."""
    with rt.sessions.begin() as session:
        lost = messages.lost(session, now=now, aside=rt.unread(session))
        questions = [m.id for m in lost if not _ruled(session, rt, m, now)]
        return doubts.hold(session, questions[:AT_ONCE], until=now + HOLD)


def _ruled(session: Session, rt: Runtime, message: Lost, now: datetime) -> bool:
    """Whether a lost message is settled, or waits for its time; False: its provider has to be asked."""
    if message.state is State.SENDING:
        doubts.note_lost(session, message)
    elif told := receipts.first_unknown(session, message.id):
        doubts.accept(session, message.id, told.provider_id, receipt_rules.settled(told.received_at), now=now)
        return True
    elif isinstance(rt.notifiers[message.channel], Asks) and not rt.closed(session, message.programme_id):
        return False
    messages.rule_on(session, message.id, _unasked(session, rt, message, now), now=now)
    return True


def _unasked(session: Session, rt: Runtime, message: Lost, now: datetime) -> Verdict:
    if rt.closed(session, message.programme_id):
        return Verdict(State.IN_DOUBT, None, f"left in doubt: {dispatch.CLOSED}")
    policy = rt.programme(session, message.programme_id).policy
    return delivery.judge_lost(
        message.state, channel=message.channel, doubts=message.doubts, delivery=policy.delivery, now=now
    )


def ask(rt: Runtime, questions: Sequence[Doubt]) -> None:
    """Ask the providers, with no transaction open, and settle each answer.

    Harmless to repeat: a question changes nothing, and only who holds the doubt's newest fence settles it. After one
    that was not answered the others of its channel are not asked in this turn, nor any once half the hold is spent.
    """
    until = time.monotonic() + HOLD.total_seconds() / 2
    silent: dict[Channel, DeliveryError] = {}
    for doubt in questions:
        if time.monotonic() > until:
            silent.setdefault(doubt.channel, Temporary("the provider is slow to answer"))
        _ask(rt, doubt, silent)


def _ask(rt: Runtime, doubt: Doubt, silent: dict[Channel, DeliveryError]) -> None:
    found, programme = list[str](), rt.programmes.get(doubt.programme_id)
    if programme is None:  # closed, or not to be read any more: it is seen to when the hold on it is over
        return
    policy = programme.policy.delivery
    if doubt.channel not in silent:
        try:
            found = _looked_up(rt, doubt, policy)
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
            found = receipts.unclaimed(session, doubt.id, doubt.address, found)
            verdict = delivery.judge_answer(fits=len(found), repeated=doubt.repeated, now=now)
        provider_id = found[0] if verdict.state is State.SENT else None
        kept = doubts.settle(session, doubt, verdict, provider_id=provider_id, now=now)
    log.info("asked", message=doubt.id, channel=doubt.channel, state=verdict.state, kept=kept)


def _looked_up(rt: Runtime, doubt: Doubt, policy: Delivery) -> list[str]:
    """The provider's ids of what may be the try in doubt, which began a lease before its end at the earliest."""
    provider = rt.notifiers[doubt.channel]
    assert isinstance(provider, Asks)
    letter = Letter(message_id=doubt.id, channel=doubt.channel, to=doubt.address, text=doubt.text, at=doubt.ended_at)
    return provider.lookup(letter, since=doubt.ended_at - policy.lease, until=doubt.ended_at)
