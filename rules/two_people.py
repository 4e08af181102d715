"""What reaches many waits for a second person: from how many on, who that may be, and when he must look again.

Stopping is never asked about: nobody waits for anybody to hold sending, to take a message back, or to refuse.
"""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple


class TwoPeople(NamedTuple):
    """Above so many messages or reports a second person confirms, `within` this time; then it has lapsed."""

    above: int
    within: timedelta


class Reach(NamedTuple):
    """How many messages or reports an order changes or sends. `loosens`: it lets one person do more than before."""

    number: int
    loosens: bool = False


class Person(NamedTuple):
    """Somebody who asks or confirms. `place`: what he came in by, an office or an account at the server.

    `name` may be empty where he asks. `reached`: the addresses by which a link to sign in would come to him.
    """

    place: str
    name: str
    reached: frozenset[str] = frozenset()


class Why(StrEnum):
    """Why somebody is not the second person. ENTERED: whoever asked has lately entered his name or address."""

    SAME = "same"
    UNNAMED = "unnamed"
    NAMESAKE = "namesake"
    SHARED = "shared"
    ENTERED = "entered"


ENTERED_WITHIN = timedelta(days=1)
"""For so long nobody confirms by a name or address that whoever asked entered: it may be his own."""


def wanted(policies: Iterable[TwoPeople | None], reach: Reach, *, lately: int) -> TwoPeople | None:
    """By which rule a second person must confirm; None: nobody need. Of several policies the strictest counts.

    Args:
        lately: how many were reached `within` that time by what nobody confirmed. Many small orders are a large one.
    """
    asked = [own for own in policies if own is not None]
    if not asked:
        return None
    strictest = TwoPeople(min(own.above for own in asked), min(own.within for own in asked))
    many = reach.number > 0 and reach.number + lately > strictest.above
    return strictest if many or reach.loosens else None


def loosens(before: TwoPeople | None, after: TwoPeople | None) -> bool:
    """Whether one person may do more under `after`."""
    return before is not None and (after is None or after.above > before.above)


def hinders(first: Person, second: Person, *, entered: bool = False) -> Why | None:
    """Why `second` cannot confirm what `first` asked for; None: he can.

    Another name typed at the same login is the same person; so is whoever reads the other's messages.
    """
    if first.place == second.place:
        return Why.SAME
    if not plain(second.name):
        return Why.UNNAMED
    if plain(first.name) == plain(second.name):
        return Why.NAMESAKE
    if first.reached & second.reached:
        return Why.SHARED
    return Why.ENTERED if entered else None


def plain(name: str) -> str:
    """A name without titles, capitals and dots: `Drs. H. Ahmad Yani, M.Si.` is `ahmad yani`."""
    words = name.partition(",")[0].casefold().split()
    return " ".join(word for word in words if not word.endswith("."))


def grown(seen: int, now: int) -> bool:
    """Whether more would be reached than somebody looked at: above a tenth, and above three."""
    return now > seen + max(3, seen // 10)
