"""What people added to a report before it left: their words beside the figures, and who approved it."""

from dataclasses import dataclass
from datetime import datetime

from reports import codec


@dataclass(frozen=True, slots=True)
class Approval:
    """One office's word, given in a session at an aware instant. `session` is what the books call it."""

    office: str
    at: datetime
    session: str = ""


@dataclass(frozen=True, slots=True)
class Narrative:
    """What the secretariat says in a chapter, after what the facts say; an empty line begins a new paragraph."""

    chapter: str
    text: str


@dataclass(frozen=True, slots=True)
class Approved:
    """Narrative, and approvals in the order they were given.

    `notice`: what the first page says of a report that left without approval. With neither it is a draft.
    """

    narrative: tuple[Narrative, ...] = ()
    approvals: tuple[Approval, ...] = ()
    notice: str = ""


def to_json(approved: Approved) -> str:
    """One line of JSON: what is frozen with the approval."""
    return codec.dump(approved)


def from_json(text: str | bytes) -> Approved:
    """What `to_json` wrote; nothing of an empty text. Raises: ValueError where the text is neither."""
    return codec.load(Approved, text) if text else Approved()
