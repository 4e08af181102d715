"""Which messages are the same under two policies, and what of them differs."""

from datetime import UTC, datetime, timedelta

import pytest

from rules.foretold import Differs, First, Told, compared, first_heard

AT = datetime(2024, 2, 7, 8, tzinfo=UTC)
ONE = Told(AT, "sms", "camat-tamban", "overdue", ("harian",), ("harian/63.04.02/H-7",), "Belum kami terima.")


@pytest.mark.parametrize(
    ("new", "differs"),
    [
        pytest.param(ONE, (), id="the same"),
        pytest.param(ONE._replace(at=AT + timedelta(seconds=40)), (), id="seconds later by its rate"),
        pytest.param(ONE._replace(at=AT + timedelta(hours=1)), (Differs.TIME,), id="an hour later"),
        pytest.param(ONE._replace(words="Mohon dikirim."), (Differs.WORDS,), id="in other words"),
        pytest.param(
            ONE._replace(channel="email", words="Yth."), (Differs.CHANNEL,), id="a mail has other words anyway"
        ),
    ],
)
def test_one_message_is_the_same_though_something_of_it_differs(new, differs):
    (pair,) = compared([ONE], [new])

    assert (pair.old, pair.new, pair.differs) == (ONE, new, differs)


def test_what_is_said_otherwise_or_of_another_matter_is_another_message():
    warned = ONE._replace(say="warning")

    pairs = compared([ONE], [warned])

    assert {pair.differs for pair in pairs} == {(Differs.GONE,), (Differs.NEW,)}


def test_of_several_that_are_alike_each_channel_keeps_its_own():
    mail = ONE._replace(channel="email", at=AT - timedelta(hours=1))

    pairs = compared([ONE, mail], [mail])

    assert [(pair.told, pair.differs) for pair in pairs] == [(mail, ()), (ONE, (Differs.GONE,))]


def test_who_heard_first_is_asked_of_a_matter_in_whichever_message_it_stands():
    alone, hour = ONE._replace(office="sekda", matters=("a",)), timedelta(hours=1)
    merged = alone._replace(at=AT + hour, matters=("a", "b"))
    again, below = alone._replace(at=AT + 2 * hour), ONE._replace(at=AT + hour)

    heard = first_heard([again, alone, below], [again, merged], {"sekda"})

    assert heard == [First("sekda", "a", AT, AT + hour), First("sekda", "b", None, AT + hour)]


def test_who_hears_within_the_minute_hears_as_before():
    old, new = (ONE._replace(at=at) for at in (AT, AT + timedelta(seconds=40)))

    assert first_heard([old], [new], {ONE.office}) == []
