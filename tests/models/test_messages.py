"""Claims and settlements: a message is one worker's at a time, and a late one settles nothing."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import update

from models.machine import audit
from models.messages import bells, claiming, messages, settling
from models.messages.claiming import Said
from models.messages.messages import Message, Outgoing
from models.messages.settling import Outcome
from rules.delivery import MOVES, State, Verdict
from rules.desk import Channel
from rules.ladder import Say
from services import ending
from tests.models.conftest import LEASE, NOW

ANY = dict.fromkeys(Channel, 100)
SENT = Verdict(State.SENT, None, "accepted")


@pytest.fixture
def pending(desk):
    """The id of a message that is due and that nobody heard the bell for."""
    desk.bell.deaf = True
    desk.turn()
    (message,) = desk.messages()
    assert message.state is State.PENDING
    return message.id


def claim(desk, ids, now=NOW):
    with desk.rt.sessions.begin() as session:
        return claiming.claim(session, ids, lease=LEASE, now=now)


def settle(desk, claim, verdict=SENT, outcome="accepted", now=NOW):
    with desk.rt.sessions.begin() as session:
        said = Said("subject", "text", 1)
        return ending.settle(session, [Outcome(claim, verdict, outcome, "p", said)], now=now)


def rule_on(desk, id, verdict, now=NOW):
    with desk.rt.sessions.begin() as session:
        ending.rule_on(session, id, verdict, now=now)


def test_what_one_worker_holds_no_other_gets(desk, pending):
    (mine,) = claim(desk, [pending])

    assert claim(desk, [pending]) == []
    assert (mine.fence, mine.tries) == (1, 1)


def test_what_is_not_due_yet_nobody_gets(desk, pending):
    assert claim(desk, [pending], now=NOW - timedelta(seconds=1)) == []


def test_what_was_settled_is_over_and_says_what_was_sent(desk, pending):
    (mine,) = claim(desk, [pending])

    assert settle(desk, mine) == [pending]
    assert settle(desk, mine) == []

    (message,) = desk.messages()
    assert (message.state, message.due_at, message.settled_at) == (State.SENT, None, NOW)
    assert (message.text, message.segments, message.provider_id) == ("text", 1, "p")
    assert [a.outcome for a in desk.attempts()] == ["accepted"]


def test_a_worker_that_wakes_up_after_others_gave_it_up_settles_nothing(desk, pending):
    (late,) = claim(desk, [pending])
    rule_on(desk, pending, Verdict(State.PENDING, NOW, "once more"))
    (again,) = claim(desk, [pending])

    assert settle(desk, late, Verdict(State.FAILED, None, "late"), "refused") == []
    assert settle(desk, again) == [pending]
    assert desk.messages()[0].state is State.SENT


def put(desk, id, state):
    with desk.rt.sessions.begin() as session:
        session.execute(update(Message).where(Message.id == id).values(state=state, due_at=NOW))


def test_of_all_pairs_of_states_only_the_drawn_moves_can_be_written(desk, pending):
    moved = set()
    for before, after in product(State, State):
        put(desk, pending, before)
        fence = desk.messages()[0].fence
        rule_on(desk, pending, Verdict(after, None, "written"))
        if desk.messages()[0].fence != fence:
            assert desk.messages()[0].state is after
            moved.add((before, after))

    assert moved == {(before, after) for before in MOVES for after in MOVES[before]}


def test_only_what_is_being_sent_can_be_settled_and_only_what_waits_claimed_or_taken_back(desk, pending):
    (mine,) = claim(desk, [pending])
    for state in set(State) - {State.SENDING}:
        put(desk, pending, state)
        assert settle(desk, mine) == []
        assert desk.messages()[0].state is state
    for state in set(State) - {State.PENDING}:
        put(desk, pending, state)
        assert claim(desk, [pending]) == []
        assert take_back(desk, desk.messages()[0]) == []


def take_back(desk, message):
    with desk.rt.sessions.begin() as session:
        return messages.take_back(session, [message.contact_id], now=NOW)


def test_what_only_waits_is_taken_back_and_nobody_gets_it_any_more(desk, pending):
    assert take_back(desk, desk.messages()[0]) == [pending]

    (message,) = desk.messages()
    assert (message.state, message.due_at, message.why) == (State.CANCELLED, None, "goes into a later message")
    assert claim(desk, [pending]) == []
    assert take_back(desk, message) == []


def test_what_is_being_sent_or_may_have_arrived_is_not_taken_back(desk, pending):
    claim(desk, [pending])
    assert take_back(desk, desk.messages()[0]) == []

    rule_on(desk, pending, Verdict(State.IN_DOUBT, NOW, "in doubt"))
    rule_on(desk, pending, Verdict(State.PENDING, NOW, "once more"))
    assert desk.messages()[0].doubts == 1
    assert take_back(desk, desk.messages()[0]) == []


def test_only_what_is_past_its_lease_is_lost(desk, pending):
    claim(desk, [pending])

    with desk.rt.sessions.begin() as session:
        assert settling.lost(session, now=NOW + LEASE - timedelta(seconds=1)) == []
        assert [m.id for m in settling.lost(session, now=NOW + LEASE)] == [pending]


def test_a_channel_that_is_down_gives_the_try_back(desk, pending):
    (mine,) = claim(desk, [pending])
    down = Verdict(State.PENDING, NOW + timedelta(minutes=1), "channel down", tries_spent=0)

    settle(desk, mine, down, "channel_down")

    assert desk.messages()[0].tries == 0


def test_an_untried_message_leaves_no_attempt(desk, pending):
    (mine,) = claim(desk, [pending])

    settle(desk, mine, Verdict(State.PENDING, NOW, "slow", tries_spent=0), settling.NOT_TRIED)

    assert desk.attempts() == []


def test_a_bell_is_rung_once_in_a_while(desk, pending):
    again = timedelta(seconds=30)
    with desk.rt.sessions.begin() as session:
        assert not bells.ring(session, ANY, now=NOW, again=again)
        assert bells.ring(session, ANY, now=NOW + again, again=again) == {"email": [pending]}


def test_what_goes_first_is_rung_for_before_what_has_waited_longer(desk, pending):
    again = timedelta(seconds=30)
    with desk.rt.sessions.begin() as session:
        old = session.get(Message, pending)
        to = old.programme_id, old.office_id, old.contact_id, old.channel
        first, last = messages.create(
            session,
            [Outgoing(*to, Say.WARNING, goes_first=True), Outgoing(*to, Say.DUE, goes_first=False)],
            now=NOW + timedelta(minutes=1),
        )
        now = NOW + timedelta(minutes=2)

        assert bells.ring(session, {Channel.EMAIL: 1}, now=now, again=again) == {"email": [first]}
        assert bells.ring(session, {Channel.EMAIL: 9}, now=now, again=again) == {"email": [pending, last]}


@pytest.mark.parametrize("most", [4, 100], ids=["as many as may go", "few wait"])
@pytest.mark.parametrize("on_hold", [False, True], ids=["released", "on hold"])
def test_what_was_asked_for_is_rung_for_after_what_goes_first(desk, pending, most, on_hold):
    with desk.rt.sessions.begin() as session:
        old = session.get(Message, pending)
        to = old.programme_id, old.office_id, old.contact_id
        asked, first, text = messages.create(
            session,
            [
                Outgoing(*to, Channel.EMAIL, Say.SIGN_IN, goes_first=True),
                Outgoing(*to, Channel.EMAIL, Say.WARNING, goes_first=True),
                Outgoing(*to, Channel.SMS, Say.SIGN_IN, goes_first=True),
            ],
            now=NOW,
        )

        rung = bells.ring(
            session, dict.fromkeys(Channel, most), now=LEASE + NOW, again=timedelta(seconds=30), on_hold=on_hold
        )

        assert rung == {"email": [asked] if on_hold else [first, asked, pending], "sms": [text]}


def test_a_channel_for_which_no_bell_may_ring_keeps_no_other_waiting(desk, pending):
    with desk.rt.sessions.begin() as session:
        old = session.get(Message, pending)
        to = old.programme_id, old.office_id, old.contact_id
        texts = [Outgoing(*to, Channel.SMS, Say.WARNING, goes_first=True)] * 3
        messages.create(session, texts, now=NOW - timedelta(hours=1))

        rung = bells.ring(session, {Channel.SMS: 0, Channel.EMAIL: 2}, now=LEASE + NOW, again=timedelta(seconds=30))

        assert rung == {"email": [pending]}


def test_a_bell_that_found_nobody_free_is_rung_again_at_once(desk, pending):
    with desk.rt.sessions.begin() as session:
        bells.silence(session, [pending])
        assert bells.ring(session, ANY, now=NOW, again=timedelta(seconds=30)) == {"email": [pending]}
        assert not bells.ring(session, {Channel.EMAIL: 0}, now=NOW + LEASE, again=timedelta(seconds=30))


def test_what_failed_or_stayed_in_doubt_or_waits_too_long_is_listed(desk, pending):
    def listed(before):
        with desk.rt.sessions.begin() as session:
            return [m.id for m in audit.unsettled(session, before=before)]

    assert listed(NOW - timedelta(seconds=1)) == []
    assert listed(NOW) == [pending]
    claim(desk, [pending])
    rule_on(desk, pending, Verdict(State.FAILED, None, "refused"))
    assert listed(NOW - timedelta(days=1)) == [pending]
