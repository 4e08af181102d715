"""Fetch what came with messages: photos and documents that a provider keeps for us.

No transaction is open while the provider is asked. A process that dies leaves the message to be asked for again.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog

from jobs.runtime import Runtime
from models.messages import inbound
from models.messages.inbound import Inbound
from notifiers.base import Fetches
from rules.attachments import Limits
from rules.delivery import DeliveryError, Refused
from services import beside, media
from services.media import REFUSED, WAITS

log = structlog.get_logger()

AGAIN = timedelta(minutes=5)
MOST = 20
TRIES = 3


def run(rt: Runtime, *, now: datetime) -> None:
    """Fetch for some messages, at most three times for each. Harmless to repeat: the same file is kept once."""
    for _ in range(MOST):
        with rt.sessions.begin() as session:
            row = inbound.to_fetch(session, again_at=now + AGAIN, now=now)
            live = rt.live(session)
        if row is None:
            return
        programme = live.get(row.programme_id or 0)
        limits = programme.policy.attachments if programme else Limits()
        files = [_fetched(rt, row, own, limits) if own.get("state") == WAITS else own for own in row.files]
        with rt.sessions.begin() as session:
            kept = session.get_one(Inbound, row.id)
            kept.files = files
            inbound.found_by(session, kept)
            beside.lay(session, kept)
            kept.fetch_at = now + AGAIN if any(own.get("state") == WAITS for own in files) else None
        log.info("media", inbound=row.id, kept=sum(own.get("state") == media.KEPT for own in files))


def _fetched(rt: Runtime, row: Inbound, own: dict[str, Any], limits: Limits) -> dict[str, Any]:
    tries = int(own.get("tries", 0)) + 1
    notifier = rt.notifiers[row.channel]
    try:
        if not isinstance(notifier, Fetches):
            raise Refused("nobody to ask")
        data = notifier.fetch(str(own["url"]), limits.size)
    except DeliveryError as error:
        over = isinstance(error, Refused) or tries >= TRIES
        return {**own, "tries": tries, "why": error.why} | ({"state": REFUSED} if over else {})
    return media.kept(rt.files, own, data, limits)
