"""Dates and times as the templates ask for them: "Senin, 5 Februari 2024", "15.00 WITA"."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from rules.indonesian import clock, day, listed, local_date, period, weekday

_remembered = lru_cache(maxsize=1000)
"""A burst says the same few times over and over."""


def pukul(at: datetime, zone: str) -> str:
    """`15.00 WITA`. `at` is aware; `zone` is an IANA name."""
    return clock(at, zone)


def tanggal(at: date, zone: str | None = None) -> str:
    """`5 Februari 2024`. A datetime needs the zone whose calendar day is meant."""
    return day(_day(at, zone))


@_remembered
def hari_tanggal(at: date, zone: str | None = None) -> str:
    """`Senin, 5 Februari 2024`."""
    return weekday(_day(at, zone))


@_remembered
def lengkap(at: datetime, zone: str) -> str:
    """`Senin, 5 Februari 2024 pukul 15.00 WITA`."""
    return f"{weekday(local_date(at, zone))} pukul {clock(at, zone)}"


@_remembered
def singkat(at: datetime, zone: str) -> str:
    """`5/2 15.00 WITA`, where every character counts."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day}/{local.month} {clock(at, zone)}"


@_remembered
def periode(first: date, last: date) -> str:
    """`5 s.d. 11 Februari 2024`; one day is one day."""
    return period(first, last)


def daftar(words: list[str]) -> str:
    """`a`, `a dan b`, `a, b, dan c`."""
    return listed(words)


def _day(at: date, zone: str | None) -> date:
    if not isinstance(at, datetime):
        return at
    if zone is None:
        raise ValueError("an instant has a calendar day only in a zone")
    return local_date(at, zone)
