"""A story's desk on a real wire, and what an operator sees of it; two camats are told, at three on the day before."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from jobs.operator import explain, outbox
from jobs.turn import audit
from models.base import Sessions
from models.messages import channels
from models.messages.outbox import Filter
from models.offices.offices import CURRENT, Contact, Office
from rules.desk import Channel
from tests.faults.counterparts import Counterpart
from tests.faults.proxy import Proxy
from tests.stories.desk import DESK, ELECTION, POLICY, Desk

HIT, OTHER = "Camat Tamban", "Camat Mekarsari"
"""Who is told first, and the neighbour."""


def told_at_three(sessions: Sessions, policy: Path = POLICY) -> Desk:
    """Two camats owe a daily report; it is ten to three. At three they are told."""
    desk = Desk(sessions, (ELECTION, DESK, policy))
    desk.owes_only(*(key(desk, office) for office in (HIT, OTHER)))
    desk.clock.reads("H-1 14:50")
    return desk


def key(desk: Desk, office: str) -> str:
    return desk.key("harian", office.removeprefix("Camat "), "H-1")


@dataclass
class Wired:
    """What became of all that was to be told since ten to three, by `channel`."""

    desk: Desk
    channel: Channel
    server: Counterpart
    wire: Proxy
    folder: Path

    def message(self, office: str) -> dict[str, object]:
        """Its first message, as `./desk outbox list` shows it."""
        return self.messages(office)[0]

    def messages(self, office: str) -> Sequence[dict[str, object]]:
        code, since = self.desk.office(office), self.desk.moment("H-1 14:50")
        return outbox.listing(self.desk.rt, Filter(channel=self.channel, office=code, since=since), limit=99)

    def tries(self, office: str) -> list[tuple[str, str]]:
        """When its first message was tried, and how each try ended."""
        id = self.message(office)["id"]
        own = [attempt for attempt in self.desk.attempts() if attempt.message_id == id]
        return [(f"{attempt.ended_at.astimezone(self.desk.zone):%H:%M}", attempt.outcome) for attempt in own]

    def explained(self, office: str) -> str:
        """What `./desk explain` says of its report."""
        told = explain.matter(self.desk.rt, key(self.desk, office))
        return "\n".join(f"{step.what}: {step.why}" for step in told.steps)

    def address_is(self, office: str) -> Contact.State:
        with self.desk.rt.sessions() as session:
            ids = select(Office.id).where(Office.code == self.desk.office(office))
            own = Contact.office_id.in_(ids), Contact.channel == self.channel, CURRENT
            return session.scalars(select(Contact.state).where(*own)).one()

    def down(self) -> str:
        """Why nothing can be sent by the channel; empty: it can."""
        with self.desk.rt.sessions() as session:
            return channels.known(session, self.channel).why

    def tasks(self) -> list[str]:
        """What the secretariat has to see to."""
        return [task.why for task in self.desk.tasks()]

    def stuck(self) -> list[int]:
        """Messages that `./desk status` lists for somebody to look after."""
        return [message.id for message in audit.run(self.desk.rt, now=self.desk.clock.at).unsettled]

    def is_well(self) -> bool:
        """Whether both addresses are kept, no channel is down, and nobody has anything to see to."""
        kept = {self.address_is(office) for office in (HIT, OTHER)} == {Contact.State.ACTIVE}
        return kept and not self.down() and not self.tasks() and not self.stuck()

    def told_otherwise(self, what: str) -> list[str]:
        """What was told by the other ways, which go into a folder: `sms/*.txt`, `mail/*.eml`."""
        return [file.read_text() for file in sorted((self.folder / "outbox").glob(what))]
