"""A process is cut off from the database in the middle of a transaction, as when a cable is cut: nobody says goodbye.

What it holds there is held until the database ends it. The others must not stand still until then.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from jobs.delivery import deliver
from jobs.rehearsal.rehearse import AtOnce, Still
from jobs.runtime import Runtime
from jobs.turn import dispatch, tick
from models import base, postgres
from models.matters.matters import Matter
from models.messages.messages import Message
from rules.delivery import State
from rules.desk import Channel
from tests import engines
from tests.faults.children import Taking
from tests.faults.conftest import NOW, House, built, until
from tests.faults.proxy import Fault, Proxy, proxy
from tests.load import desk

SOON = {"lock_timeout": "300ms", "idle_in_transaction_session_timeout": "2s"}
"""What production waits half a minute for: an operator's own limits stay, and these are shorter."""


@pytest.fixture(scope="module")
def server() -> Iterator[engines.Postgres]:
    with engines.postgres(options=SOON) as server:
        yield server


@pytest.fixture
def house(server: engines.Postgres) -> Iterator[House]:
    with built(server.url(server.create())) as house:
        rt, _ = turns(house)
        dispatch.run(rt, now=NOW)  # its mark is there
        rt.sessions.kw["bind"].dispose()
        yield house


@contextmanager
def cut_off(house: House, statement: bytes, act: Callable[[Runtime], object]) -> Iterator[Proxy]:
    """Somebody does this over a wire that is cut once it has said that."""
    socket, name = Path(base.make_url(house.url).query["host"]) / ".s.PGSQL.5432", base.make_url(house.url).database  # type: ignore[arg-type]

    def lost() -> None:
        with suppress(DBAPIError):
            act(rt)

    with proxy(socket) as wire:
        wire.breaks(Fault(swallows_after=statement))
        url = f"postgresql+psycopg://postgres@127.0.0.1:{wire.port}/{name}"
        rt = desk.runtime(url, Taking(), now=Still(NOW))
        thread = threading.Thread(target=lost, daemon=True)
        thread.start()
        until(wire.swallowing.is_set)
        yield wire
        wire.end()
        thread.join(10)
        rt.sessions.kw["bind"].dispose()


def turns(house: House) -> tuple[Runtime, Still]:
    """Another clock, with a worker that hears it."""
    still, bell = Still(NOW), AtOnce()
    rt = bell.rt = desk.runtime(house.url, Taking(), now=still, bell=bell)
    return rt, still


def test_a_clock_that_is_cut_off_while_it_dispatches_does_not_stop_the_other(house: House):
    house.pending(10)
    with house.sessions.begin() as session:
        session.execute(update(Matter).values(next_at=None))
    house.owes(20)
    with cut_off(house, b"UPDATE mark", lambda rt: tick.run(rt, documents=False)):
        rt, still = turns(house)

        tick.run(rt, documents=False)
        at_once = house.count(State.SENT)
        until(lambda: _turned(rt, still) and house.count(State.SENT) == 30, every=0.2, patience=20)

    assert at_once == 10, "what is decided goes although the other one holds the right to decide"
    rt.sessions.kw["bind"].dispose()


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(b"FOR UPDATE OF message SKIP LOCKED", id="after it took them"),
        pytest.param(b"UPDATE message SET", id="after it marked them"),
    ],
)
def test_a_worker_that_is_cut_off_while_it_claims_does_not_stop_clock_and_workers(house: House, statement: bytes):
    ids = house.pending(30)
    with cut_off(house, statement, lambda rt: deliver.run(rt, Channel.EMAIL, ids)):
        rt, still = turns(house)

        tick.run(rt, documents=False)
        at_once = house.count(State.SENT)

        until(lambda: _turned(rt, still) and house.count(State.SENT) == len(ids), every=0.2, patience=20)

    assert at_once == len(ids) - 10, "all but the group in its hands"
    with house.sessions() as session:
        assert set(session.scalars(select(Message.tries))) == {1}, "what it held was never sent"
    rt.sessions.kw["bind"].dispose()


def _turned(rt: Runtime, still: Still) -> bool:
    """One more turn of the clock minutes later; it may fail."""
    still.at += timedelta(minutes=3)
    with suppress(DBAPIError):
        tick.run(rt, documents=False)
        return True
    return False


@pytest.mark.unsearched("nothing is in it")
def test_every_connection_has_limits_and_those_that_an_operator_set_stay(postgres_url: str, server: engines.Postgres):
    found = [_limits(postgres_url), _limits(server.url(server.create()))]

    assert found == [
        {"idle_in_transaction_session_timeout": "30s", "lock_timeout": "10s"},
        {"idle_in_transaction_session_timeout": "2s", "lock_timeout": "300ms"},
    ]


def _limits(url: str) -> dict[str, str]:
    engine = base.connect(url)
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in postgres.LIMITS}
    engine.dispose()
    return {name: found[name] for name in sorted(SOON)}
