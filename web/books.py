"""What every page touches, put together once per process: tests put together their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from config.shelf import Shelf, Unreadable
from models import programmes
from models.base import Sessions
from models.files import Files
from rules import forms
from rules.forms import Form
from rules.programme import Programme
from web.limits import Buckets
from web.refusals import Help, Refusal

LATER = 300
"""Seconds after which it is worth asking again for what a person has to mend first."""


@dataclass
class Books:
    """The database, the clock, the forms, and the programmes as they are loaded now.

    `public_url` is how the world reaches us; what a request says about that is not believed. `twilio_token` signs
    Twilio's callbacks and `key` seals those of a gateway; empty: none is believed.
    """

    sessions: Sessions
    clock: Callable[[Session], datetime]
    public_url: str
    forms: Mapping[str, Form]
    files: Files
    twilio_token: str = field(default="", repr=False)
    key: bytes = field(default=b"", repr=False)
    clients: Buckets = field(default_factory=lambda: Buckets(a_second=50, burst=300))
    links: Buckets = field(default_factory=lambda: Buckets(a_second=0.5, burst=60))
    askers: Buckets = field(default_factory=lambda: Buckets(a_second=0.1, burst=20))
    _shelf: Shelf = field(default_factory=Shelf)

    @property
    def origin(self) -> str:
        """Scheme, host and port of our own pages, as browsers write it."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def base(self) -> str:
        """What stands before every path of ours; empty unless the desk shares a host."""
        return urlsplit(self.public_url).path.rstrip("/")

    def live(self, session: Session) -> Mapping[int, Programme]:
        """The live programmes that can be read, by id, as last loaded or amended."""
        if self._shelf.unreadable or programmes.digests(session) != self._shelf.digests:
            self._shelf = self._shelf.stocked(programmes.live(session))
        return self._shelf.readable

    def one(self, session: Session, id: int) -> Programme | None:
        """A live programme; None: it is closed. Raises: Refusal: it cannot be read now."""
        live = self.live(session)
        if id in self.unread:
            raise Refusal(Help.UNREADABLE, retry=LATER)
        return live.get(id)

    @property
    def unread(self) -> Mapping[int, Unreadable]:
        """The live programmes that cannot be read, by id, as of the last look at those that can."""
        return self._shelf.unreadable

    def secretariats(self) -> str:
        """Whom to ask for help: the secretariats of the live programmes, as far as they were read."""
        desks = [programme.desk for programme in self._shelf.readable.values()]
        titles = dict.fromkeys(desk.office(desk.secretariat).title for desk in desks)
        return " atau ".join(titles) or "Sekretariat Desk"

    def form(self, code: str) -> Form:
        """A form, or the bare headings where nobody wrote one."""
        return self.forms.get(code, forms.PLAIN)
