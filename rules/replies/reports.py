"""What a reply says of one report: its condition, its numbers, what is missing, and what follows of that."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rules.forms import Condition
from rules.replies import counts
from rules.replies.marks import Marks
from rules.replies.spoken import Act, Asked, Does, Intent, Sign, Values, Words
from rules.replies.tokens import Token

CONDITION = "condition"

_CONDITIONS = {
    Sign.TROUBLED: Condition.TROUBLED,
    Sign.ATTENTION: Condition.ATTENTION,
    Sign.UNSEEN: Condition.UNSEEN,
    Sign.SAFE: Condition.SAFE,
}
"""The gravest word counts."""


class Part(NamedTuple):
    """What one part of a text says: of one report, or of all that is open."""

    tokens: Sequence[Token]
    marks: Marks
    asked: Sequence[Asked]

    @property
    def timed(self) -> Sequence[Token]:
        """The words that may name a time: `selamat pagi` names none."""
        greeted = {n for mark in self.marks.of(Sign.GREETING) for n in range(mark.start, mark.end)}
        return [token for n, token in enumerate(self.tokens) if n not in greeted]


class Verdict(NamedTuple):
    """What one part of a text means, and what follows."""

    intent: Intent
    acts: tuple[Act, ...] = ()
    values: Values | None = None
    missing: tuple[str, ...] = ()


def said(part: Part, needs: Sequence[str], words: Words) -> Values:
    """What was read of a report, whatever is missing. A word that is denied or hedged says no condition."""
    read = counts.read(part.tokens, part.marks, needs, words)
    found = next((word for sign, word in _CONDITIONS.items() if part.marks.tells(sign)), None)
    hedged = found is Condition.SAFE and (part.marks.tells(Sign.BUT, Sign.TROUBLE, Sign.DANGER) or denied(part))
    return Values(None if hedged else found, read.counts, read.totals, read.doubtful)


def denied(part: Part) -> bool:
    """`belum aman`, `tidak nihil`."""
    return part.marks.tells(Sign.SAFE, Sign.NIL, denied=True)


def speaks(part: Part, values: Values) -> bool:
    """Whether anything of a report was said."""
    return bool(values.condition or values.counts or values.doubtful)


def missing(values: Values, needs: Sequence[str]) -> tuple[str, ...]:
    """What a report still needs."""
    lacks = [code for code in needs if code not in values.counts]
    return (*([] if values.condition else [CONDITION]), *lacks)


def nil(part: Part, *, sure: bool, problems: bool) -> Verdict:
    """Nothing to report. It is asked back where the text is not understood well enough, or a problem is open."""
    if len(part.asked) != 1:
        return Verdict(Intent.REPORT_NIL, (Act(Does.ASK_WHICH),))
    own = part.asked[0]
    if not own.nil:
        return Verdict(Intent.REPORT_NIL, (Act(Does.ASK_MISSING, own.code),), missing=(CONDITION, *own.needs))
    unsure = problems or not sure or part.marks.tells(Sign.BUT, Sign.LATER, Sign.PENDING, Sign.VOTES)
    return Verdict(Intent.REPORT_NIL, (Act(Does.ASK_CONFIRM if unsure else Does.FILE_NIL, own.code),))


def filled(part: Part, values: Values, *, later: bool = False) -> Verdict:
    """A report, whole or in part. What is contradictory is asked about, and the rest is kept."""
    if len(part.asked) != 1:
        return Verdict(Intent.REPORT_PARTIAL, (Act(Does.ASK_WHICH),), values)
    own = part.asked[0]
    unsaid = denied(part) or part.marks.tells(Sign.BUT, Sign.TROUBLE, Sign.DANGER)
    kept = replace(own.kept, condition=None) if own.kept and unsaid else own.kept
    whole = values.over(kept)
    lacks = missing(whole, own.needs)
    if not lacks and not later and not values.doubtful and not denied(part):
        return Verdict(Intent.REPORT_FILLED, (Act(Does.FILE_FILLED, own.code),), whole)
    over = any(code in values.totals for code in values.doubtful)
    asks = Does.ASK_CONFIRM if over else Does.ASK_MISSING
    keeps = (Act(Does.FILE_PARTIAL, own.code),) if speaks(part, values) else ()
    return Verdict(Intent.REPORT_PARTIAL, (*keeps, Act(asks, own.code)), whole, lacks or (CONDITION,))
