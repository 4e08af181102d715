"""Before anybody gets a text it is known which words it has no room for, beside links of this desk's own address."""

from dataclasses import replace
from pathlib import Path

import pytest

from config import loader
from notifiers.fitting import losses
from rules.programme import Programme

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def programme() -> Programme:
    names = ("elections/pemilu-2024", "desks/barito-kuala", "policies/default")
    return loader.programme(*(loader.read(CONFIG / f"{name}.yaml") for name in names))


def test_with_a_short_address_nearly_all_is_said(programme):
    found = losses(programme, "https://desk.go.id")

    assert found.words == [] or all(line.startswith("warning to ") for line in found.words)
    assert found.bare == []


@pytest.mark.parametrize("several", [False, True], ids=["one election", "several"])
def test_with_a_real_address_words_are_left_out_and_never_salutation_or_link(programme, several):
    found = losses(programme, "https://desk.baritokualakab.go.id", several=several)

    assert any(line.startswith("overdue to ") for line in found.words)
    assert found.bare == []


def test_an_address_that_leaves_no_room_is_told_with_whom_it_hurts(programme):
    found = losses(programme, f"https://{'x' * 50}.go.id")

    assert any("Camat Rantau Badauh" in line for line in found.bare)
    assert "leave out the salutation or the link: " in str(found)


def test_nothing_is_said_where_everything_fits(programme):
    desk = replace(programme.desk, brand="D", offices=tuple(replace(o, sms_name="K") for o in programme.desk.offices))

    assert str(losses(replace(programme, desk=desk), "https://d.id")) == ""


def test_a_word_that_carriers_may_hold_back_is_named_with_whom_it_goes_to(programme):
    alone = losses(programme, "https://desk.go.id")
    several = losses(programme, "https://desk.go.id", several=True)

    assert alone.filtered == []
    assert [line.partition(" ")[0] for line in several.filtered] == ["pemilu"]
    assert "carriers may hold back: pemilu to " in str(several)
    assert not several.serious


def test_a_brand_that_leaves_no_room_for_one_part_is_wrong(programme):
    desk = replace(programme.desk, brand="D" * 150)

    found = losses(replace(programme, desk=desk), "https://desk.go.id")

    assert found.serious
