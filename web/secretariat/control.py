"""What needs no shell: stop all sending and let it go on, put a changed file in force, try a message once more, close.

Stopping is done here and now. Everything else is an order, which the clock does within seconds with the code of the
operator's commands (`jobs.turn.orders`); the page of an order shows what came of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import models.messages.spending
from config import marked
from models.desk import orders
from models.desk.orders import Order
from models.machine import clock
from models.messages import outbox
from models.messages.outbox import Filter
from rules.attachments import Limits
from rules.costs import MOST as LARGEST_SUM
from rules.costs import WORDS
from rules.orders import ALSO_OPEN, LOOKED, MOST, Act, Span, counts, reaches_others
from rules.programme import Programme
from services import restoring, spending, two_people
from services.two_people import NotSecond
from web import chosen, pages, words
from web.books import Books
from web.coordinator.overseen import CHANNELS
from web.door import who
from web.door.who import Who
from web.guards import bodies
from web.guards.refusals import Help, Refusal
from web.secretariat import keeping, ordered

log = structlog.get_logger()

PATH = "/sekretariat/kendali"
ONE = Limits(most=1, size=marked.LARGEST)
LISTED = 20
REHEARSING = "Geladi yang lain masih berjalan. Mohon ditunggu sampai selesai; sesudah itu dapat diminta lagi."
AT_ONCE = 50
"""So many messages can be chosen at a time."""


def page(request: Request) -> Response:
    """Whether sending goes on, what can be ordered, and what was."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        return _page(books, session, at)


def _page(books: Books, session: Session, at: Who, *, error: str = "") -> Response:
    held = clock.marked(session, clock.HOLD)
    stuck, waiting = ordered.messages(session, at)
    facts: dict[str, Any] = {
        "path": f"{books.base}{PATH}",
        "error": error,
        "held": held and pages.moment(held[0], at.desk.zone),
        "why": restoring.held_because(session, at.programmes.values(), held[1]) if held else "",
        "shared": reaches_others(Act.RELEASE, at.desk.code, books.desks(session)),
        "stuck": stuck,
        "waiting": waiting,
        "seconds": [ordered.line(books, at, one) for one in orders.for_second(session, at.desk.code)],
        "budgets": [_budget(session, id, own) for id, own in at.programmes.items() if own.policy.costs.prices],
        "elections": [(own.code, own.election.name) for own in at.programmes.values()],
        "rehearsing": orders.rehearsing(session, at.desk.code),
        "orders": [ordered.line(books, at, one) for one in orders.newest(session, at.desk.code, limit=LISTED)],
    }
    return pages.page("secretariat/control", 422 if error else 200, **who.common(books, at), **facts)


def _budget(session: Session, id: int, programme: Programme) -> dict[str, Any]:
    own, names = spending.stand(session, id, programme), programme.country.carriers
    return {
        "programme": programme.code,
        "name": programme.election.name,
        "figures": own.figures,
        "follows": spending.follows(session, programme, own),
        "unmailed": spending.unmailed(session, programme) if own.level in WORDS else [],
        "limited": own.costs.budget is not None,
        "by_carrier": [
            (f"{CHANNELS[one.channel]}, {names.get(one.carrier, 'operator lain')}", one.parts, one.rupiah)
            for one in models.messages.spending.by_carrier(session, id)
        ],
        "raises": [
            (pages.short_moment(one.at, programme.desk.zone), one.rupiah, one.title, one.reason)
            for one in models.messages.spending.raises(session, id)
        ],
    }


def one(request: Request) -> Response:
    """What came of an order; it asks for itself again until the clock has done it."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        order = _order(session, at, request.path_params["order"])
        answer = _one(books, session, at, order)
        if order.done_at is None and not order.waits_for_second:
            answer.headers["Refresh"] = "10" if order.act is Act.REHEARSE else "4"
    return answer


def _one(books: Books, session: Session, at: Who, order: Order, *, error: str = "") -> Response:
    facts = ordered.shown(books, session, at, order) | {"path": f"{books.base}{PATH}", "error": error}
    return pages.page("secretariat/order", 422 if error else 200, **who.common(books, at), **facts)


async def act(request: Request) -> Response:
    """Stop sending, or order something, and show what came of it."""
    fields = await who.posted(request)
    return await run_in_threadpool(_act, request, fields)


def _act(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        what = fields.get("act", "")
        reason = keeping.reason(fields)
        if decide := _AS_SECOND.get(what):
            return decide(books, session, at, fields, reason)
        if not reason and what not in (Act.PREVIEW, Act.SURVEY):
            return _page(books, session, at, error=words.SAY_WHY)
        if what == "hold":
            clock.hold(session, at.now, f"{at.title}: {reason}", ordered=True)
            keeping.note(session, at, "hold", "sending", text=reason)
            log.warning("sending put on hold", session=at.session_id)
            return RedirectResponse(f"{books.base}{PATH}", 303)
        terms = _TERMS.get(what)
        if terms is None:
            raise Refusal(Help.BAD_FORM, back=f"{books.base}{PATH}")
        if reaches_others(Act(what), at.desk.code, books.desks(session)):
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}{PATH}")
        return _ordered(books, session, at, Act(what), terms(session, at, fields), reason)


async def send(request: Request) -> Response:
    """Take in a changed file, and order that it be tried."""
    return await bodies.one_file(request, ONE, _send)


def _send(request: Request, fields: Mapping[str, str], content: bytes) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return _page(books, session, at, error="Berkas ini bukan teks UTF-8. Mohon dikirim berkas YAML.")
        if not text.strip():
            return _page(books, session, at, error="Mohon dipilih berkas YAML yang sudah diubah.")
        return _ordered(books, session, at, Act.TRIAL, _file(text, fields), "")


def _file(text: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """The terms of an amendment by one file that was sent in."""
    also_open = {ALSO_OPEN: True} if fields.get(ALSO_OPEN) == "ya" else {}
    return {"name": "unggahan.yaml", "text": text, **also_open}


def _ordered(books: Books, session: Session, at: Who, act: Act, terms: dict[str, Any], reason: str) -> Response:
    if act is not Act.REHEARSE and orders.waiting(session, at.desk.code) >= MOST:
        raise Refusal(Help.TOO_OFTEN, back=f"{books.base}{PATH}", retry=10)
    try:
        with session.begin_nested():
            id = orders.add(session, at.desk.code, at.hand, act, terms, reason, now=at.now)
    except IntegrityError:  # of what a desk has one at a time
        return _page(books, session, at, error=REHEARSING)
    return RedirectResponse(f"{books.base}{PATH}/{id}", 303)


def _look(books: Books, session: Session, at: Who, fields: Mapping[str, str], _: str) -> Response:
    """Look, as the second person, at what an order that waits would do now."""
    order = _waiting(books, session, at, fields)
    if reaches_others(LOOKED[order.act], at.desk.code, books.desks(session)):
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}{PATH}")
    return _ordered(books, session, at, LOOKED[order.act], {**order.terms, "of": order.id, "does": order.act}, "")


def _confirm(books: Books, session: Session, at: Who, fields: Mapping[str, str], _: str) -> Response:
    """Confirm what he has looked at himself, within the hour."""
    looked = _order(session, at, chosen.row_id(fields.get("order", "")))
    order = _order(session, at, looked.terms.get("of", 0))
    fresh = counts(order.act, looked.act, looked.done_at, bool(looked.refused), now=at.now)
    if not fresh or looked.office_id != at.office_id:
        raise Refusal(Help.CHANGED, back=f"{books.base}{PATH}/{order.id}")
    second, seen, reach = two_people.of_office(session, at.office_id, at=at.now), looked.result, looked.result["reach"]
    try:
        two_people.confirm(
            session, order, second, named=at.title, hand=at.hand, seen=seen["seen"], reach=reach, now=at.now
        )
    except NotSecond as error:
        if error.why or order.second != at.title:  # who presses twice is shown what he pressed once
            return _one(books, session, at, order, error=ordered.HINDERS[error.why])
    return RedirectResponse(f"{books.base}{PATH}/{order.id}", 303)


def _refuse(books: Books, session: Session, at: Who, fields: Mapping[str, str], reason: str) -> Response:
    """Refuse what waits, or take it back. Nobody waits for anybody to stop something."""
    order = _waiting(books, session, at, fields)
    if not reason:
        return _one(books, session, at, order, error=words.SAY_WHY)
    try:
        two_people.refuse(session, order, named=at.title, hand=at.hand, reason=reason, now=at.now)
    except NotSecond as error:
        return _one(books, session, at, order, error=ordered.HINDERS[error.why])
    return RedirectResponse(f"{books.base}{PATH}/{order.id}", 303)


def _waiting(books: Books, session: Session, at: Who, fields: Mapping[str, str]) -> Order:
    order = _order(session, at, chosen.row_id(fields.get("order", "")))
    if not order.waits_for_second:
        raise Refusal(Help.CHANGED, back=f"{books.base}{PATH}/{order.id}")
    return order


_AS_SECOND: dict[str, Callable[[Books, Session, Who, Mapping[str, str], str], Response]] = {
    "look": _look,
    "confirm": _confirm,
    "refuse": _refuse,
}


def _looked_at(session: Session, at: Who, fields: Mapping[str, str]) -> dict[str, Any]:
    """The terms of what was looked at, and how things stood then. Raises: Refusal: nobody looked, or too long ago."""
    order = _followed(session, at, fields)
    return {**order.terms, "seen": order.result.get("seen")}


def _followed(session: Session, at: Who, fields: Mapping[str, str]) -> Order:
    """The order in which it was looked at. Raises: Refusal: nobody looked, or too long ago."""
    order = _order(session, at, chosen.row_id(fields.get("order", "")))
    if not counts(Act(fields["act"]), order.act, order.done_at, bool(order.refused), now=at.now):
        raise Refusal(Help.CHANGED)
    return order


def _rehearsal(session: Session, at: Who, fields: Mapping[str, str]) -> dict[str, Any]:
    """What is rehearsed: an election as it is in force, or with a changed file. Raises: Refusal: there is none."""
    days = fields.get("days", "")
    if days not in list(Span):
        raise Refusal(Help.BAD_FORM)
    if "order" not in fields and days != Span.AHEAD:
        return {**_programme(session, at, fields), "days": days}
    tried, code = _followed(session, at, fields), fields.get("programme", "")
    if code not in (ordered.lived(tried) if days == Span.AHEAD else ordered.changed(tried)):
        raise Refusal(Help.BAD_FORM)
    return {"programme": code, "days": days, "files": tried.files, ALSO_OPEN: bool(tried.terms.get(ALSO_OPEN))}


def _messages(session: Session, at: Who, fields: Mapping[str, str]) -> dict[str, Any]:
    """The chosen messages, of this desk's own elections. Raises: Refusal: none was chosen."""
    ids = [chosen.row_id(value) for name, value in fields.items() if name.startswith("m-")][:AT_ONCE]
    which = Filter(ids=ids, programmes=list(at.programmes))
    own = [message.id for message in outbox.listed(session, which, limit=AT_ONCE)]
    if not own:
        raise Refusal(Help.BAD_FORM)
    return {"ids": own, "twice": fields.get("twice") == "ya"}


def _programme(session: Session, at: Who, fields: Mapping[str, str]) -> dict[str, Any]:
    """The election that is to be closed, of this desk's own. Raises: Refusal: it is none."""
    code = fields.get("programme", "")
    if code not in {own.code for own in at.programmes.values()}:
        raise Refusal(Help.BAD_FORM)
    return {"programme": code}


def _sum(session: Session, at: Who, fields: Mapping[str, str]) -> dict[str, Any]:
    """How much is added to the budget of an election of this desk's own. Raises: Refusal: it is no sum."""
    typed = fields.get("rupiah", "").replace(".", "").replace(" ", "").removeprefix("Rp")
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed[:12]) <= LARGEST_SUM):
        raise Refusal(Help.BAD_FORM)
    return _programme(session, at, fields) | {"rupiah": int(typed[:12])}


_TERMS: dict[str, Callable[[Session, Who, Mapping[str, str]], dict[str, Any]]] = {
    Act.PREVIEW: lambda *_: {},
    Act.RELEASE: _looked_at,
    Act.AMEND: _looked_at,
    Act.RETRY: _messages,
    Act.CANCEL: _messages,
    Act.SURVEY: _programme,
    Act.CLOSE: _looked_at,
    Act.RAISE: _sum,
    Act.REHEARSE: _rehearsal,
}


def _order(session: Session, at: Who, id: int) -> Order:
    order = orders.one(session, at.desk.code, id)
    if order is None:
        raise Refusal(Help.UNKNOWN)
    return order
