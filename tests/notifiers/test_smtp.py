"""Handing mails to a server that keeps its word, and to one that does not."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from notifiers.base import Letter
from notifiers.mailserver import LARGEST_REPLY
from notifiers.smtp import Mail, Server, Tls
from rules.delivery import ChannelDown, DeliveryError, Misaddressed, Refused, Temporary, Unknown
from tests import engines
from tests.notifiers.letters import SENDER, letter
from tests.notifiers.wire import CERTIFICATE, Wire, wire

PATIENT = timedelta(seconds=20)
HASTY = timedelta(seconds=0.3)
TO = "camat.tamban@baritokuala.example"


@pytest.fixture(params=[(), ("PIPELINING",)], ids=["one by one", "pipelined"])
def server(request: pytest.FixtureRequest) -> Iterator[Wire]:
    with wire(features=request.param) as running:
        yield running


def mail(server: Wire, *, timeout: timedelta = PATIENT, tls: Tls = Tls.NONE, **account: str) -> Mail:
    return Mail(
        Server(
            host="localhost",
            port=server.port,
            sender=SENDER,
            tls=tls,
            timeout=timeout,
            ca_file=None if tls is Tls.NONE else CERTIFICATE,
            user=account.get("user"),
            password=account.get("password", ""),
        )
    )


def end_of(send: Callable[[Letter], str], item: Letter | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(item or letter())
    return caught.value


def test_a_real_server_gets_the_mail_as_it_was_written():
    with engines.mail_server() as real:
        channel = Mail(Server(host=real.host, port=real.port, sender=SENDER, tls=Tls.NONE, timeout=PATIENT))
        answer = channel.send(letter(text="satu\n.dua\n..tiga\n"))
        channel.close()

    (mail,) = real.to(TO)
    assert mail.sender == SENDER
    assert b"\r\n.dua\r\n..tiga\r\n" in mail.content
    assert "OK" in answer


def test_one_connection_carries_many_mails(server: Wire):
    channel = mail(server)

    for number in range(20):
        channel.send(letter(message_id=number))

    assert server.connections == 1
    assert len(server.mails) == 20
    assert "RSET" not in server.verbs()


def test_threads_share_no_connection_at_the_same_time(server: Wire):
    channel = mail(server)
    threads = [
        threading.Thread(target=lambda n=n: [channel.send(letter(message_id=n * 100 + i)) for i in range(25)])
        for n in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(server.mails) == 100
    assert server.connections <= 4


def test_the_envelope_sender_can_name_the_message(server: Wire):
    mail(server).send(letter(bounce_to="bounce+12@baritokuala.example"))

    assert "MAIL FROM:<bounce+12@baritokuala.example>" in server.commands


# What the server answers, and which of the four ends it is. RFC 5321, 4.2; RFC 3463; RFC 4954, 6.
@pytest.mark.parametrize(
    ("step", "answer", "expected"),
    [
        ("connect", "421 too busy", Temporary),
        ("connect", "554 no mail service here", ChannelDown),
        ("ehlo", "550 not you", ChannelDown),
        ("mail", "421 closing", Temporary),
        ("mail", "450 later", Temporary),
        ("mail", "451 local error", Temporary),
        ("mail", "452 no room", Temporary),
        ("mail", "530 5.7.0 authentication required", ChannelDown),
        ("mail", "550 5.7.1 sender rejected", ChannelDown),
        ("mail", "553 5.1.8 sender domain not found", ChannelDown),
        ("rcpt", "421 closing", Temporary),
        ("rcpt", "450 4.2.1 greylisted", Temporary),
        ("rcpt", "451 4.3.0 lookup failed", Temporary),
        ("rcpt", "452 4.2.2 mailbox full", Temporary),
        ("rcpt", "550 5.1.1 no such user", Refused),
        ("rcpt", "551 user not local", Temporary),
        ("rcpt", "553 mailbox name not allowed", Temporary),
        ("rcpt", "556 domain takes no mail", Temporary),
        ("rcpt", "556 5.1.10 domain takes no mail", Refused),
        ("rcpt", "552 5.2.2 mailbox full", Temporary),
        ("rcpt", "554 5.7.1 relay access denied", ChannelDown),
        ("rcpt", "554 5.1.1 no such user", Refused),
        ("rcpt", "530 5.7.0 authentication required", ChannelDown),
        ("rcpt", "what?", Temporary),
        ("data", "451 try later", Temporary),
        ("data", "554 no valid recipients", Temporary),
        ("dot", "421 closing", Temporary),
        ("dot", "450 later", Temporary),
        ("dot", "451 local error", Temporary),
        ("dot", "452 no room", Temporary),
        ("dot", "550 5.1.1 no such user", Refused),
        ("dot", "552 too large", Temporary),
        ("dot", "554 5.7.1 looks like spam", Temporary),
        ("dot", "what?", Unknown),
        ("dot", "354 go on?", Unknown),
        ("dot", "close", Unknown),
        ("dot", "cut", Unknown),
        ("data", "close", Temporary),
        ("rcpt", "cut", Temporary),
        ("mail", "close", Temporary),
        ("connect", "close", Temporary),
    ],
)
def test_how_a_try_ends(server: Wire, step: str, answer: str, expected: type[DeliveryError]):
    server.then(step, answer)

    assert type(end_of(mail(server).send)) is expected


@pytest.mark.parametrize("step", ["rcpt", "data", "dot"])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 5.7.1 Unable to relay", ChannelDown),
        ("550 5.7.1 Relaying denied. IP name lookup failed", ChannelDown),
        ("554 <camat@x.example>: Relay access denied", ChannelDown),
        ("454 4.7.1 <camat@x.example>: Relay access denied", ChannelDown),
        ("550 5.7.1 Client was not authenticated", ChannelDown),
        ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", ChannelDown),
        ("553 5.7.1 Sender address rejected: not owned by user", ChannelDown),
        ("550 5.7.26 This mail has been blocked because the sender is unauthenticated", ChannelDown),
        ("553 5.1.8 Domain of sender address does not exist", ChannelDown),
        ("550 no such user here", Temporary),
        ("550 mailbox unavailable", Temporary),
        ("550 User unknown in relay recipient table", Temporary),
        ("550 5.1.1 User unknown in relay recipient table", Refused),
        ("550 5.1.2 Host or domain name not found", Refused),
        ("550 5.1.6 has moved", Refused),
        ("550 5.1.0 Address rejected", Temporary),
        ("550 5.2.1 The account is suspended", Temporary),
        ("550 5.2.0 over quota", Temporary),
        ("550 5.4.1 Recipient address rejected: Access denied", Temporary),
        ("550 5.4.5 Daily sending quota exceeded", Temporary),
        ("550 5.5.1 bad sequence of commands", Temporary),
        ("550 5.7.1 <relay.x.example>: Client host blocked by a list", Temporary),
        ("550 5.7.1 Our policy forbids attachments", Temporary),
        ("552 5.3.4 message too big", Temporary),
        ("450 4.1.1 unverified address", Temporary),
        ("550 4.7.1 try later", Temporary),
        ("451 4.7.1 sender unknown, greylisted", Temporary),
    ],
)
def test_only_a_code_for_no_such_mailbox_gives_an_address_up(step: str, answer: str, expected: type[DeliveryError]):
    with wire() as server:
        server.then(step, answer)

        assert type(end_of(mail(server).send)) is expected


@pytest.mark.parametrize("answer", ["550 5.1.1 unknown", "550 5.1.2 no such domain", "550 5.7.1 no", "550 5.2.2 full"])
@pytest.mark.parametrize("step", ["connect", "ehlo", "mail"])
def test_what_is_said_before_the_recipient_was_named_is_not_about_him(step: str, answer: str):
    with wire() as server:
        server.then(step, answer)
        server.then("helo", answer)

        assert type(end_of(mail(server).send)) is ChannelDown


def test_a_mail_that_is_too_large_stops_no_channel():
    with wire() as server:
        server.then("mail", "552 5.3.4 too large")

        assert type(end_of(mail(server).send)) is Temporary


@pytest.mark.parametrize(
    ("step", "expected"),
    [("connect", Temporary), ("ehlo", Temporary), ("mail", Temporary), ("rcpt", Temporary), ("dot", Unknown)],
)
@pytest.mark.parametrize("line", ["250-" + "x" * 60, "250-"], ids=["long lines", "empty lines"])
def test_a_reply_without_end_is_given_up_before_it_fills_the_machine(
    step: str, expected: type[DeliveryError], line: str
):
    size = LARGEST_REPLY + 20_000
    with wire() as server:
        server.then(step, "\r\n".join([line] * (size // len(line))) + " || hang")

        assert type(end_of(mail(server).send)) is expected


def test_a_server_that_knows_only_helo_gets_the_mail():
    with wire() as server:
        server.then("ehlo", "502 command not implemented")

        mail(server).send(letter())

        assert server.verbs()[:2] == ["EHLO", "HELO"]
        assert len(server.mails) == 1


def test_one_that_knows_only_helo_and_does_not_want_us_is_a_channel_that_is_down():
    with wire() as server:
        server.then("ehlo", "500 what?")
        server.then("helo", "550 5.7.1 not you")

        assert type(end_of(mail(server).send)) is ChannelDown


def test_an_error_says_at_which_step_and_what_the_server_said(server: Wire):
    server.then("rcpt", "550 5.1.1 no such user")

    error = end_of(mail(server).send)

    assert str(error) == "rcpt: 5.1.1 no such user (550)"
    assert error.code == "550"


@pytest.mark.parametrize(
    ("step", "expected"), [("connect", Temporary), ("rcpt", Temporary), ("data", Temporary), ("dot", Unknown)]
)
def test_a_server_that_never_answers_is_left_in_time(server: Wire, step: str, expected: type[DeliveryError]):
    server.then(step, "hang")

    assert type(end_of(mail(server, timeout=HASTY).send)) is expected


def test_a_mail_cut_before_its_dot_was_not_accepted(server: Wire):
    server.then("text", "cut")
    larger_than_any_buffer = letter(text="isi laporan\n" * 1_500_000, html=None)

    assert type(end_of(mail(server).send, larger_than_any_buffer)) is Temporary
    assert server.mails == []


def test_a_mail_taken_without_an_answer_is_in_doubt_and_its_connection_is_given_up(server: Wire):
    server.then("dot", "close")
    channel = mail(server)

    assert type(end_of(channel.send)) is Unknown
    channel.send(letter())

    assert server.connections == 2


def test_after_a_refused_recipient_the_same_connection_goes_on(server: Wire):
    server.then("rcpt", "550 5.1.1 no such user")
    server.then("data", *(["554 no valid recipients"] if "PIPELINING" in server.features else []))
    channel = mail(server)

    assert type(end_of(channel.send)) is Refused
    channel.send(letter())

    assert server.connections == 1
    assert server.verbs().count("RSET") == 1
    assert len(server.mails) == 1


def test_no_text_is_sent_to_a_server_that_wants_one_without_a_recipient():
    with wire(features=("PIPELINING",)) as server:
        server.then("rcpt", "550 5.1.1 no such user")
        channel = mail(server)

        assert type(end_of(channel.send)) is Refused
        channel.send(letter())

        assert server.connections == 2
        assert len(server.mails) == 1


def test_a_connection_that_went_stale_is_opened_anew_without_a_word(server: Wire):
    channel = mail(server)
    channel.send(letter(message_id=1))

    server.hang_up()
    channel.send(letter(message_id=2))

    assert server.connections == 2
    assert len(server.mails) == 2


def test_one_that_was_kept_after_a_refusal_too(server: Wire):
    server.then("mail", "550 5.7.1 sender rejected")
    server.then("rcpt", *(["503 no sender"] if "PIPELINING" in server.features else []))
    server.then("data", *(["503 no recipient"] if "PIPELINING" in server.features else []))
    channel = mail(server)

    assert type(end_of(channel.send)) is ChannelDown
    server.hang_up()
    channel.send(letter())

    assert server.connections == 2
    assert len(server.mails) == 1


def test_a_kept_connection_that_says_421_is_opened_anew(server: Wire):
    server.then("mail", "250 OK", "421 4.4.2 idle too long || close")
    channel = mail(server)

    channel.send(letter(message_id=1))
    channel.send(letter(message_id=2))

    assert server.connections == 2
    assert len(server.mails) == 2


def test_a_stale_connection_is_replaced_once_and_no_more(server: Wire):
    server.then("mail", "250 OK", "421 idle || close", "421 again || close")
    channel = mail(server)
    channel.send(letter())

    assert type(end_of(channel.send)) is Temporary
    assert server.connections == 2


def test_a_kept_connection_cut_after_the_sender_was_accepted_is_not_replaced_in_silence(server: Wire):
    server.then("rcpt", "250 OK", "close")
    channel = mail(server)
    channel.send(letter())

    assert type(end_of(channel.send)) is Temporary
    assert server.connections == 1


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_a_secured_line_carries_login_and_mail(tls: Tls):
    with wire(features=("STARTTLS", "AUTH PLAIN"), implicit_tls=tls is Tls.IMPLICIT) as server:
        channel = mail(server, tls=tls, user="desk", password="rahasia")

        channel.send(letter())
        channel.close()

        assert len(server.mails) == 1
        assert "QUIT" in server.verbs()


def test_a_certificate_nobody_vouches_for_stops_the_channel():
    with wire(features=("STARTTLS",)) as server:
        channel = Mail(replace(_plain(server), tls=Tls.STARTTLS))

        error = end_of(channel.send)

        assert type(error) is ChannelDown
        assert "certificate" in str(error)
        assert server.mails == []


def test_a_certificate_for_another_name_stops_the_channel():
    with wire(features=("STARTTLS",)) as server:
        channel = Mail(replace(_plain(server), host="127.0.0.1", tls=Tls.STARTTLS, ca_file=CERTIFICATE))

        assert type(end_of(channel.send)) is ChannelDown


def test_a_server_that_offers_no_starttls_gets_no_mail():
    with wire() as server:
        channel = mail(server, tls=Tls.STARTTLS)

        assert type(end_of(channel.send)) is ChannelDown
        assert "MAIL" not in server.verbs()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("535 5.7.8 desk@baritokuala.example: wrong", ChannelDown),
        ("534 5.7.9 stronger", ChannelDown),
        ("454 4.7.0 later", Temporary),
    ],
)
def test_a_refused_login_is_never_the_recipients_fault(answer: str, expected: type[DeliveryError]):
    with wire(features=("AUTH PLAIN",)) as server:
        server.then("auth", answer)

        error = end_of(mail(server, user=SENDER, password="rahasia").send)

        assert type(error) is expected
        assert SENDER not in str(error)
        assert "rahasia" not in repr(error)


def test_a_server_that_knows_no_way_to_log_in_stops_the_channel():
    with wire(features=("AUTH XOAUTH2",)) as server:
        assert type(end_of(mail(server, user="desk", password="rahasia").send)) is ChannelDown


def test_an_opening_that_fails_reached_nobody_however_often():
    channel = Mail(Server(host="127.0.0.1", port=engines.free_port(), sender=SENDER, tls=Tls.NONE, timeout=PATIENT))

    ends = [end_of(channel.send) for _ in range(4)]

    assert [(type(end), getattr(end, "reached", None)) for end in ends] == [(Temporary, False)] * 4


def test_a_server_that_has_no_time_to_greet_was_not_reached(server: Wire):
    server.then("connect", "421 busy")

    assert end_of(mail(server).send).reached is False


@pytest.mark.parametrize(
    "to",
    [
        "a@b.test\r\nRCPT TO:<evil@x.test>",
        "a@b.test, evil@x.test",
        "a@b.test;evil@x.test",
        '"a@b.test" <evil@x.test>',
        "tim@kpu.go.id@evil.test",
        "a" * 65 + "@x.test",
        "camat.tambän@baritokuala.example",
        "",
    ],
)
def test_what_is_not_one_plain_address_is_refused_before_anything_is_said(server: Wire, to: str):
    error = end_of(mail(server).send, letter(to=to))

    assert type(error) is Misaddressed
    assert "evil" not in str(error)
    assert server.connections == 0


def test_no_error_repeats_the_address(server: Wire):
    server.then("rcpt", "550 5.1.1 <camat.tamban@baritokuala.example>: Camat.Tamban unknown, +6282000000005 neither")

    error = end_of(mail(server).send)

    assert "tamban" not in str(error).lower()
    assert "82000000005" not in str(error)
    assert error.__cause__ is None


@pytest.mark.parametrize(
    "broken",
    [
        {"sender": "a@b.test, c@d.test"},
        {"timeout": timedelta(0)},
        {"user": "desk", "password": "kunci-é"},
        {"user": "desk", "tls": Tls.NONE, "host": "mail.example"},
    ],
)
def test_an_account_that_makes_no_sense_is_refused_when_it_is_made(broken: dict[str, object]):
    with pytest.raises(ValueError):
        replace(Server(host="mail.example", port=587, sender=SENDER), **broken)


def test_a_password_is_never_shown():
    assert "rahasia" not in repr(Server(host="mail.example", port=587, sender=SENDER, user="desk", password="rahasia"))


def _plain(server: Wire) -> Server:
    return Server(host="localhost", port=server.port, sender=SENDER, timeout=PATIENT)
