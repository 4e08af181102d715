"""Something outside hears that the clock turns, and hears nothing when it does not."""

import queue
import threading
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import sessionmaker

from config import loader
from jobs.emulator.texts import Asked, Said
from jobs.operator import holding, load
from jobs.rehearsal.rehearse import AtOnce, Still
from jobs.runtime import Runtime
from jobs.turn import loop
from jobs.turn.heartbeat import Heartbeat
from models.base import connect
from models.machine import clock
from models.matters.matters import Matter
from rules.delivery import ChannelDown, Refused
from rules.desk import Channel
from tests.notifiers.http_wire import http_wire
from tests.stories.desk import DESK, ELECTION, POLICY, uncalled

PATIENCE = 60
NOON = datetime(2024, 2, 13, 4, 0, tzinfo=UTC)


class Listener:
    """Somebody outside, who hears pings."""

    def __init__(self):
        self.heard = queue.Queue()

    def __call__(self, asked: Asked) -> Said:
        self.heard.put(asked.target)
        return Said(200, "OK")

    def hears(self) -> str:
        return self.heard.get(timeout=PATIENCE)


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture
def wire(listener):
    with http_wire(listener) as wire:
        yield wire


class Failing:
    """Every letter ends badly."""

    repeatable = True

    def __init__(self, error):
        self.error = error

    def send(self, letter):
        raise self.error

    def close(self):
        pass


@pytest.fixture
def rt(sessions, tmp_path):
    """A desk on the eve of voting day, at noon, whose mails and texts are all refused."""
    bell = AtOnce()
    rt = Runtime(
        sessions=sessions,
        clock=Still(datetime(2024, 2, 12, 0, 0, tzinfo=UTC)),
        notifiers=dict.fromkeys(Channel, Failing(Refused("no such number"))),
        bell=bell,
        documents=tmp_path,
    )
    bell.rt = rt
    policy = loader.parse(uncalled(POLICY.read_text("utf-8")), POLICY.name)  # nobody has told them anything yet
    load.load(rt, [loader.read(ELECTION), loader.read(DESK), policy])
    rt.clock.at = NOON
    return rt


def first_sound(rt, listener, url):
    """Where the first turn is heard."""
    stop = Event()
    turning = Thread(target=loop.run, args=(rt, stop), kwargs={"heartbeat_url": url})
    turning.start()
    try:
        return listener.hears()
    finally:
        stop.set()
        turning.join(PATIENCE)


def test_a_turn_that_keeps_every_promise_is_heard_also_where_every_contact_is_wrong(rt, listener, wire):
    assert first_sound(rt, listener, f"{wire.url}/ping/5ec2e7") == "/ping/5ec2e7"


def test_a_broken_promise_is_heard_as_a_failure(rt, listener, wire):
    with rt.sessions.begin() as session:
        session.execute(update(Matter).values(next_at=None))

    assert first_sound(rt, listener, f"{wire.url}/ping/5ec2e7?rid=1") == "/ping/5ec2e7/fail?rid=1"


def hold(rt, *, ordered):
    with rt.sessions.begin() as session:
        clock.hold(session, NOON, "storm: 21 messages to office 4", ordered=ordered)


def test_a_hold_that_set_itself_is_heard_as_a_failure_with_its_reason(rt, listener, wire):
    hold(rt, ordered=False)

    assert first_sound(rt, listener, f"{wire.url}/ping") == "/ping/fail"
    assert wire.asked[0].body == "sending is on hold by itself: storm: 21 messages to office 4"


def test_an_operators_own_hold_is_no_failure(rt, listener, wire):
    hold(rt, ordered=True)

    assert first_sound(rt, listener, f"{wire.url}/ping") == "/ping"


def test_a_hold_that_an_operator_makes_his_own_is_no_failure_any_more(rt, listener, wire):
    hold(rt, ordered=False)
    holding.on(rt.sessions, "we look into it", time=rt.clock)

    assert first_sound(rt, listener, f"{wire.url}/ping") == "/ping"


def test_a_secretariat_that_no_channel_reaches_is_heard_as_a_failure(rt, listener, wire):
    rt.notifiers = dict.fromkeys(Channel, Failing(ChannelDown("out of order")))

    assert first_sound(rt, listener, f"{wire.url}/ping") == "/ping/fail"
    assert wire.asked[0].body == "no channel that reaches the secretariat works"


def test_one_channel_that_is_down_is_no_failure_for_the_secretariat_hears_by_the_other(rt, listener, wire):
    rt.notifiers[Channel.SMS] = Failing(ChannelDown("out of order"))

    assert first_sound(rt, listener, f"{wire.url}/ping") == "/ping"


def test_a_clock_without_a_database_says_nothing_at_all(listener, wire, tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'empty.db'}")
    rt = Runtime(sessionmaker(engine), Still(NOON), {}, AtOnce(), Path("/dev/null/never-written"))
    stop, turned = Event(), Event()
    stop.wait = lambda seconds=None: turned.set() or stop.set()

    loop.run(rt, stop, heartbeat_url=f"{wire.url}/ping")

    assert turned.is_set()
    assert listener.heard.empty()
    assert wire.asked == []


def test_a_listener_that_never_answers_holds_nobody_up_and_gets_no_second_ping_meanwhile(listener, wire):
    wire.then("hang")
    heartbeat = Heartbeat(f"{wire.url}/ping")

    heartbeat.beat()
    heartbeat.beat()

    assert [thread.name for thread in threading.enumerate()].count("heartbeat") == 1


def test_a_row_that_cannot_be_judged_is_heard_as_a_failure_and_not_as_a_dead_clock(rt, listener, wire):
    with rt.sessions.begin() as session:
        session.execute(text("update obligation set standing = 'nonsense' where duty = 'harian'"))

    assert first_sound(rt, listener, f"{wire.url}/ping") == "/ping/fail"


def test_where_nobody_listens_nothing_is_said(rt):
    Heartbeat(None).beat()
