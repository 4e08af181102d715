"""What one office gives another: told at once, confirmed, chased until it is done, and closed by whoever gave it."""

import pytest

from jobs.operator import advising, explain
from jobs.operator.refusals import Refusal
from models.matters import advice
from models.matters.advice import Wording
from rules.advice import Answer, Sort, Stage
from rules.assignments import Kind
from rules.delivery import Refused
from rules.desk import Channel

PHONE = "+6282000000099"


@pytest.fixture
def nothing_owed(desk):
    desk.lives(_nothing_owed)


def _nothing_owed(desk):
    desk.owes_only()
    desk.clock.reads("H-10 09:00")


def gives(desk, *to, by="Sekda", text="Mohon perahu disiapkan.", due="H-8 12:00", sort=Sort.DIRECTION, **more):
    """The numbers, one for each office."""
    about = more.pop("about", "")
    wording = Wording(sort, text, desk.moment(due), **more)
    offices = [desk.office(office) for office in to]
    return advising.give(desk.rt, desk.programme.code, wording, to=offices, by=desk.office(by), about=about)


def invites(desk, *to, at="H-8 09:00", until="H-8 11:00", place="Aula", by="Sekda"):
    ends_at = desk.moment(until)
    return gives(desk, *to, by=by, text="Logistik", due=at, sort=Sort.MEETING, place=place, ends_at=ends_at)


def stage(desk, code):
    with desk.rt.sessions.begin() as session:
        return advice.locked(session, code).stage


def confirms(desk, code, by="Camat Tamban", answer=Answer.RECEIVED, deputy=""):
    advising.answer(desk.rt, code, answer, by=desk.office(by), deputy=deputy)


def test_what_is_given_is_told_at_once_with_its_words_in_the_mail(desk, nothing_owed):
    (code,) = gives(desk, "Camat Tamban")

    desk.clock.reads("H-10 09:01")

    mail = desk.mailbox("Camat Tamban").last
    assert f"arahan {code} menunggu konfirmasi" in mail
    assert "Mohon perahu disiapkan." in mail
    assert "dari Sekretaris Daerah" in mail


def test_a_text_says_its_number_and_never_its_words(desk, nothing_owed):
    desk.loses("Camat Tamban", Channel.EMAIL)
    (code,) = gives(desk, "Camat Tamban")

    desk.clock.reads("H-10 09:01")

    text = desk.phone("Camat Tamban").last
    assert code in text
    assert "perahu" not in text


def test_whoever_does_not_confirm_is_told_by_another_way_then_before_and_at_the_due_time_then_the_giver(
    desk, nothing_owed
):
    gives(desk, "Camat Tamban")

    desk.clock.reads("H-5 12:00")

    assert desk.heard("Camat Tamban") == ["email 09:00", "sms 13:00", "sms 12:00", "sms 12:00"]
    assert desk.heard("Sekda") == ["email 16:00"]
    assert desk.heard("Kepala Kesbangpol") == ["email 12:00"]


def test_whoever_confirmed_is_not_told_by_another_way_and_still_reminded_of_the_due_time(desk, nothing_owed):
    (code,) = gives(desk, "Camat Tamban")
    desk.clock.reads("H-10 10:00")

    confirms(desk, code)
    desk.clock.reads("H-9 12:01")

    assert desk.heard("Camat Tamban") == ["email 09:00", "sms 12:00"]
    assert "menunggu pelaksanaan" in desk.phone("Camat Tamban").last


def test_two_taps_confirm_once(desk, nothing_owed):
    (code,) = gives(desk, "Camat Tamban")
    desk.clock.reads("H-10 10:00")

    confirms(desk, code)
    before = desk.matter(code)
    desk.clock.reads("H-10 10:05")
    confirms(desk, code)

    assert stage(desk, code) is Stage.CONFIRMED
    assert desk.matter(code).round == before.round


def test_the_same_given_twice_in_ten_minutes_is_one_and_later_another(desk, nothing_owed):
    first = gives(desk, "Camat Tamban", "Camat Mekarsari")
    desk.clock.reads("H-10 09:05")

    assert gives(desk, "Camat Tamban", "Camat Mekarsari") == first
    desk.clock.reads("H-10 09:20")
    assert gives(desk, "Camat Tamban", "Camat Mekarsari") != first


def test_each_of_several_offices_is_chased_by_itself(desk, nothing_owed):
    one, other = gives(desk, "Camat Tamban", "Camat Mekarsari")
    assert (one, other) == ("A-0001-1", "A-0001-2")
    desk.clock.reads("H-10 10:00")

    confirms(desk, one)
    desk.clock.reads("H-10 14:00")

    assert desk.heard("Camat Tamban") == ["email 09:00"]
    assert desk.heard("Camat Mekarsari") == ["email 09:00", "sms 13:00"]


def test_what_was_done_is_told_to_the_giver_who_closes_it_and_nobody_is_chased_any_more(desk, nothing_owed):
    (code,) = gives(desk, "Camat Tamban")
    desk.clock.reads("H-10 10:00")

    advising.done(desk.rt, code, by=desk.office("Camat Tamban"), text="Dua perahu siap.")
    desk.clock.reads("H-10 10:01")
    assert "menunggu penutupan" in desk.mailbox("Sekda").last
    assert "Dua perahu siap." in desk.mailbox("Sekda").last
    assert "Batas waktu Selasa, 6 Februari 2024 pukul 12.00" in desk.mailbox("Sekda").last

    advising.close(desk.rt, code, by=desk.office("Sekda"))
    desk.clock.reads("H-2 10:00")
    assert desk.heard("Camat Tamban") == ["email 09:00"]
    assert desk.heard("Sekda") == ["email 10:00"]
    assert stage(desk, code) is Stage.CLOSED


def test_a_giver_who_forgets_to_close_is_reminded(desk, nothing_owed):
    (code,) = gives(desk, "Camat Tamban")
    advising.done(desk.rt, code, by=desk.office("Camat Tamban"), text="Siap.")

    desk.clock.reads("H-6 09:00")

    assert len(desk.heard("Sekda")) == 2


def test_what_is_sent_back_is_told_at_once_with_what_is_missing_and_has_a_new_due_time(desk, nothing_owed):
    (code,) = gives(desk, "Camat Tamban")
    advising.done(desk.rt, code, by=desk.office("Camat Tamban"), text="Siap.")
    desk.clock.reads("H-10 11:00")

    advising.send_back(
        desk.rt, code, by=desk.office("Sekda"), asked="Pelampungnya belum ada.", due_at=desk.moment("H-6 12:00")
    )
    desk.clock.reads("H-10 11:01")

    assert "Pelampungnya belum ada." in desk.mailbox("Camat Tamban").last
    assert stage(desk, code) is Stage.CONFIRMED
    assert desk.matter(code).since == desk.moment("H-6 12:00")


def test_what_is_withdrawn_is_told_to_whoever_heard_of_it_and_to_nobody_else(desk, nothing_owed):
    desk.clock.reads("H-10 22:00")
    (unheard,) = gives(desk, "Camat Mekarsari")
    advising.withdraw(desk.rt, unheard, by=desk.office("Sekda"), reason="Keliru alamat.")
    desk.clock.reads("H-9 09:00")
    assert desk.heard("Camat Mekarsari") == []

    (heard,) = gives(desk, "Camat Tamban", due="H-6 12:00")
    desk.clock.reads("H-9 09:01")
    advising.withdraw(desk.rt, heard, by=desk.office("Sekda"), reason="Sudah ada perahu.")
    desk.clock.reads("H-9 09:10")
    assert "ditarik kembali" in desk.phone("Camat Tamban").last


def test_whoever_holds_the_office_on_that_day_is_told(desk, nothing_owed):
    desk.passes_to("Camat Tamban", "Siti", Kind.PLH, since="H-10 09:00", until="H-5 09:00", phone=PHONE)
    (code,) = gives(desk, "Camat Tamban")

    desk.clock.reads("H-10 09:01")
    assert desk.texts_to(PHONE) == ["09:00"]

    confirms(desk, code)
    assert stage(desk, code) is Stage.CONFIRMED


def test_advice_about_a_problem_is_given_by_its_coordinator_to_his_own_offices_only(desk, nothing_owed):
    problem = desk.has_a_problem()

    (code,) = gives(desk, "Camat Tamban", by="Asisten Pemerintahan", sort=Sort.ADVICE, about=problem)

    assert desk.matter(code).area == "63.04.02"
    for other in ("Camat Tabunganen", "Sekda", "Asisten Pemerintahan"):
        with pytest.raises(Refusal, match="cannot give saran"):
            gives(desk, other, by="Asisten Pemerintahan", sort=Sort.ADVICE, about=problem)
    with pytest.raises(Refusal, match="cannot give arahan"):
        gives(desk, "Camat Tamban", by="Asisten Pemerintahan")


def test_nothing_goes_to_whom_the_problem_is_about(desk, nothing_owed):
    problem = desk.has_a_problem(about="Camat Tamban", by="Camat Mekarsari")

    with pytest.raises(Refusal, match="cannot give"):
        gives(desk, "Camat Tamban", about=problem)


def test_the_secretary_does_not_climb_to_himself(desk, nothing_owed):
    gives(desk, "Kepala Kesbangpol")

    desk.clock.reads("H-6 11:00")
    before = len(desk.heard("Kepala Kesbangpol"))
    desk.clock.reads("H-6 12:01")

    assert len(desk.heard("Kepala Kesbangpol")) == before
    assert desk.heard("Sekda")[-1] == "email 12:00"


def test_what_cannot_be_reached_is_a_task_at_once(desk, nothing_owed):
    desk.loses("Camat Tamban")

    gives(desk, "Camat Tamban")
    desk.clock.reads("H-10 09:01")

    assert [task.why for task in desk.tasks()] == ["nobody_to_tell"]


def test_a_mail_that_is_refused_goes_the_other_way(desk, nothing_owed):
    desk.fails(Channel.EMAIL, Refused("no such mailbox"), to="Camat Tamban")

    gives(desk, "Camat Tamban")
    desk.clock.reads("H-10 09:10")

    assert desk.phone("Camat Tamban").clocks[:1] == ["09:00"]


def test_what_is_no_sense_is_refused_in_words(desk, nothing_owed):
    (code,) = gives(desk, "Camat Tamban")

    for due in ("H-10 08:00", "H+80 09:00"):
        with pytest.raises(Refusal, match="name a time that is ahead"):
            gives(desk, "Camat Tamban", due=due)
    with pytest.raises(Refusal, match="say it in words"):
        gives(desk, "Camat Tamban", text="  ")
    with pytest.raises(Refusal, match="only that office answers"):
        confirms(desk, code, by="Camat Mekarsari")
    with pytest.raises(Refusal, match="only that office decides"):
        advising.close(desk.rt, code, by=desk.office("Camat Tamban"))
    with pytest.raises(Refusal, match="nothing was said to be done"):
        advising.send_back(desk.rt, code, by=desk.office("Sekda"), asked="Lagi", due_at=desk.moment("H-6 12:00"))
    with pytest.raises(Refusal, match="no such advice"):
        confirms(desk, "A-0099")
    advising.close(desk.rt, code, by=desk.office("Sekda"))
    with pytest.raises(Refusal, match="is closed"):
        advising.done(desk.rt, code, by=desk.office("Camat Tamban"), text="Siap.")


def test_explain_says_who_gave_it_to_whom_and_everything_that_became_of_it(desk, nothing_owed):
    (code,) = gives(desk, "Camat Tamban")
    desk.clock.reads("H-10 10:00")
    confirms(desk, code)

    told = explain.matter(desk.rt, code)

    assert told.state[0] == "direction of Sekretaris Daerah to Camat Tamban"
    assert any(step.what.startswith("given by Sekretaris Daerah") for step in told.steps)
    assert any(step.what.startswith("confirmed by Camat Tamban") for step in told.steps)


def test_who_is_invited_is_reminded_and_after_the_meeting_nobody_is(desk, nothing_owed):
    (code,) = invites(desk, "Camat Tamban")
    desk.clock.reads("H-10 09:01")
    assert "undangan A-0001 menunggu jawaban" in desk.mailbox("Camat Tamban").last
    confirms(desk, code, answer=Answer.ATTENDS)

    desk.clock.reads("H-5 12:00")

    assert desk.heard("Camat Tamban") == ["email 09:00", "sms 09:00", "sms 07:00"]
    assert "pengingat undangan" in desk.phone("Camat Tamban").last
    assert stage(desk, code) is Stage.OVER


def test_who_cannot_come_is_left_in_peace_and_may_still_say_that_he_comes(desk, nothing_owed):
    (code,) = invites(desk, "Camat Tamban")
    desk.clock.reads("H-10 09:05")
    confirms(desk, code, answer=Answer.ABSENT)
    desk.clock.reads("H-9 09:05")
    assert desk.heard("Camat Tamban") == ["email 09:00"]

    confirms(desk, code, answer=Answer.DEPUTY, deputy="Sekcam Tamban")
    desk.clock.reads("H-8 08:00")
    assert desk.heard("Camat Tamban") == ["email 09:00", "sms 07:00"]


def test_everybody_is_asked_again_when_a_meeting_is_moved(desk, nothing_owed):
    codes = invites(desk, "Camat Tamban", "Camat Mekarsari")
    desk.clock.reads("H-10 09:05")
    confirms(desk, codes[0], answer=Answer.ATTENDS)

    advising.move(
        desk.rt,
        codes[0],
        by=desk.office("Sekda"),
        starts_at=desk.moment("H-7 13:00"),
        ends_at=desk.moment("H-7 14:00"),
        place="Pendopo",
    )
    desk.clock.reads("H-10 09:10")

    for office in ("Camat Tamban", "Camat Mekarsari"):
        assert "Pendopo" in desk.mailbox(office).last
        assert "pukul 13.00" in desk.mailbox(office).last
    assert [stage(desk, code) for code in codes] == [Stage.GIVEN] * 2


def test_who_was_there_is_recorded_once_the_meeting_has_begun(desk, nothing_owed):
    (code,) = invites(desk, "Camat Tamban")
    with pytest.raises(Refusal, match="once a meeting has begun"):
        advising.attended(desk.rt, code, by=desk.office("Sekda"), present=True)
    desk.clock.reads("H-7 12:00")

    advising.attended(desk.rt, code, by=desk.office("Sekda"), present=True)

    with pytest.raises(Refusal, match="another way"):
        confirms(desk, code)


def test_an_invitation_brings_the_meeting_for_a_calendar_and_so_does_its_end(desk, nothing_owed):
    (code,) = invites(desk, "Camat Tamban")
    desk.clock.reads("H-10 09:01")
    advising.move(
        desk.rt,
        code,
        by=desk.office("Sekda"),
        starts_at=desk.moment("H-7 13:00"),
        ends_at=desk.moment("H-7 14:00"),
        place="Pendopo",
    )
    desk.clock.reads("H-10 09:10")
    desk.loses("Camat Tamban", Channel.SMS)
    advising.withdraw(desk.rt, code, by=desk.office("Sekda"), reason="Banjir.")
    desk.clock.reads("H-10 09:20")

    (first,), (moved,), (gone,) = (s.letter.calendars for s in desk.mailbox("Camat Tamban").letters)
    assert "DTSTART:20240206T010000Z" in first.text
    assert "DTSTART:20240207T050000Z" in moved.text
    assert (first.method, moved.method, gone.method) == ("PUBLISH", "PUBLISH", "CANCEL")
    assert "SEQUENCE:2" in gone.text
