"""What a scenario expects of all messages of a rehearsal: in some hours at most so many to an office."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from rules.desk import Channel
from rules.quiet import Window, within

ALL_DAY = Window(time(0), time(0))


class Left(NamedTuple):
    """A message that left: to which office, when on its own clock, and on which ladders what it says stands."""

    id: int
    office: str
    channel: Channel
    at: datetime
    ladders: frozenset[str]


@dataclass(frozen=True, slots=True)
class Expectation:
    """In these `hours` of a day each of these offices gets at most so many messages by these channels.

    No office or channel named: all. A message does not count if it speaks of a matter on one of the ladders `but`, or
    answers somebody who asked.
    """

    at_most: int
    hours: Window = ALL_DAY
    offices: frozenset[str] = frozenset()
    by: frozenset[Channel] = frozenset()
    but: frozenset[str] = frozenset()

    def counts(self, left: Left) -> bool:
        """Whether a message is one of those that it limits."""
        return (
            bool(left.ladders)
            and not left.ladders & self.but
            and (not self.offices or left.office in self.offices)
            and (not self.by or left.channel in self.by)
            and within(left.at, (self.hours,))
        )

    def _day(self, at: datetime) -> date:
        """The day on which the hours began: those of a night are one, also after midnight."""
        after_midnight = self.hours.end <= self.hours.start and self.hours != ALL_DAY and at.time() < self.hours.end
        return at.date() - timedelta(days=after_midnight)

    def broken(self, messages: Iterable[Left]) -> list[Left]:
        """The messages that are too many, in order of time."""
        got: dict[tuple[str, date], int] = defaultdict(int)
        too_many = []
        for left in sorted(messages, key=lambda left: (left.at, left.id)):
            if self.counts(left):
                got[left.office, self._day(left.at)] += 1
                too_many += [left] if got[left.office, self._day(left.at)] > self.at_most else []
        return too_many
