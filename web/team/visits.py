"""Somebody with a link: what it is good for, and the facts that the pages of one report need."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

import rules.links
from models.desk import programmes
from models.matters import owing
from models.matters.owing import Item
from models.matters.reports import Report
from models.offices import links
from models.offices.links import Opened
from rules import people
from rules.attachments import Position
from rules.forms import Filled
from rules.programme import Programme
from web import pages, views
from web.books import Books
from web.guards.refusals import Help, Refusal

CODE = "R-"
INCIDENT = "kejadian"
"""Stands in an address where reports have their number."""


class Visit(NamedTuple):
    """Somebody with a good link: for which office, in which programme, for which areas it may file.

    `shared`: the office is asked for reports of another election too.
    """

    token: str
    opened: Opened
    programme: Programme
    areas: tuple[str, ...]
    now: datetime
    shared: bool = False

    @property
    def election(self) -> str:
        """What tells this election from the others at the desk; empty where there is no other."""
        return self.programme.election.name if self.shared else ""

    @property
    def districts(self) -> list[str]:
        """The districts among its areas, in the file's order."""
        return [own.code for own in self.programme.desk.districts if own.code in self.areas]

    def own(self, area: str) -> bool:
        """Whether the office itself reports for this area; for others of its team it may step in."""
        return people.owing(self.programme.desk, area)[0] == self.opened.code

    def reporter(self, area: str) -> str:
        """The title of the office that reports for this area."""
        return self.programme.desk.office(people.owing(self.programme.desk, area)[0]).title


def visit(books: Books, session: Session, typed: str, code: str = "") -> Visit:
    """Open a link for the election that has this report. Without a report, or if none has it: for its message's own.

    Raises:
        Refusal: as `visits`.
    """
    opened = visits(books, session, typed)
    if len(opened) > 1 and numbered(code):
        return next((at for at in opened if owing.one(session, at.opened.programme_id, code)), opened[0])
    return opened[0]


def visits(books: Books, session: Session, typed: str) -> list[Visit]:
    """Open a link for every live election at its desk, that of its message first.

    Raises:
        Refusal: there is no such link, or not any more, every election of its desk is closed, or it is used too often.
    """
    token = rules.links.typed(typed)
    now = books.clock(session)
    opened = links.opened(session, token or "", now=now)
    if token is None or opened is None or opened.aide:
        raise Refusal(Help.NO_LINK, back=f"{books.base}/masuk")
    first, programme = books.one(session, opened.programme_id)
    if wait := books.links.wait(str(opened.id)):
        raise Refusal(Help.TOO_OFTEN, retry=wait)
    here = {first: programme, **books.of(session, programme.desk.code).readable}
    return [
        Visit(token, opened._replace(programme_id=id), p, p.desk.filed_by(opened.code), now, shared=len(here) > 1)
        for id, p in here.items()
    ]


def numbered(code: str) -> bool:
    """Whether this is written as the number of a report."""
    return code.startswith(CODE) and code[2:].isascii() and code[2:].isdigit() and len(code) <= 12


def report(session: Session, at: Visit, code: str) -> Item:
    """One report by its number. Raises: Refusal: none, of a closed election, another office's, or not open yet."""
    item = owing.one(session, at.opened.programme_id, code) if numbered(code) else None
    if item is None:
        closed = programmes.closed(session, at.programme.desk.code) if numbered(code) else ()
        over = any(owing.one(session, id, code) for id in closed)
        raise Refusal(Help.CLOSED if over else Help.UNKNOWN)
    if item.area not in at.areas:
        raise Refusal(Help.NOT_YOURS)
    if item.opens_at > at.now:
        raise Refusal(Help.NOT_YET)
    return item


def refused(item: Item) -> Help:
    """Why an answer to a report was not taken, where nothing better is known."""
    return Help.STILL_OWED if item.awaited else Help.NOT_OWED


def form_facts(
    books: Books,
    at: Visit,
    item: Item,
    *,
    version: int,
    given: Mapping[str, str],
    filled: Filled | None = None,
    filed: Report | None = None,
    kept: bool = False,
    below: Mapping[str, Any] | None = None,
    taken: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """All facts that the form's page needs.

    Args:
        filed: the report that it corrects, if the same office filed it.
        kept: `given` was typed before, when the link had run out.
        below: what its villages were asked and sent; `taken`: what was just put into it of that (`web.team.aides`).
    """
    own = books.form(at.programme.policy.duty(item.duty, item.key).form)
    named = views.item(at.programme, item, at.now, version=version)
    before = f"{filed.number}, {pages.moment(filed.received_at, item.zone)}" if filed else ""
    villages = views.place(at.programme, item.area, at.now).villages
    fields = views.form(own, given, filled, villages) | stepping_in(at, item)
    said = {"filed": before, "kept": kept, "below": below, "taken": taken}
    return common(books, at) | fields | {"item": named} | said


CONFIRMED = "untuk"
"""The field that repeats an area which another office reports for. Whoever fills it in knows for whom he declares."""


def confirmed(at: Visit, item: Item, fields: Mapping[str, str]) -> bool:
    """Whether somebody may declare this: for his own district at once, for another's after he was asked once more."""
    return at.own(item.area) or fields.get(CONFIRMED) == item.area


def stepping_in(at: Visit, item: Item) -> dict[str, Any]:
    """For whom somebody is about to declare something. `reporter` is empty if he declares it for himself."""
    reporter = "" if at.own(item.area) else at.reporter(item.area)
    return {"reporter": reporter, "place": item.area, "office": at.opened.title}


def confirm_facts(books: Books, at: Visit, item: Item, carried: Mapping[str, str]) -> dict[str, Any]:
    """All facts that the page which asks once more needs. `carried`: the answer, to be sent again."""
    named = views.item(at.programme, item, at.now)
    return common(books, at) | stepping_in(at, item) | {"item": named, "carried": carried}


def common(books: Books, at: Visit) -> dict[str, Any]:
    """The facts that every page of a team needs."""
    own = f"d{books.base}/{at.opened.programme_id}.{at.opened.code}/"
    limits = at.programme.policy.attachments
    return {
        "base": books.base,
        "token": at.token,
        "election": at.election,
        "secretariat": views.secretariat(at.programme.desk, at.opened.code),
        "brought": at.opened.message_id is not None,
        "drafts": {"own": own, "shrink": limits.position is Position.STRIP},
    }
