"""The leaves (folio) of a desk's books. A row that was changed, added or taken away later no longer fits its leaf.

Each leaf holds a hash of the rows of its time and of the leaf before. Whoever has the code of one leaf on paper can
tell later whether anything up to it was touched.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

MARGIN = timedelta(minutes=10)
"""So old a row is before it is on a leaf: no transaction that may still add one lasts as long."""
EVERY = timedelta(days=1)
FIRST = "0" * 64
"""Stands for the leaf before the first."""

Values = Sequence[object]


@dataclass(slots=True)
class Leaf:
    """A leaf while it is written: how many rows of each book it holds, and a running hash of them."""

    rows: int = 0
    _books: dict[str, Any] = field(default_factory=dict)

    def add(self, book: str, values: Values) -> None:
        """The next row of a book. All rows of a book come in the order of their time, then of their number."""
        if book not in self._books:
            self._books[book] = hashlib.sha256()
        self._books[book].update(_line(values))
        self.rows += 1

    def digest(self, before: str, number: int, until: datetime) -> str:
        """The hash of the whole leaf, after the leaf before."""
        books = {name: running.hexdigest() for name, running in self._books.items()}
        return hashlib.sha256(_line([before, number, until, self.rows, books])).hexdigest()


def until(last: datetime | None, now: datetime) -> datetime | None:
    """Up to when the next leaf reaches; None: it is too early for one."""
    end = (now - MARGIN).replace(second=0, microsecond=0)
    return end if last is None or end - last >= EVERY else None


def _line(values: Values) -> bytes:
    return json.dumps(values, default=_said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _said(value: object) -> str:
    """What JSON has no word for. Raises: TypeError: nor has this."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    raise TypeError(f"no line of a book holds a {type(value).__name__}")
