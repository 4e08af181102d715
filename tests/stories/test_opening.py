"""Problems that the system opens by itself: of a silent report, and of a nil beside others' incidents."""

import pytest
from sqlalchemy import select

from models.desk.changes import Change, Way
from models.matters.issues import Issue
from models.matters.matters import Matter
from rules.delivery import ChannelDown
from rules.desk import Channel
from rules.filing import Content
from tests.stories.desk import DESK, ELECTION, POLICY, Desk
from tests.stories.test_silence import NEIGHBOURS


@pytest.fixture
def desk(sessions, tmp_path):
    """Three districts along a river; the system opens what the policy lets it."""
    own = tmp_path / "desk.yaml"
    own.write_text(DESK.read_text(encoding="utf-8") + NEIGHBOURS, encoding="utf-8")
    return Desk(sessions, (ELECTION, own, POLICY), opens=True)


def daily(desk, district, day):
    return desk.key("harian", district, day)


def opened(desk):
    """By number, the district, title and state of every problem."""
    query = select(Matter, Issue).join(Issue, Issue.id == Matter.id).order_by(Issue.id)
    with desk.rt.sessions() as session:
        return [(m.area[-2:], i.title, i.outcome) for m, i in session.execute(query)]


NOT_THERE = "Laporan harian belum diterima"


def test_a_report_silent_past_the_limit_is_a_problem_of_its_district_until_one_comes(desk):
    desk.owes_only(daily(desk, "Tamban", "H-3"), daily(desk, "Tamban", "H-2"))
    desk.clock.reads("H-2 10:55")
    assert opened(desk) == []

    desk.clock.reads("H-2 11:01")
    assert opened(desk) == [("02", NOT_THERE, "")]
    assert any("P-0001" in text for text in desk.mailbox("Asisten Pemerintahan").texts)

    desk.clock.reads("H-1 11:01")
    assert opened(desk) == [("02", NOT_THERE, "")], "one problem, however many reports are silent"

    desk.files(daily(desk, "Tamban", "H-2"), content=Content.NIL)
    desk.clock.reads("H-1 11:05")
    code = desk.code(daily(desk, "Tamban", "H-2"))
    assert opened(desk) == [("02", NOT_THERE, f"Laporan {code} sudah diterima.")]


def test_it_is_written_down_that_the_system_did_it(desk):
    desk.owes_only(daily(desk, "Tamban", "H-3"))
    desk.clock.reads("H-2 11:01")

    with desk.rt.sessions() as session:
        (change,) = session.scalars(select(Change).where(Change.way == Way.SYSTEM))
    assert (change.what, change.subject, change.title) == ("opened", "P-0001", "Sekretariat Desk")


def test_whoever_asked_for_time_is_not_silent(desk):
    desk.owes_only(daily(desk, "Tamban", "H-3"))
    desk.clock.reads("H-3 16:00")
    desk.promises(daily(desk, "Tamban", "H-3"), "H-2 13:00")

    desk.clock.reads("H-2 12:59")
    assert opened(desk) == []

    desk.clock.reads("H-2 13:01")
    assert opened(desk) == [("02", NOT_THERE, "")]


def test_a_district_that_reported_anything_else_since_is_not_silent(desk):
    desk.owes_only(daily(desk, "Tamban", "H-3"), daily(desk, "Tamban", "H-2"))
    desk.clock.reads("H-2 09:00")
    desk.files(daily(desk, "Tamban", "H-2"), content=Content.NIL)

    desk.clock.reads("H-2 11:05")

    assert opened(desk) == []


def test_after_a_failure_of_ours_nobody_is_silent_yet(desk):
    desk.owes_only(daily(desk, "Tamban", "H-3"))
    desk.fails(Channel.SMS, ChannelDown("out of order"), start="H-3 11:00", end="H-2 12:00")

    desk.clock.reads("H-2 11:05")

    assert opened(desk) == []


def reports_trouble(desk, district, by):
    body = {"indicators": {"keamanan": {"condition": "troubled", "note": "Cekcok.", "problem": True}}}
    desk.files(daily(desk, district, "H-2"), body, by=by)


def test_a_nil_between_two_neighbours_with_incidents_is_to_be_looked_at_once(desk):
    desk.owes_only(*(daily(desk, place, "H-2") for place in ("Tabunganen", "Tamban", "Mekarsari")))
    desk.clock.reads("H-2 09:00")
    desk.files(daily(desk, "Tamban", "H-2"), content=Content.NIL)
    desk.clock.reads("H-2 10:00")
    reports_trouble(desk, "Tabunganen", "Camat Tabunganen")
    desk.clock.reads("H-2 12:30")
    assert not any(title.startswith("Nihil") for _, title, _ in opened(desk))

    reports_trouble(desk, "Mekarsari", "Camat Mekarsari")
    desk.clock.reads("H-2 23:59")

    beside = [(area, title) for area, title, _ in opened(desk) if title.startswith("Nihil")]
    assert beside == [("02", "Nihil, sedangkan kecamatan tetangga melaporkan kejadian")]
