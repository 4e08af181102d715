"""A programme: one election at one desk under one policy. Several may be live at once."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules import carrying, duties, silence
from rules.calendar import VOTING_DAY, Anchor, Election
from rules.country import Country
from rules.desk import Desk
from rules.duties import Obligation
from rules.ladder import Ladder
from rules.policy import Policy
from rules.quiet import Peace

MARK = 16
"""So many characters of its digest tell a programme from others."""


class Source(NamedTuple):
    """A file as it was loaded, word for word, and what names its content."""

    code: str
    name: str
    text: str
    digest: str = ""


class Sources(NamedTuple):
    """A programme as it is stored: its id, what names its content, and the texts it is read from.

    `kept`: earlier policies, by whose ladders open cases go on.
    """

    id: int
    code: str
    digest: str
    election: Source
    desk: Source
    policy: Source
    kept: tuple[Source, ...] = ()

    @property
    def files(self) -> tuple[Source, Source, Source]:
        """Those that are in force."""
        return self.election, self.desk, self.policy


@dataclass(frozen=True)
class Programme:
    """Everything the rules need to know. `digest` (SHA-256) names exactly this content.

    `holidays` are closed days besides weekends, known until `holidays_until`; later due times only skip weekends.
    `decrees`: by year, the decree that names them. `kept`: by digest, earlier policies that open cases began under.
    """

    election: Election
    desk: Desk
    policy: Policy
    holidays: frozenset[date]
    holidays_until: date
    digest: str
    decrees: Mapping[int, str] = field(default_factory=dict)
    country: Country = field(default_factory=Country)
    kept: Mapping[str, Policy] = field(default_factory=dict)

    def ladder(self, name: str, under: str = "") -> Ladder:
        """The ladder that a matter climbs: of the policy that it began `under`, if that is kept, else of the one in
        force. Raises: KeyError: there is none of that name.
        """
        in_force, began = self.policy.ladder(name), self.kept.get(under)
        return carrying.kept(began.ladder(name), in_force) if began else in_force

    def speaks(self, under: str) -> Policy:
        """The policy by whose ladder goes on what began `under` one: that, if it is kept, else the one in force."""
        return self.kept.get(under, self.policy)

    def grace(self, area: str, *, owed: bool, silent: bool) -> timedelta:
        """How much longer chasing waits in `area` now: for want of signal, and while nothing is heard there."""
        stretch = silence.stretch(self.policy.silence, silent=silent, owed=owed)
        return self.desk.grace(area, owed=owed) + stretch

    @property
    def code(self) -> str:
        return f"{self.election.code}/{self.desk.code}"

    @property
    def ends(self) -> date:
        """The last local day on which anything happens: a stage, or a report's closing time."""
        stages = (v.end for s in self.election.stages if s.active and (v := s.version()) and v.end)
        closings = (o.closes_after.astimezone(ZoneInfo(o.zone)).date() for o in self.obligations())
        return max((*stages, *closings), default=self.election.starts)

    @cached_property
    def peace(self) -> Peace:
        """When its offices are left in peace."""
        return Peace(self.policy.quiet, self.policy.closed_days, self.election, self.holidays)

    @property
    def weekend(self) -> Set[int]:
        """The days of the week (Monday = 0) on which offices are closed."""
        return self.policy.weekend

    def obligations(self, known_at: date | None = None) -> list[Obligation]:
        """Every report owed, in order of due time: `duties.obligations` of this programme."""
        closed = self.holidays, self.weekend
        return duties.obligations(self.election, self.desk, self.policy.duties, *closed, known_at=known_at)


def foremost(programmes: Mapping[int, Programme], *, now: datetime) -> int | None:
    """The election that something belongs to of which nobody said it: whose voting day is nearest, of two the first.

    What is shouted on a voting day is about that day, though another election was loaded since. None: there is none.
    """
    return min(programmes, key=lambda own: _days_off(programmes[own], now), default=None)


def _days_off(programme: Programme, now: datetime) -> int:
    today = now.astimezone(ZoneInfo(programme.desk.zone)).date()
    day = Anchor(VOTING_DAY).on(programme.election)
    return abs((day - today).days) if day else date.max.toordinal()
