"""Which database a command works in: the one it names, never one it makes by mistake, never a rehearsal's."""

import subprocess
import sys
from functools import partial

import pytest
from sqlalchemy import text

from jobs import database as databases
from jobs.database import Use
from models import migrations
from models.base import connect
from models.machine import rehearsals
from tests.stories.desk import DESK, ELECTION, POLICY

FILES = [str(path) for path in (ELECTION, DESK, POLICY)]
ASKING = [
    pytest.param(["status"], id="status"),
    pytest.param(["explain", "R-0001"], id="explain"),
    pytest.param(["why-not", "camat-tamban", "2024-02-13"], id="why-not"),
    pytest.param(["outbox", "list"], id="outbox list"),
    pytest.param(["issue", "list"], id="issue list"),
    pytest.param(["people", "list"], id="people list"),
    pytest.param(["people", "aides"], id="people aides"),
    pytest.param(["hold", "preview"], id="hold preview"),
]
CHANGING = [
    pytest.param(["amend", str(POLICY)], id="amend"),
    pytest.param(["hold", "on", "--reason", "x"], id="hold on"),
    pytest.param(["hold", "off"], id="hold off"),
    pytest.param(["report", "waive", "R-0001", "--by", "camat-tamban", "--reason", "x"], id="report"),
    pytest.param(["outbox", "cancel", "1", "--reason", "x"], id="outbox cancel"),
    pytest.param(["people", "erase", "camat-tamban"], id="people erase"),
    pytest.param(["compile"], id="compile"),
]
MAKING = [
    pytest.param(["load", *FILES], id="load"),
    pytest.param(["migrate"], id="migrate"),
    pytest.param(["run"], id="run"),
]


@pytest.mark.parametrize("words", ASKING + CHANGING)
def test_a_command_without_the_services_settings_names_the_database_it_misses_and_makes_none(desk, tmp_path, words):
    done = desk(*words, DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'nowhere.db'}")

    assert (done.returncode, done.stdout) == (78, "")
    assert f"there is no database {tmp_path / 'nowhere.db'}" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "nowhere.db").exists()


def test_the_doctor_makes_no_database_either(desk, tmp_path):
    done = desk("doctor", DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'nowhere.db'}")

    assert done.returncode == 1
    assert f"there is no database {tmp_path / 'nowhere.db'}" in done.stdout
    assert not (tmp_path / "nowhere.db").exists()


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A desk's database in which everything is owed, made by the command."""
    return tmp_path_factory.mktemp("desk") / "desk.db"


def test_whoever_asks_is_told_which_database_was_looked_at(desk, house):
    desk("load", *FILES, DESK_DATABASE_URL=f"sqlite:///{house}")

    done = desk("explain", "R-0001", "--json", DESK_DATABASE_URL=f"sqlite:///{house}")

    assert (done.returncode, done.stderr) == (0, f"desk: looking at {house}\n")


@pytest.fixture
def rehearsed(tmp_path):
    """A database as a rehearsal leaves it."""
    file = tmp_path / "rehearsal.db"
    rehearsals.begin(file)
    engine = connect(f"sqlite:///{file}", durable=False)
    migrations.up(engine)
    engine.dispose()
    return file


@pytest.mark.parametrize("words", CHANGING + MAKING)
def test_no_live_command_works_in_a_rehearsals_database(desk, rehearsed, words):
    before = rehearsed.read_bytes()

    done = desk(*words, DESK_DATABASE_URL=f"sqlite:///{rehearsed}")

    assert (done.returncode, done.stdout) == (78, "")
    assert "is a rehearsal's database, and no desk works in it" in done.stderr
    assert rehearsed.read_bytes() == before


@pytest.mark.parametrize("words", [["clock"], ["worker"], ["web"]])
def test_no_process_of_several_starts_in_a_rehearsals_database(desk, rehearsed, words):
    done = desk(*words, DESK_DATABASE_URL=f"sqlite:///{rehearsed}", DESK_BROKER_URL="redis://127.0.0.1:1/0")

    assert done.returncode == 78
    assert "is a rehearsal's database" in done.stderr


def test_a_rehearsals_database_can_be_asked(desk, rehearsed):
    done = desk("outbox", "list", DESK_DATABASE_URL=f"sqlite:///{rehearsed}")

    assert (done.returncode, done.stdout) == (0, "0 messages\n")


@pytest.mark.parametrize("command", ["status", "run", "migrate", "doctor"])
@pytest.mark.parametrize(
    ("mark", "said", "remedy"),
    [
        pytest.param(
            "9999", "has the shape of a newer version", "Start that version, or restore the backup", id="newer"
        ),
        pytest.param(
            "4d1e0c9f", "holds tables that are not this program's", "Name a database of", id="another program's"
        ),
    ],
)
def test_a_database_that_is_newer_or_unknown_is_one_line_with_the_remedy(desk, tmp_path, command, mark, said, remedy):
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    desk("migrate", DESK_DATABASE_URL=url)
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = :mark"), {"mark": mark})
    engine.dispose()

    done = desk(command, DESK_DATABASE_URL=url)

    (line,) = [line for line in (done.stdout + done.stderr).splitlines() if said in line]
    assert done.returncode == (1 if command == "doctor" else 78)
    assert remedy in line
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["clock", "worker", "web", "status"])
@pytest.mark.parametrize(
    ("shape", "said", "remedy"),
    [
        pytest.param("behind", "has the shape of an older version", "Run ./desk migrate", id="behind"),
        pytest.param("9999", "has the shape of a newer version", "Start that version", id="newer"),
        pytest.param("4d1e0c9f", "holds tables that are not this program's", "Name a database", id="unknown"),
    ],
)
def test_on_a_server_every_shape_but_the_right_one_is_refused_in_one_line(
    desk, database_url, broker_url, command, shape, said, remedy
):
    engine = connect(database_url)
    migrations.up(engine, "0001" if shape == "behind" else "head")
    if shape != "behind":
        with engine.begin() as connection:
            connection.execute(text("update alembic_version set version_num = :mark"), {"mark": shape})
    engine.dispose()

    done = desk(command, DESK_DATABASE_URL=database_url, DESK_BROKER_URL=broker_url)

    assert done.returncode == 78
    (line,) = done.stderr.splitlines()
    assert said in line
    assert remedy in line


@pytest.mark.parametrize("command", ["clock", "worker", "web", "status"])
def test_a_process_that_starts_before_the_tables_are_made_says_how_to_make_them(desk, tmp_path, command):
    (tmp_path / "desk.db").touch()
    settings = {"DESK_DATABASE_URL": f"sqlite:///{tmp_path / 'desk.db'}", "DESK_BROKER_URL": "redis://127.0.0.1:1/0"}

    done = desk(command, **settings)

    assert done.returncode == 78
    assert "is an empty database. Run ./desk migrate." in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.fixture
def rehearse(desk, tmp_path):
    """`./desk rehearse` of a single day into the folder `out`."""
    scenario = tmp_path / "still.yaml"
    scenario.write_text("scenario: still\nabout: nobody files\nseed: 1\nzone: Asia/Makassar\n")
    days = ("--from", "2024-02-13", "--to", "2024-02-13", "--documents", "none")
    return lambda *words: desk("rehearse", *FILES, "--scenario", str(scenario), *days, "--out", "out", *words)


def test_a_rehearsal_replaces_what_the_last_one_left_and_keeps_backups_beside_it(rehearse, tmp_path):
    first = rehearse()
    (tmp_path / "out/rehearsal.db.backup").write_text("mine")
    (tmp_path / "out/mail/999999.eml").write_text("of the last one")

    again = rehearse()

    assert (first.returncode, again.returncode) == (0, 0), again.stderr
    assert "kept   every text is one segment" in first.stdout  # commands speak English, pages Indonesian
    assert rehearsals.marked(tmp_path / "out/rehearsal.db")
    assert (tmp_path / "out/rehearsal.db.backup").read_text() == "mine"
    assert not (tmp_path / "out/mail/999999.eml").exists()


def test_a_rehearsal_never_deletes_a_database_that_it_did_not_make(rehearse, desk, tmp_path):
    (tmp_path / "out").mkdir()
    desk("load", *FILES, DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'out/rehearsal.db'}")
    before = (tmp_path / "out/rehearsal.db").read_bytes()

    done = rehearse()

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("desk: out holds what no rehearsal of this version left")
    assert (tmp_path / "out/rehearsal.db").read_bytes() == before


def test_a_rehearsal_writes_into_no_folder_that_holds_something_else(rehearse, tmp_path):
    (tmp_path / "out/laporan").mkdir(parents=True)

    done = rehearse()

    assert done.returncode == 1
    assert "name another folder with --out" in done.stderr
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["laporan"]


def test_a_rehearsal_whose_folder_cannot_be_made_says_so_in_one_line(rehearse, tmp_path):
    (tmp_path / "out").write_text("a file")

    done = rehearse()

    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert "out cannot be written: " in line


def test_a_look_at_a_database_lets_no_other_process_take_its_journal_away(tmp_path):
    """Who opens and closes the file beside SQLite gives up every lock that its process has on it (POSIX).

    The next `./desk status` then takes itself for the last one there, and deletes the journal under a running desk.
    """
    file = tmp_path / "desk.db"
    engine = connect(f"sqlite:///{file}")
    reads = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('select count(*) from report'))"
    another = partial(
        subprocess.run, [sys.executable, "-c", reads, str(file)], capture_output=True, text=True, check=True
    )
    with engine.connect() as running:
        running.exec_driver_sql("create table report (id integer)")
        running.commit()

        databases.there(engine, Use.CHANGE)
        another()
        running.exec_driver_sql("insert into report values (1)")
        running.commit()

        assert another().stdout == "(1,)\n"
    engine.dispose()
