"""A meeting that was held: who came, what was said, and what was decided, which becomes directions."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.machine import clock
from models.matters import meetings, numbers
from models.matters.advice import Given, Wording
from models.matters.matters import Matter
from models.offices import offices
from rules import advice as rule
from rules.advice import Passed, Sort, Stage
from rules.programme import Programme
from services import advice as giving
from services.telling import office_of

TEXT = 20_000
WRITTEN = "minutes written"


def attend(session: Session, meeting: Sequence[Given], present: Collection[str], *, hand: Hand, now: datetime) -> None:
    """Record of everybody who was invited whether he came; `present` holds codes of offices. Safe to repeat.

    Raises:
        NotTaken: the meeting is still ahead, or was withdrawn.
    """
    held = [one for one in meeting if one.stage is not Stage.WITHDRAWN]
    if not held:
        raise Passed("this meeting was withdrawn")
    for one in held:
        giving.record_attendance(session, one, attended=one.owner.code in present, hand=hand, now=now)


def write(
    session: Session,
    programme: Programme,
    meeting: Sequence[Given],
    *,
    text: str,
    led_by: str,
    seen: int,
    hand: Hand,
    now: datetime,
) -> None:
    """Write its minutes, as a new version. The same again is one.

    Args:
        seen: how many versions whoever writes has read.

    Raises:
        NotTaken: nothing is said, who led it is none of those who may have, or somebody else wrote meanwhile.
    """
    said = rule.words(text, TEXT)
    own = meeting[0].advice
    clock.alone(session, numbers.NUMBERS)
    before = meetings.versions(session, own.id)
    if led_by not in leads(session, programme, meeting):
        raise Passed(f"{code(meeting)}: {led_by} did not lead it: it was not there")
    leader = office_of(session, programme, led_by)
    if before and (before[0].text, before[0].led_by) == (said, leader.id):
        return
    if len(before) != seen:
        raise Passed(f"{code(meeting)}: somebody else wrote the minutes meanwhile")
    session.add(
        meetings.Minutes(meeting_id=own.id, led_by=leader.id, text=said, written_by=hand.office_id, written_at=now)
    )
    changes.record(session, hand, WRITTEN, code(meeting), own.programme_id, meeting[0].matter.id, now=now)


def decide(
    session: Session,
    programme_id: int,
    programme: Programme,
    meeting: Sequence[Given],
    *,
    text: str,
    due_at: datetime,
    to: Sequence[str],
    hand: Hand,
    now: datetime,
) -> list[Matter]:
    """A decision becomes a direction of whoever led the meeting, told and chased like any other. The same is one.

    Raises:
        NotTaken: as `advice.give`.
    """
    own = meeting[0].advice
    wording = Wording(Sort.DIRECTION, text, due_at, area=own.area, issue_id=own.issue_id, meeting_id=own.id)
    by = director(programme, leader(session, programme, meeting))
    return giving.give(session, programme_id, programme, wording, to=to, by=by, hand=hand, now=now)


def leader(session: Session, programme: Programme, meeting: Sequence[Given]) -> str:
    """Who led it, as its minutes say; before there are any, who called it, or the secretary for the secretariat."""
    written = meetings.versions(session, meeting[0].advice.id)
    if written:
        codes = {id: code for code, id in offices.ids_of(session, programme.desk.code).items()}
        return codes[written[0].led_by]
    return director(programme, meeting[0].giver.code)


def leads(session: Session, programme: Programme, meeting: Sequence[Given]) -> tuple[str, ...]:
    """Who may have led it: whoever is written down, those who lead the desk, who called it, and who was invited.

    In his name its decisions are given.
    """
    own, desk = leader(session, programme, meeting), programme.desk
    invited = [one.owner.code for one in meeting if one.stage is not Stage.WITHDRAWN]
    return tuple(dict.fromkeys((own, desk.chair, desk.secretary, meeting[0].giver.code, *invited)))


def director(programme: Programme, office: str) -> str:
    """In whose name a decision is a direction: whoever led, if he may direct; else the secretary of the desk."""
    return office if Sort.DIRECTION in rule.sorts(programme.desk, office) else programme.desk.secretary


def code(meeting: Sequence[Given]) -> str:
    """`A-0012`, however many were invited."""
    return f"A-{meeting[0].advice.number:04d}"
