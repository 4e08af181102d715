"""A worker dies and Twilio is asked: what it took for somebody else, or of somebody else's words, is not ours."""

from dataclasses import dataclass
from datetime import UTC

import pytest
from sqlalchemy import select

from models.offices import sessions
from models.offices.offices import Contact, Office
from notifiers.base import Letter
from notifiers.twilio import Account, Twilio
from rules.delivery import State
from rules.desk import Channel
from rules.ladder import Say
from tests.notifiers import twilio_server
from tests.notifiers.twilio_server import ACCOUNT, SERVICE, TOKEN, Contract
from tests.stories.desk import Desk
from tests.stories.test_doubts import Killed


@dataclass
class Dying:
    """Twilio, and a worker that dies before its next texts have left, so many times."""

    desk: Desk
    real: Twilio
    contract: Contract
    dies: int = 0
    repeatable: bool = False

    def send(self, letter: Letter) -> str:
        if self.dies:
            self.dies -= 1
            raise Killed
        self.contract.now = self.desk.clock.at.astimezone(UTC)
        return self.real.send(letter)

    def lookup(self, letter, *, since, until):
        return self.real.lookup(letter, since=since, until=until)

    def close(self) -> None:
        self.real.close()

    def bodies(self) -> list[str]:
        return [message["body"] for message in reversed(self.contract.kept)]


@pytest.fixture
def worker(desk):
    """The first word about Tamban's report of the eve goes by text at 15:00."""
    with twilio_server.twilio() as (wire, contract):
        public = "https://desk.example"
        real = Twilio(Account(sid=ACCOUNT, token=TOKEN, public_url=public, service_sid=SERVICE, base_url=wire.url))
        worker = Dying(desk, real, contract)
        desk.rt.notifiers = {**desk.rt.notifiers, Channel.SMS: worker}
        desk.owes_only(desk.key("harian", "Tamban", "H-1"))
        desk.clock.reads("H-1 14:59")
        yield worker
        assert contract.violations == []


def asks_for_a_link(desk):
    code, of_sms = desk.office("Camat Tamban"), Contact.channel == Channel.SMS
    with desk.rt.sessions.begin() as session:
        query = select(Contact).join(Office, Office.id == Contact.office_id).where(Office.code == code, of_sms)
        assert sessions.ask(session, 1, session.scalars(query).one(), now=desk.clock.at)


def dies_at(desk, worker, time):
    worker.dies = 1
    desk.clock.jumps(time)
    with pytest.raises(Killed):
        desk.turn()


def texts(desk):
    return [m for m in desk.messages() if m.channel is Channel.SMS]


def ids(desk):
    return [m.provider_id for m in texts(desk) if m.provider_id]


def test_a_text_that_never_left_is_not_taken_for_the_link_that_was_asked_for_a_minute_later(desk, worker):
    dies_at(desk, worker, "H-1 15:00")
    desk.clock.reads("H-1 15:01")
    asks_for_a_link(desk)

    desk.clock.reads("H-1 15:50")

    reminder, link = texts(desk)
    code = desk.code(desk.key("harian", "Tamban", "H-1"))
    assert [code in body for body in worker.bodies()] == [False, True]
    assert (reminder.state, link.state) == (State.SENT, State.SENT)
    assert (reminder.possibly_doubled, link.possibly_doubled) == (True, False)
    assert len(set(ids(desk))) == 2


def test_a_link_that_never_left_is_not_taken_for_the_one_before_it_of_the_same_words(desk, worker):
    asks_for_a_link(desk)
    desk.turn()
    asks_for_a_link(desk)
    dies_at(desk, worker, "H-1 14:59")

    desk.clock.reads("H-1 15:50")

    first, second = (m for m in texts(desk) if m.say is Say.SIGN_IN)
    assert first.text == second.text
    assert first.state is State.SENT
    assert second.provider_id != first.provider_id
    assert len(set(ids(desk))) == len(ids(desk))
    assert second.possibly_doubled or second.state is State.CANCELLED
