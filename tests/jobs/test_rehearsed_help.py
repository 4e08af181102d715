"""What the demo's desk does beside reports: villages are asked, a reporter changes, the posko is manned."""

import sqlite3
from contextlib import closing
from datetime import datetime

import pytest
from sqlalchemy import select

from jobs.rehearsal import folder
from models.desk import export
from models.matters.matters import Matter
from models.matters.reports import Report
from models.matters.tasks import Task, Why
from models.messages.messages import Message
from models.offices.offices import Office
from tests.jobs.test_rehearsed_night import ZONE, rehearsed
from tests.test_examine_demo import examine_demo


@pytest.fixture(scope="module")
def eve(tmp_path_factory):
    """From when the roster is written down until villages were asked and their Camat has filed."""
    with rehearsed(tmp_path_factory.mktemp("eve"), "2024-02-05T09:00", "2024-02-12T18:00") as played:
        yield played


@pytest.fixture(scope="module")
def march(tmp_path_factory):
    """The first report of Tabunganen after another office reports for it."""
    with rehearsed(tmp_path_factory.mktemp("march"), "2024-02-25T09:00", "2024-03-04T23:00") as played:
        yield played


def test_a_camat_files_what_his_villages_sent(eve):
    with eve.rt.sessions.begin() as session:
        (own,) = [line for line, _ in export.helped(session)]
        report = session.scalars(
            select(Report).join(Matter, Matter.id == Report.obligation_id).where(Matter.code == own["code"])
        ).one()
        told = session.execute(
            select(Office.title, Message.text).join(Message, Message.office_id == Office.id).where(Office.aide)
        ).all()

    assert eve.people.refused == []
    assert (own["area"], own["asked"], own["sent"]) == ("63.04.02", 4, 3)
    assert report.body["indicators"]["logistik"]["numbers"] == {"desa-logistik": 3}
    assert report.body["indicators"]["kesehatan"]["numbers"] == {"petugas-sakit": 3}
    assert report.title == "Camat Tamban"
    assert len(told) == 4


def test_a_day_without_anybody_at_the_posko_is_told_and_filled(eve):
    with eve.rt.sessions.begin() as session:
        (task,) = session.scalars(select(Task).where(Task.why == Why.EMPTY_SHIFT))
        shifts = list(export.shifts(session))

    assert "12 Februari 2024" in task.text
    assert task.opened_at < task.done_at
    assert [own["note"] for own in shifts if own["note"]] == ["Radio panggil nomor 2 dipinjam Kecamatan Kuripan."]


def test_from_its_day_another_office_reports_and_what_was_filed_stays(march):
    with march.rt.sessions.begin() as session:
        (own,) = export.rearrangements(session)

    assert march.people.refused == []
    assert own["ended"] == "done"
    assert list(own["before"]) == ["Camat Tabunganen"]
    assert list(own["after"]) == ["Kepala Badan Penanggulangan Bencana Daerah"]


def examined(played, change: str = "") -> list[str]:
    """What CI's look at the demo finds, after a change that is undone."""
    with closing(sqlite3.connect(played.rt.sessions.kw["bind"].url.database)) as database:
        database.execute(change) if change else None
        examine_demo.examine_beside(database, faults := examine_demo.Faults())
        database.rollback()
    return faults.lines()


def test_the_look_at_the_demo_finds_each_of_them_and_what_is_wrong(eve, march):
    lost = """update aide_asked set fields = '{"n.desa-logistik": "9"}' where sent_at is not null"""
    older = "update rearrangement set since = '2030-01-01 00:00:00.000000'"

    assert examined(eve) == ["not to be seen: another reporter"]
    assert "not to be seen: figures of villages; a day without anybody at the posko that was told" in examined(march)[0]
    assert any("figures of villages are not in the report" in line for line in examined(eve, lost))
    assert any("before a change" in line for line in examined(march, older))


def test_the_page_says_each_of_them_in_one_line(eve, march, tmp_path):
    pages = []
    for played, start in ((eve, "2024-02-05T09:00"), (march, "2024-02-25T09:00")):
        (out := tmp_path / start[:10]).mkdir()
        folder.write(played, out, start=datetime.fromisoformat(start).replace(tzinfo=ZONE))
        pages.append((out / "index.html").read_text("utf-8"))

    assert "4 desa diminta pada 12 Feb 2024, 09.30 WITA, 3 mengisi; laporan diterima" in pages[0]
    assert "Operator Desa Koanda" in pages[0]
    assert "Belum ada piket pada 12 Februari 2024: diketahui 6 Feb 2024" in pages[0]
    assert "Catatan untuk piket berikutnya: Radio panggil" in pages[0]
    assert "sejak 1 Maret 2024. Laporan sebelum hari itu:" in pages[1]
