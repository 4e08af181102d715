"""What messages cost, and what a budget lets go."""

import pytest

from rules.costs import NONE, Costs, Level, Prices, Share, Stand, charged, cost, grave, payer
from rules.desk import Channel
from rules.ladder import Say

COSTS = Costs({Channel.SMS: Prices(100, {"telkomsel": 120})}, budget=1000, reserve=200)


@pytest.mark.parametrize(
    ("channel", "carrier", "parts", "expected"),
    [
        pytest.param(Channel.SMS, "", 1, 100, id="a part at the price of all others"),
        pytest.param(Channel.SMS, "telkomsel", 1, 120, id="at the price of its carrier"),
        pytest.param(Channel.SMS, "telkomsel", 3, 360, id="each part is paid"),
        pytest.param(Channel.WHATSAPP, "", 1, 0, id="a channel without a price"),
        pytest.param(Channel.EMAIL, "", 0, 0, id="a mail"),
        pytest.param(Channel.SMS, "xl", 0, 100, id="what has no parts is one"),
    ],
)
def test_a_message_costs_its_parts_each_at_its_price(channel, carrier, parts, expected):
    assert cost(COSTS, channel, carrier, parts) == expected


@pytest.mark.parametrize(
    ("spent", "expected"),
    [
        pytest.param(639, Level.FINE, id="below 80 percent of what routine may use"),
        pytest.param(640, Level.NEAR, id="80 percent"),
        pytest.param(680, Level.NEAR, id="the dearest text still fits"),
        pytest.param(681, Level.STOPPED, id="it does not"),
        pytest.param(1000, Level.STOPPED, id="all is used, and no more"),
        pytest.param(1001, Level.OVER, id="more than all"),
    ],
)
def test_how_much_of_a_budget_is_used(spent, expected):
    assert Stand(COSTS, spent).level is expected


def test_routine_leaves_the_reserve_alone_and_what_is_grave_goes_on_above_all_of_it():
    assert Stand(COSTS, 700).lets(100, grave=False)
    assert not Stand(COSTS, 701).lets(100, grave=False)
    assert not Stand(COSTS, 600, in_hand=101).lets(100, grave=False)
    assert Stand(COSTS, 5000).lets(100, grave=True)
    assert Stand(COSTS, 5000).lets(0, grave=False)


def test_a_raise_moves_every_bound():
    raised = Stand(COSTS, 750, raised=1000)

    assert raised.level is Level.FINE
    assert raised.lets(100, grave=False)


def test_without_a_budget_everything_goes():
    assert Stand(NONE, 10**9).level is Level.FINE
    assert Stand(Costs({Channel.SMS: Prices(100)}), 10**9).lets(100, grave=False)


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        pytest.param([(Say.REMINDER, False)], False, id="a reminder"),
        pytest.param([(Say.OVERDUE, False), (Say.RECEIVED, False)], False, id="several routine ones"),
        pytest.param([(Say.PROBLEM, False)], False, id="a problem that is not grave"),
        pytest.param([(Say.PROBLEM, True)], True, id="a grave problem"),
        pytest.param([(Say.REMINDER, True)], True, id="a duty of voting day"),
        pytest.param([(Say.REMINDER, False), (Say.WARNING, False)], True, id="a warning with a reminder beside it"),
        pytest.param([(Say.ESCALATION, False)], True, id="an escalation"),
        pytest.param([], True, id="a link that somebody asked for"),
    ],
)
def test_what_money_never_holds_up(says, expected):
    assert grave(says) is expected


def test_nobody_pays_for_what_was_refused_or_only_kept():
    assert charged("accepted", kept_back=False)
    assert charged("unknown", kept_back=False)
    assert charged("lost", kept_back=False)
    assert not charged("refused", kept_back=False)
    assert not charged("accepted", kept_back=True)


def share(programme, spent, *says, price=100, budget=1000):
    return Share(programme, says, price, Stand(Costs({Channel.SMS: Prices(100)}, budget=budget), spent))


ROUTINE, GRAVE = (Say.OVERDUE, False), (Say.WARNING, False)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        pytest.param([share(1, 0, ROUTINE), share(2, 0, ROUTINE)], 1, id="the first that has the money"),
        pytest.param([share(1, 1000, ROUTINE), share(2, 0, ROUTINE)], 2, id="another, where the first has none"),
        pytest.param([share(1, 1000, ROUTINE), share(2, 1000, ROUTINE)], None, id="none, where all is used"),
        pytest.param([share(1, 1000, ROUTINE), share(2, 1000, GRAVE)], 2, id="that of which something grave is said"),
        pytest.param([share(1, 1000, GRAVE), share(2, 0, ROUTINE)], 1, id="the first, for what is grave"),
        pytest.param([share(1, 1000, ROUTINE), share(2, 10**6, ROUTINE, budget=None)], 2, id="one without a budget"),
        pytest.param([share(1, 0, ROUTINE, price=0), share(2, 0, ROUTINE)], 2, id="one without prices is asked last"),
        pytest.param([share(1, 0, ROUTINE, price=0), share(2, 1000, ROUTINE)], 1, id="and lets it go for nothing"),
        pytest.param([], None, id="nothing is said"),
    ],
)
def test_one_election_pays_for_a_message_of_several(shares, expected):
    pays = payer(shares)

    assert (pays and pays.programme) == expected
