"""Ladders: who is told about an open matter, how, and when. One type for reminders and escalations alike.

A matter stands on the last rung that fired and only climbs:

    (nothing) -> reporter -> team -> warning to the team -> coordinator -> secretary -> chair
                                          |-- cooling --|-- cooling --|

What is said, by which channel and after how long is a policy's; that it never skips an audience, never
repeats a rung and never goes over the team's head without a warning is decided here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from rules.calendar import WorkingDays
from rules.desk import Audience, Channel


class Say(StrEnum):
    """What a message says, the mildest first: the severest rung words a merged message.

    SIGN_IN is no rung's word: whoever asks for a way in is sent one, and it is about no matter. Nor is ANSWER, which
    answers what somebody wrote to us. Nor are RETURNED, which
    says at once that a report is to be improved, AMENDED, which says that a due time was moved, DROPPED, which says
    that a report is not asked for any more, WITHDRAWN, which says so of an advice, nor what a coordinator decided:
    EXTENDED, WAIVED, and REVOKED of either. APPROVED and SENT_BACK say what an approver did with a report to the
    Government; APPROVAL asks him for it, and is what every rung says while it waits for him.
    LOST says that a report may have been lost with our books.
    DECLARED tells whoever reports for a district what another office of his team said for him. RESOLVED asks whoever
    reported a problem whether it is over. SURE asks whoever reported nil upon nil whether it is so.
    TRIP asks for what was seen on a field trip.
    AIDE asks somebody in a village for his figures, for whoever reports for his district.
    ROLL_CALL asks whether an office's number and address are right, and tells above who has not answered.
    GATE tells the secretary of the desk what is not ready some days before it must be.
    SUBMISSION carries a report to the Government: it words whatever else goes to the same address.
    """

    SIGN_IN = "sign_in"
    ANSWER = "answer"
    RECEIVED = "received"
    RESOLVED = "resolved"
    ROLL_CALL = "roll_call"
    AIDE = "aide"
    SURE = "sure"
    DECLARED = "declared"
    REMINDER = "reminder"
    DROPPED = "dropped"
    WITHDRAWN = "withdrawn"
    WAIVED = "waived"
    AMENDED = "amended"
    EXTENDED = "extended"
    REVOKED = "revoked"
    APPROVED = "approved"
    LOST = "lost"
    RETURNED = "returned"
    SENT_BACK = "sent_back"
    DUE = "due"
    OVERDUE = "overdue"
    WARNING = "warning"
    SUMMARY = "summary"
    NOBODY = "nobody"
    GATE = "gate"
    SILENCE = "silence"
    ESCALATION = "escalation"
    APPROVAL = "approval"
    TRIP = "trip"
    ADVICE = "advice"
    PROBLEM = "problem"
    TASK = "task"
    SUBMISSION = "submission"

    @cached_property
    def severity(self) -> int:
        return tuple(Say).index(self)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step. `at` counts from the matter's `since` (a report's due time, a problem's opening).

    `by` is an order of preference: the first channel that reaches the office is used, all of them only
    where `at_once` is set, which the loader allows on a ladder's last rung alone. `other_way_after`: an office that
    gave no sign for so long is told by the next of them; None: it is not. `wakes` False: on an urgent ladder too what
    rings a phone keeps quiet hours; mail is sent. `working`: the whole days of `at` are working days, counted by these;
    so it comes at `at` or later after the due time, or earlier before it.
    """

    at: timedelta
    tell: Audience
    by: tuple[Channel, ...]
    say: Say
    at_once: bool = False
    other_way_after: timedelta | None = None
    wakes: bool = True
    working: WorkingDays | None = None

    def counted(self, since: datetime) -> datetime:
        """When it comes for what counts from `since`."""
        return since + self.at if self.working is None else self.working.after(since, self.at.days)


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in rising order. `cooling` passes between a warning and the first word above the team, and
    between one audience above the team and the next. `urgent` ladders pass quiet hours and caps. `again_after`: so long
    after its last rung it begins anew, in a new round; None: it rests for good.
    """

    code: str
    rungs: tuple[Rung, ...]
    cooling: timedelta
    urgent: bool = False
    again_after: timedelta | None = None

    def counting(self, days: WorkingDays) -> "Ladder":
        """The ladder with rungs that count working days by these."""
        if all(rung.working is None for rung in self.rungs):
            return self
        return replace(self, rungs=tuple(replace(rung, working=rung.working and days) for rung in self.rungs))

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """The audiences in the order they are first told."""
        return tuple(dict.fromkeys(rung.tell for rung in self.rungs))

    @property
    def warns(self) -> bool:
        """Whether somebody below must be warned before anybody above hears."""
        return any(rung.say is Say.WARNING for rung in self.rungs)

    def repeats(self, since: datetime, *, now: datetime) -> bool:
        """Whether everybody was told of a matter long ago, and what is said now is said again."""
        if self.again_after is None or not self.rungs:
            return False
        return now >= self.rungs[-1].counted(since) + self.again_after


@dataclass(frozen=True, slots=True)
class Matter:
    """What a ladder climbs: an open obligation, an open problem, a submission awaiting approval.

    Args:
        since: what the rungs count from.
        reached: index of the rung it stands on; -1 before the first.
        round: rises when an acknowledgement expires, a due time is moved or a report is returned; the ladder
            then starts again.
        told_at: when those whom the rung it stands on tells hear at the earliest.
        warned_at: when the warning was handed over, or proved undeliverable; None until then.
        named_at: the hour at which the next audience above hears, as those were told who heard so far. It does not hear
            before, whatever has changed since. None: no hour was named.
        promised_until: the reporter's promise; the ladder waits, then goes on where it stood.
        acknowledged_until: somebody took it on; the ladder waits, then starts again.
        closes_after: nothing is chased after this.
        grace: a district's delay for want of signal, added to every rung at or after `since`.
    """

    since: datetime
    reached: int = -1
    round: int = 0
    told_at: datetime | None = None
    warned_at: datetime | None = None
    promised_until: datetime | None = None
    acknowledged_until: datetime | None = None
    closes_after: datetime | None = None
    grace: timedelta = timedelta(0)
    named_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """An office that may be told now, and the channels that reach it. No channel: nobody is reached.

    `unconfirmed`: nobody has answered for the address there yet, so any other goes first.
    """

    office: str
    zone: str
    channels: tuple[Channel, ...]
    unconfirmed: frozenset[Channel] = frozenset()


@dataclass(frozen=True, slots=True)
class Telling:
    """One decision about one office. `channel` None: it cannot be reached, and `reason` says why."""

    rung: int
    audience: Audience
    say: Say
    office: str
    zone: str
    channel: Channel | None
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do about a matter now: whom to tell, where it stands then, when to look again (None: it is over)."""

    tellings: tuple[Telling, ...]
    matter: Matter
    next_at: datetime | None


Circle = Mapping[Audience, tuple[Recipient, ...]]


def plan(matter: Matter, ladder: Ladder, circle: Circle, *, now: datetime) -> Plan:
    """Decide who is told about an open matter at `now`.

    One rung fires at a time: after an outage an office hears once, not once per missed rung. When nobody of
    a rung's audience can be reached after the due time, that is recorded and the next rung fires at once.

    Args:
        matter: an open one; a closed one must not be passed in.
        circle: whom each audience means for this matter, the late ones already left out.
        now: aware.
    """
    if matter.closes_after is not None and matter.closes_after <= now:
        return Plan((), matter, None)
    if waits_until := paused(now, matter.promised_until, matter.acknowledged_until):
        return Plan((), matter, waits_until)
    matter = _restarted(matter, ladder, now)
    tellings: list[Telling] = []
    rung = due(matter, ladder, now=now)
    while rung is not None:
        told = _tell(ladder, rung, circle)
        tellings += told
        reached_somebody = any(telling.channel for telling in told)
        matter = _standing_on(matter, ladder, rung, reached_somebody=reached_somebody, now=now)
        nobody_after_due = not reached_somebody and now >= matter.since
        rung = rung + 1 if nobody_after_due and rung + 1 < len(ladder.rungs) else None
    return Plan(tuple(tellings), matter, next_at(matter, ladder, now=now))


def due(matter: Matter, ladder: Ladder, *, now: datetime) -> int | None:
    """The rung to fire at `now`, or None when nothing new is due or the next audience may not hear yet.

    Of several ripe rungs the latest fires, but a rung up to the team goes before any above it, and above
    the team one audience goes before the next.
    """
    ripe = [n for n in _unfired(matter, ladder, now) if fires_at(matter, ladder.rungs[n]) <= now]
    if not ripe:
        return None
    to_team = [n for n in ripe if not ladder.rungs[n].tell.above_team]
    if to_team:
        return to_team[-1]
    nearest = ladder.rungs[ripe[0]].tell
    free_at = _may_hear_at(matter, ladder, nearest)
    if free_at is None or now < free_at:
        return None
    return max(n for n in ripe if ladder.rungs[n].tell is nearest)


def next_at(matter: Matter, ladder: Ladder, *, now: datetime) -> datetime | None:
    """When to look at the matter again; None when its ladder is done, begins no more and nothing will close it.

    While a warning is on its way the answer is one cooling time ahead: handing it over asks for an earlier look.
    """
    times = [matter.closes_after] if matter.closes_after else []
    for n in _unfired(matter, ladder, now)[:1]:
        rung = ladder.rungs[n]
        times.append(_hears_at(matter, ladder, rung, now) if rung.tell.above_team else fires_at(matter, rung))
    if (begins_at := _begins_again_at(matter, ladder)) is not None:
        times.append(begins_at)
    return min(times, default=None)


def hears_next(matter: Matter, ladder: Ladder, *, now: datetime) -> tuple[Rung, datetime] | None:
    """The rung by which the next audience above hears, and when it does at the earliest; None: nobody is above.

    What is told at `now` may name this hour: a warning on its way counts as handed over now.
    """
    standing = ladder.rungs[matter.reached] if matter.reached >= 0 else None
    if standing and standing.tell.above_team and matter.told_at and now < matter.told_at:
        return standing, matter.told_at
    told = standing and standing.tell
    rung = next((r for r in ladder.rungs[matter.reached + 1 :] if r.tell.above_team and r.tell is not told), None)
    if rung is None:
        return None
    at = _hears_at(matter, ladder, rung, now)
    return rung, max(at, matter.named_at or at)


def _hears_at(matter: Matter, ladder: Ladder, rung: Rung, now: datetime) -> datetime:
    free_at = _may_hear_at(matter, ladder, rung.tell) or now + ladder.cooling
    return max(fires_at(matter, rung), free_at)


def _begins_again_at(matter: Matter, ladder: Ladder) -> datetime | None:
    """When a ladder that has run out begins anew; None: it has not run out, or rests for good."""
    done = bool(ladder.rungs) and matter.reached == len(ladder.rungs) - 1
    return matter.told_at + ladder.again_after if done and matter.told_at and ladder.again_after else None


def paused(now: datetime, *untils: datetime | None) -> datetime | None:
    """Until when a promise, an acknowledgement or both hold; None: neither does. One that ends now holds no more."""
    return max((until for until in untils if until is not None and now < until), default=None)


def fires_at(matter: Matter, rung: Rung) -> datetime:
    """When a rung is due; a rung before the due time knows no grace."""
    return rung.counted(matter.since) + (matter.grace if rung.at >= timedelta(0) else timedelta(0))


def _unfired(matter: Matter, ladder: Ladder, now: datetime) -> list[int]:
    """Rungs above the one reached; a reminder before the due time is stale once that time has come."""
    return [
        n
        for n, rung in enumerate(ladder.rungs)
        if n > matter.reached and (rung.at >= timedelta(0) or now < matter.since)
    ]


def _may_hear_at(matter: Matter, ladder: Ladder, audience: Audience) -> datetime | None:
    """From when an audience above the team may be told; None while the warning has not been handed over."""
    standing = ladder.rungs[matter.reached].tell if matter.reached >= 0 else None
    if audience is standing or (standing is None and not ladder.warns):
        return matter.since
    warned = ladder.warns and not (standing is not None and standing.above_team)
    began_at = matter.warned_at if warned else matter.told_at
    return began_at and began_at + ladder.cooling


def _restarted(matter: Matter, ladder: Ladder, now: datetime) -> Matter:
    """An acknowledgement that ran out starts the ladder again, in a new round; so does its own time after the last
    rung. A kept promise never gets here.
    """
    begins_at = _begins_again_at(matter, ladder)
    if matter.acknowledged_until is None and (begins_at is None or now < begins_at):
        return matter
    fresh = replace(matter, reached=-1, told_at=None, warned_at=None, named_at=None, acknowledged_until=None)
    return replace(fresh, round=matter.round + 1)


def _standing_on(matter: Matter, ladder: Ladder, rung: int, *, reached_somebody: bool, now: datetime) -> Matter:
    warned_in_vain = ladder.rungs[rung].say is Say.WARNING and not reached_somebody
    told_at, warned_at = _heard_at(matter, ladder, rung, now), now if warned_in_vain else matter.warned_at
    return replace(matter, reached=rung, told_at=told_at, warned_at=warned_at)


def _heard_at(matter: Matter, ladder: Ladder, rung: int, now: datetime) -> datetime:
    """When a rung that fires now is heard: above the team not before the hour that was named for it."""
    tell = ladder.rungs[rung].tell
    again = matter.reached >= 0 and ladder.rungs[matter.reached].tell is tell
    named_at = matter.told_at if again else matter.named_at
    return max(now, named_at) if tell.above_team and named_at else now


def _tell(ladder: Ladder, number: int, circle: Circle) -> list[Telling]:
    rung = ladder.rungs[number]
    return [
        Telling(number, rung.tell, rung.say, who.office, who.zone, channel, reason)
        for who in circle[rung.tell]
        for channel, reason in _channels(rung, who)
    ]


def _channels(rung: Rung, who: Recipient) -> list[tuple[Channel | None, str]]:
    usable = preferred(rung.by, who.channels, who.unconfirmed)
    if not usable:
        return [(None, f"no usable contact for {', '.join(rung.by)}")]
    return [(channel, "") for channel in (usable if rung.at_once else usable[:1])]


def preferred(by: Iterable[Channel], reaching: Collection[Channel], unconfirmed: Collection[Channel]) -> list[Channel]:
    """The channels that reach an office, in order of preference; what nobody has answered for comes last."""
    return sorted((channel for channel in by if channel in reaching), key=lambda channel: channel in unconfirmed)
