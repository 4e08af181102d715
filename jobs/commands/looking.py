"""What is ahead under old and new files, on one screen: sums first, then the offices for which it differs."""

from collections.abc import Mapping, Sequence

from jobs.operator.ahead import Ahead, Line
from rules.foretold import Differs

SCREEN = 20
"""So many offices are shown; the file has every message."""

HEADING = "24 h: now -> then   7 days: now -> then"


def show(told: Ahead, file: str) -> None:
    """Print what would be told, if nobody reported meanwhile."""
    print(f"messages if nobody reports{', and sending is let go now' if told.held else ''}; {HEADING}")
    for channel in told.by(lambda own: (own.channel,)):
        print(f"  by {_line(channel)}")
    for about in told.by(lambda own: own.about):
        print(f"  about {_line(about)}")
    differ = _offices(told)
    for office in differ[:SCREEN]:
        print(f"  to {_line(office)}")
    if len(differ) > SCREEN:
        print(f"  and {len(differ) - SCREEN} more offices")
    if not differ:
        print("  every office gets as many as before")
    print(f"  differing: {', '.join(f'{count} {_DIFFERS[what]}' for what, count in told.differing.items())}")
    print(f"every message, with its time and what it says: {file}")


def document(told: Ahead) -> Mapping[str, object]:
    """The same sums for a program."""
    sums = {"channels": told.by(lambda own: (own.channel,)), "about": told.by(lambda own: own.about)}
    counts: dict[str, object] = {name: _counts(lines) for name, lines in sums.items()}
    return counts | {"offices": _counts(_offices(told)), "differing": told.differing}


_DIFFERS = {
    Differs.GONE: "not sent any more",
    Differs.NEW: "new",
    Differs.TIME: "at another time",
    Differs.CHANNEL: "by another channel",
    Differs.WORDS: "in other words",
}


def _offices(told: Ahead) -> list[Line]:
    return [line for line in told.by(lambda own: (own.office,)) if line.differs]


def _counts(lines: Sequence[Line]) -> dict[str, list[tuple[int, int]]]:
    return {line.what: list(line.counts) for line in lines}


def _line(line: Line) -> str:
    return f"{line.what}: " + "   ".join(f"{old} -> {new}" for old, new in line.counts)
