"""The search for numbers and addresses finds what is planted; else it would prove nothing that it finds nothing."""

from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import update

from models import tasks
from models.offices import Contact
from models.reports import Report
from rules.desk import Channel
from rules.filing import Content, Via
from tests.faults.conftest import NOW, House
from tests.faults.privacy import leaks

NUMBER, MAIL = "+6281234567890", "camat1@desk0.example"
FORMS = [NUMBER, NUMBER.removeprefix("+"), "081234567890", MAIL, MAIL.upper()]


@pytest.fixture
def known(house: House) -> House:
    """Somebody has the number and somebody the address."""
    number, mail = (place.contact_id for place in house.places[:2])
    with house.sessions.begin() as session:
        session.execute(update(Contact).where(Contact.address == MAIL).values(address="another@desk.example"))
        session.execute(update(Contact).where(Contact.id == number).values(address=NUMBER, channel=Channel.SMS))
        session.execute(update(Contact).where(Contact.id == mail).values(address=MAIL))
    return house


@pytest.mark.parametrize("planted", FORMS)
def test_what_is_planted_in_a_text_is_found(known: House, planted: str):
    assert leaks(known.sessions) == []
    with known.sessions.begin() as session:
        id = known.places[0].programme_id
        tasks.open_(session, id, tasks.Why.SET_ASIDE, "matter:1", f"refused: <{planted}>", now=NOW)

    assert leaks(known.sessions) == ["task.text"]


def test_what_is_planted_in_a_json_is_found(known: House):
    known.owes(1)
    with known.sessions.begin() as session:
        report = Report(obligation_id=1, version=1, content=Content.FILLED, digest="d", via=Via.LINK, title="Camat")
        report.body, report.office_id = {"note": f"telepon {NUMBER}"}, known.places[0].office_id
        report.received_at = report.recorded_at = NOW
        session.add(report)

    assert leaks(known.sessions) == ["report.body"]


def test_what_is_planted_in_a_log_or_the_broker_is_found(known: House, broker_url: str, tmp_path: Path):
    (tmp_path / "log").write_text(f"sent to {MAIL}\n")
    with Redis.from_url(broker_url) as broker:
        broker.hset("planted", "to", NUMBER)

    found = leaks(known.sessions, logs=["nothing", tmp_path / "log"], broker_url=broker_url)

    assert found == ["log 1", "broker planted"]
