"""What one report to the Government is about: which days, known as of when."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.matters.confiding import Confided
from rules.forms import Form
from rules.programme import Programme
from rules.recap import Period
from services.government.bounds import Bounds

TICK = timedelta(microseconds=1)


class Scope(NamedTuple):
    """The local days from `first` through `last`, as they were known at `cut_off`.

    `problem`: the number of the one problem that it is about; empty: it is about all. `whole`: it closes the election,
    so that what was heard last stays. `bounds`: the hours between which it counts; None: whole days.
    `known_confided`: what is not told; None: it was not asked yet, and nothing may be gathered.
    """

    programme_id: int
    programme: Programme
    forms: Mapping[str, Form]
    first: date
    last: date
    cut_off: datetime
    problem: str = ""
    whole: bool = False
    bounds: Bounds | None = None
    known_confided: Confided | None = None

    @property
    def confided(self) -> Confided:
        """What is not told."""
        assert self.known_confided is not None, "nobody asked what is confided"
        return self.known_confided

    @property
    def areas(self) -> list[str]:
        """The districts in order of code, as the report names them."""
        return sorted(district.code for district in self.programme.desk.districts)

    @property
    def within(self) -> tuple[datetime, datetime]:
        """What comes after the first of these and up to the second belongs to the period, as far as it is known."""
        after, until = self.bounds or Period(self.first, self.last).bounds(self.programme.desk.zone)
        return after, min(until, self.cut_off)

    @property
    def starts_at(self) -> datetime:
        """When the period begins."""
        return self.within[0] + TICK
