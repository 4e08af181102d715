"""Where providers tell us what became of messages. They ask for no page, so they get none.

A flood of forged ones costs no more than its signatures: nothing is asked of the database, nor any thread taken, before
one holds. Twilio calls from few addresses, and in a burst more often than anybody may read pages; callbacks therefore
do not count against what a caller may ask (`web.guard`).
"""

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models import offices, outages, receipts
from notifiers import reports
from rules.desk import Channel
from rules.receipts import Heard
from web import bodies, words
from web.books import Books

log = structlog.get_logger()

PATH = "/callbacks/"
_LARGEST_ID = 9
"""Digits: more than this no database counts."""


async def twilio(request: Request) -> Response:
    """Take a status callback. 403: not signed by Twilio; 404: no message of ours; 200: kept, or nothing in it."""
    books: Books = request.app.state.books
    number = request.path_params["message_id"]
    body = await bodies.bounded(request)
    found = _signed(books, request, body, number)
    if found is None:
        return Response(status_code=403)
    if not _possible(number):
        return Response(status_code=404)
    heard = reports.from_twilio(int(number), body, found)
    if heard is None:
        log.warning("callback says nothing known", message=int(number))
        return Response(status_code=200)
    return await _kept(books, heard)


async def inbound(request: Request) -> Response:
    """Take what somebody wrote to us: only that they did, and when. Whoever it is gets the same words, and no names."""
    books: Books = request.app.state.books
    found = _signed(books, request, await bodies.bounded(request), "inbound")
    if found is None:
        return Response(status_code=403)
    if by := reports.writer(found):
        contacts = await run_in_threadpool(_wrote, books, *by)
        log.info("inbound", channel=by[0], contacts=contacts)
    return Response(f"<Response><Message>{words.UNREAD}</Message></Response>", media_type="text/xml")


def _signed(books: Books, request: Request, body: bytes, place: str) -> reports.Fields | None:
    """The fields of a callback that Twilio signed for this very address; None: it did not."""
    found = reports.fields(body)
    url = f"{books.public_url}{PATH}twilio/{place}" + (f"?{request.url.query}" if request.url.query else "")
    signature = request.headers.get("x-twilio-signature", "")
    return found if reports.signed(books.twilio_token, url, found, signature) else None


def _wrote(books: Books, channel: Channel, address: str) -> int:
    with books.sessions.begin() as session:
        return offices.wrote(session, channel, address, now=books.clock(session))


async def gateway(request: Request) -> Response:
    """Take a gateway's delivery report: 403 without our own seal, 400 in words that are not Kannel's."""
    books: Books = request.app.state.books
    number = request.path_params["message_id"]
    if not _possible(number):
        return Response(status_code=403)
    try:
        heard = reports.from_gateway(books.key, int(number), request.query_params.multi_items())
    except ValueError:
        return Response(status_code=400)
    return await _kept(books, heard) if heard else Response(status_code=403)


def _possible(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) <= _LARGEST_ID


async def _kept(books: Books, heard: Heard) -> Response:
    known = await run_in_threadpool(_keep, books, heard)
    log.info("receipt", message=heard.message_id, fate=heard.fate, code=heard.code, known=known)
    return Response(status_code=200 if known else 404)


def _keep(books: Books, heard: Heard) -> bool:
    with books.sessions.begin() as session:
        now = books.clock(session)
        if not receipts.keep(session, heard, now=now):
            return False
        news = outages.heard(session, heard, now=now)
    if news:
        log.warning("channel heard of", message=heard.message_id, **news._asdict())
        with books.sessions.begin() as session:
            outages.learn(session, books.live(session), news, now=now)
    return True
