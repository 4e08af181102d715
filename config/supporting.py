"""Checks of a desk's support plan against the policy that chases it and the election it hangs on."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from difflib import get_close_matches

from config.build.policy import OF_PROBLEMS, OF_REPORTS
from config.documents import Document
from config.errors import Finding, Path, dotted, shown
from config.words import iso
from rules.calendar import Anchor, Election
from rules.desk import Audience, Desk
from rules.duties import Duty
from rules.policy import Policy

_NOBODYS = OF_PROBLEMS | {Audience.SECRETARIAT}


def misfits(election: Document, desk: Document, policy: Document) -> Iterator[Finding]:
    """What a support plan names and the other two files lack: a stage, a ladder; or what both call by one name."""
    assert isinstance(election.value, Election)
    assert isinstance(desk.value, Desk)
    assert isinstance(policy.value, Policy)
    roles = {stage.role for stage in election.value.stages if stage.role}
    for n, own in enumerate(desk.value.preparations):
        if own.fits(election.code):
            yield from _stage(desk, ("support", n, "begins"), own.begins, roles, election.code)
    known = {duty.code for duty in policy.value.duties}
    for path, item in _fitting(desk.value, election.code):
        assert item.days is not None
        yield from _stage(desk, (*path, "by"), item.days.first, roles, election.code)
        if item.code in known:
            what = f"{shown(item.code)} is the code of a duty of {policy.code} too"
            yield _at(desk, (*path, "code"), what, "Give it another code")
        yield from _ladder(desk, policy.value, path, item)


def warnings(election: Election, desk: Document) -> Iterator[Finding]:
    """What is allowed but may not be meant: it is due when everything should stand already."""
    assert isinstance(desk.value, Desk)
    begins = {own.code: own.begins.on(election) for own in desk.value.preparations}
    for path, item in _fitting(desk.value, election.code):
        assert item.days is not None
        assert item.support is not None
        due, begun = item.days.first.on(election), begins[item.support.preparation]
        if due and begun and due > begun:
            what = f"{item.code} is due on {due}, after it is needed on {begun}"
            yield _at(desk, (*path, "by"), what, "Let it be due before, or look at `begins`")


def prepared(desk: Desk, election: str) -> Desk:
    """The desk with what it prepares for this election alone."""
    kept = tuple(own for own in desk.preparations if own.fits(election))
    return replace(desk, preparations=kept, support=tuple(item for _, item in _fitting(desk, election)))


def _fitting(desk: Desk, election: str) -> Iterator[tuple[Path, Duty]]:
    kept = {own.code for own in desk.preparations if own.fits(election)}
    return ((path, item) for path, item in items(desk) if item.support and item.support.preparation in kept)


def items(desk: Desk) -> Iterator[tuple[Path, Duty]]:
    """Every item as the file lists it, and where it stands. A confirmation stands in the line of what it confirms."""
    places = {own.code: n for n, own in enumerate(desk.preparations)}
    listed = dict.fromkeys(places, -1)
    for duty in desk.support:
        assert duty.support is not None
        preparation = duty.support.preparation
        listed[preparation] += not duty.support.confirms
        yield ("support", places[preparation], "items", listed[preparation]), duty


def _stage(desk: Document, path: Path, day: Anchor, roles: Collection[str], election: str) -> Iterator[Finding]:
    if day.role and day.role not in roles:
        near = get_close_matches(day.role, roles, 1, 0.6)
        what = f"hangs on a stage {shown(day.role)}, which {election} does not have"
        yield _at(desk, path, what, f"Did you mean {near[0]}?" if near else f"Name one of: {', '.join(sorted(roles))}")


def _ladder(desk: Document, policy: Policy, path: Path, item: Duty) -> Iterator[Finding]:
    """It chases whoever owes a report, in the words of reports."""
    ladder, at = policy.ladders.get(item.ladder), (*path, "ladder")
    if ladder is None:
        what = f"{item.code} climbs a ladder {shown(item.ladder)}, which {policy.code} does not have"
        yield _at(desk, at, what, f"Write it under `ladders` there, or name one of: {', '.join(policy.ladders)}")
        return
    wrong = next((rung for rung in ladder.rungs if rung.say not in OF_REPORTS or rung.tell in _NOBODYS), None)
    if wrong:
        what = f"{shown(ladder.code)} says {wrong.say} to {wrong.tell}, which no support item can mean"
        yield _at(desk, at, what, "Use a ladder that reminds and warns reporter, team, coordinator, secretary, chair")
    elif item.closes <= ladder.rungs[0].at:
        what = f"{iso(item.closes)} is over before {shown(ladder.code)} says its first word"
        yield _at(desk, (*path, "closes"), what, "Let it be chased for longer")


def _at(desk: Document, path: Path, what: str, remedy: str) -> Finding:
    node = desk.root.at(path)
    return Finding(desk.name, node.place, dotted(path), what, remedy)
