"""What only several files together can show: stages a policy names, districts a stage names, where a report goes."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from config.errors import Finding, Path, dotted, shown
from rules.calendar import Anchor, Election, within
from rules.desk import Addressee, Desk
from rules.duties import Duty
from rules.policy import Policy
from rules.programme import Programme
from rules.scenario import Scenario

if TYPE_CHECKING:
    from config.loader import Document


def misfits(election: "Document", desk: "Document", policy: "Document") -> list[Finding]:
    """Why these three make no programme."""
    assert isinstance(election.value, Election)
    assert isinstance(desk.value, Desk)
    assert isinstance(policy.value, Policy)
    found = []
    roles = {stage.role for stage in election.value.stages if stage.role}
    for number, duty in enumerate(policy.value.duties):
        for anchor in _anchors(duty):
            if anchor.role and anchor.role not in roles:
                what = f"{duty.code} hangs on a stage {shown(anchor.role)}, which {election.code} does not have"
                remedy = f"Give `role: {anchor.role}` to a stage in {election.name}, or name one of: {_list(roles)}"
                found.append(_at(policy, ("duties", number), what, remedy))
    for number, stage in enumerate(election.value.stages):
        for place, area in enumerate(stage.areas):
            if _unknown(area, desk.value):
                what = f"{stage.code} holds in {area}, a district that {desk.code} does not have"
                found.append(_at(election, ("stages", number, "areas", place), what, "Look at the code"))
    return found


def warnings(election: "Document", desk: "Document", policy: "Document", known_until: date) -> list[Finding]:
    """What may not be meant."""
    assert isinstance(election.value, Election)
    assert isinstance(desk.value, Desk)
    assert isinstance(policy.value, Policy)
    found = []
    for number, duty in enumerate(policy.value.duties):
        days = [anchor.on(election.value) for anchor in (duty.days.first, duty.days.last)]
        if why := _nothing(duty, days, election.value):
            found.append(
                _at(policy, ("duties", number), f"{duty.code} makes no report: {why}", "Wait for an amendment")
            )
        if any(day and day > known_until for day in days):
            what = f"{duty.code} reaches beyond {known_until}, until when closed days are known"
            found.append(_at(policy, ("duties", number), what, "Add them to config/holidays/indonesia.yaml"))
    if _addressee(desk.value, election.value) is None:
        what = f"no addressee for {election.code}; the report will go to the Governor of {desk.value.province}"
        found.append(_at(desk, ("addressees",), what, f"Add `{election.code}:` or `default:` under `addressees`"))
    return found


def addressed(desk: Desk, election: Election) -> Desk:
    """The desk with an addressee under the election's own code."""
    found = _addressee(desk, election) or Addressee(f"Gubernur {desk.province}", "", desk.province, ())
    return replace(desk, addressees={**desk.addressees, election.code: found})


def strangers(document: "Document", of: Programme) -> list[Finding]:
    """What a scenario names and the programme does not have."""
    assert isinstance(document.value, Scenario)
    districts = {district.code for district in of.desk.districts}
    duties = {duty.code for duty in of.policy.duties}
    found = []
    for number, filing in enumerate(document.value.filings):
        for key, named, known in (("district", filing.districts, districts), ("duty", filing.duties, duties)):
            for code in sorted(named - known):
                what = f"{of.code} has no {key} {shown(code)}"
                found.append(_at(document, ("filings", number), what, f"Use one of {_list(known)}"))
    for number, problem in enumerate(document.value.problems):
        if problem.district not in districts:
            what = f"{of.code} has no district {shown(problem.district)}"
            found.append(_at(document, ("problems", number, "district"), what, f"Use one of {_list(districts)}"))
    return found


def _anchors(duty: Duty) -> list[Anchor]:
    return list(dict.fromkeys((duty.days.first, duty.days.last)))


def _nothing(duty: Duty, days: list[date | None], election: Election) -> str:
    for anchor, day in zip((duty.days.first, duty.days.last), days, strict=True):
        if day is None:
            active = anchor.role and election.stage(anchor.role)
            return f"the {anchor.edge} of {anchor.role} " + ("is blank" if active else "belongs to an inactive stage")
    first, last = days
    return f"it would end on {last}, before it begins on {first}" if first and last and last < first else ""


def _addressee(desk: Desk, election: Election) -> Addressee | None:
    kind = election.code.partition("-")[0]
    return next((desk.addressees[key] for key in (election.code, kind, "default") if key in desk.addressees), None)


def _unknown(area: str, desk: Desk) -> bool:
    inside = within(area, desk.regency_code) and area != desk.regency_code
    return inside and not any(within(area, district.code) for district in desk.districts)


def _at(document: "Document", path: Path, what: str, remedy: str) -> Finding:
    node = document.root.at(path)
    return Finding(document.name, node.place, dotted(path), what, remedy)


def _list(codes: set[str]) -> str:
    return ", ".join(sorted(codes)) or "(none)"
