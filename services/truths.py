"""How often the delivery reports of each carrier tell the truth, as far as people's answers prove it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.messages import delivery_reports
from rules.country import Country
from rules.delivery_reports import Fate, Truth, truth
from rules.desk import Channel

LOOKED_BACK = timedelta(days=30)
"""Of older texts the links may be gone, by which an answer is known."""


def look(session: Session, country: Country, *, now: datetime) -> Mapping[str, Truth]:
    """By carrier, of the texts of the last days; of numbers without a known carrier together, under an empty code."""
    said: dict[str, list[tuple[Fate | None, bool]]] = defaultdict(list)
    for own in delivery_reports.answered(session, Channel.SMS, since=now - LOOKED_BACK):
        said[country.carrier(own.address)].append((own.fate, own.seen))
    return {carrier: truth(told) for carrier, told in sorted(said.items())}
