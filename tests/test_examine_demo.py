"""CI's look at the demo's output finds each kind of fault, and none in a good folder."""

import importlib.util
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "examine_demo.py"
spec = importlib.util.spec_from_file_location("examine_demo", SCRIPT)
examine_demo = importlib.util.module_from_spec(spec)
spec.loader.exec_module(examine_demo)

OBLIGATION = {
    "key": "pemilu-2024/batola/harian/63.04.03/H-3",
    "duty": "harian",
    "stage": "masa tenang",
    "area": "63.04.03",
    "team": "VIII",
    "period_start": "2024-02-11",
    "period_end": "2024-02-11",
    "opens_at": "2024-02-11T00:00:00+08:00",
    "due_at": "2024-02-11T15:00:00+08:00",
    "standing": "owed",
    "content": None,
    "timeliness": "missing",
    "received_at": None,
}
NOTICE = {
    "key": "due/o1/0/1/camat-tamban/sms",
    "matter": OBLIGATION["key"],
    "ladder": "routine",
    "rung": 1,
    "round": 0,
    "recipient": "camat-tamban",
    "channel": "sms",
    "planned_at": "2024-02-11T15:15:00+08:00",
    "release_at": "2024-02-11T15:15:00+08:00",
    "state": "sent",
    "reason": "",
}
MESSAGE = {
    "id": 1,
    "at": "2024-02-11T15:15:02+08:00",
    "channel": "sms",
    "to": "+62820****0001",
    "recipient": "camat-tamban",
    "template": "overdue",
    "subject": "",
    "text": "Desk Batola: Yth. Camat Tamban, R-0805 (batas 11/2 15.00 WITA) belum kami terima.",
    "segments": 1,
    "notices": [NOTICE["key"]],
}
PEOPLE = {
    "secretary": "kesbangpol",
    "chair": "sekda",
    "teams": [{"reporters": {"63.04.03": "camat-tamban", "63.04.04": "camat-mekarsari"}}],
}
LETTER = {**MESSAGE, "id": 2, "channel": "email", "to": "cam***@tamban.example", "segments": 0}
MAIL = b"""From: desk@batola.example
To: camat@tamban.example
Subject: Laporan harian
Date: Sun, 11 Feb 2024 15:15:02 +0800
Message-ID: <1@batola.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Yth. Camat
--b
Content-Type: text/html; charset=utf-8

<p>Yth. Camat</p>
--b--
"""


@pytest.fixture
def folder(tmp_path):
    for name in ("mail", "sms", "laporan"):
        (tmp_path / name).mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><html>" + "x" * 10_000)
    (tmp_path / "summary.json").write_text(json.dumps({"promises": {"broken": 0}}))
    (tmp_path / "mail" / "1.eml").write_bytes(MAIL)
    (tmp_path / "sms" / "1.txt").write_text(MESSAGE["text"])
    for name, row in (("obligations", OBLIGATION), ("notices", NOTICE)):
        write(tmp_path, name, row)
    write(tmp_path, "messages", MESSAGE, LETTER)
    return tmp_path


@pytest.fixture(autouse=True)
def no_reader(monkeypatch):
    """A PDF by hand is no PDF for pdftotext; the real demo's are looked at in CI."""
    monkeypatch.setenv("PATH", "")


def faults(folder):
    return examine_demo.examine(folder, zone=ZoneInfo("Asia/Makassar"), loud={"urgent"}, people=PEOPLE)[1]


def write(folder, name, *rows):
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_a_good_folder_has_no_fault(folder):
    (folder / "laporan" / "minggu.pdf").write_bytes(b"%PDF-1.7")

    assert faults(folder) == []


def test_an_empty_folder_is_named_part_by_part(tmp_path):
    found = "\n".join(faults(tmp_path))

    for part in ("obligations.jsonl", "messages.jsonl", "notices.jsonl", "summary.json", "index.html"):
        assert part in found
    for part in ("mail/*.eml", "sms/*.txt", "laporan/*.pdf"):
        assert part in found


@pytest.mark.parametrize(
    ("name", "rows", "fault"),
    [
        ("obligations", [{**OBLIGATION, "timeliness": None}], "due and without an outcome"),
        ("obligations", [{**OBLIGATION, "outcome": "broken"}], "due and without an outcome"),
        ("obligations", [OBLIGATION, OBLIGATION], "obligation key used twice"),
        ("obligations", [{"key": "only"}], "key missing"),
        ("obligations", [{**OBLIGATION, "standing": "late"}], "unknown standing"),
        ("obligations", [{**OBLIGATION, "standing": "received"}], "received without time"),
        ("obligations", [{**OBLIGATION, "due_at": "2024-02-11T15:00:00"}], "not an ISO 8601 time with an offset"),
        ("notices", [NOTICE, NOTICE], "notice key used twice"),
        ("notices", [{**NOTICE, "audience": "team", "recipient": "camat-mekarsari"}], "told of a neighbour's report"),
        (
            "notices",
            [{**NOTICE, "recipient": "sekda", "release_at": "2024-02-12T01:00:00+08:00"}],
            "woken by a missing form",
        ),
        ("messages", [{**MESSAGE, "at": "2024-02-11T20:00:00+08:00"}], "sent in quiet hours"),
        ("messages", [{**MESSAGE, "at": "2024-02-11T22:59:59+00:00"}], "sent in quiet hours"),
        ("messages", [{**MESSAGE, "at": "2024-02-09T11:30:00+08:00"}], "sent in quiet hours"),
        ("messages", [{**MESSAGE, "segments": 2}], "SMS not of one segment"),
        ("messages", [{**MESSAGE, "notices": ["none such"]}], "a notice that is not there"),
        ("messages", [{**MESSAGE, "notices": []}], "message without a notice"),
        ("messages", [{**MESSAGE, "to": "+628200000001"}], "address not masked"),
        ("messages", [{**MESSAGE, "to": "camat@tamban.example"}], "address not masked"),
        ("messages", [{**MESSAGE, "text": " "}], "message without a text"),
    ],
)
def test_a_planted_fault_is_named(folder, name, rows, fault):
    (folder / "laporan" / "minggu.pdf").write_bytes(b"%PDF-1.7")
    write(folder, name, *rows)

    found = faults(folder)

    assert [line for line in found if fault in line]


def test_an_urgent_ladder_may_speak_at_night(folder):
    (folder / "laporan" / "minggu.pdf").write_bytes(b"%PDF-1.7")
    write(folder, "messages", {**MESSAGE, "at": "2024-02-11T23:00:00+08:00"}, LETTER)
    write(folder, "notices", {**NOTICE, "ladder": "urgent"})

    assert faults(folder) == []


@pytest.mark.parametrize(
    ("path", "content", "fault"),
    [
        ("laporan/minggu.pdf", b"<html>", "not a PDF"),
        ("laporan/minggu.xlsx", b"no archive", "not a DOCX or XLSX"),
        ("mail/2.eml", MAIL.replace(b"text/html", b"text/plain"), "mail without an HTML part"),
        ("mail/2.eml", MAIL.replace(b"Subject", b"X-Subject"), "mail lacks Subject"),
        ("sms/2.txt", b"", "empty SMS"),
        ("index.html", b"<html>", "index.html missing or not larger"),
        ("summary.json", b"{", "summary.json"),
        ("summary.json", b'{"broken_promises": 2}', "broken promises"),
        ("summary.json", b'{"broken_promises": ["k"]}', "broken promises"),
        ("summary.json", b'{"counts": {"notices": 2}}', "summary.json counts otherwise"),
        ("mail/2.eml", MAIL, "mails and messages differ"),
        ("summary.json", b"{}", "says nothing of broken promises"),
        ("rehearsal.db-wal", b"rows", "the database is more than one file"),
    ],
)
def test_a_planted_file_is_named(folder, path, content, fault):
    (folder / path).write_bytes(content)

    assert [line for line in faults(folder) if fault in line]


def test_the_ladders_that_may_speak_at_night_come_from_the_policy(tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("ladders: {urgent: {urgent: true}, routine: {rungs: []}}")

    assert examine_demo.may_speak_at_night(policy) == {"urgent"}


RECAP = {"due": 1, "missing": 1, "on_time": 0, "late": 0, "waived": 0, "team": 1, "stopped": 0}


@pytest.mark.parametrize(
    ("line", "recap", "fault"),
    [
        pytest.param({"cause": "team"}, {"63.04.03": RECAP}, "", id="as it is"),
        pytest.param({"cause": "team"}, {"63.04.03": RECAP | {"missing": 0}}, "counts otherwise", id="one too few"),
        pytest.param({"cause": "stopped"}, {"63.04.03": RECAP}, "counts otherwise", id="another cause"),
        pytest.param({"cause": "team"}, {"63.04.04": {"due": 0}}, "leaves an area out", id="a district is not there"),
        pytest.param({"cause": None}, {"63.04.03": RECAP}, "late without a cause", id="no cause"),
    ],
)
def test_the_desks_own_recap_is_counted_once_more(folder, line, recap, fault):
    write(folder, "obligations", OBLIGATION | line)
    (folder / "summary.json").write_text(json.dumps({"promises": {"broken": 0}, "recap": recap}))
    (folder / "laporan" / "minggu.pdf").write_bytes(b"%PDF-1.7")

    found = faults(folder)

    assert any(fault in one for one in found) if fault else found == []
