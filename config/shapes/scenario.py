"""The shape of a scenario file for a rehearsal: who files what and when, what becomes of problems, what breaks."""

from functools import partial
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from config import words
from config.shapes.kit import (
    Clock,
    Code,
    Day,
    DistrictCode,
    Flag,
    Length,
    Line,
    Moment,
    Positive,
    Prose,
    Seed,
    Shape,
    Share,
    VillageCode,
    Zone,
)  # fmt: skip
from config.shapes.policy import ChannelWord
from rules.advice import Sort
from rules.issues import Category
from rules.policy import Severity
from rules.rearranging import What
from rules.scenario import Do, Fault

CategoryWord = Annotated[
    Category, PlainValidator(partial(words.one_of, Category)), WithJsonSchema({"enum": [str(c) for c in Category]})
]
SeverityWord = Annotated[
    Severity, PlainValidator(partial(words.one_of, Severity)), WithJsonSchema({"enum": [str(s) for s in Severity]})
]
FaultWord = Annotated[
    Fault, PlainValidator(partial(words.one_of, Fault)), WithJsonSchema({"enum": [str(f) for f in Fault]})
]
DoWord = Annotated[Do, PlainValidator(partial(words.one_of, Do)), WithJsonSchema({"enum": [str(d) for d in Do]})]
WhatWord = Annotated[
    What, PlainValidator(partial(words.one_of, What)), WithJsonSchema({"enum": [str(w) for w in What]})
]
SortWord = Annotated[
    Sort, PlainValidator(partial(words.one_of, Sort)), WithJsonSchema({"enum": [str(s) for s in Sort]})
]


class WhichShape(Shape):
    """Some of the reports owed."""

    districts: list[DistrictCode] = Field([], max_length=500, description="None: every district.")
    duties: list[Code] = Field([], max_length=100, description="None: every duty.")
    first: Day | None = Field(None, description="First due day it holds for.")
    last: Day | None = Field(None, description="Last due day it holds for.")
    at: list[Clock] = Field([], max_length=24, description='Due times it holds for, as "07:30"; none: all.')


class FilingShape(WhichShape):
    """How a group of reports is answered. The first line that fits a report decides; what no line fits stays silent."""

    on_time: Share = Field(description="Share filed on time, of all.")
    late: Share = Field(0.0, description="Share filed late, of all; the rest stays silent.")
    nil: Share = Field(0.0, description="Share of nil reports, of what is filed.")
    late_by: list[Length] | None = Field(
        None, max_length=2, description="From how long to how long after the due time: [PT20M, PT30H]."
    )
    early_by: list[Length] | None = Field(
        None, max_length=2, description="From how long to how long before the due time: [PT5M, PT6H]."
    )


class WordsShape(WhichShape):
    """What reports say that are not nil. Of several lines that fit one, the later says more; all else is safe."""

    answers: dict[str, Prose] = Field(
        {}, max_length=100, description='By field of the form: "c.bencana": troubled; see `rules/forms.py`.'
    )
    reached: dict[Code, list[Share]] = Field(
        {}, max_length=50, description="By number of the form, between which shares of the district: [0.9, 1.0]."
    )
    after: Length | None = Field(
        None, description="Said in a correction so long after the report, in place of all `answers` before."
    )


class DeedShape(Shape):
    """What an office does about a problem, or about what it was given or gave."""

    after: Length = Field(description="How long after the problem appears, or the advice is given.")
    do: DoWord = Field(description="What. Of a problem: take_on ... confirm; of an advice: confirm ... away.")
    by: Code | None = Field(
        None, description="Office; blank: the coordinator of the district; of an advice whoever has it, or gave it."
    )
    to: Code | None = Field(
        None, description="Office that has it now, or has the advice; or code of the problem that it is the same as."
    )
    text: Prose = Field("", description="What is said (Indonesian).")
    lasts: Length | None = Field(None, description="For how long it is taken on or put off.")


class ProblemShape(Shape):
    """A problem that appears, and what becomes of it."""

    code: Code | None = Field(None, description="What others in this file call it.")
    at: Moment = Field(description="When it is reported: 2024-02-14 09:20.")
    district: DistrictCode = Field(description="Where.")
    village: VillageCode | None = Field(None, description="In which village.")
    station: Line | None = Field(None, description="Number of the polling station, in quotes.")
    affected: Positive | None = Field(None, description="How many people are affected.")
    seen: Length | None = Field(None, description="How long before it is reported it was seen.")
    category: CategoryWord = Field(description="After Bawaslu's variables.")
    severity: SeverityWord = Field(description="low, medium or high.")
    title: Line = Field(description="Neutral, without names of people or parties (Indonesian).")
    detail: Prose = Field("", description="More of it.")
    by: Code | None = Field(None, description="Office that reports it; blank: whoever reports for the district.")
    about: Code | None = Field(None, description="Office that it is about, which neither hears nor reads of it.")
    restricted: Flag = Field(False, description="Only those read of it who must.")
    deeds: list[DeedShape] = Field([], max_length=50, description="What becomes of it.")


class AdviceShape(Shape):
    """An advice, a direction, or an invitation to a meeting."""

    at: Moment = Field(description="When it is given.")
    sort: SortWord = Field(description="advice, direction or meeting.")
    by: Code = Field(description="Office that gives it.")
    to: list[Code] = Field(min_length=1, max_length=200, description="Offices it is given to.")
    text: Prose = Field(description="What is to be done, or what is met about (Indonesian).")
    due: Length = Field(description="How long until it is due, or the meeting begins.")
    about: Code | None = Field(None, description="Code of the problem that it is about.")
    place: Line | None = Field(None, description="Where a meeting is.")
    lasts: Length | None = Field(None, description="How long a meeting lasts.")
    deeds: list[DeedShape] = Field([], max_length=200, description="What becomes of it.")


class RiskShape(Shape):
    """A place at risk that the secretariat notes."""

    at: Moment = Field(description="When it is noted.")
    village: VillageCode = Field(description="In which village.")
    station: Line | None = Field(None, description="Number of the polling station; blank: the whole village.")
    kind: Code = Field(description="Why it is at risk: a code of `risks` in the desk's file, or of `rules/risks.py`.")
    note: Prose = Field("", description="More of it (Indonesian).")
    source: Line = Field(description="Who said so.")
    day: Day = Field(description="Of which day that is.")


class TripShape(Shape):
    """A field trip of a team: planned, and told of afterwards."""

    at: Moment = Field(description="When it is planned.")
    by: Code = Field(description="Office that plans it and tells of it.")
    district: DistrictCode = Field(description="Where.")
    village: VillageCode | None = Field(None, description="In which village.")
    station: Line | None = Field(None, description="Number of the polling station, in quotes.")
    place: Line | None = Field(None, description="What village and polling station do not say (Indonesian).")
    ahead: Length = Field(description="How long until it begins.")
    going: Line = Field(description="Which offices go (Indonesian).")
    purpose: Line = Field(description="What for (Indonesian).")
    people: Positive = Field(1, description="How many go.")
    told: Length | None = Field(None, description="How long after its beginning it is told of; blank: never.")
    answers: dict[str, Prose] = Field({}, max_length=50, description="What was seen, by field of the form.")


class ConfirmShape(Shape):
    """Offices answer a roll call: their contacts are right."""

    at: Moment = Field(description="When they answer.")
    but: list[Code] = Field([], max_length=200, description="Offices that do not.")


class ShiftShape(Shape):
    """An office is on duty at the posko."""

    at: Moment = Field(description="When the secretariat writes it down.")
    office: Code = Field(description="Which office.")
    place: Line = Field(description="Where the posko is (Indonesian).")
    start: Moment = Field(description="From: 2024-02-07 08:00.")
    end: Moment = Field(description="Up to.")
    note: Prose = Field("", description="What the next one has to know; written when the shift ends (Indonesian).")


class RearrangementShape(Shape):
    """The secretariat changes who reports, who is of a team, or who coordinates."""

    at: Moment = Field(description="When it is planned.")
    what: WhatWord = Field(description="reports, joins, leaves or coordinates.")
    place: Line = Field(description="Code of the district, or of the team that is joined or left.")
    office: Code = Field(description="Office that does so from then on.")
    since: Day = Field(description="From the beginning of this day.")


class AmendmentShape(Shape):
    """Changed files come into force, as by `./desk amend`."""

    at: Moment = Field(description="When.")
    files: list[Line] = Field(
        min_length=1,
        max_length=3,
        description="Changed calendar, desk or policy, each named as seen from the folder of this file.",
    )
    also_open: bool = Field(False, description="Cases that have begun take the changed ladders too.")


class SentShape(Shape):
    """What a village sends."""

    after: Length = Field(description="How long after it was asked.")
    answers: dict[str, Prose] = Field(min_length=1, max_length=100, description='By field of the form: "n.tps-siap".')


class AidesShape(Shape):
    """Whoever reports for a district asks villages, takes what they sent into his report, and files."""

    at: Moment = Field(description="When they are asked.")
    district: DistrictCode = Field(description="Whose villages.")
    duty: Code = Field(description="About the report of this duty that is due next.")
    villages: dict[VillageCode, SentShape | None] = Field(
        min_length=1, max_length=60, description="By village, what it sends; blank: nothing."
    )


class CountShape(Shape):
    """How large a district is; invented."""

    stations: Positive | None = Field(None, description="Polling stations.")
    voters: Positive | None = Field(None, description="Voters.")


class OutageShape(Shape):
    """Nothing runs, or one channel fails."""

    start: Moment = Field(description="From: 2024-02-13 08:00.")
    end: Moment = Field(description="Up to.")
    channel: ChannelWord | None = Field(None, description="Blank: the whole system is down.")
    fault: FaultWord = Field(Fault.TEMPORARY, description="How the channel fails.")


class ExpectShape(Shape):
    """What must hold of all messages when a rehearsal ends; it fails otherwise, and names what is too much."""

    at_most: Seed | None = Field(None, description="So many to each office in a day, or in these hours of it; 0: none.")
    costs_at_most: Seed | None = Field(
        None, description="So many rupiah for all of them together, in place of `at_most`; answers to who asked too."
    )
    first: Day | None = Field(None, description="First day it holds for, of whoever gets the message.")
    last: Day | None = Field(None, description="Last day it holds for.")
    stages: list[Code] = Field(
        [], max_length=100, description="Of these stages; none: of each, and what belongs to none."
    )
    start: Clock | None = Field(None, alias="from", description='From this time of its own zone, in quotes: "20:00".')
    end: Clock | None = Field(None, alias="until", description='Up to this time; it may pass midnight: "07:00".')
    offices: list[Code] = Field([], max_length=500, description="To these offices; none: to each.")
    by: list[ChannelWord] = Field([], max_length=5, description="By these channels; none: by each.")
    but: list[Code] = Field([], max_length=100, description="Not counting what these ladders say.")


class ScenarioShape(Shape):
    """A rehearsal's scenario."""

    scenario: Code = Field(description="Its code.", examples=["scenario"])
    about: Prose = Field("", description="What it shows.")
    seed: Seed = Field(0, description="Another number, other luck.")
    zone: Zone = Field(
        description="In which the times below are, where they carry no offset.", examples=["Asia/Jakarta"]
    )
    filings: list[FilingShape] = Field([], max_length=1000, description="Who files when.")
    words: list[WordsShape] = Field([], max_length=1000, description="What reports say that are not nil.")
    confirms: list[ConfirmShape] = Field([], max_length=100, description="Who answers a roll call.")
    counts: dict[DistrictCode, CountShape] = Field(
        {}, max_length=500, description="How large districts are of which the desk's file does not say it; invented."
    )
    problems: list[ProblemShape] = Field([], max_length=1000, description="What appears.")
    advice: list[AdviceShape] = Field([], max_length=1000, description="What offices give each other to do.")
    trips: list[TripShape] = Field([], max_length=1000, description="Field trips of the teams.")
    outages: list[OutageShape] = Field([], max_length=1000, description="What breaks.")
    risks: list[RiskShape] = Field([], max_length=1000, description="Places at risk that the secretariat notes.")
    shifts: list[ShiftShape] = Field([], max_length=200, description="Who is on duty at the posko.")
    rearrangements: list[RearrangementShape] = Field([], max_length=100, description="Who reports from which day on.")
    amendments: list[AmendmentShape] = Field([], max_length=50, description="What is amended in the middle.")
    aides: list[AidesShape] = Field([], max_length=500, description="Which villages are asked for figures.")
    expects: list[ExpectShape] = Field([], max_length=100, description="What must hold of all messages at the end.")
    looks: list[Moment] = Field([], max_length=50, description="When the board is looked at; its figures are kept.")
