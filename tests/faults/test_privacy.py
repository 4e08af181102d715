"""The search for numbers and addresses finds what is planted; else it would prove nothing that it finds nothing."""

import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
import structlog
from redis import Redis
from sqlalchemy import insert, update

from models.machine import clock
from models.matters import tasks
from models.matters.reports import Report
from models.messages.messages import Attempt
from models.offices.offices import Contact
from rules.desk import Channel
from rules.filing import Content, Via
from tests.faults.conftest import NOW, House, built
from tests.faults.nursery import Child
from tests.faults.places import places
from tests.faults.privacy import leaks

NUMBER, MAIL = "+6281234567890", "camat1@desk0.example"
FORMS = [NUMBER, NUMBER.removeprefix("+"), "081234567890", MAIL, MAIL.upper(), "camat1%40desk0.example"]
planted = pytest.mark.unsearched("what is planted is to be found")


@pytest.fixture
def known(house: House) -> House:
    """Somebody has the number and somebody the address."""
    number, mail = (place.contact_id for place in house.places[:2])
    with house.sessions.begin() as session:
        session.execute(update(Contact).where(Contact.address == MAIL).values(address="another@desk.example"))
        session.execute(update(Contact).where(Contact.id == number).values(address=NUMBER, channel=Channel.SMS))
        session.execute(update(Contact).where(Contact.id == mail).values(address=MAIL))
    return house


@planted
@pytest.mark.parametrize("form", FORMS)
def test_what_is_planted_in_a_text_is_found_in_whatever_form(known: House, form: str):
    assert leaks(known.sessions) == []
    in_a_task(known, form)

    assert leaks(known.sessions) == ["task.text"]


def in_a_task(house: House, form: str = NUMBER) -> None:
    with house.sessions.begin() as session:
        id = house.places[0].programme_id
        tasks.open_(session, id, tasks.Why.SET_ASIDE, "matter:1", f"refused: <{form}>", now=NOW)


def in_a_report(house: House) -> None:
    house.owes(1)
    with house.sessions.begin() as session:
        report = Report(obligation_id=1, version=1, content=Content.FILLED, digest="d", via=Via.LINK, title="Camat")
        report.body, report.office_id = {"note": f"telepon {NUMBER}"}, house.places[0].office_id
        report.received_at = report.recorded_at = NOW
        session.add(report)


def in_why_a_try_failed(house: House) -> None:
    in_a_try(house, why=f"550 no such user <{MAIL}>", outcome="refused")


def in_a_label(house: House) -> None:
    in_a_try(house, why="", outcome=NUMBER)


def in_a_try(house: House, *, why: str, outcome: str) -> None:
    (id,) = house.pending(1)
    with house.sessions.begin() as session:
        row = {"message_id": id, "number": 1, "ended_at": clock.now(session), "why": why, "outcome": outcome}
        session.execute(insert(Attempt), [row])


def in_a_line_logged(house: House) -> None:
    structlog.get_logger().info("sent", to=NUMBER)


def in_a_traceback(house: House) -> None:
    child = Child(fails)
    assert child.ended() == 1


def fails(pipe: Connection) -> None:
    raise ValueError(f"The 'To' number {NUMBER} is not a valid phone number")


def in_the_log_of_an_installation(house: House) -> None:
    with places.log().open("wb") as log:
        subprocess.run([sys.executable, "-c", f"import sys; sys.exit('{MAIL}')"], stderr=log, check=False)


@planted
@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (in_a_report, ["report.body"]),
        (in_why_a_try_failed, ["attempt.why"]),
        (in_a_label, ["attempt.outcome", "/metrics"]),
        (in_a_line_logged, ["log 0"]),
        (in_a_traceback, ["log 0"]),
        (in_the_log_of_an_installation, ["log 0"]),
    ],
)
def test_what_is_planted_is_found_where_it_is(known: House, plant: Callable[[House], None], found: list[str]):
    assert leaks(known.sessions) == []

    plant(known)

    assert leaks(known.sessions) == found


@planted
@pytest.mark.parametrize(("key", "value"), [("planted", NUMBER), (f"to {MAIL}", "1")], ids=["value", "key"])
def test_what_is_planted_in_the_broker_is_found(known: House, broker_url: str, key: str, value: str):
    with Redis.from_url(broker_url) as broker:
        broker.hset(key, "to", value)

    assert leaks(known.sessions) == [f"broker {key}"]


@planted
def test_a_log_that_is_handed_in_is_searched_too(known: House, tmp_path: Path):
    (tmp_path / "log").write_text(f"sent to {MAIL}\n")

    assert leaks(known.sessions, logs=["nothing", tmp_path / "log"]) == ["log 1"]


def test_a_test_that_leaves_something_behind_fails_by_itself(sqlite_url: str):
    def leave() -> None:
        with built(sqlite_url) as house, house.sessions.begin() as session:
            session.execute(update(Contact).where(Contact.id == house.places[0].contact_id).values(address=MAIL))
            tasks.open_(
                session, house.places[0].programme_id, tasks.Why.SET_ASIDE, "matter:1", f"refused: {MAIL}", now=NOW
            )

    with pytest.raises(AssertionError, match=r"task\.text"):
        leave()
