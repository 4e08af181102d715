"""What offices had ready for each preparation, frozen: how ready, what of it is late, and what waits for what."""

from dataclasses import dataclass
from datetime import date, datetime

from rules.readiness import Ready


@dataclass(frozen=True, slots=True)
class Item:
    """One support item as it stood at the cut-off.

    `office`: whose it is, in words. `late`: it was to be answered by then, and was not. `lacking`: the lines that were
    not wholly ready; none where a restricted problem lies. `holds`: the codes of those that waited for it in vain.
    """

    code: str
    name: str
    office: str
    ready: Ready
    due_at: datetime
    late: bool = False
    received_at: datetime | None = None
    lacking: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A preparation with its items in the order of the plan. `begins`: the day on which they must stand, if known."""

    code: str
    name: str
    begins: date | None
    items: tuple[Item, ...]
