"""A clock that jumps, through the loop as it runs: a great jump holds all sending, and nothing is said twice."""

from datetime import datetime, timedelta
from threading import Event

import pytest
import time_machine

from jobs.rehearsal.rehearse import AtOnce, Still
from jobs.turn import loop, tick
from models.machine import clock, stops
from models.matters import tasks
from tests.faults.children import Taking
from tests.faults.conftest import NOW, built
from tests.load import desk, world


class Turns(Event):
    """Lets the loop turn once for each time of a list, and moves the clock there in between."""

    def __init__(self, still: Still, times: list[datetime]) -> None:
        super().__init__()
        self.still, self.times = still, iter(times)

    def wait(self, timeout: float | None = None) -> bool:
        try:
            self.still.at = next(self.times)
        except StopIteration:
            self.set()
        return self.is_set()


class Counted(Taking):
    def __init__(self) -> None:
        self.sent: list[int] = []

    def send(self, letter) -> str:
        self.sent.append(letter.message_id)
        return "taken"


@pytest.mark.parametrize(
    ("jumps", "held", "told"),
    [
        pytest.param([timedelta()], False, 3, id="it stands: told once"),
        pytest.param([timedelta(), -timedelta(hours=1), timedelta()], True, 3, id="B162: an hour back: nothing again"),
        pytest.param([timedelta(minutes=4), timedelta(minutes=-1)], False, 3, id="a few minutes are no jump"),
        pytest.param([timedelta(days=3), timedelta()], True, 3, id="B163: three days on and back: no false wave"),
    ],
)
def test_what_a_jump_of_the_clock_does(sqlite_url, jumps, held, told):
    with built(sqlite_url) as house:
        house.owes(3)
        still, bell, taking = Still(NOW), AtOnce(), Counted()
        rt = bell.rt = desk.runtime(house.url, taking, now=still, bell=bell)

        loop.run(rt, Turns(still, [NOW + jump for jump in jumps]))

        with house.sessions() as session:
            on_hold = clock.marked(session, clock.HOLD)
            unordered = clock.marked(session, clock.UNORDERED)
            stood_still = stops.between(session, NOW - timedelta(days=9), NOW + timedelta(days=9))
            shown = [task.text for task in tasks.undone(session) if task.why == "storm"]
        assert len(taking.sent) == told
        assert (on_hold is not None and "jumped" in on_hold[1]) == held
        assert (unordered is not None) == held
        assert not held or stood_still == []
        assert any("karena jam mesin berubah" in text for text in shown) == held
        rt.sessions.kw["bind"].dispose()


@pytest.mark.parametrize(
    ("due", "told"),
    [
        pytest.param(-timedelta(minutes=1), 1, id="B164: what is due by the database's time is told"),
        pytest.param(timedelta(minutes=2), 0, id="what is not is not"),
    ],
)
@pytest.mark.parametrize("wrong", [-timedelta(minutes=5), timedelta(minutes=5)], ids=["slow", "fast"])
def test_a_process_whose_own_clock_is_wrong_goes_by_that_of_the_database(sqlite_url, due, told, wrong):
    with built(sqlite_url) as house:
        with house.sessions.begin() as session:
            now = clock.now(session)
            world.owe(session, house.places, 1, prefix="F", since=now + due)
        bell, taking = AtOnce(), Counted()
        rt = bell.rt = desk.runtime(house.url, taking, bell=bell)

        with time_machine.travel(now + wrong):
            tick.run(rt, documents=False)

        assert len(taking.sent) == told
        rt.sessions.kw["bind"].dispose()
