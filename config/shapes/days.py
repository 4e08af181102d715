"""How files name days: H-7..H-1 around voting day, every monday, or a day counted from a stage's edge."""

import re
from datetime import timedelta
from difflib import get_close_matches
from functools import partial
from typing import Annotated

from pydantic import Discriminator, Field, PlainValidator, Tag, WithJsonSchema

from config import words
from config.errors import shown
from config.shapes.kit import Length, Role, Shape, WorkingCount
from config.words import wrong
from rules.calendar import VOTING_DAY, Anchor, Edge
from rules.duties import WEEKDAYS

_H = re.compile(r"H(?:([+-])([1-9]\d{0,2}))?")
_START = re.compile(r"start(?:\+([1-9]\d{0,2}))?")
_REMEDY = "Write H, H-7 or H+1, counted from voting day"

EVERY_DAY = "day"


class StageDayShape(Shape):
    """A day counted from the edge of a stage."""

    stage: Role = Field(description="The role of the stage, such as recapitulation_regency.")
    edge: Annotated[
        Edge, PlainValidator(partial(words.one_of, Edge)), WithJsonSchema({"enum": [str(e) for e in Edge]})
    ] = Field(Edge.START, description="start or end of the stage.")
    plus: Length = Field(timedelta(0), description="Whole days after that (P14D) or before (-P7D).")
    working_days: WorkingCount | None = Field(
        None,
        description="Of a duty of the policy, instead of plus: working days (hari kerja) after that, or before (-5).",
    )


def h_day(value: object) -> Anchor:
    """H, H-7 or H+1."""
    text = words.written(value, "a day such as H-7")
    match = _H.fullmatch(text)
    if not match:
        raise wrong(f"{shown(text)} is not a day of the count", _REMEDY)
    return Anchor(VOTING_DAY, Edge.START, int((match[1] or "") + (match[2] or "0")))


def h_days(value: object) -> tuple[Anchor, Anchor]:
    """H-7..H-1, or a single day."""
    text = words.written(value, "days such as H-7..H-1")
    first, dots, last = (part.strip() for part in text.partition(".."))
    ends = (h_day(first), h_day(last if dots else first))
    if ends[1].days < ends[0].days:
        raise wrong(f"{shown(text)} ends before it begins", f"Write {last}..{first}")
    return ends


def any_day(value: object) -> Anchor:
    """`start` of the programme or `start+7`, or a day of the count."""
    if isinstance(value, str) and (match := _START.fullmatch(value)):
        return Anchor(None, Edge.START, int(match[1] or 0))
    return h_day(value)


def weekday(value: object) -> str:
    text = words.written(value, "a weekday")
    if text not in WEEKDAYS:
        near = get_close_matches(text.lower(), WEEKDAYS, 1)
        hint = f"Did you mean {near[0]}?" if near else f"Write one of {', '.join(WEEKDAYS)}"
        raise wrong(f"{shown(text)} is not a weekday", hint)
    return text


def rhythm(value: object) -> str:
    """`day` or a weekday."""
    return EVERY_DAY if value == EVERY_DAY else weekday(value)


def _form(value: object) -> str:
    return "(mapping)" if isinstance(value, dict | StageDayShape) else "(text)"


_H_PATTERN = r"H([+-][1-9]\d{0,2})?"

WhichDays = Annotated[
    tuple[Anchor, Anchor],
    PlainValidator(h_days),
    WithJsonSchema({"type": "string", "pattern": rf"^{_H_PATTERN}(\.\.{_H_PATTERN})?$"}),
]
Weekday = Annotated[str, PlainValidator(weekday), WithJsonSchema({"enum": list(WEEKDAYS)})]
Rhythm = Annotated[str, PlainValidator(rhythm), WithJsonSchema({"enum": [EVERY_DAY, *WEEKDAYS]})]
SomeDay = Annotated[
    Annotated[
        Anchor,
        PlainValidator(any_day),
        WithJsonSchema({"type": "string", "pattern": rf"^(start(\+[1-9]\d{{0,2}})?|{_H_PATTERN})$"}),
        Tag("(text)"),
    ]
    | Annotated[StageDayShape, Tag("(mapping)")],
    Discriminator(_form),
]
