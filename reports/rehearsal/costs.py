"""What the messages of a rehearsal would have cost, by stage: counts, segments, rupiah under stated prices."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reports.rehearsal.ledger import Ledger
from reports.rehearsal.lines import Message

OTHER = "Permasalahan dan lainnya"
WHOLE = "Seluruhnya"


@dataclass(frozen=True, slots=True)
class Cost:
    """One stage's messages. `price`: rupiah for all of them, None without an assumption.

    `low` and `high`: what it would cost if every report came in time, and if none ever came; None: nobody tried.
    """

    name: str
    messages: tuple[int, ...]
    segments: int
    price: int | None
    low: int | None = None
    high: int | None = None


def costs(ledger: Ledger, channels: tuple[str, ...]) -> tuple[list[Cost], Cost]:
    """By stage in order of the calendar, and the whole. A merged message counts for the first report it names.

    A stage in which nothing was sent is there if something would be where no report ever comes.
    """
    counts: Counter[tuple[str, str]] = Counter()
    segments, prices = Counter[str](), Counter[str]()
    for message in ledger.gone:
        stage = _stage(message)
        counts[stage, message.channel] += 1
        segments[stage] += message.segments if message.channel == "sms" else 0
        prices[stage] += message.cost
    forecast: Mapping[str, Mapping[str, int]] = ledger.facts.summary.get("forecast", {})
    tried = {stage for own in forecast.values() for stage in own}
    known = dict.fromkeys((*ledger.stages, *ledger.by_stage, *sorted(tried)))
    order = [*(code for code in known if code), ""]
    named = [stage for stage in order if stage in tried or any(counts[stage, channel] for channel in channels)]
    lines = [
        Cost(
            _name(stage, ledger),
            tuple(counts[stage, c] for c in channels),
            segments[stage],
            prices[stage] if _priced(ledger) else None,
            *(forecast[end].get(stage, 0) if end in forecast else None for end in ("low", "high")),
        )
        for stage in named
    ]
    whole = tuple(sum(line.messages[n] for line in lines) for n in range(len(channels)))
    ends = (sum(forecast[end].values()) if end in forecast else None for end in ("low", "high"))
    price = sum(prices.values()) if _priced(ledger) else None
    return lines, Cost(WHOLE, whole, sum(segments.values()), price, *ends)


def by_stage(ledger: Ledger) -> dict[str, int]:
    """Rupiah by the code of the stage; empty: of what belongs to none."""
    prices = Counter[str]()
    for message in ledger.gone:
        prices[_stage(message)] += message.cost
    return {stage: rupiah for stage, rupiah in prices.items() if rupiah}


def stages(ledger: Ledger) -> dict[str, str]:
    """By number of a message, the code of the stage that it counts for; empty: none."""
    return {message.id: _stage(message) for message in ledger.gone}


def price(ledger: Ledger) -> int | None:
    """Rupiah a segment, as the caller assumes it; None: there is no assumption, or the policy has prices."""
    stated = ledger.facts.summary.get("price_per_segment")
    return int(stated) if stated is not None else None


def _priced(ledger: Ledger) -> bool:
    return price(ledger) is not None or bool(ledger.facts.summary.get("own_prices"))


def _stage(message: Message) -> str:
    return message.rows[0].stage if message.rows else ""


def _name(stage: str, ledger: Ledger) -> str:
    return ledger.stages[stage].name if stage in ledger.stages else stage or OTHER
