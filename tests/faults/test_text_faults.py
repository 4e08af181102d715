"""Whatever goes wrong between the desk and who carries its texts, a text arrives once, or somebody knows why not.

Real texts for a report that is due, by the jobs that run every night and Twilio's official client, to a server that
holds Twilio's published contract in a process of its own, over a wire on which things go wrong; and its callbacks to
the desk's own pages. What that server kept decides. The clock is moved by hand.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from jobs.emulator.texts import Said
from models.base import Sessions
from models.messages import delivery_reports
from models.messages.delivery_reports import DeliveryReport
from models.messages.messages import Attempt, Message
from models.offices.offices import Contact
from notifiers.file import Outbox
from notifiers.twilio import Account, Twilio
from rules.delivery import State
from rules.desk import Channel
from tests import engines
from tests.faults import counterparts
from tests.faults.counterparts import Counterpart
from tests.faults.proxy import Fault, proxy
from tests.faults.wired import HIT, OTHER, Wired, told_at_three
from tests.notifiers.twilio_server import ACCOUNT, SERVICE, TEMPLATE, TOKEN, refusal
from tests.stories.desk import POLICY
from tests.web import serving

PATIENT, HASTY = timedelta(seconds=60), timedelta(seconds=0.4)
"""How long one try may take: long, because this machine may be slow; short, where nobody will ever answer."""


class Texts(Wired):
    """A desk that tells by text and by Twilio, its pages, and the wire between."""

    def waits(self, patience: timedelta) -> None:
        """As of now the desk's texts go out like this; what it knew of Twilio is forgotten, as after a start."""
        account = Account(
            sid=ACCOUNT,
            token=TOKEN,
            public_url=self.desk.rt.public_url,
            service_sid=SERVICE,
            whatsapp_from="+6282000000001",
            templates={"": TEMPLATE},
            base_url=self.wire.url,
            timeout=patience,
        )
        folder = Outbox(self.folder / "outbox", sender="desk@desk.example")
        self.desk.rt.notifiers = dict.fromkeys(Channel, folder) | {self.channel: Twilio(account)}

    def reads(self, *times: str) -> None:
        """The clocks go on, Twilio's too."""
        for time in times:
            self.server.ask("reads", self.desk.moment(f"H-1 {time}").astimezone(UTC))
            self.desk.clock.reads(f"H-1 {time}")

    def always(self, answer: Said) -> None:
        """Twilio answers so until it is mended."""
        self.server.ask("then", *[answer] * 99)

    def mailed(self, office: str) -> int:
        """How many mails went to an office, into the folder."""
        address = self.desk.address(office, Channel.EMAIL)
        return sum(f"To: {address}" in mail for mail in self.told_otherwise("mail/*.eml"))

    def is_in_doubt_again(self, office: str) -> None:
        """As if its answer had just been lost, and nothing had been called back."""
        id = self.message(office)["id"]
        with self.desk.rt.sessions.begin() as session:
            session.execute(delete(DeliveryReport))
            session.execute(delete(Attempt).where(Attempt.message_id == id, Attempt.outcome == "found"))
            lost = {"state": State.IN_DOUBT, "provider_id": None, "doubts": 1, "due_at": self.desk.clock.at}
            session.execute(update(Message).where(Message.id == id).values(**lost))

    def mends(self) -> None:
        """The fault is over."""
        self.wire.behaves()
        self.server.ask("behave")

    def texts(self, office: str) -> list[str]:
        """The ids of what Twilio accepted for an office."""
        number = self.desk.address(office, self.channel)
        return [kept["sid"] for kept in self.server.ask("kept") if kept["to"].rpartition(":")[2] == number]

    def delivery(self, office: str) -> str | None:
        """What is known of how its message arrived."""
        id = int(str(self.message(office)["id"]))
        with self.desk.rt.sessions() as session:
            return delivery_reports.ends(session).get(id)


SQLITE = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
every_way = pytest.mark.parametrize("texts", [Channel.SMS, Channel.WHATSAPP], indirect=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Counterpart]:
    with counterparts.running(counterparts.twilio) as running:
        yield running


@pytest.fixture(params=[Channel.SMS])
def texts(
    request: pytest.FixtureRequest,
    server: Counterpart,
    sessions: Sessions,
    tmp_path: Path,
) -> Iterator[Texts]:
    """Two camats are told by text at three, or by WhatsApp. Afterwards nothing has broken the contract."""
    desk = told_at_three(sessions, _policy(tmp_path, request.param))
    for office in (HIT, OTHER):
        desk.is_reached_by(office, request.param)
    server.ask("behave")
    server.ask("forget")
    with proxy(server.port) as wire, serving.pages(desk, tmp_path, port=engines.free_port()) as books:
        books.twilio_token = TOKEN
        texts = Texts(desk, request.param, server, wire, tmp_path)
        texts.waits(PATIENT)
        yield texts
        texts.wire.behaves()
    assert server.ask("violations") == []


def _policy(folder: Path, channel: Channel) -> Path:
    """The default one, in which a report that is due is told by this channel first."""
    usual, due = POLICY.read_text(), "by: [sms, email], say: due"
    assert due in usual
    (folder / "own.yaml").write_text(usual.replace(due, f"by: [{channel}, email], say: due"))
    return folder / "own.yaml"


BOTH = [[("15:00", "accepted")]] * 2


@SQLITE
def test_a_text_that_is_due_is_told_to_twilio_once_and_with_its_link(texts: Texts):
    texts.reads("15:00", "15:30")

    assert [texts.tries(office) for office in (HIT, OTHER)] == BOTH
    assert [len(texts.texts(office)) for office in (HIT, OTHER)] == [1, 1]
    assert f"{texts.desk.rt.public_url}/l/" in texts.server.ask("kept")[0]["body"]


# What is over at the next try, and spends one


@SQLITE
@every_way
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (refusal(429, 20429, "Too Many Requests"), "HTTP 429: Too Many Requests (20429)"),
        (refusal(400, 21611, "queue full"), "HTTP 400: queue full (21611)"),
        (refusal(400, 21617, "too long"), "HTTP 400: too long (21617)"),
        (Said(400, "<html>"), "HTTP 400:"),
    ],
)
def test_a_text_not_taken_now_is_tried_after_a_minute_and_stops_nobody_else(texts: Texts, answer: Said, says: str):
    texts.server.ask("then", answer)

    texts.reads("15:00")
    waits = texts.message(HIT)
    texts.reads("15:59")

    assert (waits["state"], waits["due_at"], waits["tries"]) == (State.PENDING, "2024-02-13T07:01:00+00:00", 1)
    assert says in str(waits["why"])
    assert says in texts.explained(HIT)
    assert texts.tries(HIT) == [("15:00", "temporary"), ("15:01", "accepted")]
    assert texts.tries(OTHER) == [("15:00", "accepted")]
    assert [len(texts.texts(office)) for office in (HIT, OTHER)] == [1, 1]
    assert texts.is_well()


@SQLITE
@pytest.mark.parametrize(
    ("headers", "first", "other"),
    [
        pytest.param({"Retry-After": "120"}, "15:02", "15:02", id="two minutes"),
        pytest.param({"Retry-After": "10"}, "15:01", "15:00", id="less than we would wait, and than a clock's turn"),
        pytest.param(
            {"Date": "Tue, 13 Feb 2024 07:00:00 GMT", "Retry-After": "Tue, 13 Feb 2024 07:03:00 GMT"},
            *("15:03", "15:03"),
            id="until three past three",
        ),
        pytest.param({"Retry-After": "1000000000"}, "15:30", "15:05", id="30 years: within our longest wait"),
        pytest.param({"Retry-After": "1e9"}, "15:01", "15:00", id="no number"),
        pytest.param({"Retry-After": "-120"}, "15:01", "15:00", id="less than no time"),
        pytest.param({"Retry-After": "nanti"}, "15:01", "15:00", id="words"),
    ],
)
def test_twilio_is_left_alone_for_as_long_as_it_asks(texts: Texts, headers: dict[str, str], first: str, other: str):
    texts.server.ask("then", refusal(429, 20429, "slow")._replace(headers=tuple(headers.items())))

    texts.reads("15:00", "15:04", "15:08", "15:35")

    assert texts.tries(HIT) == [("15:00", "temporary"), (first, "accepted")]
    assert texts.tries(OTHER) == [(other, "accepted")]
    assert [len(texts.texts(office)) for office in (HIT, OTHER)] == [1, 1]
    assert texts.is_well()


# What is the recipient's


@SQLITE
@pytest.mark.parametrize("code", [21211, 21610, 21614])
def test_a_refused_number_is_given_up_and_its_office_told_by_mail(texts: Texts, code: int):
    texts.server.ask("then", refusal(400, code, f"no, not {texts.desk.address(HIT, Channel.SMS)}"))

    texts.reads("15:00", "15:10")

    assert texts.tries(HIT) == [("15:00", "refused")]
    assert texts.tries(OTHER) == [("15:00", "accepted")]
    assert texts.message(HIT)["state"] is State.FAILED
    assert str(code) in texts.explained(HIT)
    assert texts.texts(HIT) == []
    assert texts.address_is(HIT) is Contact.State.DEAD
    assert texts.tasks() == ["dead_contact"]
    assert texts.mailed(HIT) == 1


# What is the channel's: no try is spent, the operator hears once, by another way


DOWN = {
    "20003: a wrong token": (lambda texts: texts.always(refusal(401, 20003, "Authenticate")), "(20003)"),
    "20005: no credit": (lambda texts: texts.always(refusal(403, 20005, "not active")), "(20005)"),
    "21606: a sender that cannot": (lambda texts: texts.always(refusal(400, 21606, "From")), "(21606)"),
    "connection refused": (lambda texts: texts.wire.refuses(), "refused, 3 times in a row"),
}


@SQLITE
@every_way
@pytest.mark.parametrize(("breaks", "says"), DOWN.values(), ids=DOWN)
def test_a_channel_that_is_down_spends_no_try_and_goes_on_by_itself(
    texts: Texts, breaks: Callable[[Texts], None], says: str
):
    breaks(texts)

    texts.reads("15:00")
    tried = len(texts.tries(HIT) + texts.tries(OTHER))
    texts.reads("15:02")
    down, (task,) = texts.down(), [task.text for task in texts.desk.tasks()]
    waiting = [texts.message(office) for office in (HIT, OTHER)]
    texts.mends()
    texts.reads("15:40")

    assert tried == 1
    assert says in down
    assert "terhenti sejak 13 Februari 2024 pukul 15.0" in task
    assert [(m["state"], m["tries"]) for m in waiting] == [(State.PENDING, 0)] * 2
    assert [texts.message(office)["tries"] for office in (HIT, OTHER)] == [1, 1]
    assert [len(texts.texts(office)) for office in (HIT, OTHER)] == [1, 1]
    assert texts.mailed("Sekretariat Desk") == 1
    assert texts.is_well()


# What nobody can know: Twilio's callback tells, or its list


TAKEN = {
    "cut after the request": (lambda texts: texts.server.ask("then", "cut"), PATIENT),
    "half an answer": (lambda texts: texts.server.ask("then", "half"), PATIENT),
    "an answer without an id": (lambda texts: texts.server.ask("then", "close"), PATIENT),
    "no answer": (lambda texts: texts.server.ask("then", "hang"), HASTY),
    "an answer that never ends": (lambda texts: texts.server.ask("then", "drip"), HASTY),
}
NOT_TAKEN = {
    "500": (lambda texts: texts.server.ask("then", refusal(500, 20500, "oops")), PATIENT),
    "503": (lambda texts: texts.server.ask("then", Said(503, "<html>")), PATIENT),
    "cut before it arrived": (lambda texts: texts.wire.breaks(Fault(cuts_after=0), times=1), PATIENT),
    "a black hole": (lambda texts: texts.wire.breaks(Fault(silent=True), times=1), HASTY),
    "a byte now and then": (lambda texts: texts.wire.breaks(Fault(pause=0.1), times=1), HASTY),
}


@SQLITE
@every_way
@pytest.mark.parametrize(("breaks", "patience"), TAKEN.values(), ids=TAKEN)
def test_a_text_in_doubt_that_twilio_has_is_not_sent_again(
    texts: Texts, breaks: Callable[[Texts], None], patience: timedelta
):
    texts.waits(patience)
    breaks(texts)

    texts.reads("15:00")
    waits = texts.message(HIT)
    texts.waits(PATIENT)
    texts.reads("15:40")

    assert (waits["state"], waits["due_at"]) == (State.IN_DOUBT, "2024-02-13T07:10:00+00:00")
    assert texts.tries(HIT) == [("15:00", "unknown"), ("15:10", "found")]
    assert len(texts.texts(HIT)) == 1
    assert not texts.message(HIT)["possibly_doubled"]
    assert "the provider was asked and has it" in texts.explained(HIT)
    assert texts.is_well()


@SQLITE
@every_way
@pytest.mark.parametrize(("breaks", "patience"), NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_a_text_in_doubt_that_twilio_knows_nothing_of_is_sent_once_more_and_marked(
    texts: Texts, breaks: Callable[[Texts], None], patience: timedelta
):
    texts.waits(patience)
    breaks(texts)

    texts.reads("15:00")
    waits = texts.message(HIT)
    texts.waits(PATIENT)
    texts.reads("15:10", "15:40")

    assert waits["state"] is State.IN_DOUBT
    assert texts.tries(HIT) == [("15:00", "unknown"), ("15:10", "accepted")]
    assert len(texts.texts(HIT)) == 1
    assert texts.message(HIT)["possibly_doubled"]
    assert "it may have arrived twice" in texts.explained(HIT)
    assert texts.is_well()


@SQLITE
def test_twice_in_doubt_and_unknown_to_twilio_it_is_left_and_shown(texts: Texts):
    texts.wire.breaks(Fault(cuts_after=0), times=1)
    texts.reads("15:00")
    texts.server.ask("then", Said(200, '{"messages": []}'), Said(500), Said(200, '{"messages": []}'))

    texts.reads("15:10", "15:25")

    assert texts.tries(HIT) == [("15:00", "unknown"), ("15:10", "unknown")]
    assert (texts.message(HIT)["state"], texts.message(HIT)["due_at"]) == (State.IN_DOUBT, None)
    assert texts.texts(HIT) == []
    assert texts.message(HIT)["id"] in texts.stuck()


@SQLITE
def test_while_twilio_cannot_be_asked_the_doubt_remains_and_nothing_is_sent(texts: Texts):
    texts.server.ask("then", "cut")
    texts.reads("15:00")
    texts.wire.refuses()
    texts.reads("15:25")
    waits = texts.message(HIT)
    texts.mends()

    texts.reads("15:40")

    assert waits["state"] is State.IN_DOUBT
    assert "could not be asked" in str(waits["why"])
    assert texts.tries(HIT) == [("15:00", "unknown"), ("15:30", "found")]
    assert len(texts.texts(HIT)) == 1


# What Twilio calls back


@every_way
@pytest.mark.parametrize("lost", [False, True], ids=["answered", "and the answer is lost"])
def test_a_callback_that_comes_before_the_answer_counts(texts: Texts, lost: bool):
    texts.server.ask("early", "queued", "sent", "delivered")
    if lost:
        texts.server.ask("then", "cut")

    texts.reads("15:00", "15:20")

    assert texts.tries(HIT) == ([("15:00", "unknown"), ("15:10", "found")] if lost else [("15:00", "accepted")])
    assert texts.message(HIT)["state"] is State.SENT
    assert texts.delivery(HIT) == "delivered"
    assert len(texts.texts(HIT)) == 1
    assert texts.server.ask("questions") == 0
    assert texts.is_well()


def test_a_callback_ends_a_doubt_before_anybody_is_asked(texts: Texts):
    texts.server.ask("then", "cut")
    texts.reads("15:00")
    (sid,) = texts.texts(HIT)

    answer = texts.server.ask("calls_back", sid, "sent")
    texts.reads("15:20")

    assert answer == 200
    assert texts.tries(HIT) == [("15:00", "unknown"), ("15:00", "found")]
    assert texts.message(HIT)["state"] is State.SENT
    assert texts.server.ask("questions") == 0


@SQLITE
@pytest.mark.parametrize(("code", "dies"), [("30003", False), ("30005", True), ("30006", True), ("30008", False)])
def test_an_undelivered_text_is_told_by_mail_and_a_dead_number_given_up(texts: Texts, code: str, dies: bool):
    texts.reads("15:00")
    (sid,) = texts.texts(HIT)

    texts.server.ask("calls_back", sid, "undelivered", code)
    texts.reads("15:20")

    assert texts.delivery(HIT) == "undelivered"
    assert texts.address_is(HIT) is (Contact.State.DEAD if dies else Contact.State.ACTIVE)
    assert texts.tasks() == ["dead_contact"] * dies
    assert code in texts.explained(HIT)
    assert len(texts.texts(HIT)) == 1


CALLS = [("queued", ""), ("sent", ""), ("undelivered", "30008"), ("delivered", ""), ("delivered", "")]
STRANGE = ["forged", "of another", "of nobody"]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=st.permutations([*CALLS, *STRANGE]), missing=st.sampled_from([None, ("delivered", "")]))
def test_in_whatever_order_twilio_calls_and_whoever_else_the_end_is_the_same(
    in_doubt: Texts, calls: list[tuple[str, str] | str], missing: tuple[str, str] | None
):
    """A text whose answer was lost: the first true word says that it was accepted."""
    texts, message = in_doubt, in_doubt.message(HIT)
    texts.is_in_doubt_again(HIT)
    sid, other = texts.texts(HIT)[0], texts.message(OTHER)["id"]
    strange = {
        "forged": (403, ("failed", "30005"), {"token": "guessed"}),
        "of another": (200, ("sent", ""), {"about": str(other)}),
        "of nobody": (404, ("failed", "30005"), {"about": "999999"}),
    }

    for call in calls:
        if isinstance(call, str):
            expected, said, more = strange[call]
            assert texts.server.ask("calls_back", sid, *said, **more) == expected
        elif call != missing:
            assert texts.server.ask("calls_back", sid, *call) == 200

    now = texts.message(HIT)
    assert (now["state"], now["tries"]) == (State.SENT, message["tries"])
    assert texts.delivery(HIT) == ("undelivered" if missing else "delivered")
    assert texts.address_is(HIT) is Contact.State.ACTIVE
    assert texts.tasks() == ["gap"]  # for the one of nobody bore our signature
    assert not now["possibly_doubled"]


@pytest.fixture
def in_doubt(texts: Texts) -> Texts:
    texts.server.ask("then", "cut")
    texts.reads("15:00")
    return texts
