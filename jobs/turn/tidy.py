"""Once a day remove what is spent and no record needs, and personal data of elections that are long over.

The policy says how long they are kept (`keep`, `retain`).
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from jobs.operator import retaining
from jobs.runtime import Runtime
from models.desk import orders
from models.machine import clock, spent
from rules import policy
from rules.policy import Keep
from services import aides

log = structlog.get_logger()

EVERY = timedelta(days=1)
MOST = 20
"""So many batches of each kind at a time. The rest follows at the next look, a minute later."""

Batch = Callable[[Session], int]


def run(rt: Runtime, *, now: datetime) -> None:
    """Tidy up if nobody did for a day. Of several clocks one does it. Harmless to repeat, and to interrupt.

    It waits while sending is on hold, because the time itself may be wrong, and while a programme cannot be read: its
    policy may keep things longer.
    """
    with rt.sessions.begin() as session:
        clock.alone(session, clock.TIDIED)
        done = clock.marked(session, clock.TIDIED)
        if (done and abs(now - done[0]) < EVERY) or clock.marked(session, clock.HOLD) or rt.unread(session):
            return
        keep = policy.longest(p.policy.keep for p in rt.live(session).values())
        clock.mark(session, clock.TIDIED, now)
        desks = {p.desk.code for p in rt.live(session).values()}
    counts = {what: _take_out(rt, batch) for what, batch in _batches(keep, desks, now).items()}
    files = _files(rt, keep, now)
    personal = sum(own.rows for own in retaining.purge(rt, dry_run=False, now=now))
    if any(count >= MOST * spent.BATCH for count in counts.values()):
        with rt.sessions.begin() as session:
            clock.mark(session, clock.TIDIED, None)
    log.info("tidied", **counts, files=files, personal=personal)


def _batches(keep: Keep, desks: Collection[str], now: datetime) -> dict[str, Batch]:
    return {
        "links": lambda session: spent.links(session, before=now - keep.links),
        "sessions": lambda session: spent.sessions(session, before=now - keep.sessions),
        "sign_ins": lambda session: spent.sign_ins(session, before=now - keep.links),
        "inbound": lambda session: spent.inbound(session, before=now - keep.inbound),
        "drafts": lambda session: spent.drafts(session, now=now),
        "previews": lambda session: spent.uploads(session, now=now),
        "aides": lambda session: aides.tidy(session, desks, before=now - keep.links, now=now),
        "orders": lambda session: orders.forget(session, now=now),
        "rehearsals": lambda session: orders.let_go(session, now=now),
    }


def _take_out(rt: Runtime, batch: Batch) -> int:
    count = 0
    for _ in range(MOST):
        with rt.sessions.begin() as session:
            taken = batch(session)
        count += taken
        if taken < spent.BATCH:
            break
    return count


def _files(rt: Runtime, keep: Keep, now: datetime) -> int:
    """Remove files that no report names. Files older than the books are left alone: they may belong to other books."""
    with rt.sessions.begin() as session:
        began = spent.began(session)
    if rt.files is None or began is None:
        return 0
    old, removed = rt.files.aged(since=began, until=now - keep.files), 0
    for first in range(0, len(old), spent.BATCH):
        digests = old[first : first + spent.BATCH]
        with rt.sessions.begin() as session:
            named = spent.named(session, digests)
        removed += sum(rt.files.remove(digest, until=now - keep.files) for digest in digests if digest not in named)
    return removed
