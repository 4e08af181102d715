"""By when somebody says that he will: `nanti jam 5`, `besok pagi`, `habis dzuhur`, `2 jam lagi`. Never a past time."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from rules.replies.spoken import Words
from rules.replies.tokens import Kind, Token

LONGEST = timedelta(days=7)
EARLIEST, LATEST = 6, 22
"""The hours among which an hour without a part of the day is looked for first."""

_HOURS = frozenset({"jam", "pukul"})
_PART_OF_DAY = {"subuh": (3, 6), "pagi": (4, 11), "siang": (10, 15), "sore": (14, 19), "petang": (15, 19)}
_PART_OF_DAY |= {"malam": (18, 24)}


def until(tokens: Sequence[Token], words: Words, *, now: datetime) -> tuple[datetime | None, bool]:
    """The time that is named, and whether any was; (None, True): it has gone by, or is too far ahead to be meant.

    Args:
        now: aware, in the zone of whoever wrote.
    """
    span = _span(tokens)
    if span is not None:
        return _ahead(now + span, now), True
    day = _day(tokens, words, now)
    hour = _hour(tokens)
    part = next((token.text for token in tokens if token.text in words.clocks), "")
    if hour is not None:
        return _ahead(_at_hour(hour, part, day, now), now), True
    if part:
        return _ahead(_on(now, day or 0, words.clocks[part]), now), True
    if day:
        return _ahead(_on(now, day, words.clocks["siang"]), now), True
    return None, False


def _ahead(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and now < at <= now + LONGEST else None


def _span(tokens: Sequence[Token]) -> timedelta | None:
    """`30 menit lagi`, `2 jam lagi`, `setengah jam lagi`, `sejam lagi`."""
    for n, token in enumerate(tokens[:-1]):
        unit, before = token.text, tokens[n - 1] if n else None
        if tokens[n + 1].text not in ("lagi", "kemudian") or unit not in ("menit", "jam", "sejam"):
            continue
        if unit == "sejam":
            return timedelta(hours=1)
        if before and before.text == "setengah":
            return timedelta(minutes=30)
        if before and before.kind is Kind.NUMBER and before.value <= 600:
            return timedelta(minutes=before.value) if unit == "menit" else timedelta(hours=before.value)
    return None


def _day(tokens: Sequence[Token], words: Words, now: datetime) -> int | None:
    """How many days ahead; None: no day is named."""
    for token in tokens:
        if token.text in words.days:
            return words.days[token.text]
        if token.text in words.weekdays:
            return (words.weekdays[token.text] - now.weekday() - 1) % 7 + 1
    return None


def _hour(tokens: Sequence[Token]) -> time | None:
    for n, token in enumerate(tokens[:-1]):
        half = tokens[n + 1].text == "setengah"
        at = n + 2 if half else n + 1
        if token.text not in _HOURS or at >= len(tokens) or tokens[at].kind is not Kind.NUMBER:
            continue
        hours, _, minutes = tokens[at].text.partition(".")
        if not (hours.isdecimal() and int(hours) <= 24 and (not minutes or int(minutes) < 60)):
            continue
        hour = int(hours) % 24
        return time((hour - 1) % 24, 30) if half else time(hour, int(minutes or 0))
    return None


def _at_hour(clock: time, part: str, day: int | None, now: datetime) -> datetime | None:
    """The hour of the day that is meant: `jam 5` is 17.00 in the afternoon, and unknown once that has passed."""
    hours = [clock.hour] if clock.hour > 12 else [clock.hour % 12, clock.hour % 12 + 12]
    if part in _PART_OF_DAY:
        first, last = _PART_OF_DAY[part]
        hours = [hour for hour in hours if first <= hour < last] or hours
    elif part:
        hours = [hour for hour in hours if hour >= 12] or hours
    days = [day] if day is not None else [0]
    times = [_on(now, own, clock.replace(hour=hour)) for own in days for hour in hours]
    ahead = sorted(at for at in times if at > now)
    return next((at for at in ahead if EARLIEST <= at.hour <= LATEST), ahead[0] if ahead else None)


def _on(now: datetime, days: int, at: time) -> datetime:
    return datetime.combine(now.date() + timedelta(days=days), at, now.tzinfo)
