"""Look at every matter whose time has come. Write down who is told (notices), and when to look again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

import services.gates
from jobs.runtime import Runtime
from models.machine import nonsense
from models.matters import courses, gates, issues, matters, rollcalls, silences, tasks
from models.matters.matters import Due, Kind
from models.messages import channels, notices
from models.messages.notices import About, New, To
from models.offices import offices
from models.offices.offices import Reach
from rules import access, dispatch, ladder, machine, people
from rules.desk import Audience, Channel
from rules.ladder import Circle, Plan, Recipient, Rung, Say, Telling
from rules.people import Parties
from rules.programme import Programme
from services import summaries

log = structlog.get_logger()

Channels = Mapping[str, tuple[Channel, ...]]
"""The channels that reach each office."""

PART = 400
"""How many matters are planned together; more if one desk has more."""


def parts(rt: Runtime, *, now: datetime) -> list[list[int]]:
    """The programmes with due matters, in parts. Those of one desk stay together: an office is told all at once."""
    with rt.sessions.begin() as session:
        due, live, unread = matters.waiting(session, now=now), rt.live(session), rt.unread(session)
    desks: dict[str, list[int]] = defaultdict(list)
    for id in (id for id in due if id not in unread):
        desks[live[id].desk.code if id in live else ""].append(id)
    parts, room = list[list[int]](), 0
    for programmes in desks.values():
        matters_due = sum(due[id] for id in programmes)
        if matters_due > room:
            parts.append([])
            room = PART
        parts[-1] += programmes
        room -= matters_due
    return parts


def run(rt: Runtime, programmes: Sequence[int], *, now: datetime, limit: int = 500) -> int:
    """Plan what is due at `now` in these programmes; how many matters were looked at.

    Harmless to repeat: what is planned is not due again.
    """
    looked_at, sight = 0, Sight(rt)
    while True:
        with rt.sessions.begin() as session:
            # Asked each time: a programme that cannot be read any more would be due again without end.
            readable = [id for id in programmes if id not in rt.unread(session)]
            due = nonsense.cured(session, partial(matters.due, session, readable, now=now, limit=limit), now=now)
            looks = [look for matter in due if (look := sight.look(session, matter, now))]
            notices.add(session, [new for look in looks for new in look.planned])
            matters.move(session, ((matter.id, plan.matter, plan.next_at) for matter, plan, _ in looks), now=now)
            for matter, plan, _ in looks:
                sight.open_tasks(session, matter, plan, now)
                if matter.kind is Kind.SUMMARY:
                    programme = rt.programme(session, matter.programme_id)
                    summaries.plan(session, matter.programme_id, programme, after=max(matter.since, now))
        if due:
            log.info("planned", matters=len(due), notices=sum(len(look.planned) for look in looks))
        looked_at += len(due)
        if len(due) < limit:
            return looked_at


class Look(NamedTuple):
    """A matter, its plan, and the notices that follow from the plan."""

    matter: Due
    plan: Plan
    planned: list[New]


@dataclass
class Sight:
    """What one sweep knows of programmes and people, read once and kept until it ends."""

    rt: Runtime
    reach: dict[str, Mapping[str, Reach]] = field(default_factory=dict)
    passed_over: frozenset[Channel] | None = None
    channels: dict[tuple[str, Channel | None], Channels] = field(default_factory=dict)
    silent: dict[int, frozenset[str]] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    circles: dict[tuple[int, str, Kind, Channel | None, Parties], Circle] = field(default_factory=dict)

    def look(self, session: Session, matter: Due, now: datetime) -> Look | None:
        """What is decided about a matter; None if its programme is closed, or it makes no sense and is set aside."""
        if self.rt.closed(session, matter.programme_id):
            matters.close(session, matter.id, why=dispatch.CLOSED, now=now)
            return None
        try:
            if why := self._needless(session, matter, now):
                matters.close(session, matter.id, why=why, now=now)
                return None
            plan = self.plan(session, matter, now)
            return Look(matter, plan, list(self._notices(session, matter, plan, now)))
        except nonsense.ERRORS as defect:  # it must not stop its neighbours
            if machine.failed(defect):
                raise
            text = f"{matters.set_aside(session, matter.id)}: {type(defect).__name__} {defect}"
            log.error("set aside", matter=matter.id, error=type(defect).__name__)
            tasks.open_(session, matter.programme_id, tasks.Why.SET_ASIDE, f"matter:{matter.id}", text[:500], now=now)
            return None

    def plan(self, session: Session, matter: Due, now: datetime) -> Plan:
        programme = self.rt.programme(session, matter.programme_id)
        rungs = programme.ladder(matter.ladder, matter.policy)
        circle = self._circle(session, programme, matter, now)
        owed = matter.kind is Kind.OBLIGATION
        silent = owed and matter.area in self._silent(session, matter.programme_id)
        grace = programme.grace(matter.area, owed=owed, silent=silent)
        return ladder.plan(matter.facts(grace), rungs, circle, now=now)

    def _needless(self, session: Session, matter: Due, now: datetime) -> str:
        """Why nobody is told of a gate; empty: it is none, or somebody is."""
        if matter.kind is not Kind.GATE:
            return ""
        programme = self.rt.programme(session, matter.programme_id)
        key, forms = gates.key(session, matter.id), self.rt.forms()
        own = services.gates.stand(session, matter.programme_id, programme, forms, key, now=now)
        self.reasons[matter.id] = own.words if own else ""
        return services.gates.needless(programme, own, matter.since)

    def _silent(self, session: Session, programme_id: int) -> frozenset[str]:
        if programme_id not in self.silent:
            self.silent[programme_id] = silences.areas(session, programme_id)
        return self.silent[programme_id]

    def _notices(self, session: Session, matter: Due, plan: Plan, now: datetime) -> Iterator[New]:
        """The notices of a plan, and one to the secretariat if nobody could be told after the due time."""
        for telling in plan.tellings:
            yield self._notice(session, matter, plan, telling, now)
        for rung in _unheard(plan, now) if matter.kind not in (Kind.TASK, Kind.SUMMARY) else ():
            told = self._secretariat(session, matter, rung, now)
            if told and told.channel:
                yield self._notice(session, matter, plan, told, now)._replace(occasion="nobody", other_way_at=None)

    def open_tasks(self, session: Session, matter: Due, plan: Plan, now: datetime) -> None:
        for office in {t.office: t for t in plan.tellings if t.channel is None}.values():
            programme = self.rt.programme(session, matter.programme_id)
            tasks.open_(
                session,
                matter.programme_id,
                tasks.Why.NOBODY_TO_TELL,
                f"office:{office.office}",
                f"{office.office}: {office.reason}",
                now=now,
                office_id=self._reach(session, programme)[office.office].id,
            )

    def _notice(self, session: Session, matter: Due, plan: Plan, telling: Telling, now: datetime) -> New:
        programme = self.rt.programme(session, matter.programme_id)
        climbed = programme.ladder(matter.ladder, matter.policy)
        new = notices.new(
            programme,
            About(matter.id, matter.ladder, plan.matter.round, "ladder", telling.rung),
            To(self._reach(session, programme)[telling.office].id, telling.zone, telling.channel, telling.audience),
            _word(matter, telling),
            urgent=people.presses(
                programme.desk,
                climbed,
                telling.rung,
                telling.office,
                telling.channel,
                repeats=climbed.repeats(matter.since, now=now),
            ),
            reason=telling.reason or self.reasons.get(matter.id, ""),
            due_at=matter.next_at,
            under=matter.policy,
            not_before=plan.matter.told_at if telling.say is not Say.NOBODY else None,
            now=now,
        )
        other_way_at = self._other_way_at(session, climbed.rungs[telling.rung], telling, new.release_at)
        return new if other_way_at is None else new._replace(other_way_at=other_way_at)

    def _other_way_at(self, session: Session, rung: Rung, telling: Telling, release_at: datetime) -> datetime | None:
        """When to look for another way: at once if the channel has been down for long."""
        if self.passed_over is None:
            known = channels.every(session)
            self.passed_over = frozenset(channel for channel in known if known[channel].passed_over)
        if telling.channel in self.passed_over:
            return release_at
        return release_at + rung.other_way_after if telling.channel and rung.other_way_after else None

    def _secretariat(self, session: Session, matter: Due, rung: int, now: datetime) -> Telling | None:
        """None: it may not read of this. That a contact is missing it learns from its task."""
        programme, unheld = self.rt.programme(session, matter.programme_id), matter._replace(owner_id=None)
        of_all = unheld if matter.kind is Kind.OBLIGATION else matter  # whoever is to approve is not its secretariat
        circle = self._circle(session, programme, of_all, now)
        who: Recipient | None = next(iter(circle[Audience.SECRETARIAT]), None)
        if who is None:
            return None
        channel = who.channels[0] if who.channels else None
        return Telling(rung, Audience.SECRETARIAT, Say.NOBODY, who.office, who.zone, channel, "")

    def _circle(self, session: Session, programme: Programme, matter: Due, now: datetime) -> Circle:
        shunned = tasks.way_not_to_use(session, matter.id) if matter.kind is Kind.TASK else None
        only = rollcalls.way(session, matter.id) if matter.kind is Kind.ROLL_CALL else None
        parties = self._parties(session, programme, matter, now)
        place = (matter.programme_id, matter.area, matter.kind, shunned or only, parties)
        if place not in self.circles:
            channels = self._channels(session, programme, shunned)
            if only is not None and parties.owner:
                channels = {**channels, parties.owner: (only,) if only in channels.get(parties.owner, ()) else ()}
            late = matter.kind in (Kind.OBLIGATION, Kind.ADVICE, Kind.ROLL_CALL)
            new = self._unconfirmed(session, programme)
            circle = people.circle(programme.desk, matter.area, channels, late=late, parties=parties, unconfirmed=new)
            self.circles[place] = access.confided(programme.desk, matter.area, circle, parties)
        return self.circles[place]

    def _parties(self, session: Session, programme: Programme, matter: Due, now: datetime) -> Parties:
        """Who has it, who gave it, whom it is about and who is late with it; an office that the desk's file has no
        more is nobody.
        """
        ids = matter.owner_id, matter.giver_id, matter.subject_id
        if ids == (None, None, None):
            return people.NOBODY
        problem = matter.kind is Kind.ISSUE
        late_id = courses.late(session, matter.id, now=now) if problem else None
        known = {own.id: code for code, own in self._reach(session, programme).items()}
        listed = {own.code for own in programme.desk.offices}
        own = [code if (code := known.get(id or 0)) in listed else None for id in (*ids, late_id)]
        owner, giver, subject, late = own
        if matter.kind is Kind.OBLIGATION:
            return Parties(approver=owner)
        late = late if late != subject else None
        return Parties(owner, giver, subject, problem and issues.restricted(session, matter.id), late)

    def _channels(self, session: Session, programme: Programme, shunned: Channel | None) -> Channels:
        desk = programme.desk.code
        if (desk, shunned) not in self.channels:
            reach = self._reach(session, programme).items()
            self.channels[desk, shunned] = {
                code: tuple(c for c in office.channels if c is not shunned) or office.channels for code, office in reach
            }
        return self.channels[desk, shunned]

    def _unconfirmed(self, session: Session, programme: Programme) -> Mapping[str, frozenset[Channel]]:
        """The channels for whose address nobody has answered; where nobody is asked, all are taken as they are."""
        if programme.policy.roll_call is None:
            return people.EVERYTHING_KNOWN
        return {code: own.unconfirmed for code, own in self._reach(session, programme).items() if own.unconfirmed}

    def _reach(self, session: Session, programme: Programme) -> Mapping[str, Reach]:
        desk = programme.desk.code
        if desk not in self.reach:
            self.reach[desk] = offices.reach(session, desk)
        return self.reach[desk]


def _word(matter: Due, telling: Telling) -> Say:
    """What is said: of a report to the Government that somebody is to approve, that it waits for that."""
    waits = matter.kind is Kind.OBLIGATION and matter.owner_id is not None and telling.say is not Say.NOBODY
    return Say.APPROVAL if waits else telling.say


def _unheard(plan: Plan, now: datetime) -> Sequence[int]:
    """Rungs that fired after the due time and reached nobody."""
    if now < plan.matter.since:
        return ()
    rungs = sorted({t.rung for t in plan.tellings})
    return [rung for rung in rungs if not any(t.channel for t in plan.tellings if t.rung == rung)]
