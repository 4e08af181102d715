"""The readiness of a programme's support at a moment: its items with what offices answered."""

from collections.abc import Collection, Mapping, Set
from datetime import datetime

from sqlalchemy.orm import Session

from models.matters import compiling, said
from models.matters.compiling import Owed
from rules import access, forms, readiness
from rules.duties import Duty
from rules.filing import Standing
from rules.forms import PLAIN, Condition, Form
from rules.indonesian import local_date
from rules.programme import Programme
from rules.readiness import Item
from services import rollcalls

Secret = Set[tuple[str, str]]


def look(
    session: Session, programme_id: int, programme: Programme, named: Mapping[str, Form], *, now: datetime
) -> list[Item]:
    """Every support item as it stands, or stood, at `now`: in the order of the plan, then of places in the file.

    Args:
        named: all forms, by code.
    """
    duties = {duty.code: duty for duty in programme.desk.support}
    if not duties:
        return []
    owed = compiling.owed(session, programme_id, after=None, until=None, known_at=now, duties=list(duties))
    told = said.bodies(session, [row.id for row in owed if row.standing is Standing.RECEIVED], known_at=now)
    order = list(duties)
    items = [
        _item(duties[row.duty], row, told.get(row.id, {}), named.get(duties[row.duty].form, PLAIN)) for row in owed
    ]
    places = {place: n for n, place in enumerate(access.places(programme.desk))}
    return sorted(items, key=lambda own: (order.index(own.duty), places.get(own.area, len(places)), own.area))


def confided(programme: Programme, named: Mapping[str, Form], own: Item, secret: Secret) -> set[str]:
    """The places in which a line of it may be what a restricted problem is about: who may not read that reads no line.

    Args:
        secret: places and what lies there, as `confiding.places`.
    """
    form = named.get(programme.policy.duty(own.duty).form)
    lines = {what for line in (form.indicators if form else ()) for what in (line.code, line.category)}
    return {area for area in readiness.served(own, programme.desk) for what in lines if (area, what) in secret}


def headlines(
    session: Session,
    programme_id: int,
    programme: Programme,
    named: Mapping[str, Form],
    areas: Collection[str],
    *,
    now: datetime,
) -> list[tuple[str, str]]:
    """Each preparation that is not under way yet, with how ready what serves these districts is, in words; then how
    many of their offices have answered the roll call.
    """
    today = local_date(now, programme.desk.zone)
    ahead = [own for own in programme.desk.preparations if (on := own.begins.on(programme.election)) and on >= today]
    items = look(session, programme_id, programme, named, now=now) if ahead else []
    theirs = [own for own in items if not set(areas).isdisjoint(readiness.served(own, programme.desk))]
    counted = [(own.name, readiness.count(readiness.of(theirs, own.code), now=now)) for own in ahead]
    lines = [(name, readiness.words(own)) for name, own in counted if own.total]
    asked = rollcalls.answered(session, programme_id, programme, areas, now=now) if lines else None
    return [*lines, (f"Apel kontak {asked.name}", asked.words)] if asked else lines


def _item(duty: Duty, row: Owed, body: Mapping[str, object], form: Form) -> Item:
    """A line that nobody answered is one that is not known to be ready."""
    looked = forms.looked_at(body)
    answers = {own.code: forms.condition(looked.get(own.code, {})) or Condition.UNSEEN for own in form.indicators}
    assert duty.support is not None
    done = (Condition.READY, Condition.NOT_OURS)
    return Item(
        code=row.code,
        duty=duty.code,
        name=duty.name,
        area=row.area,
        support=duty.support,
        due_at=row.due_at,
        standing=row.standing,
        received_at=row.received_at,
        extended_until=row.extended_until,
        answers=answers if looked else {},
        lacking=tuple(own.name for own in form.indicators if answers[own.code] not in done) if looked else (),
        opens_at=row.opens_at,
    )
