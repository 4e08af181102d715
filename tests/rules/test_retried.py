"""What became of many messages is told in a line a kind, with why."""

import pytest

from rules import retried
from rules.retried import Became


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        pytest.param([], [], id="none"),
        pytest.param([(True, Became.AGAIN)] * 1200, ["1.200 pesan akan dicoba sekali lagi"], id="many are one line"),
        pytest.param(
            [(False, Became.SENT), (True, Became.AGAIN), (False, Became.SENT), (False, Became.NOT_OWED)],
            [
                "1 pesan akan dicoba sekali lagi",
                "2 pesan tidak: sudah diserahkan untuk dikirim",
                "1 pesan tidak: isinya tidak diperlukan lagi",
            ],
            id="what was done first, then each reason",
        ),
        pytest.param(
            [(True, "will be tried once more"), (False, "was handed over")],
            ["1 pesan dilakukan", "1 pesan tidak dilakukan"],
            id="an order of an older release",
        ),
    ],
)
def test_messages_are_summed_by_what_became_of_them(answers, told):
    assert retried.summed(answers) == told


def test_everything_that_can_become_of_a_message_has_words():
    assert set(retried.WORDS) == set(Became)
