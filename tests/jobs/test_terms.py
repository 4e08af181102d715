"""Whether sender, answers and links are as carriers ask is seen before anybody is texted."""

import pytest

from config import settings as environment
from jobs.operator import room
from jobs.operator.looks import State
from tests.stories.desk import Desk

ACCOUNT = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "5ec2e7" * 5, "DESK_SMS_URL": "twilio:"}


@pytest.fixture
def looked(sessions, monkeypatch):
    """What `doctor` says of these settings; the desk's brand is Desk Contoh."""
    desk = Desk(sessions)

    def look(**given):
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        with desk.rt.sessions() as session:
            return room.terms(session, environment.read())

    return look


def test_a_sender_that_is_the_brand_with_an_official_address_is_fine(looked):
    found = looked(**ACCOUNT, TWILIO_FROM="Desk Contoh", DESK_PUBLIC_URL="https://desk.contoh.go.id")

    assert (found.state, found.do) == (State.OK, "")


def test_another_sender_and_an_unknown_address_are_named(looked):
    found = looked(**ACCOUNT, TWILIO_FROM="INFO", DESK_PUBLIC_URL="https://desk.example")

    assert found.state is State.WARN
    for words in ("too general", "'INFO' is not in it", "links lead to desk.example"):
        assert words in found.means
    assert "no law" in found.do
