"""What every job touches, assembled once per process and handed in. Tests assemble their own."""

import math
import time
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random, SystemRandom
from threading import Event
from typing import Protocol

from sqlalchemy.orm import Session

from config import shelf
from config.errors import ConfigError
from config.shelf import Shelf, Unreadable
from models.base import Sessions
from models.desk import programmes
from models.desk.files import Files
from models.machine.waits import Lookout
from notifiers import imap
from notifiers.base import Notifier
from rules import forms, government
from rules.desk import Channel
from rules.forms import Form
from rules.gates import Gate
from rules.government import ReportKind
from rules.policy import Policy
from rules.programme import Programme
from rules.rollcalls import Call

Clock = Callable[[Session], datetime]
"""Tells the time: the database's, or one that a rehearsal moves by hand. Aware, UTC."""


def uptime() -> float:
    """Seconds since the machine started, sleep included. Nobody can set this clock."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Bell(Protocol):
    """Wakes whoever delivers. A ring may be lost: the next turn rings again."""

    def ring(self, channel: Channel, message_ids: Sequence[int]) -> None: ...


@dataclass
class Runtime:
    """What a process works with.

    `documents` is the folder for reports to the Government, `files` the one for what comes with reports. `seen` is the
    file that says how far the books were (`jobs.turn.seen`); None: nobody keeps it.
    `shadows`: the folder of the policies that run beside the live ones (`jobs.shadow`); None: there is none.
    `mail_domain` ends every Message-ID. `public_url` begins every link; without it messages carry no link.
    `luck` makes the tokens of links. `forms` reads the forms when a report is filed, `kinds` the
    kinds of report to the Government when one is compiled.
    `look_every`: how often a worker checks whether programmes were amended, and within a group whether sending was put
    on hold. `shown`: programmes of which the log has said that they cannot be read.
    `called`: the roll call that was planned last for each programme, and the digest of the programme then.
    `rostered`: when the roster of the posko was looked at last.
    `gated`: the gates that were planned last for each programme.
    `stopping` is set when the process is told to end; a worker checks it between two sends.
    `package_key` gives the secret that signs packages for the level above; it is made when it is first asked for.
    `bounce_to` collects mails that come back, at addresses sealed with `key`; without it they go to the sender.
    `reply_to` collects answers to mails in the same way; without it they go to the secretariat.
    `mailbox`: where the mails to these two lie, if we look there ourselves.
    `answered`: the channels, besides mail, by which answers come in.
    """

    sessions: Sessions
    clock: Clock
    notifiers: Mapping[Channel, Notifier]
    bell: Bell
    documents: Path
    mail_domain: str = "desk.invalid"
    files: Files | None = None
    public_url: str = ""
    bounce_to: str = ""
    reply_to: str = ""
    mailbox: imap.Account | None = None
    answered: Set[Channel] = frozenset()
    forms: Callable[[], Mapping[str, Form]] = dict
    kinds: Callable[[], Mapping[str, ReportKind]] = dict
    key: bytes = field(default=b"", repr=False)
    package_key: Callable[[], bytes] = field(default=bytes, repr=False)
    luck: Random = field(default_factory=SystemRandom)
    look_every: timedelta = timedelta(seconds=1)
    seen: Path | None = None
    shadows: Path | None = None
    stopping: Event = field(default_factory=Event)
    shelf: Shelf = field(default_factory=Shelf)
    shown: Set[Unreadable] = frozenset()
    called: Mapping[int, tuple[str, Call | None]] = field(default_factory=dict)
    rostered: datetime | None = None
    gated: Mapping[int, Sequence[Gate]] = field(default_factory=dict)
    lookout: Lookout = field(init=False)
    _looked: float = -math.inf

    def __post_init__(self) -> None:
        self.lookout = Lookout(self.sessions.kw["bind"])

    @property
    def programmes(self) -> Mapping[int, Programme]:
        """The live programmes that can be read, by id, as they were last read."""
        return self.shelf.readable

    def form(self, code: str) -> Form:
        """The form of a duty; only headings if nobody wrote one."""
        return self.forms().get(code, forms.PLAIN)

    def kind(self, code: str) -> ReportKind:
        """The kind of one of the desk's own reports; a plain letter if nobody wrote it."""
        return self.kinds().get(code, government.PLAIN)

    def refresh(self, session: Session) -> None:
        """Read what was loaded or amended since the last time, and what is mended."""
        self._looked = time.monotonic()
        self.shelf = self.shelf.refreshed(programmes.digests(session), partial(programmes.live, session))

    def live(self, session: Session) -> Mapping[int, Programme]:
        """The live programmes that can be read, by id, as they are now or were a moment ago (`look_every`)."""
        if not self.shelf.sources or time.monotonic() - self._looked >= self.look_every.total_seconds():
            self.refresh(session)
        return self.programmes

    def shares_desk(self, programme: Programme) -> bool:
        """Whether another election is live at the same desk, as they were last read."""
        return self.shelf.several(programme.desk.code)

    def unread(self, session: Session) -> Mapping[int, Unreadable]:
        """The live programmes that cannot be read, by id. Nothing is decided, said or closed for them."""
        self.live(session)
        return self.shelf.unreadable

    def policies(self, session: Session) -> Sequence[Policy]:
        """Each policy under which something is live, once, without what a desk adds to it."""
        self.live(session)
        return self.shelf.policies

    def unreadable(self, session: Session, id: int) -> bool:
        """Whether a programme is live and cannot be read."""
        return self._knows(session, id) and isinstance(self.shelf.one(id), Unreadable)

    def closed(self, session: Session, id: int) -> bool:
        """Whether a programme is not live any more, so that nothing more is said about it."""
        return not self._knows(session, id)

    def programme(self, session: Session, id: int) -> Programme:
        """A live programme. Raises: KeyError when it was closed; ConfigError when it cannot be read."""
        self._knows(session, id)
        one = self.shelf.one(id)
        if isinstance(one, Unreadable):
            raise ConfigError(one.findings)
        if one is None:
            raise KeyError(id)
        return one

    def past(self, session: Session, id: int) -> Programme:
        """A programme that may be closed, to read of it. Raises: ConfigError: it cannot be read."""
        if not self.closed(session, id):
            return self.programme(session, id)
        sources = programmes.sources(session, id)
        assert sources is not None
        return shelf.read(sources)

    def _knows(self, session: Session, id: int) -> bool:
        if id not in self.shelf.sources:
            self.refresh(session)
        return id in self.shelf.sources
