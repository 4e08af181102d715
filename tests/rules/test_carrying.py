"""By which ladder a matter goes on once the policy was changed, and whom that may wake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rules import carrying
from rules.desk import Audience, Channel
from rules.ladder import Ladder, Matter, Rung, Say

NOW = datetime(2024, 2, 7, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def rung(hours, tell, *, wakes=True):
    return Rung(hours * HOUR, tell, (Channel.SMS,), Say.ESCALATION, wakes=wakes)


BEGAN = Ladder("urgent", (rung(1, Audience.SECRETARY), rung(2, Audience.CHAIR)), HOUR, urgent=True)


@pytest.mark.parametrize(
    ("matter", "owed", "begun"),
    [
        pytest.param(Matter(NOW), True, True, id="a report at its due time"),
        pytest.param(Matter(NOW + HOUR, reached=0), True, False, id="a report that was only reminded of"),
        pytest.param(Matter(NOW + HOUR, reached=0), False, True, id="an advice that was given and is due later"),
        pytest.param(Matter(NOW + HOUR), False, False, id="a trip of tomorrow"),
    ],
)
def test_what_has_begun(matter, owed, begun):
    assert carrying.begun(matter, owed=owed, now=NOW) is begun


def test_who_is_let_sleep_now_is_let_sleep_by_what_began_before():
    in_force = replace(BEGAN, rungs=(rung(1, Audience.SECRETARY), rung(4, Audience.CHAIR, wakes=False)))

    kept = carrying.kept(BEGAN, in_force)

    assert [own.at for own in kept.rungs] == [HOUR, 2 * HOUR]
    assert [own.wakes for own in kept.rungs] == [True, False]


def test_a_ladder_that_is_urgent_no_more_passes_no_night():
    assert not carrying.kept(BEGAN, replace(BEGAN, urgent=False)).urgent


def test_the_same_ladder_is_itself_though_its_rungs_wake_one_audience_by_turns():
    mixed = replace(BEGAN, rungs=(*BEGAN.rungs, rung(3, Audience.CHAIR, wakes=False)))

    assert carrying.kept(mixed, mixed) == mixed
