"""What a kind of report decides: how urgent a letter is, what it is based on, and which entry of a file is meant."""

from dataclasses import replace

import pytest

from rules.government import PLAIN, Basis, Covers, for_election, nature


@pytest.mark.parametrize(
    ("covers", "grave", "expected"),
    [
        pytest.param(Covers.WEEK, False, "Biasa", id="a week without anything grave"),
        pytest.param(Covers.WEEK, True, "Segera", id="a week with something grave"),
        pytest.param(Covers.DAY, True, "Segera", id="a day with something grave"),
        pytest.param(Covers.MOMENT, False, "Biasa", id="an hour of voting day without anything grave"),
        pytest.param(Covers.MOMENT, True, "Sangat Segera", id="an hour of voting day with something grave"),
        pytest.param(Covers.PROBLEM, False, "Segera", id="a special report"),
        pytest.param(Covers.PROBLEM, True, "Sangat Segera", id="a special report about something grave"),
        pytest.param(Covers.ELECTION, False, "Biasa", id="the final report"),
    ],
)
def test_a_letter_is_as_urgent_as_what_it_tells(covers, grave, expected):
    assert nature(covers, grave=grave) == expected


def test_an_election_is_meant_by_its_code_before_its_kind_before_the_default():
    by = {"default": 1, "pilkada": 2, "pilkada-2024": 3}

    assert [for_election(by, code) for code in ("pilkada-2024", "pilkada-2029", "pemilu-2024")] == [3, 2, 1]
    assert for_election({}, "pemilu-2024") is None


def test_the_legal_basis_stands_in_its_order_and_names_nothing_twice():
    kind = replace(PLAIN, basis=(Basis("pemilu", ("UU 7", "{decree}", "{letters}", "{regulations}")),))
    lists = {"decree": ["SK 1"], "letters": [], "regulations": ["PKPU 3", "UU 7", "PKPU 5"]}

    assert kind.based("pemilu-2024", lists) == ("UU 7", "SK 1", "PKPU 3", "PKPU 5")
    assert kind.based("pilkada-2024", lists) == ("SK 1", "PKPU 3", "UU 7", "PKPU 5")
