"""Messages hour by hour, as boxes: over the week, and through the week of voting, with quiet hours and outages."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from reports.rehearsal.facts import Outage
from reports.rehearsal.ledger import Ledger
from reports.rehearsal.words import number
from rules import quiet
from rules.indonesian import DAYS, weekday
from rules.quiet import Window

DAY = timedelta(days=1)
_QUIET_SAMPLES = tuple(range(2, 60, 5))


@dataclass(frozen=True, slots=True)
class Hour:
    """A box of a heat map. `level` 0 to 5; `rest`: how much of the hour is quiet, see `_rest`."""

    count: int
    level: int
    rest: str
    out: bool
    title: str


@dataclass(frozen=True, slots=True)
class Heat:
    name: str
    note: str
    hours: tuple[Hour, ...]

    @property
    def total(self) -> int:
        return sum(hour.count for hour in self.hours)


def weekdays(ledger: Ledger) -> list[Heat]:
    """Messages of the whole rehearsal by weekday and hour of the recipient's day."""
    counts = Counter((m.at.weekday(), m.at.hour) for m in ledger.gone)
    top = max(counts.values(), default=0)
    return [
        Heat(name, "", tuple(
            Hour(counts[n, h], _level(counts[n, h], top), _rest(n, h, ledger.facts.quiet), False,
                 f"{name}, pukul {h:02}.00-{h:02}.59: {number(counts[n, h])} pesan")
            for h in range(24)
        ))
        for n, name in enumerate(DAYS)
    ]  # fmt: skip


def voting_hours(ledger: Ledger) -> list[Heat]:
    """Messages hour by hour from H-7 through H+7, as far as it was rehearsed."""
    facts = ledger.facts
    if facts.voting_day is None:
        return []
    days = [facts.voting_day + DAY * n for n in range(-7, 8)]
    counts = Counter((m.at.date(), m.at.hour) for m in ledger.gone)
    top = max((counts[day, hour] for day in days for hour in range(24)), default=0)
    return [_heat(day, ledger, counts, top) for day in days if facts.start <= day <= facts.end]


def _heat(day: date, ledger: Ledger, counts: Counter[tuple[date, int]], top: int) -> Heat:
    facts = ledger.facts
    distance = (day - facts.voting_day).days if facts.voting_day else 0
    boxes = []
    for hour in range(24):
        count = counts[day, hour]
        out = [outage for outage in facts.outages if _hits(outage, day, hour, ledger)]
        title = f"{weekday(day)}, pukul {hour:02}.00-{hour:02}.59: {number(count)} pesan"
        names = "".join(f"; {outage.what}" for outage in out)
        boxes.append(Hour(count, _level(count, top), _rest(day.weekday(), hour, facts.quiet), bool(out), title + names))
    return Heat(f"H{distance:+d}" if distance else "H", f"{DAYS[day.weekday()]} {day.day}/{day.month}", tuple(boxes))


def _hits(outage: Outage, day: date, hour: int, ledger: Ledger) -> bool:
    start = datetime.combine(day, time(hour), ledger.zone("")).astimezone(UTC)
    return outage.start < start + timedelta(hours=1) and start < outage.end


def _rest(weekday: int, hour: int, windows: tuple[Window, ...]) -> str:
    """Which part of the hour is quiet: "", "all", its "first" or its "last" half, or some "part"."""
    monday = date(2024, 1, 1)
    moments = [datetime.combine(monday + DAY * weekday, time(hour, minute), UTC) for minute in _QUIET_SAMPLES]
    resting = [quiet.within(moment, windows) for moment in moments]
    if all(resting) or not any(resting):
        return "all" if all(resting) else ""
    middle = len(resting) // 2
    halves = {(True, False): "first", (False, True): "last"}
    return halves.get((all(resting[:middle]), all(resting[middle:])), "part")


def _level(count: int, top: int) -> int:
    """0 for nothing, then 1 to 5, by the root: a quiet hour stays visible beside the rush of voting day."""
    return min(5, 1 + int(5 * (count / top) ** 0.5 * 0.999)) if count else 0
