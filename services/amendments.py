"""Writes a changed calendar, desk or policy into the books of a programme, in the caller's transaction.

It carries out what `rules.amending` decided about each report. Cases that have begun keep their ladder, unless whoever
amends says otherwise; every other open matter moves to the changed ladders.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import matters, obligations
from models.matters.matters import Due, Kind
from models.messages import messages, notices, releasing, untold
from models.messages.notices import About
from models.offices import offices
from rules import amending, carrying, ladder, moot, people
from rules.amending import Act, Known, Step
from rules.ladder import Ladder, Say
from rules.programme import Programme
from services import handovers, summaries, telling

DONE = {Act.MOVE: "moved", Act.ADJUST: "adjusted", Act.CANCEL: "cancelled", Act.MAKE: "made"}
"""How a step is called in the record of changes."""

TOLD = {Act.MOVE: Say.AMENDED, Act.CANCEL: Say.DROPPED}
"""What an office that was told of the report before hears about a step."""

WHY = "amended"


@dataclass(frozen=True)
class Amendment:
    """A programme as it was (None: that cannot be read) and as it is to be; `files`: the names of what changes it.

    `under`: the digest of the policy that was in force. `also_open`: cases that have begun take the changed ladders
    too.
    """

    id: int
    before: Programme | None
    after: Programme
    files: str
    under: str = ""
    also_open: bool = False


class Done(NamedTuple):
    """What became of each report, and by natural key the codes of the offices that are told of it.

    `kept`: how many open cases go on by the ladder of an earlier policy. `carried`: how many moved to another.
    """

    steps: list[Step]
    told: Mapping[str, list[str]]
    kept: int = 0
    carried: int = 0


def carry_out(session: Session, amendment: Amendment, *, hand: Hand, now: datetime) -> Done:
    """Do to every report and open matter of a programme what the amendment means.

    They are locked meanwhile: a report that comes in waits, and a message in a worker's hands counts as told.

    Raises:
        NotTaken: something that stays needs a district, a duty or a ladder that would be gone.
    """
    id, after = amendment.id, amendment.after
    messages.lock(session, after.desk.code)
    summaries.drop(session, id, now=now)
    open_ = matters.still_open(session, id)
    steps = amending.plan(_planned(obligations.known(session, id), after), after.obligations(), now=now)
    ids = {key: matter for key, (matter, _) in matters.numbers(session, id).items()}
    touched = {ids[step.report.key]: step for step in steps if step.before and step.act is not Act.KEEP}
    stays = {matter.ladder for matter in open_.values() if matter.ladder and matter.id not in touched}
    amending.check(amendment.before, after, steps, areas=matters.areas(session, id), ladders=stays)
    anew = [matter_id for matter_id, step in touched.items() if step.act is not Act.ADJUST]
    heard, told = notices.heard(session, id), dict[str, list[str]]()
    unsaid = notices.unsaid(session, anew, Say.AMENDED)
    untold.give_up(session, anew, WHY)
    for matter_id, step in touched.items():
        known_as = _known_as(step, said=matter_id not in unsaid)
        if step.act in TOLD and matter_id in open_ and known_as != step.since:
            told[step.report.key] = _tell(session, after, step, open_[matter_id], heard.get(matter_id, set()), now)
        knows = bool(told.get(step.report.key)) or known_as == step.since
        _change(session, amendment, step, matter_id, now, knows=knows)
        if known_as:
            by = amending.moved_by(amendment.before, after, step)
            obligations.moved(session, matter_id, known_as, by)
    goes_on = [(m, touched.get(m.id)) for m in open_.values() if m.id not in anew]
    _spare(session, amendment, goes_on)
    kept = dict(_kept(amendment, goes_on, now))
    matters.keep_under(session, {m.id: kept.get(m.id, "") for m, _ in goes_on if m.policy != kept.get(m.id, "")})
    looks = list(_looks(amendment, goes_on, kept, now))
    matters.move(session, (look for look, _ in looks), now=now)
    releasing.decide_anew(session, id, now=now)
    summaries.plan(session, id, after, after=now)
    new = [step.report for step in steps if step.act is Act.MAKE and step.before is None]
    obligations.put(session, id, (obligations.planned(after, owed) for owed in new), now=now)
    _record(session, amendment, steps, len(kept), hand, now)
    return Done(steps, told, len(kept), sum(carried for _, carried in looks))


def _known_as(step: Step, *, said: bool) -> datetime | None:
    """By when offices know a report that is moved to be due: where nobody was `said` of its last move, as before that.

    None: it is not moved.
    """
    if step.act is not Act.MOVE or step.before is None:
        return None
    return step.before.by if said else step.before.moved_from or step.before.by


def _planned(known: Mapping[str, Known], after: Programme) -> dict[str, Known]:
    """Without the reports that somebody asked for: no calendar makes them, and none takes them away."""
    asked = {duty.code for duty in after.policy.duties if duty.days is None}
    return {key: one for key, one in known.items() if one.owed.duty not in asked}


def withdraw(session: Session, desk: str, named: Collection[str], *, now: datetime) -> None:
    """Tell nothing more to offices that no longer belong to the desk. Their rows stay, for what they did."""
    gone = [id for code, id in offices.ids_of(session, desk).items() if code not in named]
    contacts = [contact.id for own in offices.current(session, gone).values() for contact in own]
    releasing.put_back(session, messages.take_back(session, contacts, now=now), now=now)
    untold.withhold(session, gone, "no longer an office of the desk", now=now)
    for id in gone:
        handovers.shut(session, id, now=now)


def span(step: Step) -> str:
    """The old and the new due time, in local time and without words."""
    before = _at(step.before.by, step.before.owed.zone) if step.before else ""
    after = _at(step.since, step.report.zone) if step.after else ""
    return " -> ".join(dict.fromkeys(part for part in (before, after) if part))


def _at(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H.%M %Z}"


def _spare(session: Session, amendment: Amendment, goes_on: Collection[tuple[Due, Step | None]]) -> None:
    """Tell nothing more about a report to offices that no longer answer for it."""
    if amendment.before is None or amendment.before.desk == amendment.after.desk:
        return
    before, after = amendment.before.desk, amendment.after.desk
    ids = offices.ids_of(session, after.code)
    for matter, _ in goes_on:
        gone = {*people.asked(before, matter.area)} - {*people.asked(after, matter.area)}
        if gone and matter.kind is Kind.OBLIGATION:
            untold.give_up(session, [matter.id], WHY, to=[ids[code] for code in gone if code in ids])


def _tell(
    session: Session, programme: Programme, step: Step, matter: Due, heard: Collection[str], now: datetime
) -> list[str]:
    """Tell the offices that were told of a report, and still answer for it, what became of it; their codes."""
    owed = step.report
    climbs = _ladder(programme, owed.ladder)
    urgent = climbs is not None and climbs.urgent
    say = TOLD[step.act]
    about = About(matter.id, owed.ladder, matter.round + (step.act is Act.MOVE), say)
    return [
        code
        for code in people.asked(programme.desk, owed.area)
        if code in heard and telling.tell(session, programme, code, about, say, urgent=urgent, now=now)
    ]


def _change(session: Session, amendment: Amendment, step: Step, id: int, now: datetime, *, knows: bool) -> None:
    """Cancel a report, or write it as it is from now on; a new time begins a new round.

    An office that knows the new time, because it is told or never knew another, does not also hear a reminder whose
    time has passed.
    """
    if step.act is Act.CANCEL:
        obligations.cancel(session, id, f"{step.why} ({amendment.files})"[:500])
        matters.close(session, id, why=moot.DROPPED, now=now)
        return
    programme, owed = amendment.after, step.report
    obligations.amend(session, id, obligations.planned(programme, owed))
    matters.amend(session, id, ladder=owed.ladder, closes_after=owed.closes_after)
    if step.act is Act.ADJUST:
        return
    grace = programme.desk.grace(owed.area, owed=True)
    fresh = ladder.Matter(step.since, closes_after=owed.closes_after, grace=grace)
    climbs = programme.policy.ladder(owed.ladder)
    if knows:
        fresh = replace(fresh, reached=carrying.passed(fresh, climbs, now=now), told_at=now)
    matters.restart(
        session,
        id,
        since=step.since,
        closes_after=owed.closes_after,
        next_at=ladder.next_at(fresh, climbs, now=now),
        reached=fresh.reached,
        told_at=fresh.told_at,
    )


GoesOn = Collection[tuple[Due, Step | None]]


def _kept(amendment: Amendment, goes_on: GoesOn, now: datetime) -> Iterator[tuple[int, str]]:
    """The cases that go on by the ladder they began under, which is not the one in force, and by whose policy.

    An office that has just come to report for an area has heard nothing: its chase begins anew, by the new ladder.
    """
    if amendment.before is None or amendment.also_open:
        return
    after = amendment.after
    differs: dict[tuple[str, str], bool] = {}
    for matter, step in goes_on:
        owed, began = matter.kind is Kind.OBLIGATION, matter.policy or amendment.under
        if step or not carrying.begun(matter.facts(timedelta(0)), owed=owed, now=now):
            continue
        if (matter.ladder, began) not in differs:
            differs[matter.ladder, began] = _ladder(after, matter.ladder, began) != _ladder(after, matter.ladder)
        if differs[matter.ladder, began] and not (owed and _passed_on(amendment, matter.area)):
            yield matter.id, began


Look = tuple[int, ladder.Matter, datetime | None]


def _looks(
    amendment: Amendment, goes_on: GoesOn, kept: Mapping[int, str], now: datetime
) -> Iterator[tuple[Look, bool]]:
    """Find where matters stand on the ladders that they climb from now on, when to look at them, and whether a case
    that has begun has changed its ladder. A matter that rests goes on resting.
    """
    desk = amendment.after.desk
    for matter, step in goes_on:
        facts = matter.facts(desk.grace(matter.area, owed=matter.kind is Kind.OBLIGATION))
        climbs = _ladder(amendment.after, step.report.ladder if step else matter.ladder, kept.get(matter.id, ""))
        if climbs is None:
            continue
        if step:
            facts = replace(facts, closes_after=step.report.closes_after)
        stood_on = _ladder(amendment.before, matter.ladder, matter.policy)
        if stood_on is None:
            facts = replace(facts, reached=min(facts.reached, len(climbs.rungs) - 1))
        else:
            facts = carrying.carried(facts, stood_on, climbs)
        if matter.kind is Kind.OBLIGATION and _passed_on(amendment, matter.area):
            facts = replace(facts, round=facts.round + 1, reached=-1, told_at=None, warned_at=None, named_at=None)
        rests = matter.next_at if ladder.paused(now, facts.promised_until, facts.acknowledged_until) else None
        begun = carrying.begun(facts, owed=matter.kind is Kind.OBLIGATION, now=now)
        yield (matter.id, facts, rests or ladder.next_at(facts, climbs, now=now)), begun and stood_on != climbs


def _passed_on(amendment: Amendment, area: str) -> bool:
    """Whether another office reports for an area now. It has heard nothing, so its chase starts at the beginning."""
    if amendment.before is None:
        return False
    return people.owing(amendment.before.desk, area)[0] != people.owing(amendment.after.desk, area)[0]


def _ladder(programme: Programme | None, name: str, under: str = "") -> Ladder | None:
    """None: there is no ladder of that name, and its matters were set aside."""
    try:
        return programme.ladder(name, under) if programme else None
    except KeyError:
        return None


def _record(
    session: Session, amendment: Amendment, steps: Collection[Step], kept: int, hand: Hand, now: datetime
) -> None:
    """Write down who amended what: for each report, and for the whole."""
    numbers = matters.numbers(session, amendment.id)
    for step in steps:
        if what := DONE.get(step.act):
            id, code = numbers[step.report.key]
            text = f"{span(step)} ({amendment.files})"
            changes.record(session, hand, what, code, amendment.id, id, text=text, now=now)
    tally = ", ".join(f"{count} {act}" for act, count in amending.counts(steps).items())
    open_ = "; also what is open" if amendment.also_open else f"; {kept} open keep their ladder" if kept else ""
    text = f"{amendment.files}: {tally}{open_}"
    changes.record(session, hand, WHY, amendment.after.code[:60], amendment.id, text=text, now=now)
