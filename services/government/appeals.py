"""What the desk asks of those above it, as it stood at the cut-off."""

from sqlalchemy.orm import Session

from models.matters import appeals, numbers
from models.matters.appeals import Appeal as Row
from reports.government.appeals import Appeal
from rules.appeals import End, code
from services.government.scope import Scope


def standing(session: Session, scope: Scope) -> tuple[tuple[Appeal, ...], int]:
    """Those that were open in the period, and how many of them are not told: they are for a restricted problem."""
    rows = appeals.standing(session, scope.programme_id, since=scope.starts_at, known_at=scope.cut_off)
    codes = numbers.codes(session, {own.issue_id for own in rows if own.issue_id})
    about = [own for own in rows if scope.problem in ("", codes.get(own.issue_id or 0))]
    lasting = [own for own in about if own.end is not End.WITHDRAWN or _later(own, scope)]
    secret = scope.confided.problems
    told = tuple(_appeal(own, codes.get(own.issue_id or 0, ""), scope) for own in lasting if own.issue_id not in secret)
    return told, len(lasting) - len(told)


def _later(own: Row, scope: Scope) -> bool:
    """Whether it was still open at the cut-off."""
    return own.ended_at is None or own.ended_at > scope.cut_off


def _appeal(own: Row, problem: str, scope: Scope) -> Appeal:
    told = Appeal(code=code(own.number), of=own.of, text=own.text, on=own.asked_on, problem=problem)
    if _later(own, scope):
        return told
    return Appeal(told.code, told.of, told.text, told.on, problem, answer=own.answer, answered_on=own.ended_on)
