"""The emulator's Twilio as strict as its published OpenAPI document: a request that breaks it is kept in `violations`
and answered as Twilio would.

`twilio_messages.openapi.json` holds the operations Create, List and Fetch of that document, without its prose.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

from jobs.emulator.phones import Dial, Phones
from jobs.emulator.texts import Asked, Said, Twilio, refusal
from tests.notifiers.http_wire import HttpWire, http_wire

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "rahasia-sekali-0001"
LOGIN = f"Basic {b64encode(f'{ACCOUNT}:{TOKEN}'.encode()).decode()}"
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


class Contract(Twilio):
    """The emulator's Twilio, which takes nothing that its document forbids and keeps in `violations` what that was.

    A message stays as it was accepted until a test says what became of it. `now` is its clock, which its lists show
    where it is `dated`; `early`: what it calls back about a message before it answers that it accepted it; `prefix`:
    what a trial account writes before each text; `narrows` False: it lists also what was sent to others.
    """

    def __init__(self) -> None:
        super().__init__(Phones(now=lambda: self.now))
        self.violations: list[str] = []
        self.now = NOW
        self.early: list[str] = []
        self.page_size = 50
        self.prefix = ""
        self.narrows = True
        self.dated = False

    def __call__(self, asked: Asked) -> Said:
        if asked.header("authorization") != LOGIN:
            self.violations.append("no or wrong credentials")
            return refusal(401, 20003, "Authenticate")
        wrong = _against_document(asked)
        self.violations += wrong
        if wrong:
            return refusal(400, 20422, "; ".join(wrong))
        said = super().__call__(asked)
        date = (("Date", format_datetime(self.now, usegmt=True)),) if self.dated and asked.method == "GET" else ()
        return said._replace(headers=date)

    def words(self, form: dict[str, str]) -> str:
        return self.prefix + super().words(form)

    def leaves(self, one: dict[str, Any], dial: Dial, asked: Asked) -> None:
        for status in self.early:
            self.calls_back(one["sid"], status)

    def found(self, query: dict[str, str]) -> list[dict[str, Any]]:
        return super().found(query) if self.narrows else self.kept

    def calls_back(self, sid: str, status: str, code: str = "", *, about: str = "", token: str = TOKEN) -> int:
        """Tell whoever sent a message what became of it; the answer.

        Args:
            about: another message of theirs that it is said to be about.
            token: what it is signed with.
        """
        (message,) = [kept for kept in self.kept if kept["sid"] == sid]
        url = self._places[sid] if not about else f"{self._places[sid].rpartition('/')[0]}/{about}"
        return self.report(message, status, code, url=url, token=token)(timeout=60).status_code


def _against_document(asked: Asked) -> list[str]:
    """What of a request the document forbids."""
    for template, operations in document()["paths"].items():
        found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)), asked.path)
        if found and asked.method.lower() in operations:
            operation = operations[asked.method.lower()]
            wrong = _parameters(operation, found.groupdict(), "path") + _parameters(operation, asked.query, "query")
            if asked.method == "POST":
                form = asked.header("content-type") == "application/x-www-form-urlencoded"
                wrong += ([] if form else ["not a form"]) + _form(operation, asked.form)
            return wrong
    return [f"no operation {asked.method} {asked.path}"]


@contextmanager
def twilio() -> Iterator[tuple[HttpWire, Contract]]:
    contract = Contract()
    with http_wire(contract) as wire:
        yield wire, contract


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
