"""Whether what a scenario expects of the messages held: each expectation with what broke it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from rules import indonesian
from rules.desk import Channel
from rules.expecting import ALL_DAY, Expectation, Left, Part


class Checked(NamedTuple):
    """An expectation, and how the page says it. `wrong`: every message that is too many, or where the money went.

    `found`: how many messages are too many, or what all of them cost.
    """

    name: str
    text: str
    found: int | str
    wrong: list[str]


def checked(
    expects: Sequence[Expectation],
    gone: Iterable[Mapping[str, Any]],
    notices: Iterable[Mapping[str, Any]],
    stages: Mapping[str, str],
) -> Iterator[Checked]:
    """Each of them, in their order.

    Args:
        gone: the rows of messages that left, and of all notices, as a rehearsal writes them.
        stages: by number of a message, the code of the stage that it counts for.
    """
    ladders = {line["key"]: str(line["ladder"]) for line in notices}
    left = [_left(line, ladders, stages) for line in gone]
    for own in expects:
        name, text = f"expected: {_name(own)}", f"Sesuai skenario: {_text(own)}"
        if own.costs_at_most is None:
            wrong = [_row(one) for one in own.broken(left)]
            yield Checked(name, text, len(wrong), wrong)
        else:
            yield Checked(name, text, *_cost(own, own.costs_at_most, left))


def _left(line: Mapping[str, Any], ladders: Mapping[str, str], stages: Mapping[str, str]) -> Left:
    at = datetime.fromisoformat(line["at"])
    said = frozenset(ladders[key] for key in line["notices"] if key in ladders)
    stage = stages.get(str(line["id"]), "")
    return Left(line["id"], line["recipient"], Channel(line["channel"]), at, said, stage, line["cost"])


def _cost(own: Expectation, most: int, left: Sequence[Left]) -> tuple[str, list[str]]:
    """What all of it cost; and where it went, the dearest first, if that is too much."""
    parts = own.spent(left)
    whole = sum(part.cost for part in parts)
    wrong = [f"{_rupiah(whole - most)} too much", *map(_went, parts)] if whole > most else []
    return _rupiah(whole), wrong


def _went(part: Part) -> str:
    stage = f"stage {part.stage}" if part.stage else "no stage"
    return f"{_rupiah(part.cost)} for {part.messages} message(s) by {part.channel}, {stage}"


def _rupiah(sum_: int) -> str:
    return f"Rp{indonesian.number(sum_)}"


def _row(left: Left) -> str:
    return f"message {left.id} to {left.office} by {left.channel} at {left.at:%Y-%m-%d %H.%M}"


def _name(own: Expectation) -> str:
    hours = "a day" if own.hours == ALL_DAY else f"between {own.hours.start:%H.%M} and {own.hours.end:%H.%M}"
    to = ", ".join(sorted(own.offices)) or "each office"
    by = ", ".join(sorted(own.by)) or "any channel"
    of = f" of {', '.join(sorted(own.stages))}" if own.stages else ""
    days = "".join(f" {word} {day}" for word, day in (("from", own.first), ("to", own.last)) if day)
    but = f", but for {', '.join(sorted(own.but))}" if own.but else ""
    if own.costs_at_most is not None:
        when = "" if own.hours == ALL_DAY else f" {hours}"
        return f"at most {_rupiah(own.costs_at_most)} for all messages{when} to {to} by {by}{of}{days}{but}"
    return f"at most {own.at_most} message(s) {hours} to {to} by {by}{of}{days}{but}"


def _text(own: Expectation) -> str:
    hours = f"antara pukul {own.hours.start:%H.%M} dan {own.hours.end:%H.%M}" if own.hours != ALL_DAY else ""
    to = f"kepada {', '.join(sorted(own.offices))}" if own.offices else "kepada setiap jabatan"
    by = f"melalui {', '.join(sorted(own.by))}" if own.by else ""
    of = f"pada tahapan {', '.join(sorted(own.stages))}" if own.stages else ""
    first = f"sejak {indonesian.day(own.first)}" if own.first else ""
    last = f"sampai {indonesian.day(own.last)}" if own.last else ""
    if own.costs_at_most is not None:
        many, to = f"biaya pesan paling banyak {_rupiah(own.costs_at_most)}", to if own.offices else ""
    else:
        many, hours = f"paling banyak {own.at_most} pesan" if own.at_most else "tidak ada pesan", hours or "sehari"
    but = f", kecuali dari {', '.join(sorted(own.but))}" if own.but else ""
    return " ".join(filter(None, (many, hours, to, by, of, first, last))) + but
