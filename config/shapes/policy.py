"""The shape of a policy file: duties, ladders, quiet hours, caps, and how delivery is tried."""

from datetime import timedelta
from functools import partial
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from config import words
from config.shapes.days import Rhythm, SomeDay, Weekday, WhichDays
from config.shapes.kit import Clock, Code, Flag, Length, Line, Positive, Shape, WorkingCount
from rules.attachments import Position
from rules.desk import Audience, Channel
from rules.duties import OnHoliday, Per
from rules.ladder import Say

SAYS = (
    Say.REMINDER, Say.DUE, Say.OVERDUE, Say.WARNING, Say.ESCALATION, Say.SILENCE, Say.ADVICE, Say.PROBLEM, Say.TASK,
    Say.SUMMARY, Say.TRIP, Say.ROLL_CALL, Say.GATE,
)  # fmt: skip

ChannelWord = Annotated[
    Channel, PlainValidator(partial(words.one_of, Channel)), WithJsonSchema({"enum": [str(c) for c in Channel]})
]
AudienceWord = Annotated[
    Audience, PlainValidator(partial(words.one_of, Audience)), WithJsonSchema({"enum": [str(a) for a in Audience]})
]
SayWord = Annotated[
    Say, PlainValidator(partial(words.one_of, Say, allowed=SAYS)), WithJsonSchema({"enum": [str(s) for s in SAYS]})
]
_PER = tuple(per for per in Per if per is not Per.OFFICE)
PerWord = Annotated[
    Per, PlainValidator(partial(words.one_of, Per, allowed=_PER)), WithJsonSchema({"enum": [str(p) for p in _PER]})
]
HolidayWord = Annotated[
    OnHoliday, PlainValidator(partial(words.one_of, OnHoliday)), WithJsonSchema({"enum": [str(o) for o in OnHoliday]})
]
PositionWord = Annotated[
    Position, PlainValidator(partial(words.one_of, Position)), WithJsonSchema({"enum": [str(p) for p in Position]})
]


class EachShape(Shape):
    """One of several reports a day: its own name and form."""

    at: Clock = Field(description='Which of the times: "22:00".')
    name: Line = Field(description="What users read (Indonesian).", examples=["Laporan pukul 22.00: kotak suara"])
    form: Code = Field(description="Which form is filled in.", examples=["hari-h-kotak"])


class DutyShape(Shape):
    """A kind of report owed. Its days are given by `days`, by `every` with `from` and `until`, or by `on`;
    or it is `asked` for.
    """

    code: Code = Field(description="Its name in keys, such as mingguan.")
    name: Line = Field(description="What users read (Indonesian).", examples=["Laporan mingguan"])
    form: Code = Field(description="Which form is filled in.", examples=["mingguan"])
    per: PerWord = Field(description="Who owes it: each district, each team, or the desk itself.")
    days: WhichDays | None = Field(None, description="Days around voting day: H, H-7..H-1, H+1..H+7.")
    every: Rhythm | None = Field(None, description="day, or a weekday in English: monday.")
    first: SomeDay | None = Field(None, alias="from", description="With every: start, H+8, or {stage, edge, plus}.")
    until: SomeDay | None = Field(None, description="With every: the last day, inclusive; as from.")
    then_once_more: Flag = Field(False, description="With every: once more after the end, the closing report.")
    on: SomeDay | None = Field(
        None, description="A single day: {stage: recapitulation_regency, edge: end, plus: P14D}."
    )
    asked: Flag = Field(
        False, description="Of the desk: on no set day, but whenever it is asked for, about one problem."
    )
    at: list[Clock] = Field([], description='Local times, rising, in quotes: ["15:00"]; none if asked.', max_length=24)
    each: list[EachShape] = Field(
        [], description="Names and forms of single times, where they differ from name and form.", max_length=24
    )
    opens: Length = Field(description="From when it may be filed, counted from the due time: -P1D.", examples=["-P1D"])
    closes: Length = Field(description="Until when it is chased, counted from the due time: P7D.", examples=["P7D"])
    ladder: Code = Field(description="The ladder that chases it.")
    takes: Code | None = Field(
        None,
        description="Per district, at a province's or the centre's desk: the kind of report of the level below that "
        "fulfils it, such as laporan-gubernur.",
    )
    nil: Flag = Field(description="Whether a nil report (nihil) is allowed.", examples=[True])
    on_holiday: HolidayWord = Field(
        description="What a closed day does to the due time; the report stays owed.", examples=["keep"]
    )


class RungShape(Shape):
    """One step of a ladder."""

    at: Length | None = Field(
        None, description="Counted from the due time, or from a problem's opening: -PT7H, PT0S, PT2H."
    )
    working_days: WorkingCount | None = Field(
        None, description="Instead of at: so many working days (hari kerja) later, or before (-3), at the same hour."
    )
    tell: AudienceWord = Field(
        description="Who is told. reporter: the office that files for the district. team: that office and those of its "
        "team who report for no other district. owner: the office that has a problem, an advice or a trip. giver: who "
        "gave an advice. handlers: the owner and the coordinator of the district."
    )
    by: list[ChannelWord] = Field(
        description="In order of preference; the first that reaches is used.", min_length=1, max_length=5
    )
    say: SayWord = Field(description="What is said.")
    at_once: Flag = Field(False, description="All channels at once; on the last rung only.")
    other_way_after: Length | None = Field(
        None, description="After this long without a human sign, tell by the next channel of `by`: PT2H."
    )
    wakes: Flag = Field(True, description="false, on an urgent ladder: texts keep quiet hours even so; mails go.")
    every: Length | None = Field(None, description="Say it again after this long, `times` in all.")
    times: Positive | None = Field(None, description="How often in all, when every is given.")


class LadderShape(Shape):
    """Who is told about something open, how, and when."""

    urgent: Flag = Field(False, description="true: passes quiet hours and caps.")
    cooling: Length = Field(
        description="Passes between a warning and the first word above the team: PT4H.", examples=["PT4H"]
    )
    again_after: Length | None = Field(
        None, description="So long after the last rung the ladder begins anew, so that nothing open is forgotten: P2D."
    )
    rungs: list[RungShape] = Field(description="Rising by at.", min_length=1, max_length=40)


class ProblemsShape(Shape):
    """The ladder a problem climbs, by severity."""

    low: Code = Field(description="Ladder of a slight problem (kurang rawan).", examples=["problem-low"])
    medium: Code = Field(description="Ladder of a problem (rawan).", examples=["problem-medium"])
    high: Code = Field(description="Ladder of a grave problem (sangat rawan).", examples=["problem-high"])


class TasksShape(Shape):
    """The ladders that tell of what the secretariat must see to."""

    ladder: Code = Field(description="Ladder of a task; it tells secretariat, secretary, chair.", examples=["tasks"])
    urgent: Code = Field(description="Ladder of a task that cannot wait for the morning.", examples=["tasks-urgent"])


class AdviceShape(Shape):
    """The ladders of what offices give others to do (saran, arahan, undangan); all say advice."""

    given: Code = Field(description="Counted from the due time; begins at -P60D with its owner.", examples=["advice"])
    done: Code = Field(description="Asks the giver to close what was done.", examples=["advice-done"])
    meeting: Code = Field(description="Counted from the beginning of a meeting; as given.", examples=["meeting"])


class AidesShape(Shape):
    """How aides in villages (operator desa) are asked by whoever reports for their district."""

    by: list[ChannelWord] = Field(
        description="In order of preference; the first that reaches him is used.",
        min_length=1,
        max_length=3,
        examples=[["sms", "email"]],
    )


class TripsShape(Shape):
    """How field trips of the teams are told (kunjungan lapangan)."""

    form: Code = Field(description="Which form asks what was seen.", examples=["kunjungan"])
    ladder: Code = Field(
        description="Asks for a planned trip that nobody told of, counted from `asked_at`; says trip.",
        examples=["trip"],
    )
    asked_at: Clock = Field(description='On the day of the trip, local time, in quotes: "19:00".')


class QuietShape(Shape):
    """A daily stretch in which nothing is sent, in the recipient's zone."""

    start: Clock = Field(alias="from", description='Local time, in quotes: "20:00".')
    end: Clock = Field(alias="until", description='Local time, in quotes; it may pass midnight: "07:00".')
    on: list[Weekday] = Field([], max_length=7, description="The days on which it starts; none: every day.")


class ClosedDaysShape(Shape):
    """What a closed day (weekend, public holiday, collective leave) does to chasing."""

    hold: list[Code] = Field(
        description="The ladders that wait for the next working day.", min_length=1, max_length=100
    )
    but_not: WhichDays = Field(description="Days around voting day on which nothing waits: H-7..H+7.")
    weekdays: list[Weekday] = Field(
        ["saturday", "sunday"],
        max_length=6,
        description="The days of every week that are closed: [sunday] where people work six days. Due times that move "
        "to the next working day (`on_holiday`) reckon with them too.",
    )


class DeliveryShape(Shape):
    """How handing over is tried."""

    retry_after: list[Length] = Field(
        description="Waits before the second, third ... try.", examples=[["PT1M", "PT5M"]], min_length=1, max_length=10
    )
    lease: Length = Field(description="A worker silent for this long is presumed dead.", examples=["PT2M"])
    doubt: Length = Field(description="How long an unknown outcome stays in doubt.", examples=["PT10M"])
    merge_within: Length = Field(description="One message per office and channel within this time.", examples=["PT2M"])
    gather_within: Length = Field(
        timedelta(minutes=15),
        description="The same for problems, but for the first word about an urgent one.",
        json_schema_extra={"default": "PT15M"},
    )
    gather_above: Length = Field(
        timedelta(minutes=15),
        description="The same for what secretary and chair are told of problems.",
        json_schema_extra={"default": "PT15M"},
    )
    settle_every: dict[ChannelWord, Positive] = Field(
        max_length=5, description="Messages handed over before results are stored.", examples=[{"email": 10, "sms": 1}]
    )
    settle_in_burst: dict[ChannelWord, Positive] = Field(
        default_factory=dict,
        max_length=5,
        description="The same while 200 or more wait, if it is more. A killed worker leaves so many a thread in doubt.",
        examples=[{"email": 50}],
    )
    probe_after: list[Length] = Field(
        [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=5)],
        description="Waits between tries of a channel that is down; the last is repeated.",
        min_length=1,
        max_length=10,
        json_schema_extra={"default": ["PT1M", "PT2M", "PT5M"]},
    )
    down_for: Length = Field(
        timedelta(minutes=10),
        description="A channel down for so long is passed over where another reaches the office.",
        json_schema_extra={"default": "PT10M"},
    )


class RateShape(Shape):
    """How fast a channel is used."""

    per_minute: Positive = Field(description="Messages in a minute, at most.")


class StormShape(Shape):
    """More messages than this put sending on hold."""

    within: Length = Field(description="The time in which they are counted: PT1H.", examples=["PT1H"])
    to_one_office: Positive = Field(description="Messages to one office.")
    to_each_on_average: Positive = Field(description="Messages to all offices, divided by their number.")


class AttachmentsShape(Shape):
    """Photos and files that come with a report."""

    most: Positive = Field(6, description="How many with one report.")
    megabytes: Positive = Field(8, description="How large each may be.")
    megapixels: Positive = Field(50, description="Photos with more are refused before decoding.")
    position: PositionWord = Field(
        Position.STRIP, description="What becomes of place and time in a photo: strip (left out) or keep."
    )


class KeepShape(Shape):
    """For how long what is spent is kept; a day at least."""

    links: Length = Field(
        timedelta(days=30),
        description="Links of messages, after they ran out.",
        json_schema_extra={"default": "P30D"},
    )
    sessions: Length = Field(
        timedelta(days=90),
        description="Who was signed in, from the beginning; for ever where something was changed.",
        json_schema_extra={"default": "P90D"},
    )
    files: Length = Field(
        timedelta(days=7),
        description="Photos and PDFs that came with no report.",
        json_schema_extra={"default": "P7D"},
    )
    inbound: Length = Field(
        timedelta(days=400),
        description="What people wrote to us, after it came.",
        json_schema_extra={"default": "P400D"},
    )


class RetainShape(Shape):
    """For how long after a programme is closed; left out: for ever."""

    texts: Length | None = Field(None, description="Subjects and texts of messages.", examples=["P365D"])
    written: Length | None = Field(None, description="What people wrote to us.", examples=["P365D"])
    contacts: Length | None = Field(
        None,
        description="Numbers, addresses and names of holders, once every election of the desk is closed for so long.",
        examples=["P365D"],
    )


class AnswersShape(Shape):
    """How many answers go to one address; what is above them waits for a person."""

    per_hour: Positive = Field(10, description="In one hour.")
    per_day: Positive = Field(40, description="In one day.")


class FadeShape(Shape):
    """For how long what a report says is taken as known."""

    days: WhichDays | None = Field(None, description="On these days around voting day; without it, on all others.")
    after: Length = Field(description="Older knowledge is shown as stale, never as safe: PT5H.", examples=["P10D"])


class SilenceShape(Shape):
    """When many neighbouring districts are silent at once, so that a network is likelier to blame than a team."""

    duties: list[Code] = Field(description="The duties whose silence counts.", min_length=1, max_length=100)
    after: Length = Field(description="A district is silent if nobody was heard so long after the due time: PT30M.")
    districts: Positive = Field(description="So many neighbours, each bordering on another of them; 2 at least.")
    stretch: Length = Field(description="Their ladders wait so much longer after the due time: PT1H.")
    ladder: Code = Field(description="Ladder of the notice; it tells the coordinator, once, and says silence.")


class EveningShape(Shape):
    """When the summary of a day is due."""

    days: WhichDays = Field(description="Days around voting day: H, H-7..H+7.")
    at: Clock = Field(description='At this time: "18:30".')


class SummaryShape(Shape):
    """The summary of a day, by mail."""

    ladder: Code = Field(description="Ladder of one rung, which tells the chair or the secretary and says summary.")
    evenings: list[EveningShape] = Field(
        description="On which days and when; the first that fits.", min_length=1, max_length=20
    )


class SilentShape(Shape):
    """A report that has been silent for long."""

    after: dict[Code, Length] = Field(
        max_length=100, description="By duty, how long past the due time: {mingguan: P8D}.", examples=[{}]
    )
    category: Code = Field("power_and_network", description="The category of the problem.")
    severity: Code = Field("medium", description="Its severity: low, medium or high.")


class OpensShape(Shape):
    """What the system opens by itself, in the secretariat's name, and what it asks."""

    silent: SilentShape | None = Field(None, description="A problem of a silent report; it ends when one comes.")
    nil_beside: Positive | None = Field(
        None, description="A problem of a nil on a day with incidents in so many neighbouring districts."
    )
    asks_after_nil: dict[Code, Positive] = Field(
        {}, max_length=100, description="By duty, after how many nil reports in a row the reporter is asked: 4."
    )


class RollCallShape(Shape):
    """When every office says whether its number and address are right, and who holds it (apel kontak)."""

    days: list[SomeDay] = Field(
        description="The days on which everybody is asked: H-30, or {stage: campaign, plus: -P7D}.",
        min_length=1,
        max_length=20,
    )
    at: Clock = Field(description='At this time at the desk, in quotes: "09:00".')
    ladder: Code = Field(description="Counted from that moment; it tells owner, coordinator, secretary.")
    lasts: Length = Field(description="For so long it is asked: P10D.", examples=["P10D"])
    stale_after: Length = Field(description="A contact nobody answered for in so long is stale: P120D.")


class PoskoShape(Shape):
    """When somebody must be on duty at the posko: days of the next week without are told to the secretariat."""

    days: WhichDays = Field(description="Days around voting day: H-7..H+7.")
    begins: Clock = Field(alias="from", description='At this time at the desk, in quotes: "08:00".')
    ends: Clock = Field(alias="until", description='Until this time of the same day, in quotes: "20:00".')


class GatesShape(Shape):
    """When the secretary hears, before something begins that offices prepare, how much of it is not ready."""

    before: list[Length] = Field(
        description="How long before it begins: [P14D, P7D, P3D].", min_length=1, max_length=20
    )
    at: Clock = Field(description='At this time at the desk, in quotes: "08:00".')
    ladder: Code = Field(description="Counted from that moment; it tells secretary, chair or secretariat.")


class TwoPeopleShape(Shape):
    """A release, an amendment, a retry or an erasure that reaches many waits for a second named person."""

    above: Positive = Field(description="So many messages or reports one person may send or change: 30.")
    within: Length = Field(description="How long it waits for the second person, then it has lapsed: PT2H.")


class PricesShape(Shape):
    """What one part costs on a channel, in rupiah: the desk's own contract."""

    each: Positive = Field(description="For one part, where its carrier is not named.", examples=[500])
    by_carrier: dict[Code, Positive] = Field(
        {}, max_length=20, description="By carrier, as config/countries names them: {telkomsel: 550}."
    )


class CostsShape(Shape):
    """What messages cost, and how much may be spent on one election, in rupiah."""

    prices: dict[ChannelWord, PricesShape] = Field(
        description="By channel; what is not named costs nothing.",
        min_length=1,
        max_length=5,
        examples=[{"sms": {"each": 500}}],
    )
    budget: Positive | None = Field(None, description="For this election; none: what is spent is only counted.")
    reserve: Positive | None = Field(
        None, description="The part of it that only warnings, escalations and what is urgent may use."
    )


class PolicyShape(Shape):
    """What is owed, who is told about it, and when nobody is disturbed."""

    policy: Code = Field(description="The policy's code.", examples=["policy"])
    duties: list[DutyShape] = Field(
        description="The kinds of report owed.", examples=[[]], json_schema_extra={"minItems": 1}, max_length=100
    )
    ladders: dict[Code, LadderShape] = Field(
        description="By name.", examples=[{}], json_schema_extra={"minProperties": 1}, max_length=100
    )
    problems: ProblemsShape = Field(
        description="The ladder a problem climbs, by severity.", examples=[{"low": "x", "medium": "x", "high": "x"}]
    )
    tasks: TasksShape | None = Field(
        None, description="The ladders that the secretariat's tasks climb; none: they are only listed."
    )
    advice: AdviceShape | None = Field(
        None, description="The ladders of advice, directions and invitations; none: nobody gives any."
    )
    trips: TripsShape | None = Field(
        None, description="How field trips are told and asked for; none: none are planned or told."
    )
    aides: AidesShape | None = Field(
        None, description="How villages are asked by a district's reporter; none: nobody names aides."
    )
    quiet_hours: list[QuietShape] = Field([], description="When offices are left in peace.", max_length=20)
    closed_days: ClosedDaysShape | None = Field(
        None, description="What waits on closed days for the next working day; none: nothing."
    )
    caps_per_day: dict[ChannelWord, Positive] = Field(
        max_length=5,
        description="Messages to one office in its day; warnings, escalations and urgent ladders pass.",
        examples=[{}],
    )
    receipt_by: list[ChannelWord] = Field(
        [],
        max_length=5,
        description="How the filing office is sent a receipt, in order of preference; none: it is not sent.",
    )
    attachments: AttachmentsShape = Field(
        default_factory=AttachmentsShape, description="Photos and files that come with a report."
    )
    rate: dict[ChannelWord, RateShape] = Field(
        {}, max_length=5, description="How fast each channel is used; none given: as fast as it goes."
    )
    fades: list[FadeShape] = Field(
        [], max_length=20, description="How old knowledge may be, by day; the first that fits. None: ten days."
    )
    release_per_minute: Positive = Field(60, description="How fast what a hold kept back goes out, on each channel.")
    storm: StormShape | None = Field(None, description="When sending puts itself on hold; none: never.")
    silence: SilenceShape | None = Field(
        None, description="When many neighbouring districts are silent at once; none: that is not looked for."
    )
    summary: SummaryShape | None = Field(None, description="What the chair reads in the evening; none: nothing.")
    opens: OpensShape | None = Field(None, description="What the system opens by itself; none: nothing.")
    answers: AnswersShape = Field(
        default_factory=AnswersShape, description="How many answers go to whoever writes to us."
    )
    roll_call: RollCallShape | None = Field(
        None, description="When offices confirm their contacts; none: nobody is asked."
    )
    gates: GatesShape | None = Field(
        None, description="When the secretary hears what is not ready yet; none: he reads it on the page alone."
    )
    posko: PoskoShape | None = Field(
        None, description="When somebody must be at the posko; none: nobody is told of an empty shift."
    )
    two_people: TwoPeopleShape | None = Field(
        None, description="From how many on a second person must confirm; none: one person may reach everybody."
    )
    costs: CostsShape | None = Field(
        None, description="What messages cost, and the budget; none: nothing is counted or held back."
    )
    keep: KeepShape = Field(default_factory=KeepShape, description="For how long what is spent is kept.")
    retain: RetainShape = Field(
        default_factory=RetainShape, description="For how long personal data stay after a programme is closed."
    )
    delivery: DeliveryShape = Field(
        description="How handing over is tried.",
        examples=[
            {
                "retry_after": ["PT1M"],
                "lease": "PT2M",
                "doubt": "PT10M",
                "merge_within": "PT2M",
                "settle_every": {"email": 10},
            }
        ],
    )
