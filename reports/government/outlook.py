"""What may come, frozen: places at risk, districts of which nothing is heard, and what districts expect themselves."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A village or polling station (`station`; empty: the whole village) that is known to be at risk, and why."""

    district: str
    village: str
    station: str
    kinds: tuple[str, ...]
    source: str
    known_on: date


@dataclass(frozen=True, slots=True)
class Risks:
    """What is known of places at risk.

    `unheard`: districts with such a place of which no report came in the period. `problems`: numbers of unsolved
    problems that lie in one.
    """

    places: tuple[Place, ...] = ()
    unheard: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Silent:
    """A district in a silence together with its neighbours, since when: a network is likelier to blame than people."""

    district: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """What the newest report of a district that judges says, under the headings of a situation report."""

    district: str
    source: str
    by: str
    analysis: str = ""
    forecast: str = ""
    advice: str = ""
