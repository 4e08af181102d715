"""Why an office was told, and why not: read from the books, in the times that were kept and not those of the rule."""

from sqlalchemy import select

from jobs.commands.posting import line
from jobs.operator import explain, outbox
from models.machine import departures
from models.messages.outbox import Filter
from models.offices.offices import Contact
from rules.desk import Channel
from services import restoring

TIMES = ["12.00", "16.00", "17.00", "18.00", "18.45"]
"""With a grace of an hour; the last by another channel, for want of a sign."""


def why_not(desk, office, day):
    return explain.why_not(desk.rt, desk.office(office), desk.moment(f"{day} 12:00").date())


def state(told, desk, key):
    """What it says of one report, after its name."""
    (line,) = (line for line in told.state if line.startswith(desk.code(key)))
    return line.partition(": ")[2]


def test_where_reports_are_given_time_for_want_of_signal_the_times_are_those_that_were_kept(desk):
    desk.owes_only(key := desk.key("harian", "Tabunganen", "H-1"))
    desk.clock.reads("H-1 23:00")

    told = why_not(desk, "Camat Tabunganen", "H-1")

    assert state(told, desk, key) == "due 2024-02-13 15.00 WITA; what was decided is below"
    assert [f"{s.at:%H.%M}" for s in told.steps if "(daily rung" in s.what] == TIMES


def test_of_a_report_that_others_were_told_about_an_office_reads_only_its_own(desk):
    desk.owes_only(key := desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H+1 00:30")

    told = why_not(desk, "Camat Tamban", "H")

    assert desk.heard("Sekda")
    assert told.steps == []
    assert state(told, desk, key) == (
        "due 2024-02-13 15.00 WITA; nothing was to be told that day;"
        " last before: warning by email, 2024-02-13 17.45 WITA (dispatched);"
        " over since 2024-02-14 15.00 WITA: past its closing time"
    )


def test_before_the_first_word_it_says_what_comes_next(desk):
    desk.owes_only(key := desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 09:00")

    said = state(why_not(desk, "Camat Tamban", "H-1"), desk, key)

    assert said.startswith("due 2024-02-13 15.00 WITA; nothing so far; nothing before; ")
    assert said.endswith("next look 2024-02-13 12.00 WITA: reminder to reporter")


def test_what_was_waived_or_came_says_so(desk):
    desk.owes_only(tamban := desk.key("harian", "Tamban", "H-1"), mekarsari := desk.key("harian", "Mekarsari", "H-1"))
    desk.clock.reads("H-1 09:00")
    desk.waives(tamban, "Tidak diperlukan")
    desk.files(mekarsari, by="Camat Mekarsari")

    told = why_not(desk, "Kadis Kominfo", "H-1")
    assert state(told, desk, tamban) == "waived: Tidak diperlukan (Sekretariat Desk)"
    assert state(told, desk, mekarsari) == "received 2024-02-13 09.00 WITA"


def test_what_only_went_to_the_folder_is_explained_and_listed_as_kept_back(desk):
    """A trial that was forgotten: nothing may read as if somebody had got it."""
    desk.owes_only(key := desk.key("harian", "Tamban", "H-1"))
    desk.wire.strangers.add(desk.address("Camat Tamban", Channel.EMAIL))
    desk.clock.reads("H-1 12:05")

    told = explain.matter(desk.rt, key)
    (listed,) = outbox.listing(desk.rt, Filter(), limit=10)

    (tried,) = [step.what for step in told.steps if ", try 1: " in step.what]
    assert tried.endswith(f"try 1: {explain.KEPT_BACK}")
    assert line(listed, None).endswith(explain.KEPT_BACK)


def test_who_has_a_problem_and_whom_it_is_about_is_said(desk):
    desk.owes_only()
    code = desk.has_a_problem(about="Asisten Pemerintahan")

    told = explain.matter(desk.rt, code)

    titles = {own.code: own.title for own in desk.programme.desk.offices}
    owner, subject = (titles[desk.office(name)] for name in ("Kepala Kesbangpol", "Asisten Pemerintahan"))
    assert told.state[1:3] == [f"owner: {owner}", f"about: {subject}"]


def test_of_a_late_report_it_says_whose_fault_that_is(desk):
    silent, unheard = (desk.key("harian", "Tamban", slot) for slot in ("H-2", "H-1"))
    desk.owes_only(silent, unheard)
    desk.clock.reads("H-2 16:00")
    desk.is_down("H-1 14:00", "H-1 20:00")
    desk.turn()

    assert "late because: team" in explain.matter(desk.rt, silent).state
    assert "late because: stopped" in explain.matter(desk.rt, unheard).state


def test_of_a_time_that_was_lost_it_says_what_a_provider_knows(desk):
    desk.owes_only()
    desk.clock.reads("H-1 12:00")
    number = desk.address("Camat Tamban", Channel.SMS)
    with desk.rt.sessions.begin() as session:
        gap = restoring.opened(session, desk.moment("H-1 09:00"), ordered=True, now=desk.clock.at)
        to = session.scalars(select(Contact.id).where(Contact.address == number)).one()
        departures.add(session, gap, Channel.SMS, [("SM1", to, desk.moment("H-1 10:00"), "Desk: R-0001")])

    told = why_not(desk, "Camat Tamban", "H-1")

    assert "nothing is known from 2024-02-13 09.00 WITA to 2024-02-13 12.00 WITA: see ./desk gap" in told.state
    assert [f"{step.at:%H.%M} {step.what}" for step in told.steps] == [
        "10.00 left by sms, says its provider; its row was lost"
    ]
    assert told.ahead == ""
