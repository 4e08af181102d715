"""Where a problem stands, when its next step is late, and which two may become one."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from rules import life
from rules.desk import Audience, Channel
from rules.ladder import Ladder, Rung, Say
from rules.life import NotMerged, Stage, Twin

NOW = datetime(2024, 2, 14, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Course(NamedTuple):
    resolved_at: datetime | None = None
    confirmed_at: datetime | None = None
    postponed_until: datetime | None = None
    merged_into: int | None = None
    due_at: datetime | None = None


@pytest.mark.parametrize(
    ("course", "taken_on", "stands"),
    [
        pytest.param(Course(), None, Stage.OPEN, id="nobody did anything"),
        pytest.param(Course(), NOW + HOUR, Stage.TAKEN_ON, id="somebody took it on"),
        pytest.param(Course(), NOW, Stage.OPEN, id="what he said ends now"),
        pytest.param(Course(postponed_until=NOW + HOUR), NOW + HOUR, Stage.POSTPONED, id="put off"),
        pytest.param(Course(postponed_until=NOW - HOUR), None, Stage.OPEN, id="that time is over"),
        pytest.param(Course(resolved_at=NOW - HOUR), None, Stage.RESOLVED, id="nobody has confirmed it"),
        pytest.param(Course(NOW - HOUR, NOW), None, Stage.CONFIRMED, id="confirmed"),
        pytest.param(Course(merged_into=7), None, Stage.MERGED, id="the same as another"),
    ],
)
def test_where_a_problem_stands(course, taken_on, stands):
    assert life.stage(course, taken_on, now=NOW) is stands


@pytest.mark.parametrize(
    ("course", "taken_on", "late"),
    [
        pytest.param(Course(due_at=NOW), None, True, id="on the minute"),
        pytest.param(Course(due_at=NOW + HOUR), None, False, id="ahead"),
        pytest.param(Course(due_at=NOW), NOW + HOUR, False, id="somebody has it in hand"),
        pytest.param(Course(due_at=NOW, resolved_at=NOW), None, False, id="it is over"),
        pytest.param(Course(), None, False, id="nothing is due"),
    ],
)
def test_when_its_next_step_is_late(course, taken_on, late):
    assert life.late(course, taken_on, now=NOW) is late


def ladder(*rungs):
    by = (Channel.SMS,)
    return Ladder("l", tuple(Rung(at * HOUR, tell, by, Say.PROBLEM) for at, tell in rungs), HOUR)


@pytest.mark.parametrize(
    ("rungs", "due"),
    [
        pytest.param(((0, Audience.HANDLERS), (3, Audience.SECRETARY)), NOW + 3 * HOUR, id="when others hear"),
        pytest.param(
            ((0, Audience.OWNER), (1, Audience.OWNER), (2, Audience.CHAIR)),
            NOW + HOUR,
            id="when he is reminded",
        ),
        pytest.param(((0, Audience.HANDLERS),), None, id="nobody hears again"),
    ],
)
def test_the_next_step_is_due_at_the_second_word_of_the_ladder(rungs, due):
    assert life.step_due_at(ladder(*rungs), now=NOW) == due


ONE, OTHER = Twin("P-0001", None, False), Twin("P-0002", None, False)


def test_an_open_problem_may_be_merged_into_another_open_one():
    life.mergeable(ONE, OTHER)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        pytest.param(ONE, ONE, "the same problem", id="itself"),
        pytest.param(ONE._replace(closed=True, into="P-0002"), OTHER, "one already", id="said twice"),
        pytest.param(OTHER, ONE._replace(closed=True, into="P-0002"), "one already", id="said the other way round"),
        pytest.param(
            ONE._replace(closed=True, into="P-0003"),
            OTHER._replace(closed=True, into="P-0003"),
            "one already",
            id="both are the same as a third",
        ),
        pytest.param(ONE._replace(closed=True), OTHER, "P-0001 is resolved", id="it is over"),
        pytest.param(ONE, OTHER._replace(closed=True), "P-0002 is resolved", id="the other is over"),
        pytest.param(ONE, OTHER._replace(closed=True, into="P-0009"), "P-0009", id="the other went into a third"),
        pytest.param(ONE._replace(restricted=True), OTHER, "is restricted", id="one is not for everybody"),
        pytest.param(ONE, OTHER._replace(subject=4), "same office", id="one is about an office, which would read it"),
    ],
)
def test_two_that_cannot_be_made_one(one, other, why):
    with pytest.raises(NotMerged, match=why):
        life.mergeable(one, other)


def test_who_has_not_seen_everything_decides_again():
    life.unchanged("P-0001", 3, 3)
    with pytest.raises(life.Changed, match="3 steps, and you know of 2"):
        life.unchanged("P-0001", 2, 3)
