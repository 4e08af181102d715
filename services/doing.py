"""One message that was read, and all that is needed to do what it asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk.changes import Hand, Way
from models.messages.inbound import Inbound
from rules import indonesian
from rules.forms import Form
from rules.replies.spoken import Reading, Words
from services.conversing import Open, Talk


@dataclass(frozen=True)
class Doing:
    """A message at work."""

    session: Session
    row: Inbound
    talk: Talk
    reading: Reading
    forms: Mapping[str, Form]
    words: Words
    names: Mapping[str, str]
    now: datetime

    @property
    def hand(self) -> Hand:
        office = self.talk.office
        assert office is not None
        return Hand(office.id, office.title, Way.REPLY, self.row.id)

    def place(self, one: Open) -> str:
        return one.programme.desk.brief(one.item.area)

    def due(self, one: Open) -> str:
        """`(batas 14/2 10.00)`: a text has room for no more of three reports."""
        local = indonesian.local(one.item.judged_by, one.item.zone)
        return f"(batas {local.day}/{local.month} {local:%H.%M})"

    def clock(self, at: datetime) -> str:
        office = self.talk.office
        return indonesian.clock(at, office.zone if office else "Asia/Jakarta")
