"""The commands that end a programme and take it up again."""

import json

import pytest

from tests.jobs.test_commands import FILES

CODE = "pemilihan/tiga-kecamatan"
WHO = ("--by", "sekretariat-desk", "--reason", "Seluruh tahapan selesai.")


@pytest.fixture
def loaded(desk, tmp_path):
    def run(*words):
        return desk(*words, DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}")

    assert run("migrate").returncode == 0
    assert run("load", *FILES).returncode == 0
    return run


def test_a_dry_run_shows_what_is_open_and_closes_nothing(loaded):
    done = loaded("close", CODE, "--dry-run", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["closed"] is False
    assert f"{CODE} is closed\n" in loaded("close", CODE, *WHO).stdout


def test_a_closed_programme_says_so_to_every_command(loaded):
    loaded("close", CODE, *WHO)

    again, explained, waived = (
        loaded("close", CODE, *WHO),
        loaded("explain", "R-0001"),
        loaded("report", "waive", "R-0001", "--by", "sekretariat-desk", "--reason", "Banjir."),
    )

    assert (again.returncode, "is closed since" in again.stderr) == (1, True)
    assert (explained.returncode, "R-0001" in explained.stdout) == (0, True)
    assert (waived.returncode, "see ./desk reopen" in waived.stderr) == (1, True)


def test_what_was_closed_is_opened_again(loaded):
    loaded("close", CODE, *WHO)

    done = loaded("reopen", CODE, *WHO, "--area", "63.04.02")

    assert (done.returncode, f"{CODE} is live again" in done.stdout) == (0, True)


def test_what_is_learned_is_shown_by_stage(loaded):
    shown = loaded("learned", CODE)
    facts = json.loads(loaded("learned", CODE, "--json").stdout)

    assert shown.returncode == 0
    assert all(stage["name"] in shown.stdout for stage in facts)
    assert f"{CODE}x" in loaded("learned", f"{CODE}x").stderr
