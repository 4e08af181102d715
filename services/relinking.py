"""An office that lost its link gets a new one by an ordinary message; the old ones open nothing any more."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.matters import owing
from models.matters.matters import Matter
from models.messages import notices
from models.messages.notices import About, Notice, To
from models.offices import links, offices
from models.offices.offices import Office
from rules import people
from rules.ladder import Say
from rules.programme import Programme

OCCASION = "again"


def send(session: Session, programme_id: int, programme: Programme, office: Office, *, now: datetime) -> bool:
    """Shut an office's links, and tell it anew what it owes first; whether it owes anything.

    The message carries a link to all that the office owes. It goes at once, also at night: the office has just asked.
    """
    links.revoke(session, office.id, now=now)
    channels = offices.reach(session, office.desk, office.code)[office.code].channels
    theirs = [
        area for area in programme.desk.filed_by(office.code) if office.code in people.asked(programme.desk, area)
    ]
    owed = owing.open_(session, programme_id, theirs, now=now)
    owed.sort(key=lambda item: item.promised_until is not None)
    if not owed or not channels:
        return False
    matter = session.get_one(Matter, owed[0].id)
    by = programme.policy.ladders[matter.ladder].rungs[0].by
    before = select(func.count()).where(
        Notice.matter_id == matter.id, Notice.office_id == office.id, Notice.occasion.startswith(OCCASION)
    )
    channel = next((channel for channel in by if channel in channels), channels[0])
    occasion = f"{OCCASION}{session.scalar(before) or 0}"
    about = About(matter.id, matter.ladder, matter.round, occasion, rung=max(matter.reached, 0))
    to = To(office.id, office.zone, channel)
    say = Say.OVERDUE if owed[0].due_at <= now else Say.REMINDER
    again = notices.new(programme, about, to, say, urgent=True, reason="the link was asked for anew", now=now)
    notices.add(session, [again])
    return True
