"""What messages cost, and what a budget lets go.

::

    0 ------------------- 80 % ------ routine ends ----- reserve ----- whole budget ---->
      everything goes      told once   told once; only what is grave goes on   told once; it still goes

Prices and budget are a desk's own figures, in rupiah (`costs` in its policy). A text is of one or more parts, and a
price is for one. Of a message of another kind the whole counts as one part.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from rules import indonesian
from rules.desk import Channel
from rules.ladder import Say

NEAR = 80
"""Percent of what is not the reserve, after which people are told."""

TOO_DEAR = "above the budget"
"""Why a notice was not said by the channel it was planned for."""

CHARGED = frozenset({"accepted", "unknown", "lost"})
"""Ends of a try that may be charged: what a provider took, or may have taken. Nobody pays for what was refused."""


class Prices(NamedTuple):
    """Rupiah for one part: of each carrier that is named, and of all others."""

    each: int
    by_carrier: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Costs:
    """A channel without a price costs nothing. `budget` None: what is spent is counted, and nothing is held back."""

    prices: Mapping[Channel, Prices] = field(default_factory=dict)
    budget: int | None = None
    reserve: int = 0

    def price(self, channel: Channel, carrier: str = "") -> int:
        """Rupiah for one part."""
        own = self.prices.get(channel)
        return own.by_carrier.get(carrier, own.each) if own else 0

    def dearest_of(self, channel: Channel) -> int:
        """The highest price of a part on a channel."""
        own = self.prices.get(channel)
        return max(own.each, *own.by_carrier.values(), 0) if own else 0

    @property
    def dearest(self) -> int:
        """The highest price of any part."""
        return max(map(self.dearest_of, self.prices), default=0)


NONE = Costs()

MOST = 1_000_000_000
"""Rupiah that can be added to a budget at once: more is a slip of the keyboard."""


def cost(costs: Costs, channel: Channel, carrier: str, parts: int) -> int:
    """What one message costs: its parts, each at the price of its channel and carrier."""
    return costs.price(channel, carrier) * max(parts, 1)


def charged(outcome: str, *, kept_back: bool) -> bool:
    """Whether a try may be charged. What only went into the outbox folder of a trial is not."""
    return outcome in CHARGED and not kept_back


def grave(says: Iterable[tuple[Say, bool]]) -> bool:
    """Whether money never holds up a message that says these, each with whether its ladder is urgent.

    A warning, an escalation and whatever is urgent: a grave problem, or a duty of voting day. So does a message without
    any of them: a link or an answer that somebody asked for.
    """
    told = list(says)
    return not told or any(urgent or say in (Say.WARNING, Say.ESCALATION) for say, urgent in told)


class Level(StrEnum):
    """How much of a budget is used, rising."""

    FINE = "fine"
    NEAR = "near"
    STOPPED = "stopped"
    OVER = "over"


WORDS = {
    Level.NEAR: "Hampir terpakai; setelah habis, pesan rutin beralih ke surel.",
    Level.STOPPED: "Bagian rutin terpakai: pesan rutin beralih ke surel, yang mendesak tetap dikirim.",
    Level.OVER: "Seluruhnya terpakai: pesan rutin beralih ke surel, yang mendesak tetap dikirim.",
}
"""What follows from a level; of `FINE` nothing does."""


def follows(level: Level, unmailed: int) -> str:
    """What follows from a level where so many offices have no mail; empty: nothing does."""
    words = WORDS.get(level, "")
    phoned = f" Tidak punya surel, jadi perlu ditelepon: {indonesian.number(unmailed)} jabatan."
    return f"{words}{phoned}" if words and unmailed else words


class Lost(NamedTuple):
    """A time of which the books were lost (`rules.gaps`): no figure holds what was spent in it. `zone`: the desk's."""

    began_at: datetime
    ended_at: datetime
    zone: str


class Stand(NamedTuple):
    """How a budget stands, in rupiah. `in_hand`: what messages will cost that workers are sending now. `raised`: what
    was added to it since. `lost`: times whose messages are not in `spent`.
    """

    costs: Costs
    spent: int
    in_hand: int = 0
    raised: int = 0
    lost: Sequence[Lost] = ()

    @property
    def whole(self) -> int:
        return (self.costs.budget or 0) + self.raised

    @property
    def routine(self) -> int:
        """How much routine messages may use: all but the reserve."""
        return self.whole - self.costs.reserve

    @property
    def level(self) -> Level:
        if self.costs.budget is None:
            return Level.FINE
        if self.spent > self.whole:
            return Level.OVER
        if self.spent + self.costs.dearest > self.routine:
            return Level.STOPPED
        return Level.NEAR if self.used >= NEAR else Level.FINE

    @property
    def stops(self) -> bool:
        """Whether something routine is held back."""
        return self.level in (Level.STOPPED, Level.OVER)

    @property
    def used(self) -> int:
        """Percent of what routine messages may use, as it is spent by all."""
        return 100 * self.spent // self.routine if self.routine > 0 else 100

    @property
    def figures(self) -> str:
        """`Rp8.000 dari Rp10.000, di dalamnya cadangan Rp2.000`; without a budget what is spent alone.

        Of a time of which the books were lost it says that it is not in the sum, and who knows.
        """
        spent = f"Rp{indonesian.number(self.spent)}"
        if self.costs.budget is not None:
            kept = f", di dalamnya cadangan Rp{indonesian.number(self.costs.reserve)}" if self.costs.reserve else ""
            spent = f"{spent} dari Rp{indonesian.number(self.whole)}{kept}"
        times = indonesian.listed([indonesian.stretch(*own) for own in self.lost])
        return f"{spent}, belum termasuk {times} (buku dipulihkan), lihat tagihan penyedia" if times else spent

    def lets(self, price: int, *, grave: bool) -> bool:
        """Whether a message that costs this may go now."""
        free = self.costs.budget is None or not price or grave
        return free or self.spent + self.in_hand + price <= self.routine

    def sending(self, price: int) -> "Stand":
        """How it stands once a message of this price is in a worker's hands too."""
        return self._replace(in_hand=self.in_hand + price)


class Share(NamedTuple):
    """What a message says of one election, each with whether its ladder is urgent, and what it would cost that one."""

    programme: int
    says: Sequence[tuple[Say, bool]]
    price: int
    stand: Stand


def payer(shares: Sequence[Share]) -> Share | None:
    """Which election pays for a message of several, the whole of it; None: none can, and it is held back.

    It is the first whose budget lets it go for what it says of that one: none falls silent for want of another's money.
    What it says of the others goes along, for that costs nothing more. An election without prices pays last: nobody
    would count it.
    """
    able = [own for own in shares if own.stand.lets(own.price, grave=grave(own.says))]
    return next((own for own in able if own.price), able[0] if able else None)
