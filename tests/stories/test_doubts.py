"""A text whose answer was lost: the provider tells or is asked, and at most one more is sent, marked as such."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from jobs.delivery import doubts
from jobs.operator import explain, outbox
from jobs.turn import audit
from models.desk import export
from models.matters import overseeing
from models.messages import doubts as books
from models.messages.messages import Attempt, Message
from models.messages.outbox import Filter
from notifiers.base import Letter
from rules.delivery import ChannelDown, DeliveryError, Refused, State, Temporary, Unknown
from rules.delivery_reports import Fate, Heard
from rules.desk import Channel
from services import hearing
from tests.stories.desk import Desk, Wire


class Killed(BaseException):
    """What a kill looks like from inside: nobody catches it."""


@dataclass
class Provider(Wire):
    """Can be asked what became of a text: it knows what it accepted, unless `forgets`; or it is `silent`."""

    forgets: bool = False
    more: list[str] = field(default_factory=list)
    """Of other texts in the same words."""

    silent: DeliveryError | None = None
    questions: list[tuple[Letter, datetime, datetime]] = field(default_factory=list)

    def lookup(self, letter: Letter, *, since: datetime, until: datetime) -> list[str]:
        self.questions.append((letter, since, until))
        if self.silent:
            raise self.silent
        known = [s for s in self.accepted if s.letter.to == letter.to and s.letter.message_id == letter.message_id]
        return [*self.more, *([f"found:{letter.message_id}"] if known and not self.forgets else [])]


@pytest.fixture
def provider(desk: Desk) -> Provider:
    """Takes the texts; the first word about Tamban's report of the eve goes by text at 15:00."""
    asked = asked_about(desk)
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 14:30")
    return asked


def asked_about(desk):
    asked = Provider(desk, accepted=desk.wire.accepted, tries=desk.wire.tries, troubles=desk.wire.troubles)
    desk.rt.notifiers = {**desk.rt.notifiers, Channel.SMS: asked}
    return asked


def text(desk):
    return next(m for m in desk.messages() if m.channel is Channel.SMS)


def tries(desk):
    return [a.outcome for a in desk.attempts() if a.message_id == text(desk).id]


def hears(desk, fate, *, provider_id="SM1", code="", dead=False):
    heard = Heard(message_id=text(desk).id, fate=fate, provider_id=provider_id, code=code, dead=dead)
    with desk.rt.sessions.begin() as session:
        assert hearing.keep(session, heard, now=desk.clock.at)


def test_the_provider_is_asked_and_has_it_so_there_is_no_second(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)

    desk.clock.reads("H-1 15:55")

    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    assert (text(desk).state, text(desk).provider_id) == (State.SENT, f"found:{text(desk).id}")
    assert not text(desk).possibly_doubled
    assert tries(desk) == ["unknown", "found"]
    assert len(provider.questions) == 1


def test_of_several_that_may_be_it_none_is_guessed_and_no_more_is_sent(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    provider.more = ["SM1"]

    desk.clock.reads("H-1 15:55")

    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    assert (text(desk).state, text(desk).due_at, text(desk).provider_id) == (State.IN_DOUBT, None, None)
    assert text(desk).why == "left in doubt: 2 texts that the provider has may be it"


@pytest.mark.parametrize("told_by", ["a delivery report", "a try"])
def test_what_the_books_give_to_another_message_is_not_it(desk, provider, told_by):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    desk.clock.reads("H-1 15:05")
    provider.more = ["SM1"]
    given_to_another(desk, "SM1", told_by)

    desk.clock.reads("H-1 15:55")

    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    assert (text(desk).state, text(desk).provider_id) == (State.SENT, f"found:{text(desk).id}")


def given_to_another(desk, provider_id, told_by):
    """A second text to the same number, of which the books know that the provider has it under this id."""
    row = text(desk)
    names = ("programme_id", "office_id", "contact_id", "channel", "say", "created_at")
    with desk.rt.sessions.begin() as session:
        other = Message(**{name: getattr(row, name) for name in names}, state=State.SENT, settled_at=row.created_at)
        session.add(other)
        session.flush()
        if told_by == "a delivery report":
            hearing.keep(
                session, Heard(message_id=other.id, fate=Fate.SENT, provider_id=provider_id), now=desk.clock.at
            )
        else:
            tried = {"number": 1, "ended_at": desk.clock.at, "outcome": "accepted", "provider_id": provider_id}
            session.add(Attempt(message_id=other.id, **tried))


def test_what_is_asked_for_are_the_words_and_the_time_of_the_try(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)

    desk.clock.reads("H-1 15:55")

    (letter, since, until) = provider.questions[0]
    assert (letter.to, letter.text) == (desk.address("Camat Tamban", Channel.SMS), text(desk).text)
    assert since < desk.moment("H-1 15:00") <= until


def test_the_provider_knows_of_none_so_one_more_goes_and_is_marked_everywhere(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    provider.forgets = True

    desk.clock.reads("H-1 15:55")

    assert desk.phone("Camat Tamban").clocks == ["15:00", "15:10"]
    assert text(desk).state is State.SENT
    assert_marked(desk)


def assert_marked(desk, *, twice=True):
    """Every place that shows the message says of it, and of no other, that it may have arrived twice; or none does."""
    key = desk.key("harian", "Tamban", "H-1")
    matter, marked = desk.matter(key).id, {text(desk).id} if twice else set()
    with desk.rt.sessions() as session:
        assert set(books.doubled(session, since=desk.moment("H-1 00:00"))) == marked
        assert {line["id"] for line, _, _ in export.messages(session) if line["possibly_doubled"]} == marked
        told = overseeing.told(session, [matter])
        assert sum(telling.possibly_doubled for telling in told.get(matter, [])) == len(marked)
    assert {m["id"] for m in outbox.listing(desk.rt, Filter(), limit=99) if m["possibly_doubled"]} == marked
    day = desk.moment("H-1 12:00").date()
    for shown in (explain.matter(desk.rt, key), explain.why_not(desk.rt, desk.office("Camat Tamban"), day)):
        assert sum("may have arrived twice" in step.what for step in shown.steps) == len(marked)


def test_a_doubt_that_ends_in_quiet_hours_waits_for_the_morning_as_the_same_message_with_its_mark(desk, provider):
    provider.forgets = True
    desk.clock.jumps("H-1 19:55")
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)

    desk.clock.reads("H-1 20:30")

    message = text(desk)
    assert (message.state, message.due_at) == (State.PENDING, desk.moment("H 07:00"))
    assert message.why == "waits for the end of: quiet hours"
    assert message.text
    assert audit.run(desk.rt, now=desk.clock.at).unsettled == []

    desk.clock.reads("H 07:30")

    assert [s.clock for s in provider.accepted if s.letter.message_id == message.id] == ["19:55", "07:00"]
    with desk.rt.sessions() as session:
        assert books.doubled(session, since=desk.moment("H-1 00:00")) == [message.id]
        assert [m["id"] for m, _, _ in export.messages(session) if m["possibly_doubled"]] == [message.id]


def test_a_second_try_that_does_not_leave_in_the_morning_is_told_ten_minutes_later(desk, provider):
    provider.forgets = True
    desk.clock.jumps("H-1 19:55")
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    desk.clock.reads("H-1 20:30")

    desk.clock.jumps("H 07:10")

    assert [m.id for m in audit.run(desk.rt, now=desk.clock.at).unsettled] == [text(desk).id]


def test_a_promise_made_meanwhile_keeps_the_second_try_back_as_the_same_message(desk, provider):
    provider.forgets = True
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    desk.clock.reads("H-1 15:05")
    desk.promises(desk.key("harian", "Tamban", "H-1"), "H-1 15:20")

    desk.clock.reads("H-1 15:19")
    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    desk.clock.reads("H-1 15:20")

    assert [s.letter.message_id for s in desk.phone("Camat Tamban").letters] == [text(desk).id] * 2
    assert text(desk).possibly_doubled


def test_of_two_things_in_one_text_a_promise_for_one_leaves_the_second_try_whole(desk):
    provider, keys = asked_about(desk), [desk.key("hari-h", "Tamban", slot) for slot in ("H@10.00", "H@13.30")]
    provider.forgets = True
    desk.owes_only(*keys)
    desk.is_down("H 09:00", "H 13:50")
    desk.fails(Channel.SMS, Unknown("timed out"), to="Camat Tamban", times=1)
    desk.turn()
    desk.promises(keys[1], "H 15:00")

    desk.clock.reads("H 14:01")

    first, second = desk.phone("Camat Tamban").letters
    assert (first.clock, second.clock) == ("13:50", "14:00")
    assert [m.id for m in desk.messages() if m.possibly_doubled] == [first.letter.message_id]
    assert [n.message_id for key in keys for n in desk.notices(key, "Camat Tamban")] == [second.letter.message_id] * 2


def test_never_a_third(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"))
    provider.forgets = True

    desk.clock.reads("H-1 15:55")

    assert desk.phone("Camat Tamban").clocks == ["15:00", "15:10"]
    assert (text(desk).state, text(desk).due_at) == (State.IN_DOUBT, None)
    assert text(desk).possibly_doubled
    assert [m.possibly_doubled for m in audit.run(desk.rt, now=desk.clock.at).unsettled] == [True]
    assert len(provider.questions) == 2


def test_a_report_that_came_meanwhile_ends_it_without_a_second(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    provider.forgets = True
    desk.clock.reads("H-1 15:05")
    desk.files(desk.key("harian", "Tamban", "H-1"))

    desk.clock.reads("H-1 15:55")

    assert desk.phone("Camat Tamban").clocks[0] == "15:00"
    assert (text(desk).state, text(desk).due_at) == (State.IN_DOUBT, None), "it did arrive: it is not called cancelled"
    assert "may have arrived" in text(desk).why
    assert audit.run(desk.rt, now=desk.clock.at).unsettled == [], "what it said was answered"
    assert_marked(desk, twice=False)


def test_a_second_try_that_is_refused_did_not_make_two(desk, provider):
    desk.loses("Camat Tamban", Channel.EMAIL)
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    desk.fails(Channel.SMS, Refused("no such number"), start="H-1 15:10", end="H-1 15:11")
    provider.forgets = True

    desk.clock.reads("H-1 15:55")

    assert text(desk).state is State.FAILED
    assert [m.possibly_doubled for m in audit.run(desk.rt, now=desk.clock.at).unsettled] == [False]
    assert_marked(desk, twice=False)


def test_a_word_about_the_first_that_comes_while_the_second_waits_ends_it_with_one(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    provider.forgets = True
    desk.clock.reads("H-1 15:05")
    desk.promises(desk.key("harian", "Tamban", "H-1"), "H-1 15:50")
    desk.clock.reads("H-1 15:15")

    hears(desk, Fate.DELIVERED)
    desk.clock.reads("H-1 15:55")

    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    assert text(desk).state is State.SENT
    assert_marked(desk, twice=False)


@pytest.mark.parametrize("at", ["H-1 15:00", "H-1 15:05"])
def test_the_providers_own_word_comes_before_any_question(desk, provider, at):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    provider.forgets = True
    desk.clock.reads(at)

    hears(desk, Fate.QUEUED)
    desk.clock.reads("H-1 15:55")

    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    assert (text(desk).state, text(desk).provider_id) == (State.SENT, "SM1")
    assert provider.questions == []


def test_a_word_that_came_before_the_worker_died_is_found_when_the_doubt_ends(desk, provider):
    desk.fails(Channel.SMS, Killed(), times=1)
    desk.clock.jumps("H-1 15:00")
    with pytest.raises(Killed):
        desk.turn()
    hears(desk, Fate.DELIVERED)
    assert text(desk).state is State.SENDING

    desk.clock.reads("H-1 15:55")

    assert (text(desk).state, text(desk).provider_id) == (State.SENT, "SM1")
    assert tries(desk) == ["lost", "found"]
    assert provider.questions == []


def test_the_words_of_a_worker_that_died_were_kept_before_so_by_them_the_provider_is_asked(desk, provider):
    desk.fails(Channel.SMS, Killed(), times=1)
    desk.clock.jumps("H-1 15:00")
    with pytest.raises(Killed):
        desk.turn()

    desk.clock.reads("H-1 15:55")

    (letter, since, until) = provider.questions[0]
    assert desk.code(desk.key("harian", "Tamban", "H-1")) in letter.text
    assert letter.text == text(desk).text
    assert (since, until) == (desk.moment("H-1 15:00"), desk.moment("H-1 15:02"))
    assert desk.phone("Camat Tamban").clocks == ["15:12"]


@pytest.mark.parametrize("silent", [Temporary("busy"), ChannelDown("wrong token")])
def test_a_provider_that_does_not_answer_is_asked_again(desk, provider, silent):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    provider.silent = silent
    desk.clock.reads("H-1 15:35")
    assert text(desk).state is State.IN_DOUBT
    provider.silent = None

    desk.clock.reads("H-1 15:55")

    assert desk.phone("Camat Tamban").clocks == ["15:00"]
    assert (text(desk).state, len(provider.questions)) == (State.SENT, 4)


def test_one_that_never_answers_leaves_the_doubt_to_people(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    provider.silent = Temporary("busy")

    desk.clock.reads("H-1 16:30")

    assert "15:00" in desk.phone("Camat Tamban").clocks
    assert (text(desk).state, text(desk).due_at) == (State.IN_DOUBT, None)
    assert len(provider.questions) == 7
    assert "could not be asked for long" in text(desk).why


def test_what_was_settled_while_the_provider_was_asked_stays_settled(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    desk.clock.reads("H-1 15:05")
    desk.clock.jumps("H-1 15:10")
    questions = doubts.find_lost(desk.rt, now=desk.clock.at)
    hears(desk, Fate.DELIVERED, provider_id="SM9")
    provider.forgets = True

    doubts.ask(desk.rt, questions)

    assert (text(desk).state, text(desk).provider_id) == (State.SENT, "SM9")


def test_two_clocks_ask_once(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    desk.clock.reads("H-1 15:05")
    desk.clock.jumps("H-1 15:10")

    first = doubts.find_lost(desk.rt, now=desk.clock.at)
    second = doubts.find_lost(desk.rt, now=desk.clock.at)

    assert (len(first), second) == (1, [])


def test_a_clock_that_died_asking_leaves_the_question_to_the_next(desk, provider):
    desk.fails(Channel.SMS, Unknown("timed out"), times=1)
    desk.clock.reads("H-1 15:05")
    desk.clock.jumps("H-1 15:10")
    old = doubts.find_lost(desk.rt, now=desk.clock.at)

    later = doubts.find_lost(desk.rt, now=desk.clock.at + timedelta(minutes=2))
    provider.forgets = True
    doubts.ask(desk.rt, old)

    assert len(later) == 1
    assert text(desk).state is State.IN_DOUBT
