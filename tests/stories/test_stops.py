"""The desk stood still: the first turn afterwards writes down from when to when, and nobody is late because of it."""

from datetime import timedelta

from sqlalchemy.orm import sessionmaker

from jobs.turn import tick
from models.base import connect
from models.machine import clock, stops
from tests.stories.desk import Desk


def kept(desk: Desk) -> list[tuple[str, str]]:
    """The stops in the books, as `02-12 13:00`."""
    with desk.rt.sessions.begin() as session:
        found = stops.between(session, desk.clock.at - timedelta(days=30), desk.clock.at)
    local = [(stop.began_at.astimezone(desk.zone), stop.ended_at.astimezone(desk.zone)) for stop in found]
    return [(f"{began:%m-%d %H:%M}", f"{ended:%m-%d %H:%M}") for began, ended in local]


def test_thirty_hours_in_which_nothing_ran_are_in_the_books(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-2"), desk.key("harian", "Tamban", "H-1"))
    desk.is_down("H-2 11:59", "H-1 18:00")

    desk.clock.reads("H-1 18:05")

    assert kept(desk) == [("02-12 12:00", "02-13 18:00")]


def test_hours_in_which_nothing_was_due_are_no_stop_of_a_clock_that_is_moved_by_hand(desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))

    desk.clock.reads("H-1 15:30")

    assert kept(desk) == []


def test_two_clocks_that_come_back_write_one_stop(desk, migrated_url):
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    engine = connect(migrated_url, durable=False)
    other = desk.another_process(sessionmaker(engine, expire_on_commit=False))
    desk.is_down("H-1 11:00", "H-1 17:30")

    desk.turn()
    tick.run(other, documents=False)
    engine.dispose()

    assert kept(desk) == [("02-13 12:00", "02-13 17:30")]


def test_a_real_clock_counts_from_its_last_sweep_whatever_was_due(desk):
    """Nothing was due for thirty hours, but nobody could file either."""
    desk.owes_only()
    with desk.rt.sessions.begin() as session:
        now = clock.now(session)
        clock.mark(session, clock.SWEEP, now - timedelta(hours=30))
    desk.rt.clock = clock.now

    desk.turn()
    desk.turn()

    with desk.rt.sessions.begin() as session:
        (stop,) = stops.between(session, now - timedelta(days=9), now + timedelta(days=9))
    assert stop.began_at == now - timedelta(hours=30)
    assert stop.ended_at >= now
