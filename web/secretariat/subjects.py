"""What is known of one person (UU 27/2022), found by number, address or name; corrected, erased where that is allowed.

What is typed stands in no address and is kept nowhere; the record says who looked, and at how many rows.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config import contacts
from models.offices import subjects as books_of
from models.offices.offices import Office
from models.offices.subjects import Known
from notifiers.mask import mask
from rules.assignments import styled
from rules.orders import REASON, Act
from rules.subjects import Asks, erasable, erased
from rules.two_people import Reach
from services import subjects, two_people
from services.subjects import Several, Typed
from web import pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.secretariat import control, keeping

PATH = "/sekretariat/data-pribadi"
LONGEST = 120
SEVERAL = (
    "Nama itu cocok dengan beberapa orang. Mohon diketik nama lengkapnya seperti yang tercatat, atau dicari dengan"
    " nomor atau surelnya."
)
ASKS = {
    Asks.KNOW: "Ingin tahu data apa yang dicatat",
    Asks.CORRECT: "Data diperbaiki",
    Asks.ERASE: "Data dihapus",
}


def page(request: Request) -> Response:
    """One field: whom it is about."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
    return _page(books, at, {})


async def act(request: Request) -> Response:
    """Look somebody up, note what he asks for, or erase what may be erased."""
    fields = await who.posted(request)
    return await run_in_threadpool(_act, request, fields)


def _act(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        typed = _typed(fields.get("person", ""))
        known = subjects.find(session, at.desk.code, typed)
        if known is None:
            return _page(books, at, fields, error="Mohon ditulis nomor, surel, atau nama sedikitnya empat huruf.")
        what = fields.get("act", "find")
        if what == "find":
            subjects.shown(session, known, hand=at.hand, now=at.now)
            return _page(books, at, fields, known=known)
        reason = keeping.reason(fields)
        if not reason:
            return _page(books, at, fields, known=known, error=words.SAY_WHY)
        try:
            one = subjects.of_one(known, typed)
        except Several:
            return _page(books, at, fields, known=known, error=SEVERAL)
        if what == "erase":
            return _erase(books, session, at, fields, one, reason)
        if what not in set(Asks):
            raise Refusal(Help.BAD_FORM, back=f"{books.base}{PATH}")
        id, programme = next(iter(at.programmes.items()))
        until = subjects.ask(session, id, programme, one, Asks(what), hand=at.hand, reason=reason, now=at.now)
        done = f"Permintaan dicatat dan menjadi tugas sekretariat. Batas {pages.moment(until, at.desk.zone)}."
        return _page(books, at, fields, known=known, done=done)


def _erase(books: Books, session: Session, at: Who, fields: Mapping[str, str], one: Known, reason: str) -> Response:
    """Erase what may be erased, or let it wait for a second person."""
    live, now = books.live(session), at.now
    takes = subjects.takes(session, one, now=now)
    looked = {"reach": takes.reach, "takes": takes}
    rule = two_people.needed(session, live, Act.ERASE, at.desk.code, Reach(takes.reach), now=now)
    if rule is not None:
        terms = subjects.rows(one) | two_people.weighed(looked, rule)
        said = partial(two_people.ask, until=now + rule.within, reason=reason, now=now)
        waits = said(session, live, at.desk.code, at.hand, Act.ERASE, terms)
        return RedirectResponse(f"{books.base}{control.PATH}/{waits}", 303)
    out = subjects.erase(session, one, hand=at.hand, reason=reason, now=now)
    two_people.did(session, at.desk.code, at.hand, Act.ERASE, looked | {"erased": out}, reason=reason, now=now)
    done = f"{erased(*out)} dihapus. Hal ini dicatat."
    return _page(books, at, fields, known=_again(session, at, fields), done=done)


def _again(session: Session, at: Who, fields: Mapping[str, str]) -> Known | None:
    """What is known now."""
    return subjects.find(session, at.desk.code, _typed(fields.get("person", "")))


def _typed(text: str) -> Typed:
    return Typed(*contacts.person(text.strip()[:LONGEST]))


def _page(
    books: Books, at: Who, fields: Mapping[str, str], *, known: Known | None = None, error: str = "", done: str = ""
) -> Response:
    facts: dict[str, Any] = {
        "path": f"{books.base}{PATH}",
        "person": fields.get("person", "")[:LONGEST],
        "reason": "" if done else fields.get("reason", "")[:REASON],
        "error": error,
        "done": done,
        "searched": known is not None,
        "known": _shown(books, at, known) if known else None,
        "asks": ASKS.items(),
    }
    return pages.page("secretariat/subject", 422 if error else 200, **who.common(books, at), **facts)


def _shown(books: Books, at: Who, known: Known) -> dict[str, Any]:
    lines = []
    for contact, office in known.contacts:
        over = books_of.now_over(contact, at.now)
        shown = mask(contact.address) if contact.address else "sudah dihapus"
        lines.append((_link(books, office), office.title, f"{words.WAYS[contact.channel]}: {shown}", over))
    for held, office in known.assignments:
        over = erasable(held.until, now=at.now)
        lines.append((_link(books, office), office.title, styled(held.kind, held.name or "nama dihapus"), over))
    helps = any(office.aide for _, office in (*known.contacts, *known.assignments))
    may = helps or any(line[3] for line in lines)
    counts = {"sent": known.sent, "written": known.written, "reports": known.reports, "guests": known.guests}
    return {"lines": lines, "may": may, "helps": helps, **counts}


def _link(books: Books, office: Office) -> str:
    """Where his contact is corrected; empty for an aide, whom his district's reporter names."""
    return "" if office.aide else f"{books.base}/sekretariat/kontak/{office.code}"
