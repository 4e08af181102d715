"""What every job touches, assembled once per process and handed in: tests assemble their own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import Protocol

from sqlalchemy.orm import Session

from config import loader
from models import programmes
from models.base import Sessions
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
    """`documents` is the folder reports to the Government are written to; `mail_domain` ends every Message-ID.

    `public_url` begins every link; without one messages carry none. `luck` makes the links' tokens.
    `look_every`: how often a worker in the middle of a group looks whether sending was put on hold meanwhile.
    `bounce_to` collects mails that come back, at addresses sealed with `key`; empty: they go to the sender.
    """

    sessions: Sessions
    clock: Clock
    notifiers: Mapping[Channel, Notifier]
    renderer: Renderer
    bell: Bell
    documents: Path
    mail_domain: str = "desk.invalid"
    public_url: str = ""
    bounce_to: str = ""
    key: bytes = field(default=b"", repr=False)
    luck: Random = field(default_factory=SystemRandom)
    look_every: timedelta = timedelta(seconds=1)
    programmes: dict[int, Programme] = field(default_factory=dict)
    lookout: Lookout = field(init=False)

    def __post_init__(self) -> None:
        self.lookout = Lookout(self.sessions.kw["bind"])

    def refresh(self, session: Session) -> None:
        """Read the live programmes; what was loaded or amended since takes effect with the next tick."""
        if programmes.digests(session) != {id: p.digest for id, p in self.programmes.items()}:
            self.programmes = {sources.id: built(sources) for sources in programmes.live(session)}

    def live(self, session: Session) -> Mapping[int, Programme]:
        """The live programmes by id."""
        if not self.programmes:
            self.refresh(session)
        return self.programmes

    def closed(self, session: Session, id: int) -> bool:
        """Whether a programme is not live any more, so that nothing more is said of it."""
        try:
            self.programme(session, id)
        except KeyError:
            return True
        return False

    def programme(self, session: Session, id: int) -> Programme:
        """A live programme. Raises: KeyError when it was closed."""
        if id not in self.programmes:
            self.refresh(session)
        return self.programmes[id]


def built(sources: programmes.Sources) -> Programme:
    """A programme from the documents it was loaded from. Raises: config.loader.ConfigError if they no longer fit."""
    election, desk, policy = (
        loader.parse(document.text, document.name) for document in (sources.election, sources.desk, sources.policy)
    )
    return loader.programme(election, desk, policy)
