"""What the system cannot see to by itself: the secretariat is told, then the secretary, until it is done."""

import pytest
from sqlalchemy import update

from jobs.operator import explain
from models.desk.programmes import Programme
from models.matters import tasks
from models.matters.tasks import Why
from models.offices import offices
from rules.delivery import Refused
from rules.desk import Channel


@pytest.fixture
def quiet(desk):
    """Nothing is owed; a Tuesday morning."""
    desk.owes_only()
    desk.clock.reads("2024-01-30 09:00")
    return desk


def comes_up(desk, subject="office:kadis-kominfo", why=Why.DEAD_CONTACT, **facts):
    with desk.rt.sessions.begin() as session:
        programme = next(iter(desk.rt.programmes))
        tasks.open_(session, programme, why, subject, "words for the operator", now=desk.clock.at, **facts)


def is_done(desk, subject="office:kadis-kominfo", why=Why.DEAD_CONTACT):
    with desk.rt.sessions.begin() as session:
        return tasks.done(session, why, subject, now=desk.clock.at)


def office_id(desk, title):
    with desk.rt.sessions.begin() as session:
        return offices.ids_of(session, desk.programme.desk.code)[desk.office(title)]


def test_the_secretariat_is_told_what_to_do_then_again_then_the_secretary(quiet):
    comes_up(quiet, office_id=office_id(quiet, "Kepala Dinas Kominfo"))

    quiet.clock.reads("2024-02-02 12:00")

    assert quiet.heard("Sekretariat Desk") == ["email 09:00", "sms 09:00"]
    assert quiet.heard("Kepala Kesbangpol") == ["email 09:00"]
    mail = quiet.mailbox("Sekretariat Desk").last
    assert "S-0001, Kontak tidak dapat digunakan" in mail
    assert "Kepala Dinas Kominfo" in mail
    assert "Mohon memeriksa dan memperbarui nomor atau alamatnya." in mail
    assert "Kepala Kesbangpol" in mail, "who hears next"


def test_a_text_about_it_tells_no_detail_and_fits_one_segment(quiet):
    comes_up(quiet, office_id=office_id(quiet, "Kepala Dinas Kominfo"), channel=Channel.EMAIL)

    quiet.clock.reads("09:05")

    assert quiet.phone("Sekretariat Desk").last.strip() == (
        "Desk Contoh: Yth. Sekretariat Desk, tugas S-0001 menunggu tindak lanjut. Mohon buka daftar tugas."
    )
    assert quiet.messages()[-1].segments == 1


def test_what_is_done_is_told_no_more(quiet):
    comes_up(quiet)
    quiet.clock.reads("09:05")

    assert is_done(quiet)
    assert not is_done(quiet), "done is done"
    quiet.clock.reads("2024-02-03 12:00")

    assert quiet.heard("Sekretariat Desk") == ["email 09:00"]
    assert quiet.tasks() == []


def test_what_is_done_before_it_was_sent_is_not_sent(quiet):
    quiet.clock.reads("21:00")
    comes_up(quiet)
    quiet.clock.reads("21:05")

    is_done(quiet)
    quiet.clock.reads("2024-01-31 12:00")

    assert quiet.heard("Sekretariat Desk") == []


def test_what_comes_up_again_after_it_was_done_is_told_again(quiet):
    comes_up(quiet)
    quiet.clock.reads("09:05")
    is_done(quiet)
    quiet.clock.reads("14:00")

    comes_up(quiet)
    quiet.clock.reads("14:05")

    assert quiet.heard("Sekretariat Desk") == ["email 09:00", "email 14:00"]
    assert [task.subject for task in quiet.tasks()] == ["office:kadis-kominfo"]


def test_what_comes_up_many_times_is_told_once(quiet):
    for time in ("09:00", "09:10", "11:00"):
        quiet.clock.reads(time)
        comes_up(quiet)

    quiet.clock.reads("15:00")

    assert quiet.heard("Sekretariat Desk") == ["email 09:00"]


def test_what_comes_up_together_is_told_together(quiet):
    for office in ("a", "b", "c"):
        comes_up(quiet, f"office:{office}")

    quiet.clock.reads("15:00")

    assert quiet.heard("Sekretariat Desk") == ["email 09:00"]
    assert "3 tugas menunggu tindak lanjut" in quiet.mailbox("Sekretariat Desk").last


def test_at_night_a_task_waits_for_the_morning_and_an_urgent_one_does_not(quiet):
    quiet.clock.reads("22:00")
    comes_up(quiet)
    quiet.clock.reads("23:00")
    assert quiet.heard("Sekretariat Desk") == []

    comes_up(quiet, urgent=True)
    quiet.clock.reads("2024-01-31 08:00")

    assert quiet.heard("Sekretariat Desk") == ["sms 23:00"]
    assert quiet.heard("Kepala Kesbangpol") == ["sms 00:00"]


def test_it_is_not_told_by_the_way_that_it_is_about(quiet):
    comes_up(quiet, "email", Why.CHANNEL_DOWN, channel=Channel.EMAIL)

    quiet.clock.reads("10:00")

    assert quiet.heard("Sekretariat Desk") == ["sms 09:00"]


def test_when_the_secretariat_itself_cannot_be_reached_its_secretary_hears_and_nothing_turns_in_a_circle(quiet):
    quiet.loses("Sekretariat Desk")
    comes_up(quiet, "office:sekretariat-desk:email")

    quiet.clock.reads("2024-02-05 12:00")

    assert quiet.heard("Kepala Kesbangpol") == ["email 09:00", "email 09:02"]
    assert [task.subject for task in quiet.tasks()] == ["office:sekretariat-desk:email", "office:sekretariat-desk"]
    assert len(quiet.messages()) == 2


def test_when_nobody_at_all_can_be_reached_each_gap_is_listed_once(quiet):
    quiet.loses("Sekretariat Desk")
    quiet.loses("Kepala Kesbangpol")
    comes_up(quiet)

    quiet.clock.reads("2024-02-05 12:00")

    assert quiet.messages() == []
    assert len(quiet.tasks()) == 3


def test_a_mail_to_the_secretariat_that_is_refused_is_not_followed_by_others_without_end(quiet):
    quiet.fails(Channel.EMAIL, Refused("no such user"), to="Sekretariat Desk")
    comes_up(quiet)

    quiet.clock.reads("2024-02-05 12:00")

    assert quiet.heard("Sekretariat Desk") == ["sms 09:00", "sms 09:00"], "at once, and the second rung a day later"
    assert quiet.heard("Kepala Kesbangpol") == ["email 09:00"]
    assert len(quiet.messages()) == 4


def test_a_task_and_a_problem_come_in_one_message_that_counts_both(quiet):
    quiet.has_a_problem()
    comes_up(quiet, urgent=True)

    quiet.clock.reads("10:05")

    (text,) = quiet.phone("Kepala Kesbangpol").texts
    assert "P-0001 Kec. Tamban dan tugas S-0001 menunggu tindak lanjut" in text


def test_the_operator_can_ask_what_became_of_it(quiet):
    comes_up(quiet)
    quiet.clock.reads("09:05")

    found = explain.matter(quiet.rt, "S-0001")

    assert found.title == "S-0001 task/S-0001, Kabupaten Contoh"
    assert "task to Sekretariat Desk by email" in found.steps[0].what
    assert "task to secretariat" in found.ahead


def test_a_closed_programme_tells_nobody_of_its_tasks(quiet):
    comes_up(quiet)
    with quiet.rt.sessions.begin() as session:
        session.execute(update(Programme).values(closed_at=quiet.clock.at))

    quiet.clock.reads("12:00")

    assert quiet.messages() == []
