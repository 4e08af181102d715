"""Close the leaves of the books, and look later whether what is on them is still what was written."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk import folios
from models.desk.folios import Folio
from rules import proofs
from rules.folios import FIRST, Leaf
from rules.indonesian import moment


class Broken(NamedTuple):
    """A leaf that its rows do not fit any more. `before`: the end of the leaf before it; None: it is the first."""

    folio: Folio
    before: datetime | None
    rows: int


class Looked(NamedTuple):
    """What became of looking through the books of a desk. `broken`: the first leaf that does not fit; None: all do."""

    last: Folio
    broken: Broken | None


def close(session: Session, after: datetime | None, until: datetime) -> int:
    """Write a leaf for each desk that has rows after the last leaves; how many. The caller lets one in at a time.

    Args:
        after: up to when all leaves reach; None: there are none yet.
    """
    leaves: dict[str, Leaf] = defaultdict(Leaf)
    for book in folios.BOOKS:
        for row in folios.rows(session, book, after=after, until=until):
            leaves[row.desk].add(book, row.values)
    last = folios.last(session)
    for desk, leaf in sorted(leaves.items()):
        before = last.get(desk)
        number, digest = (before.number + 1, before.digest) if before else (1, FIRST)
        own = leaf.digest(digest, number, until)
        session.add(Folio(desk=desk, number=number, until=until, rows=leaf.rows, digest=own))
    session.flush()
    return len(leaves)


def look_through(session: Session) -> dict[str, Looked]:
    """By desk, whether each leaf still fits its rows and the leaf before. Every row is read once."""
    written = folios.by_desk(session)
    if not written:
        return {}
    leaves = _leaves(session, written)
    return {desk: _look(own, leaves[desk]) for desk, own in written.items()}


def _leaves(session: Session, written: Mapping[str, list[Folio]]) -> dict[str, list[Leaf]]:
    """The leaves as the rows of today make them."""
    leaves = {desk: [Leaf() for _ in own] for desk, own in written.items()}
    end = max(own[-1].until for own in written.values())
    for book in folios.BOOKS:
        place = dict.fromkeys(written, 0)
        for row in folios.rows(session, book, after=None, until=end):
            own = written.get(row.desk, [])
            at = place.get(row.desk, 0)
            while at < len(own) and row.at > own[at].until:
                at += 1
            if at < len(own):
                place[row.desk] = at
                leaves[row.desk][at].add(book, row.values)
    return leaves


def _look(own: list[Folio], leaves: list[Leaf]) -> Looked:
    digest, before = FIRST, None
    for number, (folio, leaf) in enumerate(zip(own, leaves, strict=True), 1):
        digest = leaf.digest(digest, number, folio.until)
        if (folio.number, folio.digest) != (number, digest):
            return Looked(own[-1], Broken(folio, before, leaf.rows))
        before = folio.until
    return Looked(own[-1], None)


def words(folio: Folio, zone: str) -> str:
    """What is printed of a leaf: its number, its code, and up to when it reaches, in this zone."""
    return f"Halaman {folio.number} ({code(folio)}) s.d. {moment(folio.until, zone)}"


def code(folio: Folio) -> str:
    """The part of the hash that people copy from paper."""
    return proofs.code(folio.digest)
