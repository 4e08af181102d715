"""How districts and teams do in a period, for whoever guides them; and what is written of a team after a stage."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.machine import clock
from models.matters import guiding, numbers, treating
from models.matters.guiding import Evaluation
from models.matters.treating import Granted
from rules.advice import Passed, words
from rules.guidance import TEXT, Guided, sentences
from rules.indonesian import local_date
from rules.people import owing
from rules.programme import Programme
from rules.recap import Period, Split, recap
from services import recap as counting

WRITTEN = "evaluated"


class Seen(NamedTuple):
    """One district: its counts, and what was asked to be improved, with the reason."""

    area: str
    counts: Guided
    returned: list[Granted]


def districts(
    session: Session, id: int, programme: Programme, areas: Collection[str], own: Period, *, now: datetime
) -> list[Seen]:
    """These districts in the file's order, about what fell due in the period."""
    after, until = own.bounds(programme.desk.zone)
    span = {"after": after, "until": min(until, now)}
    names = [district.code for district in programme.desk.districts if district.code in areas]
    rows = counting.rows(session, id, programme, own, areas=names, now=now)
    lines = {line.code: line.counts for line in recap(rows, programme, Split.AREA, names, now=now)}
    remarked = guiding.remarked(session, id, names, **span)
    promised = guiding.promised(session, id, names, **span)
    advised = guiding.advised(session, id, **span)
    returned = [one for one in treating.granted(session, id, names, **span) if one.what == "returned"]
    seen = []
    for area in names:
        counts, reporter = lines[area], owing(programme.desk, area)[0]
        due = [came is not None and came <= at for place, at, came in promised if place == area and at <= now]
        told = [answered for office, answered in advised if office == reporter]
        back = [one for one in returned if one.area == area]
        seen.append(
            Seen(
                area,
                Guided(
                    due=counts.due,
                    on_time=counts.on_time,
                    late=counts.late,
                    missing=counts.missing,
                    ours=counts.ours,
                    waived=counts.waived,
                    nil=counts.nil,
                    partial=counts.partial,
                    remarked=remarked.get(area, 0),
                    returned=len(back),
                    promised=len(due),
                    kept=sum(due),
                    advised=len(told),
                    answered=sum(told),
                ),
                back,
            )
        )
    return seen


class Stage(NamedTuple):
    """A stage that is over, with its days."""

    code: str
    name: str
    days: Period


def ended(programme: Programme, *, now: datetime) -> list[Stage]:
    """The stages at home that are over, the last first; those without both dates are not known to be."""
    today = local_date(now, programme.desk.zone)
    found = []
    for stage in programme.election.stages:
        known = stage.version(today)
        if stage.active and not stage.overseas and known and known.start and known.end and known.end < today:
            found.append(Stage(stage.code, stage.name, Period(known.start, known.end)))
    return sorted(found, key=lambda own: own.days.last, reverse=True)


class Evaluated(NamedTuple):
    """A team after a stage: what the facts say, and the versions that people wrote, the last first."""

    team: str
    name: str
    draft: str
    versions: list[Evaluation]


def evaluations(
    session: Session, id: int, programme: Programme, stage: Stage, teams: Collection[str], *, now: datetime
) -> list[Evaluated]:
    """These teams in the file's order. The draft is made anew from the books each time."""
    written = guiding.evaluations(session, id, stage.code)
    own = [team for team in programme.desk.teams if team.code in teams]
    areas = {area for team in own for area in team.districts}
    seen = {one.area: one.counts for one in districts(session, id, programme, areas, stage.days, now=now)}
    made = []
    for team in own:
        counts = Guided()
        for area in team.districts:
            counts = counts.plus(seen[area])
        made.append(Evaluated(team.code, team.name, sentences(team.name, counts), written.get(team.code, [])))
    return made


def write(session: Session, id: int, *, team: str, stage: str, text: str, seen: int, hand: Hand, now: datetime) -> None:
    """Write what is thought of a team, as a new version. The same again is one.

    Raises:
        NotTaken: nothing is said, or somebody else wrote meanwhile.
    """
    said = words(text, TEXT)
    clock.alone(session, numbers.NUMBERS)
    before = guiding.evaluations(session, id, stage).get(team, [])
    if before and before[0].text == said:
        return
    if len(before) != seen:
        raise Passed(f"{team}: somebody else wrote its evaluation meanwhile")
    session.add(
        Evaluation(programme_id=id, team=team, stage=stage, text=said, written_by=hand.office_id, written_at=now)
    )
    changes.record(session, hand, WRITTEN, team, id, text=stage, now=now)
