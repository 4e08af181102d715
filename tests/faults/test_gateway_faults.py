"""Whatever goes wrong between the desk and a gateway, which cannot be asked what became of a text.

As `test_text_faults`, where a gateway differs from Twilio: what is in doubt is left so, shown and never sent again,
until a delivery report tells.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.emulator.texts import Asked, Said
from models.base import Sessions
from models.offices.offices import Contact
from notifiers.file import Outbox
from notifiers.gateway import Gateway, Server
from rules.delivery import State
from rules.desk import Channel
from tests import engines
from tests.faults import counterparts
from tests.faults.proxy import Fault, proxy
from tests.faults.wired import HIT, OTHER, Wired, told_at_three
from tests.web import serving

pytestmark = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)

KEY = b"kunci-desk-yang-panjang"
BUSY = Said(503, "Temporal failure, try again later.")


class Texts(Wired):
    """A desk that tells by a gateway, and its pages."""

    def waits(self, patience: timedelta) -> None:
        """As of now the desk's texts go out like this."""
        url, pages = f"{self.wire.url}/cgi-bin/sendsms", self.desk.rt.public_url
        server = Server(url=url, public_url=pages, key=KEY, user="desk", password="rahasia-01", timeout=patience)
        folder = Outbox(self.folder / "outbox", sender="desk@desk.example")
        self.desk.rt.notifiers = dict.fromkeys(Channel, folder) | {Channel.SMS: Gateway(server)}

    def asked(self, office: str) -> list[Asked]:
        """What the gateway was asked to send to an office."""
        number = self.desk.address(office, Channel.SMS)
        return [asked for asked in self.server.ask("asked") if asked.form.get("to") == number]


@pytest.fixture
def texts(sessions: Sessions, tmp_path: Path) -> Iterator[Texts]:
    """Two camats are told by text at three."""
    desk = told_at_three(sessions)
    with (
        counterparts.running(counterparts.gateway) as server,
        proxy(server.port) as wire,
        serving.pages(desk, tmp_path, port=engines.free_port()) as books,
    ):
        books.key = KEY
        texts = Texts(desk, Channel.SMS, server, wire, tmp_path)
        texts.waits(timedelta(seconds=60))
        yield texts


@pytest.mark.parametrize(
    ("answer", "first", "other"),
    [
        (BUSY, "15:01", "15:00"),
        (Said(429, "slow down"), "15:01", "15:00"),
        (BUSY._replace(headers=(("Retry-After", "120"),)), "15:02", "15:02"),
        (Said(403, "Not routable. Do not try again."), "15:01", "15:00"),
    ],
)
def test_a_text_not_taken_now_is_tried_again_and_a_gateway_left_alone_as_it_asks(
    texts: Texts, answer: Said, first: str, other: str
):
    texts.server.ask("then", answer)

    texts.desk.clock.reads("H-1 15:40")

    assert texts.tries(HIT) == [("15:00", "temporary"), (first, "accepted")]
    assert texts.tries(OTHER) == [(other, "accepted")]
    assert [len(texts.asked(office)) for office in (HIT, OTHER)] == [2, 1]
    assert texts.is_well()


def test_a_number_that_the_gateway_denies_is_given_up(texts: Texts):
    texts.server.ask("then", Said(403, "Number(s) has/have been denied by white- and/or black-lists."))

    texts.desk.clock.reads("H-1 15:40")

    assert texts.tries(HIT) == [("15:00", "refused")]
    assert texts.address_is(HIT) is Contact.State.DEAD
    assert texts.tasks() == ["dead_contact"]


@pytest.mark.parametrize("refused", [False, True], ids=["a wrong password", "nobody there"])
def test_a_gateway_that_lets_nobody_in_spends_no_try(texts: Texts, refused: bool):
    if refused:
        texts.wire.refuses()
    else:
        texts.server.ask("then", *[Said(403, "Authorization failed for sendsms")] * 99)

    texts.desk.clock.reads("H-1 15:02")
    down, waiting = texts.down(), [texts.message(office)["tries"] for office in (HIT, OTHER)]
    texts.server.ask("forget")
    texts.wire.behaves()
    texts.desk.clock.reads("H-1 15:40")

    assert down
    assert waiting == [0, 0]
    assert [texts.message(office)["tries"] for office in (HIT, OTHER)] == [1, 1]
    assert texts.is_well()


@pytest.mark.parametrize("taken", [True, False])
def test_a_text_in_doubt_is_never_sent_again_and_shown_until_a_report_tells(texts: Texts, taken: bool):
    if taken:
        texts.server.ask("then", "cut")
    else:
        texts.wire.breaks(Fault(cuts_after=0), times=1)

    texts.desk.clock.reads("H-1 15:40")

    assert texts.tries(HIT) == [("15:00", "unknown")]
    assert (texts.message(HIT)["state"], texts.message(HIT)["due_at"]) == (State.IN_DOUBT, None)
    assert texts.stuck() == [texts.message(HIT)["id"]]
    assert len(texts.asked(HIT)) == taken
    assert len(texts.asked(OTHER)) == 1


def test_a_report_of_the_gateway_ends_a_doubt(texts: Texts):
    texts.server.ask("then", "cut")
    texts.desk.clock.reads("H-1 15:00")
    url = texts.asked(HIT)[0].form["dlr-url"]

    answers = [counterparts.reports(url.replace("%d", status)) for status in ("8", "1", "8", "%d")]
    texts.desk.clock.reads("H-1 15:40")

    assert answers == [200, 200, 200, 400]
    assert texts.tries(HIT) == [("15:00", "unknown"), ("15:00", "found")]
    assert texts.message(HIT)["state"] is State.SENT
    assert len(texts.asked(HIT)) == 1
    assert texts.is_well()
