"""Gates before a preparation begins: plan them a week ahead, and say how it stands when one has come."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.machine import clock
from models.matters import gates, matters
from rules import gates as rule
from rules import indonesian, readiness
from rules.forms import Form
from rules.gates import Gate
from rules.programme import Programme
from rules.readiness import Blocked, Counted
from rules.rollcalls import Answered
from rules.summary import Section
from rules.support import Preparation
from services import readiness as support
from services import rollcalls

NAMED = 3
"""So many items that hold up others are named."""


class Stand(NamedTuple):
    """How ready a preparation is before it begins; the figures that the page of readiness prints."""

    programme: Programme
    preparation: Preparation
    counted: Counted
    asked: Answered | None
    blocked: tuple[Blocked, ...]

    @property
    def words(self) -> str:
        return readiness.lacking(self.counted, self.asked)


def due(programme: Programme, *, now: datetime) -> list[Gate]:
    """The gates that are to be planned now."""
    policy = programme.policy.gates
    return rule.due(policy, programme.desk, programme.election, now=now) if policy else []


def plan(session: Session, programme_id: int, programme: Programme, coming: Iterable[Gate], *, now: datetime) -> int:
    """Plan these gates; how many are new. One that is planned already comes at its new time. Safe to repeat."""
    policy, wanted = programme.policy.gates, {own.key(programme.code): own.since for own in coming}
    if policy is None or not wanted:
        return 0
    clock.alone(session, clock.LOOK)
    missing = wanted.keys() - matters.known(session, wanted)
    for key in sorted(wanted.keys() - missing):
        gates.move(session, key, wanted[key], now=now)
    for key in sorted(missing):
        area, since = programme.desk.regency_code, wanted[key]
        gates.add(session, programme_id, key, area=area, ladder=policy.ladder, since=since, now=now)
    return len(missing)


def stand(
    session: Session, programme_id: int, programme: Programme, named: Mapping[str, Form], key: str, *, now: datetime
) -> Stand | None:
    """How what a gate is of stands now; None: the plan has no such preparation any more."""
    desk = programme.desk
    own = next((each for each in desk.preparations if each.code == rule.preparation(key)), None)
    if own is None:
        return None
    items = readiness.of(support.look(session, programme_id, programme, named, now=now), own.code)
    everywhere = [each.code for each in desk.districts]
    asked = rollcalls.answered(session, programme_id, programme, everywhere, now=now)
    return Stand(programme, own, readiness.count(items, now=now), asked, tuple(readiness.blocked(items, desk)))


def section(stand: Stand) -> Section:
    """What a mail says of it: when it begins, how it stands, and what holds up the rest. No line of a checklist."""
    begins = stand.preparation.begins.on(stand.programme.election)
    lines = [f"Mulai {indonesian.day(begins)}."] if begins else []
    lines.append(f"{readiness.words(stand.counted)}.".capitalize())
    if stand.asked and stand.asked.lacking:
        lines.append(f"Apel kontak {stand.asked.name}: {stand.asked.words}.")
    lines += [_holding(stand.programme, own) for own in stand.blocked[:NAMED]]
    return Section(stand.preparation.name, tuple(lines))


def _holding(programme: Programme, own: Blocked) -> str:
    whose = programme.desk.area_name(own.by.area)
    return f"Menahan {indonesian.number(len(own.waiting))} dukungan lain: {own.by.name}, {whose}."


def needless(programme: Programme, stand: Stand | None, since: datetime) -> str:
    """Why nobody has to hear of a gate; empty: the secretary has to."""
    policy, desk = programme.policy.gates, programme.desk
    if stand is None or policy is None:
        return rule.MOVED
    if not rule.stands(policy, desk, programme.election, Gate(stand.preparation.code, since)):
        return rule.MOVED
    return "" if readiness.short(stand.counted, stand.asked) else rule.READY
