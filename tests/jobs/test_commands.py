"""The commands as others script against them: exit status, what is on standard output, what a refusal says."""

import importlib
import io
import json
import os
import pkgutil
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from typer.main import get_group

import jobs.commands
from config.errors import ConfigError
from jobs.__main__ import COMMANDS, imported, main
from jobs.commands import explaining
from jobs.operator import bodies
from jobs.operator.explain import Explanation
from models.base import connect
from models.machine import clock
from tests import migrated
from tests.stories.desk import DESK, ELECTION, POLICY, ROOT

FILES = [str(path) for path in (ELECTION, DESK, POLICY)]


@pytest.mark.parametrize("command", ["worker", "clock", "web"])
def test_one_of_several_processes_refuses_a_broker_that_lives_inside_one(desk, tmp_path, command):
    done = desk(command, DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}")

    assert (done.returncode, done.stdout) == (78, "")
    assert "DESK_BROKER_URL: memory:// lives inside one process" in done.stderr
    assert not (tmp_path / "desk.db").exists()


def test_a_file_that_is_not_there_is_bad_configuration(desk):
    done = desk("plan", "no-such.yaml", *FILES[1:])

    assert (done.returncode, done.stdout) == (78, "")
    assert "no-such.yaml" in done.stderr
    assert "cannot be read" in done.stderr


def test_a_file_that_does_not_hold_is_told_with_its_line(desk, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(ELECTION.read_text().replace("name: Pemilihan Contoh", "nama: Pemilihan Contoh"))

    done = desk("plan", str(broken), *FILES[1:])

    line = 1 + broken.read_text().splitlines().index("nama: Pemilihan Contoh")
    assert (done.returncode, done.stdout) == (78, "")
    assert f"broken.yaml:{line}" in done.stderr


def test_the_version_is_that_of_the_newest_release_in_the_changelog(desk):
    newest = re.search(r"^## \[(.+?)\] - \d{4}-\d\d-\d\d$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)

    done = desk("--version")

    assert newest
    assert (done.returncode, done.stdout) == (0, f"desk-pemilu {newest[1]}\n")


def test_a_command_that_is_none_is_wrong_usage(desk):
    assert desk("chase").returncode == 2


def test_the_plan_is_json_lines_and_nothing_else(desk):
    done = desk("plan", *FILES, "--json")

    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert len(lines) == 101
    assert all(datetime.fromisoformat(line["due_at"]).utcoffset() for line in lines)


def test_what_may_not_be_meant_is_said_beside_the_plan_as_json_too(desk, tmp_path):
    file = tmp_path / "desk.yaml"
    file.write_text(re.sub(r"(?m)^secretariat_(phone|whatsapp):.*\n", "", DESK.read_text()))
    files = [str(file) if one == str(DESK) else one for one in FILES]
    plain, as_json = desk("plan", *files), desk("plan", *files, "--json")

    assert "warning: " in as_json.stderr
    assert as_json.stderr == plain.stderr


def test_every_command_is_there_and_its_help_begins_as_the_list_says():
    for name, listed in COMMANDS.items():
        said = " ".join(imported(name).help.split())
        assert said.startswith(listed.help.rstrip(".").split(",")[0]), name


def test_what_is_written_as_a_command_can_be_typed():
    written = set()
    for module in pkgutil.iter_modules(jobs.commands.__path__):
        own = importlib.import_module(f"jobs.commands.{module.name}")
        written |= {(name, module.name) for name in (get_group(own.app).commands if hasattr(own, "app") else ())}

    assert written == {(name, listed.module) for name, listed in COMMANDS.items()}


def test_help_imports_neither_the_broker_nor_the_typesetter():
    """Nor the database, nor the web server: it answers at once."""
    script = (
        "import sys, runpy\n"
        "sys.argv = ['desk', '--help']\n"
        "try:\n    runpy.run_module('jobs', run_name='__main__')\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'dramatiq', 'typst', 'sqlalchemy', 'uvicorn', 'jinja2', 'twilio'} & set(sys.modules)\n"
        "print('imported:', sorted(heavy), file=sys.stderr)\n"
    )
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True)

    assert "imported: []" in done.stderr
    assert "worker" in done.stdout


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A folder with a database in which everything is still owed."""
    folder = tmp_path_factory.mktemp("house")
    settings = {"DESK_DATABASE_URL": migrated.sqlite(folder / "desk.db")}
    engine = connect(settings["DESK_DATABASE_URL"], durable=False)
    _owe(engine)
    engine.dispose()
    return settings


@pytest.fixture
def house(desk, loaded):
    return lambda *words: desk(*words, **loaded)


def test_the_same_files_again_change_nothing(house):
    done = house("load", *FILES)

    assert done.returncode == 0
    assert "101 reports owed, 0 new" in done.stdout


def test_a_changed_calendar_is_refused(house, tmp_path):
    moved = tmp_path / "moved.yaml"
    moved.write_text(ELECTION.read_text().replace("2024-03-05", "2024-03-06"))

    done = house("load", str(moved), *FILES[1:])

    assert (done.returncode, done.stdout) == (1, "")
    assert "use ./desk amend" in done.stderr


SCENARIO, FORM = str(ROOT / "config/scenarios/demo.yaml"), str(next((ROOT / "config/forms").glob("*.yaml")))


@pytest.mark.parametrize(
    ("files", "why"),
    [
        pytest.param(FILES[:2], "no policy is among the files: give an election, a desk", id="no policy"),
        pytest.param(FILES[1:2], "no election and no policy is among the files", id="a desk alone"),
        pytest.param([*FILES, SCENARIO], "demo.yaml is a scenario: leave it out here", id="a scenario"),
        pytest.param([*FILES, FORM], "is a form: leave it out here", id="a form"),
        pytest.param([*FILES, FILES[1]], "have the same code, desk tiga-kecamatan", id="a desk twice"),
    ],
)
def test_files_that_make_no_programme_are_refused_with_the_reason_and_make_no_database(desk, tmp_path, files, why):
    done = desk("load", *files, DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}")

    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert why in done.stderr
    assert not (tmp_path / "desk.db").exists()


@pytest.mark.parametrize("command", ["load", "plan"])
def test_what_is_wrong_in_several_files_is_told_at_once(desk, tmp_path, command):
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("known_until: 2024-12-31\n")

    done = desk(command, FILES[0], "a.yaml", "b.yaml", DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}")

    assert (done.returncode, done.stdout) == (78, "")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["a.yaml", "b.yaml"]


def test_two_policies_are_not_loaded_one_over_the_other(desk, tmp_path):
    (tmp_path / "other.yaml").write_text(POLICY.read_text().replace("policy: default", "policy: other"))

    done = desk("load", *FILES, "other.yaml", DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}")

    assert done.returncode == 1
    assert "a desk is loaded under one policy" in done.stderr


@pytest.mark.parametrize(("file", "where"), [(SCENARIO, "./desk rehearse"), (FORM, "config/forms")])
def test_an_amendment_by_a_file_of_no_programme_is_sent_where_that_file_belongs(house, file, where):
    done = house("amend", file)

    assert (done.returncode, done.stdout) == (1, "")
    assert where in done.stderr
    assert "./desk load" not in done.stderr


@pytest.fixture
def ahead(desk, tmp_path):
    """A desk that runs an election of a far year, so that all of it is ahead; and the file of its policy."""
    election, policy = tmp_path / "election.yaml", tmp_path / "policy.yaml"
    election.write_text(ELECTION.read_text().replace("2024-", "2096-").replace("2023-", "2095-"))
    policy.write_text(POLICY.read_text())
    settings = {"DESK_DATABASE_URL": f"sqlite:///{tmp_path / 'ahead.db'}"}
    assert desk("load", str(election), str(DESK), str(policy), **settings).returncode == 0
    return lambda *words: desk(*words, **settings), policy


def test_amend_shows_what_it_would_do_then_does_it_and_then_there_is_nothing_to_do(ahead):
    run, policy = ahead
    policy.write_text(
        policy.read_text().replace('days: H-7..H-1\n    at: ["15:00"]', 'days: H-7..H-2\n    at: ["17:00"]')
    )

    shown, done, again = run("amend", str(policy), "--dry-run"), run("amend", str(policy)), run("amend", str(policy))

    assert [shown.returncode, done.returncode, again.returncode] == [0, 0, 0]
    assert "pemilihan/tiga-kecamatan: 18 move, 3 cancel, " in shown.stdout
    assert "a dry run, nothing was changed" in shown.stdout
    assert "  harian: 18 move, 3 cancel\n" in shown.stdout
    assert "2096-02-12 15.00 WITA -> 2096-02-12 17.00 WITA" in done.stdout
    assert again.stdout == "pemilihan/tiga-kecamatan: runs under these files already; nothing is changed\n"


def test_a_dry_run_says_who_would_be_told_what_in_the_next_days(ahead, tmp_path):
    run, policy = ahead
    policy.write_text(policy.read_text().replace("caps_per_day: {sms: 4", "caps_per_day: {sms: 3"))
    file = tmp_path / "ahead.csv"

    shown = run("amend", str(policy), "--dry-run", "--ahead", str(file))
    told = json.loads(run("amend", str(policy), "--dry-run", "--ahead", str(file), "--json").stdout)
    alone = run("amend", str(policy), "--ahead", str(file))

    assert shown.returncode == 0, shown.stderr
    assert "messages if nobody reports" in shown.stdout
    assert "every office gets as many as before" in shown.stdout
    assert set(told["ahead"]) == {"channels", "about", "offices", "differing"}
    assert file.read_text().startswith("under,at,channel,office,say,about")
    assert alone.returncode == 2


def test_what_is_lived_through_on_copies_is_not_logged_as_if_it_had_happened(ahead, tmp_path):
    run, policy = ahead
    policy.write_text(policy.read_text().replace("caps_per_day: {sms: 4", "caps_per_day: {sms: 3"))
    told = ("--category", "logistics", "--severity", "high", "--title", "Perahu kandas")
    where = ("pemilihan/tiga-kecamatan", "--by", "camat-tamban", "--district", "63.04.02")
    assert run("issue", "open", *where, *told).returncode == 0

    done = run("amend", str(policy), "--dry-run", "--ahead", str(tmp_path / "ahead.csv"), "--json")

    assert json.loads(done.stdout)["ahead"]["about"]["issue"][0][0] > 0
    assert "tried" not in done.stdout + done.stderr


def test_an_amendment_of_many_reports_waits_for_a_second_person(ahead):
    run, policy = ahead
    policy.write_text(policy.read_text().replace('at: ["15:00"]\n    opens: -PT9H', 'at: ["17:00"]\n    opens: -PT9H'))

    waits, shown = run("amend", str(policy), "--json"), run("confirm", "1")
    mine = run("confirm", "1", "--by", "Orang Lain", "--reach", "42")
    refused, over = run("confirm", "1", "--by", "Budi", "--refuse", "Besok saja"), run("confirm", "1")

    assert (waits.returncode, json.loads(waits.stdout)["reach"]) == (1, 42)
    assert shown.returncode == 0
    assert "it reaches 42 now" in shown.stdout
    assert "./desk confirm 1 --by NAME --reach 42" in shown.stdout
    assert (mine.returncode, "not the second person" in mine.stderr) == (1, True)
    assert (refused.returncode, over.returncode) == (0, 1)
    assert "does not wait for a second person" in over.stderr


def test_amend_tells_a_program_what_it_did(ahead):
    run, policy = ahead
    policy.write_text(policy.read_text().replace("days: H-7..H-1", "days: H-8..H-1"))

    (one,) = json.loads(run("amend", str(policy), "--json").stdout)["programmes"]

    assert (one["counts"]["make"], one["reports"][0]["due_to"]) == (3, "2096-02-06T15:00:00+08:00")


def test_a_file_that_no_programme_uses_is_no_amendment(ahead):
    run, policy = ahead
    policy.write_text(policy.read_text().replace("policy: default", "policy: another"))

    done = run("amend", str(policy))

    assert (done.returncode, done.stdout) == (1, "")
    assert "policy another: no live programme uses it: see ./desk load" in done.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(["R-9999", "--by", "camat-tamban", "--nil"], "no such report is owed", id="no such report"),
        pytest.param(["R-0001", "--by", "camat-x", "--nil"], "no such office", id="no such office"),
        pytest.param(
            ["R-0001", "--by", "camat-tamban", "--nil", "--at", "2999-01-01T00:00+08:00"],
            "in the future",
            id="a time to come",
        ),
        pytest.param(
            ["R-0001", "--by", "camat-tamban", "--nil", "--at", "2024-02-05T14:00+08:00"],
            "give a reason",
            id="an earlier day without a reason",
        ),
        pytest.param(["R-0101", "--by", "camat-tamban", "--nil"], "does not take a nil report", id="nil refused"),
        pytest.param(["R-0001", "--by", "camat-tamban", "--file", "none.json"], "cannot be read", id="no file"),
    ],
)
def test_what_cannot_be_filed_is_refused_with_the_reason(house, words, why):
    done = house("report", "file", *words, "--channel", "phone")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("desk: ")
    assert why in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--nil", "--at", "2024-02-05T14:00"], id="a time without its offset"),
        pytest.param([], id="neither nil nor a file"),
        pytest.param(["--nil", "--channel", "pigeon"], id="a way in that is none"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(house, words):
    done = house("report", "file", "R-0001", "--by", "camat-tamban", "--channel", "phone", *words)

    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        pytest.param('{"indicators": {"a": 1}}', "'a' is not known", id="an indicator that no form has"),
        pytest.param('{"note": "Aman.", "files": 5}', "files: a list of files is expected", id="a number of files"),
        pytest.param("{}", "says nothing", id="nothing"),
    ],
)
def test_a_report_that_no_page_could_show_gets_no_receipt(house, tmp_path, body, where):
    file = tmp_path / "laporan.json"
    file.write_text(body)

    done = house("report", "file", "R-0002", "--by", "camat-tamban", "--channel", "phone", "--file", str(file))

    assert (done.returncode, done.stdout) == (1, "")
    assert where in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param("[" * 100_000, "nested too deep", id="nested without end"),
        pytest.param('{"a":' * 100_000, "nested too deep", id="objects without end"),
        pytest.param('{"note": "\\ud800"}', "half a character", id="half a character"),
        pytest.param('{"\\udfff": "x"}', "half a character", id="half a character for a key"),
        pytest.param('{"note": NaN}', "NaN is no number", id="no number"),
        pytest.param('{"note": -Infinity}', "no number", id="a number without end"),
        pytest.param('{"note": ' + "9" * 5000 + "}", "not JSON", id="a number of 5,000 digits"),
        pytest.param('{"note": "a", "note": "b"}', "twice", id="a key twice, of which one would be lost"),
        pytest.param('{"note": "a"', ":1: not JSON", id="cut off"),
        pytest.param("", "not JSON", id="nothing"),
        pytest.param("[1]", "an object is expected", id="a list"),
        pytest.param(b'{"note": "\xff"}', "not UTF-8", id="not UTF-8"),
        pytest.param('{"note": "a"}'.encode("utf-16"), "not UTF-8", id="UTF-16"),
    ],
)
def test_a_file_that_is_no_json_is_answered_in_one_line(tmp_path, body, why):
    file = tmp_path / "laporan.json"
    file.write_bytes(body if isinstance(body, bytes) else body.encode())

    with pytest.raises(ConfigError) as refused:
        bodies.read(file)

    assert why in str(refused.value)
    assert str(refused.value).count("\n") == 0


def test_a_file_that_is_no_json_ends_the_command_as_bad_configuration_does(house, tmp_path):
    file = tmp_path / "laporan.json"
    file.write_text("[" * 100_000)

    done = house("report", "file", "R-0002", "--by", "camat-tamban", "--channel", "phone", "--file", str(file))

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (78, "", 1)


@pytest.mark.parametrize("words", [["hold", "on", "--reason", "\udcff"], ["explain", "R-\udc80"], ["people", "\udcfe"]])
def test_a_word_that_is_not_utf_8_is_answered_in_one_line(monkeypatch, capsys, words):
    monkeypatch.setattr(sys, "argv", ["desk", *words])

    assert main() == 78
    assert capsys.readouterr().err.count("\n") == 1


def test_a_report_is_answered_with_a_receipt_in_one_document(house):
    words = ("report", "file", "R-0002", "--by", "camat-tamban", "--channel", "phone", "--nil", "--json")

    first, again = house(*words), house(*words)

    one, two = json.loads(first.stdout), json.loads(again.stdout)
    assert (first.returncode, again.returncode) == (0, 0)
    assert (one["number"], one["again"], two["again"]) == (two["number"], False, True)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["status"], id="status"),
        pytest.param(["explain", "R-0003"], id="explain"),
        pytest.param(["why-not", "camat-tamban", "2024-02-13"], id="why-not"),
    ],
)
def test_a_question_is_answered_in_one_document(house, words):
    done = house(*words, "--json")

    assert done.returncode in (0, 1), done.stderr
    assert isinstance(json.loads(done.stdout), dict)


@pytest.fixture
def message(loaded):
    """The number of a mail to Camat Tamban that waits."""
    engine = connect(loaded["DESK_DATABASE_URL"], durable=False)
    facts = {"programme": 1, "at": "2024-02-05 07:00:00"}
    with engine.begin() as connection:
        id = connection.execute(
            text(
                "insert into message (programme_id, office_id, contact_id, channel, say, state, created_at, due_at,"
                " tries, doubts, fence, why, subject, text, segments)"
                " select :programme, office.id, contact.id, 'email', 'due', 'pending', :at, :at, 0, 0, 0, '', '', '', 0"
                " from office join contact on contact.office_id = office.id"
                " where office.code = 'camat-tamban' and contact.channel = 'email' returning id"
            ),
            facts,
        ).scalar_one()
    engine.dispose()
    return str(id)


def test_what_is_not_in_order_is_said_with_what_to_do_and_the_rest_is_not(house, message):
    facts = json.loads(house("status", "--json").stdout)

    shown = house("status").stdout.splitlines()

    advised = {line.split(":")[0] for line in shown if " -> " in line}
    wrong = {name for name in ("broken", "stuck", "not_delivered", "possibly_doubled", "tasks") if facts[name]}
    assert advised == wrong | {"clock"}
    assert "stuck" in advised
    assert any(line.startswith(f"  {message}, ") for line in shown)


@pytest.mark.parametrize(
    "wrong", [{"DESK_SMTP_URL": "nonsense"}, {"DESK_POLICY": "gone.yaml"}, {"DESK_TRIAL_ALLOW": "abc"}]
)
def test_a_hold_stands_whatever_else_is_set_wrongly(desk, loaded, wrong, house, monkeypatch):
    done = desk("hold", "on", "--reason", "a wrong text", **(loaded | wrong))

    assert (done.returncode, done.stderr) == (0, "")
    for name in wrong:
        monkeypatch.delenv(name)
    assert "on_hold: only answers to whoever asks leave" in house("status").stdout


def test_what_may_have_arrived_twice_is_listed_and_is_nothing_to_look_after(house, loaded, message):
    engine = connect(loaded["DESK_DATABASE_URL"], durable=False)
    with engine.begin() as connection:
        now = "strftime('%Y-%m-%d %H:%M:%S', 'now')"
        sent = f"state = 'sent', due_at = null, doubts = 1, settled_at = {now}, repeated_at = {now}"
        connection.execute(text(f"update message set {sent} where id = {message}"))
    engine.dispose()

    facts = json.loads(house("status", "--json").stdout)
    shown = house("status").stdout
    listed = [json.loads(line) for line in house("outbox", "list", "--json").stdout.splitlines()]

    assert facts["possibly_doubled"] == [{"message": int(message)}]
    assert "possibly_doubled: may have arrived twice -> nothing" in shown
    assert [m["id"] for m in listed if m["possibly_doubled"]] == [int(message)]


def test_a_hold_is_said_with_the_way_out_of_it(house):
    house("hold", "on", "--reason", "a wrong text")
    shown = house("status").stdout
    house("hold", "off")

    assert "on_hold: only answers to whoever asks leave -> ./desk hold preview" in shown
    assert "on_hold: only" not in house("status").stdout


@pytest.fixture
def quiet(tmp_path):
    """A desk at which nothing is owed, and its clock has just turned; whoever has it may change a row."""
    engine = connect(migrated.sqlite(tmp_path / "quiet.db"), durable=False)
    with Session(engine) as session, session.begin():
        clock.mark(session, clock.SWEEP, clock.now(session))
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param(None, None, id="all is well"),
        pytest.param("update mark set at = '2024-02-14 00:00:00'", "clock: the clock has not turned", id="clock"),
        pytest.param("delete from mark", "clock: the clock has not turned", id="a clock that never turned"),
        pytest.param(
            "insert into channel (channel, down_since, probe_at, probes, why)"
            " values ('sms', '2024-02-14 00:00:00', '2024-02-14 00:01:00', 0, 'no credit')",
            "down: nothing goes by it",
            id="a channel",
        ),
        pytest.param(
            "insert into mailbox (name, validity, upto, look_at, failures, failed_since, why)"
            " values ('ab', 1, 1, '2999-01-01 00:00:00', 3, '2024-02-14 00:00:00', 'login: no')",
            "mailboxes: answers and bounces wait there unread",
            id="a mailbox",
        ),
        pytest.param(
            "insert into mark (name, at, reason) values ('hold', '2024-02-14 00:00:00', 'storm: 9'),"
            " ('unordered', '2024-02-14 00:00:00', 'storm: 9')",
            "held_by_itself: it set itself",
            id="a hold that set itself",
        ),
    ],
)
def test_whatever_a_person_must_look_at_ends_status_with_one(desk, quiet, wrong, said):
    if wrong:
        with quiet.begin() as connection:
            connection.execute(text(wrong))

    done = desk("status", DESK_DATABASE_URL=str(quiet.url))

    assert done.returncode == (1 if wrong else 0), done.stdout
    assert said is None or said in done.stdout


def test_what_is_not_there_cannot_be_explained(house):
    done = house("explain", "R-9999")

    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing of that name" in done.stderr


def test_messages_are_listed_one_a_line_without_whole_addresses(house, message):
    done = house("outbox", "list", "--json", "--office", "camat-tamban")
    table = house("outbox", "list")

    shown = [json.loads(line) for line in done.stdout.splitlines()]
    assert message in [str(line["id"]) for line in shown]
    assert "tamban@desk.example" not in done.stdout + table.stdout
    assert (done.returncode, table.returncode) == (0, 0)


def test_the_list_for_people_has_a_line_a_message_and_a_clock_of_the_desk(house, loaded, message):
    why = "why = 'will be tried again: busy [421]'"
    changed(loaded, f"update message set tries = 2, due_at = '2024-02-05 07:00:00.123456', {why} where id = {message}")

    lines = house("outbox", "list").stdout.splitlines()

    (at,) = [number for number, line in enumerate(lines) if line.startswith(f"{message:>6}  ")]
    assert "  email to camat-tamban t***@desk.example: " in lines[at]
    assert lines[at].endswith(", pending after 2 tries, next 05.02. 15.00 WITA")
    assert lines[at + 1] == "        will be tried again: busy [421]"
    assert '"2024-02-05T07:00:00.123456+00:00"' in house("outbox", "list", "--json").stdout


def test_the_preview_of_a_release_tells_of_a_message_that_waits_for_its_next_try(house, loaded, message):
    changed(loaded, "update notice set state = 'cancelled'")  # of other tests; by day they would be sent
    changed(loaded, f"update message set due_at = '2999-02-05 07:00:00' where id = {message}")
    waits = house("hold", "preview").stdout.splitlines()
    changed(loaded, f"update message set state = 'cancelled', due_at = null where id = {message}")
    nothing = house("hold", "preview").stdout.splitlines()

    assert waits[0] == "sending is not on hold"
    assert waits[1].startswith(
        "waits:   1 (messages that wait for their next try), the first until 2999-02-05 15.00 WITA"
    )
    assert len(waits) == 2
    assert nothing == ["sending is not on hold", "nothing waits: a release would send nothing"]


def changed(loaded, statement: str) -> None:
    engine = connect(loaded["DESK_DATABASE_URL"], durable=False)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_name_of_a_file_to_load_counts_from_the_current_folder_and_a_wrong_one_is_told_so(house):
    done = house("load", "gone.yaml")

    assert done.returncode == 78
    assert "it counts from the current folder" in done.stderr


def test_what_is_shown_in_square_brackets_is_shown_and_no_line_is_broken(capsys):
    title = "R-0001, Kecamatan [red]Tamban[/red] " + "yang panjang " * 12

    explaining._print(Explanation(title, ["[link=x]" + "y" * 90], [], ""), as_json=False)

    assert capsys.readouterr().out == f"{title}\n  [link=x]{'y' * 90}\n"


def test_taking_a_message_back_says_what_it_did_and_a_refusal_is_status_one(house, message):
    assert house("outbox", "cancel", message).returncode == 2, "without a reason"

    first = house("outbox", "cancel", message, "--reason", "a wrong text")
    second = house("outbox", "cancel", message, "--reason", "a wrong text")
    third = house("outbox", "retry", message, "--json")

    assert (first.returncode, first.stdout) == (0, f"{message}: cancelled\n")
    told = f"{message}: was cancelled already (cancelled by the operator: a wrong text)\n"
    assert (second.returncode, second.stdout) == (0, told)
    refused = json.loads(third.stdout)
    assert (third.returncode, refused["done"]) == (1, False)
    assert "a wrong text" in refused["words"]


def test_a_retry_of_nothing_in_particular_is_wrong_usage(house):
    assert house("outbox", "retry").returncode == 2


def test_a_retry_of_a_channel_that_is_down_tries_it_at_once(house, loaded):
    engine = connect(loaded["DESK_DATABASE_URL"], durable=False)
    down = {"since": "2024-01-10 07:00:00", "later": "2999-01-01 00:00:00"}
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into channel (channel, down_since, probe_at, probes, why)"
                " values ('sms', :since, :later, 5, 'no answer')"
            ),
            down,
        )

    done = house("outbox", "retry", "--channel", "sms", "--json")

    with engine.begin() as connection:
        probe_at = connection.execute(text("select probe_at from channel where channel = 'sms'")).scalar_one()
        connection.execute(text("delete from channel"))
    engine.dispose()
    assert (done.returncode, done.stdout) == (0, "")
    assert "sms is down: it is tried again at once" in done.stderr
    assert probe_at < down["later"]


def test_a_retry_of_a_channel_that_works_says_nothing_of_it(house):
    done = house("outbox", "retry", "--channel", "sms")

    assert (done.returncode, done.stdout, done.stderr) == (0, "no message failed there\n", "")


def _owe(engine) -> None:
    """Load as if it were January 2024, so that nothing is cancelled for being past."""
    from sqlalchemy.orm import sessionmaker

    from config import loader
    from jobs.operator import load
    from jobs.rehearsal.rehearse import AtOnce, Still
    from jobs.runtime import Runtime

    rt = Runtime(
        sessions=sessionmaker(engine),
        clock=Still(datetime(2024, 1, 29, tzinfo=UTC)),
        notifiers={},
        bell=AtOnce(),
        documents=Path("/dev/null/never-written"),
    )
    load.load(rt, [loader.read(path) for path in FILES])


@pytest.fixture
def pipe(desk, monkeypatch, tmp_path):
    """`./desk bounce` with this mail on standard input, at a desk that collects bounces."""

    def run(mail: bytes, **settings: str) -> Any:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(mail)))
        usual = {"DESK_HOME": str(tmp_path), "DESK_BOUNCE_TO": "bounce@baritokuala.example"}
        return desk("bounce", **usual | {"DESK_SECRET_KEY": "k" * 3 + "Qw9-zX2_vB7.nM4"} | settings)

    return run


@pytest.fixture
def home(tmp_path):
    """A folder that has the files the settings name."""
    for name in ("config/desks/barito-kuala.yaml", "config/elections/pemilu-2024.yaml", "config/policies/default.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def test_a_mail_that_is_no_bounce_is_ignored_without_an_error(pipe, home, desk):
    desk("migrate", DESK_HOME=str(home))

    done = pipe(b"To: bounce@baritokuala.example\r\n\r\nSudah kami kirim")

    assert (done.returncode, done.stdout) == (0, "ignored: addressed to no message of ours\n")


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"DESK_BOUNCE_TO": ""}, id="nothing collects bounces"),
        pytest.param({"DESK_SECRET_KEY": "short"}, id="a wrong setting"),
        pytest.param({"DESK_BROKER_URL": "redis://localhost"}, id="a database without tables"),
    ],
)
def test_a_mail_that_cannot_be_taken_now_is_kept_for_later(pipe, home, settings):
    (home / "var").mkdir()

    done = pipe(b"To: bounce@baritokuala.example\r\n\r\n", **settings)

    assert (done.returncode, done.stdout) == (75, "")
    assert done.stderr


def test_a_report_is_returned_and_accepted_and_a_decision_without_sense_is_refused(house):
    by, until = ("--by", "asisten-pemerintahan"), ("--until", "2999-01-01T09:00+08:00")
    house("report", "file", "R-0003", "--by", "camat-tamban", "--channel", "phone", "--nil")

    returned = house("report", "return", "R-0003", *by, *until, "--ask", "Angka belum ada.")
    told = house("explain", "R-0003")
    accepted = house("report", "accept", "R-0003", *by)
    late = house("report", "extend", "R-0003", *by, *until, "--reason", "Banjir.")

    assert (returned.returncode, returned.stdout) == (0, "R-0003 is returned until 2999-01-01 09.00 WITA\n")
    assert "Angka belum ada." in told.stdout
    assert accepted.returncode == 0
    assert (late.returncode, late.stdout) == (1, "")
    assert "nobody waits for it" in late.stderr


@pytest.fixture
def broken(desk, tmp_path):
    """A house whose books were changed by hand."""

    def house(*statements):
        engine = connect(migrated.sqlite(tmp_path / "desk.db"), durable=False)
        _owe(engine)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
        engine.dispose()
        return lambda *words: desk(*words, DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}")

    return house


@pytest.fixture
def spoilt(broken):
    """A house in which the stored file of the desk does not hold any more."""
    return broken("UPDATE document SET text = 'desk: x\nname: [\n' WHERE kind = 'desk'")


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_a_programme_that_cannot_be_read_is_shown_with_file_line_and_what_to_do(spoilt, command):
    done = spoilt(command, "--json")

    said = next(json.loads(line) for line in done.stdout.splitlines() if "tiga-kecamatan.yaml" in line)
    shown = " ".join(map(str, said["unread"][0].values())) if command == "status" else said["means"] + said["do"]
    assert done.returncode == 1
    assert re.search(r"tiga-kecamatan\.yaml[: ]3", shown), shown
    assert "Look at the indents" in shown


def test_a_programme_that_cannot_be_read_is_shown_in_plain_words_and_refuses_to_be_written_to(spoilt):
    shown, refused = spoilt("status"), spoilt("report", "waive", "R-0001", "--by", "camat-tamban", "--reason", "x")

    assert "unread: nothing is planned or sent for it" in shown.stdout
    assert (refused.returncode, "tiga-kecamatan.yaml:3" in refused.stderr) == (78, True)


@pytest.fixture
def outgrown(broken):
    """A house with a report that began under a policy that this version cannot read."""
    return broken(
        "INSERT INTO document (kind, code, name, digest, text, loaded_at)"
        " SELECT kind, code, 'lama.yaml', 'abcdef', 'policy: [', loaded_at FROM document WHERE kind = 'policy'",
        "UPDATE matter SET policy = 'abcdef' WHERE code = 'R-0001'",
    )


def test_an_earlier_policy_that_cannot_be_read_is_shown_until_its_cases_are_moved_on(outgrown):
    status, doctor = outgrown("status"), outgrown("doctor", "--json")

    moved = outgrown("amend", str(POLICY), "--also-open")

    assert status.returncode == 1
    assert "unread_policies: what began under it goes on by the ladder in force" in status.stdout
    assert re.search(r"policy default abcdef of open cases.* lama\.yaml", status.stdout)
    (line,) = [json.loads(line) for line in doctor.stdout.splitlines() if "lama.yaml" in line]
    assert (line["state"], "--also-open" in line["do"]) == ("warn", True)
    assert moved.returncode == 0
    assert "unread_policies" not in outgrown("status").stdout


def test_loading_the_files_again_mends_a_programme_that_cannot_be_read(spoilt):
    done = spoilt("load", *FILES)

    assert (done.returncode, "it can be read again" in done.stdout) == (0, True)
    assert "unread" not in spoilt("status").stdout


def test_contacts_of_a_desk_that_cannot_be_read_are_shown_and_not_changed(spoilt, tmp_path):
    (tmp_path / "kontak.csv").write_text("kantor,hp\ncamat-tamban,0820 0000 0077\n")

    listed, taken = spoilt("people", "list", "--json"), spoilt("people", "import", "kontak.csv")

    assert (listed.returncode, taken.returncode) == (0, 78)
    assert "tiga-kecamatan.yaml:3" in taken.stderr
