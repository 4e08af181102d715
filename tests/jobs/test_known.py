"""What is known of a person, asked at the command line without his number in any history."""

import io

from tests.jobs.test_commands import FILES


def test_what_is_known_of_a_person_is_read_from_standard_input_and_never_printed(desk, tmp_path, monkeypatch):
    def run(*words):
        return desk(*words, DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}")

    run("migrate")
    run("load", *FILES)
    monkeypatch.setattr("sys.stdin", io.StringIO("0820 0000 0002\n"))

    done = run("people", "known")

    assert (done.returncode, done.stdout) == (0, "camat-tamban: sms contact\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("0820 0000 0002\n"))
    assert "needs a reason" in run("people", "known", "--erase").stderr


def test_a_person_is_answered_after_everything_is_closed(desk, tmp_path, monkeypatch):
    def run(*words):
        return desk(*words, DESK_DATABASE_URL=f"sqlite:///{tmp_path / 'desk.db'}")

    run("migrate")
    run("load", *FILES)
    run("close", "pemilihan/tiga-kecamatan", "--by", "sekretariat-desk", "--reason", "Selesai.")
    monkeypatch.setattr("sys.stdin", io.StringIO("tamban@desk.example\n"))

    done = run("people", "known")

    assert (done.returncode, done.stdout) == (0, "camat-tamban: email contact\n")
    assert "all are closed (1)" in run("doctor").stdout
