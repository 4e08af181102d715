"""Checks across several files: stages that a policy names, districts that a stage names, where a report goes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from config import supporting
from config.documents import Document
from config.errors import Finding, Path, dotted, shown
from config.holidays import ClosedDays
from rules.calendar import Anchor, Election, within
from rules.desk import Addressee, Desk, Posts
from rules.duties import Duty, Per, many
from rules.government import Covers, ReportKind, for_election
from rules.levels import NATION, Level
from rules.policy import Policy
from rules.programme import Programme
from rules.rearranging import places
from rules.scenario import Deed, Do, Scenario

MOST = 100_000
"""So many reports may be owed in one election at one desk: seventeen districts, five times a day, for three years."""


def misfits(election: Document, desk: Document, policy: Document) -> list[Finding]:
    """Why these three files do not make a programme."""
    assert isinstance(election.value, Election)
    assert isinstance(desk.value, Desk)
    assert isinstance(policy.value, Policy)
    findings = []
    roles = {stage.role for stage in election.value.stages if stage.role}
    for number, duty in enumerate(policy.value.duties):
        for anchor in _anchors(duty):
            if anchor.role and anchor.role not in roles:
                what = f"{duty.code} hangs on a stage {shown(anchor.role)}, which {election.code} does not have"
                remedy = f"Give `role: {anchor.role}` to a stage in {election.name}, or name one of: {_list(roles)}"
                findings.append(_at(policy, ("duties", number), what, remedy))
    asked = policy.value.roll_call
    for number, anchor in enumerate(asked.days if asked else ()):
        if anchor.role and anchor.role not in roles:
            what = f"a roll call hangs on a stage {shown(anchor.role)}, which {election.code} does not have"
            remedy = f"Give `role: {anchor.role}` to a stage in {election.name}, or name one of: {_list(roles)}"
            findings.append(_at(policy, ("roll_call", "days", number), what, remedy))
    for number, stage in enumerate(election.value.stages):
        for place, area in enumerate(stage.areas):
            if _unknown(area, desk.value):
                what = f"{stage.code} holds in {area}, a district that {desk.code} does not have"
                findings.append(_at(election, ("stages", number, "areas", place), what, "Look at the code"))
    return [*findings, *supporting.misfits(election, desk, policy)]


def warnings(election: Document, desk: Document, policy: Document, closed: ClosedDays) -> list[Finding]:
    """What is allowed but may not be meant."""
    assert isinstance(election.value, Election)
    assert isinstance(desk.value, Desk)
    assert isinstance(policy.value, Policy)
    findings = []
    for number, duty in enumerate(policy.value.duties):
        days = [anchor.on(election.value, None, closed.days, policy.value.weekend) for anchor in _ends(duty)]
        if why := _nothing(duty, days, election.value):
            findings.append(_at(policy, ("duties", number), f"{duty.code} makes no report: {why}", _remedy(why)))
        if any(day and day > closed.until for day in days):
            what = f"{duty.code} reaches beyond {closed.until}, until when closed days are known"
            findings.append(_at(policy, ("duties", number), what, "Add them to config/holidays/indonesia.yaml"))
    if _addressee(desk.value, election.value) is None:
        what = f"no addressee for {election.code}; the report will go to {_usual(desk.value).to}"
        findings.append(_at(desk, ("addressees",), what, f"Add `{election.code}:` or `default:` under `addressees`"))
    if desk.value.hotline.one is None:
        what = f"{desk.value.name} gives no number to call for help; mails tell people to ask the secretariat"
        remedy = "Add `secretariat_phone:` or `secretariat_whatsapp:`, a number that may be given to everybody"
        findings.append(_at(desk, ("secretariat",), what, remedy))
    return [*findings, *supporting.warnings(election.value, desk)]


def uncounted(election: Document, policy: Document, closed: ClosedDays) -> list[Finding]:
    """Duties that count working days where the holidays are not known: their due times would come out wrong."""
    assert isinstance(election.value, Election)
    assert isinstance(policy.value, Policy)
    findings = []
    for number, duty in enumerate(policy.value.duties):
        for anchor in (own for own in _anchors(duty) if own.working):
            base = anchor.base(election.value)
            day = anchor.on(election.value, None, closed.days, policy.value.weekend)
            beyond = next((d for d in (day, base) if d and not closed.since <= d <= closed.until), None)
            if beyond:
                known = f"holidays are known from {closed.since} until {closed.until} alone"
                what = f"{duty.code} counts {abs(anchor.working)} working days to {day}, and {known}"
                remedy = f"Write those of {beyond.year} into config/holidays/indonesia.yaml, or count days with `plus`"
                findings.append(_at(policy, ("duties", number, _written(duty, anchor)), what, remedy))
    return findings


def too_many(election: Document, desk: Document, policy: Document, closed: ClosedDays) -> list[Finding]:
    """A slip of the pen asks for more reports than any desk reads, and the clock would stand still to make them."""
    assert isinstance(election.value, Election)
    assert isinstance(desk.value, Desk)
    assert isinstance(policy.value, Policy)
    duties, weekend = policy.value.duties, policy.value.weekend
    counts = [many(election.value, desk.value, duty, closed.days, weekend) for duty in duties]
    if sum(counts) <= MOST:
        return []
    largest = max(counts)
    number = counts.index(largest)
    what = f"{sum(counts):,} reports would be owed, {largest:,} of them {duties[number].code}; at most {MOST:,} can be"
    return [_at(policy, ("duties", number), what, "Ask on fewer days, or fewer times a day")]


def _written(duty: Duty, anchor: Anchor) -> str:
    first, last = _ends(duty)
    return "on" if first == last else "from" if anchor == first else "until"


def unknown(
    election: Document,
    desk: Document,
    policy: Document,
    forms: Collection[str],
    kinds: Mapping[str, ReportKind],
    elections: Collection[str],
) -> list[Finding]:
    """What these files name but nothing defines: forms and kinds of report nobody wrote, figures of no election.

    Figures may come before the election's file, for a kind of election that the desk has an addressee for.
    """
    assert isinstance(desk.value, Desk)
    assert isinstance(policy.value, Policy)
    named: list[tuple[Path, str]] = []
    for number, duty in enumerate(policy.value.duties):
        named += [(("duties", number, "form"), duty.form)] if duty.per is not Per.DESK else []
        named += [(("duties", number, "each", n, "form"), own.form) for n, own in enumerate(duty.each)]
    named += [(("trips", "form"), policy.value.trips.form)] if policy.value.trips else []
    lists = [((*path, "form"), item.form) for path, item in supporting.items(desk.value)]
    ahead = desk.value.addressees.keys() - {_kind(election.code)}
    figures: list[tuple[Path, str]] = [(("polling", c), c) for c in desk.value.polling if _kind(c) not in ahead]
    own: list[tuple[Path, str]] = [
        (("duties", n, "form"), duty.form) for n, duty in enumerate(policy.value.duties) if duty.per is Per.DESK
    ]
    special: list[tuple[Path, str]] = [
        (("addressees", name, "kinds", kind), kind)
        for name, addressee in desk.value.addressees.items()
        for kind in addressee.kinds
    ]
    return [
        *(_missing(desk, path, code, "report", kinds) for path, code in special if kinds and code not in kinds),
        *(_missing(policy, path, code, "form", forms) for path, code in named if forms and code not in forms),
        *(_missing(desk, path, code, "form", forms) for path, code in lists if forms and code not in forms),
        *(_missing(policy, path, code, "report", kinds) for path, code in own if kinds and code not in kinds),
        *_uneven(policy, kinds),
        *(_missing(desk, path, code, "election", elections) for path, code in figures if code not in elections),
    ]


def _uneven(policy: Document, kinds: Mapping[str, ReportKind]) -> Iterable[Finding]:
    """A report about one problem is asked for, and only such a report."""
    assert isinstance(policy.value, Policy)
    for number, duty in enumerate(policy.value.duties):
        if duty.per is Per.DESK and duty.form in kinds:
            covers = kinds[duty.form].covers
            if (duty.days is None) is not (covers is Covers.PROBLEM):
                what = f"{duty.code} is {'' if duty.days is None else 'not '}asked for, and {duty.form} covers {covers}"
                remedy = "Write `asked: true` for a kind that covers a problem, and days for all others"
                yield _at(policy, ("duties", number, "form"), what, remedy)


def _kind(code: str) -> str:
    return code.partition("-")[0]


def _missing(document: Document, path: Path, code: str, what: str, known: Collection[str]) -> Finding:
    near = get_close_matches(code, known, 1, 0.6)
    others = f"Write its file into config/{what}s, or use one of {_list(set(known))}"
    return _at(document, path, f"there is no {what} {shown(code)}", f"Did you mean {near[0]}?" if near else others)


def in_election(desk: Desk, election: Election) -> Desk:
    """The desk as it is in this election: its secretary, its name, and an addressee under the election's own code."""
    addressee = _addressee(desk, election) or _usual(desk)
    posts = for_election(desk.posts, election.code) or Posts(desk.secretary, desk.name)
    addressees = {**desk.addressees, election.code: addressee}
    return replace(desk, secretary=posts.secretary, name=posts.name, addressees=addressees)


def _usual(desk: Desk) -> Addressee:
    if desk.level is Level.REGENCY:
        return Addressee(f"Gubernur {desk.province}", "", desk.province, ())
    return Addressee("Menteri Dalam Negeri", "", "Jakarta", ())


def strangers(document: Document, of: Programme) -> list[Finding]:
    """What a scenario names and the programme does not have."""
    assert isinstance(document.value, Scenario)
    districts = {district.code for district in of.desk.districts}
    duties = {duty.code for duty in of.policy.duties}
    offices = {office.code for office in of.desk.offices}
    stages = {stage.code for stage in of.election.stages}
    named: list[tuple[Path, str, Collection[str], Collection[str]]] = []
    for key, lines in (("filings", document.value.filings), ("words", document.value.words)):
        for number, which in enumerate(lines):
            named += [((key, number), "district", which.districts, districts)]
            named += [((key, number), "duty", which.duties, duties)]
    for number, problem in enumerate(document.value.problems):
        path: Path = ("problems", number)
        village = {problem.incident.circumstances.village}
        named += [((*path, "district"), "district", {problem.incident.area}, districts)]
        named += [((*path, "village"), "village", village, of.desk.villages_of(problem.incident.area))]
        named += [(path, "office", {problem.by, problem.about} | _doers(problem.deeds), offices)]
    for number, expected in enumerate(document.value.expects):
        named += [(("expects", number, "offices"), "office", expected.offices, offices)]
        named += [(("expects", number, "but"), "ladder", expected.but, of.policy.ladders)]
        named += [(("expects", number, "stages"), "stage", expected.stages, stages)]
    for number, own in enumerate(document.value.confirms):
        named.append((("confirms", number, "but"), "office", set(own.but), offices))
    for number, advice in enumerate(document.value.advice):
        named += [(("advice", number), "office", {advice.by, *advice.to} | _doers(advice.deeds), offices)]
    for number, trip in enumerate(document.value.trips):
        path = ("trips", number)
        named += [((*path, "district"), "district", {trip.plan.area}, districts)]
        named += [((*path, "village"), "village", {trip.plan.village}, of.desk.villages_of(trip.plan.area))]
        named += [((*path, "by"), "office", {trip.by}, offices)]
    for number, posted in enumerate(document.value.shifts):
        named.append((("shifts", number, "office"), "office", {posted.shift.office}, offices))
    for number, (_, change) in enumerate(document.value.rearrangements):
        path = ("rearrangements", number)
        named += [((*path, "place"), "such place", {change.place}, places(of.desk, change.what))]
        named += [((*path, "office"), "office", {change.office}, offices)]
    for number, helped in enumerate(document.value.aides):
        path = ("aides", number)
        named += [((*path, "district"), "district", {helped.district}, districts)]
        named += [((*path, "duty"), "duty", {helped.duty}, duties)]
        known = of.desk.villages_of(helped.district)
        named += [((*path, "villages", village), "village", {village}, known) for village in helped.villages]
    return [
        _at(document, path, f"{of.code} has no {what} {shown(code)}", f"Use one of {_list(set(known))}")
        for path, what, codes, known in named
        for code in sorted({*codes} - {"", *known})
    ]


def _doers(deeds: Iterable[Deed]) -> set[str]:
    return {deed.by for deed in deeds} | {deed.to for deed in deeds if deed.do is not Do.MERGE}


def _anchors(duty: Duty) -> list[Anchor]:
    return list(dict.fromkeys(_ends(duty)))


def _ends(duty: Duty) -> tuple[Anchor, ...]:
    """The first and the last day; none for a report that is asked for."""
    return (duty.days.first, duty.days.last) if duty.days else ()


def _nothing(duty: Duty, days: list[date | None], election: Election) -> str:
    for anchor, day in zip(_ends(duty), days, strict=True):
        if day is None:
            active = anchor.role and election.stage(anchor.role)
            return f"the {anchor.edge} of {anchor.role} " + ("is blank" if active else "belongs to an inactive stage")
    first, last = days or (None, None)
    return f"{_ENDS} on {last}, before it begins on {first}" if first and last and last < first else ""


def _remedy(why: str) -> str:
    if why.startswith(_ENDS):
        return "Look at the dates of these stages, and whether `from` and `until` are crossed"
    return "Leave it so until a regulation gives the date, then ./desk amend; or look at the stage"


_ENDS = "it would end"


def _addressee(desk: Desk, election: Election) -> Addressee | None:
    return for_election(desk.addressees, election.code)


def _unknown(area: str, desk: Desk) -> bool:
    inside = desk.regency_code != NATION and within(area, desk.regency_code) and area != desk.regency_code
    return inside and not any(within(area, district.code) for district in desk.districts)


def _at(document: Document, path: Path, what: str, remedy: str) -> Finding:
    node = document.root.at(path)
    return Finding(document.name, node.place, dotted(path), what, remedy)


def _list(codes: set[str]) -> str:
    return ", ".join(sorted(codes)) or "(none)"
