"""Let reports to the Government leave that are due and unapproved, where their kind says so."""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models.matters import submissions
from rules import submissions as rule
from rules.duties import Per
from rules.government import Unapproved
from services.government import approving

log = structlog.get_logger()


def run(rt: Runtime, *, now: datetime) -> int:
    """How many may leave from now on. Harmless to repeat. Where no kind says so, the database is not asked."""
    duties = (duty for programme in rt.programmes.values() for duty in programme.policy.duties)
    if all(rt.kind(duty.form).unapproved is not Unapproved.SEND for duty in duties if duty.per is Per.DESK):
        return 0
    with rt.sessions.begin() as session:
        due = [own for own in submissions.unapproved(session, now=now) if own.matter.programme_id in rt.live(session)]
        released = [own.submission.id for own in due if _released(rt, session, own, now)]
    if released:
        log.info("left unapproved", submissions=released)
    return len(released)


def _released(rt: Runtime, session: Session, found: submissions.Listed, now: datetime) -> bool:
    """Of a kind that waits, the facts are not even read."""
    programme = rt.programme(session, found.matter.programme_id)
    kind = rt.kind(programme.policy.duty(found.obligation.duty, found.matter.key).form)
    if not rule.releases(kind, found.submission.state, found.obligation.due_at, now=now):
        return False
    own = approving.held(session, programme, found.submission.id)
    return own is not None and approving.release(session, programme, own, now=now)
