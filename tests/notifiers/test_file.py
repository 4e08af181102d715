"""The outbox folder: every message to look at, nothing leaves the machine."""

import email
import email.policy
import threading
from pathlib import Path

import pytest

from notifiers.file import Outbox
from rules.delivery import ChannelDown, Refused
from rules.desk import Channel
from tests.notifiers.letters import letter

NUMBER = "+6282000000005"


def test_a_mail_is_a_file_that_mail_programs_open(tmp_path: Path):
    place = Outbox(tmp_path).send(letter(message_id=42))

    mail = email.message_from_bytes((tmp_path / "mail/000042.eml").read_bytes(), policy=email.policy.default)
    assert place == "file:mail/000042.eml"
    assert mail["To"] == "camat.tamban@baritokuala.example"


def test_a_short_text_never_shows_the_whole_number(tmp_path: Path):
    place = Outbox(tmp_path).send(letter(message_id=7, channel=Channel.SMS, to=NUMBER, text="Desk Batola: halo"))

    assert place == "file:sms/000007.txt"
    assert (tmp_path / "sms/000007.txt").read_text() == (
        "To: +62820****05\nAt: 2023-12-12T07:15:00+00:00\n\nDesk Batola: halo\n"
    )


def test_the_same_message_again_is_the_same_file(tmp_path: Path):
    outbox = Outbox(tmp_path, durable=True)

    places = {outbox.send(letter()) for _ in range(3)}

    assert places == {"file:mail/000012.eml"}
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["000012.eml"]


def test_many_threads_leave_whole_files_and_no_drafts(tmp_path: Path):
    outbox = Outbox(tmp_path)
    threads = [
        threading.Thread(target=lambda: [outbox.send(letter(message_id=n % 10)) for n in range(50)]) for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == [f"{n:06}.eml" for n in range(10)]
    assert len({path.stat().st_size for path in (tmp_path / "mail").iterdir()}) == 1


def test_a_folder_that_cannot_be_written_is_a_channel_down(tmp_path: Path):
    (tmp_path / "mail").write_text("a file where a folder should be")

    with pytest.raises(ChannelDown) as caught:
        Outbox(tmp_path).send(letter())

    assert "tamban" not in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["mail"]


def test_what_is_no_address_is_refused_here_too(tmp_path: Path):
    with pytest.raises(Refused):
        Outbox(tmp_path).send(letter(to="a@b.test, evil@x.test"))
