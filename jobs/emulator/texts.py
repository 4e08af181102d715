"""The emulated gateway (as Kannel's sendsms) and Twilio's Messages, as far as a desk uses them.

Answers of the gateway are those of Kannel's smsbox; those of Twilio follow its published OpenAPI document. Which server
listens for them is another's business: `jobs.emulator.app`, or in tests one that misbehaves on the wire.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from twilio.request_validator import RequestValidator

from jobs.emulator import phones
from jobs.emulator.phones import Answer, Dial, Phones, Report
from rules.desk import Channel

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
_TWILIO_REPORT = {Report.DELIVERED: ("delivered", ""), Report.UNDELIVERED: ("undelivered", "30003")}
_ACCOUNT = re.compile(r"/2010-04-01/Accounts/(?P<account>\w+)\.json")
_MESSAGES = re.compile(r"/2010-04-01/Accounts/(?P<account>\w+)/Messages(/(?P<sid>\w+))?\.json")


Callback = Callable[..., requests.Response]


class Asked(NamedTuple):
    """One request as it came in."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: str

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body, keep_blank_values=True))

    def header(self, name: str) -> str:
        """Whatever its capitals; empty: it is not there."""
        return next((value for own, value in self.headers.items() if own.lower() == name.lower()), "")


class Said(NamedTuple):
    """An answer. `then` tells a delivery report afterwards; it takes a `timeout` in seconds."""

    status: int
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    then: Callback | None = None


class Gateway:
    """It takes a text as a form or in the address, and keeps nothing of it but the screen."""

    def __init__(self, phones: Phones) -> None:
        self._phones = phones

    def dial(self, asked: Asked) -> Dial:
        return self._phones.dials[Channel.SMS]

    def __call__(self, asked: Asked) -> Said:
        fields, dial = {**asked.query, **asked.form}, self.dial(asked)
        report = None
        if dial.answer in (Answer.TAKE, Answer.LOSE):
            number = f"+{fields.get('to', '').lstrip('+')}"
            self._phones.keep(Channel.SMS, number, fields.get("text", ""), sender=fields.get("from", ""))
            if (said := _KANNEL_REPORT.get(dial.report)) and (url := fields.get("dlr-url")):
                report = partial(requests.get, url.replace("%d", said))
        status, words = _KANNEL[dial.answer]
        return Said(status, words, then=report)


class Twilio:
    """Messages: create one, list them, fetch one. `kept`: all that it took, as it shows them, the newest first.

    The account itself can be asked for, too: whoever looks after a desk asks whether its login is right, and here every
    one is.
    """

    page_size = 1000

    def __init__(self, phones: Phones) -> None:
        self.kept: list[dict[str, Any]] = []
        self._phones = phones
        self._places: dict[str, str] = {}

    def dial(self, asked: Asked) -> Dial:
        return self._phones.dials[_channel(asked.form.get("To", ""))] if asked.method == "POST" else Dial()

    def __call__(self, asked: Asked) -> Said:
        if own := _ACCOUNT.fullmatch(asked.path):
            told = {"sid": own["account"], "friendly_name": "emulator", "status": "active"}
            return Said(200, json.dumps(told))
        found = _MESSAGES.fullmatch(asked.path)
        if found is None:
            return refusal(404, 20404, f"The requested resource {asked.path} was not found")
        if asked.method == "POST":
            return self._create(asked, found["account"])
        if found["sid"] is None:
            return self._listed(asked)
        kept = [one for one in self.kept if one["sid"] == found["sid"]]
        return Said(200, json.dumps(kept[0])) if kept else refusal(404, 20404, "not found")

    def _create(self, asked: Asked, account: str) -> Said:
        form, dial = asked.form, self.dial(asked)
        if dial.answer in (Answer.REFUSE, Answer.LATER):
            return refusal(*_TWILIO[dial.answer])
        text, sender = self.words(form), form.get("From", form.get("MessagingServiceSid", ""))
        to = form.get("To", "")
        taken = self._phones.keep(_channel(to), to.removeprefix("whatsapp:"), text, sender=sender)
        one = _resource(account, f"SM{taken.number:032x}", form, text, taken.at)
        self.kept = [one, *self.kept[: phones.MOST - 1]]
        self._places[one["sid"]] = form.get("StatusCallback", "")
        answer = Said(201, json.dumps(one)) if dial.answer is Answer.TAKE else refusal(*_TWILIO[dial.answer])
        return answer._replace(then=self.leaves(one, dial, asked))

    def words(self, form: dict[str, str]) -> str:
        """What stands on the screen."""
        return form.get("Body") or "\n".join(json.loads(form.get("ContentVariables", "{}")).values())

    def leaves(self, one: dict[str, Any], dial: Dial, asked: Asked) -> Callback | None:
        """What becomes of a message once it was taken, and what is told of that."""
        status, code = _TWILIO_REPORT.get(dial.report, ("sent", ""))
        one |= {"status": status, "date_sent": one["date_created"]}
        url = self._places[one["sid"]]
        return self.report(one, status, code, url=url, token=_token(asked)) if status != "sent" and url else None

    def report(self, one: dict[str, Any], status: str, code: str, *, url: str, token: str) -> Callback:
        """What is called back about a message, signed with the account's token."""
        told = {"MessageSid": one["sid"], "MessageStatus": status, "To": one["to"], "AccountSid": one["account_sid"]}
        told |= {"ErrorCode": code} if code else {}
        seal = RequestValidator(token).compute_signature(url, told)
        return partial(requests.post, url, told, headers={"X-Twilio-Signature": seal})

    def _listed(self, asked: Asked) -> Said:
        """What was sent, to one number or since a time: a desk asks where it does not know what left."""
        query, found = asked.query, self.found(asked.query)
        size, page = min(int(query.get("PageSize", 50)), self.page_size), int(query.get("Page", 0))
        more = {**query, "Page": page + 1, "PageToken": "PASM1"} if len(found) > size * (page + 1) else None
        answer = {
            "messages": found[size * page : size * (page + 1)],
            "next_page_uri": f"{asked.path}?{urlencode(more)}" if more else None,
            "page": page,
            "page_size": size,
        }
        return Said(200, json.dumps(answer))

    def found(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """What a list is asked for."""
        own = [one for one in self.kept if query.get("To") in (None, one["to"])]
        if since := query.get("DateSent>"):
            own = [one for one in own if one["date_sent"] and _sent_at(one) >= datetime.fromisoformat(since)]
        if until := query.get("DateSent<"):
            own = [one for one in own if one["date_sent"] and _sent_at(one) <= datetime.fromisoformat(until)]
        return own


def refusal(status: int, code: int, message: str) -> Said:
    """Twilio's answer to what it does not do."""
    body = {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    return Said(status, json.dumps({**body, "status": status}))


def _channel(to: str) -> Channel:
    return Channel.WHATSAPP if to.startswith("whatsapp:") else Channel.SMS


def _sent_at(one: dict[str, Any]) -> datetime:
    return parsedate_to_datetime(one["date_sent"])


def _token(asked: Asked) -> str:
    """The token that a request came with; whatever it is, it is believed."""
    kind, _, given = asked.header("authorization").partition(" ")
    return base64.b64decode(given).decode().partition(":")[2] if kind == "Basic" else ""


def _resource(account: str, sid: str, form: dict[str, str], text: str, at: datetime) -> dict[str, Any]:
    created = format_datetime(at.astimezone(UTC))
    return {
        "sid": sid,
        "account_sid": account,
        "to": form.get("To", ""),
        "from": form.get("From"),
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "body": text,
        "status": "accepted" if "MessagingServiceSid" in form else "queued",
        "direction": "outbound-api",
        "date_created": created,
        "date_updated": created,
        "date_sent": None,
        "error_code": None,
        "error_message": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}.json",
        "subresource_uris": {},
    }
