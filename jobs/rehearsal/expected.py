"""Whether what a scenario expects of the messages held: each expectation with the messages that broke it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from rules.desk import Channel
from rules.expecting import ALL_DAY, Expectation, Left


def checked(
    expects: Sequence[Expectation], sent: Iterable[Mapping[str, Any]], notices: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[str, str, list[str]]]:
    """By expectation its name, how the page says it, and every message that is too many.

    Args:
        sent: the rows of messages that left, and of all notices, as a rehearsal writes them.
    """
    ladders = {line["key"]: str(line["ladder"]) for line in notices}
    left = [_left(line, ladders) for line in sent]
    for own in expects:
        yield _name(own), _text(own), [_row(one) for one in own.broken(left)]


def _left(line: Mapping[str, Any], ladders: Mapping[str, str]) -> Left:
    at = datetime.fromisoformat(line["at"])
    said = frozenset(ladders[key] for key in line["notices"] if key in ladders)
    return Left(line["id"], line["recipient"], Channel(line["channel"]), at, said)


def _row(left: Left) -> str:
    return f"message {left.id} to {left.office} by {left.channel} at {left.at:%Y-%m-%d %H.%M}"


def _name(own: Expectation) -> str:
    hours = "a day" if own.hours == ALL_DAY else f"between {own.hours.start:%H.%M} and {own.hours.end:%H.%M}"
    to = ", ".join(sorted(own.offices)) or "each office"
    by = ", ".join(sorted(own.by)) or "any channel"
    but = f", but for {', '.join(sorted(own.but))}" if own.but else ""
    return f"expected: at most {own.at_most} message(s) {hours} to {to} by {by}{but}"


def _text(own: Expectation) -> str:
    hours = "sehari" if own.hours == ALL_DAY else f"antara pukul {own.hours.start:%H.%M} dan {own.hours.end:%H.%M}"
    many = f"paling banyak {own.at_most} pesan" if own.at_most else "tidak ada pesan"
    to = f"kepada {', '.join(sorted(own.offices))}" if own.offices else "kepada setiap jabatan"
    by = f" melalui {', '.join(sorted(own.by))}" if own.by else ""
    but = f", kecuali dari {', '.join(sorted(own.but))}" if own.but else ""
    return f"Sesuai skenario: {many} {hours} {to}{by}{but}"
