"""The course of a report to the Government: from a draft to what left and was received.

::

    draft -> for approval -> approved -> handed out -> sent -> received       each of the last three: -> corrected
      ^           |              | |                     ^
      +-----------+--------------+ +---- by mail --------+
            sent back

    draft, for approval, approved  -> dropped     gathered again: the next version stands in its place
    draft, for approval            -> dropped     a correction that nobody wants; the version before is the last again

What was handed out may be with its receiver already, so it is not sent back, and only corrected.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from rules import access
from rules.desk import Audience, Desk
from rules.filing import NotTaken
from rules.government import ReportKind, Unapproved


class State(StrEnum):
    """Where one version stands. HANDED_OUT: somebody took it along, and did not yet record that it left. CORRECTED: a
    later version of it left. DROPPED: it never leaves.
    """

    DRAFT = "draft"
    FOR_APPROVAL = "for_approval"
    APPROVED = "approved"
    HANDED_OUT = "handed_out"
    SENT = "sent"
    RECEIVED = "received"
    CORRECTED = "corrected"
    DROPPED = "dropped"


class Step(StrEnum):
    """What somebody did with a version. AGREED: an approver did, and others are still to. RELEASED: it was due, and
    its kind lets it leave without an approval.
    MAILED and HANDED_OUT: it is on its way; SENT: it left. REPLACED: it was gathered again as the next version, which
    begins with GATHERED.
    """

    HANDED_IN = "handed_in"
    AGREED = "agreed"
    APPROVED = "approved"
    RELEASED = "released"
    SENT_BACK = "sent_back"
    MAILED = "mailed"
    HANDED_OUT = "handed_out"
    SENT = "sent"
    RECEIVED = "received"
    CORRECTED = "corrected"
    DROPPED = "dropped"
    REPLACED = "replaced"
    GATHERED = "gathered"


LEFT = frozenset({State.SENT, State.RECEIVED, State.CORRECTED})
"""States of a version that went out."""

CORRECTABLE = frozenset({State.HANDED_OUT, State.SENT, State.RECEIVED})
"""States of a version that somebody outside has, or may have, and that is the newest he has."""

DROPPABLE = frozenset({State.DRAFT, State.FOR_APPROVAL})

WORDS = 4000
"""Characters of the narrative of one chapter at most."""


class NotApproved(NotTaken):
    """It is not this office's turn, or the report does not wait for that."""


class TooLong(NotTaken):
    """More words than a chapter takes."""


class Outdated(NotTaken):
    """What was read is not what stands there now: a later version came, or its words were changed."""


def approvers(desk: Desk, kind: ReportKind) -> tuple[str, ...]:
    """The offices that approve a report of this kind, in order, each once."""
    posts = {Audience.SECRETARIAT: desk.secretariat, Audience.SECRETARY: desk.secretary, Audience.CHAIR: desk.chair}
    return tuple(dict.fromkeys(posts[post] for post in kind.approve))


def turn(approvers: Sequence[str], agreed: Collection[str]) -> str | None:
    """Whose approval is waited for: the first in order who has not agreed; None: all have."""
    return next((office for office in approvers if office not in agreed), None)


def agreed(steps: Iterable[tuple[Step, str]]) -> list[str]:
    """The offices that agreed since it was last handed in, in order.

    Args:
        steps: what was done with the version and by which office, the first first.
    """
    offices: list[str] = []
    for step, office in steps:
        if step in (Step.HANDED_IN, Step.SENT_BACK):
            offices = []
        elif step in (Step.AGREED, Step.APPROVED):
            offices.append(office)
    return offices


def hands_in(desk: Desk, office: str, state: State) -> bool:
    """Whether `office` may hand a version in for approval: whoever keeps the books, while it is a draft."""
    return state is State.DRAFT and access.keeps_books(desk, office)


def edits(desk: Desk, office: str, state: State, turn: str | None) -> bool:
    """Whether `office` may change the narrative: of a draft whoever keeps the books, then whoever is to approve it."""
    return hands_in(desk, office, state) or approves(office, state, turn)


def approves(office: str, state: State, turn: str | None) -> bool:
    """Whether `office` may approve a version now."""
    return state is State.FOR_APPROVAL and office == turn


def sends_back(office: str, state: State, turn: str | None, approvers: Sequence[str]) -> bool:
    """Whether `office` may send a version back: in its turn, and any approver until what was approved leaves."""
    return approves(office, state, turn) or (state is State.APPROVED and office in approvers)


def corrects(desk: Desk, office: str, state: State) -> bool:
    """Whether `office` may correct a version: whoever keeps the books, once somebody outside may have it."""
    return state in CORRECTABLE and access.keeps_books(desk, office)


def drops(desk: Desk, office: str, state: State, correction: int) -> bool:
    """Whether `office` may drop a version: whoever keeps the books a correction that nobody approved to the end.

    Args:
        correction: which correction it is; 0: none, and a report that is owed is never dropped.
    """
    return bool(correction) and state in DROPPABLE and access.keeps_books(desk, office)


def gathers_again(desk: Desk, office: str, state: State) -> bool:
    """Whether `office` may have a version gathered again: whoever keeps the books, before anybody outside has it."""
    return state in (*DROPPABLE, State.APPROVED) and access.keeps_books(desk, office)


def releases(kind: ReportKind, state: State, due_at: datetime, *, now: datetime) -> bool:
    """Whether a version may leave without an approval from now on: it is due, and its kind says so."""
    unapproved = state in (State.DRAFT, State.FOR_APPROVAL)
    return unapproved and kind.unapproved is Unapproved.SEND and due_at <= now


def sees(desk: Desk, office: str) -> bool:
    """Whether `office` reads the desk's reports to the Government: secretariat, secretary, chair."""
    return access.keeps_books(desk, office) or access.above_all(desk, office)


def narrative(text: str) -> str:
    """The words of a chapter as they are kept: paragraphs parted by an empty line. Raises: TooLong."""
    paragraphs = (" ".join(part.split()) for part in text.replace("\r\n", "\n").split("\n\n"))
    words = "\n\n".join(part for part in paragraphs if part)
    if len(words) > WORDS:
        raise TooLong(f"the words of this chapter have {len(words)} characters, at most {WORDS} fit")
    return words
