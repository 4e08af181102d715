"""The emulated gateway (as Kannel's sendsms) and Twilio's Messages, as far as a desk uses them.

Answers of the gateway are those of Kannel's smsbox; those of Twilio follow its published OpenAPI document.
"""

import asyncio
import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from twilio.request_validator import RequestValidator

from jobs.emulator.phones import Answer, Phones, Report, Taken
from rules.desk import Channel

PATIENCE = 10
"""Seconds that a desk has to take a delivery report."""

_KANNEL = {
    Answer.TAKE: (202, "0: Accepted for delivery"),
    Answer.REFUSE: (403, "Receiver denied by white- and/or black-lists"),
    Answer.LATER: (503, "Temporal failure, try again later."),
    Answer.LOSE: (500, ""),
}
_KANNEL_REPORT = {Report.DELIVERED: "1", Report.UNDELIVERED: "2"}
_TWILIO = {
    Answer.REFUSE: (400, 21610, "Attempt to send to unsubscribed recipient"),
    Answer.LATER: (429, 20429, "Too Many Requests"),
    Answer.LOSE: (500, 20500, "Internal Server Error"),
}
_BY_TWILIO = (Channel.SMS, Channel.WHATSAPP)
_TWILIO_REPORT = {Report.DELIVERED: ("delivered", ""), Report.UNDELIVERED: ("undelivered", "30003")}


def _phones(request: Request) -> Phones:
    phones: Phones = request.app.state.phones
    return phones


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


async def sendsms(request: Request) -> Response:
    """One text for the gateway, as a form or in the address."""
    phones, fields = _phones(request), {**request.query_params, **await _form(request)}
    dial, to = phones.dials[Channel.SMS], fields.get("to", "")
    await asyncio.sleep(dial.delay)
    report = None
    if dial.answer in (Answer.TAKE, Answer.LOSE):
        number = f"+{to.lstrip('+')}"
        phones.keep(Channel.SMS, number, fields.get("text", ""), sender=fields.get("from", ""))
        if (said := _KANNEL_REPORT.get(dial.report)) and (url := fields.get("dlr-url")):
            report = BackgroundTask(_tell, url.replace("%d", said))
    status, words = _KANNEL[dial.answer]
    return PlainTextResponse(words, status, background=report)


async def account(request: Request) -> Response:
    """The account itself: whoever looks after a desk asks whether its login is right, and here every one is."""
    return JSONResponse({"sid": request.path_params["account"], "friendly_name": "emulator", "status": "active"})


async def create(request: Request) -> Response:
    """One text or WhatsApp message for Twilio."""
    phones, form = _phones(request), await _form(request)
    whatsapp, to = form.get("To", "").startswith("whatsapp:"), form.get("To", "").removeprefix("whatsapp:")
    channel = Channel.WHATSAPP if whatsapp else Channel.SMS
    dial = phones.dials[channel]
    await asyncio.sleep(dial.delay)
    if dial.answer in (Answer.REFUSE, Answer.LATER):
        return _refused(*_TWILIO[dial.answer])
    text = form.get("Body") or "\n".join(json.loads(form.get("ContentVariables", "{}")).values())
    taken = phones.keep(channel, to, text, sender=form.get("From", form.get("MessagingServiceSid", "")))
    report = None
    if (said := _TWILIO_REPORT.get(dial.report)) and (url := form.get("StatusCallback")):
        sid, token = _login(request)
        told = {"MessageSid": _sid(taken), "MessageStatus": said[0], "To": form["To"], "AccountSid": sid}
        told |= {"ErrorCode": said[1]} if said[1] else {}
        seal = RequestValidator(token).compute_signature(url, told)
        report = BackgroundTask(partial(_tell, url, told, {"X-Twilio-Signature": seal}))
    if dial.answer is Answer.LOSE:
        answer = _refused(*_TWILIO[dial.answer])
        answer.background = report
        return answer
    return JSONResponse(_resource(request, taken), 201, background=report)


async def listed(request: Request) -> Response:
    """What was sent, to one number or since a time, the newest first: a desk asks where it does not know what left."""
    asked = request.query_params
    to, since, until = asked.get("To", ""), asked.get("DateSent>", ""), asked.get("DateSent<", "")
    channel = None if not to else Channel.WHATSAPP if to.startswith("whatsapp:") else Channel.SMS
    sent = (one for one in _phones(request).taken(channel, to.removeprefix("whatsapp:")) if one.channel in _BY_TWILIO)
    own = [one for one in sent if not since or one.at >= datetime.fromisoformat(since)]
    own = [one for one in own if not until or one.at <= datetime.fromisoformat(until)]
    size, page = min(int(asked.get("PageSize", 50)), 1000), int(asked.get("Page", 0))
    shown, more = own[size * page : size * (page + 1)], len(own) > size * (page + 1)
    following = f"{request.url.path}?{urlencode({**asked, 'Page': page + 1})}" if more else None
    answer = {"messages": [_resource(request, one) for one in shown], "next_page_uri": following, "page": page}
    return JSONResponse({**answer, "page_size": size})


async def fetched(request: Request) -> Response:
    """One message by its id."""
    own = (one for one in _phones(request).taken() if _sid(one) == request.path_params["sid"])
    one = next(own, None)
    return JSONResponse(_resource(request, one)) if one else _refused(404, 20404, "not found")


def _sid(taken: Taken) -> str:
    return f"SM{taken.number:032x}"


def _login(request: Request) -> tuple[str, str]:
    """The account and the token that a request came with; whatever they are, they are believed."""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    sid, _, token = base64.b64decode(given).decode().partition(":") if kind == "Basic" else ("", "", "")
    return sid, token


def _resource(request: Request, taken: Taken) -> dict[str, object]:
    at, account = format_datetime(taken.at.astimezone(UTC)), request.path_params["account"]
    to = f"whatsapp:{taken.to}" if taken.channel is Channel.WHATSAPP else taken.to
    return {
        "sid": _sid(taken),
        "account_sid": account,
        "to": to,
        "from": taken.sender or None,
        "body": taken.text,
        "status": "sent",
        "direction": "outbound-api",
        "date_created": at,
        "date_updated": at,
        "date_sent": at,
        "error_code": None,
        "error_message": None,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{_sid(taken)}.json",
        "subresource_uris": {},
    }


def _refused(status: int, code: int, message: str) -> Response:
    return JSONResponse({"code": code, "message": message, "more_info": "", "status": status}, status)


async def _tell(url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> None:
    """A delivery report. It goes to the desk's own address only; one that cannot be told is lost, as in life."""
    if urlsplit(url).scheme not in ("http", "https"):
        return
    send = partial(requests.post, url, form, headers=headers, timeout=PATIENCE) if form else None
    try:
        await run_in_threadpool(send or partial(requests.get, url, timeout=PATIENCE))
    except requests.RequestException:
        return
