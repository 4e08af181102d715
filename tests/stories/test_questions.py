"""Nil upon nil is asked about: politely, once, and with one tap."""

import pytest

from models.matters import questions
from rules.filing import Content
from tests.stories.desk import DESK, ELECTION, POLICY, Desk

DAYS = ("H-6", "H-5", "H-4", "H-3")


@pytest.fixture
def desk(sessions, tmp_path):
    """Whoever is nil three days in a row is asked."""
    own = tmp_path / "policy.yaml"
    text = POLICY.read_text(encoding="utf-8")
    own.write_text(text.replace("asks_after_nil: {mingguan: 8}", "asks_after_nil: {harian: 3}"), encoding="utf-8")
    desk = Desk(sessions, (ELECTION, DESK, own), opens=True)
    desk.owes_only(*(desk.key("harian", "Tamban", day) for day in DAYS))
    return desk


def files_nil(desk, day):
    desk.clock.reads(f"{day} 14:00")
    desk.files(desk.key("harian", "Tamban", day), content=Content.NIL)
    desk.clock.reads(f"{day} 15:30")


def asked(desk):
    return [text for text in desk.phone("Camat Tamban").texts if "Mohon dipastikan" in text]


def waiting(desk):
    (programme,) = desk.rt.programmes
    with desk.rt.sessions() as session:
        return questions.waiting(session, programme, ["63.04.02"], since=desk.moment("H-7 00:00"))


def test_the_third_nil_in_a_row_is_asked_about_once(desk):
    files_nil(desk, "H-6")
    files_nil(desk, "H-5")
    assert asked(desk) == []

    files_nil(desk, "H-4")
    files_nil(desk, "H-3")

    code = desk.code(desk.key("harian", "Tamban", "H-4"))
    (text,) = asked(desk)
    assert f"laporan {code} nihil, seperti sebelumnya" in text
    assert waiting(desk) == [code]


def test_a_report_with_something_in_it_begins_the_count_anew(desk):
    files_nil(desk, "H-6")
    desk.clock.reads("H-5 14:00")
    desk.files(desk.key("harian", "Tamban", "H-5"))

    files_nil(desk, "H-4")
    files_nil(desk, "H-3")

    assert asked(desk) == []


def test_a_nil_that_was_corrected_is_asked_about_no_more(desk):
    for day in DAYS[:3]:
        files_nil(desk, day)
    assert len(waiting(desk)) == 1

    desk.files(desk.key("harian", "Tamban", "H-4"), "Ternyata ada banjir.")

    assert waiting(desk) == []
