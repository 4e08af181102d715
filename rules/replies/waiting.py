"""The answer to what was asked back: a yes, a no, or the code that was asked for."""

from collections.abc import Sequence

from rules.replies.marks import Marks
from rules.replies.naming import Named
from rules.replies.reports import Part, Verdict
from rules.replies.spoken import Act, Conversation, Does, Intent, Sign
from rules.replies.tokens import Kind, Token

SHORT = 6
"""An answer to a question has few words; more are read as something new."""


def answered(part: Part, named: Named, talk: Conversation, *, sure: bool) -> Verdict | None:
    """What an answer does; None: it is none, or nothing was asked."""
    waits = talk.waits
    if waits is None or waits.then is None or named.strange:
        return None
    if waits.does is Does.ASK_CONFIRM and waits.code not in [own.code for own in talk.asked]:
        return None
    told = [token for token in part.tokens if token.kind is not Kind.ASKS]
    if len(told) > SHORT or any(token.kind is Kind.ASKS for token in part.tokens) or part.marks.tells(Sign.TROUBLE):
        return None
    if waits.does is Does.ASK_CONFIRM:
        return _confirmed(part, waits.code, waits.then, sure=sure)
    if waits.does is Does.ASK_WHICH and named.reports and not part.marks.all:
        intent = Intent.REPORT_NIL if waits.then is Does.FILE_NIL else Intent.REPORT_FILLED
        if waits.then is not Does.FILE_NIL:
            return None
        allowed = [own for own in talk.asked if own.code in named.reports and own.nil]
        does = Does.ASK_CONFIRM if talk.problems else Does.FILE_NIL
        return Verdict(intent, tuple(Act(does, own.code) for own in allowed)) if allowed else None
    return None


def continued(read: Sequence[Token], told: Marks, named: Named, talk: Conversation) -> str:
    """The words that a bare number goes on with: it was asked which report they are about. Empty: it is none."""
    waits = talk.waits
    asked = waits is not None and waits.does is Does.ASK_WHICH and waits.then is None
    bare = len(read) <= SHORT and all(mark.sign is Sign.GREETING for mark in told.all)
    plain = all(token.kind not in (Kind.ASKS, Kind.NUMBER) for token in read)
    return waits.said if waits and asked and bare and plain and named.reports and not named.strange else ""


def _confirmed(part: Part, code: str, then: Does, *, sure: bool) -> Verdict | None:
    numbers = [token.value for token in part.tokens if token.kind is Kind.NUMBER]
    no = part.marks.tells(Sign.NO, Sign.NOT) or numbers == [2]
    yes = part.marks.tells(Sign.YES) or numbers == [1]
    if no and not yes:
        return Verdict(Intent.REPORT_PARTIAL, (Act(Does.ASK_MISSING, code),))
    if yes and not no and sure:
        intent = Intent.REPORT_NIL if then is Does.FILE_NIL else Intent.REPORT_FILLED
        return Verdict(intent, (Act(then, code),))
    return None
