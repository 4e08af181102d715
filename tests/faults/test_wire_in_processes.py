"""The desk as an operator runs it, clock and worker and pages, between two providers on wires that break."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models.machine import clock
from models.messages import delivery_reports
from models.messages.messages import Message
from models.offices.offices import Contact
from rules.delivery import State
from rules.desk import Channel
from tests.faults import counterparts
from tests.faults.conftest import House, built, until
from tests.faults.counterparts import PASSWORD, USER
from tests.faults.installation import Installation, running
from tests.faults.proxy import Fault, proxy
from tests.load import world
from tests.load.processes import ROOT
from tests.notifiers.twilio_server import ACCOUNT, SERVICE, TOKEN, refusal
from tests.notifiers.wire import CERTIFICATE

MAILS, TEXTS = 6, 6
WITHIN = 60.0
"""Seconds from due to handed over, but for what was in doubt."""


@pytest.mark.kills
def test_a_desk_on_wires_that_break_tells_everybody_once(tmp_path: Path, postgres_url: str, broker_url: str):
    with (
        counterparts.running(counterparts.mail) as mail,
        counterparts.running(counterparts.twilio) as twilio,
        proxy(mail.port) as mail_wire,
        proxy(twilio.port) as text_wire,
        built(postgres_url, places=MAILS + TEXTS, doubt="PT2S", retry_after="[PT1S, PT2S, PT5S]") as house,
        running(
            *("clock", "worker", "web"),
            folder=tmp_path,
            DESK_DATABASE_URL=postgres_url,
            DESK_BROKER_URL=broker_url,
            DESK_SMTP_URL=f"smtp://{USER}:{PASSWORD}@localhost:{mail_wire.port}?tls=starttls",
            SSL_CERT_FILE=str(CERTIFICATE),
            DESK_MAIL_FROM="desk@desk.example",
            DESK_SMS_URL="twilio:",
            DESK_TWILIO_BASE_URL=text_wire.url,
            TWILIO_ACCOUNT_SID=ACCOUNT,
            TWILIO_AUTH_TOKEN=TOKEN,
            TWILIO_MESSAGING_SERVICE_SID=SERVICE,
        ) as desk,
    ):
        numbers = by_text(house, TEXTS)
        mail_wire.breaks(Fault(reset=True), times=1)
        mail.ask("answer", "data", "lost", times=1)
        mail.ask("answer", "rcpt", "450 4.2.0 greylisted", times=1)
        twilio.ask("early", "queued", "sent", "delivered")
        twilio.ask("then", "cut", refusal(429, 20429, "slow")._replace(headers=(("Retry-After", "2"),)))

        with house.sessions.begin() as session:
            due_at = clock.now(session)
            twilio.ask("reads", due_at)
            world.owe(session, house.places, MAILS + TEXTS, prefix="F", since=due_at)
        desk.restart("clock")
        until(lambda: house.count(State.SENT) == MAILS + TEXTS, every=0.2)

        mails = Counter(kept.message_id for kept in mail.ask("accepted"))
        doubled = [int(id.strip("<").split(".")[0]) for id, times in mails.items() if times > 1]
        assert sorted(mails.values()) == [1] * (MAILS - 1) + [2]
        assert sorted(kept["to"] for kept in twilio.ask("kept")) == sorted(numbers)
        assert twilio.ask("violations") == []
        assert [kept.at - due_at.timestamp() < WITHIN for kept in mail.ask("accepted")] == [True] * (MAILS + 1)
        assert delivered(house) == TEXTS
        assert [row["message"] for row in shown(desk)["possibly_doubled"]] == doubled


def by_text(house: House, count: int) -> list[str]:
    """So many of the offices are reached by text instead; their numbers."""
    numbers = [f"+6282000001{n:03}" for n in range(count)]
    with house.sessions.begin() as session:
        for place, number in zip(house.places, numbers, strict=False):
            own = update(Contact).where(Contact.id == place.contact_id)
            session.execute(own.values(channel=Channel.SMS, address=number))
    return numbers


def delivered(house: House) -> int:
    """Of how many texts it is known that they arrived."""
    with house.sessions() as session:
        texts = session.scalars(select(Message.id).where(Message.channel == Channel.SMS)).all()
        return list(delivery_reports.ends(session, texts).values()).count("delivered")


def shown(desk: Installation) -> dict[str, list[dict[str, object]]]:
    """What `./desk status` says."""
    words = [sys.executable, "-m", "jobs", "status", "--json"]
    said = subprocess.run(words, cwd=ROOT, env=desk.whole_environment(), capture_output=True, text=True)
    return json.loads(said.stdout)
