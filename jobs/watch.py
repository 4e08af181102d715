"""Look at every matter whose time has come, and write down who is to be told: notices, and when to look again."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

import structlog
from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models import channels, matters, nonsense, notices, offices, tasks
from models.matters import Due, Kind
from models.notices import UNREACHED
from models.offices import Reach
from rules import dispatch, ladder, people
from rules.desk import Audience, Channel
from rules.dispatch import Held, NoticeState
from rules.ladder import Circle, Plan, Recipient, Rung, Say, Telling
from rules.programme import Programme

log = structlog.get_logger()

Channels = Mapping[str, tuple[Channel, ...]]
"""What reaches each office."""

NONSENSE = (LookupError, ValueError, ArithmeticError, OSError)
"""What a row that makes no sense ends in: an unknown ladder, office, zone or word, a time that no calendar has."""


PART = 400
"""Matters that are worth planning together; more where one desk has more."""


def parts(rt: Runtime, *, now: datetime) -> list[list[int]]:
    """The programmes of which matters are due, those of a desk together: an office is told all of it at once."""
    with rt.sessions.begin() as session:
        due, live, unread = matters.waiting(session, now=now), rt.live(session), rt.unread(session)
    desks: dict[str, list[int]] = defaultdict(list)
    for id in (id for id in due if id not in unread):
        desks[live[id].desk.code if id in live else ""].append(id)
    found, room = list[list[int]](), 0
    for programmes in desks.values():
        matters_due = sum(due[id] for id in programmes)
        if matters_due > room:
            found.append([])
            room = PART
        found[-1] += programmes
        room -= matters_due
    return found


def run(rt: Runtime, programmes: Sequence[int], *, now: datetime, limit: int = 500) -> int:
    """Plan what is due at `now` of these programmes; how many matters were looked at.

    Harmless to repeat: what is planned is not due again.
    """
    looked_at, sight = 0, Sight(rt)
    while True:
        with rt.sessions.begin() as session:
            # Asked each time: one that turns out unreadable meanwhile would be due again without end.
            readable = [id for id in programmes if id not in rt.unread(session)]
            due = nonsense.cured(session, partial(matters.due, session, readable, now=now, limit=limit), now=now)
            looks = [look for matter in due if (look := sight.look(session, matter, now))]
            notices.add(session, [row for _, _, rows in looks for row in rows])
            matters.move(session, ((matter.id, plan.matter, plan.next_at) for matter, plan, _ in looks), now=now)
            for matter, plan, _ in looks:
                sight.open_tasks(session, matter, plan, now)
        if due:
            log.info("planned", matters=len(due), notices=sum(len(rows) for _, _, rows in looks))
        looked_at += len(due)
        if len(due) < limit:
            return looked_at


class Look(NamedTuple):
    """A matter, what is planned for it, and the notices that come of it."""

    matter: Due
    plan: Plan
    rows: list[dict[str, Any]]


@dataclass
class Sight:
    """What one sweep sees of programmes and people, read once and kept for its length."""

    rt: Runtime
    reach: dict[str, Mapping[str, Reach]] = field(default_factory=dict)
    passed_over: frozenset[Channel] | None = None
    channels: dict[tuple[str, Channel | None], Channels] = field(default_factory=dict)
    circles: dict[tuple[int, str, Kind, Channel | None], Circle] = field(default_factory=dict)

    def look(self, session: Session, matter: Due, now: datetime) -> Look | None:
        """What is decided about a matter; None: its programme is closed, or it makes no sense and is set aside."""
        if self.rt.closed(session, matter.programme_id):
            matters.close(session, matter.id, why=dispatch.CLOSED, now=now)
            return None
        try:
            plan = self.plan(session, matter, now)
            return Look(matter, plan, list(self.rows(session, matter, plan, now)))
        except NONSENSE as defect:  # it must not stop its neighbours
            text = f"{matters.set_aside(session, matter.id)}: {type(defect).__name__} {defect}"
            log.error("set aside", matter=matter.id, error=type(defect).__name__)
            tasks.open_(session, matter.programme_id, tasks.Why.SET_ASIDE, f"matter:{matter.id}", text[:500], now=now)
            return None

    def plan(self, session: Session, matter: Due, now: datetime) -> Plan:
        programme = self.rt.programme(session, matter.programme_id)
        rungs = programme.policy.ladder(matter.ladder)
        circle = self._circle(session, programme, matter)
        grace = programme.desk.grace(matter.area, owed=matter.kind is Kind.OBLIGATION)
        return ladder.plan(matter.facts(grace), rungs, circle, now=now)

    def rows(self, session: Session, matter: Due, plan: Plan, now: datetime) -> Iterator[dict[str, Any]]:
        """The notices of a plan, and one to the secretariat where nobody could be told after the due time."""
        for telling in plan.tellings:
            yield self._row(session, matter, plan, telling, now)
        for rung in _unheard(plan, now) if matter.kind is not Kind.TASK else ():
            told = self._secretariat(session, matter, rung)
            if told.channel:
                yield self._row(session, matter, plan, told, now) | {"occasion": "nobody", "other_way_at": None}

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

    def _row(self, session: Session, matter: Due, plan: Plan, telling: Telling, now: datetime) -> dict[str, Any]:
        programme = self.rt.programme(session, matter.programme_id)
        policy = programme.policy
        urgent = policy.ladder(matter.ladder).urgent
        waits = telling.channel and not urgent
        release_at = programme.peace.release_at(now, telling.zone, matter.ladder) if waits else now
        return {
            "occasion": "ladder",
            "matter_id": matter.id,
            "round": plan.matter.round,
            "rung": telling.rung,
            "office_id": self._reach(session, programme)[telling.office].id,
            "channel": telling.channel or UNREACHED,
            "audience": telling.audience,
            "say": telling.say,
            "ladder": matter.ladder,
            "urgent": urgent,
            "planned_at": now,
            "due_at": matter.next_at,
            "release_at": release_at,
            "state": NoticeState.PLANNED if telling.channel else NoticeState.NOBODY,
            "held": Held.QUIET if release_at > now else Held.NO,
            "reason": telling.reason,
            "policy": policy.digest,
            "other_way_at": self._other_way_at(
                session, policy.ladder(matter.ladder).rungs[telling.rung], telling, release_at
            ),
        }

    def _other_way_at(self, session: Session, rung: Rung, telling: Telling, release_at: datetime) -> datetime | None:
        """When to look for another way: at once where the channel has been down for long."""
        if self.passed_over is None:
            known = channels.every(session)
            self.passed_over = frozenset(channel for channel in known if known[channel].passed_over)
        if telling.channel in self.passed_over:
            return release_at
        return release_at + rung.other_way_after if telling.channel and rung.other_way_after else None

    def _secretariat(self, session: Session, matter: Due, rung: int) -> Telling:
        circle = self._circle(session, self.rt.programme(session, matter.programme_id), matter)
        who: Recipient = circle[Audience.SECRETARIAT][0]
        channel = who.channels[0] if who.channels else None
        return Telling(rung, Audience.SECRETARIAT, Say.NOBODY, who.office, who.zone, channel, "")

    def _circle(self, session: Session, programme: Programme, matter: Due) -> Circle:
        shunned = tasks.way_not_to_use(session, matter.id) if matter.kind is Kind.TASK else None
        place = (matter.programme_id, matter.area, matter.kind, shunned)
        if place not in self.circles:
            channels = self._channels(session, programme, shunned)
            late = matter.kind == Kind.OBLIGATION
            self.circles[place] = people.circle(programme.desk, matter.area, channels, late=late)
        return self.circles[place]

    def _channels(self, session: Session, programme: Programme, shunned: Channel | None) -> Channels:
        desk = programme.desk.code
        if (desk, shunned) not in self.channels:
            reach = self._reach(session, programme).items()
            self.channels[desk, shunned] = {
                code: tuple(c for c in office.channels if c is not shunned) or office.channels for code, office in reach
            }
        return self.channels[desk, shunned]

    def _reach(self, session: Session, programme: Programme) -> Mapping[str, Reach]:
        desk = programme.desk.code
        if desk not in self.reach:
            self.reach[desk] = offices.reach(session, desk)
        return self.reach[desk]


def _unheard(plan: Plan, now: datetime) -> Sequence[int]:
    """Rungs that fired after the due time and reached nobody."""
    if now < plan.matter.since:
        return ()
    rungs = sorted({t.rung for t in plan.tellings})
    return [rung for rung in rungs if not any(t.channel for t in plan.tellings if t.rung == rung)]
