"""Mails that people write in answer: which are believed, what is kept of any, and who is answered."""

from email.message import EmailMessage

import pytest
from sqlalchemy import select

from jobs.delivery import replies
from models.matters.reports import Report
from models.messages.inbound import Inbound
from models.offices.offices import Contact
from notifiers import answered
from rules.desk import Channel
from rules.filing import Content, Via
from rules.replies.spoken import Sender
from tests.stories.desk import Desk

KEY = b"kunci-desk-yang-panjang"
COLLECTING = "balas@desk.example"


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """Camat Tamban was reminded by mail, and may answer it."""
    desk.rt.reply_to, desk.rt.key = COLLECTING, KEY
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.clock.reads("H-7 12:30")
    return desk


def mail(
    desk: Desk, text: str = "Nihil.", *, by: str = "tamban@desk.example", to: str = "", **headers: str
) -> EmailMessage:
    """An answer to the last mail that Camat Tamban got."""
    message = EmailMessage()
    message["From"], message["Subject"] = by, "Re: laporan"
    message["To"] = to or desk.mailbox("Camat Tamban").letters[-1].letter.reply_to
    message["Message-ID"] = "<1@kantor.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def takes(desk: Desk, message: EmailMessage | bytes) -> Inbound:
    replies.take(desk.rt, message if isinstance(message, bytes) else message.as_bytes())
    with desk.rt.sessions() as session:
        return session.scalars(select(Inbound).order_by(Inbound.id.desc())).first()


def filed(desk: Desk) -> list[Report]:
    with desk.rt.sessions() as session:
        return list(session.scalars(select(Report)))


@pytest.mark.parametrize(
    ("answered", "reply_to", "said"),
    [
        pytest.param((), "", (False, False), id="nothing comes in"),
        pytest.param((), COLLECTING, (True, False), id="mails come in"),
        pytest.param((Channel.SMS,), "", (False, True), id="texts come in"),
    ],
)
def test_what_asks_for_something_says_that_it_may_be_answered_where_answers_come_in(
    desk: Desk, answered: tuple[Channel, ...], reply_to: str, said: tuple[bool, bool]
):
    desk.rt.reply_to, desk.rt.key, desk.rt.answered = reply_to, KEY, frozenset(answered)
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.clock.reads("H-7 18:00")

    mail, text = desk.mailbox("Camat Tamban").last, desk.phone("Camat Tamban").last
    assert ("Boleh juga langsung dibalas" in mail, "oleh dibalas" in text) == said


def test_whoever_is_asked_to_help_is_not_invited_to_answer_for_another(desk: Desk):
    desk.rt.reply_to, desk.rt.key, desk.rt.answered = COLLECTING, KEY, frozenset({Channel.SMS})
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.clock.reads("H-6 12:00")

    texts = [own.letter.text for own in desk.wire.accepted]
    others = [own for own in texts if "Tamban" in own and "Camat Tamban," not in own]
    assert others
    assert not any("dibalas" in own for own in others)


def test_a_mail_as_postfix_pipes_it_is_proved_by_the_address_that_it_was_delivered_to(asked: Desk):
    """local(8) puts an envelope line and its own headers before the mail; `To` may be anything."""
    to = asked.mailbox("Camat Tamban").letters[-1].letter.reply_to
    head = (
        "From tamban@desk.example  Wed Feb  7 12:30:00 2024\n"
        f"Return-Path: <tamban@desk.example>\nX-Original-To: {to}\nDelivered-To: balas@desk.example\n"
        "Received: from mail.desk.example (localhost [127.0.0.1])\n\tby mx.desk.example (Postfix) with ESMTP id 4TV\n"
    )

    row = takes(asked, head.encode() + mail(asked, to="Desk <desk@desk.example>").as_bytes())

    assert (row.sender, row.intent, len(filed(asked))) == (Sender.KNOWN, "report_nil", 1)


def test_an_answer_by_mail_files_the_report_and_is_answered_by_mail(asked: Desk):
    quoted = "Nihil.\n\nPada Rab, 7 Feb 2024 pukul 12.00 Desk Contoh menulis:\n> Bila ada masalah, mohon diuraikan."

    row = takes(asked, mail(asked, quoted))
    asked.turn()

    (report,) = filed(asked)
    assert (report.content, report.via) == (Content.NIL, Via.EMAIL)
    assert row.text == "Nihil."
    assert f"nihil kami terima 12.30 WITA, {report.number}" in asked.mailbox("Camat Tamban").last


@pytest.mark.parametrize(
    ("to", "by"),
    [
        pytest.param(COLLECTING, "tamban@desk.example", id="no seal, as anybody can write any From"),
        pytest.param("balas+1-00000000000000000000@desk.example", "tamban@desk.example", id="a wrong seal"),
        pytest.param("", "keponakan@rumah.example", id="the mail was passed on, and somebody else answers"),
        pytest.param("", "mekarsari@desk.example", id="another office answers it"),
    ],
)
def test_whoever_is_not_proved_files_nothing_and_a_person_looks(asked: Desk, to: str, by: str):
    row = takes(asked, mail(asked, to=to, by=by))
    asked.turn()

    assert filed(asked) == []
    assert (row.sender, row.person, row.answer_id) == (Sender.FORMER, True, None)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"List_Id": "<forum.example>"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"X_Auto_Response_Suppress": "All"},
    ],
    ids=str,
)
def test_no_robot_is_believed_or_answered(asked: Desk, headers: dict[str, str]):
    row = takes(asked, mail(asked, **headers))

    assert (row.intent, row.answer_id, filed(asked)) == ("robot", None, [])


def test_our_own_mail_that_comes_back_starts_no_loop(asked: Desk):
    """Every mail of ours says that a machine wrote it."""
    assert takes(asked, mail(asked, Auto_Submitted="auto-generated")).answer_id is None


def test_the_same_mail_again_is_one(asked: Desk):
    first, again = takes(asked, mail(asked)), takes(asked, mail(asked))

    assert first.id == again.id
    assert len(filed(asked)) == 1


def test_a_mail_of_html_alone_is_read_without_what_it_quotes(asked: Desk):
    message = mail(asked)
    message.set_content("<p>Kondisi <b>aman</b></p><blockquote>bermasalah, balas NIHIL</blockquote>", subtype="html")

    assert takes(asked, message).intent == "report_filled"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        pytest.param("application/ms-tnef", b"\x78\x9f\x3e\x22", id="winmail.dat"),
        pytest.param("application/pkcs7-mime", b"\x30\x82", id="an encrypted mail"),
        pytest.param("image/heic", b"\x00\x00\x00\x18ftypheic", id="a photo of an iPhone"),
        pytest.param(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\x03\x04", id="DOCX"
        ),
    ],
)
def test_what_we_cannot_open_is_named_and_asked_about(asked: Desk, kind: str, content: bytes):
    message = mail(asked, "")
    message.add_attachment(content, maintype=kind.partition("/")[0], subtype=kind.partition("/")[2], filename="berkas")

    row = takes(asked, message)

    assert [own["media"] for own in row.files] == [kind]
    assert row.intent == "unreadable"
    assert row.person
    assert filed(asked) == []


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "x-unknown", "utf-7"])
def test_any_charset_is_read(asked: Desk, charset: str):
    raw = mail(asked).as_bytes().replace(b'charset="utf-8"', f'charset="{charset}"'.encode())

    assert takes(asked, raw).intent == "report_nil"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 300,
        b"Subject: =?x?q?=ff?=\n\nnihil",
    ],
    ids=["empty", "no mail at all", "nested", "a broken subject"],
)
def test_anything_at_all_is_kept(asked: Desk, raw: bytes):
    assert takes(asked, raw) is not None


def test_a_reply_to_names_its_own_message_alone():
    def sent(nonce: str):
        return lambda number: type("Sent", (), {"nonce": nonce, "address": "x@y.example"})()

    to = answered.address(COLLECTING, KEY, 12, "abc")
    raw = f"To: {to}\n\nnihil".encode()

    assert answered.read(raw, KEY, sent("abc")).answers == 12
    assert answered.read(raw, KEY, sent("other")).answers is None
    assert answered.read(raw.replace(b"+12-", b"+13-"), KEY, sent("abc")).answers is None
    assert answered.read(raw, b"", sent("abc")).answers is None


def test_an_address_is_nowhere_but_among_the_contacts(asked: Desk):
    row = takes(asked, mail(asked, by="keponakan@rumah.example"))

    assert row.shown == "k***@rumah.example"
    with asked.rt.sessions() as session:
        assert session.scalars(select(Contact).where(Contact.address == "keponakan@rumah.example")).first() is None
    assert row.channel is Channel.EMAIL
