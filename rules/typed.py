"""What people type into a form, read the same way everywhere: numbers and days as Indonesia writes them, and texts."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from rules.indonesian import MONTHS

T = TypeVar("T")

DIGITS = 9
"""No count in a regency is larger."""

_PLAIN = re.compile(r"[0-9]+")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+")
_WITH_COMMA = re.compile(r"[0-9][0-9.]*,[0-9]+")
_BELOW_ZERO = re.compile(r"[-\u2212][0-9.]+")
_KEPT = frozenset("\n\t")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]+(.+))?", re.ASCII)
_SPELLED = re.compile(r"(\d{1,2}) ([A-Za-z]{3,9}) (\d{4})(?: +(?:pukul |jam )?(.+))?", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)(?:[.:][0-5]\d)?", re.ASCII)

_OTHERWISE = {"pebruari": 2, "peb": 2, "agt": 8, "ags": 8, "agst": 8, "sept": 9, "nopember": 11, "nop": 11}
"""Months as many offices write them."""


class Fault(StrEnum):
    """What is wrong with something typed or attached; pages word it. NOT_KEPT is our fault, not the sender's."""

    NO_NUMBER = "no_number"
    COMMA = "comma"
    BELOW_ZERO = "below_zero"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    NO_CHOICE = "no_choice"
    NO_TROUBLE = "no_trouble"
    EMPTY = "empty"
    NO_DAY = "no_day"
    NO_TIME = "no_time"
    NO_PHOTO = "no_photo"
    FILE_TOO_LARGE = "file_too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_FILES = "too_many_files"
    NOT_TICKED = "not_ticked"
    NO_VILLAGE = "no_village"
    AHEAD = "ahead"
    NOT_AHEAD = "not_ahead"
    PAST = "past"
    LONG_AGO = "long_ago"
    NO_SPAN = "no_span"
    MISSING = "missing"
    NOT_KEPT = "not_kept"
    NOT_CONFIRMED = "not_confirmed"


class Mistyped(ValueError):
    """Something typed cannot be taken and must not be guessed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class Fields:
    """Reads the fields of a form one after the other and gathers by name what is wrong."""

    def __init__(self, answers: Mapping[str, str]) -> None:
        self.answers = answers
        self.flaws: dict[str, Fault] = {}

    def read(self, name: str, how: Callable[[str], T], otherwise: T) -> T:
        try:
            return how(self.answers.get(name, ""))
        except Mistyped as error:
            self.flaws[name] = error.fault
            return otherwise


def chosen(text: str, choices: Collection[str]) -> str:
    """One of these. Raises: Mistyped: it is none of them."""
    if text not in choices:
        raise Mistyped(Fault.NO_CHOICE)
    return text


def needed(text: str) -> str:
    """What must not be left empty. Raises: Mistyped: it was."""
    if not text:
        raise Mistyped(Fault.MISSING)
    return text


def number(text: str) -> int | None:
    """A count; None where nothing was typed. `1.245` is 1245: the dot groups thousands.

    `1,245` may be a thousand or one and a quarter: it is refused. Digits of other scripts count as their values.

    Raises:
        Mistyped: it is no whole number, or below zero, or larger than anything counted here.
    """
    text = _western(text).strip()
    if not text:
        return None
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text):
        digits = text.replace(".", "").lstrip("0") or "0"
        if len(digits) > DIGITS:
            raise Mistyped(Fault.TOO_LARGE)
        return int(digits)
    if _WITH_COMMA.fullmatch(text):
        raise Mistyped(Fault.COMMA)
    raise Mistyped(Fault.BELOW_ZERO if _BELOW_ZERO.fullmatch(text) else Fault.NO_NUMBER)


def day(text: str) -> date | None:
    """A day as `2024-02-14` or `14 Februari 2024`; None where nothing was typed.

    `14/02/24` may be read in two ways: it is refused.

    Raises:
        Mistyped: there is no such day, or it is not in this century.
    """
    typed_day, clock = _day_and_clock(text)
    if clock:
        raise Mistyped(Fault.NO_DAY)
    return typed_day


def moment(text: str, zone: str) -> datetime | None:
    """A local day and time as `2024-02-14 15.00`, `2024-02-14T15:00` or `14 Februari 2024 pukul 15.00`, in UTC.

    Raises:
        Mistyped: there is no such day or time, or the time is missing.
    """
    typed_day, clock = _day_and_clock(text)
    if typed_day is None:
        return None
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        raise Mistyped(Fault.NO_TIME)
    at = time(int(match[1]), int(match[2]))
    return datetime.combine(typed_day, at, ZoneInfo(zone)).astimezone(UTC)


def first_moment(text: str, zone: str) -> datetime | None:
    """When the typed day begins in `zone`, in UTC. Raises: Mistyped: it is no such day."""
    typed_day = day(text)
    return None if typed_day is None else datetime.combine(typed_day, time(), ZoneInfo(zone)).astimezone(UTC)


def last_moment(text: str, zone: str) -> datetime | None:
    """When the typed day is over in `zone`, in UTC. Raises: Mistyped: it is no such day."""
    typed_day = day(text)
    return None if typed_day is None else first_moment((typed_day + timedelta(days=1)).isoformat(), zone)


def _day_and_clock(text: str) -> tuple[date | None, str]:
    text = " ".join(_western(text).split())
    if not text:
        return None, ""
    try:
        if match := _ISO.fullmatch(text):
            typed_day, clock = date(int(match[1]), int(match[2]), int(match[3])), match[4]
        elif match := _SPELLED.fullmatch(text):
            typed_day, clock = date(int(match[3]), _month(match[2]), int(match[1])), match[4]
        else:
            raise Mistyped(Fault.NO_DAY)
    except ValueError as error:
        raise Mistyped(Fault.NO_DAY) from error
    if not 2000 <= typed_day.year <= 2100:
        raise Mistyped(Fault.NO_DAY)
    return typed_day, clock or ""


def _month(name: str) -> int:
    """By its name, its first three letters, or as it is also written. Raises: ValueError."""
    names = {form.lower(): n for n, month in enumerate(MONTHS, 1) for form in (month, month[:3])} | _OTHERWISE
    if name.lower() not in names:
        raise ValueError(name)
    return names[name.lower()]


def words(text: str, longest: int) -> str:
    """A text as it is kept: one kind of line end, western digits, and no control characters.

    Raises:
        Mistyped: it is too long; nothing is ever cut off in silence.
    """
    text = _western(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(sign for sign in text if sign in _KEPT or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
    if len(text) > longest:
        raise Mistyped(Fault.TOO_LONG)
    return text


def line(text: str, longest: int) -> str:
    """The same in one line, as names and places are kept. Raises: Mistyped: it is too long."""
    return " ".join(words(text, longest).split())


def _western(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in text)
