"""What an aide in a village opens by his link: what his district's reporter asks him, and nothing else. No login.

He may send again until the report is filed. What he sends is read by that reporter alone (`web.team.aides`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

import rules.links
from models.desk.changes import Hand, Way
from models.matters import aiding
from models.matters.aiding import Owed
from models.offices import aides as people
from models.offices import links
from models.offices.aides import Known
from models.offices.links import Opened
from rules import aides as rule
from rules import forms, indonesian
from rules.forms import Filled, Form
from rules.people import owing
from rules.programme import Programme
from rules.typed import Fault
from services import aides, rollcalls, strangers
from web import drafts, pages, views, words
from web.books import Books
from web.door import who
from web.guards.refusals import Help, Refusal

log = structlog.get_logger()


class Visit(NamedTuple):
    """Somebody with an aide's link, and all that he is asked and that is still awaited."""

    token: str
    opened: Opened
    programme: Programme
    known: Known
    asked: list[Owed]
    now: datetime

    @property
    def village(self) -> str:
        return aides.village(self.programme, self.known.aide.area, self.known.aide)

    @property
    def asker(self) -> str:
        """The title of the office that asks him."""
        return self.programme.desk.office(owing(self.programme.desk, self.known.aide.area)[0]).title


def visit(books: Books, session: Session, typed: str) -> Visit:
    """Open an aide's link. Raises: Refusal: there is none, or not any more, or it is used too often."""
    token = rules.links.typed(typed)
    now = books.clock(session)
    opened = links.opened(session, token or "", now=now)
    known = people.one(session, opened.office_id) if opened and opened.aide else None
    if token is None or opened is None or known is None:
        raise Refusal(Help.NO_VILLAGE_LINK)
    id, programme = books.one(session, opened.programme_id)
    if id != opened.programme_id or programme.policy.aides is None:
        raise Refusal(Help.NO_VILLAGE_LINK)
    if wait := books.links.wait(str(opened.id)):
        raise Refusal(Help.TOO_OFTEN, retry=wait)
    return Visit(token, opened, programme, known, aiding.of_aide(session, known.aide.id), now)


def page(request: Request) -> Response:
    """What he is asked: the form at once where it is one report."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"])
        own = [one for one in at.asked if one.matter.programme_id == at.opened.programme_id]
        if len(own) == 1:
            return _form_page(books, at, own[0], _given(books, session, request, at, own[0]))
    items = [_item(at, one) for one in own]
    return pages.page("aides/asked", **_common(books, at), items=items)


def form(request: Request) -> Response:
    """The form of one report, with what he sent for it before."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"])
        owed = _owed(books, session, at, request.path_params["code"])
        return _form_page(books, at, owed, _given(books, session, request, at, owed))


def _owed(books: Books, session: Session, at: Visit, code: str, *, lock: bool = False) -> Owed:
    owed = aiding.one(session, at.known.aide.id, code[:12], lock=lock)
    if owed is None or owed.matter.programme_id != at.opened.programme_id:
        raise Refusal(Help.UNKNOWN, back=f"{books.base}/d/{at.token}")
    if not owed.awaited:
        raise Refusal(Help.NOT_OWED, back=f"{books.base}/d/{at.token}")
    return owed


def _given(books: Books, session: Session, request: Request, at: Visit, owed: Owed) -> Mapping[str, str]:
    """What he typed when his link had run out, or else what he sent."""
    typed = drafts.given(books, session, request, at.opened.office_id, drafts.of_report(owed.matter.code))
    return typed or owed.asked.fields


def _form_of(books: Books, at: Visit, owed: Owed) -> Form:
    return rule.asked_of(books.form(at.programme.policy.duty(owed.report.duty, owed.matter.key).form))


def _form_page(
    books: Books, at: Visit, owed: Owed, given: Mapping[str, str], filled: Filled | None = None, *, kept: bool = False
) -> Response:
    fields = views.form(_form_of(books, at, owed), given, filled)
    if filled and Fault.EMPTY in filled.flaws.values():
        fields["flaws"]["form"] = words.AIDE_SENT_NOTHING
    facts = _common(books, at) | fields | {"item": _item(at, owed), "parts": {}, "doubts": {}, "kept": kept}
    return pages.page("aides/form", 422 if filled else 200, **facts)


async def send(request: Request) -> Response:
    """Take what he sends. What has a flaw is shown to him again; the rest is kept."""
    fields = await who.posted(request)
    return await run_in_threadpool(_send, request, fields)


def _send(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"])
        owed = _owed(books, session, at, request.path_params["code"], lock=True)
        form = _form_of(books, at, owed)
        filled = forms.read(form, fields)
        answers = rule.kept(form, filled.body)
        if answers:
            aides.send(session, owed, answers, at.known.name, now=at.now)
            links.seen(session, at.opened.id, now=at.now)
        facts = _common(books, at) | {"item": _item(at, owed)}
    log.info("village sent", asked=owed.asked.id, fields=len(answers), flaws=len(filled.flaws), link=at.opened.id)
    if filled.flaws:
        return _form_page(books, at, owed, fields, filled, kept=bool(answers))
    return pages.page("aides/sent", **facts)


def stranger(request: Request) -> Response:
    """What "bukan saya" does, before it does it."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"])
    return pages.page("aides/stranger", **_common(books, at) | {"brought": False})  # he is there already


async def withdraw(request: Request) -> Response:
    """Stop everything to the address that brought the link; his district's reporter sees it."""
    await who.posted(request)
    return await run_in_threadpool(_withdraw, request)


def _withdraw(request: Request) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"])
        brought = rollcalls.came_by(session, at.opened.message_id)
        if brought is None:
            raise Refusal(Help.BAD_FORM, back=f"{books.base}/d/{at.token}")
        hand = Hand(at.opened.office_id, at.opened.title, Way.LINK, at.opened.message_id)
        strangers.withdraw(
            session, at.opened.programme_id, at.programme, brought, everybody=False, hand=hand, now=at.now
        )
    log.info("contact withdrawn", contact=brought.id, link=at.opened.id)
    return pages.page("team/stranger", base=books.base, secretariat=at.asker)


def _item(at: Visit, owed: Owed) -> dict[str, Any]:
    report = owed.report
    sent = owed.asked.sent_at
    return {
        "code": owed.matter.code,
        "duty": at.programme.policy.duty(report.duty, owed.matter.key).name,
        "area": at.programme.desk.area_name(owed.matter.area),
        "period": indonesian.period(report.period_start, report.period_end),
        "due": pages.moment(report.due_at, report.zone),
        "sent": pages.short_moment(sent, report.zone) if sent else "",
    }


def _common(books: Books, at: Visit) -> dict[str, Any]:
    return {
        "base": books.base,
        "token": at.token,
        "link_letter": "d",
        "desk": at.programme.desk.name,
        "office": at.opened.title,
        "village": at.village,
        "asker": at.asker,
        "brought": at.opened.message_id is not None,
        "drafts": {"own": f"d{books.base}/{at.opened.programme_id}.{at.opened.code}/", "shrink": False},
    }
