"""Whatever goes wrong between the desk and its mail server, a mail arrives once, or somebody knows why not.

Real mails for a report that is due, by the jobs that run every night, to a server in a process of its own, over a wire
on which things go wrong. What that server kept decides. The clock is moved by hand.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from models.base import Sessions
from models.offices.offices import Contact
from notifiers.file import Outbox
from notifiers.smtp import Mail, Server, Tls
from rules.delivery import State
from rules.desk import Channel
from tests.faults import counterparts
from tests.faults.counterparts import PASSWORD, USER, Counterpart
from tests.faults.proxy import Fault, proxy
from tests.faults.wired import HIT, OTHER, Wired, told_at_three
from tests.notifiers.wire import CERTIFICATE

pytestmark = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)

EXPIRED = CERTIFICATE.with_name("expired.pem")
USUAL = (CERTIFICATE, EXPIRED)
PATIENT, HASTY = timedelta(seconds=60), timedelta(seconds=0.4)
"""How long one try may take: long, because this machine may be slow; short, where nobody will ever answer."""

IN_THE_TEXT = 3000
"""After so many bytes a client is in the middle of its mail: keys and commands are fewer, and its mail is larger."""


@dataclass
class Post(Wired):
    """A desk that reaches two camats by mail alone, its mail server, and the wire between."""

    as_usual: bool = False

    def trusts(self, *certificates: Path, patience: timedelta = PATIENT) -> None:
        """As of now the desk's mails go out like this; what it knew of the server is forgotten, as after a start."""
        self.as_usual = (certificates, patience) == (USUAL, PATIENT)
        bundle = self.folder / "trusted.pem"
        bundle.write_text("".join(certificate.read_text() for certificate in certificates))
        server = Server(
            host="localhost",
            port=self.wire.port,
            sender="desk@desk.example",
            user=USER,
            password=PASSWORD,
            tls=Tls.STARTTLS,
            ca_file=bundle,
            timeout=patience,
        )
        self.desk.rt.notifiers = {
            Channel.EMAIL: Mail(server),
            Channel.SMS: Outbox(self.folder / "outbox", sender="desk@desk.example"),
        }

    def answers(self, phase: str, reply: str, *, to: str | None = HIT, times: float = float("inf")) -> None:
        """The server itself says so, of mails to one office or to anybody."""
        address = self.desk.address(to, Channel.EMAIL) if to else None
        self.server.ask("answer", phase, reply, address=address, times=times)

    def falls_silent(self, fault: Fault) -> None:
        """The wire hardly carries anything, and the desk is told not to wait for long."""
        self.trusts(*USUAL, patience=HASTY)
        self.wire.breaks(fault)

    def falls_mute(self) -> None:
        """The server takes a mail and never says so; one try may take some seconds, long enough to get there."""
        self.trusts(*USUAL, patience=timedelta(seconds=3))
        self.answers("data", "mute", times=1)

    def mends(self) -> None:
        """The fault is over."""
        self.wire.behaves()
        self.server.ask("behave")
        self.server.ask("shows", CERTIFICATE)
        if not self.as_usual:
            self.trusts(*USUAL)

    def mails(self, office: str) -> list[str]:
        """The Message-IDs that the server kept for an office."""
        return [mail.message_id for mail in self.server.ask("to", self.desk.address(office, Channel.EMAIL))]


@pytest.fixture(scope="module")
def server() -> Iterator[Counterpart]:
    with counterparts.running(counterparts.mail) as running:
        yield running


@pytest.fixture
def post(server: Counterpart, sessions: Sessions, tmp_path: Path) -> Iterator[Post]:
    """Two camats owe a daily report; it is ten to three, and they are told at three."""
    desk = told_at_three(sessions)
    for office in (HIT, OTHER):
        desk.loses(office, Channel.SMS)
    server.ask("behave")
    server.ask("forget")
    with proxy(server.port) as wire:
        post = Post(desk, Channel.EMAIL, server, wire, tmp_path)
        post.trusts(*USUAL)
        yield post


# What is over at the next try, and spends one


@pytest.mark.parametrize(
    ("phase", "reply", "says"),
    [
        pytest.param("rcpt", "421 4.3.2 closing down", "rcpt: 4.3.2 closing down (421)", id="421 at RCPT"),
        pytest.param("rcpt", "450 4.2.0 greylisted", "rcpt: 4.2.0 greylisted", id="450 at RCPT"),
        pytest.param("rcpt", "451 4.3.0 lookup failed", "rcpt: 4.3.0 lookup failed (451)", id="451 at RCPT"),
        pytest.param("rcpt", "452 4.2.2 mailbox full", "rcpt: 4.2.2 mailbox full (452)", id="452 at RCPT"),
        pytest.param("rcpt", "cut", "rcpt: ", id="reset at RCPT"),
        pytest.param("data", "421 4.3.2 closing down", "dot: 4.3.2 closing down (421)", id="421 after the dot"),
        pytest.param("data", "450 4.7.1 greylisted", "dot: 4.7.1 greylisted (450)", id="450 after the dot"),
        pytest.param("data", "451 4.3.0 local error", "dot: 4.3.0 local error (451)", id="451 after the dot"),
        pytest.param("data", "452 4.3.1 no room", "dot: 4.3.1 no room (452)", id="452 after the dot"),
        pytest.param("data", "552 5.3.4 too large", "dot: 5.3.4 too large (552)", id="552 after the dot"),
        pytest.param("data", "554 5.7.1 spam", "dot: 5.7.1 spam (554)", id="554 after the dot"),
    ],
)
def test_a_mail_not_taken_now_is_tried_after_a_minute_and_stops_nobody_else(
    post: Post, phase: str, reply: str, says: str
):
    post.answers(phase, reply, times=1)

    post.desk.clock.reads("H-1 15:00")
    waits = post.message(HIT)
    post.desk.clock.reads("H-1 15:59")

    assert (waits["state"], waits["due_at"]) == (State.PENDING, "2024-02-13T07:01:00+00:00")
    assert says in str(waits["why"])
    assert says in post.explained(HIT)
    assert post.tries(HIT) == [("15:00", "temporary"), ("15:01", "accepted")]
    assert post.tries(OTHER) == [("15:00", "accepted")]
    assert [len(post.mails(office)) for office in (HIT, OTHER)] == [1, 1]
    assert post.is_well()


def test_a_server_busy_at_mail_is_left_and_the_neighbour_gets_a_connection_of_its_own(post: Post):
    post.answers("mail", "421 4.7.0 too many mails", to=None, times=1)

    post.desk.clock.reads("H-1 15:59")

    assert sorted(post.tries(HIT) + post.tries(OTHER)) == [
        ("15:00", "accepted"),
        ("15:00", "temporary"),
        ("15:01", "accepted"),
    ]
    assert [len(post.mails(office)) for office in (HIT, OTHER)] == [1, 1]


@pytest.mark.parametrize(
    ("phase", "reply", "says"),
    [
        ("rcpt", "450 4.2.0 greylisted", "rcpt: 4.2.0 greylisted (450)"),
        ("rcpt", "552 5.2.2 mailbox full", "rcpt: 5.2.2 mailbox full (552)"),
        ("data", "554 5.7.1 spam", "dot: 5.7.1 spam (554)"),
    ],
)
def test_what_is_never_taken_is_given_up_and_shown_and_the_address_is_kept(
    post: Post, phase: str, reply: str, says: str
):
    post.answers(phase, reply)

    post.desk.clock.reads("H-1 15:59")

    assert post.tries(HIT) == [(clock, "temporary") for clock in ("15:00", "15:01", "15:06", "15:36")]
    assert post.message(HIT)["state"] is State.FAILED
    assert f"given up after 4 tries: {'rcpt' if phase == 'rcpt' else 'dot'}: {reply[4:]}" in str(
        post.message(HIT)["why"]
    )
    assert (post.mails(HIT), len(post.mails(OTHER))) == ([], 1)
    assert post.address_is(HIT) is Contact.State.ACTIVE
    assert post.message(HIT)["id"] in post.stuck()


# What is the recipient's


@pytest.mark.parametrize(
    ("phase", "reply"),
    [
        ("rcpt", "550 5.1.1 no such user"),
        ("data", "550 5.1.1 no such user"),
        ("rcpt", "553 5.1.3 bad"),
    ],
)
def test_a_refused_address_is_given_up_at_once_and_becomes_a_task(post: Post, phase: str, reply: str):
    post.answers(phase, reply)

    post.desk.clock.reads("H-1 15:59")

    assert post.tries(HIT) == [("15:00", "refused")]
    assert post.tries(OTHER) == [("15:00", "accepted")]
    assert post.message(HIT)["state"] is State.FAILED
    assert reply[4:] in post.explained(HIT)
    assert post.mails(HIT) == []
    assert post.address_is(HIT) is Contact.State.DEAD
    assert post.tasks() == ["dead_contact"]


@pytest.mark.parametrize("reply", ["550 no such user", "550 mailbox unavailable", "554 5.2.1 suspended"])
def test_without_a_code_that_says_so_an_address_is_kept_and_its_mail_is_shown_as_failed(post: Post, reply: str):
    post.answers("rcpt", reply)

    post.desk.clock.reads("H-1 15:59")

    assert post.tries(OTHER) == [("15:00", "accepted")]
    assert post.message(HIT)["state"] is State.FAILED
    assert post.address_is(HIT) is Contact.State.ACTIVE


# What is the channel's: no try is spent, the operator hears once, by another way


DOWN = {
    "535: a wrong password": (lambda post: post.answers("auth", "535 5.7.8 no", to=None), "auth: 5.7.8 no (535)"),
    "550 at MAIL": (lambda post: post.answers("mail", "550 5.7.1 no", to=None), "mail: 5.7.1 no (550)"),
    "554 at greeting": (lambda post: post.wire.breaks(Fault(says=b"554 no\r\n")), "connect: no (554)"),
    "STARTTLS not announced": (lambda post: post.wire.breaks(Fault(hides=b"STARTTLS")), "STARTTLS"),
    "an expired certificate": (lambda post: post.server.ask("shows", EXPIRED), "certificate has expired"),
    "a certificate nobody trusts": (lambda post: post.trusts(EXPIRED), "self-signed certificate"),
    "421 at greeting": (lambda post: post.wire.breaks(Fault(says=b"421 busy\r\n")), "busy (421), 3 times in a row"),
    "454 at AUTH": (lambda post: post.answers("auth", "454 busy", to=None), "busy (454), 3 times in a row"),
    "connection refused": (lambda post: post.wire.refuses(), "refused, 3 times in a row"),
    "connection reset": (lambda post: post.wire.breaks(Fault(reset=True)), "3 times in a row"),
    "a black hole": (lambda post: post.falls_silent(Fault(silent=True)), "timed out, 3 times in a row"),
    "a byte now and then": (lambda post: post.falls_silent(Fault(pause=0.1)), "timed out, 3 times in a row"),
}


@pytest.mark.parametrize(("breaks", "says"), DOWN.values(), ids=DOWN)
def test_a_channel_that_is_down_spends_no_try_and_goes_on_by_itself(
    post: Post, breaks: Callable[[Post], None], says: str
):
    breaks(post)

    post.desk.clock.reads("H-1 15:00")
    tried = len(post.tries(HIT) + post.tries(OTHER))
    post.desk.clock.reads("H-1 15:02")
    down, told, (task,) = post.down(), post.told_otherwise("sms/*.txt"), [task.text for task in post.desk.tasks()]
    waiting = [post.message(office) for office in (HIT, OTHER)]
    post.mends()
    post.desk.clock.reads("H-1 15:40")

    assert tried == (2 if "in a row" in says else 1)
    assert says in down
    (text,) = told
    assert "tugas S-0001 menunggu" in text
    assert task.startswith("Saluran surel terhenti sejak 13 Februari 2024 pukul 15.0")
    assert [(m["state"], m["tries"]) for m in waiting] == [(State.PENDING, 0)] * 2
    for office in (HIT, OTHER):
        assert post.tries(office)[-1][1] == "accepted"
        assert len(post.mails(office)) == 1
        assert post.message(office)["tries"] == 1
    assert says.partition("3 times")[0].rstrip(", ") in post.explained(HIT) + post.explained(OTHER)
    assert post.is_well()
    assert post.told_otherwise("sms/*.txt") == told


def test_a_line_as_slow_as_a_byte_at_a_time_is_no_fault(post: Post):
    post.wire.breaks(Fault(pause=0))

    post.desk.clock.reads("H-1 15:00")

    assert [post.tries(office) for office in (HIT, OTHER)] == [[("15:00", "accepted")]] * 2
    assert [len(post.mails(office)) for office in (HIT, OTHER)] == [1, 1]


def test_a_server_that_hung_up_meanwhile_costs_no_try(post: Post):
    post.desk.clock.reads("H-1 15:59")
    post.wire.hangs_up()

    post.desk.clock.reads("H-1 16:00")

    assert [m["tries"] for m in post.messages(HIT)] == [1, 1]
    assert len(post.mails(HIT)) == 2


# What nobody can know: once more under the same Message-ID, marked, and then it is left


DOUBTS = {
    "cut before the final dot": (lambda post: post.wire.breaks(Fault(cuts_after=IN_THE_TEXT), times=1), 0),
    "cut after the final dot": (lambda post: post.answers("data", "lost", times=1), 1),
    "no answer to the final dot": (lambda post: post.falls_mute(), 1),
}


@pytest.mark.parametrize(("breaks", "arrived"), DOUBTS.values(), ids=DOUBTS)
def test_a_mail_in_doubt_is_sent_once_more_under_the_same_name_and_marked(
    post: Post, breaks: Callable[[Post], None], arrived: int
):
    breaks(post)

    post.desk.clock.reads("H-1 15:09")
    waits, before = post.message(HIT), post.mails(HIT)
    post.mends()
    post.desk.clock.reads("H-1 15:59")

    assert (waits["state"], waits["due_at"]) == (State.IN_DOUBT, "2024-02-13T07:10:00+00:00")
    assert "in doubt: dot: " in str(waits["why"])
    assert len(before) == arrived
    assert post.tries(HIT) == [("15:00", "unknown"), ("15:10", "accepted")]
    assert post.tries(OTHER) == [("15:00", "accepted")]
    assert len(post.mails(HIT)) == arrived + 1
    assert len(set(post.mails(HIT))) == len(post.mails(OTHER)) == 1
    assert post.message(HIT)["possibly_doubled"]
    assert not post.message(OTHER)["possibly_doubled"]
    assert "it may have arrived twice" in post.explained(HIT)
    assert post.is_well()


@pytest.mark.parametrize("arrived", [False, True])
def test_a_mail_twice_in_doubt_is_left_and_shown(post: Post, arrived: bool):
    if arrived:
        post.answers("data", "lost")
    else:
        post.wire.breaks(Fault(cuts_after=IN_THE_TEXT))

    post.desk.clock.reads("H-1 15:10")
    post.mends()
    post.desk.clock.reads("H-1 15:59")

    assert post.tries(HIT) == [("15:00", "unknown"), ("15:10", "unknown")]
    assert (post.message(HIT)["state"], post.message(HIT)["due_at"]) == (State.IN_DOUBT, None)
    assert len(post.mails(HIT)) == 2 * arrived
    assert len(set(post.mails(HIT))) == arrived
    assert post.message(HIT)["id"] in post.stuck()
    assert "it may have arrived twice" in post.explained(HIT)
