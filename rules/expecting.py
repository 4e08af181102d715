"""What a scenario expects of all messages of a rehearsal: at most so many to an office, or at most so much money."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from rules.desk import Channel
from rules.quiet import Window, within

ALL_DAY = Window(time(0), time(0))


class Left(NamedTuple):
    """A message that left: to which office, when on its own clock, and on which ladders what it says stands.

    `stage`: the code of the stage that it counts for; empty: none. `cost`: rupiah.
    """

    id: int
    office: str
    channel: Channel
    at: datetime
    ladders: frozenset[str]
    stage: str = ""
    cost: int = 0


class Part(NamedTuple):
    """What messages of one stage cost on one channel."""

    stage: str
    channel: Channel
    messages: int
    cost: int


@dataclass(frozen=True, slots=True)
class Expectation:
    """In these `hours` of a day each of these offices gets at most so many messages by these channels (`at_most`), or
    all of them cost at most so many rupiah together (`costs_at_most`). One of the two is set.

    No office, channel or stage named: all. `first` and `last` are local days of whoever gets it. A message does not
    count if it speaks of a matter on one of the ladders `but`. Answers to somebody who asked are not counted, and cost.
    """

    at_most: int | None = None
    hours: Window = ALL_DAY
    offices: frozenset[str] = frozenset()
    by: frozenset[Channel] = frozenset()
    but: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None
    costs_at_most: int | None = None

    def counts(self, left: Left) -> bool:
        """Whether a message is one of those that it limits."""
        return (
            (bool(left.ladders) or self.costs_at_most is not None)
            and not left.ladders & self.but
            and (not self.offices or left.office in self.offices)
            and (not self.by or left.channel in self.by)
            and (not self.stages or left.stage in self.stages)
            and (self.first is None or self.first <= left.at.date())
            and (self.last is None or left.at.date() <= self.last)
            and within(left.at, (self.hours,))
        )

    def _day(self, at: datetime) -> date:
        """The day on which the hours began: those of a night are one, also after midnight."""
        after_midnight = self.hours.end <= self.hours.start and self.hours != ALL_DAY and at.time() < self.hours.end
        return at.date() - timedelta(days=after_midnight)

    def broken(self, messages: Iterable[Left]) -> list[Left]:
        """The messages that are too many, in order of time."""
        if self.at_most is None:
            return []
        got: dict[tuple[str, date], int] = defaultdict(int)
        too_many = []
        for left in sorted(messages, key=lambda left: (left.at, left.id)):
            if self.counts(left):
                got[left.office, self._day(left.at)] += 1
                too_many += [left] if got[left.office, self._day(left.at)] > self.at_most else []
        return too_many

    def spent(self, messages: Iterable[Left]) -> list[Part]:
        """What the messages that it limits cost, where: the dearest first."""
        parts: dict[tuple[str, Channel], list[int]] = defaultdict(list)
        for left in messages:
            if self.counts(left) and left.cost:
                parts[left.stage, left.channel].append(left.cost)
        made = (Part(stage, channel, len(costs), sum(costs)) for (stage, channel), costs in parts.items())
        return sorted(made, key=lambda part: (-part.cost, part.stage, part.channel))
