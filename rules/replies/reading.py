"""A message in somebody's own words: what he means, and what follows of it. Pure; any text gives an answer.

What is sure is done, what is unsure is asked back once, and what would change much is always asked. Whoever is not
known for certain changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from rules.issues import Category
from rules.replies import counts, judging, marks, naming, own, times, tokens, waiting
from rules.replies.judging import Case
from rules.replies.marks import Marks
from rules.replies.naming import Named
from rules.replies.reports import Part, Verdict
from rules.replies.spoken import (
    SURE,
    Act,
    Asked,
    Conversation,
    Does,
    Heard,
    Intent,
    Reading,
    Sender,
    Sign,
    Words,
)
from rules.replies.tokens import Kind, Token

_HARMLESS = frozenset(':=-()/+&"*_%')
_ANSWERED = frozenset({Does.ANSWER_HELP, Does.ASK_CONFIRM, Does.ASK_MISSING, Does.ASK_TIME, Does.ASK_WHICH})
_FOR_ANOTHER = frozenset(
    {
        Does.FILE_NIL,
        Does.FILE_FILLED,
        Does.FILE_PARTIAL,
        Does.HOLD_PROMISE,
        Does.CLAIM,
        Does.ACK,
        Does.NOT_MINE,
        Does.NOTE_PROBLEM,
        Does.CONFIRM_CONTACT,
        Does.ASK_CONTACT,
    }
)
_OF_PERSONS = frozenset({Does.TO_SECRETARIAT, Does.FLAG_SENDER})
_STICKER = "sticker"


def read(heard: Heard, talk: Conversation, words: Words, *, now: datetime) -> Reading:
    """What was understood.

    Args:
        now: aware, in the zone of whoever wrote.
    """
    why = own.automatic(heard, words)
    if why:
        return Reading(Intent.ROBOT, (Act(Does.SET_ASIDE), Act(Does.NO_ANSWER)), by=(why,))
    text = own.words_of(heard, words)
    read_ = tokens.read(text, words)
    told = marks.read(read_, words)
    if told.tells(Sign.ROBOT):
        phrase = told.of(Sign.ROBOT)[0].text
        return Reading(Intent.ROBOT, (Act(Does.SET_ASIDE), Act(Does.NO_ANSWER)), by=(phrase,), own=text)
    if not read_:
        return _wordless(heard, talk, text)
    named = naming.read(read_, talk, tokens.read(heard.subject, words))
    if said := waiting.continued(read_, told, named, talk):
        return read(replace(heard, text=f"{text} {said}", html=""), replace(talk, waits=None), words, now=now)
    sure = _sure(read_, words)
    verdicts = _verdicts(read_, told, named, talk, words, now, sure=sure >= SURE, phone=tokens.phone(text))
    reading = _together(verdicts, read_, told, talk, words, now, sure, text)
    return _guarded(_attached(reading, heard, talk, named), heard, talk, named, told)


def _wordless(heard: Heard, talk: Conversation, text: str) -> Reading:
    """A picture, a voice, a place, or nothing: kept, and what is asked is said once more."""
    if heard.attachments and all(_STICKER in kind for kind in heard.attachments):
        return Reading(Intent.UNREADABLE, (Act(Does.SET_ASIDE),), own=text)
    unknown = talk.sender in (Sender.UNKNOWN, Sender.FORMER)
    if unknown or not talk.asked:
        flag = (Act(Does.FLAG_SENDER),) if unknown else ()
        return Reading(Intent.UNREADABLE, (Act(Does.TO_SECRETARIAT), *flag), own=text)
    code = talk.asked[0].code if len(talk.asked) == 1 else ""
    attach = (Act(Does.ATTACH, code),) if heard.attachments and code else ()
    asks = Act(Does.ASK_MISSING, code) if code else Act(Does.ASK_WHICH)
    about = (code,) if code else ()
    return Reading(Intent.UNREADABLE, (*attach, asks), about, own=text)


def _verdicts(
    read_: Sequence[Token],
    told: Marks,
    named: Named,
    talk: Conversation,
    words: Words,
    now: datetime,
    *,
    sure: bool,
    phone: bool,
) -> list[tuple[Part, Verdict]]:
    """What each part means. Where several reports are named, each has its own; else the whole is one part."""
    asked = [naming.of(talk, code) for code in named.reports] or _fitting(read_, told, talk, words)
    whole = Part(read_, told, asked)
    if answer := waiting.answered(whole, named, talk, sure=sure):
        return [(whole, answer)]
    if not named.clauses or told.tells(Sign.ORDER, Sign.THREAT):
        return [(whole, judging.judge(Case(whole, named, talk, words, now, sure, phone)))]
    parts = []
    for code, clauses in named.clauses.items():
        part = Part([t for t in read_ if t.clause in clauses], told, [naming.of(talk, code)])
        part = part._replace(marks=marks.read(part.tokens, words))
        parts.append((part, judging.judge(Case(part, named, talk, words, now, sure, phone))))
    telling = [(part, verdict) for part, verdict in parts if verdict.intent not in _HOLLOW]
    return telling or parts


def _fitting(read_: Sequence[Token], told: Marks, talk: Conversation, words: Words) -> list[Asked]:
    """What a text may be about that names nothing: the one report whose numbers it has, or all that is owed."""
    fits = [own for own in talk.asked if own.needs and set(own.needs) <= set(_counts(read_, told, own, words))]
    return fits if len(fits) == 1 else list(talk.asked)


def _counts(read_: Sequence[Token], told: Marks, own: Asked, words: Words) -> Iterable[str]:
    return counts.read(read_, told, own.needs, words).counts


_HOLLOW = frozenset({Intent.ACKNOWLEDGE, Intent.CHATTER})


def _together(
    verdicts: Sequence[tuple[Part, Verdict]],
    read_: Sequence[Token],
    told: Marks,
    talk: Conversation,
    words: Words,
    now: datetime,
    sure: float,
    text: str,
) -> Reading:
    _, first = verdicts[0]
    intents = {verdict.intent for _, verdict in verdicts}
    intent = Intent.PROBLEM if Intent.PROBLEM in intents else first.intent
    acts = tuple(dict.fromkeys(act for _, verdict in verdicts for act in verdict.acts))
    until = None
    if any(act.does is Does.HOLD_PROMISE for act in acts):
        promising = next(own for own, v in verdicts if any(act.does is Does.HOLD_PROMISE for act in v.acts))
        until, _ = times.until(promising.timed, words, now=now)
    if told.tells(Sign.VOTES):
        acts = (*acts, Act(Does.TO_SECRETARIAT))
    single = {own.asked[0].code: verdict for own, verdict in verdicts if len(own.asked) == 1}
    about = tuple(dict.fromkeys([*single, *(act.code for act in acts if act.code)]))
    if intent in (Intent.ACKNOWLEDGE, Intent.CONFIRM_CONTACT, Intent.DONE) or any(
        act.does is Does.NOTE_PROBLEM for act in acts
    ):
        about = tuple(dict.fromkeys(act.code for act in acts if act.code)) or (
            (talk.roll_call,) if intent is Intent.CONFIRM_CONTACT else ()
        )
    return Reading(
        intent,
        acts,
        about,
        {code: verdict.values for code, verdict in single.items() if verdict.values is not None},
        {code: verdict.missing for code, verdict in single.items() if verdict.missing},
        until,
        round(sure, 2),
        tuple(dict.fromkeys(mark.text for mark in told.all if mark.sign is not Sign.GREETING))[:20],
        _category(read_, words),
        told.tells(Sign.DANGER),
        text,
    )


def _attached(reading: Reading, heard: Heard, talk: Conversation, named: Named) -> Reading:
    """What came along is kept with the one report it can be about."""
    kept = [kind for kind in heard.attachments if _STICKER not in kind]
    if not kept:
        return reading
    codes = [*named.advice, *named.reports] or [own.code for own in talk.asked] or list(talk.advice)
    if reading.intent is Intent.CHATTER and len(codes) == 1 and Act(Does.TO_SECRETARIAT) in reading.acts:
        if Act(Does.ANSWER_HELP) not in reading.acts or _spoke_of_votes(reading):
            return reading
        acts = (Act(Does.FILE_PARTIAL, codes[0]), Act(Does.ATTACH, codes[0]), Act(Does.ASK_MISSING, codes[0]))
        return _with(reading, acts, intent=Intent.REPORT_PARTIAL, about=tuple(codes))
    return _with(reading, (*reading.acts, Act(Does.ATTACH, codes[0] if len(codes) == 1 else "")))


def _spoke_of_votes(reading: Reading) -> bool:
    return reading.acts.count(Act(Does.TO_SECRETARIAT)) > 1


def _guarded(reading: Reading, heard: Heard, talk: Conversation, named: Named, told: Marks) -> Reading:
    """What may be done for whoever this is. Nobody but a known sender changes anything, and only what is his."""
    acts = reading.acts
    if talk.sender in (Sender.UNKNOWN, Sender.FORMER):
        return _with(reading, (Act(Does.TO_SECRETARIAT), Act(Does.FLAG_SENDER)), about=())
    if talk.sender is Sender.SHARED or named.strange or heard.forwarded:
        changes = any(act.does in _FOR_ANOTHER or act.does is Does.OPEN_PROBLEM for act in acts)
        kept = tuple(act for act in acts if act.does not in _FOR_ANOTHER and act.does is not Does.OPEN_PROBLEM)
        which = (talk.sender is Sender.SHARED and len(talk.asked) > 1) or _of_another(named)
        asks = (Act(Does.ASK_WHICH if which else Does.ASK_CONFIRM, "" if which else _sole(reading)),)
        asked = asks if changes and not any(act.does in _ANSWERED for act in kept) else ()
        kept = tuple(Act(Does.ATTACH) if act.does is Does.ATTACH else act for act in kept)  # a person says where
        acts = (*kept, *asked, Act(Does.FLAG_SENDER), Act(Does.TO_SECRETARIAT))
    if heard.late:
        acts = _asked_again(acts, _sole(reading))
    return _with(reading, tuple(dict.fromkeys(acts)))


def _of_another(named: Named) -> bool:
    """Whether only a report is named that is not his, or not open any more: a bare yes must not file one that is."""
    return not named.reports and any(code.startswith("R-") for code in named.strange)


def _asked_again(acts: Sequence[Act], code: str) -> tuple[Act, ...]:
    """What was written long ago may not hold any more: it is asked back, and a person looks. A problem is opened."""
    kept = tuple(act for act in acts if act.does not in _FOR_ANOTHER)
    changes = len(kept) < len(acts)
    asks = (Act(Does.ASK_CONFIRM, code),) if changes and not any(act.does in _ANSWERED for act in kept) else ()
    return (*kept, *asks, Act(Does.TO_SECRETARIAT))


def _sole(reading: Reading) -> str:
    return reading.about[0] if len(reading.about) == 1 else ""


def _with(
    reading: Reading, acts: Iterable[Act], *, intent: Intent | None = None, about: tuple[str, ...] | None = None
) -> Reading:
    return Reading(
        intent or reading.intent,
        tuple(acts),
        reading.about if about is None else about,
        reading.values,
        reading.missing,
        reading.until,
        reading.sure,
        reading.by,
        reading.category,
        reading.danger,
        reading.own,
    )


def _sure(read_: Sequence[Token], words: Words) -> float:
    """The part of a text that is made of words we know; a mended word counts a little less."""
    told = [token for token in read_ if token.text not in _HARMLESS]
    weights = [
        0.0 if token.kind is Kind.WORD and token.text not in words.vocabulary else 0.85 if token.guessed else 1.0
        for token in told
    ]
    return sum(weights) / len(weights) if weights else 0.0


def _category(read_: Sequence[Token], words: Words) -> Category | None:
    """The kind of problem that the words speak of; None: none of those we know."""
    said = [token.text for token in read_]
    for category, phrases in words.categories.items():
        for phrase in phrases:
            if any(tuple(said[n : n + len(phrase)]) == phrase for n in range(len(said))):
                return category
    return None
