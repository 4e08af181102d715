"""What the messages of a rehearsal would have cost, by stage: counts, segments, rupiah under a stated price."""

from collections import Counter
from dataclasses import dataclass

from reports.rehearsal.ledger import Ledger
from reports.rehearsal.lines import Message

OTHER = "Permasalahan dan lainnya"


@dataclass(frozen=True, slots=True)
class Cost:
    """One stage's messages. `price`: rupiah for all its segments, None without an assumption."""

    name: str
    messages: tuple[int, ...]
    segments: int
    price: int | None


def costs(ledger: Ledger, channels: tuple[str, ...]) -> tuple[list[Cost], Cost]:
    """By stage in order of the calendar, and the whole. A merged message counts for the first report it names."""
    counts: Counter[tuple[str, str]] = Counter()
    segments: Counter[str] = Counter()
    for message in ledger.gone:
        stage = _stage(message)
        counts[stage, message.channel] += 1
        segments[stage] += message.segments if message.channel == "sms" else 0
    each = price(ledger)
    order = [*ledger.stages, *(code for code in ledger.by_stage if code not in ledger.stages), ""]
    named = [stage for stage in order if any(counts[stage, channel] for channel in channels)]
    lines = [
        _cost(_name(stage, ledger), tuple(counts[stage, c] for c in channels), segments[stage], each) for stage in named
    ]
    whole = tuple(sum(line.messages[n] for line in lines) for n in range(len(channels)))
    return lines, _cost("Seluruhnya", whole, sum(segments.values()), each)


def price(ledger: Ledger) -> int | None:
    """Rupiah a segment, as the caller assumes it."""
    stated = ledger.facts.summary.get("price_per_segment")
    return int(stated) if stated is not None else None


def _cost(name: str, messages: tuple[int, ...], segments: int, each: int | None) -> Cost:
    return Cost(name, messages, segments, None if each is None else segments * each)


def _stage(message: Message) -> str:
    return message.rows[0].stage if message.rows else ""


def _name(stage: str, ledger: Ledger) -> str:
    return ledger.stages[stage].name if stage in ledger.stages else stage or OTHER
