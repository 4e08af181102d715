"""An older copy of the books is put back: nobody is reproached for what was lost, and no number means two things."""

import re
from datetime import timedelta
from io import BytesIO
from random import Random
from zipfile import ZipFile

import pytest
from sqlalchemy import select, text, update

from jobs.operator import acting, amend, holding
from jobs.turn import seen
from models.desk import orders
from models.desk.changes import Change, Hand, Way
from models.machine import clock, gaps
from models.matters import numbers, reports, submissions, tasks
from models.offices import offices
from models.offices.offices import Contact
from rules.desk import Channel
from rules.fairness import Cause
from rules.filing import Content, Via
from rules.gaps import behind
from rules.orders import Act
from rules.recap import Period
from rules.tokens import Scope
from services import recap, tokens
from services.documents import make
from tests.stories.desk import VOTING_DAY
from tests.stories.test_advice import gives
from tests.stories.test_amending import daily_at

H3 = "H-3"


@pytest.fixture
def desk(desk, tmp_path):
    desk.rt.seen = tmp_path / "seen.json"
    return desk


def put_back(desk, copied):
    """The books as they are, taken for a copy of that time: newer ones were seen until now."""
    with desk.rt.sessions.begin() as session:
        clock.mark(session, clock.SWEEP, desk.clock.at)
    seen.keep(desk.rt)
    with desk.rt.sessions.begin() as session:
        clock.mark(session, clock.SWEEP, desk.moment(copied))
    seen.look(desk.rt)


def goes_on(desk):
    preview = holding.preview(desk.rt)
    holding.off(desk.rt)
    return preview


def test_a_new_desk_keeps_how_far_the_books_are_before_it_keeps_anything_else(desk, tmp_path):
    desk.rt.seen = tmp_path / "var" / "seen.json"
    with desk.rt.sessions.begin() as session:
        clock.mark(session, clock.SWEEP, desk.clock.at)

    seen.keep(desk.rt)

    assert seen.read(desk.rt.seen)


@pytest.fixture
def lost(desk):
    """Tamban's report was due at 15.00; the copy is of noon, and it is half past four."""
    key = desk.key("harian", "Tamban", H3)
    desk.owes_only(key)
    desk.clock.reads(f"{H3} 12:00")
    desk.clock.jumps(f"{H3} 16:30")
    put_back(desk, f"{H3} 12:00")
    return key


def told(desk):
    return [sent.text for sent in desk.wire.accepted if sent.at >= desk.moment(f"{H3} 16:30")]


def test_nothing_is_sent_until_somebody_looked(desk, lost):
    desk.clock.reads(f"{H3} 18:00")

    with desk.rt.sessions.begin() as session:
        assert "an older copy of the books was put back" in clock.marked(session, clock.HOLD)[1]
    assert told(desk) == []
    assert [(task.why, task.text) for task in desk.tasks() if task.why is tasks.Why.GAP] == [
        (tasks.Why.GAP, "Catatan dari 11 Februari 2024 pukul 12.00 WITA s.d. 11 Februari 2024 pukul 16.30 WITA")
    ]


def test_a_token_that_was_taken_back_in_the_gap_opens_nothing(desk):
    desk.owes_only()
    with desk.rt.sessions.begin() as session:
        code = desk.programme.desk.code
        office = offices.ids_of(session, code)[desk.office("Sekretariat Desk")]
        hand, days = Hand(office, "Sekretariat Desk", Way.SYSTEM), timedelta(days=9)
        _, token = tokens.give(session, code, "papan", [Scope.OWED], days, luck=Random(1), hand=hand, now=desk.clock.at)
    desk.clock.jumps(f"{H3} 16:30")
    put_back(desk, f"{H3} 12:00")

    with desk.rt.sessions.begin() as session:
        assert tokens.enter(session, token, now=desk.clock.at) is None


def test_who_may_have_sent_his_report_is_asked_and_not_chased(desk, lost):
    desk.clock.reads(f"{H3} 17:00")
    goes_on(desk)
    desk.clock.reads(f"{H3} 22:30")

    assert told(desk)
    assert all("mohon kirim lagi" in text for text in told(desk))
    assert [task for task in desk.tasks() if task.why is tasks.Why.GAP] == []


def test_who_says_nothing_is_chased_again_later(desk, lost):
    desk.clock.reads(f"{H3} 17:00")
    goes_on(desk)
    desk.clock.reads("H-2 12:00")

    assert any("belum kami terima" in text.lower() for text in told(desk))
    desk.every_promise_is_kept()


def test_a_report_of_tomorrow_is_asked_about_too_and_keeps_its_time(desk):
    key = desk.key("harian", "Tamban", "H-2")
    desk.owes_only(key)
    desk.clock.reads("H-2 11:00")
    desk.clock.jumps("H-2 12:00")
    put_back(desk, "H-2 11:00")
    due_at = desk.moment("H-2 15:00")
    goes_on(desk)
    desk.clock.reads("H-2 12:05")

    with desk.rt.sessions.begin() as session:
        ((_, owed),) = gaps.maybe_lost(session, 1, gaps.lately(session, now=desk.clock.at)[0])
    assert (owed.due_at, owed.extended_until) == (due_at, desk.moment("H-2 18:00"))
    assert "mohon kirim lagi" in desk.wire.accepted[-1].text


def test_a_receipt_and_a_problem_get_numbers_that_no_lost_one_had(desk):
    key = desk.key("harian", "Tamban", H3)
    desk.owes_only(key, desk.key("harian", "Mekarsari", H3))
    desk.clock.reads(f"{H3} 12:00")
    desk.files(key)
    first = desk.has_a_problem("Perahu karam")
    put_back(desk, f"{H3} 11:00")

    desk.files(key, "Diperbaiki.")
    desk.files(desk.key("harian", "Mekarsari", H3), by="Camat Mekarsari")
    after = [desk.has_a_problem(f"Jembatan {n}") for n in (1, 2)]

    assert [report.number for report in desk.reports(key)] == ["TT-000001", "TT-010001"]
    assert [r.number for r in desk.reports(desk.key("harian", "Mekarsari", H3))] == ["TT-010002"]
    assert first == "P-0001"
    assert after == ["P-1001", "P-1002"]


def test_the_task_that_tells_of_a_gap_has_a_number_that_no_lost_one_had(desk, lost):
    desk.clock.reads(f"{H3} 16:45")

    with desk.rt.sessions.begin() as session:
        codes = [numbers.codes(session, [own.matter_id]).popitem()[1] for own in desk.tasks()]
    assert "S-1001" in codes
    assert all(code >= "S-1001" for code in codes)


def test_an_order_that_waits_for_a_second_person_has_a_number_that_no_lost_one_had(desk):
    """Whoever was asked to `./desk confirm 1` before the crash must not confirm something else by it."""
    desk.owes_only()
    desk.clock.reads(f"{H3} 12:00")
    put_back(desk, f"{H3} 11:00")

    with desk.rt.sessions.begin() as session:
        hand = acting.hand(session, desk.programme, desk.programme.desk.secretariat)
        ids = [
            orders.add(session, desk.programme.desk.code, hand, Act.RELEASE, {}, "selesai", now=desk.clock.at)
            for _ in range(2)
        ]
    assert ids == [1001, 1002]


def test_two_who_send_their_lost_reports_at_once_get_two_numbers(desk):
    """Both are told at the same minute that sending goes on."""
    if desk.rt.sessions.kw["bind"].dialect.name == "sqlite":
        pytest.skip("one writes at a time")
    keys = [desk.key("harian", name, H3) for name in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys)
    desk.clock.reads(f"{H3} 12:00")
    put_back(desk, f"{H3} 11:00")
    ids = [desk.matter(key).id for key in keys]
    new = reports.New(1, Content.NIL, {}, "", Via.LINK, 1, "Camat", None, desk.clock.at)

    with desk.rt.sessions.begin() as one, desk.rt.sessions.begin() as other:
        other.execute(text("SET LOCAL lock_timeout = '2s'"))
        first = reports.add(one, ids[0], new, now=desk.clock.at)
        second = reports.add(other, ids[1], new, now=desk.clock.at)

    assert {first.number, second.number} == {"TT-010001", "TT-010002"}


def test_the_first_problem_after_a_gap_is_not_the_first_that_was_lost(desk):
    """The copy is older than any problem; P-0001 stands in a text that somebody holds."""
    desk.owes_only()
    desk.clock.reads(f"{H3} 12:00")
    put_back(desk, f"{H3} 11:00")

    assert desk.has_a_problem("Perahu karam") == "P-1001"


def test_advice_to_several_offices_goes_on_from_a_number_of_its_own_too(desk):
    desk.owes_only()
    desk.clock.reads(f"{H3} 12:00")
    assert gives(desk, "Camat Tamban", "Camat Mekarsari", due="H-1 12:00") == ["A-0001-1", "A-0001-2"]
    put_back(desk, f"{H3} 11:00")

    assert gives(desk, "Camat Tamban", text="Mohon genset.", due="H-1 12:00") == ["A-1001"]


def test_what_may_have_left_already_counts_as_possibly_doubled(desk):
    key = desk.key("harian", "Tamban", H3)
    desk.owes_only(key)
    desk.fails_down(Channel.EMAIL, f"{H3} 07:00", f"{H3} 16:40")
    desk.fails_down(Channel.SMS, f"{H3} 07:00", f"{H3} 16:40")
    desk.clock.reads(f"{H3} 12:00")
    desk.clock.jumps(f"{H3} 16:30")
    put_back(desk, f"{H3} 12:00")
    desk.has_a_problem("Perahu karam")
    desk.clock.reads(f"{H3} 16:45")
    goes_on(desk)
    desk.clock.reads(f"{H3} 17:30")

    marked = [message for message in desk.messages() if message.repeated_at is not None]
    assert marked
    assert all(message.possibly_doubled for message in marked if message.state == "sent")


def test_books_that_only_stood_still_are_believed(desk):
    desk.owes_only(desk.key("harian", "Tamban", H3))
    desk.clock.reads(f"{H3} 12:00")
    with desk.rt.sessions.begin() as session:
        clock.mark(session, clock.SWEEP, desk.clock.at)
    seen.keep(desk.rt)
    desk.clock.jumps(f"{H3} 16:30")

    seen.look(desk.rt)

    with desk.rt.sessions.begin() as session:
        assert clock.marked(session, clock.HOLD) is None
        assert gaps.unasked(session) == []


def test_a_copy_from_before_an_amendment_is_known_as_one(desk):
    """An amendment writes its own moment on the programme, where the older copy has another."""
    desk.clock.reads(f"{H3} 12:00")
    with desk.rt.sessions.begin() as session:
        clock.mark(session, clock.SWEEP, desk.clock.at)
        copied = gaps.seen(session)
    desk.clock.jumps(f"{H3} 14:00")
    amend.amend(desk.rt, [daily_at("17:00")])

    with desk.rt.sessions.begin() as session:
        clock.mark(session, clock.SWEEP, desk.clock.at)
        assert behind(gaps.seen(session), copied)


@pytest.mark.parametrize("written", [b"", b"{}", b"\xff", b'{"identity": 1, "swept_at": "gestern"}'])
def test_a_file_that_makes_no_sense_holds_nothing(desk, written):
    desk.rt.seen.write_bytes(written)

    seen.look(desk.rt)

    with desk.rt.sessions.begin() as session:
        assert clock.marked(session, clock.HOLD) is None


def test_whoever_is_asked_for_reports_is_asked_for_incidents_too(desk, lost):
    desk.clock.reads(f"{H3} 17:00")
    goes_on(desk)
    desk.clock.reads(f"{H3} 17:10")

    assert told(desk)
    assert all("kejadian" in text.lower() for text in told(desk))


@pytest.mark.parametrize(
    "noticed", [pytest.param("16:30", id="before it is as of"), pytest.param("18:30", id="after it is as of")]
)
def test_the_letter_says_of_which_hours_the_books_were_lost(desk, noticed):
    """It is compiled by what was known at 18.00, which these books lost, and whoever reads it sees no other figures."""
    desk.owes_only(f"{desk.programme.code}/laporan-harian/63.04/{H3}")
    desk.clock.reads(f"{H3} 12:00")
    desk.clock.jumps(f"{H3} {noticed}")
    put_back(desk, f"{H3} 12:00")
    desk.clock.reads(f"{H3} {noticed[:2]}:40")
    goes_on(desk)
    desk.clock.reads(f"{H3} 18:45")

    with desk.rt.sessions.begin() as session:
        (own,) = submissions.all_of(session)
    docx = ZipFile(BytesIO(make("docx", own.facts, None, {})))
    said = " ".join(re.sub("<[^>]+>", " ", docx.read("word/document.xml").decode()).split())
    assert "catatan dari 11 Februari 2024 pukul 12.00 WITA" in said
    assert "hanya bila sudah disampaikan lagi" in said


def test_who_said_that_it_is_not_his_number_gets_nothing_again(desk):
    key = desk.key("harian", "Tamban", H3)
    desk.owes_only(key)
    desk.clock.reads(f"{H3} 11:00")
    desk.loses("Camat Tamban", Channel.SMS)
    with desk.rt.sessions.begin() as session:
        clock.mark(session, clock.SWEEP, desk.clock.at)
        id = session.scalars(select(Contact.id).where(Contact.channel == Channel.SMS, Contact.state == "dead")).one()
        session.execute(update(Contact).where(Contact.id == id).values(withdrawn_at=desk.clock.at))
    seen.keep(desk.rt)
    with desk.rt.sessions.begin() as session:  # the copy knows nothing of it
        session.execute(update(Contact).where(Contact.id == id).values(withdrawn_at=None, state=Contact.State.ACTIVE))
        clock.mark(session, clock.SWEEP, desk.moment(f"{H3} 10:00"))

    seen.look(desk.rt)

    with desk.rt.sessions.begin() as session:
        contact = session.get_one(Contact, id)
        assert (contact.state, contact.withdrawn_at is not None) == (Contact.State.DEAD, True)
        assert [c.text for c in session.scalars(select(Change).where(Change.what == "contact withdrawn"))] == [
            "sms: gap"
        ]


def test_a_report_that_closed_in_what_was_lost_is_laid_to_nobody(desk):
    key = desk.key("hari-h", "Tamban", "H@07.30")  # it is taken until half past one
    desk.owes_only(key)
    desk.clock.reads("H 12:00")
    desk.clock.jumps("H 15:40")
    put_back(desk, "H 12:00")
    desk.clock.reads("H 15:55")
    goes_on(desk)
    desk.clock.reads("H 18:00")

    with desk.rt.sessions.begin() as session:
        day = Period(VOTING_DAY.date(), VOTING_DAY.date())
        (row,) = recap.rows(session, 1, desk.programme, day, now=desk.clock.at)
    assert row.cause is Cause.LOST
