"""Ask something of the levels above, and record what they answered."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import appeals
from models.matters.appeals import Appeal
from rules.appeals import Asked, End, Ended, code


def ask(
    session: Session, programme_id: int, asked: Asked, *, issue_id: int | None, hand: Hand, now: datetime
) -> Appeal:
    """Keep what is asked. The same again, while it is open, is the same appeal."""
    number = appeals.next_number(session, programme_id)
    for own in appeals.standing(session, programme_id, since=now, known_at=now):
        if own.end is None and (own.of, own.text, own.issue_id) == (asked.of, asked.text, issue_id):
            return own
    made = Appeal(
        programme_id=programme_id,
        number=number,
        of=asked.of,
        text=asked.text,
        issue_id=issue_id,
        asked_on=asked.on,
        asked_at=now,
        asked_by=hand.office_id,
    )
    session.add(made)
    session.flush()
    changes.record(session, hand, "appeal made", code(number), programme_id, issue_id, text=asked.text[:500], now=now)
    return made


def end(session: Session, own: Appeal, ended: Ended, *, hand: Hand, now: datetime) -> bool:
    """Let a locked appeal end; False: it had ended before, and stays as it was."""
    if own.end is not None:
        return False
    own.end, own.answer, own.ended_on, own.ended_at, own.ended_by = ended.end, ended.text, ended.on, now, hand.office_id
    what = "appeal answered" if ended.end is End.ANSWERED else "appeal withdrawn"
    subject = code(own.number)
    changes.record(session, hand, what, subject, own.programme_id, own.issue_id, text=ended.text[:500], now=now)
    return True
