"""Where the bars and boxes of the page's charts stand; the templates only draw them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from reports.rehearsal.facts import Outage, Stage
from reports.rehearsal.ledger import Ledger
from reports.rehearsal.words import CHANNELS, SHORT_MONTHS, short_day, span
from rules.indonesian import weekday

WIDTH, LEFT, BASE, TOP = 1040, 44, 214, 14
DAY = timedelta(days=1)
WEEKLY_FROM_DAYS = 92
LAST_LABEL = 970
"""Per mille from the left; a name that begins farther right would be cut off."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, in the drawing's units."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    first: date
    name: str
    x: float
    width: float
    pieces: tuple[Piece, ...]
    counts: tuple[int, ...]
    label: str

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the time axis: an outage, or the day of voting."""

    x: float
    width: float
    name: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Messages over the days, or over the weeks of a long rehearsal."""

    weekly: bool
    channels: tuple[str, ...]
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, int], ...]
    outages: tuple[Band, ...]
    voting: Band | None


@dataclass(frozen=True, slots=True)
class Strip:
    """A stage on the calendar: per mille from the left, cut to the rehearsal's days."""

    stage: Stage
    x: float
    width: float
    open_left: bool
    open_right: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    strips: tuple[Strip, ...]
    outside: tuple[Stage, ...]
    ticks: tuple[tuple[float, str], ...]
    voting: float | None


def bars(ledger: Ledger) -> Bars:
    facts = ledger.facts
    weekly = (facts.end - facts.start).days >= WEEKLY_FROM_DAYS
    first = facts.start - DAY * facts.start.weekday() if weekly else facts.start
    step = DAY * 7 if weekly else DAY
    counts = Counter(((m.at.date() - first) // step, m.channel) for m in ledger.gone)
    channels = tuple(sorted({channel for _, channel in counts}, key=_channel_order))
    slots = range(min([0, *(n for n, _ in counts)]), max([(facts.end - first) // step, *(n for n, _ in counts)]) + 1)
    tallest = max((sum(counts[n, c] for c in channels) for n in slots), default=0)
    ceiling = _ceiling(tallest)
    width = (WIDTH - LEFT) / len(slots)
    made = [_bar(first + n * step, i, width, [counts[n, c] for c in channels], channels, ceiling, weekly=weekly)
            for i, n in enumerate(slots)]  # fmt: skip
    origin = first + slots[0] * step
    return Bars(
        weekly,
        channels,
        tuple(made),
        tuple((_y(value, ceiling), value) for value in range(0, ceiling + 1, max(ceiling // 4, 1))),
        tuple(_band(outage, ledger, origin, width / step.days) for outage in facts.outages),
        _voting(facts.voting_day, origin, width / step.days, len(slots) * step.days),
    )


def calendar(ledger: Ledger) -> Calendar:
    facts = ledger.facts
    days = (facts.end - facts.start).days + 1
    inside = [
        s for s in ledger.stages.values() if s.start and s.start <= facts.end and (s.end or s.start) >= facts.start
    ]
    voting = facts.voting_day
    return Calendar(
        tuple(_strip(stage, facts.start, days) for stage in inside),
        tuple(stage for stage in ledger.stages.values() if stage not in inside),
        tuple(_months(facts.start, days)),
        1000 * ((voting - facts.start).days + 0.5) / days if voting and facts.start <= voting <= facts.end else None,
    )


def _strip(stage: Stage, start: date, days: int) -> Strip:
    assert stage.start is not None
    end = stage.end or stage.start
    left = max((stage.start - start).days, 0)
    right = min((end - start).days + 1, days)
    return Strip(
        stage, 1000 * left / days, max(1000 * (right - left) / days, 4), stage.start < start, (end - start).days >= days
    )


def _months(start: date, days: int) -> list[tuple[float, str]]:
    """The firsts of months, thinned to at most ten; for January its year."""
    firsts = [start + DAY * n for n in range(days) if (start + DAY * n).day == 1]
    every = next(n for n in (1, 2, 3, 6, 12, 24, 48, 1200) if len(firsts) <= 10 * n)
    kept = [
        day
        for day in firsts
        if (day.month - 1) % min(every, 12) == 0 and (every <= 12 or day.year % (every // 12) == 0)
    ]
    names = [SHORT_MONTHS[day.month - 1] if day.month > 1 else str(day.year) for day in kept]
    places = [1000 * (day - start).days / days for day in kept]
    return [(x, name if x <= LAST_LABEL else "") for x, name in zip(places, names, strict=True)]


def _bar(
    first: date, place: int, width: float, counts: list[int], channels: tuple[str, ...], ceiling: int, *, weekly: bool
) -> Bar:
    pieces, below = [], 0
    for channel, count in zip(channels, counts, strict=True):
        if count:
            top = _y(below + count, ceiling)
            pieces.append(Piece(channel, top, _y(below, ceiling) - top))
        below += count
    gap = min(width * 0.18, 4)
    name = f"Minggu {span(first, first + DAY * 6)}" if weekly else weekday(first)
    return Bar(
        first,
        name,
        LEFT + place * width + gap / 2,
        width - gap,
        tuple(pieces),
        tuple(counts),
        _axis(first, place, weekly=weekly),
    )


def _axis(first: date, place: int, *, weekly: bool) -> str:
    """What stands under a bar: the month where it begins, and Mondays where there are few bars."""
    begins = first.day <= 7 if weekly else first.day == 1
    if begins and weekly:
        return f"{SHORT_MONTHS[first.month - 1]} {first.year}" if first.month in (1, 7) else ""
    return f"{first.day} {SHORT_MONTHS[first.month - 1]}" if not weekly and (first.weekday() == 0 or not place) else ""


def _band(outage: Outage, ledger: Ledger, origin: date, per_day: float) -> Band:
    zone = ledger.zone("")
    start, end = outage.start.astimezone(zone), outage.end.astimezone(zone)
    midnight = datetime.combine(origin, time(0), zone)
    left, right = (start - midnight) / DAY * per_day, (end - midnight) / DAY * per_day
    return Band(LEFT + left, max(right - left, 2), f"{outage.what}, {short_day(start.date())}")


def _voting(day: date | None, origin: date, per_day: float, days: int) -> Band | None:
    place = (day - origin).days if day else -1
    return Band(LEFT + (place + 0.5) * per_day, 0, weekday(day)) if day and 0 <= place < days else None


def _ceiling(tallest: int) -> int:
    """A round number at or above `tallest` that divides by four."""
    size = 4
    while size < tallest:
        size = next((size * f for f in (2, 3, 5, 10) if size * f >= tallest), size * 10)
    return size


def _y(value: int, ceiling: int) -> float:
    return round(BASE - (BASE - TOP) * value / ceiling, 1)


def _channel_order(channel: str) -> tuple[int, str]:
    return (list(CHANNELS).index(channel) if channel in CHANNELS else len(CHANNELS), channel)


def zone_name(ledger: Ledger) -> str:
    """WITA, or what the desk's zone is called on the first day."""
    return datetime.combine(ledger.facts.start, time(12), ledger.zone("")).tzname() or ledger.facts.zone
