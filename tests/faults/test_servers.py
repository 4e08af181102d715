"""What everything stands on goes away while mails are on their way: nobody is missed, and only doubts come twice.

The same worker goes on by itself afterwards. The mail server's own log decides.
"""

import os
import signal
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Event

import pytest
from redis import Redis
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from jobs.broker import QUEUE
from jobs.delivery import doubts
from jobs.rehearsal.rehearse import Still
from jobs.turn import dispatch, tick
from models.machine import clock
from models.messages.messages import Message
from rules.delivery import State
from tests import engines
from tests.engines import MailServer
from tests.faults.children import Taking, serve
from tests.faults.conftest import NOW, House, built, until
from tests.faults.nursery import Child
from tests.faults.places import places
from tests.load import desk

MAILS, HIT = 600, 100
"""So many wait; something happens while so many of them are accepted."""
THREADS, GROUP = 2, 10
LONG = timedelta(minutes=2)
"""Longer than a bell waits for an answer."""


@pytest.mark.kills
def test_a_broker_that_forgets_everything_loses_nothing(postgres_url: str, broker_url: str, smtp_server: MailServer):
    def wipe() -> None:
        with Redis.from_url(broker_url) as broker:
            assert broker.llen(f"dramatiq:{QUEUE}"), "bells are lost that no worker has fetched"
            broker.flushall()

    with built(postgres_url) as house:
        Run(house, smtp_server, broker_url).while_mails_go(wipe)

        assert house.count(State.SENT) == len(smtp_server.accepted) == MAILS


@pytest.mark.kills
def test_a_broker_that_is_killed_and_comes_back_empty_loses_nothing(postgres_url: str, smtp_server: MailServer):
    with killed_later() as (broker_url, kill_and_start_anew), built(postgres_url) as house:
        Run(house, smtp_server, broker_url).while_mails_go(kill_and_start_anew)

        assert house.count(State.SENT) == len(smtp_server.accepted) == MAILS


def test_the_clock_turns_as_ever_while_the_broker_is_gone(sqlite_url: str):
    with built(sqlite_url) as house:
        house.owes(3)
        nobody = desk.bell(f"redis://127.0.0.1:{engines.free_port()}")
        rt = desk.runtime(house.url, Taking(), now=Still(NOW), bell=nobody)

        tick.run(rt, documents=False)

        with house.sessions() as session:
            assert clock.marked(session, clock.SWEEP) == (NOW, "")
        assert house.count(State.PENDING) == 3
        rt.sessions.kw["bind"].dispose()


@pytest.mark.kills
def test_a_database_that_restarts_at_once_loses_nothing(broker_url: str, smtp_server: MailServer):
    with (
        engines.postgres(durable=True) as server,
        built(server.url(server.create()), lease="PT15S", doubt="PT3S") as house,
    ):
        Run(house, smtp_server, broker_url).while_mails_go(server.restart_at_once)

        accepted = Counter(mail.message_id for mail in smtp_server.accepted)
        assert len(accepted) == MAILS
        assert max(accepted.values()) <= 2
        with house.sessions() as session:
            marked = set(session.scalars(select(Message.id).where(Message.repeated_at.is_not(None))))
        assert {int(id.strip("<").split(".")[0]) for id, times in accepted.items() if times > 1} <= marked
        assert len(marked) <= GROUP * THREADS, "one group for each thread at most"


@contextmanager
def killed_later() -> Iterator[tuple[str, Callable[[], None]]]:
    """A broker that keeps nothing on disk, and what kills it and starts another in its place."""
    with ExitStack() as stack:
        first = stack.enter_context(engines.valkey())
        port = int(first.url.rpartition(":")[2].partition("/")[0])

        def again() -> None:
            assert first.client().llen(f"dramatiq:{QUEUE}"), "bells are lost that no worker has fetched"
            os.kill(first.pid, signal.SIGKILL)
            until(lambda: not _listens(port))
            stack.enter_context(engines.valkey(port=port))

        places.brokers.append(first.url)
        yield first.url, again


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Run:
    """One worker, and mails to deliver; the clock's part is done here."""

    def __init__(self, house: House, server: MailServer, broker_url: str) -> None:
        self.house, self.server, self.ahead = house, server, timedelta()
        self.rt = desk.runtime(house.url, desk.mail(server.port), bell=desk.bell(broker_url))
        self.worker = lambda: Child(serve, house.url, server.port, None, broker_url, THREADS)

    def while_mails_go(self, happens: Callable[[], None]) -> None:
        self.house.pending(MAILS)
        hit = Event()
        self.server.answer("data", lambda: hit.set() if len(self.server.accepted) >= HIT else None)
        worker = self.worker()
        self._turn()
        until(hit.is_set, every=0.005)
        happens()  # in this thread: a server dies with the thread that started it
        until(self._turn, every=1)
        assert worker.alive(), "it went on by itself"
        worker.kill()
        self.rt.sessions.kw["bind"].dispose()

    def _turn(self) -> bool:
        """What the clock does about silent workers and bells nobody heard. What fails is done in the next turn."""
        self.ahead += LONG
        try:
            with self.rt.sessions() as session:
                now = clock.now(session)
            doubts.find_lost(self.rt, now=now)
            dispatch.ring(self.rt, now=now + self.ahead)
            return self.house.count(State.SENT) == MAILS
        except DBAPIError:
            return False
