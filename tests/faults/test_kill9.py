"""A worker that is killed twenty times in a run of 2,000 mails loses none and claims none that did not go.

What went is known by the mail server's own log alone. A kill leaves at most one group for each thread in doubt; such a
mail is tried once more under the same Message-ID, so it may arrive twice, and nothing else may.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from jobs.delivery import doubts
from jobs.rehearsal.rehearse import Still
from jobs.turn import dispatch
from models.messages.messages import Attempt, Message
from rules.delivery import State
from tests.faults.children import pending, serve, work
from tests.faults.conftest import NOW, House
from tests.faults.nursery import Child
from tests.load import desk, processes
from tests.load.processes import Sink

MAILS, KILLS = 2000, 20
LINE = 75
"""Bytes that the mail server writes down for each mail, at most."""
GROUP = 50
"""As the policy settles e-mail while hundreds wait."""
DOUBT = timedelta(minutes=13)
"""Longer than a lease, and than a doubt."""


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with processes.sink(tmp_path / "accepted") as server:
        yield server


@pytest.mark.kills
def test_a_worker_killed_twenty_times_loses_nothing(house: House, sink: Sink):
    run = Run(house, sink, threads=1)

    run.through(lambda now: Child(work, house.url, sink.port, now))

    run.judge()


@pytest.mark.kills
def test_a_worker_of_the_broker_killed_twenty_times_loses_nothing(house: House, sink: Sink, broker_url: str):
    run = Run(house, sink, threads=2, broker_url=broker_url)

    run.through(lambda now: Child(serve, house.url, sink.port, now, broker_url, 2))

    run.judge()


class Run:
    """Starts a worker again and again, each a while later by its own clock, so that nobody waits for a doubt."""

    def __init__(self, house: House, sink: Sink, *, threads: int, broker_url: str = "") -> None:
        self.sessions, self.sink, self.at_most = house.sessions, sink, GROUP * threads
        self.ids = house.pending(MAILS)
        self.now = NOW
        self.cut_off: list[int] = []
        bell = desk.bell(broker_url) if broker_url else None
        self.rt = desk.runtime(house.url, desk.mail(sink.port), now=Still(NOW), bell=bell)

    def through(self, start: Callable[[datetime], Child]) -> None:
        luck = Random(9)
        for moment in sorted(luck.sample(range(1, MAILS - 100), KILLS)):
            worker = self._started(start)
            self._until(lambda moment=moment: self.sink.size() >= moment * LINE)
            worker.kill()
            self.cut_off.append(self._count(State.SENDING))
            self._later()
        while self._count(State.PENDING):
            worker = self._started(start)
            self._until(lambda: not self._count(State.PENDING, State.SENDING), every=0.1)
            worker.kill()
            self._later()
        self.rt.sessions.kw["bind"].dispose()

    def _started(self, start: Callable[[datetime], Child]) -> Child:
        dispatch.ring(self.rt, now=self.now)
        return start(self.now)

    def _later(self) -> None:
        """What a clock does about a worker that fell silent, without the wait: ask once its doubt is over."""
        for _ in range(2):
            self.now += DOUBT
            doubts.find_lost(self.rt, now=self.now)

    def _until(self, true: Callable[[], bool], every: float = 0.001) -> None:
        give_up = time.monotonic() + 60
        while not true():
            assert time.monotonic() < give_up
            time.sleep(every)

    def _count(self, *states: State) -> int:
        with self.sessions() as session:
            return session.scalar(select(func.count()).where(Message.state.in_(states))) or 0

    def judge(self) -> None:
        accepted = Counter(int(mail.message_id.strip("<").split(".")[0]) for mail in self.sink.taken())
        ids_given = {mail.message_id for mail in self.sink.taken()}
        with self.sessions() as session:
            messages = {m.id: m for m in session.scalars(select(Message))}
            tries = Counter(session.scalars(select(Attempt.message_id).where(Attempt.outcome == "accepted")))
        sent = {id for id, m in messages.items() if m.state is State.SENT}
        doubted = {id for id, m in messages.items() if m.doubts}

        assert len(self.cut_off) == KILLS
        assert sum(self.cut_off) >= KILLS, "the kills came while mails were on their way"
        assert max(self.cut_off) <= self.at_most, "a kill leaves at most one group for each thread in doubt"
        assert set(messages) == set(self.ids)
        assert {m.state for m in messages.values()} <= {State.SENT, State.IN_DOUBT}
        assert set(messages) - set(accepted) <= set(messages) - sent, "nothing is marked sent that was not accepted"
        assert {id for id in messages if id not in accepted} <= doubted
        assert {id for id, times in accepted.items() if times > 1} <= doubted, "only what was in doubt came twice"
        assert max(accepted.values()) <= 2
        assert len(ids_given) == len(accepted), "the second time under the same Message-ID"
        assert all(tries[id] == 1 for id in sent), "one acceptance was written for each"
        assert pending(self.sessions, self.now) == []
