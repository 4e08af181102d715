"""Somebody who signed in: who it is, what he may do, and the cookie he is known by.

Neither scripts nor other sites can read the cookie. Where our pages go over TLS, it goes over TLS only, and its name
tells the browser so (RFC 6265bis, 4.1.3). Every form of a session carries a word of that session.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hmac import compare_digest
from typing import Any, Literal, NamedTuple

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.desk.changes import Hand, Way
from models.matters.matters import Matter
from models.offices import sessions
from rules import access, guests, levels, submissions, trips
from rules.access import May
from rules.desk import Desk
from rules.people import Parties
from rules.programme import Programme
from rules.sessions import LASTS
from web import views
from web.books import LATER, Books
from web.guards import bodies, origin
from web.guards.refusals import Help, Refusal

WORD = "word"
"""The field in which a form carries its session's word."""


class Who(NamedTuple):
    """An office that is signed in. `word` goes into every form.

    `programmes`: the live ones of its desk, by id. `unread`: the codes of those that cannot be read now, by id.
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
    def desk(self) -> Desk:
        """Its desk, as the first of its elections has it. An office signs in at one desk, which has one at least."""
        return next(iter(self.desks))

    @property
    def leads(self) -> bool:
        return any(access.leads(desk, self.code) for desk in self.desks)

    @property
    def keeps_books(self) -> bool:
        return any(access.keeps_books(desk, self.code) for desk in self.desks)

    @property
    def takes(self) -> bool:
        """Whether its desk has reports of a level below to take."""
        return any(duty.takes for own in self.programmes.values() for duty in own.policy.duties)

    @property
    def prepares(self) -> bool:
        """Whether its desk has a support plan."""
        return any(desk.support for desk in self.desks)

    @property
    def invites(self) -> bool:
        """Whether it decides which guests may look."""
        return any(guests.invites(desk, self.code) for desk in self.desks)

    @property
    def oversees(self) -> bool:
        """Whether it has the list of what is owed and open."""
        return self.leads or self.keeps_books

    @property
    def decides(self) -> bool:
        """Whether it leads the whole desk, as its secretary or its chair."""
        return any(access.above_all(desk, self.code) for desk in self.desks)

    @property
    def reports_upwards(self) -> bool:
        """Whether it sees the desk's reports to the Government."""
        return any(submissions.sees(desk, self.code) for desk in self.desks)

    @property
    def travels(self) -> bool:
        """Whether it has to do with field trips of a team."""
        return any(own.policy.trips and trips.districts(own.desk, self.code) for own in self.programmes.values())

    @property
    def files(self) -> bool:
        return any(access.files(desk, self.code) for desk in self.desks)

    @property
    def hand(self) -> Hand:
        """Whose hand a change is by."""
        return Hand(self.office_id, self.title, Way.SESSION, self.session_id)

    def parties(self, matter: Matter, *, restricted: bool) -> Parties:
        """What this office is to a problem: it has it, gave it, is its subject; others are left out."""
        ids = (matter.owner_id, matter.giver_id, matter.subject_id)
        owner, giver, subject = (self.code if id == self.office_id else None for id in ids)
        return Parties(owner, giver, subject, restricted)

    def reads(self, programme_id: int, matter: Matter, *, restricted: bool) -> bool:
        """Whether it may hear of a problem at all: see `rules.access.reads`."""
        desk = self.programmes[programme_id].desk
        return access.reads(desk, self.code, matter.area, self.parties(matter, restricted=restricted))

    def may(
        self,
        act: May,
        programme_id: int,
        place: str,
        *,
        report: bool,
        owner: bool = False,
        reporter: bool = False,
    ) -> bool:
        """Whether it may do this to a report (else: a problem) of `place`: see `access.may`."""
        desk = self.programmes[programme_id].desk
        return access.may(desk, self.code, act, place, report=report, owner=owner, reporter=reporter)


def signed_in(books: Books, session: Session, request: Request, fields: Mapping[str, str] | None = None) -> Who:
    """Who sends this request.

    Args:
        fields: those of a form that changes something; it must carry the word of the session.

    Raises:
        Refusal: nobody is signed in, or not any more; the form belongs to another session; or what the address names
            cannot be read now.
    """
    sign = request.cookies.get(cookie(books), "")
    now = books.clock(session)
    present = sessions.present(session, sign, now=now) if sign.isascii() else None
    own = books.of(session, present.desk if present else "")  # also where nobody is: the refusal names whom to ask
    if present is None:
        raise _signed_out(books)
    programmes = {id: p for id, p in own.readable.items() if any(o.code == present.code for o in p.desk.offices)}
    unread = {id: one.code for id, one in own.unreadable.items()}
    if unread and (not programmes or _names_one_of(request, unread)):
        raise Refusal(Help.UNREADABLE, retry=LATER)
    if not programmes and not own.readable:
        raise books.over(session, present.desk)
    if not programmes:
        raise _signed_out(books)
    word = _word(sign)
    if fields is not None and not compare_digest(fields.get(WORD, "").encode(), word.encode()):
        raise Refusal(Help.FOREIGN)
    request.state.office = present.code
    return Who(present.id, present.office_id, present.code, present.title, programmes, unread, word, now)


def _signed_out(books: Books) -> Refusal:
    return Refusal(Help.SIGNED_OUT, back=f"{books.base}/masuk")


def _names_one_of(request: Request, unread: Mapping[int, str]) -> bool:
    """Whether the address names a programme that cannot be read."""
    return request.path_params.get("programme") in {*unread, *map(str, unread)}


async def posted(request: Request) -> dict[str, str]:
    """The fields of a form from our own page. Raises: Refusal."""
    origin.check(request, request.app.state.books.origin)
    return await bodies.read(request)


def common(books: Books, who: Who) -> dict[str, Any]:
    """The facts that templates/desk.html.j2 needs: the frame of every page of somebody signed in."""
    desk = who.desk
    return {
        "base": books.base,
        "word": who.word,
        "office": who.title,
        "unread": list(who.unread.values()),
        "desk": desk.name,
        "unit": levels.word(desk.level),
        "unit_heading": levels.heading(desk.level),
        "secretariat": views.secretariat(desk, who.code),
        "places": [(f"{books.base}{path}", name) for path, name, open_ in _PLACES if open_(who)],
        "shown": SHOWN,
    }


_PLACES: tuple[tuple[str, str, Callable[[Who], bool]], ...] = (
    ("/beranda", "Beranda", lambda _: True),
    ("/pimpinan", "Pimpinan", lambda who: who.decides),
    ("/sekretariat", "Hari ini", lambda who: who.keeps_books),
    ("/koordinasi", "Pantauan", lambda who: who.oversees),
    ("/laporan-pemerintah", "Laporan kepada Pemerintah", lambda who: who.reports_upwards),
    ("/permohonan", "Permohonan dukungan", lambda who: who.reports_upwards),
    ("/papan", "Papan", lambda who: who.oversees or who.files),
    ("/permasalahan", "Permasalahan", lambda _: True),
    ("/cari", "Cari", lambda _: True),
    ("/saran", "Saran dan arahan", lambda _: True),
    ("/rapat", "Rapat", lambda _: True),
    ("/sekretariat/surat-tugas", "Surat tugas", lambda who: who.keeps_books and who.travels),
    ("/kunjungan", "Kunjungan lapangan", lambda who: who.travels),
    ("/kejadian", "Lapor kejadian", lambda who: who.oversees),
    ("/telepon", "Telepon", lambda who: who.oversees),
    ("/apel-kontak", "Apel kontak", lambda who: who.oversees),
    ("/sekretariat/catat", "Catat", lambda who: who.keeps_books),
    ("/sekretariat/tugas", "Tugas", lambda who: who.keeps_books),
    ("/sekretariat/pesan", "Pesan masuk", lambda who: who.keeps_books),
    ("/ke-depan", "Ke depan", lambda who: who.oversees),
    ("/kesiapan", "Kesiapan", lambda who: who.oversees and who.prepares),
    ("/keadaan", "Keadaan", lambda who: who.oversees or who.files),
    ("/rekap", "Rekap", lambda who: who.oversees or who.files),
    ("/pembinaan", "Pembinaan", lambda who: who.oversees),
    ("/perlakuan", "Perlakuan sama", lambda who: who.decides or who.keeps_books),
    ("/pelajaran", "Pelajaran", lambda who: who.decides or who.keeps_books),
    ("/sekretariat/kerawanan", "Tempat rawan", lambda who: who.oversees),
    ("/sekretariat/piket", "Piket", lambda who: who.keeps_books),
    ("/sekretariat/susunan", "Susunan tim", lambda who: who.keeps_books),
    ("/sekretariat/kontak", "Kontak", lambda who: who.keeps_books),
    ("/sekretariat/unggah", "Unggah", lambda who: who.keeps_books),
    ("/sekretariat/paket", "Paket laporan", lambda who: who.keeps_books and who.takes),
    ("/sekretariat/kendali", "Kendali pengiriman", lambda who: who.keeps_books),
    ("/sekretariat/grup", "Teks grup", lambda who: who.keeps_books),
    ("/tamu", "Tamu", lambda who: who.invites),
)
"""Where somebody signed in can go: path, name, for whom. What matters most comes first: see `SHOWN`."""

SHOWN = 3
"""So many places fit one line of a phone beside the menu that holds the rest."""


def cookie(books: Books, name: str = "desk") -> str:
    """A cookie's name, with the strictest prefix that our address allows. `desk` is the session's."""
    if not _secure(books):
        return name
    return f"__Secure-{name}" if books.base else f"__Host-{name}"


def remember(books: Books, response: Response, sign: str) -> None:
    """Let the browser know its session."""
    set_cookie(books, response, cookie(books), sign, int(LASTS.total_seconds()))


def forget(books: Books, response: Response) -> None:
    set_cookie(books, response, cookie(books), "", 0)


def set_cookie(
    books: Books,
    response: Response,
    name: str,
    value: str,
    seconds: int,
    *,
    same_site: Literal["strict", "lax"] = "strict",
) -> None:
    """Set a cookie that scripts cannot read. Only our pages get it, and over TLS only where they use TLS."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=books.base or "/",
        secure=_secure(books),
        httponly=True,
        samesite=same_site,
    )


def _secure(books: Books) -> bool:
    return books.public_url.startswith("https:")


def _word(sign: str) -> str:
    """What a form of this session carries. Nobody can find the cookie from it."""
    return hashlib.sha256(f"form\0{sign}".encode()).hexdigest()[:32]
