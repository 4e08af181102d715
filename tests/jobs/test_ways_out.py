"""What the environment says about sending is what a process sends by."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config import settings
from jobs import assemble
from jobs.emulator.texts import Said
from notifiers.base import Notifier
from rules.desk import Channel
from tests import engines
from tests.notifiers import twilio_server
from tests.notifiers.http_wire import gateway_wire, http_wire
from tests.notifiers.letters import letter

FRIEND, STRANGER = "+6281234567890", "+6281234567891"
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path: Path) -> Path:
    for name in list(os.environ):
        if name.startswith(("DESK_", "TWILIO_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DESK_HOME", str(tmp_path))
    (tmp_path / "config").symlink_to(ROOT / "config")
    return tmp_path


@contextmanager
def ways() -> Iterator[dict[Channel, Notifier]]:
    found = assemble.notifiers(settings.read())
    try:
        yield found
    finally:
        for notifier in set(found.values()):
            notifier.close()


def test_nothing_leaves_the_machine_unless_told():
    with ways() as found:
        ids = {found[channel].send(letter(channel=channel)) for channel in Channel}

    assert ids == {"file:mail/000012.eml", "file:sms/000012.txt", "file:whatsapp/000012.txt"}


def test_twilio_carries_both_kinds_of_text_by_one_client(monkeypatch):
    with twilio_server.twilio() as (wire, contract):
        for name, value in {
            "DESK_SMS_URL": "twilio:",
            "DESK_WHATSAPP_URL": "twilio:",
            "DESK_TWILIO_BASE_URL": wire.url,
            "TWILIO_ACCOUNT_SID": twilio_server.ACCOUNT,
            "TWILIO_AUTH_TOKEN": twilio_server.TOKEN,
            "TWILIO_MESSAGING_SERVICE_SID": twilio_server.SERVICE,
            "TWILIO_WHATSAPP_FROM": "+6281234567800",
            "TWILIO_WHATSAPP_TEMPLATES": twilio_server.TEMPLATE,
        }.items():
            monkeypatch.setenv(name, value)

        with ways() as found:
            for channel in (Channel.SMS, Channel.WHATSAPP):
                found[channel].send(letter(channel=channel, to=FRIEND))

    assert contract.violations == []
    assert [message["to"] for message in contract.kept] == [f"whatsapp:{FRIEND}", FRIEND]
    assert found[Channel.SMS] is found[Channel.WHATSAPP]
    assert wire.connections == 1
    assert wire.asked[0].form["StatusCallback"] == "http://127.0.0.1:8000/callbacks/twilio/12"


def test_a_gateway_carries_text_messages(monkeypatch):
    with gateway_wire() as wire:
        host = wire.url.removeprefix("http://")
        monkeypatch.setenv("DESK_SMS_URL", f"gateway:http://desk:rahasia@{host}/cgi-bin/sendsms?from=DESK&smsc=tsel")

        with ways() as found:
            id = found[Channel.SMS].send(letter(channel=Channel.SMS, to=FRIEND))

    form = wire.asked[0].form
    assert id == "0: Accepted for delivery"
    assert (form["username"], form["password"], form["from"], form["smsc"]) == ("desk", "rahasia", "DESK", "tsel")


def test_a_mail_server_without_a_login_is_not_asked_for_one(monkeypatch):
    with engines.mail_server() as real:
        monkeypatch.setenv("DESK_SMTP_URL", f"smtp://{real.host}:{real.port}?tls=none")
        monkeypatch.setenv("DESK_MAIL_FROM", "desk@baritokuala.example")

        with ways() as found:
            found[Channel.EMAIL].send(letter())

        assert len(real.to("camat.tamban@baritokuala.example")) == 1


def test_during_a_trial_strangers_get_a_file(monkeypatch, home: Path):
    with http_wire(lambda _: Said(202, "Sent.")) as wire:
        monkeypatch.setenv("DESK_SMS_URL", f"gateway:{wire.url}/sendsms")
        monkeypatch.setenv("DESK_TRIAL_ALLOW", "0812-3456-7890")

        with ways() as found:
            ids = [found[Channel.SMS].send(letter(channel=Channel.SMS, to=to)) for to in (FRIEND, STRANGER)]

    assert ids == ["Sent.", "file:trial:sms/000012.txt"]
    assert [asked.form["to"] for asked in wire.asked] == [FRIEND]
    assert (home / "var/outbox/sms/000012.txt").is_file()
