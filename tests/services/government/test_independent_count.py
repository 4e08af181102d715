"""Every figure of a report to the Government is counted again from the rows of the books, by plain Python.

The periods are made up: at the turn of a year, around 29 February, in three zones, under calendars that were amended,
beside another election of the same desk, of every kind of report. Nothing here asks a query what counts.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from sqlalchemy import insert
from sqlalchemy.orm import sessionmaker

from config import loader
from models.base import connect, table
from models.desk.changes import Change
from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from reports.government.figures import COUNTS, printed
from rules.calendar import Version
from rules.filing import Content, Standing
from rules.government import PLAIN, Covers
from rules.policy import Severity
from rules.programme import Programme
from services.government.gathering import gather
from tests import migrated
from tests.services.government.books import DISTRICTS, FIRST_OF_TEAM, MINUTE, TEAM, Books, World, worlds, zone_of

ROOT = Path(__file__).parents[3]


@cache
def _programme() -> Programme:
    files = ROOT / "tests/stories/files"
    paths = (files / "pemilihan.yaml", files / "tiga-kecamatan.yaml", ROOT / "config/policies/default.yaml")
    election, desk, policy = (loader.read(path).value for path in paths)
    return Programme(election, desk, policy, frozenset(), date(2029, 12, 31), "")


def _amended(programme: Programme, zone: str, moved: int) -> Programme:
    """The desk in a zone, one district in another, under a calendar that was moved by days."""
    desk = programme.desk
    districts = tuple(replace(d, zone=zone_of(d.code, zone)) for d in desk.districts)
    stages = tuple(
        replace(stage, versions=(*stage.versions, _moved(stage.versions[-1], moved))) if moved else stage
        for stage in programme.election.stages
    )
    election = replace(programme.election, stages=stages)
    addressees = {election.code: desk.addressees["default"]}
    own = replace(desk, zone=zone, districts=districts, addressees=addressees)
    return replace(programme, desk=own, election=election)


def _moved(own: Version, days: int) -> Version:
    shift = timedelta(days=days)
    start, end = own.start and own.start + shift, own.end and own.end + shift
    return replace(own, known_from=date(2024, 1, 2), start=start, end=end)


def _lasts(books: Books) -> tuple[datetime, datetime]:
    """The first instant of the period, and the first after it."""
    world, instant = books.world, timedelta(microseconds=1)
    begin = books.midnight(books.first)
    if world.covers is Covers.DAY and world.before is not None:
        begin = min(begin, begin + world.before * MINUTE + instant)
    hours = world.covers in (Covers.DAY, Covers.MOMENT)
    return begin, min(books.end, books.cut_off + instant) if hours else books.end


def _reports(books: Books) -> Counter[str]:
    """District by district, all of it and what came after; each report as it stood at the cut-off."""
    found: Counter[str] = Counter()
    begin, end = _lasts(books)
    matters = {own.id: own for own in books.of(Matter)}
    for own in books.of(Obligation):
        matter = matters[own.id]
        of_period = begin <= own.due_at < end
        if own.standing is Standing.CANCELLED or matter.programme_id != 1 or matter.area == "63.04":
            continue
        if own.due_at > books.cut_off or own.due_at < begin:
            continue
        area = FIRST_OF_TEAM if matter.area == TEAM else matter.area
        names = ["reports", f"district.{area}"] if of_period else ["since.reports"]
        for name in names:
            found.update(f"{name}.{what}" for what in _stood(books, own))
        judged_by = max(own.due_at, own.extended_until or own.due_at)
        missing = "missing" in _stood(books, own) and judged_by <= books.cut_off  # as the letter counts it
        found["late"] += of_period and ("late" in _stood(books, own) or missing)
    return found


def _stood(books: Books, own: SimpleNamespace) -> list[str]:
    came: list[SimpleNamespace] = []
    for version in books.of(Report):
        if version.obligation_id == own.id and version.received_at <= books.cut_off:
            came = [] if version.content is Content.WITHDRAWN else [*came, version]
    decided = [c.what for c in books.of(Change) if c.matter_id == own.id and c.at <= books.cut_off]
    if came:
        late = came[0].received_at > max(own.due_at, own.extended_until or own.due_at)
        kind = str(came[-1].content)
        on_time = {"nil": "nil_on_time"}.get(kind, "filled_on_time")
        return ["owed", "received", kind, "late" if late else on_time]
    return ["owed", "waived" if decided[-1:] == ["waived"] else "missing"]


def _problems(books: Books) -> Counter[str]:
    found: Counter[str] = Counter()
    begin, end = _lasts(books)
    matters = {own.id: own for own in books.of(Matter)}
    special = books.world.covers is Covers.PROBLEM
    for own in books.of(Issue):
        if matters[own.id].programme_id != 1 or (special and matters[own.id].code != books.slot):
            continue
        steps = [step for step in books.of(IssueEvent) if step.issue_id == own.id]
        known = [step for step in steps if step.at <= books.cut_off]
        ends = [step for step in known if step.step in (Step.RESOLVED, Step.MERGED, Step.REOPENED)]
        over = ends[-1] if ends and ends[-1].step is not Step.REOPENED else None
        if not special and (own.opened_at > books.cut_off or (over and (over.step is Step.MERGED or over.at < begin))):
            continue
        name = "problems" if special or own.opened_at < end else "since.problems"
        if _secret(own, steps, books.cut_off):
            found[f"{name}.restricted"] += 1
            continue
        status = "resolved" if over else _how_far(known, books.cut_off)
        for prefix in (name, f"{name}.{own.category}") if name == "problems" else (name,):
            found[prefix] += 1
            found[f"{prefix}.{status}"] += 1
            found[f"{prefix}.unresolved"] += not over
        found[f"{name}.grave"] += own.severity is Severity.HIGH and not over
        if name == "problems":
            found["problems.before"] += books.local_day(own.opened_at, matters[own.id].area) < books.first
    return found


def _how_far(known: list[SimpleNamespace], cut_off: datetime) -> str:
    turns = [s for s in known if s.step in (Step.ACKNOWLEDGED, Step.POSTPONED, Step.RESOLVED, Step.REOPENED)]
    if turns and turns[-1].until and turns[-1].until > cut_off:
        return str(turns[-1].step)
    return "followed_up" if any(step.step is Step.FOLLOWED_UP for step in known) else "open"


def _secret(own: SimpleNamespace, steps: list[SimpleNamespace], cut_off: datetime) -> bool:
    """Restricted now, or at the cut-off."""
    turns = [step for step in steps if step.step in (Step.RESTRICTED, Step.UNRESTRICTED)]
    later = [step for step in turns if step.at > cut_off]
    then = later[0].step is Step.UNRESTRICTED if later else own.restricted
    return bool(own.restricted or then)


def _counted(books: Books) -> Counter[str]:
    if books.world.covers is Covers.PROBLEM:  # it tells of its one problem alone, and names its district
        told = _problems(books)
        return told + Counter({"districts": told["problems"], "districts.complete": told["problems"]})
    found = _reports(books) + _problems(books)
    missing = sum(found[f"district.{area}.missing"] > 0 for area in DISTRICTS)
    found.update({"districts": len(DISTRICTS), "districts.missing": missing})
    found["districts.complete"] = len(DISTRICTS) - missing
    return found


OURS = ("reports.", "district.", "districts", "problems", "since.")


def _agree(session, world: World) -> None:
    books = Books(world)
    for model, rows in books.rows.items():
        for row in rows:
            session.connection().execute(insert(table(model)), row)
    programme = _amended(_programme(), world.zone, world.moved)
    kind = replace(PLAIN, covers=world.covers)
    facts = gather(session, 1, programme, {}, kind, session.get_one(Obligation, books.own)).facts
    figures, rows = printed(facts), _counted(books)
    own = {name: value for name, value in figures.items() if name.startswith(OURS)}
    alone = world.covers is Covers.PROBLEM
    if not alone:
        own["late"] = figures["late"]
    assert {name: value for name, value in own.items() if value} == {n: v for n, v in rows.items() if v}
    assert {f"reports.{name}" for name in COUNTS} <= own.keys()
    assert (facts.since is not None) == (not alone and books.cut_off >= _lasts(books)[1])


def _engine(url):
    engine = connect(url, durable=False)
    yield sessionmaker(engine, expire_on_commit=False)
    engine.dispose()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory):
    yield from _engine(migrated.sqlite(tmp_path_factory.mktemp("count") / "desk.db"))


@pytest.fixture(scope="module")
def postgresql(postgres, _migrated_postgres):
    postgres.empty(_migrated_postgres)
    yield from _engine(postgres.url(_migrated_postgres))


@given(worlds())
@settings(max_examples=100)
def test_every_figure_of_any_period_equals_what_anybody_counts_from_the_rows(sqlite, world):
    with sqlite() as session:
        _agree(session, world)


@given(worlds())
@settings(max_examples=15, derandomize=True)
def test_it_does_on_the_other_database_too(postgresql, world):
    with postgresql() as session:
        _agree(session, world)
