"""The question that is asked every few seconds: what waits, and since when."""

from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import text

from models.base import Sessions
from models.machine import clock, waits
from models.machine.waits import Lookout
from tests.stories.desk import Desk

AT = datetime(2024, 2, 14, 7, 30, tzinfo=UTC)


@pytest.fixture
def lookout(sessions: Sessions) -> Lookout:
    return Lookout(sessions.kw["bind"])


def test_nothing_waits_at_an_empty_desk(lookout: Lookout):
    found = lookout.look()

    assert (found.first, found.swept_at, found.live) == (None, None, frozenset())
    assert found.at.tzinfo is UTC


def test_a_kept_connection_sees_what_others_have_since_committed(sessions: Sessions, lookout: Lookout):
    lookout.look()

    with sessions.begin() as session:
        clock.mark(session, clock.SWEEP, AT)

    assert lookout.look().swept_at == AT


def test_it_waits_for_nobody_who_writes(sessions: Sessions, lookout: Lookout):
    with sessions.begin() as session:
        clock.mark(session, clock.SWEEP, AT)

        assert lookout.look().swept_at is None


def test_it_tells_the_same_by_a_session(desk: Desk, sessions: Sessions):
    with sessions.begin() as session:
        _, *by_session = session.execute(waits.question(session.get_bind().dialect.name)).one()
    by_lookout = Lookout(sessions.kw["bind"]).look()

    assert by_session == [by_lookout.swept_at, *by_lookout.live, *by_lookout[3:]]
    assert by_lookout.first == min(by_lookout.matter, by_lookout.report)
    assert len(by_lookout.live) == 1


def test_it_tells_what_there_is_to_do_now_and_then(desk: Desk, sessions: Sessions, lookout: Lookout):
    assert lookout.seldom() == (False, False, False, None, None)

    with sessions.begin() as session:
        clock.release(session, AT, "slowly")

    assert lookout.seldom().releasing


def test_after_a_lost_connection_the_next_look_is_answered(sessions: Sessions, lookout: Lookout):
    if sessions.kw["bind"].dialect.name == "sqlite":
        pytest.skip("nobody is disconnected from a file")
    lookout.look()

    with sessions.begin() as session:
        others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        session.execute(text(f"select pg_terminate_backend(pid) {others}"))

    with pytest.raises(psycopg.OperationalError):
        lookout.look()
    assert lookout.look().first is None
