"""The shape of a support plan in a desk's file: what offices have ready, before which day, and for whom."""

from datetime import time, timedelta
from functools import partial
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from config import words
from config.shapes.days import SomeDay
from config.shapes.kit import Clock, Code, DistrictCode, Flag, Length, Line, Shape
from rules.duties import Per

_PER = (Per.OFFICE, Per.DISTRICT, Per.TEAM)
_PerWord = Annotated[
    Per, PlainValidator(partial(words.one_of, Per, allowed=_PER)), WithJsonSchema({"enum": [str(per) for per in _PER]})
]


class SupportShape(Shape):
    """What an office has ready by a day."""

    code: Code = Field(description="Its name in keys, such as angkutan-kotak; other than any duty of the policy.")
    name: Line = Field(description="What users read (Indonesian).", examples=["Angkutan kotak suara"])
    form: Code = Field(description="Its checklist, a form with `answers: readiness`.", examples=["dukungan"])
    per: _PerWord = Field(
        Per.OFFICE,
        description="Who has it ready: the `offices` named, each district (its reporting office), or each team.",
        json_schema_extra={"default": "office"},
    )
    offices: list[Code] = Field([], max_length=100, description="Per office: which ones.")
    districts: list[DistrictCode] = Field([], max_length=500, description="Whom it serves; none: every district.")
    by: SomeDay = Field(
        description="The day by which it says what is ready: H-14, or {stage, edge, plus}.", examples=["H-14"]
    )
    at: Clock = Field(time(12), description='Local time of that day: "12:00".', json_schema_extra={"default": "12:00"})
    opens: Length = Field(
        timedelta(days=-14),
        description="From when it can be said, counted from the due time: -P14D.",
        json_schema_extra={"default": "-P14D"},
    )
    closes: Length = Field(
        timedelta(days=14),
        description="Until when it is chased, counted from the due time: P14D.",
        json_schema_extra={"default": "P14D"},
    )
    ladder: Code = Field("support", description="The policy's ladder that chases it.")
    waits_for: list[Code] = Field([], max_length=100, description="Items that must be ready before it can be.")
    confirmed_by: Code | None = Field(
        None, description="An office that looks at it and answers the same checklist, three days later."
    )
    illustrative: Flag = Field(False, description="true: made up to fill an example, not from a decree.")


class PreparationShape(Shape):
    """What is prepared for one day of the programme."""

    code: Code = Field(description="Its name in keys and addresses, such as logistik.")
    name: Line = Field(description="What users read (Indonesian).", examples=["Pergeseran logistik"])
    begins: SomeDay = Field(
        description="The day on which everything must stand: H-3, or {stage, edge, plus}.", examples=["H"]
    )
    elections: list[Code] = Field(
        [], max_length=50, description="By election code or its first word (pemilu, pilkada); none: for every election."
    )
    items: list[SupportShape] = Field(
        description="What is had ready for it.", examples=[[]], min_length=1, max_length=100
    )
