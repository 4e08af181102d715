"""`./desk` prepares what it needs once, mends what is broken, and says in one line what is missing.

A shell script stands in for Python where only the launcher's own decisions are looked at; it writes down what it was
asked to do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parents[1] / "desk"

PYTHON = """#!/bin/sh
case $* in
*ensurepip*) echo "good $0" ;;
*"-m venv"*) for last; do :; done; mkdir -p "$last/bin" "$last/lib"; cp "$0" "$last/bin/python"; echo venv >>"$CALLS" ;;
*"-m pip"*) for last; do :; done; echo "pip ${last##*/}" >>"$CALLS"; echo noise; $PIP ;;
*"import pip"* | *compileall*) ;;
*"-m jobs"*) shift 2; printf '%s|' "$PWD" "$DESK_HOME" "$PYTHONPATH" "$@" ;;
*"-m pytest"*) echo tested ;;
esac
"""

UV = """#!/bin/sh
for last; do :; done
echo "uv $1 ${last##*/}" >>"$CALLS"
[ "$1" = venv ] && mkdir -p "$last/bin" && cp "$0.python" "$last/bin/python"
exit 0
"""

WITHOUT_PIP = """#!/bin/sh
case $* in *"import pip"*) exit 1 ;; esac
"""


class House:
    """A copy of the launcher in a folder of its own, with a Python that only writes down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a house"
        self.folder.mkdir(parents=True)
        shutil.copy(LAUNCHER, self.folder / "desk")
        self.lock("first")
        (self.folder / "requirements-dev.lock").write_text("both\n")
        self.calls = folder / "calls"
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in (
            "cmp",
            "mkdir",
            "rmdir",
            "rm",
            "cp",
            "mv",
            "cat",
            "tail",
            "tr",
            "grep",
            "sleep",
            "readlink",
            "mktemp",
        ):
            (self.bin / name).symlink_to(shutil.which(name) or f"/bin/{name}")
        self.python(PYTHON)

    def lock(self, text: str) -> None:
        (self.folder / "requirements.lock").write_text(f"{text}\n")

    def python(self, script: str | None, name: str = "python3") -> None:
        (self.bin / name).unlink(missing_ok=True)
        if script is not None:
            (self.bin / name).write_text(script)
            (self.bin / name).chmod(0o755)

    def popen(self, *arguments: str, cwd: Path | None = None, pip: str = "true") -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["/bin/sh", str(self.folder / "desk"), *arguments],
            env={"PATH": str(self.bin), "CALLS": str(self.calls), "PIP": pip},
            cwd=cwd or self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: str, cwd: Path | None = None, pip: str = "true") -> tuple[int, str, list[str]]:
        process = self.popen(*arguments, cwd=cwd, pip=pip)
        out, err = process.communicate(timeout=30)
        return process.returncode, out, err.splitlines()

    def asked(self) -> list[str]:
        """What Python was asked since the last look."""
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return lines


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def test_the_first_start_prepares_and_the_second_does_not(house, tmp_path):
    first = house.start("plan", "a b")
    prepared = house.asked()
    second = house.start("plan", "a b", cwd=tmp_path)

    assert prepared == ["venv", "pip requirements.lock"]
    assert first[0] == 0
    assert len(first[2]) == 1
    assert house.asked() == []
    assert second == (0, "|".join([str(tmp_path), str(house.folder), str(house.folder), "plan", "a b", ""]), [])


def test_tests_add_what_they_need_and_keep_what_is_there(house):
    house.start()
    house.asked()

    _, out, _ = house.start("test")

    assert out == "tested\n"
    assert house.asked() == ["pip requirements-dev.lock"]


def test_what_tests_prepared_serves_to_run(house):
    house.start("test")
    house.asked()

    house.start("plan")

    assert house.asked() == []


def spoil_lock(house):
    house.lock("second")


def spoil_python(house):
    (house.folder / ".venv/bin/python").unlink()
    (house.folder / ".venv/bin/python").symlink_to("/nowhere/python3.11")


def spoil_stamp(house):
    (house.folder / ".venv/requirements.lock").unlink()


def spoil_all(house):
    shutil.rmtree(house.folder / ".venv")
    (house.folder / ".venv").write_text("a file where a folder should be")


@pytest.mark.parametrize("spoil", [spoil_lock, spoil_python, spoil_stamp, spoil_all])
def test_what_is_stale_or_broken_is_made_anew(house, spoil):
    house.start()
    house.asked()
    spoil(house)

    status, _, _ = house.start()

    assert status == 0
    assert house.asked() == ["venv", "pip requirements.lock"]


def test_a_failed_installation_says_what_failed_and_the_next_start_tries_again(house):
    status, out, err = house.start(pip="false")
    house.asked()
    again, _, _ = house.start()

    assert (status, out) == (69, "")
    assert "-m pip" in "\n".join(err)
    assert "noise" in err
    assert again == 0
    assert house.asked() == ["venv", "pip requirements.lock"]


OFFLINE = """#!/bin/sh
echo "WARNING: connection broken by 'NewConnectionError: [Errno -3] Temporary failure in name resolution'"
echo "ERROR: No matching distribution found for alembic==1.16.5"
exit 1
"""


def test_a_start_without_a_network_says_so_and_names_no_package(house):
    house.python(OFFLINE, name="offline")

    status, out, err = house.start(pip="offline")

    assert (status, out) == (69, "")
    assert err[-1].startswith("desk: no network: ")
    assert "alembic" not in "\n".join(err)


STUCK = """#!/bin/sh
echo $$ >"$CALLS.stuck"
mkfifo "$CALLS.never" && read -r _ <"$CALLS.never"
"""


def over(process: str) -> bool:
    """Whether a process has ended; where nobody takes its end in, it stays on the list as a zombie."""
    try:
        return "(zombie)" in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_a_start_told_to_stop_while_it_prepares_ends_and_the_next_one_goes_on(house):
    house.python(STUCK, name="stuck")
    (house.bin / "mkfifo").symlink_to(shutil.which("mkfifo"))
    (house.bin / "setsid").symlink_to(shutil.which("setsid"))
    start = house.popen(pip="stuck")
    stuck = house.calls.with_suffix(".stuck")
    while not (stuck.exists() and stuck.read_text()):
        assert start.poll() is None

    start.terminate()
    _, err = start.communicate(timeout=30)
    house.asked()
    again, _, _ = house.start()

    assert start.returncode == 143
    assert err.splitlines()[-1] == "desk: stopped before it was prepared; the next start prepares it anew"
    assert over(stuck.read_text().strip())
    assert again == 0
    assert house.asked() == ["venv", "pip requirements.lock"]
    assert not (house.folder / ".venv.busy").exists()


def test_a_moved_folder_still_starts(house, tmp_path):
    house.start()
    house.asked()
    house.folder = house.folder.rename(tmp_path / "elsewhere")

    status, out, _ = house.start()

    assert status == 0
    assert str(house.folder) in out
    assert house.asked() == []


def test_a_link_to_the_launcher_finds_its_house(house, tmp_path):
    house.start()
    (tmp_path / "link").symlink_to(house.folder / "desk")

    done = subprocess.run(
        [tmp_path / "link"], env={"PATH": str(house.bin)}, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert str(house.folder) in done.stdout


def test_starts_at_the_same_time_prepare_once(house):
    starts = [house.popen(pip="sleep 0.3") for _ in range(4)]
    statuses = [(start.communicate(timeout=30), start.returncode)[1] for start in starts]

    assert statuses == [0, 0, 0, 0]
    assert house.asked() == ["venv", "pip requirements.lock"]
    assert not (house.folder / ".venv.busy").exists()


@pytest.mark.parametrize("owner", ["999999999", str(os.getpid()), ""], ids=["dead", "somebody else now", "unknown"])
def test_a_lock_left_by_a_killed_start_is_taken_over(house, owner):
    (house.folder / ".venv.busy").mkdir()
    if owner:
        (house.folder / ".venv.busy/pid").write_text(f"{owner}\n")

    status, _, err = house.start()

    assert (status, len(err)) == (0, 1)
    assert not list(house.folder.glob(".venv.busy*"))


@pytest.mark.parametrize(
    ("python", "hint"),
    [
        pytest.param(None, "Python 3.11 or newer is needed; get it with: apt install python3", id="no Python"),
        pytest.param("echo old 3.9", "found only python3 3.9", id="an old Python"),
        pytest.param("echo bare /usr/bin/python3.11", "apt install python3-venv", id="no venv module"),
        pytest.param("exit 1", "Python 3.11 or newer is needed", id="a Python that does not start"),
    ],
)
def test_what_is_missing_is_said_in_one_line(house, python, hint):
    house.python(python and f"#!/bin/sh\n{python}\n")

    status, out, err = house.start("demo")

    assert (status, out) == (69, "")
    assert len(err) == 1
    assert hint in err[0]
    assert not (house.folder / ".venv").exists()


@pytest.mark.parametrize("piped", [("reply",), ("bounce",), ("package", "mail")])
def test_a_mail_that_cannot_be_taken_in_now_is_left_with_the_mail_server(house, piped):
    house.python(None)
    unprepared = house.start(*piped)
    house.python(PYTHON)
    prepared = house.start(*piped)
    broken = (house.folder / ".venv" / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")

    assert (unprepared[0], prepared[0]) == (75, 0)
    assert prepared[1].endswith("|".join([*piped, ""]))
    assert broken
    assert house.start(*piped)[0] == 75
    assert house.start("reply", "--gateway")[0] == 1


def test_a_newer_python_is_found_behind_an_old_one(house):
    house.python("#!/bin/sh\necho old 3.9\n")
    house.python(PYTHON, name="python3.12")

    status, _, _ = house.start()

    assert status == 0


def test_uv_serves_where_venv_is_missing(house):
    house.python("#!/bin/sh\necho bare /usr/bin/python3.11\n")
    house.python(UV, name="uv")
    house.python(WITHOUT_PIP, name="uv.python")

    status, _, _ = house.start()

    assert status == 0
    assert house.asked() == ["uv venv .venv", "uv pip requirements.lock"]


def test_a_real_python_makes_a_real_environment(house, tmp_path):
    house.lock("# nothing is needed")
    (house.folder / "jobs").mkdir()
    (house.folder / "jobs/__main__.py").write_text("import sys, config; print(sys.prefix, config.OURS, sys.argv[1:])")
    (house.folder / "config.py").write_text("OURS = True")
    (tmp_path / "config.py").write_text("OURS = False")  # lies in the caller's folder

    done = subprocess.run(
        [house.folder / "desk", "plan", "a.yaml"],
        env={"PATH": "/usr/bin:/bin", "DESK_PYTHON": sys.executable},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == f"{house.folder / '.venv'} True ['plan', 'a.yaml']\n", done.stderr
