"""What one part of a text means: the first that matches, the dangerous before the usual; what is unsure is asked."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from rules.replies import reports, times
from rules.replies.marks import Marks
from rules.replies.naming import Named
from rules.replies.reports import Part, Verdict
from rules.replies.spoken import Act, Conversation, Does, Intent, Sign, Values, Words
from rules.replies.tokens import Kind

_TROUBLES = (Sign.TROUBLE, Sign.DANGER)
_HOLLOW = frozenset({Sign.ACK, Sign.THANKS, Sign.GREETING, Sign.YES})

BEGINS = "lapor"

_OF_MATTERS = (
    *(Sign.NIL, Sign.SAFE, Sign.ATTENTION, Sign.TROUBLED, Sign.UNSEEN, Sign.NEWS, Sign.GOODS, Sign.LACKS),
    *(Sign.VOTES, Sign.DONE, Sign.LATER, Sign.PENDING, Sign.PRESENT),
)
"""Whoever speaks of these does an office's work."""


class Case(NamedTuple):
    """One part of a text, and all that is known beside it. `whole`: it is the whole text; `sure`: how much of it is
    understood well enough.
    """

    part: Part
    named: Named
    talk: Conversation
    words: Words
    now: datetime
    sure: bool
    phone: bool

    @property
    def marks(self) -> Marks:
        return self.part.marks

    @property
    def codes(self) -> list[str]:
        return [own.code for own in self.part.asked]


def judge(case: Case) -> Verdict:
    """What a part means."""
    return next(verdict for how in _ORDER if (verdict := how(case)) is not None)


def _orders(case: Case) -> Verdict | None:
    """Whoever tells the machine what to do, or threatens, is read by a person."""
    if case.marks.tells(Sign.ORDER, Sign.THREAT):
        return Verdict(Intent.CHATTER, (Act(Does.TO_SECRETARIAT),))
    return None


def _stop(case: Case) -> Verdict | None:
    alone = case.marks.tells(Sign.STOP) and _only(case, Sign.STOP)
    if (alone or case.marks.tells(Sign.STOP_PHRASE)) and not case.marks.tells(*_TROUBLES):
        return Verdict(Intent.STOP, (Act(Does.STOP_CHANNEL), Act(Does.TO_SECRETARIAT)))
    return None


def _not_reached(case: Case) -> Verdict | None:
    """A roll call is answered with no: its page is where that is said, so that nothing ends by a bare word. Whoever
    says in plain words that somebody else is reached is believed, as at any other time.
    """
    short = any(case.marks.tells(sign) and _only(case, sign) for sign in (Sign.NO, Sign.NOT))
    denies = case.marks.tells(Sign.NOT_ME) or short
    if not case.marks.tells(Sign.WRONG_NUMBER) and not (denies and _of_roll_call(case)):
        return None
    if not case.talk.roll_call or _says_it_alone(case):
        return None
    return Verdict(Intent.WRONG_NUMBER, (Act(Does.ASK_CONTACT, case.talk.roll_call), Act(Does.TO_SECRETARIAT)))


def _wrong_number(case: Case) -> Verdict | None:
    """Silencing an office is for words that say this alone: ballots go to a wrong place too, and reports."""
    if not case.marks.tells(Sign.WRONG_NUMBER) or case.marks.tells(*_TROUBLES):
        return None
    suspend = (Act(Does.SUSPEND_CONTACT),) if _says_it_alone(case) else ()
    return Verdict(Intent.WRONG_NUMBER, (*suspend, Act(Does.TO_SECRETARIAT)))


def _says_it_alone(case: Case) -> bool:
    """Whether somebody else is reached, and nothing is said of the work."""
    plain = all(token.kind in (Kind.WORD, Kind.ASKS) for token in case.part.tokens)
    return case.marks.tells(Sign.WRONG_NUMBER) and not case.marks.tells(*_OF_MATTERS, *_TROUBLES) and plain


def _not_mine(case: Case) -> Verdict | None:
    left = case.marks.tells(Sign.LEFT)
    if not left and not case.marks.tells(Sign.NOT_MINE, Sign.NOT_ME):
        return None
    person = (Act(Does.TO_SECRETARIAT),) if left or not case.codes else ()
    return Verdict(Intent.NOT_MINE, (*(Act(Does.NOT_MINE, code) for code in case.codes), *person))


def _known_problem(case: Case) -> Verdict | None:
    """News of an open problem is noted with it, and closes nothing."""
    if not case.named.problems:
        return None
    return Verdict(Intent.PROBLEM, tuple(Act(Does.NOTE_PROBLEM, code) for code in case.named.problems))


def _danger(case: Case) -> Verdict | None:
    if not case.marks.tells(Sign.DANGER):
        return None
    values = _values(case)
    keeps = _keeps(case, values)
    return Verdict(Intent.PROBLEM, (Act(Does.OPEN_PROBLEM), Act(Does.TO_SECRETARIAT), *keeps), values)


def _question(case: Case) -> Verdict | None:
    asks = any(token.kind is Kind.ASKS for token in case.part.tokens) or case.marks.tells(Sign.QUESTION)
    helpless = len(case.marks.of(Sign.HELP)) > 1 or (
        case.marks.tells(Sign.HELP) and (case.marks.tells(Sign.NOT) or case.marks.tells(*_TROUBLES))
    )
    if not (asks or helpless) or (case.marks.tells(*_TROUBLES) and not case.marks.tells(Sign.HELP)):
        return None
    return Verdict(Intent.QUESTION, (Act(Does.ANSWER_HELP), Act(Does.TO_SECRETARIAT)))


def _troubled_report(case: Case) -> Verdict | None:
    """A report that says itself that all is not well, and is whole: its words are its note."""
    if not case.marks.tells(Sign.ATTENTION, Sign.TROUBLED) or len(case.part.asked) != 1 or _later(case):
        return None
    verdict = reports.filled(case.part, _values(case))
    return verdict if verdict.intent is Intent.REPORT_FILLED else None


def _trouble(case: Case) -> Verdict | None:
    grave = case.marks.of(Sign.TROUBLE) or (
        case.marks.of(Sign.TROUBLED, Sign.ATTENTION) and not case.part.asked and case.marks.all
    )
    if not grave:
        return None
    values = _values(case)
    return Verdict(Intent.PROBLEM, (Act(Does.OPEN_PROBLEM), *_keeps(case, values)), values)


def _roll_call(case: Case) -> Verdict | None:
    yes = case.marks.tells(Sign.YES, Sign.PRESENT) or (_told_last(case) and case.marks.tells(Sign.ACK))
    if not yes or case.marks.tells(Sign.NOT) or not _of_roll_call(case):
        return None
    other = case.phone
    act = Act(Does.TO_SECRETARIAT) if other else Act(Does.CONFIRM_CONTACT, case.talk.roll_call)
    return Verdict(Intent.CONFIRM_CONTACT, (act,))


def _of_roll_call(case: Case) -> bool:
    """Whether a bare yes or no can be about the roll call: it was told of last, is named, or nothing else is asked."""
    alone = not case.part.asked and not case.talk.advice
    return bool(case.talk.roll_call) and (alone or _told_last(case) or case.named.roll_call)


def _told_last(case: Case) -> bool:
    return "apel" in case.talk.last.lower()


def _promise(case: Case) -> Verdict | None:
    """He will. A time that has gone by, or none, is asked for; what he says meanwhile is kept."""
    if not _later(case):
        return None
    if len(case.part.asked) > 1:
        return Verdict(Intent.PROMISE, (Act(Does.ASK_WHICH),))
    if not case.part.asked:
        return None
    values = _values(case)
    code = case.part.asked[0].code
    until, _ = times.until(case.part.timed, case.words, now=case.now)
    act = Act(Does.HOLD_PROMISE if until else Does.ASK_TIME, code)
    return Verdict(Intent.PROMISE, (act, *_keeps(case, values)), values)


def _later(case: Case) -> bool:
    if case.marks.tells(Sign.LATER):
        return True
    if case.marks.tells(Sign.ALREADY, Sign.NIL) or case.marks.tells(Sign.UNSEEN):
        return False
    values = _values(case)
    if case.marks.tells(Sign.PENDING):
        return not reports.speaks(case.part, values)
    sends = any(token.text in ("kirim", "lapor", "sampaikan", "laporkan") for token in case.part.tokens)
    until, named = times.until(case.part.timed, case.words, now=case.now)
    answers_time = case.talk.waits is not None and case.talk.waits.does is Does.ASK_TIME and until is not None
    bare = all(mark.sign in _HOLLOW or mark.sign is Sign.EXCUSE for mark in case.marks.all) and case.sure
    return named and (sends or answers_time or bare) and not reports.speaks(case.part, values)


def _denied(case: Case) -> Verdict | None:
    """`tidak nihil`, `belum aman`: what is there instead is asked."""
    if not reports.denied(case.part) or not case.part.asked:
        return None
    return reports.filled(case.part, _values(case))


def _nil(case: Case) -> Verdict | None:
    if not case.marks.tells(Sign.NIL):
        return None
    own = case.part.asked[0] if len(case.part.asked) == 1 else None
    values = _values(case)
    if own is not None and not own.nil and reports.speaks(case.part, values):
        return None
    return reports.nil(case.part, sure=case.sure, problems=bool(case.talk.problems))


def _report(case: Case) -> Verdict | None:
    values = _values(case)
    if not case.part.asked or not reports.speaks(case.part, values):
        return None
    verdict = reports.filled(case.part, values)
    hedged = case.marks.tells(Sign.BUT) and verdict.intent is Intent.REPORT_FILLED
    if hedged:
        return Verdict(Intent.REPORT_PARTIAL, (Act(Does.ASK_CONFIRM, case.codes[0]),), values)
    return verdict


def _done(case: Case) -> Verdict | None:
    codes = [*case.named.advice, *case.codes] or list(case.talk.advice)
    marks = case.marks
    said = any(
        0 <= done.start - already.end <= 4 and done.sentence == already.sentence
        for already in marks.of(Sign.ALREADY)
        for done in marks.of(Sign.DONE)
        if not any(goods.clause == done.clause for goods in marks.of(Sign.GOODS))
    )
    alone = marks.tells(Sign.ALREADY) and _only(case, Sign.ALREADY)
    if not (said or alone) or not codes:
        return None
    if len(case.part.asked) > 1 and not case.named.advice:
        return Verdict(Intent.DONE, (Act(Does.ASK_WHICH),))
    return Verdict(Intent.DONE, (Act(Does.CLAIM, case.named.advice[0] if case.named.advice else codes[0]),))


def _acknowledge(case: Case) -> Verdict | None:
    if not case.marks.tells(Sign.ACK, Sign.THANKS, Sign.YES):
        return None
    if case.marks.tells(Sign.GREETING) and not case.marks.tells(Sign.ACK, Sign.YES):
        return None
    codes = [*case.named.advice, *case.codes] or list(case.talk.advice)
    acts = tuple(Act(Does.ACK, code) for code in codes) or (Act(Does.NO_ANSWER),)
    return Verdict(Intent.ACKNOWLEDGE, acts if case.sure else (*acts, Act(Does.TO_SECRETARIAT)))


def _greeting(case: Case) -> Verdict | None:
    if case.marks.tells(Sign.GREETING, Sign.THANKS) and case.sure:
        return Verdict(Intent.CHATTER, (Act(Does.NO_ANSWER),))
    return None


def _begins(case: Case) -> Verdict | None:
    """`Lapor` alone, as a button says it: what the report needs is asked, and nobody has to look."""
    if not case.part.asked or [token.text for token in case.part.tokens] != [BEGINS]:
        return None
    one = len(case.part.asked) == 1
    return Verdict(Intent.REPORT_PARTIAL, (Act(Does.ASK_MISSING, case.codes[0]) if one else Act(Does.ASK_WHICH),))


def _nothing(case: Case) -> Verdict:
    """A person looks; whoever wrote is told how to say it so that it is understood."""
    return Verdict(Intent.CHATTER, (Act(Does.TO_SECRETARIAT), Act(Does.ANSWER_HELP)))


def _values(case: Case) -> Values:
    needs = case.part.asked[0].needs if len(case.part.asked) == 1 else ()
    return reports.said(case.part, needs, case.words)


def _keeps(case: Case, values: Values) -> tuple[Act, ...]:
    """Numbers and a condition that came along are kept, and close nothing."""
    if len(case.part.asked) != 1 or not reports.speaks(case.part, values):
        return ()
    return (Act(Does.FILE_PARTIAL, case.part.asked[0].code),)


def _only(case: Case, sign: Sign) -> bool:
    """Whether nothing else is said, besides what is polite."""
    rest = [mark for mark in case.marks.all if mark.sign is not sign and mark.sign not in _HOLLOW]
    covered = {n for mark in case.marks.all for n in range(mark.start, mark.end)}
    polite = all(
        n in covered or token.text in case.words.known or token.kind is not Kind.WORD
        for n, token in enumerate(case.part.tokens)
    )
    return not rest and polite and len(case.part.tokens) <= 8


_ORDER: Sequence[Callable[[Case], Verdict | None]] = (
    _orders,
    _stop,
    _not_reached,
    _wrong_number,
    _not_mine,
    _known_problem,
    _danger,
    _question,
    _troubled_report,
    _trouble,
    _roll_call,
    _promise,
    _denied,
    _nil,
    _report,
    _done,
    _acknowledge,
    _greeting,
    _begins,
    _nothing,
)
