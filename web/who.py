"""Somebody who signed in: who it is, what he may do, and the cookie he is known by.

The cookie is out of reach of scripts and of other sites, and goes over TLS alone wherever our pages do; its name says
so to the browser where it can (RFC 6265bis, 4.1.3). Every form of a session carries a word of that session.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hmac import compare_digest
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models import sessions
from rules import access
from rules import sessions as session_rules
from rules.access import May
from rules.desk import Desk
from rules.programme import Programme
from web import bodies, origin
from web.books import LATER, Books
from web.refusals import Help, Refusal

WORD = "word"
"""The field in which a form carries its session's word."""


class Who(NamedTuple):
    """An office that is signed in. `programmes`: the live ones of its desk, by id; `word` goes into every form.

    `unread`: the codes of those that cannot be read now, by id.
    """

    session_id: int
    office_id: int
    code: str
    title: str
    programmes: Mapping[int, Programme]
    unread: Mapping[int, str]
    word: str
    now: datetime

    @property
    def desks(self) -> Iterable[Desk]:
        return [programme.desk for programme in self.programmes.values()]

    @property
    def leads(self) -> bool:
        return any(access.leads(desk, self.code) for desk in self.desks)

    @property
    def keeps_books(self) -> bool:
        return any(access.keeps_books(desk, self.code) for desk in self.desks)

    @property
    def files(self) -> bool:
        return any(access.files(desk, self.code) for desk in self.desks)

    def may(self, act: May, programme_id: int, place: str, *, report: bool) -> bool:
        """Whether it may do this to a report (else: a problem) of `place`."""
        return access.may(self.programmes[programme_id].desk, self.code, act, place, report=report)


def signed_in(books: Books, session: Session, request: Request, fields: Mapping[str, str] | None = None) -> Who:
    """Who sends this request.

    Args:
        fields: those of a form that changes something; it must carry the word of the session.

    Raises:
        Refusal: nobody is signed in, or not any more; the form is not of this session; or what the address names
            cannot be read now.
    """
    sign = request.cookies.get(cookie(books), "")
    now = books.clock(session)
    found = sessions.present(session, sign, now=now) if sign.isascii() else None
    live = {id: p for id, p in books.live(session).items() if found and p.desk.code == found.desk}
    known = {id: p for id, p in live.items() if found and any(o.code == found.code for o in p.desk.offices)}
    unread = {id: u.code for id, u in books.unread.items() if found and u.desk == found.desk}
    if unread and (not known or request.path_params.get("programme") in {*unread, *map(str, unread)}):
        raise Refusal(Help.UNREADABLE, retry=LATER)
    if found is None or not known:
        raise Refusal(Help.SIGNED_OUT, back=f"{books.base}/masuk")
    word = _word(sign)
    if fields is not None and not compare_digest(fields.get(WORD, "").encode(), word.encode()):
        raise Refusal(Help.FOREIGN)
    return Who(found.id, found.office_id, found.code, found.title, known, unread, word, now)


async def posted(request: Request) -> dict[str, str]:
    """The fields of a form from our own page. Raises: Refusal."""
    origin.check(request, request.app.state.books.origin)
    return await bodies.read(request)


def common(books: Books, who: Who) -> dict[str, Any]:
    """What every page of somebody signed in is made of: see templates/desk.html.j2."""
    secretariat = next(iter(who.desks)).secretariat
    return {
        "base": books.base,
        "word": who.word,
        "office": who.title,
        "unread": list(who.unread.values()),
        "desk": next(iter(who.desks)).name,
        "secretariat": next(iter(who.desks)).office(secretariat).title,
        "places": [(f"{books.base}{path}", name) for path, name, open_ in _PLACES if open_(who)],
    }


_PLACES: tuple[tuple[str, str, Callable[[Who], bool]], ...] = (
    ("/beranda", "Beranda", lambda _: True),
    ("/koordinasi", "Pantauan", lambda who: who.leads or who.keeps_books),
    ("/sekretariat", "Hari ini", lambda who: who.keeps_books),
    ("/sekretariat/tugas", "Tugas", lambda who: who.keeps_books),
    ("/sekretariat/catat", "Catat", lambda who: who.keeps_books),
    ("/sekretariat/kontak", "Kontak", lambda who: who.keeps_books),
    ("/sekretariat/unggah", "Unggah", lambda who: who.keeps_books),
    ("/sekretariat/grup", "Teks grup", lambda who: who.keeps_books),
)
"""Where somebody signed in can go: path, name, for whom."""


def cookie(books: Books) -> str:
    """The cookie's name: as strict a prefix as our address allows."""
    if not _secure(books):
        return "desk"
    return "__Secure-desk" if books.base else "__Host-desk"


def remember(books: Books, response: Response, sign: str) -> None:
    """Let the browser know its session."""
    _set(books, response, sign, int(session_rules.LASTS.total_seconds()))


def forget(books: Books, response: Response) -> None:
    _set(books, response, "", 0)


def _set(books: Books, response: Response, value: str, seconds: int) -> None:
    response.set_cookie(
        cookie(books),
        value,
        max_age=seconds,
        path=books.base or "/",
        secure=_secure(books),
        httponly=True,
        samesite="strict",
    )


def _secure(books: Books) -> bool:
    return books.public_url.startswith("https:")


def _word(sign: str) -> str:
    """What a form of this session carries; from it nobody finds the cookie."""
    return hashlib.sha256(f"form\0{sign}".encode()).hexdigest()[:32]
