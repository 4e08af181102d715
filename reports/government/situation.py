"""What reports said of the regency, frozen: by indicator group and district, with the moment each thing is of."""

from dataclasses import dataclass
from datetime import datetime

from rules.forms import Condition
from rules.situation import Shown


@dataclass(frozen=True, slots=True)
class Seen:
    """How one group looks in one district.

    `said` is what the newest report that says more than nil called it; None: none did. `tells_of` and `by` are of the
    newest report, which `source` names (`R-0805 v2`); empty: nobody said anything.
    """

    district: str
    shown: Shown
    said: Condition | None = None
    tells_of: datetime | None = None
    by: str = ""
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """The newest count of one figure in one district. `of`: out of how many; None: it is no milestone, or unknown."""

    district: str
    count: int
    tells_of: datetime
    of: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that reports are asked for. `milestone`: it is counted out of something.

    `whole`: out of how many in all districts together, where every one of them gave a number; None: not known.
    """

    code: str
    name: str
    counts: tuple[Counted, ...]
    milestone: bool = False
    whole: int | None = None

    @property
    def total(self) -> int:
        return sum(own.count for own in self.counts)

    @property
    def out_of(self) -> int | None:
        """Out of how many, in the districts that gave a number; None: one of them does not say, or none gave any."""
        known = [own.of for own in self.counts if own.of is not None]
        return sum(known) if known and len(known) == len(self.counts) else self.whole


@dataclass(frozen=True, slots=True)
class Group:
    """One indicator group: districts in order of code, also those of which nothing is known.

    `withheld`: how the group looks where a restricted problem is of its kind. These districts are counted, but neither
    named nor among `seen`, and their numbers are in no figure.
    """

    code: str
    name: str
    seen: tuple[Seen, ...]
    withheld: tuple[Shown, ...] = ()
    figures: tuple[Figure, ...] = ()

    @property
    def all(self) -> tuple[Shown, ...]:
        """How it looks everywhere; as long as there are districts."""
        return (*(own.shown for own in self.seen), *self.withheld)

    @property
    def worst(self) -> Shown:
        return min(self.all, key=lambda shown: shown.worst_first, default=Shown.UNSEEN)
