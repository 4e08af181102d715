"""Many neighbouring districts from which nothing is heard: a network is likelier to blame than their people.

    heard --nothing for `after` past the due time--> silent --with enough silent neighbours--> in a silence
      ^                                                                                            |
      '------------------------- a report, a promise, an answer by a link ------------------------'

While a district is in a silence its ladder waits longer, and its coordinator has been told once. Nobody is blamed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LOOK_AGAIN = timedelta(minutes=5)
"""How soon it is looked again whether a silent district gave a sign. A report of it is looked at as it comes."""

LATE = timedelta(minutes=10)
"""A look that comes so much later than it was due says more about us than about them."""

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Silence:
    """When it is a silence. `districts`: how many at least; `stretch`: how much longer their ladders wait."""

    duties: Collection[str]
    after: timedelta
    districts: int
    stretch: timedelta
    ladder: str


def groups(silent: Sequence[str], neighbours: Mapping[str, Collection[str]], *, least: int) -> list[tuple[str, ...]]:
    """Silent districts that hang together by their borders, at least so many in each group; in the order given."""
    found: list[tuple[str, ...]] = []
    left = list(silent)
    while left:
        group, edge = set[str](), {left[0]}
        while edge:
            group |= edge
            edge = {code for own in edge for code in neighbours.get(own, ())}.intersection(silent) - group
        found.append(tuple(code for code in silent if code in group))
        left = [code for code in left if code not in group]
    return [group for group in found if len(group) >= least]


def stretch(policy: Silence | None, *, silent: bool, owed: bool) -> timedelta:
    """How much longer chasing waits in a district; what is not owed waits for no network."""
    return policy.stretch if policy and silent and owed else NOTHING


def excused(look_at: datetime, *, hindered: bool, now: datetime) -> bool:
    """Whether silence proves nothing now: we looked too late ourselves, or could not tell them."""
    return hindered or now - look_at > LATE
