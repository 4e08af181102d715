"""Answers that lie in a mailbox at a provider: each is fetched once, whatever becomes of the server or of the books."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from jobs.delivery import collecting, replies
from models.desk.files import Files
from models.messages import mailboxes
from models.messages.inbound import Inbound
from models.messages.mailboxes import Mailbox
from models.messages.messages import Message
from notifiers import bounces
from notifiers.imap import Account
from notifiers.mailserver import Tls
from rules.replies.spoken import Sender
from services import restoring
from tests.notifiers.imap_wire import Mailbox as Server
from tests.notifiers.imap_wire import mailbox
from tests.stories.desk import Desk
from tests.stories.test_replies import COLLECTING, KEY, filed, mail


@pytest.fixture
def server() -> Iterator[Server]:
    with mailbox() as server:
        yield server


@pytest.fixture
def asked(desk: Desk, server: Server) -> Desk:
    """Camat Tamban was reminded by mail; answers lie in a mailbox at a provider."""
    desk.rt.reply_to = desk.rt.bounce_to = COLLECTING
    desk.rt.key, desk.rt.mailbox = KEY, account(server)
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.clock.reads("H-7 12:30")
    return desk


def account(server: Server, **more: object) -> Account:
    own = {"user": server.user, "password": server.password, "tls": Tls.NONE, "timeout": timedelta(seconds=5), **more}
    return Account(host="127.0.0.1", port=server.port, **own)  # type: ignore[arg-type]


def comes(desk: Desk, server: Server, message: EmailMessage | bytes, *, ago: timedelta = timedelta(minutes=1)) -> None:
    """A mail comes into the mailbox; with as little as a minute it is there before we look."""
    content = message if isinstance(message, bytes) else message.as_bytes()
    server.put(content, at=desk.clock.at - ago)


def looks(desk: Desk) -> None:
    """The clock looks into the mailbox a while later."""
    desk.clock.at += timedelta(minutes=20)
    collecting.run(desk.rt)


def came(desk: Desk) -> list[Inbound]:
    with desk.rt.sessions() as session:
        return list(session.scalars(select(Inbound).order_by(Inbound.id)))


def known(desk: Desk) -> Mailbox:
    with desk.rt.sessions() as session:
        return session.scalars(select(Mailbox)).one()


def failing(desk: Desk) -> list[mailboxes.Known]:
    with desk.rt.sessions() as session:
        return mailboxes.failing(session, now=desk.clock.at)


def test_an_answer_in_the_mailbox_files_the_report_as_of_when_it_came_and_is_marked_and_left_there(asked, server):
    comes(asked, server, mail(asked))
    at = server.mails[0].at
    looks(asked)
    asked.turn()

    (report,) = filed(asked)
    assert report.received_at == at
    assert f"nihil kami terima 12.29 WITA, {report.number}" in asked.mailbox("Camat Tamban").last
    assert server.mails[0].flags == {"\\Seen"}
    assert not server.said("EXPUNGE")


def test_it_is_fetched_once_though_somebody_opened_it_before(asked, server):
    comes(asked, server, mail(asked))
    server.mails[0].flags.add("\\Seen")
    looks(asked)
    looks(asked)

    assert len(came(asked)) == 1
    assert len(server.said("FETCH")) == 1


def test_the_same_mail_by_a_pipe_and_by_the_mailbox_is_one(asked, server):
    replies.take(asked.rt, mail(asked).as_bytes())
    comes(asked, server, mail(asked))
    looks(asked)

    assert len(came(asked)) == 1


def test_what_was_taken_in_goes_to_another_folder_if_that_is_wished(asked, server):
    server.folders["Sudah dibaca"] = []
    asked.rt.mailbox = account(server, move_to="Sudah dibaca")
    comes(asked, server, mail(asked))
    looks(asked)

    assert server.mails == []
    assert [own.flags for own in server.folders["Sudah dibaca"]] == [{"\\Seen"}]


def test_a_folder_that_is_not_there_is_told_and_loses_nothing(asked, server):
    asked.rt.mailbox = account(server, move_to="Nirgends")
    comes(asked, server, mail(asked))
    looks(asked)

    assert len(filed(asked)) == 1
    assert [own.why for own in failing(asked)] == ["move: [TRYCREATE] no such folder"]


def test_a_mail_that_came_back_is_read_as_one(asked, server):
    with asked.rt.sessions() as session:
        message = session.scalars(select(Message).where(Message.channel == "email")).first()
    to = bounces.address(COLLECTING, KEY, message.id, message.nonce)
    report = (
        f"To: {to}\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; tamban@desk.example\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
    )
    comes(asked, server, report.encode())
    looks(asked)

    assert came(asked) == []
    assert [task.why for task in asked.tasks()] == ["dead_contact"]


def test_a_mailbox_for_bounces_alone_keeps_nothing_else(asked, server):
    comes(asked, server, mail(asked))
    asked.rt.reply_to = ""
    looks(asked)

    assert (came(asked), known(asked).upto) == ([], 1)


def test_whoever_has_no_seal_files_nothing(asked, server):
    comes(asked, server, mail(asked, to=COLLECTING))
    looks(asked)

    assert filed(asked) == []
    assert [(row.sender, row.person) for row in came(asked)] == [(Sender.FORMER, True)]


@pytest.mark.parametrize(
    ("word", "answer", "why"),
    [
        ("CONNECT", "cut", "connect"),
        ("LOGIN", "NO [AUTHENTICATIONFAILED] balas@desk.example is not let in", "login"),
        ("SELECT", "NO no such folder", "folder"),
        ("SEARCH", "cut", "read"),
        ("FETCH", "BAD what", "read"),
        ("STORE", "cut", "mark"),
    ],
)
def test_a_server_that_fails_is_told_and_asked_again_later_and_nothing_is_lost(asked, server, word, answer, why):
    server.then(word, answer)
    comes(asked, server, mail(asked))
    looks(asked)
    (told,) = failing(asked)

    looks(asked)

    assert told.why.startswith(why)
    assert "balas" not in told.why
    assert failing(asked) == []
    assert len(filed(asked)) == len(came(asked)) == 1


def test_it_is_asked_less_and_less_often_at_most_every_quarter_of_an_hour(asked, server):
    server.then("CONNECT", *["cut"] * 8)
    waits = []
    for _ in range(8):
        looks(asked)
        waits.append((known(asked).look_at - asked.clock.at).total_seconds() / 60)

    assert waits == [1, 2, 4, 8, 15, 15, 15, 15]
    assert known(asked).failures == 8


@pytest.mark.parametrize(("word", "answer"), [("CONNECT", "hang"), ("CONNECT", "drip"), ("SEARCH", "hang")])
def test_a_server_that_never_answers_holds_nobody(asked, server, word, answer):
    asked.rt.mailbox = account(server, timeout=timedelta(seconds=0.3))
    server.then(word, answer)
    looks(asked)

    assert [own.failures for own in failing(asked)] == [1]


def test_two_clocks_look_one_after_the_other(asked, server):
    looks(asked)
    collecting.run(asked.rt)

    assert server.connections == 1


def test_a_large_mail_is_not_fetched_beyond_what_is_read(asked, server):
    message = mail(asked)
    message.add_attachment(bytes(10_000_000), maintype="video", subtype="mp4", filename="banjir.mp4")
    comes(asked, server, message)
    looks(asked)

    assert len(server.mails[0].content) > 12_000_000
    assert [row.intent for row in came(asked)] == ["report_nil"]
    assert "BODY.PEEK[]<0.12000000>" in server.said("FETCH")[0]


class _Broken(Files):
    """A folder for files in which each file is a fault of ours."""

    def keep(self, data: bytes) -> str:
        raise ValueError("broken")


class _Full(Files):
    """A folder on a disk without room."""

    def keep(self, data: bytes) -> str:
        raise OSError(28, "No space left on device")


def with_photo(desk: Desk) -> bytes:
    message = mail(desk)
    message.replace_header("Message-ID", "<foto@kantor.example>")
    message.add_attachment(b"%PDF-1.4\n%%EOF\n", maintype="application", subtype="pdf", filename="laporan.pdf")
    return message.as_bytes()


def test_a_mail_that_breaks_what_reads_it_is_shown_to_a_person_and_the_next_one_is_read(asked, server, tmp_path):
    asked.rt.files = _Broken(tmp_path)
    comes(asked, server, with_photo(asked))
    comes(asked, server, mail(asked))
    looks(asked)
    looks(asked)

    first, second = came(asked)
    assert (first.raw.decode(), first.person, second.intent) == (collecting.UNREADABLE, True, "report_nil")
    assert len(server.said("FETCH")) == 2


def test_a_full_disk_is_waited_for(asked, server, tmp_path: Path):
    asked.rt.files = _Full(tmp_path)
    comes(asked, server, with_photo(asked))
    with pytest.raises(OSError, match="No space"):
        looks(asked)
    assert came(asked) == []

    asked.rt.files = Files(tmp_path)
    looks(asked)

    assert len(filed(asked)) == 1


def test_an_archive_that_is_moved_into_the_folder_is_left_alone(asked, server):
    looks(asked)
    comes(asked, server, mail(asked), ago=timedelta(days=90))
    looks(asked)

    assert came(asked) == []
    assert server.mails[0].flags == set()


def test_a_mailbox_that_was_moved_to_another_server_is_read_on_where_it_was(asked, server):
    comes(asked, server, mail(asked))
    looks(asked)
    server.validity = 8
    later = mail(asked, "Terima kasih")
    later.replace_header("Message-ID", "<2@kantor.example>")
    comes(asked, server, later)
    looks(asked)
    looks(asked)

    assert len(came(asked)) == 2
    assert (known(asked).validity, known(asked).upto) == (8, 2)


def test_the_first_look_takes_what_came_today_and_no_old_mail(asked, server):
    comes(asked, server, mail(asked, to=COLLECTING), ago=timedelta(days=9))
    comes(asked, server, mail(asked))
    looks(asked)

    assert [row.intent for row in came(asked)] == ["report_nil"]
    assert known(asked).upto == 2


def test_an_answer_that_lay_for_hours_is_asked_about_and_a_yes_files_it(asked, server):
    server.then("CONNECT", *["cut"] * 9)
    comes(asked, server, mail(asked))
    asked.clock.at += timedelta(hours=3)
    for _ in range(10):
        looks(asked)
    asked.turn()

    (row,) = came(asked)
    assert (row.intent, row.person, filed(asked)) == ("report_nil", True, [])
    yes = mail(asked, "Ya")
    yes.replace_header("Message-ID", "<3@kantor.example>")
    comes(asked, server, yes)
    looks(asked)
    assert [report.content for report in filed(asked)] == ["nil"]


def test_a_flood_that_was_told_hours_ago_is_a_problem_all_the_same(asked, server):
    comes(asked, server, mail(asked, "Banjir di TPS 3, air masuk"), ago=timedelta(hours=5))
    looks(asked)

    assert [does for does, _, _ in came(asked)[0].results][:1] == ["open_problem"]


def test_what_was_written_before_an_older_copy_was_put_back_does_nothing_by_itself(asked, server):
    comes(asked, server, mail(asked), ago=timedelta(minutes=1))
    with asked.rt.sessions.begin() as session:
        restoring.opened(session, asked.clock.at - timedelta(hours=1), ordered=True, now=asked.clock.at)
    looks(asked)

    assert filed(asked) == []
    assert [(row.intent, row.person) for row in came(asked)] == [("report_nil", True)]


def test_the_clock_looks_in_a_thread_of_its_own_and_waits_for_it_at_its_end(asked, server):
    comes(asked, server, mail(asked))
    collector = collecting.Collector(asked.rt)

    collector.look()
    collector.end(patience=timedelta(seconds=20))

    assert len(filed(asked)) == 1


def test_status_says_that_the_mailbox_cannot_be_read(asked, server):
    server.then("LOGIN", "NO [AUTHENTICATIONFAILED] no")
    looks(asked)

    assert [own.why for own in failing(asked)] == ["login: [AUTHENTICATIONFAILED] no"]
    asked.clock.at += timedelta(hours=3)
    assert failing(asked) == []
