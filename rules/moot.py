"""What is no longer to be said: asked when notices become a message, and again when that message is claimed."""

from datetime import datetime
from typing import NamedTuple, Protocol

from rules import advice
from rules.filing import Content
from rules.ladder import Say, paused
from rules.sending import SENDABLE
from rules.submissions import State

OF_THE_PAST = frozenset({Say.RECEIVED, Say.SURE, Say.DECLARED, Say.SUBMISSION})
"""What was done: it is said whatever became of the matter."""

DECIDED = frozenset({Say.WAIVED, Say.EXTENDED, Say.REVOKED, Say.LOST})
"""What a coordinator decided about a report, or the desk when it had lost its books: no promise holds it, nor the rest
that it gives.
"""

BEFOREHAND = frozenset({Say.REMINDER, Say.AMENDED, Say.EXTENDED})
"""Said of a due time that is ahead: stale once it has come."""

DROPPED = "cancelled by an amendment"
"""Why a report is closed when an amendment removed it; whoever was told of it is told that too."""

WAIVED = "waived"
"""Why a report is closed that a coordinator waived."""

RESOLVED = "resolved"
"""Why a problem is closed of which somebody said that it is over."""

SAID_OF_CLOSED = {Say.DROPPED: DROPPED, Say.WAIVED: WAIVED, Say.WITHDRAWN: advice.WITHDRAWN, Say.RESOLVED: RESOLVED}
"""What is said of a report, an advice or a problem that is closed, by why it is."""


TOO_LATE = "the due time has come"
"""Why nothing is said any more of a due time that was ahead."""


class Word(Protocol):
    """A notice, with what its matter has become since it was planned.

    `closed_at`: None while the matter is open. `superseded`: the matter is in another round. `outspoken`: a later rung
    has spoken to the same office.
    """

    @property
    def say(self) -> Say: ...
    @property
    def since(self) -> datetime: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def closed_why(self) -> str: ...
    @property
    def superseded(self) -> bool: ...
    @property
    def outspoken(self) -> bool: ...
    @property
    def acknowledged_until(self) -> datetime | None: ...


class Latest(NamedTuple):
    """The newest version of a report."""

    content: Content
    version: int


def why(word: Word, *, now: datetime) -> str:
    """Why this is no longer to be said; empty: it still is. What was done never becomes moot here: see `overtaken`."""
    if word.say in OF_THE_PAST:
        return ""
    if word.closed_at is not None:
        still_said = SAID_OF_CLOSED.get(word.say) == word.closed_why
        return "" if still_said else f"no longer owed: {word.closed_why}"
    if word.say in SAID_OF_CLOSED:
        return "owed again"
    if word.superseded:
        return "a new round began"
    if word.outspoken:
        return "a later word about it was said"
    if paused(now, word.acknowledged_until):
        return "" if word.say in DECIDED else "acknowledged"
    return TOO_LATE if word.say in BEFOREHAND and word.since <= now else ""


def unsent(state: State | None) -> str:
    """Why a report to the Government is not mailed any more; empty: it is. None: there is nothing to mail."""
    if state is State.CORRECTED:
        return "a later version left"
    return "" if state in SENDABLE else "not approved any more"


def overtaken(say: Say, latest: Latest | None, *, version: int | None) -> str:
    """Why what was done is no longer to be told: something else was done since. Empty: it is.

    Args:
        latest: of the report; None: there is none.
        version: which version of the report the notice is of; None: it is of no particular one.
    """
    if say is Say.RECEIVED:
        return "taken back" if latest is not None and latest.content is Content.WITHDRAWN else ""
    if say is Say.SURE:
        return "" if latest is not None and latest.content is Content.NIL else "not nil any more"
    return "a later version came" if version is not None and (latest is None or latest.version != version) else ""
