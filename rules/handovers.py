"""What a line of a list of holders asks for: who holds which office from when, and how he is reached."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from rules import typed
from rules.assignments import Assignment, Kind
from rules.dispatch import day_start
from rules.typed import Fault, Mistyped

NAME = 120
MOMENT = timedelta(microseconds=1)
"""A term ends at the first moment of a day; this much earlier is its last day."""
NONE = "-"
"""Written instead of an address: by this channel no more."""

KINDS = {
    Kind.DEFINITIVE: "definitif",
    Kind.PJ: "Pj.",
    Kind.PLT: "Plt.",
    Kind.PLH: "Plh.",
}
_WORDS = {name.lower().rstrip("."): kind for kind, name in KINDS.items()} | {kind.value: kind for kind in Kind}


def kind(text: str) -> Kind:
    """The kind as typed; blank means definitive. Raises: Mistyped: it is none of the four."""
    word = text.strip().lower().rstrip(".")
    if word and word not in _WORDS:
        raise Mistyped(Fault.NO_CHOICE)
    return _WORDS[word] if word else Kind.DEFINITIVE


def holder(fields: Mapping[str, str], zone: str, *, now: datetime) -> Assignment | None:
    """Who is to hold an office, from `name`, `kind`, `since`, `until` as typed; None without a name.

    Days are local to the office: from the first moment of `since` (today if blank) to the last moment of `until`.

    Raises:
        Mistyped: an unknown kind, an impossible day, a last day before the first, or a name longer than a line.
    """
    name = " ".join(typed.words(fields.get("name", ""), NAME).split())
    if not name:
        return None
    since = typed.first_moment(fields.get("since", ""), zone) or day_start(now, zone)
    until = typed.last_moment(fields.get("until", ""), zone)
    if until is not None and until <= since:
        raise Mistyped(Fault.NO_DAY)
    return Assignment(name, kind(fields.get("kind", "")), since, until)
