"""Correct a report to the Government that has left: a new version that says what changed; and drop one of no use."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk.changes import Hand
from models.matters import matters, submissions
from models.matters.submissions import Submission
from models.offices.offices import Office
from rules import decisions
from rules import submissions as rule
from rules.filing import NotTaken, Standing
from rules.forms import Form
from rules.programme import Programme
from rules.submissions import State, Step
from services.government import again, approving
from services.government.approving import Own


class NotCorrected(NotTaken):
    """This version is not to be corrected or dropped, or not by this office."""


def correct(
    session: Session,
    programme: Programme,
    forms: Mapping[str, Form],
    own: Own,
    *,
    reason: str,
    hand: Hand,
    public_url: str,
    now: datetime,
) -> Submission:
    """The next version of a report, of the same days as they are known now; a draft, with the words of the one before.

    Args:
        own: the last version, locked.
        public_url: where anybody looks up the code on its letter; empty: nowhere.

    Raises:
        NotTaken: no reason, not this office's, or this version has not left or is not the last.
    """
    why, before = decisions.reason(reason), own.submission
    if not _is_last(session, own) or not rule.corrects(programme.desk, _code(session, hand), before.state):
        raise NotCorrected(f"{own.matter.code}, version {before.version}, is not to be corrected by this office now")
    fresh = again.as_of_now(session, programme, forms, own, before, why, now)
    return again.store(session, before, fresh, corrects=True, hand=hand, public_url=public_url, now=now)


def drop(session: Session, programme: Programme, own: Own, *, reason: str, hand: Hand, now: datetime) -> Submission:
    """Give up a correction that was begun by mistake; the version before it, which is the last again.

    Its number is not given again, and what was done with it stays in the books.

    Raises:
        NotTaken: no reason, not this office's, no correction, or approved already.
    """
    why, dropped = decisions.reason(reason), own.submission
    may = rule.drops(programme.desk, _code(session, hand), dropped.state, dropped.correction)
    if not _is_last(session, own) or not may:
        raise NotCorrected(f"{own.matter.code}, version {dropped.version}, is not to be dropped by this office now")
    approving.noted(session, own, Step.DROPPED, hand=hand, text=why, now=now)
    waited = dropped.state is State.FOR_APPROVAL
    submissions.change(session, dropped.id, state=State.DROPPED)
    if waited:
        matters.pass_to(session, own.matter.id, None)
    if own.obligation.standing is Standing.RECEIVED and own.matter.closed_at is None:
        matters.close(session, own.matter.id, why="received", now=now)
    last = submissions.last(session, own.obligation.id)
    assert last is not None
    return last


def _is_last(session: Session, own: Own) -> bool:
    last = submissions.last(session, own.obligation.id)
    return last is not None and last.id == own.submission.id


def _code(session: Session, hand: Hand) -> str:
    return session.get_one(Office, hand.office_id).code
