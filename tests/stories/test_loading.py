"""Loading files: once, again, changed, and a second desk beside the first."""

import pytest
from sqlalchemy import func, select

from config import loader
from jobs.operator import load
from models.tables import ALL
from tests.stories.desk import DESK, ELECTION


def rows(desk):
    with desk.rt.sessions.begin() as session:
        return {model.__tablename__: session.scalar(select(func.count()).select_from(model)) for model in ALL}


def changed(path, old, new):
    text = path.read_text()
    assert old in text
    return loader.parse(text.replace(old, new), path.name)


def test_loading_the_same_files_twice_changes_nothing(desk):
    before = rows(desk)
    desk.clock.reads("2024-01-29 08:30")

    (again,) = desk.load()

    assert (again.new, again.planned) == (0, 101)
    assert rows(desk) == before | {"mark": rows(desk)["mark"], "notice": rows(desk)["notice"]} | {
        name: rows(desk)[name] for name in ("message", "attempt")
    }


def test_a_file_that_only_got_a_comment_is_the_same_file(desk):
    commented = changed(ELECTION, "starts:", "# checked with KPU\nstarts:")

    (again,) = desk.load([commented, *desk.documents[1:]])

    assert again.new == 0


@pytest.mark.parametrize(
    ("place", "path", "old", "new"),
    [
        pytest.param(0, ELECTION, "end: 2024-03-05", "end: 2024-03-06", id="a stage that moved"),
        pytest.param(1, DESK, "grace: PT1H", "grace: PT2H", id="a district's grace"),
    ],
)
def test_a_changed_calendar_is_refused_and_changes_nothing(desk, place, path, old, new):
    documents = list(desk.documents)
    documents[place] = changed(path, old, new)
    before = rows(desk)

    with pytest.raises(load.ChangedCalendar, match=r"use \./desk amend"):
        desk.load(documents)

    assert rows(desk) == before


def test_what_was_due_before_the_desk_began_is_neither_chased_nor_missing(sessions):
    from tests.stories.desk import Desk

    desk = Desk(sessions, starts="2024-02-01 08:00")

    past = desk.obligation(desk.key("mingguan", "Tamban", "2024-W05"))

    assert (past.standing, past.reason) == ("cancelled", "due before the desk began to use the system")


def test_a_second_desk_in_another_zone_keeps_its_own_times(desk):
    """Jayapura is an hour ahead of Makassar: three in the afternoon comes an hour earlier there."""
    desk.loads_jayapura()
    tamban, sentani = desk.key("harian", "Tamban", "H-1"), desk.key("harian", "Sentani", "H-1")
    desk.owes_only(tamban, sentani)

    desk.clock.reads("H-1 18:00")

    assert desk.phone("Camat Tamban").clocks == ["15:00", "16:00", "17:00"]
    assert desk.phone("Kepala Distrik Sentani").clocks == ["14:00", "15:00", "16:00"]
    assert "15.00 WIT)" in desk.phone("Kepala Distrik Sentani").texts[1]
    assert all("WITA" in text or "WIT" not in text for text in desk.phone("Camat Tamban").texts)
    assert all(sent.letter.sender_name == "Desk Contoh" for sent in desk.wire.accepted)


def test_loading_tells_which_texts_lose_words_beside_links_of_this_desk(desk):
    desk.rt.public_url = "https://desk.baritokualakab.go.id"

    (done,) = desk.load()

    assert any("texts leave out words: " in str(warning) for warning in done.warnings)
    assert not any("salutation" in str(warning) for warning in done.warnings)


def test_two_elections_that_texts_would_call_the_same_are_told(desk):
    election, own, policy = desk.documents
    other = loader.parse(election.text.replace("election: pemilihan", "election: pemilihan-kepala-daerah"), "lain.yaml")

    (done,) = desk.load([other, own, policy])

    assert any("texts call it Pemilihan, as they call pemilihan/" in str(warning) for warning in done.warnings)
