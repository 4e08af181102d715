"""A changed calendar, desk or policy, written into the books of a programme in the caller's transaction.

What `rules.amending` decided about each report is done here, and every open matter takes the changed ladders on.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models import changes, filing, handovers, matters, messages, notices, obligations, offices
from models.changes import Hand
from models.matters import Due, Kind
from rules import amending, dispatch, ladder, people
from rules.amending import Act, Step
from rules.ladder import Ladder, Say
from rules.programme import Programme

DONE = {Act.MOVE: "moved", Act.ADJUST: "adjusted", Act.CANCEL: "cancelled", Act.MAKE: "made"}
"""As what a step is written into the record of changes."""

TOLD = {Act.MOVE: Say.AMENDED, Act.CANCEL: Say.DROPPED}
"""What is said of a step to whoever was told of the report before."""

WHY = "amended"


@dataclass(frozen=True)
class Amendment:
    """A programme as it was (None: that cannot be read) and as it is to be; `files`: the names of what changes it."""

    id: int
    before: Programme | None
    after: Programme
    files: str


class Done(NamedTuple):
    """What became of each report, and by natural key the codes of the offices that are told of it."""

    steps: list[Step]
    told: Mapping[str, list[str]]


def carry_out(session: Session, amendment: Amendment, *, hand: Hand, now: datetime) -> Done:
    """Do to every report and open matter of a programme what the amendment means.

    They are locked meanwhile: a report that comes in waits, and what a worker has in hand counts as told.

    Raises:
        NotTaken: what stays needs a district, a duty or a ladder that would be there no more.
    """
    id, after = amendment.id, amendment.after
    messages.lock(session, id)
    open_ = matters.still_open(session, id)
    steps = amending.plan(obligations.known(session, id), after.obligations(), now=now)
    ids = {key: matter for key, (matter, _) in matters.numbers(session, id).items()}
    touched = {ids[step.report.key]: step for step in steps if step.before and step.act is not Act.KEEP}
    stays = {matter.ladder for matter in open_.values() if matter.id not in touched}
    amending.check(amendment.before, after, steps, areas=matters.areas(session, id), ladders=stays)
    anew = [matter_id for matter_id, step in touched.items() if step.act is not Act.ADJUST]
    heard, told = notices.heard(session, id), dict[str, list[str]]()
    notices.give_up(session, anew, WHY)
    for matter_id, step in touched.items():
        if step.act in TOLD and matter_id in open_:
            told[step.report.key] = _tell(session, after, step, open_[matter_id], heard.get(matter_id, set()), now)
        _change(session, amendment, step, matter_id, now, told=bool(told.get(step.report.key)))
    goes_on = [(m, touched.get(m.id)) for m in open_.values() if m.id not in anew]
    matters.move(session, _looks(amendment, goes_on, now), now=now)
    notices.decide_anew(session, id, now=now)
    new = [step.report for step in steps if step.act is Act.MAKE and step.before is None]
    obligations.put(session, id, (obligations.planned(after, owed) for owed in new), now=now)
    _record(session, amendment, steps, hand, now)
    return Done(steps, told)


def withdraw(session: Session, desk: str, named: Collection[str], *, now: datetime) -> None:
    """Tell nothing more to offices that are not of the desk any more; their rows stay, for what they did."""
    gone = [id for code, id in offices.ids_of(session, desk).items() if code not in named]
    contacts = [contact.id for own in offices.current(session, gone).values() for contact in own]
    notices.put_back(session, messages.take_back(session, contacts, now=now), now=now)
    notices.withhold(session, gone, "no longer an office of the desk", now=now)
    for id in gone:
        handovers.shut(session, id, now=now)


def span(step: Step) -> str:
    """From when to when a report is due, in local time and no language."""
    before = _at(step.before.by, step.before.owed.zone) if step.before else ""
    after = _at(step.since, step.report.zone) if step.after else ""
    return " -> ".join(dict.fromkeys(part for part in (before, after) if part))


def _at(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H.%M %Z}"


def _tell(
    session: Session, programme: Programme, step: Step, matter: Due, heard: Collection[str], now: datetime
) -> list[str]:
    """Tell whoever was told of it, and still answers for it, what became of a report; who that is."""
    owed, (_, team) = step.report, people.owing(programme.desk, step.report.area)
    climbs = _ladder(programme, owed.ladder)
    urgent = climbs is not None and climbs.urgent
    say, about = TOLD[step.act], (matter.id, owed.ladder)
    round = matter.round + (step.act is Act.MOVE)
    return [
        code
        for code in team
        if code in heard and filing.tell(session, programme, code, about, say, "amend", round, now, urgent=urgent)
    ]


def _change(session: Session, amendment: Amendment, step: Step, id: int, now: datetime, *, told: bool) -> None:
    """Cancel a report, or write it as it is from now on; a new time begins a new round.

    Whoever is told of that hears no reminder whose time has passed besides.
    """
    if step.act is Act.CANCEL:
        obligations.cancel(session, id, f"{step.why} ({amendment.files})"[:500])
        matters.close(session, id, why=dispatch.DROPPED, now=now)
        return
    programme, owed = amendment.after, step.report
    obligations.amend(session, id, obligations.planned(programme, owed))
    matters.amend(session, id, ladder=owed.ladder, closes_after=owed.closes_after)
    if step.act is Act.ADJUST:
        return
    grace = programme.desk.grace(owed.area, owed=True)
    fresh = ladder.Matter(step.since, closes_after=owed.closes_after, grace=grace)
    climbs = programme.policy.ladder(owed.ladder)
    if told:
        fresh = replace(fresh, reached=ladder.passed(fresh, climbs, now=now), told_at=now)
    matters.restart(
        session,
        id,
        since=step.since,
        closes_after=owed.closes_after,
        next_at=ladder.next_at(fresh, climbs, now=now),
        reached=fresh.reached,
        told_at=fresh.told_at,
    )


Look = tuple[int, ladder.Matter, datetime | None]


def _looks(amendment: Amendment, goes_on: Collection[tuple[Due, Step | None]], now: datetime) -> Iterator[Look]:
    """Where matters stand on the ladders as they are now, and when to look at them; what rests goes on resting."""
    desk = amendment.after.desk
    for matter, step in goes_on:
        facts = matter.facts(desk.grace(matter.area, owed=matter.kind is Kind.OBLIGATION))
        climbs = _ladder(amendment.after, step.report.ladder if step else matter.ladder)
        if climbs is None:
            continue
        if step:
            facts = replace(facts, closes_after=step.report.closes_after)
        stood_on = _ladder(amendment.before, matter.ladder)
        if stood_on is None:
            facts = replace(facts, reached=min(facts.reached, len(climbs.rungs) - 1))
        else:
            facts = ladder.carried(facts, stood_on, climbs)
        rests = matter.next_at if ladder.paused(facts, now) else None
        yield matter.id, facts, rests or ladder.next_at(facts, climbs, now=now)


def _ladder(programme: Programme | None, name: str) -> Ladder | None:
    """None where there is none of that name: what climbs it was set aside."""
    try:
        return programme.policy.ladder(name) if programme else None
    except KeyError:
        return None


def _record(session: Session, amendment: Amendment, steps: Collection[Step], hand: Hand, now: datetime) -> None:
    """Who amended what: of each report, and of the whole."""
    numbers = matters.numbers(session, amendment.id)
    for step in steps:
        if what := DONE.get(step.act):
            id, code = numbers[step.report.key]
            text = f"{span(step)} ({amendment.files})"
            changes.record(session, hand, what, code, amendment.id, id, text=text, now=now)
    tally = ", ".join(f"{count} {act}" for act, count in amending.counts(steps).items())
    text = f"{amendment.files}: {tally}"
    changes.record(session, hand, WHY, amendment.after.code[:60], amendment.id, text=text, now=now)
