"""What somebody of the secretariat typed about one report: what is to be filed, and all that is wrong with it."""

from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

import rules.filing
from models.matters.owing import Item
from rules import forms, people, typed
from rules.filing import BY_HAND, Content, RefusedTime, Unexplained, Via
from rules.forms import Filled, Form
from rules.incidents import Place
from rules.programme import Programme
from rules.typed import Fault, Mistyped
from web import views, words
from web.books import Books
from web.door.who import Who
from web.team import uploads

WAYS = {via: name for via, name in words.VIAS.items() if via in BY_HAND}
REASON, TEXT = 500, 4000
NIL, FORM, PLAIN = "nil", "report", "text"


class Asked(NamedTuple):
    """One report to be recorded, and what was typed."""

    books: Books
    session: Session
    at: Who
    id: int
    programme: Programme
    item: Item
    fields: Mapping[str, str]
    files: uploads.Taken

    @property
    def form(self) -> Form:
        return self.books.form(self.programme.policy.duty(self.item.duty, self.item.key).form)

    @property
    def place(self) -> Place:
        """What can be said of the report's area."""
        return views.place(self.programme, self.item.area, self.at.now)


class Typed(NamedTuple):
    """What is to be filed, or what is wrong with it, by field."""

    content: Content
    body: Mapping[str, Any]
    via: Via
    by: str
    received_at: datetime | None
    reason: str
    flaws: Mapping[str, str]
    filled: Filled | None


def read(asked: Asked) -> Typed:
    """What was typed, and everything that is wrong with it at once."""
    fields, flaws = asked.fields, {}
    via, by = fields.get("via", ""), fields.get("by", "")
    if via not in WAYS:
        flaws["via"] = words.FAULTS[Fault.NO_CHOICE]
    if by not in offices(asked):
        flaws["by"] = words.FAULTS[Fault.NO_CHOICE]
    content, body, filled, wrong = _content(asked)
    at, reason, late = _time(asked)
    flaws |= wrong | late | {name: words.FAULTS[fault] for name, fault in asked.files.flaws.items()}
    return Typed(content, body, Via(via) if via in WAYS else Via.PHONE, by, at, reason, flaws, filled)


def _content(asked: Asked) -> tuple[Content, Mapping[str, Any], Filled | None, dict[str, str]]:
    """What is to be filed. A text and the form may both be filled in: nothing that was typed is left out."""
    answer, form = asked.fields.get("answer", ""), asked.form
    text, wrong = _text(asked.fields)
    touched = forms.touched(form, asked.fields)
    if answer == NIL:
        return Content.NIL, {}, None, _not_nil(asked, told=bool(text or wrong or touched))
    if answer not in (FORM, PLAIN):
        return Content.FILLED, {}, None, {"answer": words.FAULTS[Fault.NO_CHOICE]}
    if answer == PLAIN and not text and not wrong:
        wrong = {"text": words.NO_TEXT}
    note = {"note": text} if text else {}
    digests = asked.files.digests
    if answer == PLAIN and not touched:
        return Content.FILLED, note | ({forms.FILES: list(chain(*digests.values()))} if digests else {}), None, wrong
    filled = forms.read(form, asked.fields, digests, asked.place)
    wrong |= {name: words.FAULTS[fault] for name, fault in filled.flaws.items()}
    return filled.content, dict(filled.body) | note, filled, wrong


def _text(fields: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    try:
        return typed.words(fields.get("text", ""), TEXT), {}
    except Mistyped as error:
        return "", {"text": words.FAULTS[error.fault]}


def _not_nil(asked: Asked, *, told: bool) -> dict[str, str]:
    """What is wrong with recording nil."""
    wrong = {} if asked.programme.policy.duty(asked.item.duty).nil else {"answer": words.NO_NIL}
    wrong |= {"answer": words.NIL_WITH_WORDS} if told else {}
    return wrong | ({forms.FILES: words.NIL_WITH_FILES} if asked.files.digests else {})


def _time(asked: Asked) -> tuple[datetime | None, str, dict[str, str]]:
    """When it came in, as stated; None: now."""
    try:
        reason = typed.words(asked.fields.get("reason", ""), REASON)
    except Mistyped as error:
        return None, "", {"reason": words.FAULTS[error.fault]}
    try:
        at = typed.moment(asked.fields.get("at", ""), asked.item.zone)
        rules.filing.received_at(at, reason=reason, zone=asked.item.zone, now=asked.at.now)
    except Mistyped as error:
        return None, reason, {"at": words.FAULTS[error.fault]}
    except Unexplained:
        return None, reason, {"reason": words.NO_REASON}
    except RefusedTime:
        return None, reason, {"at": words.AHEAD}
    return at, reason, {}


def doubtful(filled: Filled) -> bool:
    return bool(filled.doubts) and forms.REMARKS not in filled.body


def offices(asked: Asked) -> dict[str, str]:
    """The offices a report may come from: first the one that files for the area, then the others of its team."""
    desk = asked.programme.desk
    return {code: desk.office(code).title for code in people.answering(desk, asked.item.area)}
