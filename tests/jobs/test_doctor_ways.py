"""Mail server, gateway and Twilio are asked whether they would let us in; nobody is sent anything."""

import json
from datetime import timedelta

import pytest

from config import settings as environment
from jobs.emulator.texts import Said
from jobs.operator import ways
from jobs.operator.looks import State
from tests import engines
from tests.notifiers.http_wire import http_wire
from tests.notifiers.imap_wire import mailbox
from tests.notifiers.wire import CERTIFICATE, wire

SOON = timedelta(seconds=60)
SECRETS = ("hunter2", "5ec2e75ec2e7", "desk@baritokuala.example")


@pytest.fixture
def settings(monkeypatch):
    """The settings that an environment makes."""

    def made(**given):
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        return environment.read()

    return made


def by_mail(settings, port, *, scheme="smtp", user="desk:hunter2@", query=""):
    url = f"{scheme}://{user}localhost:{port}{query}"
    return settings(DESK_SMTP_URL=url, DESK_MAIL_FROM="desk@baritokuala.example")


@pytest.fixture
def trusted(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_mail_server_that_lets_us_in_gets_no_mail(settings, trusted, scheme):
    with wire(features=("STARTTLS", "AUTH PLAIN"), implicit_tls=scheme == "smtps") as server:
        found = ways.mail(by_mail(settings, server.port, scheme=scheme), timeout=SOON)

    assert found == (State.OK, "answers, secured, and takes our login", "")
    assert server.verbs()[-2:] == ["AUTH", "QUIT"]


def test_a_mail_server_without_login_is_told_as_such(settings):
    with engines.mail_server() as server:
        found = ways.mail(by_mail(settings, server.port, user="", query="?tls=none"), timeout=SOON)

    assert found.state is State.OK
    assert "no login" in found.means
    assert server.accepted == []


@pytest.mark.parametrize(
    ("features", "step", "answer", "means", "do"),
    [
        pytest.param(
            ("STARTTLS", "AUTH PLAIN"), "auth", "535 5.7.8 desk@baritokuala.example: no", "535", "mend user", id="login"
        ),
        pytest.param(("STARTTLS",), "", "", "auth", "mend user and password", id="no way to log in"),
        pytest.param(("AUTH PLAIN",), "", "", "starttls", "or use smtps://", id="no STARTTLS"),
        pytest.param((), "connect", "554 5.7.1 go away", "554", "look at host and port", id="shut"),
        pytest.param((), "ehlo", "550 5.7.1 not you", "550", "ask its operator", id="not us"),
    ],
)
def test_a_mail_server_that_does_not_let_us_in_is_told_with_its_remedy(
    settings, trusted, features, step, answer, means, do
):
    with wire(features=features) as server:
        if step:
            server.then(step, answer)
        found = ways.mail(by_mail(settings, server.port), timeout=SOON)

    assert found.state is State.FAIL
    assert means in found.means
    assert do in found.do
    assert not [secret for secret in SECRETS if secret in found.means]


@pytest.mark.parametrize(("scheme", "do"), [("smtp", "a certificate for the very name"), ("smtps", "its certificate")])
def test_a_mail_server_that_nobody_vouches_for_hears_no_password(settings, scheme, do):
    with wire(features=("STARTTLS", "AUTH PLAIN"), implicit_tls=scheme == "smtps") as server:
        found = ways.mail(by_mail(settings, server.port, scheme=scheme), timeout=SOON)

    assert found.state is State.FAIL
    assert "certificate" in found.means
    assert do in found.do
    assert "AUTH" not in server.verbs()


def test_a_mail_server_that_is_gone_or_silent_fails_in_time(settings):
    with wire() as server:
        server.then("connect", "hang")
        silent = ways.mail(by_mail(settings, server.port), timeout=timedelta(seconds=0.3))
    gone = ways.mail(by_mail(settings, engines.free_port()), timeout=SOON)

    assert (silent.state, gone.state) == (State.FAIL, State.FAIL)
    assert "timed out" in silent.means
    assert "refused" in gone.means
    assert "host and port" in gone.do


def test_mail_and_texts_that_go_into_a_folder_reach_nobody(settings):
    own = settings()

    assert [way(own).state for way in (ways.mail, ways.texts, ways.twilio)] == [State.WARN, State.WARN, State.OK]
    assert "to nobody" in ways.texts(own).means


def by_twilio(settings, url):
    return settings(
        DESK_SMS_URL="twilio:",
        DESK_TWILIO_BASE_URL=url,
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        TWILIO_AUTH_TOKEN="5ec2e75ec2e7",
        TWILIO_FROM="DESKBATOLA",
    )


@pytest.mark.parametrize(
    ("status", "text", "state", "words"),
    [
        pytest.param(200, {"status": "active", "type": "Full"}, State.OK, "takes our login", id="right"),
        pytest.param(200, {"status": "active", "type": "Trial"}, State.WARN, "verified numbers", id="trial"),
        pytest.param(200, {"status": "suspended"}, State.FAIL, "closed or suspended", id="suspended"),
        pytest.param(200, "<html>sign in", State.FAIL, "not Twilio", id="a page in between"),
        pytest.param(200, ["status"], State.FAIL, "not Twilio", id="a list"),
        pytest.param(401, {"code": 20003}, State.FAIL, "does not take our login", id="wrong token"),
        pytest.param(404, {"code": 20404}, State.FAIL, "does not take our login", id="no such account"),
        pytest.param(503, "", State.FAIL, "answers 503", id="out of order"),
    ],
)
def test_twilio_is_asked_for_its_account_and_the_token_is_not_said(settings, status, text, state, words):
    with http_wire(lambda _: Said(status, text if isinstance(text, str) else json.dumps(text))) as server:
        found = ways.twilio(by_twilio(settings, server.url), timeout=SOON)

    assert found.state is state
    assert words in found.means
    assert bool(found.do) == (state is not State.OK)
    assert [asked.method for asked in server.asked] == ["GET"]
    assert not [secret for secret in SECRETS if secret in str(found)]


def test_a_twilio_that_is_gone_or_silent_fails_in_time(settings):
    with http_wire(lambda _: Said(200)) as server:
        server.then("hang")
        silent = ways.twilio(by_twilio(settings, server.url), timeout=timedelta(seconds=0.3))
    gone = ways.twilio(by_twilio(settings, server.url), timeout=SOON)

    assert [line.state for line in (silent, gone)] == [State.FAIL, State.FAIL]
    assert "cannot be reached" in gone.means


def by_gateway(settings, url):
    return settings(DESK_SMS_URL=f"gateway:{url.replace('//', '//desk:hunter2@')}/sendsms?from=DESKBATOLA")


@pytest.mark.parametrize("status", [200, 401, 404, 500])
def test_a_gateway_is_there_whatever_it_answers_and_what_was_not_asked_is_said(settings, status):
    with http_wire(lambda _: Said(status, "hunter2")) as server:
        found = ways.texts(by_gateway(settings, server.url), timeout=SOON)

    assert found.state is State.OK
    assert "login, sender and credit were not asked" in found.means
    (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == ("GET", "/robots.txt", "")
    assert "Authorization" not in asked.headers
    assert "hunter2" not in str(found)


def test_a_gateway_that_is_gone_or_that_nobody_vouches_for_fails(settings):
    gone = ways.texts(by_gateway(settings, f"http://localhost:{engines.free_port()}"), timeout=SOON)
    with wire(implicit_tls=True) as server:
        untrusted = ways.texts(by_gateway(settings, f"https://localhost:{server.port}"), timeout=SOON)

    assert [line.state for line in (gone, untrusted)] == [State.FAIL, State.FAIL]
    assert "refused" in gone.means
    assert "certificate" in untrusted.means
    assert server.commands == []


def by_imap(settings, port, *, scheme="imap", query=""):
    url = f"{scheme}://balas%40desk.example:rahasia@localhost:{port}/INBOX{query}"
    return settings(DESK_IMAP_URL=url, DESK_REPLY_TO="balas@desk.example")


@pytest.mark.parametrize("scheme", ["imap", "imaps"])
def test_a_mailbox_that_lets_us_in_is_not_touched(settings, trusted, scheme):
    with mailbox(implicit_tls=scheme == "imaps") as server:
        found = ways.mailbox(by_imap(settings, server.port, scheme=scheme), timeout=SOON)

    assert found == (State.OK, "answers, secured, and takes our login; it is looked into every minute", "")
    assert not server.said("FETCH") + server.said("STORE")


@pytest.mark.parametrize(
    ("word", "answer", "means", "do"),
    [
        ("STARTTLS", "NO not now", "starttls", "use imaps://"),
        ("LOGIN", "NO [AUTHENTICATIONFAILED] balas@desk.example is not let in", "login: [AUTH", "password"),
        ("SELECT", "NO no such folder", "folder: no such folder", "name a folder"),
    ],
)
def test_a_mailbox_that_does_not_let_us_in_is_told_by_its_step(settings, trusted, word, answer, means, do):
    with mailbox() as server:
        server.then(word, answer)
        found = ways.mailbox(by_imap(settings, server.port), timeout=SOON)

    assert found.state is State.FAIL
    assert means in found.means
    assert do in found.do
    assert "rahasia" not in found.means + found.do
    assert "balas" not in found.means


def test_a_folder_to_move_to_must_be_there(settings, trusted):
    with mailbox() as server:
        own = by_imap(settings, server.port, query="?move=Selesai")
        missing = ways.mailbox(own, timeout=SOON)
        server.folders["Selesai"] = []
        there = ways.mailbox(own, timeout=SOON)

    assert (missing.state, there.state) == (State.FAIL, State.OK)
    assert "Selesai" in missing.means


def test_a_mailbox_that_nobody_vouches_for_hears_no_password(settings):
    with mailbox() as server:
        found = ways.mailbox(by_imap(settings, server.port), timeout=SOON)

    assert found.state is State.FAIL
    assert "certificate" in found.means
    assert not server.said("LOGIN")


def test_without_a_mailbox_mails_are_piped_or_nothing_is_asked(settings):
    assert ways.mailbox(settings()).means == "is not used"
    assert "piped" in ways.mailbox(settings(DESK_REPLY_TO="balas@desk.example")).means
