"""How messages end, and what follows: another way is looked for, and those above a team may hear in time."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.messages import doubts, settling, untold
from models.messages.doubts import Doubt
from models.messages.settling import Outcome
from rules.delivery import State, Verdict
from rules.ladder import Say
from services.government import sending


def settle(session: Session, outcomes: Sequence[Outcome], *, now: datetime) -> list[int]:
    """Write how tries ended; the ids that were still ours. A claim that outlived its lease settles nothing."""
    kept = set(settling.settle(session, outcomes, now=now))
    ours = [outcome for outcome in outcomes if outcome.claim.id in kept]
    untold.hasten(session, [o.claim.id for o in ours if o.verdict.state is State.FAILED], now=now)
    if carrying := [o.claim.id for o in ours if o.claim.say is Say.SUBMISSION and _handed_over(o)]:
        sending.left_by_mail(session, carrying, now=now)
    warnings = [o.claim.id for o in ours if o.claim.say.severity >= Say.WARNING.severity]
    if warnings:
        untold.warned(session, warnings, now=now)
    return [outcome.claim.id for outcome in ours]


def _handed_over(outcome: Outcome) -> bool:
    """Whether a provider took it; what only went into the outbox folder nobody got."""
    return outcome.verdict.state is State.SENT and not (outcome.provider_id or "").startswith("file:")


def rule_on(session: Session, id: int, verdict: Verdict, *, now: datetime) -> None:
    """Write what was decided about a message whose worker fell silent, or that is in doubt."""
    settling.rule_on(session, id, verdict, now=now)
    _over(session, id, verdict, now)


def accept(session: Session, id: int, provider_id: str, verdict: Verdict, *, now: datetime) -> None:
    """End a doubt: the provider has it."""
    doubts.accept(session, id, provider_id, verdict, now=now)
    sending.left_by_mail(session, [id], now=now)
    _over(session, id, verdict, now)


def answer(session: Session, doubt: Doubt, verdict: Verdict, *, provider_id: str | None, now: datetime) -> bool:
    """Write what the provider's answer made of a doubt; False: something else settled it meanwhile."""
    kept = doubts.settle(session, doubt, verdict, provider_id=provider_id, now=now)
    if kept:
        if verdict.state is State.SENT:
            sending.left_by_mail(session, [doubt.id], now=now)
        _over(session, doubt.id, verdict, now)
    return kept


def _over(session: Session, id: int, verdict: Verdict, now: datetime) -> None:
    if verdict.due_at is None:
        untold.warned(session, [id], now=now)
