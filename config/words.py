"""The values that files hold: days, times, lengths, codes. Each is read from text, or refused with a remedy."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from enum import StrEnum
from sys import intern
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic_core import PydanticCustomError

from config import crests
from config.errors import shown
from config.marked import Decimal, Whole
from rules import gsm

Kind = TypeVar("Kind", bound=StrEnum)

_LENGTH = re.compile(r"(-?)P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?")
_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,46}[A-Za-z0-9])?")
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_AREA = re.compile(r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?")
_CLOCK = re.compile(r"([01]\d|2[0-3])[.:]([0-5]\d)")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]([0-2]\d[.:]\d{2})(Z|[+-]\d{2}:\d{2})?")
_ZONES = frozenset(name for name in available_timezones() if "/" in name or name == "UTC")
"""Read when the process starts: later, if no file can be opened, the machine would name no zone."""


def wrong(what: str, remedy: str, why: str = "") -> PydanticCustomError:
    """The error a reader of one value raises: what is wrong, and how to mend it.

    Args:
        why: a code, for pages that word the error in another language.
    """
    return PydanticCustomError("wrong", "{what}", {"what": what, "remedy": remedy, "why": why})


def written(value: object, what: str = "text") -> str:
    """The text that was written, even if it looks like a number."""
    if isinstance(value, str):
        return value
    if isinstance(value, Whole | Decimal):
        return value.text
    if value is None:
        raise wrong("is blank", f"Write {what}, or remove the line")
    kind = "a list" if isinstance(value, list) else "a mapping" if isinstance(value, dict) else shown(value)
    raise wrong(f"is {kind}, not {what}", f"Write {what}" + ("; put it into quotes" if isinstance(value, bool) else ""))


def line(value: object, longest: int = 200) -> str:
    """A text on one line without invisible characters."""
    text = written(value).strip()
    if not text:
        raise wrong("is empty", "Write something, or remove the line")
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"):
            name = "a line break" if sign in "\r\n" else f"the invisible character U+{ord(sign):04X}"
            raise wrong(f"holds {name}", "Write it on one line, with visible characters only")
    if len(text) > longest:
        raise wrong(f"has {len(text)} characters", f"Write at most {longest}")
    return text


def prose(value: object) -> str:
    """A longer text; line breaks become spaces."""
    return line(" ".join(written(value).split()), longest=2000)


def plain_line(value: object, longest: int) -> str:
    """A text for messages: short, of the basic GSM-7 alphabet."""
    text = line(value, longest)
    if unfit := not_plain(text):
        raise wrong(*unfit)
    return text


def not_plain(text: str) -> tuple[str, str] | None:
    """Why a text cannot go into messages, and how to mend it; None: it can."""
    sign = gsm.foreign(text)
    what = f"{shown(text)} holds {shown(sign)}, which is not in the alphabet of text messages (GSM-7)"
    return (what, "Use plain letters, digits and . , : ; / ( ) -") if sign else None


def code(value: object) -> str:
    text = written(value, "a code")
    if not _CODE.fullmatch(text):
        raise wrong(f"{shown(text)} is not a code", "Use letters, digits, - . _ only, at most 48, such as camat-tamban")
    return text


def role(value: object) -> str:
    text = written(value, "a role")
    if not _ROLE.fullmatch(text):
        raise wrong(f"{shown(text)} is not a role", "Use small letters, digits and _, such as voting_day")
    return intern(text)


def area(value: object) -> str:
    text = written(value, "an area code")
    if not _AREA.fullmatch(text):
        raise wrong(f"{shown(text)} is not an area code", 'Write the code of Kemendagri in quotes, such as "63.04.02"')
    return text


def district(value: object) -> str:
    """The code of an area below a desk: of a district, or of what a province's or the centre's desk has below it."""
    text = area(value)
    return text if text.count(".") < 2 else _level(value, 2, 'a district (kecamatan), such as "63.04.02"')


def public_key(value: object) -> str:
    text = written(value, "a key").replace(" ", "").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise wrong(f"{shown(text)} is not a key", "Write the 64 signs that ./desk package key shows there, in quotes")
    return text


def picture(value: object) -> str:
    text = written(value, "the name of a picture")
    if not crests.named(text):
        remedy = "Put it beside this file and write its plain name, such as lambang.png or lambang.svg"
        raise wrong(f"{shown(text)} is not the name of a PNG or SVG in this folder", remedy)
    return text


def digest(value: object) -> str:
    text = written(value, "a digest")
    if not crests.is_digest(text):
        raise wrong(f"{shown(text)} is no SHA-256 digest", "Remove the line: ./desk load adds it")
    return text


def village(value: object) -> str:
    return _level(value, 3, 'a village (desa or kelurahan), such as "63.04.02.2011"')


def regency(value: object) -> str:
    """The code of a desk's own area: a regency's, or a province's."""
    return (
        area(value) if area(value).count(".") < 1 else _level(value, 1, 'a regency (kabupaten/kota), such as "63.04"')
    )


def _level(value: object, dots: int, what: str) -> str:
    text = area(value)
    if text.count(".") != dots:
        raise wrong(f"{shown(text)} is not the code of {what.split(',', maxsplit=1)[0]}", f"Write the code of {what}")
    return text


def zone(value: object) -> str:
    text = written(value, "a time zone")
    if text in _ZONES:
        return text
    near = get_close_matches(text, _ZONES, 1, 0.7)
    hint = f"Did you mean {near[0]}?" if near else "Write an IANA name: Asia/Jakarta, Asia/Makassar, Asia/Jayapura"
    raise wrong(f"{shown(text)} is not a time zone", hint)


def day(value: object) -> date:
    text = written(value, "a date")
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise wrong(f"{shown(text)} is not a date", "Write year-month-day, such as 2024-02-14")
        written_day = date.fromisoformat(text)
    except ValueError as error:
        if isinstance(error, PydanticCustomError):
            raise
        raise wrong(f"{shown(text)} is not in the calendar", "Write a day that exists, such as 2024-02-14") from error
    if not 2000 <= written_day.year <= 2100:
        raise wrong(f"{shown(text)} is not in this century", "Look at the year")
    return written_day


def maybe_day(value: object) -> date | None:
    return None if value is None else day(value)


def clock(value: object) -> time:
    text = written(value, "a time of day")
    match = _CLOCK.fullmatch(text)
    if not match:
        raise wrong(f"{shown(text)} is not a time of day", 'Write hours and minutes, 00.00 to 23.59, such as "07.30"')
    return time(int(match[1]), int(match[2]))


def moment(value: object) -> datetime:
    """A day and a time; naive when no offset is written."""
    text = written(value, "a day and a time")
    match = _INSTANT.fullmatch(text)
    if not match:
        raise wrong(f"{shown(text)} is not a day with a time", "Write 2024-02-13 08:00, or 2024-02-13T08:00+08:00")
    on, at = day(match[1]), clock(match[2])
    if not match[3]:
        return datetime.combine(on, at)
    try:
        return datetime.combine(on, at, datetime.fromisoformat(f"{on}T00:00{match[3]}").tzinfo)
    except ValueError as error:
        raise wrong(f"{shown(text)} has no usable offset", "Write an offset such as +08:00") from error


def length(value: object) -> timedelta:
    """An ISO 8601 duration, possibly negative; no years and months, which have no fixed length."""
    text = written(value, "a duration")
    match = _LENGTH.fullmatch(text) if text.rstrip("-P") else None
    if not match:
        remedy = f"Write -{text.replace('-', '')}" if re.match(r"PT?-", text) else "Write PT30M, PT2H, P1D or -PT1H"
        raise wrong(f"{shown(text)} is not a duration", remedy)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if span > timedelta(days=400):
        raise wrong(f"{shown(text)} is longer than 400 days", "Look at the unit: PT5M is five minutes")
    return -span if match[1] else span


def one_of(kind: type[Kind], value: object, allowed: tuple[Kind, ...] = ()) -> Kind:
    """The member of `kind` with this word."""
    words = [str(member) for member in allowed or kind]
    text = written(value, "one of " + ", ".join(words))
    if text not in words:
        near = get_close_matches(text.lower(), words, 1)
        hint = f"Did you mean {near[0]}?" if near else f"Write one of {', '.join(words)}"
        raise wrong(f"{shown(text)} is not known here", hint)
    return kind(text)


def iso(span: timedelta) -> str:
    """A length as a file writes it: PT2H, -PT30M, P1D."""
    if not span:
        return "PT0S"
    sign, span = ("-", -span) if span < timedelta(0) else ("", span)
    minutes, seconds = divmod(span.seconds, 60)
    parts = [f"{n}{unit}" for n, unit in ((minutes // 60, "H"), (minutes % 60, "M"), (seconds, "S")) if n]
    return f"{sign}P{f'{span.days}D' if span.days else ''}{'T' if parts else ''}{''.join(parts)}"


def localized(at: datetime, zone_name: str) -> datetime:
    """`at` with an offset: its own, else that of the zone."""
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone_name))
