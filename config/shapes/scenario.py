"""The shape of a scenario file for a rehearsal: who files when, which problems appear, what breaks."""

from functools import partial
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from config import words
from config.shapes.kit import Code, Day, DistrictCode, Length, Line, Moment, Prose, Seed, Shape, Share, Zone
from config.shapes.policy import ChannelWord
from rules.issues import Category
from rules.policy import Severity
from rules.scenario import Fault

CategoryWord = Annotated[
    Category, PlainValidator(partial(words.one_of, Category)), WithJsonSchema({"enum": [str(c) for c in Category]})
]
SeverityWord = Annotated[
    Severity, PlainValidator(partial(words.one_of, Severity)), WithJsonSchema({"enum": [str(s) for s in Severity]})
]
FaultWord = Annotated[
    Fault, PlainValidator(partial(words.one_of, Fault)), WithJsonSchema({"enum": [str(f) for f in Fault]})
]


class FilingShape(Shape):
    """How a group of reports is answered. The first line that fits a report decides; what no line fits stays silent."""

    districts: list[DistrictCode] = Field([], max_length=500, description="None: every district.")
    duties: list[Code] = Field([], max_length=100, description="None: every duty.")
    first: Day | None = Field(None, description="First due day it holds for.")
    last: Day | None = Field(None, description="Last due day it holds for.")
    on_time: Share = Field(description="Share filed on time, of all.")
    late: Share = Field(0.0, description="Share filed late, of all; the rest stays silent.")
    nil: Share = Field(0.0, description="Share of nil reports, of what is filed.")
    late_by: list[Length] | None = Field(
        None, max_length=2, description="From how long to how long after the due time: [PT20M, PT30H]."
    )
    early_by: list[Length] | None = Field(
        None, max_length=2, description="From how long to how long before the due time: [PT5M, PT6H]."
    )


class ProblemShape(Shape):
    """A problem that appears, and what the coordinator does about it."""

    at: Moment = Field(description="When it is reported: 2024-02-14 09:20.")
    district: DistrictCode = Field(description="Where.")
    category: CategoryWord = Field(description="After Bawaslu's seven variables.")
    severity: SeverityWord = Field(description="low, medium or high.")
    title: Line = Field(description="Neutral, without names of people or parties (Indonesian).")
    acknowledged_after: Length | None = Field(None, description="When somebody takes it on; blank: nobody does.")
    acknowledged_for: Length | None = Field(None, description="For how long that pauses the ladder.")
    resolved_after: Length | None = Field(None, description="When it is resolved; blank: it stays open.")
    outcome: Prose = Field("", description="How it ended (Indonesian).")


class OutageShape(Shape):
    """Nothing runs, or one channel fails."""

    start: Moment = Field(description="From: 2024-02-13 08:00.")
    end: Moment = Field(description="Up to.")
    channel: ChannelWord | None = Field(None, description="Blank: the whole system is down.")
    fault: FaultWord = Field(Fault.TEMPORARY, description="How the channel fails.")


class ScenarioShape(Shape):
    """A rehearsal's scenario."""

    scenario: Code = Field(description="Its code.", examples=["scenario"])
    about: Prose = Field("", description="What it shows.")
    seed: Seed = Field(0, description="Another number, other luck.")
    zone: Zone = Field(
        description="In which the times below are, where they carry no offset.", examples=["Asia/Jakarta"]
    )
    filings: list[FilingShape] = Field([], max_length=1000, description="Who files when.")
    problems: list[ProblemShape] = Field([], max_length=1000, description="What appears.")
    outages: list[OutageShape] = Field([], max_length=1000, description="What breaks.")
