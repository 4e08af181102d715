"""What commands print for people: times as a clock at the desk shows them, whole codes, and nothing of Python's own."""

import json
import re

import pytest
from sqlalchemy import text

from models.base import connect
from tests.jobs.test_commands import _owe
from tests.stories.desk import DESK, ELECTION, POLICY, ROOT

FILES = [str(path) for path in (ELECTION, DESK, POLICY)]
PYTHON = re.compile(r"<[A-Z]\w+|\bNone\b|\bTrue\b|\bFalse\b|\+00:00|datetime|:\*\*\*")


@pytest.fixture
def house(desk, tmp_path):
    """`./desk` at a desk in which everything is owed."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    desk("migrate", DESK_DATABASE_URL=url)
    engine = connect(url)
    _owe(engine)
    engine.dispose()
    return lambda *words: desk(*words, DESK_DATABASE_URL=url)


def do(tmp_path, *statements):
    engine = connect(f"sqlite:///{tmp_path / 'desk.db'}")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_a_receipt_shows_the_time_of_the_place_with_its_zone(house):
    words = ("report", "file", "R-0001", "--by", "camat-tamban", "--channel", "phone", "--nil", "--reason", "late")

    done = house(*words, "--at", "2024-02-05T06:20+00:00")

    assert "received 2024-02-05 14.20 WITA" in done.stdout
    assert not PYTHON.search(done.stdout)


def test_status_shows_no_words_of_python(house, tmp_path):
    do(
        tmp_path,
        "insert into mark (name, at, reason) values ('sweep', '2024-02-14 00:00:00', ''),"
        " ('hold', '2024-02-14 00:00:00', 'x'), ('unordered', '2024-02-14 00:00:00', 'x')",
        "insert into channel (channel, down_since, probe_at, probes, why)"
        " values ('sms', '2024-02-14 00:00:00', '2024-02-14 00:01:00', 0, 'no credit')",
    )

    shown = house("status").stdout

    assert not PYTHON.search(shown), PYTHON.search(shown)
    assert "swept_at 2024-02-14 08.00 WITA" in shown
    assert "down sms" in shown
    assert "sms, 2024-02-14 08.00 WITA, 2024-02-14 08.01 WITA, no credit" in shown


def test_a_preview_shows_the_desks_own_time(house, tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    house("hold", "on", "--reason", "x")
    do(
        tmp_path,
        "insert into message (programme_id, office_id, contact_id, channel, say, state, created_at, due_at,"
        " tries, doubts, fence, why, subject, text, segments)"
        " select 1, office_id, id, channel, 'due', 'pending', '2024-02-14 00:00:00', '2999-02-14 00:00:00',"
        " 1, 0, 0, '', '', '', 0 from contact limit 1",
    )

    shown = house("hold", "preview").stdout

    assert "the first until 2999-02-14 08.00 WITA" in shown


def test_problems_are_listed_without_words_of_python(house):
    house(
        *("issue", "open", "pemilihan/tiga-kecamatan", "--by", "camat-tamban", "--district", "63.04.02"),
        *("--category", "security", "--severity", "high", "--title", "Massa di kantor"),
    )

    shown = house("issue", "list").stdout

    assert "Massa di kantor" in shown
    assert "WITA" in shown
    assert not PYTHON.search(shown)


def test_the_whole_life_of_a_problem_can_be_typed(house):
    for title in ("Massa di kantor", "Massa yang sama"):
        house(
            *("issue", "open", "pemilihan/tiga-kecamatan", "--by", "camat-tamban", "--district", "63.04.02"),
            *("--category", "security", "--severity", "high", "--title", title),
        )

    def does(step, *more, key="P-0001", by="asisten-pemerintahan"):
        return house("issue", step, key, "--by", by, *more)

    assert (
        does("merge", "--into", "P-0001", "--reason", "Sama", key="P-0002").stdout == "P-0002 is merged into P-0001\n"
    )
    assert does("grade", "--severity", "medium", "--reason", "Bubar").stdout == "P-0001 is medium\n"
    assert "postponed until 2999" in does("postpone", "--until", "2999-01-01T09:00+08:00", "--reason", "Besok").stdout
    assert "due by 2999" in does("due", "--until", "2999-01-01T09:00+08:00", "--phone").stdout
    stale = does("resolve", "--outcome", "Selesai", "--seen", "1")
    assert (stale.returncode, stale.stdout) == (1, "")
    assert "P-0001 has 5 steps, and you know of 1" in stale.stderr
    assert does("resolve", "--outcome", "Selesai", "--seen", "5").returncode == 0
    assert does("confirm").returncode == 1
    assert does("confirm", by="camat-tamban").stdout == "P-0001 is confirmed\n"
    assert does("reopen", "--reason", "Terulang").stdout == "P-0001 is open again\n"


def test_people_are_listed_with_their_whole_codes_on_a_narrow_screen(house, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")

    shown = house("people", "list").stdout
    codes = [json.loads(line)["office"] for line in house("people", "list", "--json").stdout.splitlines()]

    assert codes
    assert [code for code in codes if code not in shown] == []


def test_the_plan_fits_80_columns_and_begins_with_a_summary_by_duty(desk):
    real = ("elections/pemilu-2024.yaml", "desks/barito-kuala.yaml", "policies/default.yaml")

    done = desk("plan", *(str(ROOT / "config" / file) for file in real))

    lines = done.stdout.splitlines()
    duties = [line.split()[0] for line in lines[3 : lines.index("", 2)]]
    assert max(map(len, lines)) <= 80
    assert "2039 reports owed" in lines[0]
    assert {"mingguan", "hari-h", "laporan-gubernur"} <= set(duties)
    assert any(line.startswith("2024-02-14 22.00 WITA  H@22.00") and "all 17 districts" in line for line in lines)


@pytest.mark.parametrize("command", ["plan", "people", "status"])
def test_no_line_is_cut_with_dots(house, command):
    words = {"plan": ["plan", *FILES], "people": ["people", "list"], "status": ["status"]}[command]

    assert "\u2026" not in house(*words).stdout


def test_the_doctor_says_since_when_the_clock_stands_and_sending_is_held_by_the_clock_of_the_desk(house, tmp_path):
    do(
        tmp_path,
        "insert into mark (name, at, reason) values ('sweep', '2024-02-13 16:30:00', ''),"
        " ('hold', '2024-02-13 16:40:00', 'malam')",
    )

    shown = house("doctor").stdout

    assert "the clock has not turned since 2024-02-14 00.30 WITA" in shown
    assert "since 2024-02-14 00.40 WITA: malam" in shown
    assert "UTC" not in shown


def test_a_list_of_messages_that_leaves_out_older_ones_says_so(house, tmp_path):
    for _ in range(3):
        do(
            tmp_path,
            "insert into message (programme_id, office_id, contact_id, channel, say, state, created_at,"
            " tries, doubts, fence, why, subject, text, segments)"
            " select 1, office_id, id, channel, 'due', 'sent', '2024-02-14 00:00:00', 1, 0, 0, '', '', '', 0"
            " from contact limit 1",
        )

    cut, whole = (house("outbox", "list", "--limit", limit).stdout.splitlines() for limit in ("2", "3"))

    assert (cut[0], len(cut)) == ("2 messages; older ones with --limit", 3)
    assert (whole[0], len(whole)) == ("3 messages", 4)


def test_an_explanation_names_no_stage_where_there_is_none(house):
    assert not [line for line in house("explain", "R-0001").stdout.splitlines() if line.endswith("stage ")]


def owed_by_many(tmp_path, counts):
    """Other desks with so many overdue reports each, and nothing else that is owed."""
    do(tmp_path, "delete from obligation", "delete from matter")
    owed = [(n, f"{n}{report:03}") for n, count in enumerate(counts, 100) for report in range(count)]
    do(
        tmp_path,
        *(
            f"insert into programme (id, code, election_id, desk_id, policy_id, digest, loaded_at)"
            f" select {n}, 'pemilu/desk-{n}', election_id, desk_id, policy_id, digest, loaded_at"
            f" from programme where id = 1"
            for n, _ in enumerate(counts, 100)
        ),
        *(
            f"insert into matter (id, programme_id, kind, key, code, area, ladder, since, reached, round, closed_why)"
            f" values ({id}, {n}, 'obligation', 'k/{id}', 'R-{id}', '63.04.01', 'daily', '2024-02-01', 0, 0, '')"
            for n, id in owed
        ),
        *(
            f"insert into obligation (id, duty, stage, slot, period_start, period_end, opens_at, due_at, zone, rule,"
            f" standing, reason, asked) values ({id}, 'harian', 'P24-09A', 's', '2024-02-01', '2024-02-01',"
            f" '2024-02-01 00:00:00.000000', '2024-02-01 07:00:00.000000', 'Asia/Makassar', 'x', 'owed', '', '{{}}')"
            for _, id in owed
        ),
    )


def test_what_many_desks_owe_is_summed_on_one_screen(house, tmp_path):
    owed_by_many(tmp_path, [1 + n % 4 for n in range(40)])

    lines = house("status").stdout.splitlines()

    start = next(n for n, line in enumerate(lines) if line.startswith("Owed, by programme")) + 2
    sums = [line.rsplit(maxsplit=2) for line in lines[start : start + 31]]
    assert lines[start + 31].startswith("machine: ")
    assert [int(late) for _, late, _ in sums[:30]] == [4] * 10 + [3] * 10 + [2] * 10
    assert sums[30] == ["10 more; --json gives all", "10", "0"]
    assert len(json.loads(house("status", "--json").stdout)["owed"]) == 100


def test_what_one_desk_owes_ends_with_the_screen(house, tmp_path):
    owed_by_many(tmp_path, [45])

    shown = house("status").stdout

    assert shown.count("R-100") == 30
    assert "  15 more; --json gives all" in shown
