"""Take in mails that came back."""

from functools import partial

import structlog

from jobs.runtime import Runtime
from models.messages import delivery_reports
from models.messages.delivery_reports import Sent
from notifiers import bounces
from notifiers.bounces import Ignored
from services import hearing

log = structlog.get_logger()


def take(rt: Runtime, mail: bytes) -> str:
    """Keep what a mail says of one of our messages; what was done, in a few words. Harmless to repeat."""
    try:
        heard = bounces.read(mail, rt.key, partial(_sent, rt))
    except Ignored as reason:
        return f"ignored: {reason}"
    with rt.sessions.begin() as session:
        known = hearing.keep(session, heard, now=rt.clock(session))
    log.info("delivery report", message=heard.message_id, fate=heard.fate, code=heard.code, known=known)
    return f"message {heard.message_id}: {heard.fate} {heard.code}" if known else "ignored: no such message"


def _sent(rt: Runtime, message_id: int) -> Sent | None:
    with rt.sessions() as session:
        return delivery_reports.sent(session, message_id)
