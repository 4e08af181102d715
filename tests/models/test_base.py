"""What all tables share: instants, words, inserts that may be repeated."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from models import migrations
from models.base import Instant, Word, connect, insert_new
from models.machine import clock
from models.machine.clock import Mark
from rules.desk import Channel

AT = datetime(2024, 2, 14, 7, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))


def row(name, **values):
    return {"name": name, "at": None, "reason": "", **values}


def test_an_instant_comes_back_aware_in_utc_to_the_microsecond(sessions):
    with sessions.begin() as session:
        insert_new(session, Mark, [row("a", at=AT)])

    with sessions.begin() as session:
        found = session.scalars(select(Mark.at)).one()

    assert (found, found.tzinfo) == (AT, UTC)


def test_an_instant_without_a_zone_is_refused(sessions):
    with sessions() as session, pytest.raises(ValueError, match="naive datetime"):
        insert_new(session, Mark, [row("a", at=AT.replace(tzinfo=None))])


@pytest.mark.parametrize("value", [None, Channel.SMS, "sms"])
def test_a_known_word_is_written_as_it_is_read(value):
    word = Word(Channel, 10)

    assert word.process_result_value(word.process_bind_param(value, None), None) == value


def test_an_unknown_word_is_refused_going_in_and_coming_out():
    word = Word(Channel, 10)

    with pytest.raises(ValueError, match="pigeon"):
        word.process_bind_param("pigeon", None)
    with pytest.raises(ValueError, match="pigeon"):
        word.process_result_value("pigeon", None)


def test_nothing_stands_for_no_instant():
    assert Instant().process_bind_param(None, None) is None
    assert Instant().process_result_value(None, None) is None


def test_inserting_again_changes_nothing(sessions):
    with sessions.begin() as session:
        insert_new(session, Mark, [row("a", reason="first"), row("b")])

    with sessions.begin() as session:
        insert_new(session, Mark, [row("a", reason="second"), row("c")])
        insert_new(session, Mark, [])

    with sessions.begin() as session:
        assert session.scalar(select(func.count()).select_from(Mark)) == 3
        assert session.scalars(select(Mark.reason).where(Mark.name == "a")).one() == "first"


def test_many_rows_come_back_as_they_were(sessions):
    rows = [row(f"{n}'\"\\%s:x", at=AT if n % 2 else None, reason="né\n{}") for n in range(30)]

    with sessions.begin() as session:
        insert_new(session, Mark, rows)

    with sessions.begin() as session:
        kept = session.execute(select(Mark.name, Mark.at, Mark.reason)).all()
    assert set(kept) == {(r["name"], r["at"], r["reason"]) for r in rows}


def test_a_word_too_long_for_its_column_is_refused_and_not_cut(postgres_url):
    engine = connect(postgres_url)
    migrations.up(engine)

    with pytest.raises(DataError, match="too long"), Session(engine) as session:
        insert_new(session, Mark, [row("a" * 21)])
    engine.dispose()


def test_a_mark_is_set_cleared_and_set_again(sessions):
    with sessions.begin() as session:
        assert clock.marked(session, clock.HOLD) is None
        clock.mark(session, clock.HOLD, AT, "why")
        assert clock.marked(session, clock.HOLD) == (AT, "why")
        clock.mark(session, clock.HOLD, None)
        assert clock.marked(session, clock.HOLD) is None


def test_the_database_tells_an_aware_time_in_utc(sessions):
    with sessions.begin() as session:
        now = clock.now(session)

    assert now.tzinfo is UTC
    assert now.date() > date(2024, 1, 1)
