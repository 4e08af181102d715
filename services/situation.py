"""The situation of a programme now, from all that its reports say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.matters import said
from rules import situation
from rules.forms import Figure, Form, Indicator
from rules.programme import Programme
from rules.situation import Milestone, Situation, Version


def look(
    session: Session,
    programme_id: int,
    programme: Programme,
    forms: Mapping[str, Form],
    areas: Sequence[str],
    *,
    now: datetime,
) -> Situation:
    """What is known of these districts, in the order given, and of every group that some form asks for."""
    return of(heard(session, programme_id, programme, forms, areas, now=now), programme, forms, areas, now=now)


def of(
    versions: Sequence[Version], programme: Programme, forms: Mapping[str, Form], areas: Sequence[str], *, now: datetime
) -> Situation:
    """`look`, from what was heard."""
    day = now.astimezone(ZoneInfo(programme.desk.zone)).date()
    fades_after = programme.policy.fades_after(programme.election, day)
    return situation.situation(versions, areas, list(groups(programme, forms)), fades_after=fades_after, now=now)


def heard(
    session: Session,
    programme_id: int,
    programme: Programme,
    forms: Mapping[str, Form],
    areas: Sequence[str],
    *,
    now: datetime,
) -> list[Version]:
    """What the reports of these districts say, as it is known now."""

    def groups(duty: str, slot: str) -> list[str]:
        return asked(programme, forms, duty, slot)

    return said.versions(session, programme_id, areas, groups, known_at=now)


def asked(programme: Programme, forms: Mapping[str, Form], duty: str, slot: str) -> list[str]:
    """The indicator groups that the report of a duty and slot is asked about."""
    own = next((own for own in programme.policy.duties if own.code == duty), None)
    form = forms.get(own.of(slot).form) if own else None
    return [indicator.code for indicator in form.indicators] if form else []


def milestones(
    session: Session,
    programme_id: int,
    programme: Programme,
    forms: Mapping[str, Form],
    areas: Sequence[str],
    *,
    now: datetime,
) -> dict[str, dict[str, Milestone | None]]:
    """By the name of each milestone that some district reached, how far each district is; in the order of the forms."""
    return reached(heard(session, programme_id, programme, forms, areas, now=now), programme, forms, areas)


def reached(
    versions: Sequence[Version], programme: Programme, forms: Mapping[str, Form], areas: Sequence[str]
) -> dict[str, dict[str, Milestone | None]]:
    """`milestones`, from what was heard."""
    by_area: dict[str, list[Version]] = {area: [] for area in areas}
    for version in versions:
        by_area[version.area].append(version)
    named: dict[str, dict[str, Milestone | None]] = {}
    for group, figure in figures(programme, forms).values():
        own = {
            area: situation.milestone(said, area, group, figure, programme.desk.counts(programme.election.code, area))
            for area, said in by_area.items()
        }
        if any(own.values()):
            named[figure.name] = own
    return named


def figures(programme: Programme, forms: Mapping[str, Form]) -> dict[str, tuple[str, Figure]]:
    """Every number that is a milestone, by its code, with the indicator group that asks for it."""
    named = [form for duty in programme.policy.reporting for form in (*(each.form for each in duty.each), duty.form)]
    by_code: dict[str, tuple[str, Figure]] = {}
    for form in dict.fromkeys(named):
        for indicator in forms[form].indicators if form in forms else ():
            for figure in indicator.figures:
                if figure.of:
                    by_code.setdefault(figure.code, (indicator.code, figure))
    return by_code


def groups(programme: Programme, forms: Mapping[str, Form]) -> dict[str, Indicator]:
    """Every indicator group that a report of this programme is asked about, in the order in which forms name them."""
    by_code: dict[str, Indicator] = {}
    for form in programme.policy.forms:
        for indicator in forms[form].indicators if form in forms else ():
            by_code.setdefault(indicator.code, indicator)
    return by_code
