"""What the desk stands on is looked at without sending anything, and one bad leg hides no other."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from config import settings as environment
from config import urls
from jobs import doctor
from jobs.doctor import Found, State
from tests import engines
from tests.notifiers.http_wire import Answer, http_wire

SOON = timedelta(seconds=60)


@pytest.fixture
def examined(tmp_path, monkeypatch, migrated_url):
    """What is found under these settings, by what was looked at."""

    def run(**settings):
        monkeypatch.setenv("DESK_DATABASE_URL", migrated_url)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        found = environment.read()
        return {line.what: line for line in doctor.examine(found, patience=SOON)}

    return run


def test_a_desk_that_was_just_made_lacks_a_programme_and_nothing_breaks(examined):
    found = examined()

    assert [what for what, line in found.items() if line.state is State.FAIL] == ["programmes"]
    assert found["database"].state is State.OK
    assert all(line.do for line in found.values() if line.state is not State.OK)


def test_one_that_hangs_and_one_that_breaks_stop_no_other():
    over = threading.Event()

    def hangs():
        over.wait()
        return Found(State.OK, "late")

    def breaks():
        raise ValueError("postgresql://desk:hunter2@db.example/desk")

    looks = {"hangs": hangs, "breaks": breaks, "works": lambda: Found(State.OK, "well")}
    found = {line.what: line for line in doctor.look_at(looks, patience=timedelta(seconds=0.2))}
    over.set()

    assert [line.state for line in found.values()] == [State.FAIL, State.FAIL, State.OK]
    assert "hunter2" not in str(found)
    assert "ValueError" in found["breaks"].means


def test_a_broker_that_forgets_fails_and_one_that_keeps_nothing_is_warned_of(examined):
    with engines.valkey("--maxmemory-policy", "allkeys-lru") as server:
        forgets = examined(DESK_BROKER_URL=server.url)["broker"]
    with engines.valkey() as server:
        plain = examined(DESK_BROKER_URL=server.url)["broker"]
    with engines.valkey("--appendonly", "yes") as server:
        kept = examined(DESK_BROKER_URL=server.url)["broker"]
    gone = examined(DESK_BROKER_URL=server.url)["broker"]

    assert [line.state for line in (forgets, plain, kept, gone)] == [State.FAIL, State.WARN, State.OK, State.FAIL]
    assert "Valkey 9" in kept.means


@pytest.mark.parametrize(("password", "state"), [("right", State.OK), ("wrong", State.FAIL)])
def test_the_mail_server_is_asked_for_its_login_and_gets_no_mail(password, state):
    with engines.mail_server(user="desk", password="right") as server:
        settings = environment.read()
        own = urls.SmtpServer(server.host, server.port, "desk", SecretStr(password), urls.Tls.NONE)
        found = doctor._mail(replace(settings, smtp=own))

    assert found.state is state
    assert server.accepted == []
    assert password not in found.means


@pytest.mark.parametrize(("status", "state"), [(200, State.OK), (401, State.FAIL)])
def test_twilio_is_asked_for_its_account_and_the_token_is_not_said(examined, status, state):
    with http_wire(lambda _: Answer(status, "{}")) as wire:
        found = examined(
            DESK_SMS_URL="twilio:",
            DESK_TWILIO_BASE_URL=wire.url,
            TWILIO_ACCOUNT_SID="AC" + "0" * 32,
            TWILIO_AUTH_TOKEN="5ec2e75ec2e7",
            TWILIO_FROM="DESKBATOLA",
        )

    assert found["twilio"].state is state
    assert [asked.method for asked in wire.asked] == ["GET"]
    assert "5ec2e75ec2e7" not in json.dumps([line._asdict() for line in found.values()])
