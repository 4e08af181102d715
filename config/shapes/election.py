"""The shape of an election file: its stages (tahapan), each with the versions that regulations gave it."""

from pydantic import Field

from config.shapes.kit import AreaCode, Brand, Code, Day, Flag, Line, MaybeDay, Prose, Role, Shape
from config.shapes.scenario import CategoryWord


class VersionShape(Shape):
    """A stage's dates as one regulation fixed or moved them."""

    known_from: Day = Field(description="The day on which this version became known: its promulgation.")
    legal_basis: Line = Field(
        description="The regulation that fixed these dates, as reports cite it.", examples=["PKPU 3/2022 Lampiran I"]
    )
    start: MaybeDay = Field(None, description="First day, inclusive. Blank: the regulation leaves it open.")
    end: MaybeDay = Field(None, description="Last day, inclusive. Blank: open or conditional.")
    sources: list[Line] = Field([], max_length=50, description="Where the dates were read; never cited as law.")
    note: Prose = Field("", description="What a reader of these dates should know.", validate_default=False)


class StageShape(Shape):
    """One legal period."""

    code: Code = Field(description="Stays the same when dates move, such as P24-07.")
    name: Line = Field(description="What users read (Indonesian).", examples=["Masa Kampanye"])
    role: Role | None = Field(
        None, description="What policies call it: voting_day (exactly one), campaign, quiet_period, ..."
    )
    areas: list[AreaCode] = Field(
        [], max_length=1000, description="Where it holds, by Kemendagri code; none: everywhere."
    )
    active: Flag = Field(True, description="false: conditional or not triggered; makes nothing.")
    condition: Prose = Field("", description="On what a conditional stage depends.")
    overseas: Flag = Field(False, description="true: for voters abroad; no desk at home follows it or reports of it.")
    told_by: list[Code] = Field(
        [],
        max_length=20,
        description="Indicator groups of the forms by which districts tell how it goes; reports print them beside it.",
    )
    versions: list[VersionShape] = Field(
        description="Rising by known_from; the last one is in force.", min_length=1, max_length=50
    )


class ElectionShape(Shape):
    """One election and its stages, in the order of the regulation's annex."""

    election: Code = Field(description="The election's code, such as pemilu-2024.", examples=["pemilu"])
    name: Line = Field(description="What users read (Indonesian).", examples=["Pemilu"])
    sms_name: Brand | None = Field(
        None, description="Names it in messages where a desk has several; at most 15 plain characters. None: its code."
    )
    starts: Day = Field(description="The first day of the programme.", examples=["2000-01-01"])
    categories: list[CategoryWord] = Field(
        [], max_length=20, description="What problems are sorted by, in order; none: Bawaslu's seven of Pemilu 2024."
    )
    stages: list[StageShape] = Field(
        description="The stages in their order.", examples=[[]], json_schema_extra={"minItems": 1}, max_length=1000
    )
