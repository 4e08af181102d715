"""What the desk keeps is for its own user alone: numbers, addresses, reports, photos."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from models.base import connect
from models.desk.files import Files
from notifiers.file import Outbox
from tests.notifiers.letters import letter
from tests.stories.desk import DESK, ELECTION, POLICY, ROOT


@pytest.fixture(autouse=True)
def open_to_all():
    """A machine on which new files may be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """What others may do with a folder and all that is in it."""
    return {str(p): stat.S_IMODE(p.stat().st_mode) & 0o077 for p in (folder, *folder.rglob("*"))}


def run(home: Path, *words: str) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("DESK_")} | {"DESK_HOME": str(home)}
    subprocess.run([sys.executable, "-m", "jobs", *words], cwd=ROOT, env=env, check=True, capture_output=True)


@pytest.mark.parametrize("there", [False, True], ids=["a new folder", "one that everybody could open"])
def test_the_folder_and_the_database_are_for_the_desks_user_alone(tmp_path, there):
    var = tmp_path / "var"
    (tmp_path / "config").symlink_to(ROOT / "config")
    if there:
        var.mkdir(mode=0o755)
        (var / "desk.db").touch(mode=0o644)

    run(tmp_path, "load", str(ELECTION), str(DESK), str(POLICY))

    assert (var / "desk.db").stat().st_size > 0
    assert set(modes(var).values()) == {0}


def test_an_open_database_is_closed_with_its_journals_when_it_is_used(tmp_path):
    file = tmp_path / "desk.db"
    file.touch(mode=0o644)
    engine = connect(f"sqlite:///{file}")

    with engine.begin() as connection:
        connection.exec_driver_sql("create table t (a)")
        assert {stat.S_IMODE(f.stat().st_mode) for f in tmp_path.iterdir()} == {0o600}
    engine.dispose()


def test_so_are_mails_texts_and_photos_wherever_they_are_kept(tmp_path):
    outbox, files = tmp_path / "keluar", tmp_path / "berkas"

    Outbox(outbox).send(letter())
    Files(files).keep(b"foto")

    assert set(modes(outbox).values()) | set(modes(files).values()) == {0}
    assert sum(path.is_file() for path in tmp_path.rglob("*")) == 2
