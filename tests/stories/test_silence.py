"""Three neighbouring districts are silent on voting day: their network is likelier to blame than they are."""

import pytest
from sqlalchemy import select

from models.matters.silences import Silence
from models.matters.tasks import Why
from rules.delivery import ChannelDown
from rules.desk import Channel
from tests.stories.desk import DESK, ELECTION, POLICY, Desk

NEIGHBOURS = """
neighbours:
  illustrative: true
  of:
    "63.04.01": ["63.04.02"]
    "63.04.02": ["63.04.01", "63.04.13"]
    "63.04.13": ["63.04.02"]
"""
PLACES = ("Tabunganen", "Tamban", "Mekarsari")


@pytest.fixture
def river(sessions, tmp_path):
    """The desk of three districts along a river; only the first report of voting day is owed."""
    own = tmp_path / "desk.yaml"
    own.write_text(DESK.read_text(encoding="utf-8") + NEIGHBOURS, encoding="utf-8")
    desk = Desk(sessions, (ELECTION, own, POLICY))
    desk.owes_only(*(first(desk, place) for place in PLACES))
    return desk


def first(desk, place):
    return desk.key("hari-h", place, "H@07.30")


def silent(desk):
    with desk.rt.sessions() as session:
        return set(session.scalars(select(Silence.area).where(Silence.heard_at.is_(None))))


def words(desk):
    return [task.text for task in desk.tasks() if task.why is Why.SILENCE]


def test_each_coordinator_is_told_once_and_nobody_is_warned_for_an_hour(river):
    river.clock.reads("H 08:55")

    assert silent(river) == {"63.04.01", "63.04.02", "63.04.13"}
    assert river.heard("Asisten Pemerintahan") == ["sms 08:00"]
    assert "kemungkinan gangguan jaringan di Kec. Tamban dan Mekarsari" in river.phone("Asisten Pemerintahan").last
    assert river.heard("Kepala Dinas Kominfo") == []

    river.clock.reads("H 09:01")
    assert river.heard("Kepala Dinas Kominfo") == ["sms 09:00"]


def test_it_ends_by_itself_district_by_district_as_they_are_heard(river):
    river.clock.reads("H 08:10")
    river.files(first(river, "Tamban"))

    river.clock.reads("H 08:15")
    assert silent(river) == {"63.04.01", "63.04.13"}
    assert sorted(words(river)) == ["Kecamatan Mekarsari", "Kecamatan Tabunganen"]

    river.files(first(river, "Mekarsari"), by="Camat Mekarsari")
    river.files(first(river, "Tabunganen"), by="Camat Tabunganen")
    river.clock.reads("H 08:20")
    assert silent(river) == set()
    assert words(river) == []


def test_two_silent_districts_are_no_failure_of_a_network(river):
    river.clock.reads("H 07:20")
    river.files(first(river, "Mekarsari"), by="Camat Mekarsari")

    river.clock.reads("H 08:31")

    assert silent(river) == set()
    assert river.heard("Kepala Dinas Kominfo")[0] == "sms 08:00"


def test_who_promised_or_answered_is_not_silent(river):
    river.clock.reads("H 07:35")
    river.promises(first(river, "Tamban"), "H 09:30")

    river.clock.reads("H 08:31")

    assert silent(river) == set()


def test_silence_proves_nothing_while_texts_do_not_leave(river):
    river.fails(Channel.SMS, ChannelDown("out of order"), start="H 06:30", end="H 08:20")
    river.clock.reads("H 08:15")
    assert silent(river) == set()

    river.clock.reads("H 09:05")
    assert len(silent(river)) == 3


def test_after_a_stop_of_ours_they_get_their_time_first(river):
    river.is_down("H 06:00", "H 09:00")

    river.clock.reads("H 09:25")
    assert silent(river) == set()

    river.clock.reads("H 09:31")
    assert len(silent(river)) == 3


def test_a_silence_that_nobody_looked_after_is_told_of_once(river):
    river.clock.reads("H 13:00")

    assert len(silent(river)) == 3
    assert [t for t in river.phone("Asisten Pemerintahan").texts if "gangguan jaringan" in t] != []
    assert sum("gangguan jaringan" in t for t in river.phone("Asisten Pemerintahan").texts) == 1
