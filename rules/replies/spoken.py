"""What is known of a conversation, what came in, and what was understood of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from rules.forms import Condition
from rules.issues import Category


class Intent(StrEnum):
    """What somebody meant. ROBOT: no person wrote it. DONE: he says that it was sent or carried out before."""

    REPORT_NIL = "report_nil"
    REPORT_FILLED = "report_filled"
    REPORT_PARTIAL = "report_partial"
    PROMISE = "promise"
    NOT_MINE = "not_mine"
    QUESTION = "question"
    PROBLEM = "problem"
    ACKNOWLEDGE = "acknowledge"
    DONE = "done"
    STOP = "stop"
    WRONG_NUMBER = "wrong_number"
    CONFIRM_CONTACT = "confirm_contact"
    CHATTER = "chatter"
    ROBOT = "robot"
    UNREADABLE = "unreadable"


class Does(StrEnum):
    """What follows. The `ASK_`s go back to whoever wrote; TO_SECRETARIAT and FLAG_SENDER put it before a person.

    FILE_PARTIAL keeps what was read until the rest comes: the report stays owed. ASK_CONTACT asks him to say on the
    page of the roll call who is reached there. BY_LINK shows an aide in a village the way.
    """

    FILE_NIL = "file_nil"
    FILE_FILLED = "file_filled"
    FILE_PARTIAL = "file_partial"
    HOLD_PROMISE = "hold_promise"
    ASK_WHICH = "ask_which"
    ASK_MISSING = "ask_missing"
    ASK_CONFIRM = "ask_confirm"
    ASK_TIME = "ask_time"
    OPEN_PROBLEM = "open_problem"
    NOTE_PROBLEM = "note_problem"
    ACK = "ack"
    CLAIM = "claim"
    NOT_MINE = "not_mine"
    ATTACH = "attach"
    CONFIRM_CONTACT = "confirm_contact"
    STOP_CHANNEL = "stop_channel"
    ASK_CONTACT = "ask_contact"
    SUSPEND_CONTACT = "suspend_contact"
    ANSWER_HELP = "answer_help"
    BY_LINK = "by_link"
    TO_SECRETARIAT = "to_secretariat"
    FLAG_SENDER = "flag_sender"
    SET_ASIDE = "set_aside"
    NO_ANSWER = "no_answer"


class Act(NamedTuple):
    """One thing that follows, and the matter it is about; empty: none, or nobody knows which."""

    does: Does
    code: str = ""


class Sender(StrEnum):
    """Who an address belongs to. SHARED: to several offices; FORMER: to somebody who left his."""

    KNOWN = "known"
    SHARED = "shared"
    UNKNOWN = "unknown"
    FORMER = "former"


class Sign(StrEnum):
    """What a phrase of the word list tells."""

    NIL = "nil"
    SAFE = "safe"
    ATTENTION = "attention"
    TROUBLED = "troubled"
    UNSEEN = "unseen"
    NOT = "not"
    TROUBLE = "trouble"
    DANGER = "danger"
    EXCUSE = "excuse"
    BUT = "but"
    GOODS = "goods"
    NEWS = "news"
    LACKS = "lacks"
    VOTES = "votes"
    DONE = "done"
    ALREADY = "already"
    ACK = "ack"
    THANKS = "thanks"
    GREETING = "greeting"
    LATER = "later"
    PENDING = "pending"
    STOP = "stop"
    STOP_PHRASE = "stop_phrase"
    WRONG_NUMBER = "wrong_number"
    NOT_MINE = "not_mine"
    NOT_ME = "not_me"
    LEFT = "left"
    QUESTION = "question"
    HELP = "help"
    THREAT = "threat"
    ORDER = "order"
    YES = "yes"
    NO = "no"
    PRESENT = "present"
    ROBOT = "robot"


MENDED = (Sign.NIL, Sign.SAFE, Sign.ATTENTION, Sign.TROUBLED, Sign.TROUBLE, Sign.DANGER, Sign.NEWS)
"""What a word with one wrong letter may still mean."""


@dataclass(frozen=True, slots=True)
class Figured:
    """How people say a number that a form asks for. `total`: what they count it out of, such as tps."""

    words: tuple[tuple[str, ...], ...]
    total: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a reply to one form must say: the numbers it needs, and the indicator that a word for the whole is about."""

    overall: str
    needs: tuple[str, ...] = ()


Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """The words of a language, as data. Phrases are in the words that `same` leads to."""

    same: Mapping[str, tuple[str, ...]]
    phrases: Mapping[Sign, tuple[tuple[str, ...], ...]]
    known: frozenset[str]
    figures: Mapping[str, Figured]
    forms: Mapping[str, Told]
    categories: Mapping[Category, tuple[tuple[str, ...], ...]]
    clocks: Mapping[str, time]
    days: Mapping[str, int]
    weekdays: Mapping[str, int]
    numbers: Mapping[str, int]
    quotes: tuple[str, ...]
    subjects: tuple[str, ...]

    @cached_property
    def index(self) -> Mapping[str, Sequence[tuple[Phrase, Sign]]]:
        """By their first word, the phrases that tell something, the longest first."""
        found: dict[str, list[tuple[Phrase, Sign]]] = {}
        for sign, phrases in self.phrases.items():
            for phrase in phrases:
                found.setdefault(phrase[0], []).append((phrase, sign))
        return {first: sorted(own, key=lambda pair: -len(pair[0])) for first, own in found.items()}

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All words that mean something here."""
        groups = [*self.phrases.values(), *(own.words for own in self.figures.values()), *self.categories.values()]
        spoken = [word for group in groups for phrase in group for word in phrase]
        return frozenset([*spoken, *self.clocks, *self.days, *self.weekdays, *self.numbers, *self.known])

    @cached_property
    def mended(self) -> frozenset[str]:
        """Words that are known by a slip of one letter too. Short ones of danger are not: `butuh` is no `bunuh`."""
        return frozenset(
            word
            for sign in MENDED
            for phrase in self.phrases.get(sign, ())
            for word in phrase
            if len(word) >= (7 if sign is Sign.DANGER else 5)
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that this office owes and was asked for.

    Args:
        nil: whether "nothing to report" is an answer.
        needs: the codes of numbers without which a reply is not whole.
        kept: what an earlier reply said of it.
    """

    code: str
    district: str
    due_at: datetime
    nil: bool
    needs: tuple[str, ...] = ()
    kept: "Values | None" = None


class Waits(NamedTuple):
    """What was asked back last, and not answered yet: the act that waits for a yes, a code or a time.

    `said`: the words that it was asked about.
    """

    does: Does
    code: str = ""
    then: Does | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is open with whoever wrote.

    Args:
        problems: codes of his open problems; advice: of what he was told to do; roll_call: of a roll call
            that he can answer.
        others: names of districts that are not his.
        last: our last text to this address.
    """

    sender: Sender = Sender.KNOWN
    asked: Sequence[Asked] = ()
    problems: Sequence[str] = ()
    advice: Sequence[str] = ()
    roll_call: str = ""
    others: Sequence[str] = ()
    last: str = ""
    waits: Waits | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in, as it was typed. `attachments` are media types; a location is `location`.

    `late`: it is read so long after it was written that it may not hold any more (`rules.replies.lateness`).
    """

    text: str
    html: str = ""
    subject: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[str] = ()
    forwarded: bool = False
    by: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Values:
    """What was read of one report: the condition of the whole, numbers, and what they are out of."""

    condition: Condition | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    doubtful: tuple[str, ...] = ()

    def over(self, earlier: "Values | None") -> "Values":
        """These, and what only an earlier reply said."""
        if earlier is None:
            return self
        return Values(
            self.condition or earlier.condition,
            {**earlier.counts, **self.counts},
            {**earlier.totals, **self.totals},
            self.doubtful,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood, by which words, and what follows of it.

    Args:
        sure: from 0 to 1; below `SURE` nothing is done that a yes would not confirm.
        missing: by code, what a report still needs: `condition`, or the codes of numbers.
        own: his own words, without quotations.
    """

    intent: Intent
    acts: tuple[Act, ...]
    about: tuple[str, ...] = ()
    values: Mapping[str, Values] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    until: datetime | None = None
    sure: float = 1.0
    by: tuple[str, ...] = ()
    category: Category | None = None
    danger: bool = False
    own: str = ""


SURE = 0.6
"""At least so much of a text must be understood before a nil is filed without asking."""
