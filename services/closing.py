"""A programme is closed when its work is done: nothing is chased or said any more. A later vote opens it again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes, closing, programmes
from models.desk.changes import Hand
from models.machine import clock
from models.matters import matters
from models.messages import messages, releasing
from rules.closing import Open, goes_on
from rules.duties import Per
from rules.programme import Programme
from services import summaries

REOPENED = "reopened"
"""What the record of changes calls it."""


def close(
    session: Session, programme_id: int, code: str, *, beside: int | None, hand: Hand, reason: str, now: datetime
) -> list[Open]:
    """Close a live programme; what was open then.

    What came in stays, and so does what a provider may have: its doubt is settled or left as a doubt.

    Args:
        beside: another live programme of the same desk, which takes its tasks about offices and channels.
    """
    clock.alone(session, clock.DISPATCH)  # nobody makes messages of what is about to end
    messages.lock(session, code.rpartition("/")[2])
    matters.still_open(session, programme_id)
    left = closing.left(session, programme_id, now=now)
    releasing.take_apart(session, programme_id, now=now)
    if beside is not None:
        closing.pass_on(session, programme_id, beside)
    closing.end(session, programme_id, now=now)
    programmes.close(session, programme_id, now)
    changes.record(session, hand, closing.RECORDED, code[:60], programme_id, text=reason, now=now)
    return left


def reopen(
    session: Session,
    programme_id: int,
    programme: Programme,
    areas: Collection[str],
    *,
    hand: Hand,
    reason: str,
    now: datetime,
) -> int:
    """Take up what was closed and is still ahead or under way; how much that is.

    Args:
        areas: only what is in these; none: everything. What concerns the whole desk is always taken up.
    """
    programmes.close(session, programme_id, None)
    again = [
        matter
        for matter in closing.ended(session, programme_id)
        if (not areas or matter.kind in closing.OF_THE_DESK or matter.area in areas)
        and goes_on(ahead=matter.kind in closing.AHEAD, since=matter.since, closes_after=matter.closes_after, now=now)
    ]
    own = {duty.code for duty in programme.policy.duties if duty.per is Per.DESK}
    closing.take_up(session, [matter.id for matter in again], own, now=now)
    summaries.plan(session, programme_id, programme, after=now)
    text = f"{reason} ({', '.join(sorted(areas))})" if areas else reason
    changes.record(session, hand, REOPENED, programme.code[:60], programme_id, text=text, now=now)
    return len(again)
