"""What an office on duty leaves written for the next one, and days of the next week on which nobody is."""

import pytest
from sqlalchemy import select

from models.desk.changes import Change
from models.matters import tasks
from rules.tasks import Why
from tests.web.signing import signs_in
from tests.web.test_posko import LATER, NOW, PAGE

NOTES, TEXT = "/piket", "Perahu Tabunganen belum kembali; BPBD sudah dihubungi."


@pytest.fixture
def kept(web):
    """Camat Tamban is on duty until noon of voting day, then Camat Mekarsari from 13.00."""
    web.desk.owes_only()
    web.desk.clock.reads("H 05:00")
    keeper = signs_in(web, "Sekretariat Desk")
    for shift in (NOW, LATER):
        assert keeper.post(PAGE, **shift).status_code == 303
    return web


def comes(web, office, moment):
    web.desk.clock.jumps(moment)
    return signs_in(web, office)


def test_whoever_is_on_duty_writes_and_the_next_one_reads(kept):
    camat = comes(kept, "Camat Tamban", "H 11:40")
    assert "/piket" in camat.get("/beranda").text

    assert camat.post(NOTES, shift="1", note=TEXT).status_code == 303

    page = comes(kept, "Camat Mekarsari", "H 12:50").get(NOTES).text
    assert TEXT in page
    assert "Ditulis Rabu 14/2, 11.40 WITA" in page
    with kept.desk.rt.sessions() as session:
        (change,) = session.scalars(select(Change).where(Change.what == "shift noted"))
    assert (change.subject, change.text) == ("camat-tamban", "")


def test_a_note_can_be_written_for_half_a_day_after_the_shift_and_no_longer(kept):
    assert comes(kept, "Camat Tamban", "H 23:50").post(NOTES, shift="1", note=TEXT).status_code == 303
    assert comes(kept, "Camat Tamban", "H+1 00:10").post(NOTES, shift="1", note="Lagi").status_code == 403


def test_nobody_writes_for_another_shift(kept):
    assert comes(kept, "Camat Tamban", "H 11:00").post(NOTES, shift="2", note=TEXT).status_code == 403
    assert comes(kept, "Sekretariat Desk", "H 11:00").post(NOTES, shift="1", note=TEXT).status_code == 403


@pytest.mark.parametrize("office", ["Camat Tabunganen", "Asisten Pemerintahan"])
def test_whoever_is_not_on_duty_reads_nothing(kept, office):
    other = comes(kept, office, "H 11:00")

    assert other.get(NOTES).status_code == 403
    assert 'href="https://desk.example/piket"' not in other.get("/beranda").text


def test_an_empty_note_is_refused(kept):
    assert comes(kept, "Camat Tamban", "H 11:00").post(NOTES, shift="1", note=" ").status_code == 422


def told(web):
    with web.desk.rt.sessions() as session:
        return [own.text for own in tasks.undone(session) if own.why is Why.EMPTY_SHIFT]


FULL = {"office": "camat-tamban", "place": "Posko", "ends": "2024-02-08T20:00", "starts": "2024-02-07T08:00"}


def test_days_of_the_next_week_without_anybody_are_told_once(web):
    web.desk.owes_only()
    web.desk.clock.reads("H-8 09:00")
    assert told(web) == []  # a desk that keeps no roster
    keeper = signs_in(web, "Sekretariat Desk")

    keeper.post(PAGE, **FULL)

    days = "9 Februari 2024, 10 Februari 2024, 11 Februari 2024, dan 12 Februari 2024"
    assert told(web) == [f"Belum ada piket pada {days}."]
    web.desk.clock.reads("H-8 12:00")
    heard = [own for own in web.desk.mailbox("Sekretariat Desk").texts if "Posko tanpa piket" in own]
    assert len(heard) == 1
    keeper = signs_in(web, "Sekretariat Desk")
    keeper.post(PAGE, **(FULL | {"starts": "2024-02-08T20:00", "ends": "2024-02-12T20:00"}))
    assert told(web) == []


def test_a_day_that_comes_into_sight_is_told_too(web):
    web.desk.owes_only()
    web.desk.clock.reads("H-8 09:00")
    keeper = signs_in(web, "Sekretariat Desk")
    keeper.post(PAGE, **FULL)
    keeper.post(PAGE, **(FULL | {"starts": "2024-02-08T20:00", "ends": "2024-02-12T20:00"}))
    assert told(web) == []

    web.desk.clock.reads("H-7 09:00")

    assert told(web) == ["Belum ada piket pada 13 Februari 2024."]
