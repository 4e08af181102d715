"""Take in mails that people write in answer to ours."""

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from config.replies import spoken
from jobs.runtime import Runtime
from jobs.turn import unread
from models.messages import delivery_reports
from models.messages.delivery_reports import Sent as OfMessage
from notifiers import answered
from notifiers.answered import Mail
from notifiers.mask import mask
from rules.attachments import Limits
from rules.desk import Channel
from rules.replies import reading
from rules.replies.spoken import Asked, Conversation, Heard, Values
from services import arriving, media
from services.arriving import Sent

log = structlog.get_logger()


def take(rt: Runtime, mail: bytes, *, came_at: datetime | None = None) -> str:
    """Keep a mail and read it; what was done, in a few words. Harmless to repeat.

    `came_at`: when it reached the mailbox that it was fetched from; None: it is handed on as it comes.
    """
    read = answered.read(mail, rt.key, partial(_sent, rt))
    sent = _as_sent(rt, read)._replace(came_at=came_at)  # photos are looked at before a transaction is open
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        id = arriving.keep(session, sent, rt.live(session), now=now)
    log.info("inbound", channel=Channel.EMAIL, inbound=id, again=id is None)
    if id is None:
        return "kept before"
    intent = unread.read(rt, id, now=now)
    return f"message {id}: {intent or 'kept, to be read later'}"


def tried(text: str) -> str:
    """How a text would be read by whoever owes one report that takes nil, and one that needs a number."""
    zone = ZoneInfo("Asia/Makassar")
    now = datetime(2024, 2, 14, 9, 0, tzinfo=zone)
    asked = [Asked("R-0805", "Tamban", now, nil=True)]
    read = reading.read(Heard(text), Conversation(asked=asked), spoken(), now=now)
    needs = [Asked("R-0805", "Tamban", now, nil=False, needs=tuple(spoken().figures))]
    counted = reading.read(Heard(text), Conversation(asked=needs), spoken(), now=now).values.get("R-0805", Values())
    lines = [
        f"read as   {read.intent} ({round(100 * read.sure)} % of the words are known)",
        f"words     {', '.join(read.by) or '-'}",
        f"numbers   {', '.join(f'{code} {count}' for code, count in counted.counts.items()) or '-'}",
        f"follows   {', '.join(act.does for act in read.acts)}",
        *([f"until     {read.until:%d/%m %H.%M} if it came on 14/02 at 09.00"] if read.until else []),
    ]
    return "\n".join(lines)


def _as_sent(rt: Runtime, mail: Mail) -> Sent:
    files: list[dict[str, Any]] = [
        media.kept(rt.files, {"media": own.media, "name": own.name}, own.data, Limits()) for own in mail.files
    ]
    return Sent(
        mail.key,
        Channel.EMAIL,
        mail.by,
        mask(mail.by),
        mail.text,
        mail.html,
        mail.subject,
        mail.headers,
        files=files,
        answers=mail.answers,
    )


def _sent(rt: Runtime, message_id: int) -> OfMessage | None:
    with rt.sessions() as session:
        return delivery_reports.sent(session, message_id)
