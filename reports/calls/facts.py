"""What a call sheet says: whom to phone, why, and what to ask. Loading it loads no typst."""

from dataclasses import dataclass
from datetime import datetime

from reports import codec


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing to ask about, in words."""

    code: str
    what: str
    since: str
    ask: str


@dataclass(frozen=True, slots=True)
class Call:
    """One office, with its numbers as they are read out."""

    office: str
    numbers: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the sheet says. `help`: whom to ask, with a number. `duty`: who is at the posko, in sentences."""

    desk: str
    office: str
    election: str
    moment: str
    made_at: datetime
    help: str
    calls: tuple[Call, ...]
    duty: tuple[str, ...] = ()


def to_json(facts: Facts) -> str:
    return codec.dump(facts)


def from_json(text: str | bytes) -> Facts:
    """Raises: ValueError: it is not what `to_json` wrote."""
    return codec.load(Facts, text)
