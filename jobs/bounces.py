"""Take in mails that came back."""

import structlog

from jobs.runtime import Runtime
from models import receipts
from notifiers import bounces
from notifiers.bounces import Ignored

log = structlog.get_logger()


def take(rt: Runtime, mail: bytes) -> str:
    """Keep what a mail says of one of our messages; what was done, in a few words. Harmless to repeat."""
    try:
        heard = bounces.read(mail, rt.key)
    except Ignored as reason:
        return f"ignored: {reason}"
    with rt.sessions.begin() as session:
        known = receipts.keep(session, heard, now=rt.clock(session))
    log.info("receipt", message=heard.message_id, fate=heard.fate, code=heard.code, known=known)
    return f"message {heard.message_id}: {heard.fate} {heard.code}" if known else "ignored: no such message"
