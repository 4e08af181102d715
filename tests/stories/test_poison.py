"""One thing that cannot be understood is set aside and shown; its neighbours are told as ever."""

import os
import resource
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import SQLAlchemyError

from jobs.delivery import deliver
from jobs.operator import outbox
from jobs.turn import audit
from models.desk.programmes import Programme
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.messages import settling
from models.messages.messages import Message
from models.messages.outbox import Filter
from models.offices.offices import Office
from rules import indonesian, quiet
from rules.delivery import State
from rules.desk import Channel
from rules.filing import Via
from rules.ladder import Say
from tests.stories.desk import unkept


@pytest.fixture
def both(desk):
    """The daily reports of Tamban and Mekarsari; nobody was told yet."""
    keys = tuple(desk.key("harian", district, "H-1") for district in ("Tamban", "Mekarsari"))
    desk.owes_only(*keys)
    desk.clock.reads("H-1 11:59")
    return keys


def close(desk):
    with desk.rt.sessions.begin() as session:
        session.execute(update(Programme).values(closed_at=desk.clock.at))


@pytest.mark.parametrize(
    ("nonsense", "named"),
    [
        pytest.param({"ladder": "no-such-ladder"}, "no-such-ladder", id="a ladder nobody knows"),
        pytest.param(
            {"since": datetime(9999, 12, 31, 9, tzinfo=UTC)}, "OverflowError", id="a due time at the end of time"
        ),
    ],
)
def test_a_report_that_makes_no_sense_is_set_aside_and_shown_and_the_others_are_chased(desk, both, nonsense, named):
    tamban, mekarsari = both
    with desk.rt.sessions.begin() as session:
        session.execute(update(Matter).where(Matter.key == tamban).values(nonsense))

    desk.clock.jumps("H-1 15:00")
    desk.turn()

    assert desk.phone("Camat Mekarsari").clocks == ["15:00"]
    assert desk.heard("Camat Tamban") == []
    (task,) = desk.tasks()
    assert (task.why, desk.code(tamban) in task.text, named in task.text) == ("set_aside", True, True)
    desk.turn()
    assert audit.run(desk.rt, now=desk.clock.at + timedelta(minutes=2)).broken == [tamban]
    assert desk.matter(mekarsari).reached == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param({"since": datetime(9999, 12, 31, 9, tzinfo=UTC)}, id="no hour can be reckoned"),
        pytest.param({"reached": 99}, id="it stands on no rung"),
    ],
)
def test_a_warning_of_which_nobody_can_say_who_hears_next_stops_only_itself(desk, both, nonsense):
    tamban, _ = both
    desk.clock.reads("H-1 16:59")
    desk.bell.deaf = True
    desk.clock.jumps("H-1 17:00")
    desk.turn()
    with desk.rt.sessions.begin() as session:
        session.execute(update(Matter).where(Matter.key == tamban).values(nonsense))
    desk.bell.deaf = False

    desk.clock.jumps("H-1 17:01")
    desk.turn()

    assert desk.phone("Camat Mekarsari", since="H-1 16:30").texts[0].count("18.30") == 1


def test_when_a_programme_is_closed_its_chase_stops_and_nothing_is_broken(desk, both):
    close(desk)

    desk.clock.reads("H-1 19:00")

    assert desk.wire.accepted == []
    assert {desk.matter(key).closed_why for key in both} == {"the programme is closed"}


def test_what_was_held_when_its_programme_was_closed_is_not_sent(desk, both):
    desk.holds("a wrong text")
    desk.clock.reads("H-1 12:00")
    close(desk)
    desk.releases()

    desk.clock.reads("H-1 12:10")

    assert desk.wire.accepted == []
    assert {n.reason for key in both for n in desk.notices(key)} == {"the programme is closed"}


def test_a_message_on_its_way_when_its_programme_was_closed_is_cancelled(desk, both):
    desk.bell.deaf = True
    desk.clock.reads("H-1 12:00")
    close(desk)
    desk.bell.deaf = False

    desk.clock.reads("H-1 12:10")

    assert desk.wire.accepted == []
    assert {m.state for m in desk.messages()} == {State.CANCELLED}


def test_a_message_in_doubt_when_its_programme_was_closed_stays_in_doubt(desk, both):
    desk.clock.reads("H-1 12:00")
    with desk.rt.sessions.begin() as session:
        session.execute(update(Message).values(state=State.IN_DOUBT, due_at=desk.clock.at))
    close(desk)

    desk.clock.reads("H-1 12:10")

    assert {(m.state, m.due_at) for m in desk.messages()} == {(State.IN_DOUBT, None)}


def test_another_desk_goes_on_when_one_is_closed(desk, both):
    """Both were due at once; only one of them is still anybody's concern."""
    desk.loads_jayapura()
    sentani = desk.key("harian", "Sentani", "H-1")
    desk.owes_only(*both, sentani)
    head, tamban = (desk.address(office, Channel.SMS) for office in ("Kepala Distrik Sentani", "Camat Tamban"))
    with desk.rt.sessions.begin() as session:
        closed = update(Programme).where(Programme.code == desk.programme.code)
        session.execute(closed.values(closed_at=desk.clock.at))

    desk.clock.reads("H-1 15:30")

    told = {s.letter.to for s in desk.wire.accepted}
    assert (head in told, tamban in told) == (True, False)


def test_nothing_waits_after_a_closed_programme_was_seen_through(desk, both):
    close(desk)
    desk.clock.reads("H-1 16:00")

    with desk.rt.sessions.begin() as session:
        assert settling.lost(session, now=desk.clock.at) == []


def in_no_zone(desk, office, zone="Asia/Nowhere"):
    with desk.rt.sessions.begin() as session:
        session.execute(update(Office).where(Office.code == desk.office(office)).values(zone=zone))


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "../x", "."])
def test_an_office_in_an_unknown_zone_is_set_aside_and_shown_and_the_others_are_told(desk, both, zone):
    in_no_zone(desk, "Camat Tamban", zone)

    desk.clock.jumps("H-1 15:00")
    for _ in range(2):
        desk.turn()

    assert desk.phone("Camat Mekarsari").clocks == ["15:00"]
    assert desk.heard("Camat Tamban") == []
    (task,) = desk.tasks()
    assert (task.why, repr(zone) in task.text) == ("set_aside", True)


def test_a_matter_that_cannot_be_reckoned_is_set_aside_whatever_the_defect(desk, both):
    """No file may name such a zone; whatever let it in, the other matters go on."""
    ((id, programme),) = desk.rt.programmes.items()
    offices = [replace(o, zone="../x") if o.title == "Camat Tamban" else o for o in programme.desk.offices]
    spoilt = replace(programme, desk=replace(programme.desk, offices=tuple(offices)))
    desk.rt.shelf._read[id] = spoilt

    desk.clock.jumps("H-1 15:00")
    desk.turn()

    assert desk.phone("Camat Mekarsari").clocks == ["15:00"]
    assert [(t.why, desk.code(both[0]) in t.text) for t in desk.tasks()] == [("set_aside", True)]


def test_messages_on_their_way_go_though_an_offices_zone_became_unknown(desk, both):
    desk.bell.deaf = True
    desk.clock.jumps("H-1 15:00")
    desk.turn()
    in_no_zone(desk, "Camat Tamban")
    desk.bell.deaf = False

    desk.clock.jumps("H-1 15:01")
    desk.turn()

    assert desk.phone("Camat Mekarsari").clocks == desk.phone("Camat Tamban").clocks == ["15:01"]


def test_another_way_for_an_office_in_an_unknown_zone_stops_nobody(desk, both):
    """Both were told by text without a sign; the other way of one cannot be reckoned."""
    desk.clock.jumps("H-1 15:00")
    desk.turn()
    in_no_zone(desk, "Camat Tamban")

    for clock in ("16:00", "17:00", "18:00", "19:00"):
        desk.clock.jumps(f"H-1 {clock}")
        desk.turn()

    assert desk.heard("Camat Tamban") == ["sms 15:00"]
    assert len(desk.heard("Camat Mekarsari")) > 1
    assert [t.why for t in desk.tasks() if "Asia/Nowhere" in t.text] == ["set_aside"]


def spoil(desk, key):
    """No text can be made of a report any more."""
    with desk.rt.sessions.begin() as session:
        poison = select(Matter.id).where(Matter.key == key).scalar_subquery()
        session.execute(update(Obligation).where(Obligation.id == poison).values(zone="Asia/Nowhere"))


@pytest.fixture
def unwritable(desk, both):
    """The report of Tamban that no text can be made of; its first word is a mail at noon, and there is no other way."""
    spoil(desk, both[0])
    desk.loses("Camat Tamban", Channel.SMS)


def of_tamban(desk):
    with desk.rt.sessions.begin() as session:
        office = select(Office.id).where(Office.code == desk.office("Camat Tamban")).scalar_subquery()
        return list(session.scalars(select(Message).where(Message.office_id == office).order_by(Message.id)))


def tried(desk, message):
    """When and how, as 12:00 unwritable."""
    own = [a for a in desk.attempts() if a.message_id == message.id]
    return [f"{a.ended_at.astimezone(desk.zone):%H:%M} {a.outcome}" for a in own]


def test_what_cannot_be_written_is_set_aside_after_three_tries_and_shown(desk, unwritable):
    desk.clock.reads("H-1 13:00")

    (message,) = of_tamban(desk)
    assert tried(desk, message) == ["12:00 unwritable", "12:01 unwritable", "12:06 unwritable"]
    assert message.state is State.FAILED
    assert message.why.startswith("set aside after 3 tries: cannot be written: ")
    assert message.id in [m.id for m in audit.run(desk.rt, now=desk.clock.at).unsettled]
    assert desk.mailbox("Camat Mekarsari").clocks == ["12:00"]


def test_a_later_word_to_the_same_office_is_not_spoiled_and_does_not_begin_the_tries_anew(desk):
    """The office files the report of the day before while what it owes today cannot be written."""
    yesterday, today = (desk.key("harian", "Tamban", day) for day in ("H-2", "H-1"))
    desk.owes_only(yesterday, today)
    desk.loses("Camat Tamban", Channel.SMS)
    spoil(desk, today)
    desk.clock.reads("H-1 12:02")
    before = len(of_tamban(desk))

    desk.files(yesterday, via=Via.PHONE)
    desk.clock.reads("H-1 13:00")

    poison, receipt = of_tamban(desk)[before - 1 :]
    assert tried(desk, poison) == ["12:00 unwritable", "12:01 unwritable", "12:06 unwritable"]
    assert (receipt.say, receipt.state) == (Say.RECEIVED, State.SENT)


def test_only_an_operator_has_it_tried_again(desk, unwritable):
    desk.clock.reads("H-1 13:00")
    (message,) = of_tamban(desk)

    (answer,) = outbox.retry(desk.rt, Filter(ids=[message.id]), twice=False)
    desk.clock.reads("H-1 13:05")

    assert answer.done
    assert len(tried(desk, message)) == 4
    assert of_tamban(desk)[0].why.startswith("set aside after 4 tries")


CAMAT = "(select id from office where code = 'camat-tamban')"


@pytest.mark.parametrize(
    ("poison", "named"),
    [
        pytest.param("update matter set kind = 'x' where key like '%/63.04.02/H-1'", "matter", id="a kind of matter"),
        pytest.param(f"update notice set say = 'x' where office_id = {CAMAT}", "notice", id="what is on its way"),
        pytest.param(
            f"update notice set say = 'x', state = 'planned', message_id = null where office_id = {CAMAT}",
            "notice",
            id="what is planned",
        ),
        pytest.param(f"update notice set audience = 'x' where office_id = {CAMAT}", "", id="whom it was for"),
        pytest.param(f"update message set say = 'x' where office_id = {CAMAT}", "message", id="what a message says"),
        pytest.param(f"update contact set state = 'x' where office_id = {CAMAT}", "contact", id="how a contact stands"),
    ],
)
def test_a_word_that_nobody_knows_stops_only_its_own_row_and_is_shown(desk, both, poison, named):
    desk.bell.deaf = True
    desk.clock.jumps("H-1 12:00")
    desk.turn()
    desk.bell.deaf = False
    with desk.rt.sessions.begin() as session, unkept(session, "notice"):
        assert session.execute(text(poison)).rowcount

    for clock in ("12:01", "15:00", "15:01"):
        desk.clock.jumps(f"H-1 {clock}")
        desk.turn()

    assert desk.heard("Camat Mekarsari") == ["email 12:01", "sms 15:00"]
    assert {task.text.split()[0] for task in desk.tasks() if "nobody knows" in task.text} == {named} - {""}
    desk.every_promise_is_kept()


@contextmanager
def no_more_files():
    """This process may open no file more, as where strangers hold all of them; what it knew of zones is forgotten."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Path(os.devnull).open() as lowest:
        most = lowest.fileno()
    ZoneInfo.clear_cache()
    for remembered in (indonesian.clock, indonesian.local_date):
        remembered.cache_clear()
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_machine_that_can_open_no_file_fails_its_turn_and_sets_nothing_aside(desk, both):
    desk.clock.jumps("H-1 15:00")

    with no_more_files(), pytest.raises((OSError, SQLAlchemyError)):
        desk.turn()
    before = desk.tasks(), list(desk.wire.accepted)
    desk.turn()

    assert before == ([], [])
    assert [desk.phone(office).clocks for office in ("Camat Tamban", "Camat Mekarsari")] == [["15:00"], ["15:00"]]
    assert desk.tasks() == []


def test_an_office_is_not_set_aside_because_its_zone_cannot_be_read_now(desk, both):
    with no_more_files(), pytest.raises(OSError, match="Too many open files"):
        quiet.readable("Asia/Makassar")

    assert quiet.readable("Asia/Makassar")
    assert not quiet.readable("Asia")
    assert not quiet.readable("x" * 300)


def test_a_text_that_this_machine_cannot_write_now_costs_no_try_and_is_written_later(desk, both):
    desk.bell.deaf = True
    desk.clock.reads("H-1 12:00")
    desk.bell.deaf = False
    mails = [m.id for m in desk.messages() if m.channel == Channel.EMAIL]

    with no_more_files(), suppress(OSError, SQLAlchemyError):
        deliver.run(desk.rt, Channel.EMAIL, mails)
    desk.clock.reads("H-1 12:30")

    assert "unwritable" not in [a.outcome for a in desk.attempts()]
    assert {m.state for m in desk.messages()} == {State.SENT}
    assert mails
