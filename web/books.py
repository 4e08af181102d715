"""What every page touches, put together once per process. Tests put together their own."""

from collections.abc import Callable, Collection, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.shelf import Shelf, Unreadable
from models.base import Sessions
from models.desk import programmes
from models.desk.files import Files
from models.matters.reports import Report
from notifiers.ways_in import TakesIn
from rules import forms
from rules.forms import Form
from rules.programme import Programme
from services import arriving
from web import views
from web.guards.limits import Buckets
from web.guards.refusals import Help, Refusal

UNKNOWN = "Sekretariat Desk"
FEW = 4
"""Desks that are all named to somebody of whom nobody knows where he belongs; of more, none would be his."""
LATER = 300
"""Seconds after which to ask again for what a person has to mend first."""


@dataclass
class Books:
    """The database, the clock, the forms, and the programmes as they are loaded now.

    `documents`: the folder of reports to the Government; `package_key` gives the secret that signs their packages.
    `lines`: how many lines of a list stand on one page.
    `public_url` is how the world reaches us; what a request says about that is not believed. `twilio_token` signs
    Twilio's callbacks and `key` seals those of a gateway; without them no callback is believed. `ways_in`: by name, the
    files by which answers come in, but for Twilio's. `trial`: only a few people get real messages.
    """

    sessions: Sessions
    clock: Callable[[Session], datetime]
    public_url: str
    forms: Mapping[str, Form]
    files: Files
    documents: Path = Path("nowhere")
    package_key: Callable[[], bytes] = field(default=bytes, repr=False)
    lines: int = 300
    twilio_token: str = field(default="", repr=False)
    key: bytes = field(default=b"", repr=False)
    ways_in: Mapping[str, TakesIn] = field(default_factory=dict)
    trial: bool = False
    clients: Buckets = field(default_factory=lambda: Buckets(a_second=50, burst=300))
    links: Buckets = field(default_factory=lambda: Buckets(a_second=0.5, burst=60))
    sheets: Buckets = field(default_factory=lambda: Buckets(a_second=0.2, burst=10))
    askers: Buckets = field(default_factory=lambda: Buckets(a_second=0.1, burst=20))
    doors: Buckets = field(default_factory=lambda: Buckets(a_second=2, burst=200))
    _shelf: Shelf = field(default_factory=Shelf)
    _past: Shelf = field(default_factory=Shelf)

    @property
    def origin(self) -> str:
        """Scheme, host and port of our own pages, as browsers write it."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def base(self) -> str:
        """The prefix of all our paths; empty unless the desk shares a host."""
        return urlsplit(self.public_url).path.rstrip("/")

    def live(self, session: Session) -> Mapping[int, Programme]:
        """The live programmes that can be read, by id, as last loaded or amended."""
        self._shelf = self._shelf.refreshed(programmes.digests(session), partial(programmes.live, session))
        return self._shelf.readable

    def of(self, session: Session, desk: str) -> Shelf:
        """The live programmes of one desk, without reading those of others."""
        self.live(session)
        return self._shelf.of(desk)

    def hears_strangers(self, session: Session, desks: Collection[str]) -> bool:
        """Whether one of these desks reads what strangers write (`services.arriving`)."""
        self.live(session)
        return arriving.hears_strangers(self._shelf.first(), desks)

    def desks(self, session: Session) -> Set[str]:
        """The codes of the desks at which something is live."""
        self.live(session)
        return {stored.desk.code for stored in self._shelf.sources.values()}

    def one(self, session: Session, id: int) -> tuple[int, Programme]:
        """A live programme with its id; where it is closed, another of its desk, whose links go on.

        Raises:
            Refusal: it cannot be read now, or nothing of its desk is live any more.
        """
        live = self.live(session)
        if isinstance(self._shelf.one(id), Unreadable):
            raise Refusal(Help.UNREADABLE, retry=LATER)
        if id in live:
            return id, live[id]
        desk = programmes.desk_of(session, id)
        beside = next(iter(self.of(session, desk).readable.items()), None)
        if beside is None:
            raise self.over(session, desk)
        return beside

    def past(self, session: Session, id: int) -> Programme | None:
        """A programme that may be closed, to read of it; None: it cannot be read now, or there is none."""
        self.live(session)
        if id in self._shelf.sources:
            return self._shelf.readable.get(id)
        if id not in self._past.sources:
            sources = programmes.sources(session, id)
            self._past = self._past.stocked([*self._past.sources.values(), sources]) if sources else self._past
        return self._past.readable.get(id)

    def over(self, session: Session, desk: str) -> Refusal:
        """What is answered where nothing of a desk is live any more; it names whom to turn to."""
        closed = programmes.closed(session, desk)
        last = self.past(session, closed[-1]) if closed else None
        return Refusal(Help.CLOSED, ask=views.secretariat(last.desk) if last else "")

    @property
    def unread(self) -> Mapping[int, Unreadable]:
        """The live programmes that cannot be read, by id, as of the last call of `live`."""
        return self._shelf.unreadable

    @property
    def open(self) -> bool:
        """Whether something was live when that was last asked."""
        return bool(self._shelf.sources)

    def look(self) -> None:
        """Read the programmes once after a start, so that pages without an office name the secretariat too."""
        if not self._shelf.sources:
            with suppress(SQLAlchemyError), self.sessions.begin() as session:
                self.live(session)

    def secretariats(self, asking: str = "") -> str:
        """Whom to ask for help: the secretariats, where they are few. `asking` does not ask itself."""
        if len({stored.desk.code for stored in self._shelf.sources.values()}) > FEW:
            return UNKNOWN
        desks = [programme.desk for programme in self._shelf.readable.values()]
        return Markup(" atau ").join(dict.fromkeys(views.secretariat(desk, asking) for desk in desks)) or UNKNOWN

    def form_of(self, report: Report, code: str) -> Form:
        """The form that a report was asked by; if that is gone, the one in use now."""
        asked = report.body.get("form")
        return self.forms.get(asked if isinstance(asked, str) else "") or self.form(code)

    def form(self, code: str) -> Form:
        """A form, or the bare headings where nobody wrote one."""
        return self.forms.get(code, forms.PLAIN)
