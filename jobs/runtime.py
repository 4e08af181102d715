"""What every job touches, assembled once per process and handed in: tests assemble their own."""

import math
import time
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Protocol

from sqlalchemy.orm import Session

from config.errors import ConfigError
from config.shelf import Shelf, Unreadable
from models import programmes
from models.base import Sessions
from models.files import Files
from models.waits import Lookout
from notifiers.base import Notifier
from notifiers.render import Renderer
from rules.desk import Channel
from rules.programme import Programme

Clock = Callable[[Session], datetime]
"""Tells the time of a tick or a settle: the database's, or one that a rehearsal moves by hand. Aware, UTC."""


class Bell(Protocol):
    """Wakes whoever delivers. A ring may be lost: the next tick rings again."""

    def ring(self, channel: Channel, message_ids: Sequence[int]) -> None: ...


@dataclass
class Runtime:
    """`documents` is the folder reports to the Government are written to, `files` that of what comes with reports.

    `mail_domain` ends every Message-ID.

    `public_url` begins every link; without one messages carry none. `luck` makes the links' tokens.
    `look_every`: how often a worker looks whether programmes were amended, and in the middle of a group whether
    sending was put on hold. `shown`: programmes that the log says cannot be read.
    `bounce_to` collects mails that come back, at addresses sealed with `key`; empty: they go to the sender.
    """

    sessions: Sessions
    clock: Clock
    notifiers: Mapping[Channel, Notifier]
    renderer: Renderer
    bell: Bell
    documents: Path
    mail_domain: str = "desk.invalid"
    files: Files | None = None
    public_url: str = ""
    bounce_to: str = ""
    key: bytes = field(default=b"", repr=False)
    luck: Random = field(default_factory=SystemRandom)
    look_every: timedelta = timedelta(seconds=1)
    shelf: Shelf = field(default_factory=Shelf)
    shown: Set[Unreadable] = frozenset()
    lookout: Lookout = field(init=False)
    _looked: float = -math.inf

    def __post_init__(self) -> None:
        self.lookout = Lookout(self.sessions.kw["bind"])

    @property
    def programmes(self) -> Mapping[int, Programme]:
        """The live programmes that can be read, by id, as they were last read."""
        return self.shelf.readable

    def refresh(self, session: Session) -> None:
        """Read what was loaded or amended since, and what could not be read before and is mended."""
        self._looked = time.monotonic()
        if self.shelf.unreadable or programmes.digests(session) != self.shelf.digests:
            self.shelf = self.shelf.stocked(programmes.live(session))

    def live(self, session: Session) -> Mapping[int, Programme]:
        """The live programmes that can be read, by id, as they are loaded now or were a moment ago."""
        if not self.programmes or time.monotonic() - self._looked >= self.look_every.total_seconds():
            self.refresh(session)
        return self.programmes

    def unread(self, session: Session) -> Mapping[int, Unreadable]:
        """The live programmes that cannot be read, by id: nothing is decided, said or closed for them."""
        self.live(session)
        return self.shelf.unreadable

    def closed(self, session: Session, id: int) -> bool:
        """Whether a programme is not live any more, so that nothing more is said of it."""
        return not self._knows(session, id)

    def programme(self, session: Session, id: int) -> Programme:
        """A live programme. Raises: KeyError when it was closed; ConfigError when it cannot be read."""
        if self._knows(session, id) and (unread := self.shelf.unreadable.get(id)):
            raise ConfigError(unread.findings)
        return self.programmes[id]

    def _knows(self, session: Session, id: int) -> bool:
        if id not in self.shelf.sources:
            self.refresh(session)
        return id in self.shelf.sources
