"""An office that lost its link gets a new one by an ordinary message; the old ones open nothing any more."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import links, notices, offices, owing
from models.matters import Matter
from models.notices import Notice
from models.offices import Office
from rules.desk import Audience
from rules.dispatch import NoticeState
from rules.ladder import Say
from rules.programme import Programme

OCCASION = "again"


def send(session: Session, programme_id: int, programme: Programme, office: Office, *, now: datetime) -> bool:
    """Shut an office's links, and tell it anew what it owes first; whether it owes anything.

    The message carries a link to all that the office owes. It goes at once, also at night: the office has just asked.
    """
    links.revoke(session, office.id, now=now)
    channels = offices.reach(session, office.desk, office.code)[office.code].channels
    owed = owing.open_(session, programme_id, programme.desk.filed_by(office.code), now=now)
    owed.sort(key=lambda item: item.promised_until is not None)
    if not owed or not channels:
        return False
    matter = session.get_one(Matter, owed[0].id)
    by = programme.policy.ladders[matter.ladder].rungs[0].by
    before = select(func.count()).where(
        Notice.matter_id == matter.id, Notice.office_id == office.id, Notice.occasion.startswith(OCCASION)
    )
    row = {
        "occasion": f"{OCCASION}{session.scalar(before) or 0}",
        "matter_id": matter.id,
        "round": matter.round,
        "rung": max(matter.reached, 0),
        "office_id": office.id,
        "channel": next((channel for channel in by if channel in channels), channels[0]),
        "audience": Audience.REPORTER,
        "say": Say.OVERDUE if owed[0].due_at <= now else Say.REMINDER,
        "ladder": matter.ladder,
        "urgent": True,
        "planned_at": now,
        "release_at": now,
        "state": NoticeState.PLANNED,
        "reason": "the link was asked for anew",
        "policy": programme.policy.digest,
    }
    notices.add(session, [row])
    return True
