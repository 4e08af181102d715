"""Twilio's Messages resource as far as its published OpenAPI document fixes it: a request that breaks it is kept in
`violations` and answered as Twilio would.

`twilio_messages.openapi.json` holds the operations Create, List and Fetch of that document, without its prose.
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from jsonschema import Draft202012Validator, FormatChecker
from twilio.request_validator import RequestValidator

from tests.notifiers.http_wire import Answer, Asked, HttpWire, http_wire

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "rahasia-sekali-0001"
SERVICE = "MG" + "0123456789abcdef" * 2
TEMPLATE = "HX" + "0123456789abcdef" * 2
EXCERPT = Path(__file__).with_name("twilio_messages.openapi.json")
NOW = datetime(2023, 12, 12, 7, 15, 30, tzinfo=UTC)
_FORMATS = FormatChecker([])


@_FORMATS.checks("uri", raises=ValueError)
def _is_address(value: object) -> bool:
    """Whole, and with a host name that has no underscores: so the document's prose asks of StatusCallback."""
    url = urlsplit(str(value))
    return url.scheme in ("http", "https") and bool(url.hostname) and "_" not in str(url.hostname)


@cache
def document() -> dict[str, Any]:
    return json.loads(EXCERPT.read_text())


class Contract:
    """Keeps what it accepted, and what was wrong with what it refused.

    `now` is its clock, which its lists show where it is `dated`; `early`: what it calls back about a message before it
    answers that it accepted it.
    """

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.now = NOW
        self.early: list[str] = []
        self._places: dict[str, str] = {}
        self.page_size = 50
        self.prefix = ""
        self.narrows = True
        self.dated = False

    def __call__(self, asked: Asked) -> Answer:
        if not _known(asked.headers.get("Authorization", "")):
            self.violations.append("no or wrong credentials")
            return refusal(401, 20003, "Authenticate")
        for template, operations in document()["paths"].items():
            found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)), asked.path)
            if found and asked.method.lower() in operations:
                operation = operations[asked.method.lower()]
                wrong = _parameters(operation, found.groupdict(), "path")
                wrong += _parameters(operation, asked.query, "query")
                return self._carried_out(operation, asked, found.groupdict(), wrong)
        self.violations.append(f"no operation {asked.method} {asked.path}")
        return refusal(404, 20404, f"The requested resource {asked.path} was not found")

    def _carried_out(self, operation: dict[str, Any], asked: Asked, path: dict[str, str], wrong: list[str]) -> Answer:
        if asked.method == "POST":
            if asked.headers.get("Content-Type") != "application/x-www-form-urlencoded":
                wrong.append("not a form")
            wrong += _form(operation, asked.form)
        self.violations += wrong
        if wrong:
            return refusal(400, 20422, "; ".join(wrong))
        if asked.method == "POST":
            self.kept.insert(0, _message(len(self.kept) + 1, asked.form, self.prefix, self.now))
            self._places[self.kept[0]["sid"]] = asked.form.get("StatusCallback", "")
            for status in self.early:
                self.calls_back(self.kept[0]["sid"], status)
            return Answer(201, json.dumps(self.kept[0]))
        if "Sid" in path:
            found = [message for message in self.kept if message["sid"] == path["Sid"]]
            return Answer(200, json.dumps(found[0])) if found else refusal(404, 20404, "not found")
        return self._listed(asked)

    def calls_back(self, sid: str, status: str, code: str = "", *, about: str = "", token: str = TOKEN) -> int:
        """Tell whoever sent a message what became of it; the answer.

        Args:
            about: another message of theirs that it is said to be about.
            token: what it is signed with.
        """
        (message,) = [kept for kept in self.kept if kept["sid"] == sid]
        url = self._places[sid] if not about else f"{self._places[sid].rpartition('/')[0]}/{about}"
        told = {"MessageSid": sid, "MessageStatus": status, "To": message["to"], "AccountSid": ACCOUNT}
        told |= {"ErrorCode": code} if code else {}
        proof = RequestValidator(token).compute_signature(url, told)
        return requests.post(url, told, headers={"X-Twilio-Signature": proof}, timeout=60).status_code

    def _listed(self, asked: Asked) -> Answer:
        query = asked.query
        size, page = min(int(query.get("PageSize", 50)), self.page_size), int(query.get("Page", 0))
        found = [message for message in self.kept if not self.narrows or query.get("To") in (None, message["to"])]
        following = {**query, "Page": page + 1, "PageToken": "PASM1"} if len(found) > size * (page + 1) else None
        answer = {
            "messages": found[size * page : size * (page + 1)],
            "next_page_uri": f"{asked.path}?{urlencode(following)}" if following else None,
            "page": page,
            "page_size": size,
        }
        return Answer(
            200, json.dumps(answer), (("Date", format_datetime(self.now, usegmt=True)),) if self.dated else ()
        )


def refusal(status: int, code: int, message: str) -> Answer:
    body = {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    return Answer(status, json.dumps({**body, "status": status}))


@contextmanager
def twilio() -> Iterator[tuple[HttpWire, Contract]]:
    contract = Contract()
    with http_wire(contract) as wire:
        yield wire, contract


def _known(authorization: str) -> bool:
    try:
        return b64decode(authorization.removeprefix("Basic ")).decode() == f"{ACCOUNT}:{TOKEN}"
    except ValueError:
        return False


def _parameters(operation: dict[str, Any], given: dict[str, str], place: str) -> list[str]:
    known = {p["name"]: p for p in operation.get("parameters", []) if p["in"] == place}
    wrong = [f"{place}: {name} is no parameter" for name in given if name not in known]
    wrong += [f"{place}: {name} is missing" for name, p in known.items() if p.get("required") and name not in given]
    for name in given.keys() & known.keys():
        wrong += _broken(known[name]["schema"], _typed(known[name]["schema"], given[name]), name)
    return wrong


def _form(operation: dict[str, Any], form: dict[str, str]) -> list[str]:
    schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    typed = {name: _typed(schema["properties"].get(name, {}), value) for name, value in form.items()}
    return _broken(schema, typed, "form")


def _typed(schema: dict[str, Any], value: str) -> object:
    """A form holds texts only; the document says what they stand for."""
    kind = schema.get("type")
    if kind in ("integer", "number") and re.fullmatch(r"-?\d+", value):
        return int(value)
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    return [value] if kind == "array" else value


def _broken(schema: dict[str, Any], value: object, name: str) -> list[str]:
    whole = {**schema, "components": document()["components"]}
    errors = Draft202012Validator(whole, format_checker=_FORMATS).iter_errors(value)
    return [f"{name}: {'.'.join(map(str, error.path))} {error.validator}" for error in errors]


def _message(number: int, form: dict[str, str], prefix: str, now: datetime) -> dict[str, Any]:
    at = format_datetime(now)
    text = form.get("Body") or " ".join(json.loads(form.get("ContentVariables", "{}")).values())
    return {
        "sid": f"SM{number:032x}",
        "account_sid": ACCOUNT,
        "to": form["To"],
        "from": form.get("From"),
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "body": prefix + text,
        "status": "accepted" if "MessagingServiceSid" in form else "queued",
        "direction": "outbound-api",
        "date_created": at,
        "date_updated": at,
        "date_sent": None,
        "error_code": None,
        "error_message": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/SM{number:032x}.json",
        "subresource_uris": {},
    }
