"""Somebody with a link: what it is good for, and what the pages of one report are made of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models import links, owing
from models.links import Opened
from models.owing import Item
from models.reports import Report
from rules import links as link_rules
from rules.attachments import Position
from rules.forms import Filled
from rules.programme import Programme
from web import pages, views
from web.books import Books
from web.refusals import Help, Refusal

CODE = "R-"


class Visit(NamedTuple):
    """Somebody with a good link: for which office, in which programme, with what it may file for."""

    token: str
    opened: Opened
    programme: Programme
    areas: tuple[str, ...]
    now: datetime


def visit(books: Books, session: Session, typed: str) -> Visit:
    """Open a link. Raises: Refusal: there is no such link, or not any more, or it is used too often."""
    token = link_rules.typed(typed)
    now = books.clock(session)
    opened = links.opened(session, token or "", now=now)
    programme = books.one(session, opened.programme_id) if opened else None
    if token is None or opened is None or programme is None:
        raise Refusal(Help.NO_LINK, back=f"{books.base}/masuk")
    if wait := books.links.wait(str(opened.id)):
        raise Refusal(Help.TOO_OFTEN, retry=wait)
    return Visit(token, opened, programme, programme.desk.filed_by(opened.code), now)


def report(session: Session, at: Visit, code: str) -> Item:
    """One report by its number. Raises: Refusal: there is none, it is another office's, or not open yet."""
    known = code.startswith(CODE) and code[2:].isascii() and code[2:].isdigit() and len(code) <= 12
    found = owing.one(session, at.opened.programme_id, code) if known else None
    if found is None:
        raise Refusal(Help.UNKNOWN)
    if found.area not in at.areas:
        raise Refusal(Help.NOT_YOURS)
    if found.opens_at > at.now:
        raise Refusal(Help.NOT_YET)
    return found


def form_facts(
    books: Books,
    at: Visit,
    found: Item,
    *,
    version: int,
    given: Mapping[str, str],
    filled: Filled | None = None,
    filed: Report | None = None,
) -> dict[str, Any]:
    """All that the form's page is made of. `filed`: what it corrects, where the same office filed it."""
    own = books.form(at.programme.policy.duty(found.duty).form)
    item = views.item(at.programme, found, at.now, version=version)
    before = f"{filed.number}, {pages.moment(filed.received_at, found.zone)}" if filed else ""
    return common(books, at) | views.form(own, given, filled) | {"item": item, "filed": before}


def common(books: Books, at: Visit) -> dict[str, Any]:
    own = f"d{books.base}/{at.opened.programme_id}.{at.opened.code}/"
    limits = at.programme.policy.attachments
    return {
        "base": books.base,
        "token": at.token,
        "secretariat": views.secretariat(at.programme),
        "drafts": {"own": own, "shrink": limits.position is Position.STRIP},
    }
