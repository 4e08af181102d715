"""The archive of a programme is read without this program, tells no number, and keeps what is restricted apart."""

import hashlib
import json
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from config import loader
from jobs.operator import closing
from models.base import Sessions
from models.desk.archive import LEFT_OUT, SHEETS
from models.tables import ALL
from tests.stories.desk import Desk
from tests.web.conftest import Web
from tests.web.serving import FORMS
from tests.web.writing import kept

CODE = "pemilihan/tiga-kecamatan"


@pytest.fixture
def archived(sessions: Sessions, tmp_path: Path):
    """A desk with a late report, one that came, and two problems of which one is restricted; closed and archived."""
    desk = Desk(sessions)
    desk.rt.documents = tmp_path
    desk.lives_until("H-7 17:00")
    desk.files(desk.key("harian", "Tamban", "H-7"), "Air naik.")
    desk.has_a_problem("Jembatan putus")
    desk.has_a_problem("Dugaan politik uang", restricted=True)
    desk.clock.reads("H-7 18:00")
    closing.close(desk.rt, CODE, by=desk.programme.desk.secretariat, reason="Selesai.")
    return [ZipFile(one.path) for one in closing.archive(desk.rt, CODE)]


def every_text(archive: ZipFile) -> str:
    return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if "." in name)


def lines(archive: ZipFile, table: str):
    return [json.loads(line) for line in archive.read(f"baris/{table}.jsonl").splitlines()]


def test_every_table_is_in_the_archive_or_it_is_said_why_not():
    named = {sheet.of.__table__.name for sheet in SHEETS} | set(LEFT_OUT)

    assert named == {model.__table__.name for model in ALL}


def test_each_file_has_its_hash_and_the_reports_stand_in_readable_lines(archived):
    shared, _ = archived

    sums = [line.split("  ") for line in shared.read("SHA256SUMS.txt").decode().splitlines()]

    assert all(hashlib.sha256(shared.read(name)).hexdigest() == digest for digest, name in sums)
    assert {name for _, name in sums} == set(shared.namelist()) - {"SHA256SUMS.txt"}
    assert lines(shared, "report")[0]["body"]["note"] == "Air naik."
    assert [row["text"] for row in lines(shared, "change") if row["what"] == "closed"] == ["Selesai."]
    assert shared.read("rekapitulasi-akhir.pdf").startswith(b"%PDF-1.7")
    assert b"pdfaid" in shared.read("rekapitulasi-akhir.pdf")


def test_the_archive_says_by_stage_what_came_late_and_on_whose_side_without_naming_a_district(archived):
    sheet = load_workbook(BytesIO(archived[0].read("pelajaran-per-tahapan.xlsx"))).active
    heads, *rows = list(sheet.iter_rows(values_only=True))

    assert heads[:4] == ("Tahapan", "Diminta", "Tepat waktu", "Lewat batas waktu")
    assert rows
    for row in rows:
        late = int(row[3]) + int(row[4])
        assert sum(map(int, row[6:9])) == sum(map(int, row[9:])) == late
    assert "Tamban" not in str((heads, rows))


def test_the_sheet_speaks_as_people_read_it(archived):
    rows = list(load_workbook(BytesIO(archived[0].read("rekap-laporan.xlsx"))).active.iter_rows(values_only=True))

    assert ("diterima", "lewat batas waktu") in {(row[5], row[8]) for row in rows}
    assert ("belum diterima", "tidak masuk") in {(row[5], row[8]) for row in rows}


def test_what_was_not_due_when_it_was_closed_is_no_lateness_however_late_the_archive_is_made(
    sessions: Sessions, tmp_path: Path
):
    desk = Desk(sessions)
    desk.rt.documents = tmp_path
    desk.clock.reads("H-7 12:00")
    code = desk.code(desk.key("harian", "Tamban", "H-7"))
    closing.close(desk.rt, CODE, by=desk.programme.desk.secretariat, reason="Selesai.")
    desk.clock.jumps("H-3 12:00")

    archive = ZipFile(closing.archive(desk.rt, CODE)[0].path)

    rows = load_workbook(BytesIO(archive.read("rekap-laporan.xlsx"))).active.iter_rows(values_only=True)
    judged = {row[0]: row[8] for row in rows}
    assert judged[code] == "belum jatuh tempo"


def test_no_number_no_address_and_no_text_of_a_message_is_in_it(archived):
    told = "".join(map(every_text, archived))

    assert "+62820" not in told
    assert "desk.example" not in told
    assert "Mohon dikirim" not in told
    assert "text" not in lines(archived[0], "message")[0]


def test_the_words_of_an_answer_are_in_no_row_of_what_was_done_because_of_it(sessions: Sessions, tmp_path: Path):
    desk = Desk(sessions)
    desk.rt.documents = tmp_path
    keys = [desk.key("harian", district, "H-7") for district in ("Tamban", "Mekarsari")]
    desk.owes_only(*keys)
    desk.clock.reads("H-7 12:00")
    promised, not_his = map(desk.code, keys)
    answers = {
        "Camat Tamban": f"{promised} jam 17.00 pak, tanya Budi 081234567890",
        "Camat Mekarsari": f"{not_his} bukan tugas saya, tanya Budi 081234567891",
    }
    for number, (office, text) in enumerate(answers.items()):
        kept(Web(desk, SimpleNamespace(forms=loader.forms(FORMS)), None), office, text, f"a{number}")
    closing.close(desk.rt, CODE, by=desk.programme.desk.secretariat, reason="Selesai.")

    shared = ZipFile(closing.archive(desk.rt, CODE)[0].path)

    told = every_text(shared)
    assert [row["what"] for row in lines(shared, "change")] == ["promised", "not_mine", "closed"]
    assert [row["why"] for row in lines(shared, "task")] == ["not_my_task"]
    assert "Budi" not in told
    assert "08123456789" not in told


def test_what_is_restricted_is_in_a_file_of_its_own(archived):
    shared, secret = archived

    assert [row["title"] for row in lines(shared, "issue")] == ["Jembatan putus"]
    assert [row["title"] for row in lines(secret, "issue")] == ["Dugaan politik uang"]
    assert "Dugaan politik uang" not in every_text(shared)
    assert secret.filename.endswith("-terbatas.zip")
