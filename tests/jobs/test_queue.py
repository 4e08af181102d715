"""Whatever stands in the queue, whoever wrote it: it stops only itself, is kept, and the bells beside it are heard."""

import json
import threading
import time
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from dramatiq import Message
from structlog.testing import capture_logs

from config import loader
from jobs import broker as brokers
from jobs.broker import QUEUE, BrokerBell
from jobs.operator import load
from jobs.rehearsal.rehearse import Still
from jobs.runtime import Runtime
from jobs.turn import tick
from rules.desk import Channel
from tests.stories.desk import DESK, ELECTION, POLICY

PATIENCE = 60
NOON = datetime(2024, 2, 13, 4, 0, tzinfo=UTC)
DEAD = f"dramatiq:{QUEUE}.XQ"


class Post:
    """Keeps what it is given; a letter that is to hang hangs until the test is over."""

    repeatable = False

    def __init__(self):
        self.taken = []
        self.came = threading.Semaphore(0)
        self.over = threading.Event()
        self.hangs = 0
        self.hanging = threading.Event()
        self.logger = structlog.get_logger()

    def send(self, letter):
        if self.hangs:
            self.hangs -= 1
            self.hanging.set()
            while not self.over.is_set():
                time.sleep(0.01)
        self.logger.info("provider called")
        self.taken.append(letter.message_id)
        self.came.release()
        return "kept"

    def close(self):
        pass


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    yield post
    post.over.set()


@pytest.fixture
def broker(broker_url):
    broker = brokers.connect(broker_url)
    yield broker
    broker.close()


@pytest.fixture
def rt(sessions, broker, post):
    """A desk on the eve of voting day at noon: reports are owed, bells go through a real Valkey."""
    rt = Runtime(
        sessions=sessions,
        clock=Still(datetime(2024, 2, 12, 0, 0, tzinfo=UTC)),
        notifiers=dict.fromkeys(Channel, post),
        bell=BrokerBell(broker),
        documents=Path("/dev/null/never-written"),
    )
    load.load(rt, [loader.read(path) for path in (ELECTION, DESK, POLICY)])
    rt.clock.at = NOON
    return rt


@pytest.fixture
def working(rt, broker):
    """One worker with one thread."""
    worker = brokers.work(broker, rt, threads=1)
    yield worker
    worker.stop()


def put(broker, payload: bytes, id: str) -> None:
    """Write something into the queue as a message is written, without asking the library."""
    broker.client.hset(f"dramatiq:{QUEUE}.msgs", id, payload)
    broker.client.rpush(f"dramatiq:{QUEUE}", id)


def bell(*args, actor=QUEUE, **options):
    return Message(queue_name=QUEUE, actor_name=actor, args=args, kwargs={}, options=options)


def dead(broker, count: int) -> list[bytes]:
    """What is in the dead queue once there are so many."""
    until = time.monotonic() + PATIENCE
    while broker.client.zcard(DEAD) < count and time.monotonic() < until:
        threading.Event().wait(0.02)
    return list(broker.client.hvals(f"{DEAD}.msgs"))


def test_what_is_no_message_goes_to_the_dead_queue_at_once_and_its_neighbours_are_heard(rt, broker, post, request):
    """B200."""
    put(broker, b"\x00 not json", "a")
    put(broker, b"[1, 2, 3]", "b")
    put(broker, b'{"queue_name": "deliver"}', "c")
    tick.run(rt, documents=False)

    request.getfixturevalue("working")

    assert post.came.acquire(timeout=PATIENCE)
    assert len(dead(broker, 3)) == 3
    assert broker.client.hmget(f"dramatiq:{QUEUE}.msgs", "a", "b", "c") == [None] * 3


GOOD = json.loads(bell("sms", [1]).encode())
HOSTILE = {
    "nested without end": b"[" * 100_000,
    "nested without end within a bell": json.dumps(GOOD).replace("{}", "[" * 100_000, 1).encode(),
    "half a character for an id": {"message_id": "\ud800"},
    "half a character for an actor": {"actor_name": "\ud800"},
    "half a character for a queue": {"queue_name": "\ud800"},
    "half a character for a turn": {"options": {"turn": "\ud800"}},
    "half a character for a channel": {"args": ["\ud800", [1]]},
    "half a character for ids": {"args": ["sms", ["\ud800"]]},
    "a list for an id": {"message_id": ["x"]},
    "an object for an id": {"message_id": {}},
    "a number for an id": {"message_id": 7},
    "an id that is not its own": {"message_id": "somebody-elses"},
    "no options": {"options": None},
    "a list of options": {"options": [1]},
    "options that steer the library": {"options": {"max_age": "x", "time_limit": "x", "eta": "x"}},
    "a queue that is another": {"queue_name": "elsewhere"},
    "a list for an actor": {"actor_name": []},
    "a number for arguments": {"args": 7},
    "arguments by name": {"kwargs": {"\ud800": 1}},
    "a list of arguments by name": {"kwargs": [1]},
    "a time that is none": {"message_timestamp": "x"},
    "a time before all times": {"message_timestamp": -1e300},
    "no number": b'{"message_timestamp": NaN}',
    "a number without end": {"args": ["sms", [10**400]]},
    "a number of more digits than are read": b'{"args": ' + b"9" * 5000 + b"}",
    "a boolean for ids": {"args": ["sms", [True]]},
    "an object for ids": {"args": ["sms", {"a": 1}]},
    "more than is known": {"more": 1},
}


def test_whatever_is_put_into_the_queue_stops_only_itself(rt, broker, post, working, caplog):
    with warnings.catch_warnings():
        warnings.simplefilter("error", pytest.PytestUnhandledThreadExceptionWarning)
        for name, hostile in HOSTILE.items():
            put(broker, hostile if isinstance(hostile, bytes) else json.dumps(GOOD | hostile).encode(), name)
        tick.run(rt, documents=False)

        assert post.came.acquire(timeout=PATIENCE)
        kept = dead(broker, len(HOSTILE))

    assert len(kept) == len(HOSTILE)
    assert all(part.is_alive() for part in (*working.workers, *working.consumers.values()))
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(bell("sms", [1], actor="chase"), id="B201: an actor that nobody has"),
        pytest.param(bell("sms"), id="too few arguments"),
        pytest.param(bell("sms", [1], "more"), id="too many arguments"),
        pytest.param(bell("pigeon", [1]), id="a channel that is none"),
    ],
)
def test_a_bell_that_makes_no_sense_is_kept_and_the_worker_lives_on(rt, broker, post, working, wrong):
    broker.enqueue(wrong)
    kept = dead(broker, 1)

    tick.run(rt, documents=False)

    assert [json.loads(message)["actor_name"] for message in kept] == [wrong.actor_name]
    assert post.came.acquire(timeout=PATIENCE)


def test_a_bell_of_the_version_before_is_heard(rt, broker, post, working):
    """B202."""
    rt.bell = type("Deaf", (), {"ring": lambda *_: None})()
    tick.run(rt, documents=False)

    broker.enqueue(bell("sms", [1]))  # without the turn that newer ones carry

    assert post.came.acquire(timeout=PATIENCE)
    assert post.taken == [1]


def test_a_bell_of_a_version_to_come_is_heard(rt, broker, post, working):
    rt.bell = type("Deaf", (), {"ring": lambda *_: None})()
    tick.run(rt, documents=False)

    broker.enqueue(bell("sms", [1], turn="0a1b2c3d", priority_class="urgent"))

    assert post.came.acquire(timeout=PATIENCE)


def test_a_task_that_never_ends_is_ended_and_its_slot_serves_the_next(rt, broker, post, working):
    """B204."""
    post.hangs = 1
    rt.bell = type("Deaf", (), {"ring": lambda *_: None})()
    tick.run(rt, documents=False)

    broker.enqueue(bell("sms", [1], time_limit=200))
    broker.enqueue(bell("sms", [2]))

    assert post.hanging.wait(PATIENCE)
    assert post.came.acquire(timeout=PATIENCE)
    assert post.taken == [2]
    assert len(dead(broker, 1)) == 1


def test_what_is_logged_from_the_tick_to_the_provider_has_the_same_turn(rt, broker, post, request):
    with capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        tick.run(rt, documents=False)
        request.getfixturevalue("working")
        assert post.came.acquire(timeout=PATIENCE)

    by_event = {line["event"]: line.get("turn") for line in lines}
    assert {"planned", "bell rang", "provider called"} <= set(by_event)
    assert len(set(by_event.values())) == 1
    assert len(by_event["planned"]) == 8


def test_a_second_tick_has_another_turn(rt):
    with capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        tick.run(rt, documents=False)
        rt.clock.at = datetime(2024, 2, 13, 8, 0, tzinfo=UTC)
        tick.run(rt, documents=False)

    turns = [line["turn"] for line in lines if line["event"] == "planned"]
    assert len(turns) == len(set(turns)) > 1
