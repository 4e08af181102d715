"""A scenario file: shares add up to at most one, times have their zone, and deeds fit what they are done about."""

from datetime import datetime, time, timedelta
from typing import Any

from config.checking import Check
from config.errors import Path, shown
from config.shapes.scenario import (
    AdviceShape,
    AidesShape,
    DeedShape,
    ExpectShape,
    FilingShape,
    ProblemShape,
    RearrangementShape,
    RiskShape,
    ScenarioShape,
    ShiftShape,
    TripShape,
    WhichShape,
    WordsShape,
)
from config.words import iso, localized
from rules import posko, risks
from rules.expecting import ALL_DAY, Expectation
from rules.incidents import Incident
from rules.issues import Circumstances
from rules.posko import Shift
from rules.quiet import Window
from rules.rearranging import Change
from rules.scenario import (
    OF_ADVICE,
    OF_PROBLEM,
    WITH_WORDS,
    Advice,
    Amend,
    Confirm,
    Deed,
    Do,
    Filing,
    Helped,
    Outage,
    Place,
    Planned,
    Posted,
    Problem,
    Scenario,
    Sent,
    Trip,
    Words,
)
from rules.trips import Plan

_EARLY = [timedelta(minutes=5), timedelta(hours=5)]
_LATE = [timedelta(minutes=10), timedelta(hours=24)]


def build(check: Check[ScenarioShape]) -> Scenario:
    shape = check.shape
    codes = [problem.code for problem in shape.problems if problem.code]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        check.bad(("problems",), f"two are called {code}", "Give each a code of its own")
    return Scenario(
        code=shape.scenario,
        about=shape.about,
        seed=shape.seed,
        filings=tuple(_filing(check, ("filings", n), filing) for n, filing in enumerate(shape.filings)),
        problems=tuple(_problem(check, ("problems", n), problem) for n, problem in enumerate(shape.problems)),
        outages=tuple(_outage(check, number) for number in range(len(shape.outages))),
        words=tuple(_words(check, ("words", n), words) for n, words in enumerate(shape.words)),
        advice=tuple(_advice(check, ("advice", n), advice) for n, advice in enumerate(shape.advice)),
        counts={area: own.model_dump(exclude_none=True) for area, own in shape.counts.items()},
        risks=tuple(_place(own, shape.zone) for own in shape.risks),
        trips=tuple(_trip(own, shape.zone) for own in shape.trips),
        confirms=tuple(Confirm(localized(own.at, shape.zone), frozenset(own.but)) for own in shape.confirms),
        shifts=tuple(_shift(check, ("shifts", n), own) for n, own in enumerate(shape.shifts)),
        rearrangements=tuple(
            _rearrangement(check, ("rearrangements", n), own) for n, own in enumerate(shape.rearrangements)
        ),
        aides=tuple(_aides(check, ("aides", n), own) for n, own in enumerate(shape.aides)),
        amendments=tuple(
            Amend(localized(own.at, shape.zone), tuple(own.files), own.also_open) for own in shape.amendments
        ),
        expects=tuple(_expectation(check, n, own) for n, own in enumerate(shape.expects)),
        looks=tuple(localized(at, shape.zone) for at in shape.looks),
    )


def _which(check: Check[ScenarioShape], path: Path, shape: WhichShape) -> dict[str, Any]:
    if shape.first and shape.last and shape.last < shape.first:
        check.bad((*path, "last"), f"{shape.last} comes before {shape.first}", "Look whether the two are crossed")
    return {
        "districts": frozenset(shape.districts),
        "duties": frozenset(shape.duties),
        "first": shape.first,
        "last": shape.last,
        "at": frozenset(shape.at),
    }


def _filing(check: Check[ScenarioShape], path: Path, shape: FilingShape) -> Filing:
    if round(shape.on_time + shape.late, 9) > 1:
        what = f"on_time {shape.on_time:g} and late {shape.late:g} are more than 1 together"
        check.bad(path, what, "Both are shares of all; what is left stays silent")
    return Filing(
        **_which(check, path, shape),
        on_time=shape.on_time,
        late=shape.late,
        nil=shape.nil,
        late_by=_bounds(check, (*path, "late_by"), shape.late_by or _LATE),
        early_by=_bounds(check, (*path, "early_by"), shape.early_by or _EARLY),
    )


def _bounds(check: Check[ScenarioShape], path: Path, spans: list[timedelta]) -> tuple[timedelta, timedelta]:
    if len(spans) != 2 or not timedelta(0) <= spans[0] <= spans[-1]:
        check.bad(path, f"{shown(', '.join(map(iso, spans)))} is not a range", "Write two, rising: [PT5M, PT6H]")
    return spans[0], spans[-1]


def _words(check: Check[ScenarioShape], path: Path, shape: WordsShape) -> Words:
    for code, share in shape.reached.items():
        if len(share) != 2 or share[0] > share[1]:
            check.bad((*path, "reached", code), "it is not a range", "Write two shares, rising: [0.9, 1.0]")
    if shape.after is not None and shape.after <= timedelta(0):
        check.bad((*path, "after"), f"{iso(shape.after)} is not after the report", "Write a length such as PT1H")
    reached = {code: (share[0], share[-1]) for code, share in shape.reached.items() if share}
    return Words(**_which(check, path, shape), answers=shape.answers, reached=reached, after=shape.after)


def _problem(check: Check[ScenarioShape], path: Path, shape: ProblemShape) -> Problem:
    at = localized(shape.at, check.shape.zone)
    codes = {problem.code for problem in check.shape.problems}
    for number, deed in enumerate(shape.deeds):
        if deed.do is Do.MERGE and deed.to not in codes:
            what = f"no problem of this file has the code {shown(deed.to)}"
            check.bad((*path, "deeds", number, "to"), what, "Give that problem a `code`")
    circumstances = Circumstances(
        village=shape.village or "",
        station=shape.station or "",
        affected=shape.affected,
        observed_at=at - shape.seen if shape.seen else None,
        restricted=shape.restricted,
    )
    return Problem(
        at=at,
        incident=Incident(shape.district, shape.category, shape.severity, shape.title, shape.detail, circumstances),
        code=shape.code or "",
        by=shape.by or "",
        about=shape.about or "",
        deeds=_deeds(check, path, shape.deeds, OF_PROBLEM),
    )


def _advice(check: Check[ScenarioShape], path: Path, shape: AdviceShape) -> Advice:
    if shape.about and shape.about not in {problem.code for problem in check.shape.problems}:
        check.bad((*path, "about"), f"no problem of this file has the code {shape.about}", "Give that problem a `code`")
    return Advice(
        at=localized(shape.at, check.shape.zone),
        sort=shape.sort,
        by=shape.by,
        to=tuple(shape.to),
        text=shape.text,
        due=shape.due,
        about=shape.about or "",
        place=shape.place or "",
        lasts=shape.lasts,
        deeds=_deeds(check, path, shape.deeds, OF_ADVICE),
    )


def _trip(shape: TripShape, zone: str) -> Trip:
    at = localized(shape.at, zone)
    begins = at + shape.ahead
    where = (shape.village or "", shape.station or "", shape.place or "")
    plan = Plan(shape.district, begins, shape.going, shape.purpose, *where)
    told_at = begins + shape.told if shape.told else None
    return Trip(at, shape.by, plan, shape.people, told_at, shape.answers)


def _place(shape: RiskShape, zone: str) -> Place:
    said = {risks.VILLAGE: shape.village, risks.STATION: shape.station or "", risks.KIND: shape.kind}
    said |= {risks.DISTRICT: shape.village.rpartition(".")[0], risks.NOTE: shape.note, risks.SOURCE: shape.source}
    said |= {risks.KNOWN_ON: shape.day.isoformat()}
    return Place(localized(shape.at, zone), {heading.lower(): cell for heading, cell in said.items()})


def _shift(check: Check[ScenarioShape], path: Path, shape: ShiftShape) -> Posted:
    at, start, end = (localized(own, check.shape.zone) for own in (shape.at, shape.start, shape.end))
    if not max(at, start) < end <= start + posko.LONGEST:
        what = f"a shift up to {_local(end)} is over before it begins or is written down, or is too long"
        check.bad((*path, "end"), what, f"Write a time after both, within {posko.LONGEST.days} days of its start")
    for name, text, longest in (("place", shape.place, posko.PLACE), ("note", shape.note, posko.NOTE)):
        if len(text) > longest:
            check.bad((*path, name), f"{len(text)} characters, and {longest} at most fit", "Shorten it")
    return Posted(at, Shift(shape.office, start, end, shape.place), shape.note)


def _rearrangement(check: Check[ScenarioShape], path: Path, shape: RearrangementShape) -> Planned:
    at = localized(shape.at, check.shape.zone)
    if shape.since < at.date():
        what = f"{shape.since} comes before the day on which it is planned, {at.date()}"
        check.bad((*path, "since"), what, "Write that day or a later one")
    since = localized(datetime.combine(shape.since, time()), check.shape.zone)
    return Planned(at, Change(shape.what, shape.place, shape.office, max(at, since)))


def _aides(check: Check[ScenarioShape], path: Path, shape: AidesShape) -> Helped:
    for village, own in shape.villages.items():
        if village.rpartition(".")[0] != shape.district:
            what = f"{village} is no village of {shape.district}"
            check.bad((*path, "villages", village), what, "Whoever reports for a district asks its own villages")
        if own is not None and own.after <= timedelta(0):
            what = f"{iso(own.after)} is not after it was asked"
            check.bad((*path, "villages", village, "after"), what, "Write a length such as PT1H")
    sent = {village: Sent(own.after, own.answers) if own else None for village, own in shape.villages.items()}
    return Helped(localized(shape.at, check.shape.zone), shape.district, shape.duty, sent)


def _deeds(check: Check[ScenarioShape], path: Path, shapes: list[DeedShape], known: frozenset[Do]) -> tuple[Deed, ...]:
    for number, shape in enumerate(shapes):
        own = (*path, "deeds", number)
        if shape.do not in known:
            check.bad((*own, "do"), f"{shape.do} is not done here", f"Use one of: {', '.join(sorted(known))}")
        if shape.after <= timedelta(0):
            check.bad((*own, "after"), f"{iso(shape.after)} is not after it", "Write a length such as PT2H")
        if shape.do in WITH_WORDS and not shape.text:
            check.bad(own, f"{shape.do} says nothing", "Say in `text` why, or how it ended")
        if (shape.do in (Do.TAKE_ON, Do.POSTPONE)) is not (shape.lasts is not None):
            check.bad(own, "`lasts` goes with take_on and postpone, and with nothing else", "Write it there alone")
        if shape.do in (Do.HAND_ON, Do.MERGE) and shape.to is None:
            check.bad(own, f"{shape.do} leads nowhere", "Name in `to` the office, or the other problem")
    return tuple(Deed(s.after, s.do, s.by or "", s.to or "", s.text, s.lasts) for s in shapes)


def _expectation(check: Check[ScenarioShape], number: int, shape: ExpectShape) -> Expectation:
    path = ("expects", number)
    if (shape.at_most is None) == (shape.costs_at_most is None):
        neither = "says neither `at_most` nor `costs_at_most`"
        what = neither if shape.at_most is None else "says both `at_most` and `costs_at_most`"
        remedy = "Write `at_most` (messages to each office), or `costs_at_most` (rupiah together)"
        check.bad(path, what, remedy)
    if shape.first and shape.last and shape.last < shape.first:
        check.bad((*path, "last"), f"{shape.last} comes before {shape.first}", "Look whether the two are crossed")
    if (shape.start is None) != (shape.end is None):
        check.bad(path, "`from` and `until` go together", "Write both, or neither: the whole day")
    hours = Window(shape.start, shape.end) if shape.start is not None and shape.end is not None else ALL_DAY
    return Expectation(
        at_most=shape.at_most,
        hours=hours,
        offices=frozenset(shape.offices),
        by=frozenset(shape.by),
        but=frozenset(shape.but),
        stages=frozenset(shape.stages),
        first=shape.first,
        last=shape.last,
        costs_at_most=shape.costs_at_most,
    )


def _outage(check: Check[ScenarioShape], number: int) -> Outage:
    shape = check.shape.outages[number]
    start, end = localized(shape.start, check.shape.zone), localized(shape.end, check.shape.zone)
    if end <= start:
        what = f"{_local(end)} does not come after the start, {_local(start)}"
        check.bad(("outages", number, "end"), what, "Look whether the two are crossed")
    return Outage(start, end, shape.channel, shape.fault)


def _local(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H.%M}"
