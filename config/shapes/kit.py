"""The types of single values, each with the JSON Schema an editor completes from."""

import re
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainValidator, StrictBool, WithJsonSchema

from config import contacts, words
from config.errors import shown
from config.marked import Decimal, Whole
from config.words import wrong


class Shape(BaseModel):
    """A part of a file. Unknown keys are refused."""

    # A part is compiled within its whole, when a file of that kind is first read.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


def _text(pattern: str = "", **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", **({"pattern": f"^(?:{pattern})$"} if pattern else {}), **more})


_CODE = r"[A-Za-z0-9]([A-Za-z0-9._-]{0,46}[A-Za-z0-9])?"
_LENGTH = r"-?P(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?"
_CLOCK = r"([01]\d|2[0-3])[.:][0-5]\d"

Line = Annotated[str, PlainValidator(words.line), _text(minLength=1, maxLength=200)]
Title = Annotated[str, PlainValidator(partial(words.line, longest=115)), _text(minLength=1, maxLength=115)]
"""An office's title; the books keep 120 characters of it with the form of its holder (`Plt. `) before it."""
Prose = Annotated[str, PlainValidator(words.prose), _text(minLength=1, maxLength=2000)]
Brand = Annotated[str, PlainValidator(partial(words.plain_line, longest=15)), _text(minLength=1, maxLength=15)]
"""Begins every text: of a desk, and of an election where a desk works on several."""
SmsName = Annotated[str, PlainValidator(partial(words.plain_line, longest=20)), _text(minLength=1, maxLength=20)]
Code = Annotated[str, PlainValidator(words.code), _text(_CODE)]
Role = Annotated[str, PlainValidator(words.role), _text("[a-z][a-z0-9_]{0,39}")]
AreaCode = Annotated[str, PlainValidator(words.area), _text(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")]
RegencyCode = Annotated[str, PlainValidator(words.regency), _text(r"\d{2}(\.\d{2})?")]
DistrictCode = Annotated[str, PlainValidator(words.district), _text(r"\d{2}(\.\d{2}(\.\d{2})?)?")]
PictureName = Annotated[str, PlainValidator(words.picture), _text(r"[A-Za-z0-9][A-Za-z0-9._-]{0,90}\.(png|svg)")]
Digest = Annotated[str, PlainValidator(words.digest), _text("[0-9a-f]{64}")]
PublicKey = Annotated[str, PlainValidator(words.public_key), _text("[0-9a-f]{64}")]
VillageCode = Annotated[str, PlainValidator(words.village), _text(r"\d{2}\.\d{2}\.\d{2}\.\d{4}")]
Zone = Annotated[
    str,
    PlainValidator(words.zone),
    _text(examples=["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
]
Day = Annotated[date, PlainValidator(words.day), _text(format="date")]
MaybeDay = Annotated[
    date | None, PlainValidator(words.maybe_day), WithJsonSchema({"type": ["string", "null"], "format": "date"})
]
Clock = Annotated[time, PlainValidator(words.clock), _text(_CLOCK)]
Moment = Annotated[datetime, PlainValidator(words.moment), _text(examples=["2024-02-13 08:00"])]
Length = Annotated[timedelta, PlainValidator(words.length), _text(_LENGTH, examples=["PT2H", "-PT30M", "P1D"])]
Email = Annotated[str, PlainValidator(contacts.email), _text(format="email")]
Phone = Annotated[str, PlainValidator(contacts.phone), _text(examples=["+62 820 0000 0001"])]
Telephone = Annotated[str, PlainValidator(contacts.telephone), _text(examples=["(0511) 479 9123"])]
Flag = StrictBool


_GROUPED = re.compile(r"\d{1,3}(?:[., _']\d{3})+")
_WITHOUT_DOTS = str.maketrans("", "", "., _'")


def _count(value: object) -> int:
    if not isinstance(value, Whole):
        text = value.text if isinstance(value, Decimal) else value
        if isinstance(text, str) and _GROUPED.fullmatch(text):
            plain = text.translate(_WITHOUT_DOTS)
            raise wrong(f"{shown(text)} has dots or blanks between its digits", f"Write it without dots: {plain}")
        raise wrong(f"{shown(value)} is not a whole number", "Write a number such as 4, without quotes")
    return int(value)


def _positive(value: object) -> int:
    if not 1 <= (number := _count(value)) <= 1_000_000_000:
        raise wrong(f"{number} is below 1 or very large", "Write 1 or more; what must be silent has no rung")
    return number


def _seed(value: object) -> int:
    if (number := _count(value)) < 0:
        raise wrong(f"{number} is below 0", "Write 0 or more")
    return number


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise wrong(f"{shown(value)} is not a share", "Write a number from 0 to 1, such as 0.85")
    return float(value)


def _working_days(value: object) -> int:
    number = _count(value)
    if not 1 <= abs(number) <= MOST_WORKING_DAYS:
        what = f"{number} working days cannot be counted"
        raise wrong(what, f"Write 1 to {MOST_WORKING_DAYS}, or -1 to -{MOST_WORKING_DAYS} for days before")
    return number


def _year(value: object) -> int:
    text = words.written(value, "a year")
    if not re.fullmatch(r"2[01]\d\d", text):
        raise wrong(f"{shown(text)} is not a year", "Write one such as 2024")
    return int(text)


MOST_WORKING_DAYS = 99

Positive = Annotated[int, PlainValidator(_positive), WithJsonSchema({"type": "integer", "minimum": 1})]
WorkingCount = Annotated[
    int,
    PlainValidator(_working_days),
    WithJsonSchema({"type": "integer", "minimum": -MOST_WORKING_DAYS, "maximum": MOST_WORKING_DAYS}),
]
Year = Annotated[int, PlainValidator(_year), WithJsonSchema({"type": "integer", "minimum": 2000, "maximum": 2199})]
Seed = Annotated[int, PlainValidator(_seed), WithJsonSchema({"type": "integer", "minimum": 0})]
Share = Annotated[float, PlainValidator(_share), WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1})]
