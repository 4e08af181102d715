"""More than anybody can have meant puts sending on hold; a voting day and a return after an outage do not."""

import pytest

from jobs.turn import audit
from models.machine import clock
from rules.desk import Channel
from rules.ladder import Say
from tests.stories.desk import DESK, ELECTION, Desk, own_policy


def guarded(sessions, tmp_path, storm):
    desk = Desk(sessions, (ELECTION, DESK, own_policy(tmp_path, storm=storm)))
    desk.owes_only(*(desk.key("harian", district, "H-1") for district in ("Tamban", "Mekarsari")))
    return desk


def held(desk):
    with desk.rt.sessions.begin() as session:
        found = clock.marked(session, clock.HOLD)
    return found[1] if found else ""


def failure(desk):
    """What whoever listens outside hears of."""
    return audit.run(desk.rt, now=desk.clock.at).failure


@pytest.mark.parametrize(
    ("storm", "why"),
    [
        pytest.param(
            "{within: PT8H, to_one_office: 2, to_each_on_average: 2}", "3 messages to office", id="to one office"
        ),
        pytest.param(
            "{within: PT8H, to_one_office: 9, to_each_on_average: 1}", "12 messages to 9 offices", id="in all"
        ),
    ],
)
def test_too_many_messages_put_sending_on_hold_and_name_the_numbers(sessions, tmp_path, storm, why):
    desk = guarded(sessions, tmp_path, storm)

    desk.clock.reads("H-1 18:40")

    assert held(desk).startswith("storm: ")
    assert why in held(desk)
    (task,) = [task for task in desk.tasks() if task.why == "storm"]
    assert "Pengiriman ditahan" in task.text
    assert failure(desk) == f"sending is on hold by itself: {held(desk)}"


def test_a_person_who_looked_and_released_is_believed(sessions, tmp_path):
    desk = guarded(sessions, tmp_path, "{within: PT8H, to_one_office: 2, to_each_on_average: 2}")
    desk.clock.reads("H-1 17:10")
    assert held(desk)
    sent = len(desk.wire.accepted)

    desk.releases()
    desk.clock.reads("H-1 17:20")

    assert (held(desk), failure(desk)) == ("", "")
    assert len(desk.wire.accepted) > sent
    assert [task for task in desk.tasks() if task.why == "storm"] == []


def test_links_that_somebody_asks_for_all_the_time_are_no_storm(sessions, tmp_path):
    desk = guarded(sessions, tmp_path, "{within: PT8H, to_one_office: 3, to_each_on_average: 3}")

    for time in ("14:00", "14:20", "14:40"):
        desk.clock.reads(f"H-1 {time}")
        desk.asks_to_sign_in("Camat Tamban", Channel.SMS)
    desk.clock.reads("H-1 15:10")

    assert held(desk) == ""
    assert [m.say for m in desk.messages()].count(Say.SIGN_IN) == 3


def test_a_voting_day_on_which_nobody_files_is_no_storm(desk):
    desk.clock.reads("H-1 23:59")

    desk.clock.reads("H+1 23:59")

    assert held(desk) == ""


def test_a_return_after_an_outage_is_no_storm(desk):
    desk.is_down("H 07:00", "H 19:00")

    desk.clock.reads("H 23:59")

    assert held(desk) == ""
