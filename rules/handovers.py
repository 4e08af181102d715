"""What a line of a list of holders asks for: who holds which office from when, and how he is reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules import typed
from rules.assignments import Assignment, Kind
from rules.desk import Channel
from rules.dispatch import day_start
from rules.typed import Fault, Mistyped

NAME = 120
MOMENT = timedelta(microseconds=1)
"""Before the instant from which somebody holds an office no more lies the last day on which he did."""
NONE = "-"
"""Written instead of an address: by this channel no more."""

KINDS = {
    Kind.DEFINITIVE: "definitif",
    Kind.PJ: "Pj.",
    Kind.PLT: "Plt.",
    Kind.PLH: "Plh.",
}
_WORDS = {name.lower().rstrip("."): kind for kind, name in KINDS.items()} | {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Holding:
    """A new holder (None: the same as before), and of each channel the address as written (no entry: as before)."""

    holder: Assignment | None
    written: Mapping[Channel, str]


def kind(text: str) -> Kind:
    """Raises: Mistyped: it is none of the four; nothing written means definitive."""
    word = text.strip().lower().rstrip(".")
    if word and word not in _WORDS:
        raise Mistyped(Fault.NO_CHOICE)
    return _WORDS[word] if word else Kind.DEFINITIVE


def holder(fields: Mapping[str, str], zone: str, *, now: datetime) -> Assignment | None:
    """Who is to hold an office, from `name`, `kind`, `since`, `until` as typed; None without a name.

    Days are the office's own: from the first moment of `since`, today if it is blank, to the last of `until`.

    Raises:
        Mistyped: a kind or a day that is none, a last day before the first, or a name of more than a line.
    """
    name = " ".join(typed.words(fields.get("name", ""), NAME).split())
    if not name:
        return None
    since = typed.first_moment(fields.get("since", ""), zone) or day_start(now, zone)
    until = typed.last_moment(fields.get("until", ""), zone)
    if until is not None and until <= since:
        raise Mistyped(Fault.NO_DAY)
    return Assignment(name, kind(fields.get("kind", "")), since, until)
