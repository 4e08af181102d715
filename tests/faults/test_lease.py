"""What a worker holds it holds for the time of its lease: what came too late is let go of, what is known is kept."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from dramatiq.brokers.stub import StubBroker
from sqlalchemy import event, select

from jobs import broker as brokers
from jobs.broker import BrokerBell
from jobs.delivery import deliver
from jobs.rehearsal.rehearse import Still
from jobs.runtime import Runtime, uptime
from models.base import make_url
from models.machine import clock
from models.messages.messages import Attempt, Message
from notifiers.base import Letter
from rules import pace
from rules.delivery import State
from rules.desk import Channel
from tests.faults.conftest import NOW, House, built, until
from tests.faults.proxy import proxy
from tests.load import desk

LEASE = timedelta(seconds=5)
SHORT = {"lease": "PT5S"}
GROUP = 10


@dataclass
class Wire:
    """A provider that takes everything; `then` happens while the letter of that number (from 1) is taken."""

    then: dict[int, Callable[[], object]] = field(default_factory=dict)
    taken: list[int] = field(default_factory=list)
    repeatable: bool = False

    def send(self, letter: Letter) -> str:
        self.taken.append(letter.message_id)
        self.then.get(len(self.taken), int)()
        return "taken"

    def close(self) -> None:
        pass


@pytest.fixture
def short(database_url: str) -> Iterator[House]:
    with built(database_url, **SHORT) as house:
        yield house


def working(house: House, wire: Wire) -> Runtime:
    return desk.runtime(house.url, wire, now=Still(NOW))


def past(moment: float) -> Callable[[], object]:
    return lambda: until(lambda: uptime() > moment)


def slowly() -> None:
    past(uptime() + 1.2 * pace.SLOW.total_seconds())()


def rows(house: House) -> set[tuple[State, int, bool]]:
    with house.sessions() as session:
        return {(m.state, m.tries, m.bell_at is None) for m in session.scalars(select(Message))}


@pytest.mark.parametrize(
    ("waiting", "bell", "held"),
    [
        pytest.param(pace.BURST, 50, 50, id="hundreds wait"),
        pytest.param(pace.BURST - 1, 50, GROUP, id="fewer wait"),
        pytest.param(pace.BURST, 49, GROUP, id="the bell rings for fewer"),
    ],
)
def test_a_worker_holds_a_large_group_only_while_hundreds_wait(house: House, waiting: int, bell: int, held: int):
    ids = house.pending(waiting)[:bell]
    sending: list[int] = []
    wire = Wire({1: lambda: sending.append(sum(state is State.SENDING for state in states(house)))})

    deliver.run(rt := working(house, wire), Channel.EMAIL, ids)

    assert sending == [held]
    assert len(wire.taken) == bell
    rt.sessions.kw["bind"].dispose()


def states(house: House) -> list[State]:
    with house.sessions() as session:
        return list(session.scalars(select(Message.state)))


def test_a_claim_whose_answer_came_late_sends_nothing_and_lets_go(short: House):
    """What was owed when it was claimed may have been answered since, and others may have taken it over."""
    ids, wire = short.pending(GROUP), Wire()
    rt = working(short, wire)
    late = past(uptime() + LEASE.total_seconds() / 2)
    event.listen(rt.sessions, "after_commit", lambda _: late())

    deliver.run(rt, Channel.EMAIL, ids)

    assert wire.taken == []
    assert rows(short) == {(State.PENDING, 0, True)}
    rt.sessions.kw["bind"].dispose()


def test_a_worker_that_was_frozen_before_its_next_send_sends_no_more_of_its_group(short: House):
    ids = short.pending(GROUP)
    wire = Wire({3: past(uptime() + LEASE.total_seconds())})
    rt = working(short, wire)

    deliver.run(rt, Channel.EMAIL, ids)

    assert len(wire.taken) == 3
    assert rows(short) == {(State.SENT, 1, True), (State.PENDING, 0, True)}
    rt.sessions.kw["bind"].dispose()


def test_what_was_accepted_while_the_database_was_away_is_written_when_it_is_back(postgres_url: str):
    with built(postgres_url) as house, proxy(_socket(postgres_url)) as line:
        ids, away = house.pending(2 * GROUP), threading.Timer(0.5, line.behaves)

        def goes_away() -> None:
            line.refuses()
            away.start()

        wire = Wire({GROUP: goes_away})
        url = f"postgresql+psycopg://postgres@127.0.0.1:{line.port}/{make_url(postgres_url).database}"
        rt = desk.runtime(url, wire, now=Still(NOW))

        deliver.run(rt, Channel.EMAIL, ids)

        assert sorted(wire.taken) == ids
        assert rows(house) == {(State.SENT, 1, True)}
        with house.sessions() as session:
            assert sorted(session.scalars(select(Attempt.message_id))) == ids
        rt.sessions.kw["bind"].dispose()


def test_a_look_at_the_hold_that_fails_loses_nothing_of_what_is_known(postgres_url: str):
    with built(postgres_url) as house, proxy(_socket(postgres_url)) as line:
        ids, away = house.pending(GROUP), threading.Timer(0.5, line.behaves)

        def goes_away() -> None:
            line.refuses()
            away.start()

        wire = Wire({4: goes_away})
        url = f"postgresql+psycopg://postgres@127.0.0.1:{line.port}/{make_url(postgres_url).database}"
        rt = desk.runtime(url, wire, now=Still(NOW))
        rt.look_every = timedelta(0)

        deliver.run(rt, Channel.EMAIL, ids)

        assert wire.taken == ids[:4]
        assert rows(house) == {(State.SENT, 1, True), (State.PENDING, 0, True)}
        rt.sessions.kw["bind"].dispose()


def test_a_worker_told_to_stop_ends_after_the_send_it_is_in_and_lets_go_of_the_rest(house: House):
    ids, wire = house.pending(50), Wire()
    rt = working(house, wire)
    wire.then[3] = rt.stopping.set

    deliver.run(rt, Channel.EMAIL, ids)

    assert len(wire.taken) == 3
    assert house.count(State.SENT) == 3
    assert rows(house) == {(State.SENT, 1, True), (State.PENDING, 0, True)}, "they may be rung for at once"
    rt.sessions.kw["bind"].dispose()


THREADS = 8


def test_all_threads_work_on_one_burst_where_the_provider_is_slow(house: House):
    """Each letter but the first is taken only once eight of them are under way."""
    ids = house.pending(2 * THREADS + 1)
    meet = threading.Barrier(THREADS)
    together = dict.fromkeys(range(2, len(ids) + 1), lambda: meet.wait(20))
    wire = Wire({1: slowly, **together})
    broker = brokers.connect("memory://")
    assert isinstance(broker, StubBroker)
    rt = desk.runtime(house.url, wire, now=Still(NOW), bell=BrokerBell(broker))

    worker = brokers.work(broker, rt, threads=THREADS)
    rt.bell.ring(Channel.EMAIL, ids)
    until(lambda: house.count(State.SENT) == len(ids), patience=60)
    worker.stop()

    assert not meet.broken
    assert sorted(wire.taken) == ids
    rt.sessions.kw["bind"].dispose()


def test_a_slow_group_that_has_spent_of_its_channels_rate_is_tried_to_its_end(house: House):
    ids, wire = house.pending(GROUP), Wire({1: slowly})
    rt = working(house, wire)
    with rt.sessions.begin() as session:
        clock.release(session, NOW, "what was held goes out slowly")

    deliver.run(rt, Channel.EMAIL, ids[:5])

    assert house.count(State.SENT) == 5
    rt.sessions.kw["bind"].dispose()


def _socket(url: str) -> Path:
    return Path(str(make_url(url).query["host"])) / ".s.PGSQL.5432"
