"""The hour that a warning names: nobody above hears before it, whatever changes after it was named."""

from datetime import time

import pytest
from sqlalchemy import select

from config import loader
from jobs.operator import amend
from models.offices.offices import Office
from rules.desk import Channel
from rules.quiet import Window
from services import handovers
from tests.stories.desk import DESK, POLICY, uncalled

REPORTER, TEAM, ASISTEN, SECRETARY = "Camat Tamban", "Kadis Kominfo", "Asisten Pemerintahan", "Kepala Kesbangpol"
SIGNAL = (DESK, "name: Tamban,", "name: Tamban, grace: PT1H,")
QUIET = (POLICY, '{from: "20:00", until: "07:00"}', '{from: "17:30", until: "07:00"}')


def changed(desk, path, old="", new=""):
    """A file of the desk is amended, with one part of it written otherwise."""
    text = uncalled(path.read_text(encoding="utf-8"))
    assert old in text
    amend.amend(desk.rt, [loader.parse(text.replace(old, new, 1) if old else text, path.name)])


def rests(desk, hours):
    """Whoever coordinates asks for quiet hours of his own; None: he takes them back."""
    window = hours and Window(*map(time.fromisoformat, hours))
    with desk.rt.sessions.begin() as session:
        office = session.scalars(select(Office).where(Office.code == desk.office(ASISTEN))).one()
        policies = [programme.policy.quiet for programme in desk.rt.live(session).values()]
        assert handovers.leave_in_peace(session, office, window, policies, now=desk.clock.at)


@pytest.fixture
def daily(desk):
    key = desk.key("harian", "Tamban", "H-3")
    desk.owes_only(key)
    return key


def heard(desk, office):
    return [*desk.phone(office).clocks, *desk.mailbox(office).clocks]


@pytest.mark.parametrize("at", ["18:05", "19:15"], ids=["while only the team has heard", "while he is about to hear"])
@pytest.mark.parametrize(
    ("before", "warned", "named"),
    [
        pytest.param(SIGNAL, "18:00", "19.30", id="a district's grace is taken away"),
        pytest.param(QUIET, "17:00", "07.00", id="the evening is free again"),
    ],
)
def test_an_amendment_lets_nobody_above_hear_before_the_hour_that_was_named(desk, daily, before, warned, named, at):
    changed(desk, *before)
    desk.owes_only(daily)
    desk.clock.reads(f"H-3 {at}")
    told = desk.phone(REPORTER)
    assert (told.clocks[-1], f"{named} WITA" in told.last) == (warned, True)

    changed(desk, before[0])
    desk.owes_only(daily)
    desk.clock.reads("H-2 07:30")

    assert heard(desk, ASISTEN) == [named.replace(".", ":")]


def test_quiet_hours_that_somebody_above_takes_back_let_him_hear_no_sooner(desk, daily):
    desk.loses(ASISTEN, Channel.EMAIL)
    rests(desk, ("17:00", "19:30"))
    desk.clock.reads("H-3 17:10")
    assert "19.30" in desk.phone(REPORTER).last

    rests(desk, None)
    desk.clock.reads("H-3 20:30")

    assert heard(desk, ASISTEN) == ["19:30"]


def test_a_warning_that_is_said_again_by_another_way_names_the_same_hour(desk, daily):
    """Nobody gave a sign for three quarters of an hour. Whoever reads the mail has till half past six, as all have."""
    desk.rt.public_url = "https://desk.example"
    desk.clock.reads("H-3 17:44")
    changed(desk, POLICY, "  daily:\n    cooling: PT1H", "  daily:\n    cooling: PT90M")

    desk.clock.reads("H-3 20:00")

    assert desk.mailbox(TEAM).clocks[-1] == "17:45"
    assert "Bila sampai Minggu, 11 Februari 2024 pukul 18.30 WITA" in desk.mailbox(TEAM).last
    assert heard(desk, ASISTEN) == ["18:30"]


def test_an_office_above_that_was_told_late_reads_when_the_next_one_really_hears(desk):
    """What it was to be told at eleven was held for 50 minutes; the ladder did not wait for that."""
    desk.owes_only(desk.key("hari-h", "Tamban", "H@10.00"))
    desk.loses(ASISTEN, Channel.SMS)
    desk.clock.reads("H 10:59")
    desk.holds("Pemeriksaan.")
    desk.clock.reads("H 11:50")
    desk.releases()

    desk.clock.reads("H 12:10")

    assert desk.mailbox(SECRETARY).clocks == ["12:00"]
    assert "Bila sampai Rabu, 14 Februari 2024 pukul 12.00 WITA" in desk.mailbox(ASISTEN).last


def test_what_begins_anew_waits_for_no_hour_that_was_named_before(desk, daily):
    desk.clock.reads("H-3 17:10")
    assert desk.matter(daily).named_at == desk.moment("H-3 18:30")
    desk.files(daily)

    desk.returns(daily, "H-3 17:30")

    assert desk.matter(daily).named_at is None
