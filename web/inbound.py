"""Where providers hand on what people write to us. A row is kept first; then it is read, and answered by a message.

Whoever is no contact of ours gets one and the same polite sentence, which holds no names, once a day. A message that
comes again is kept once. If reading fails the row stays, and the clock reads it later.
"""

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from config import replies
from models.messages import inbound
from models.messages.messages import Message
from notifiers import reports, ways_in
from notifiers.mask import mask
from notifiers.ways_in import Handed, TakesIn, Written
from rules.desk import Channel
from services import arriving, replying
from services.arriving import Sent
from web import callbacks, words
from web.books import Books
from web.guards import bodies

log = structlog.get_logger()


async def twilio(request: Request) -> Response:
    """Take what somebody wrote by WhatsApp or SMS. 403: not signed by Twilio; 200: kept, now or before."""
    books: Books = request.app.state.books
    fields = callbacks.signed(books, request, await bodies.bounded(request), "inbound")
    if fields is None:
        return Response(status_code=403)
    written = reports.written(fields)
    stranger = await run_in_threadpool(_take, books, "twilio", written) if written else False
    said = f"<Message>{words.TO_STRANGERS}</Message>" if stranger else ""
    return Response(f"<Response>{said}</Response>", media_type="text/xml")


async def way(request: Request) -> Response:
    """Take what somebody wrote by a gateway, or by another way in. 403: it lacks our seal; 400: it is not understood.

    The answer is empty: a gateway would send it to whoever wrote.
    """
    books: Books = request.app.state.books
    name = request.path_params["way"]
    own = books.ways_in.get(name)
    handed = Handed(dict(request.query_params), dict(request.headers))
    if own is None or not ways_in.proved(books.key, name, own, handed):
        return Response(status_code=403)
    written = _understood(name, own, handed._replace(body=await bodies.bounded(request)))
    if written is None:
        return Response(status_code=400)
    if written is not NOBODY:
        await run_in_threadpool(_take, books, name, written)
    return Response("", media_type="text/plain")


NOBODY = Written("", Channel.SMS, "", "")
"""Something that nobody wrote."""


def _understood(name: str, own: TakesIn, handed: Handed) -> Written | None:
    """What was written; None: what was handed on is not understood, and its provider tries again or says so."""
    try:
        written = own.written(handed) or NOBODY
        if written is not NOBODY and not (written.key and written.by and written.channel in own.TAKES):
            raise ValueError("no id, nobody, or another channel")
    except Exception as broken:  # noqa: BLE001 - files that others add; a call that breaks one breaks nothing else
        log.error("inbound not understood", way=name, error=type(broken).__name__)
        return None
    return written


def _take(books: Books, way: str, written: Written) -> bool:
    """Keep it, then read it; whether a stranger wrote who is to be told so."""
    with books.sessions.begin() as session:
        now, live = books.clock(session), books.live(session)
        answers = _answered(session, written.answered)
        sent = Sent(
            f"{way}:{written.key}",
            written.channel,
            written.by,
            mask(written.by) if written.is_number else written.by[:20],
            written.text.encode("utf-8", "surrogatepass"),
            headers={} if written.is_number else {"x-desk-from": written.by[:40]},
            forwarded=written.forwarded,
            files=written.files,
            answers=answers,
        )
        id = arriving.keep(session, sent, live, now=now)
    log.info("inbound", channel=written.channel, inbound=id, again=id is None)
    if id is None:
        return False
    try:
        with books.sessions.begin() as session:
            row = replying.read(session, id, live, books.forms, replies.spoken(), now=now)
            stranger = row is not None and written.is_number and inbound.greets(session, row)
    except Exception as broken:  # noqa: BLE001 - whatever is wrong, it is kept: the clock reads it again, or a person does
        log.error("inbound not read", inbound=id, error=type(broken).__name__)
        return False
    if row is not None:
        log.info("inbound read", inbound=id, intent=row.intent, answered=row.answer_id is not None, person=row.person)
    return stranger


def _answered(session: Session, provider_id: str) -> int | None:
    """The message of ours that he answered, by its provider's id."""
    return session.scalar(select(Message.id).where(Message.provider_id == provider_id)) if provider_id else None
