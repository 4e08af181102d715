"""When a second person must confirm, who that may be, and what one person reaches alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import two_people
from rules.two_people import Person, Reach, TwoPeople, Why

TWO_HOURS = timedelta(hours=2)
RULE = TwoPeople(30, TWO_HOURS)
FIRST = Person("office:9", "Drs. H. Ahmad Yani, M.Si.", frozenset({"a@desk.example"}))
SECOND = Person("office:7", "Siti Aminah, S.E.", frozenset({"s@desk.example"}))


@pytest.mark.parametrize(
    ("policies", "reach", "lately", "asked"),
    [
        pytest.param([RULE], Reach(30), 0, False, id="as many as one may"),
        pytest.param([RULE], Reach(31), 0, True, id="one more"),
        pytest.param([RULE], Reach(11), 20, True, id="with what went alone just now"),
        pytest.param([RULE], Reach(0), 99, False, id="nobody is reached"),
        pytest.param([RULE], Reach(0, loosens=True), 0, True, id="it loosens the rule itself"),
        pytest.param([None], Reach(5000, loosens=True), 0, False, id="a policy of before this rule"),
        pytest.param([None, TwoPeople(40, TWO_HOURS), RULE], Reach(35), 0, True, id="the strictest counts"),
    ],
)
def test_when_a_second_person_is_asked(policies, reach, lately, asked):
    assert (two_people.wanted(policies, reach, lately=lately) is not None) is asked


@pytest.mark.parametrize(
    ("second", "entered", "why"),
    [
        pytest.param(SECOND, False, None, id="another person"),
        pytest.param(SECOND._replace(place=FIRST.place), False, Why.SAME, id="the same office, another name"),
        pytest.param(SECOND._replace(name=""), False, Why.UNNAMED, id="nobody is recorded"),
        pytest.param(SECOND._replace(name=" . , S.E."), False, Why.UNNAMED, id="no name at all"),
        pytest.param(SECOND._replace(name="ahmad  yani"), False, Why.NAMESAKE, id="he holds both offices"),
        pytest.param(SECOND._replace(reached=FIRST.reached), False, Why.SHARED, id="both read one mailbox"),
        pytest.param(SECOND, True, Why.ENTERED, id="whoever asks has just entered his number"),
    ],
)
def test_who_is_a_second_person(second, entered, why):
    assert two_people.hinders(FIRST, second, entered=entered) is why


@pytest.mark.parametrize(
    ("before", "after", "loosens"),
    [
        pytest.param(None, None, False, id="there was none"),
        pytest.param(None, RULE, False, id="it comes in"),
        pytest.param(RULE, None, True, id="it goes"),
        pytest.param(RULE, TwoPeople(31, TWO_HOURS), True, id="one person may more"),
        pytest.param(RULE, TwoPeople(10, TWO_HOURS), False, id="one person may less"),
    ],
)
def test_what_loosens_the_rule(before, after, loosens):
    assert two_people.loosens(before, after) is loosens


@given(st.lists(st.integers(0, 200), max_size=40), st.integers(1, 100))
def test_however_it_is_cut_up_one_person_reaches_no_more_alone(reaches, above):
    alone = 0

    for reach in reaches:
        if two_people.wanted([TwoPeople(above, TWO_HOURS)], Reach(reach), lately=alone) is None:
            alone += reach

    assert alone <= above


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_what_did_not_grow_need_not_be_looked_at_again(seen, now):
    if now <= seen:
        assert not two_people.grown(seen, now)
    if now > 2 * seen + 3:
        assert two_people.grown(seen, now)
