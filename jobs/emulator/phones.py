"""What the emulated providers took, and how they are told to behave. Kept in memory while the process runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from threading import Lock

from rules.desk import Channel

Clock = Callable[[], datetime]
"""Aware; the emulator shows times in its zone."""

MOST = 2000
"""So many messages are kept; the oldest go first."""


class Answer(StrEnum):
    """What a provider says to a message.

    REFUSE: it will never take it. LATER: not now. LOSE: it takes it, and its answer is lost, so the sender cannot know.
    """

    TAKE = "take"
    REFUSE = "refuse"
    LATER = "later"
    LOSE = "lose"


class Report(StrEnum):
    """What a provider says afterwards about a message that it took."""

    NONE = "none"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True)
class Dial:
    """How one channel behaves; `delay` in seconds, before each answer."""

    answer: Answer = Answer.TAKE
    report: Report = Report.DELIVERED
    delay: float = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken. `to` is a number in E.164 or an address; `subject` of mails only; `sender` as shown."""

    number: int
    channel: Channel
    to: str
    sender: str
    subject: str
    text: str
    at: datetime


@dataclass
class Phones:
    """All screens, and the dials. Safe to use from several threads."""

    now: Clock
    dials: dict[Channel, Dial] = field(default_factory=lambda: dict.fromkeys(Channel, Dial()))
    _taken: list[Taken] = field(default_factory=list)
    _count: int = 0
    _lock: Lock = field(default_factory=Lock)

    def keep(self, channel: Channel, to: str, text: str, *, sender: str = "", subject: str = "") -> Taken:
        """A message arrived on somebody's screen."""
        with self._lock:
            self._count += 1
            taken = Taken(self._count, channel, to, sender, subject, text, self.now())
            self._taken = [*self._taken[1 - MOST :], taken]
            return taken

    def taken(self, channel: Channel | None = None, to: str = "") -> Sequence[Taken]:
        """What was taken (by one channel, for one address), the newest first."""
        own = (one for one in reversed(self._taken) if channel in (None, one.channel) and to in ("", one.to))
        return list(own)

    def screens(self) -> Mapping[str, Sequence[Taken]]:
        """By number or address what stands on its screen, the newest first; the one that heard last comes first."""
        screens: dict[str, list[Taken]] = {}
        for one in self.taken():
            screens.setdefault(one.to, []).append(one)
        return screens

    def wipe(self) -> None:
        """Empty all screens."""
        with self._lock:
            self._taken = []
