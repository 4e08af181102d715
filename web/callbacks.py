"""Where providers tell us what became of messages. They ask for no page, so they get none.

A flood of forged callbacks costs only the check of their signatures: before one holds, neither the database nor a
thread is used. Twilio calls from few addresses, and in bursts more often than anybody may read pages. Callbacks
therefore do not count against what a caller may ask (`web.guards.guard`).
"""

from datetime import datetime

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models.messages import delivery_reports
from notifiers import references, reports
from rules.delivery_reports import Heard
from services import hearing, outages, restoring
from web.books import Books
from web.guards import bodies

log = structlog.get_logger()

PATH = "/callbacks/"


async def twilio(request: Request) -> Response:
    """Take a status callback. 403: not signed by Twilio; 404: no message of ours; 200: kept, or nothing in it."""
    books: Books = request.app.state.books
    reference = request.path_params["message"]
    body = await bodies.bounded(request)
    fields = signed(books, request, body, reference)
    if fields is None:
        return Response(status_code=403)
    named = references.read(reference)
    if named is None:
        return Response(status_code=404)
    heard = reports.from_twilio(named[0], body, fields)
    if heard is None:
        log.warning("callback says nothing known", message=named[0])
        return Response(status_code=200)
    return await _kept(books, heard, named[1])


def signed(books: Books, request: Request, body: bytes, place: str) -> reports.Fields | None:
    """The fields of a callback, if Twilio signed them for this very address."""
    fields = reports.fields(body)
    url = f"{books.public_url}{PATH}twilio/{place}" + (f"?{request.url.query}" if request.url.query else "")
    signature = request.headers.get("x-twilio-signature", "")
    return fields if reports.signed(books.twilio_token, url, fields, signature) else None


async def gateway(request: Request) -> Response:
    """Take a gateway's delivery report. 403: it lacks our seal; 400: it is not written as Kannel writes."""
    books: Books = request.app.state.books
    reference = request.path_params["message"]
    try:
        heard = reports.from_gateway(books.key, reference, request.query_params.multi_items())
    except ValueError:
        return Response(status_code=400)
    named = references.read(reference)
    return await _kept(books, heard, named[1]) if heard and named else Response(status_code=403)


def _contradicted(books: Books, session: Session, now: datetime) -> None:
    """Put sending on hold: there is news of a message that these books never had."""
    gap = restoring.contradicted(session, now=now)
    if gap is not None:
        restoring.show(session, books.live(session), now=now)
        log.error("older books, sending on hold", since=gap.began_at.isoformat(), gap=gap.id)


async def _kept(books: Books, heard: Heard, nonce: str) -> Response:
    kept = await run_in_threadpool(_keep, books, heard, nonce)
    log.info("delivery report", message=heard.message_id, fate=heard.fate, code=heard.code, known=bool(kept))
    return Response(status_code=404 if kept is None else 200)


def _keep(books: Books, heard: Heard, nonce: str) -> bool | None:
    """Keep what was heard of a message; None: no message has this number.

    False: its message is lost and the number means another one now, or the try is not ours. Its provider cannot do
    anything about that. What is lost was in newer books than these.
    """
    with books.sessions.begin() as session:
        now = books.clock(session)
        sent = delivery_reports.sent(session, heard.message_id)
        if sent is None or sent.nonce != nonce:
            _contradicted(books, session, now)
            return None if sent is None else False
        if not hearing.keep(session, heard, now=now):
            return False
        news = outages.heard(session, heard, now=now)
    if news:
        log.warning("channel heard of", message=heard.message_id, **news._asdict())
        with books.sessions.begin() as session:
            outages.learn(session, books.live(session), news, now=now)
    return True
