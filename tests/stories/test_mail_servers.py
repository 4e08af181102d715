"""Answers by mail through real servers: Postfix pipes them as the page for operators says, Dovecot keeps them."""

import dataclasses
import os
import re
from collections.abc import Iterator

import pytest

from jobs.delivery import collecting, replies
from models.base import Sessions
from notifiers.imap import Account
from rules.replies.spoken import Sender
from tests import mail_engines, tools
from tests.mail_engines import Dovecot, Postfix
from tests.notifiers.wire import CERTIFICATE
from tests.stories.desk import ROOT, Desk
from tests.stories.test_mailbox import came, failing, looks
from tests.stories.test_replies import COLLECTING, KEY, filed, mail

HERE = "Postfix on this machine"


@pytest.fixture
def desk(sessions: Sessions) -> Desk:
    """Camat Tamban was reminded by mail."""
    desk = Desk(sessions)
    desk.rt.reply_to = desk.rt.bounce_to = COLLECTING
    desk.rt.key = KEY
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.clock.reads("H-7 12:30")
    return desk


@pytest.fixture(scope="module")
def postfix() -> Iterator[Postfix]:
    """As docs/channels.md sets it up, with another program at the end of the pipe."""
    page = (ROOT / "docs/channels.md").read_text().partition(f"# {HERE}\n")[2]
    master, main, transport = re.findall(r"^```\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[:3]
    master = master.replace("user=desk", "user=nobody").replace("/usr/local/bin/desk", "{folder}/take")
    main = main.replace("/etc/postfix", "{folder}/conf")
    main, transport = (own.replace("baritokuala.example", "desk.example") for own in (main, transport))
    with mail_engines.postfix(main, master, transport) as server:
        yield server


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with mail_engines.dovecot() as server:
        server.make("Selesai")
        yield server


needs_postfix = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run postfix")
needs_dovecot = pytest.mark.skipif(
    mail_engines.version_of_dovecot() not in ("", "2.3"), reason="settings of dovecot 2.4 have another form"
)


def reply_to(desk: Desk) -> str:
    return str(desk.mailbox("Camat Tamban").letters[-1].letter.reply_to)


@needs_postfix
@tools.needs("postfix")
def test_an_answer_that_postfix_pipes_files_the_report_though_its_to_says_nothing(desk: Desk, postfix: Postfix):
    answer = mail(desk, to="Desk <desk@desk.example>").as_bytes()
    postfix.send(answer, sender="tamban@desk.example", to=reply_to(desk))

    command, piped = postfix.piped()
    replies.take(desk.rt, piped)

    assert command == "reply"
    assert [row.sender for row in came(desk)] == [Sender.KNOWN]
    assert [report.content for report in filed(desk)] == ["nil"]


@needs_postfix
@tools.needs("postfix")
def test_what_the_desk_cannot_take_now_postfix_keeps_and_pipes_again(desk: Desk, postfix: Postfix):
    postfix.answers(75)
    postfix.send(mail(desk).as_bytes(), sender="tamban@desk.example", to=reply_to(desk))
    _, first = postfix.piped()
    postfix.answers(0)

    _, second = postfix.piped(again=True)
    for piped in (first, second):
        replies.take(desk.rt, piped)

    assert first == second
    assert len(came(desk)) == len(filed(desk)) == 1


@needs_postfix
@tools.needs("postfix")
def test_what_came_back_goes_to_the_other_command(postfix: Postfix):
    postfix.send(b"Subject: Undelivered\n\nNo such user\n", sender="", to="bounce+12-0a@desk.example")

    command, piped = postfix.piped()

    assert command == "bounce"
    assert b"Delivered-To: bounce+12-0a@desk.example" in piped


def account(server: Dovecot) -> Account:
    own = mail_engines.USER, mail_engines.PASSWORD
    return Account(
        host="localhost", port=server.port, user=own[0], password=own[1], move_to="Selesai", ca_file=CERTIFICATE
    )


@needs_dovecot
@tools.needs("dovecot")
def test_an_answer_that_dovecot_keeps_is_fetched_once_and_moved(desk: Desk, dovecot: Dovecot):
    desk.rt.mailbox = account(dovecot)
    at = desk.clock.at.replace(microsecond=0)
    dovecot.put(mail(desk).as_bytes(), at=at)
    looks(desk)
    looks(desk)

    (report,) = filed(desk)
    assert (report.content, report.received_at, len(came(desk))) == ("nil", at, 1)
    assert dovecot.flags() == []
    assert [b"\\Seen" in own for own in dovecot.flags("Selesai")] == [True]


@needs_dovecot
@tools.needs("dovecot")
def test_a_wrong_password_is_told_and_the_right_one_reads_on(desk: Desk, dovecot: Dovecot):
    dovecot.put(mail(desk).as_bytes(), at=desk.clock.at)
    desk.rt.mailbox = dataclasses.replace(account(dovecot), password="salah")
    looks(desk)
    (told,) = failing(desk)
    desk.rt.mailbox = account(dovecot)
    looks(desk)

    assert told.why == "login: [AUTHENTICATIONFAILED] Authentication failed."
    assert (failing(desk), len(filed(desk))) == ([], 1)


@needs_dovecot
@tools.needs("dovecot")
def test_a_server_that_nobody_vouches_for_hears_no_password(desk: Desk, dovecot: Dovecot):
    desk.rt.mailbox = dataclasses.replace(account(dovecot), ca_file=None)

    collecting.run(desk.rt)

    (told,) = failing(desk)
    assert told.why.startswith("connect: ")
    assert "certificate" in told.why
