"""How ready support is: what counts, what is left out, and what holds up what."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import loader
from rules import readiness, support
from rules.filing import Standing
from rules.forms import Condition
from rules.readiness import Item, Ready
from rules.support import Support
from tests.stories import prepared

NOW = datetime(2024, 2, 1, 4, tzinfo=UTC)
READY, PARTLY, NO, NOT_OURS, UNSEEN = (
    Condition.READY,
    Condition.PARTLY,
    Condition.NOT_READY,
    Condition.NOT_OURS,
    Condition.UNSEEN,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return loader.read(prepared.desk_file(tmp_path_factory.mktemp("desk"))).value


def item(duty="hibah", area="sekda", *answers, waits=(), districts=(), standing=Standing.RECEIVED):
    told = {f"b{n}": own for n, own in enumerate(answers)}
    own = Support("logistik", tuple(districts), tuple(waits))
    due = NOW - timedelta(days=1)
    received = due if standing is Standing.RECEIVED else None
    return Item(f"R-{duty}-{area}", duty, duty, area, own, due, standing, received, answers=told)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param([], Ready.UNANSWERED, id="nothing was said"),
        pytest.param([READY, READY], Ready.READY, id="every line is ready"),
        pytest.param([READY, NOT_OURS], Ready.READY, id="what is not theirs is left out"),
        pytest.param([NOT_OURS, NOT_OURS], Ready.NOT_THEIRS, id="nothing of it is theirs"),
        pytest.param([READY, NO], Ready.PARTLY, id="one of two"),
        pytest.param([PARTLY, NO], Ready.PARTLY, id="partly is more than nothing"),
        pytest.param([NO, NO, NOT_OURS], Ready.NOT_READY, id="none of those that apply"),
        pytest.param([READY, UNSEEN], Ready.PARTLY, id="a line without an answer is not known to be ready"),
    ],
)
def test_an_item_is_as_ready_as_its_lines(answers, expected):
    assert readiness.how_ready(Standing.RECEIVED, answers) is expected


def test_what_was_waived_is_in_no_share():
    counted = readiness.count([item("a", "sekda", READY), item("b", "sekda", standing=Standing.WAIVED)], now=NOW)

    assert (counted.ready, counted.total, counted.share, counted.late) == (1, 1, 100, 0)


def test_only_when_all_are_ready_is_it_all_per_cent():
    items = [item("a", "sekda", READY) for _ in range(200)] + [item("b", "sekda", standing=Standing.OWED)]

    counted = readiness.count(items, now=NOW)

    assert (counted.share, counted.lacking, counted.late) == (99, 1, 1)
    assert readiness.words(counted) == "siap 200 dari 201 (99%), belum siap 1, terlambat dijawab 1"


def test_nothing_that_applies_is_no_share():
    assert readiness.words(readiness.count([], now=NOW)) == "tidak ada dukungan yang diperlukan"


def test_an_office_serves_the_districts_that_the_plan_says(desk):
    everywhere, one = item("hibah", "sekda"), item("angkutan", "kepala-bpbd", districts=["63.04.01"])
    district, team = item("gudang", "63.04.02"), item("tim", "VIII")

    served = [[own.duty for own in readiness.serving([everywhere, one, district, team], desk, code)]
              for code in ("63.04.01", "63.04.02", "63.04.13")]  # fmt: skip

    assert served == [["hibah", "angkutan"], ["hibah", "gudang", "tim"], ["hibah", "tim"]]


def test_what_is_not_ready_holds_up_all_that_wait_for_it_and_what_waits_for_those(desk):
    money = item("hibah", "sekda", NO)
    boats = item("angkutan", "kepala-bpbd", PARTLY, waits=["hibah"], districts=["63.04.01"])
    here = item("gudang", "63.04.01", standing=Standing.OWED, waits=["angkutan"])
    elsewhere = item("gudang", "63.04.02", standing=Standing.OWED, waits=["angkutan"])

    held = readiness.blocked([money, boats, here, elsewhere], desk)

    assert [(own.by, own.waiting) for own in held] == [(money, (boats, here)), (boats, (here,))]


def test_what_is_ready_holds_up_nobody_and_waits_for_nobody(desk):
    money, boats = item("hibah", "sekda", READY), item("angkutan", "kepala-bpbd", NO, waits=["hibah"])

    assert readiness.blocked([money, boats], desk) == []
    assert readiness.blocked([item("hibah", "sekda", NO), replace(boats, answers={"a": READY})], desk) == []


@pytest.mark.parametrize(
    ("waits", "expected"),
    [
        pytest.param({"a": ("b",), "b": ("c",), "c": ()}, (), id="a chain"),
        pytest.param({"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ()}, (), id="two ways to one"),
        pytest.param({"x": ("a",), "a": ("b",), "b": ("a",)}, ("a", "b"), id="a circle behind a beginning"),
        pytest.param({"a": ("a",)}, ("a",), id="itself"),
        pytest.param({"a": ("unknown",)}, (), id="one that is not there"),
    ],
)
def test_items_that_wait_for_each_other_are_found(waits, expected):
    assert support.circle(waits) == expected
