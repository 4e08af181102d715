"""What the system sees by itself when it looks at reports beside their neighbours: that many are silent at once.

Every report is looked at when it is due, when it has been silent for long, and when it comes in
(`obligation.look_at`). What is found is a row with its reason, and is told once.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.machine import clock
from models.matters import obligations, silences, tasks
from models.matters.obligations import Looked
from models.matters.silences import Lasting, Owed, Silence
from models.messages import channels, other_ways
from models.offices import offices
from rules import indonesian, levels, opening, people, silence
from rules.filing import Content, Standing, judged_by
from rules.programme import Programme
from rules.silence import Silence as Policy
from rules.tasks import Why
from services.opening import look as open_by_itself


def look(session: Session, live: Mapping[int, Programme], aside: Collection[int], *, now: datetime) -> int:
    """Look at all that is due; how much that was. One process does it at a time. Harmless to repeat.

    Args:
        aside: programmes that cannot be read: theirs waits.
    """
    clock.alone(session, clock.LOOK)
    due = [own for own in obligations.looked_for(session, now=now) if own.programme_id not in aside]
    hindered = any(own.standing is Standing.OWED for own in due) and _hindered(session)
    obligations.look(session, {own.id: _next(live.get(own.programme_id), own, hindered, now) for own in due})
    lasting = silences.concerned(session, {own.programme_id for own in due}, now=now)
    programmes = {own.programme_id for own in due} | {own.programme_id for own in lasting}
    for id in programmes.intersection(live):
        own = [looked for looked in due if looked.programme_id == id]
        _silences(session, id, live[id], own, [one for one in lasting if one.programme_id == id], hindered, now)
        if counting := [one for one in own if _counts(one, hindered, now)]:
            open_by_itself(session, id, live[id], counting, now=now)
    return len(due) + sum(own.look_at is not None and own.look_at <= now for own in lasting)


def _hindered(session: Session) -> bool:
    """Whether something keeps us from telling them, so that they may have nothing to answer."""
    down = (known.down_since for known in channels.every(session).values())
    return clock.marked(session, clock.HOLD) is not None or any(down)


def _counts(own: Looked, hindered: bool, now: datetime) -> bool:
    """Whether what a report does not say means anything now."""
    return own.standing is not Standing.OWED or not silence.excused(own.look_at, hindered=hindered, now=now)


def _next(programme: Programme | None, own: Looked, hindered: bool, now: datetime) -> datetime | None:
    """When to look at a report again; None: there is nothing more to see."""
    if programme is None:
        return None
    policy, opens = programme.policy.silence, programme.policy.opens
    if own.standing is Standing.RECEIVED:
        may_stand_out = own.content is Content.NIL and opens.incidents and programme.desk.neighbours.get(own.area)
        zone = programme.desk.zone_of(own.area)
        return opening.nil_again(own.received_at or now, ZoneInfo(zone), now=now) if may_stand_out else None
    after = [policy.after] if policy and own.duty in policy.duties else []
    after += [opens.silent_after[own.duty]] if own.duty in opens.silent_after else []
    if own.standing is not Standing.OWED or not after:
        return None
    if silence.excused(own.look_at, hindered=hindered, now=now):
        return now + min(after)
    judged = judged_by(own.due_at, own.extended_until)
    rests = [until for until in (own.promised_until, own.acknowledged_until) if until is not None]
    return opening.next_look([*(judged + length for length in after), *rests], after=now)


def _silences(
    session: Session,
    id: int,
    programme: Programme,
    due: Sequence[Looked],
    lasting: Sequence[Lasting],
    hindered: bool,
    now: datetime,
) -> None:
    """End the silences of districts that were heard, and see whether others began."""
    policy = programme.policy.silence
    if policy is None:
        silences.heard(session, [own.id for own in lasting], now=now)
        return
    judged = (own for own in due if own.duty in policy.duties and _counts(own, hindered, now))
    may_begin = any(_over(own, policy.after, now) for own in judged)
    owing = _owing(session, id, policy, now) if may_begin else []
    areas = {own.area for own in owing}
    if not lasting and not silence.groups(sorted(areas), programme.desk.neighbours, least=policy.districts):
        return  # too few, even if nothing was heard of any of them
    last = _last_heard(session, id, programme, areas | {own.area for own in lasting})
    over = [own for own in lasting if last.get(own.area, own.began_at) > own.began_at]
    silences.heard(session, [own.id for own in over], now=now)
    lasting = [own for own in lasting if own not in over]
    silences.look_again(session, [own.id for own in lasting], now + silence.LOOK_AGAIN)
    silent = {own.area: own for own in owing if last.get(own.area, own.opens_at) <= own.opens_at}
    begun = _begin(session, id, programme, lasting, silent, now) if may_begin else []
    _tell(session, id, programme, over, begun, lasting, now)


def _owing(session: Session, id: int, policy: Policy, now: datetime) -> list[Owed]:
    """What is owed still, so long after its time, and nobody asked for time or took it on."""
    owed = silences.owed(session, id, policy.duties, now=now)
    return [own for own in owed if own.judged_by + policy.after <= now and not own.rests]


def _over(own: Looked, after: timedelta, now: datetime) -> bool:
    """Whether a report is owed still, so long after its time."""
    return own.standing is Standing.OWED and judged_by(own.due_at, own.extended_until) + after <= now


def _last_heard(session: Session, id: int, programme: Programme, areas: Collection[str]) -> dict[str, datetime]:
    """By district of these, when its report came in or its reporter last gave a sign; none: not within its chase."""
    desk = programme.desk
    ids = offices.ids_of(session, desk.code)
    reporters = {own.code: ids[people.owing(desk, own.code)[0]] for own in desk.districts if own.code in areas}
    signs = other_ways.signs(session, reporters.values())
    came = silences.last_reports(session, id, areas)
    heard = {area: [at for at in (signs.get(office), came.get(area)) if at] for area, office in reporters.items()}
    return {area: max(times) for area, times in heard.items() if times}


def _begin(
    session: Session,
    id: int,
    programme: Programme,
    lasting: Sequence[Lasting],
    silent: Mapping[str, Owed],
    now: datetime,
) -> list[Silence]:
    """The districts that join a silence now: enough neighbours of whom nothing was heard."""
    policy, desk = programme.policy.silence, programme.desk
    assert policy is not None
    known = {own.area: own for own in lasting}
    places = [own.code for own in desk.districts if own.code in silent or own.code in known]
    begun = list[Silence]()
    for group in silence.groups(places, desk.neighbours, least=policy.districts):
        told = {people.coordinator(desk, area): known[area].task for area in group if area in known}
        for area in (area for area in group if area not in known):
            lead = people.coordinator(desk, area)
            begun.append(
                Silence(
                    programme_id=id,
                    area=area,
                    began_at=now,
                    look_at=now + silence.LOOK_AGAIN,
                    task=told.get(lead) or f"{id}/{lead}/{now:%Y-%m-%dT%H:%M}",
                    reason=f"{silent[area].duty}: nothing heard; so in {', '.join(group)}"[:500],
                )
            )
    session.add_all(begun)
    session.flush()
    return begun


def _tell(
    session: Session,
    id: int,
    programme: Programme,
    over: Sequence[Lasting],
    begun: Sequence[Silence],
    lasting: Sequence[Lasting],
    now: datetime,
) -> None:
    """One task for the coordinator of each silence, with the districts that are silent now; it ends with the last."""
    policy, desk = programme.policy.silence, programme.desk
    assert policy is not None
    silent = [(own.area, own.task) for own in lasting] + [(own.area, own.task) for own in begun]
    for subject in sorted({own.task for own in over} | {own.task for own in begun}):
        areas = {area for area, task in silent if task == subject}
        if not areas:
            tasks.done(session, Why.SILENCE, subject, now=now)
            continue
        ordered = [own for own in desk.districts if own.code in areas]
        text = levels.named(desk.level, indonesian.listed([own.name for own in ordered]))[:500]
        if any(own.task == subject for own in begun):
            place = ordered[0].code
            tasks.open_(session, id, Why.SILENCE, subject, text, now=now, ladder=policy.ladder, area=place)
        tasks.reword(session, Why.SILENCE, subject, text)
