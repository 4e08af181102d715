"""Dates and times as Indonesian letters write them: "Senin, 5 Februari 2024", "15.00 WITA".

Own small tables: they do not change, and a mail needs half a dozen of these.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

_MONTHS = (
    "", "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
    "November", "Desember",
)  # fmt: skip
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_NAMED = frozenset({"WIB", "WITA", "WIT"})


def pukul(at: datetime, zone: str) -> str:
    """`15.00 WITA`. `at` is aware; `zone` is an IANA name."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.hour:02}.{local.minute:02} {_label(local)}"


def tanggal(at: date, zone: str | None = None) -> str:
    """`5 Februari 2024`. A datetime needs the zone whose calendar day is meant."""
    day = _day(at, zone)
    return f"{day.day} {_MONTHS[day.month]} {day.year}"


def hari_tanggal(at: date, zone: str | None = None) -> str:
    """`Senin, 5 Februari 2024`."""
    day = _day(at, zone)
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month]} {day.year}"


def lengkap(at: datetime, zone: str) -> str:
    """`Senin, 5 Februari 2024 pukul 15.00 WITA`."""
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local.hour:02}.{local.minute:02} {_label(local)}"
    return f"{_DAYS[local.weekday()]}, {local.day} {_MONTHS[local.month]} {local.year} pukul {clock}"


def singkat(at: datetime, zone: str) -> str:
    """`5/2 15.00 WITA`, for where every sign counts."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day}/{local.month} {local.hour:02}.{local.minute:02} {_label(local)}"


def periode(first: date, last: date) -> str:
    """`5 s.d. 11 Februari 2024`; a month or year is said twice only where it changes; one day is one day."""
    if first == last:
        return tanggal(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} s.d. {tanggal(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month]} s.d. {tanggal(last)}"
    return f"{tanggal(first)} s.d. {tanggal(last)}"


def daftar(words: list[str]) -> str:
    """`a`, `a dan b`, `a, b, dan c`."""
    if len(words) < 3:
        return " dan ".join(words)
    return f"{', '.join(words[:-1])}, dan {words[-1]}"


def _day(at: date, zone: str | None) -> date:
    if not isinstance(at, datetime):
        return at
    if zone is None:
        raise ValueError("an instant has a calendar day only in a zone")
    return at.astimezone(ZoneInfo(zone)).date()


def _label(local: datetime) -> str:
    """WIB, WITA or WIT; elsewhere the offset: `UTC+09.00`."""
    name = local.tzname() or ""
    if name in _NAMED:
        return name
    offset = local.strftime("%z")
    return f"UTC{offset[:3]}.{offset[3:5]}"
