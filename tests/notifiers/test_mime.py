"""A mail as bytes: what went in comes out of a real parser, and nothing else does."""

import email
import email.policy
import re
from datetime import datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers import mime
from notifiers.base import Attached, Letter
from rules.delivery import Unwritable
from tests.notifiers.letters import NOW, SENDER, letter

PRINTABLE = st.characters(
    exclude_categories=["Cc", "Cs", "Zl", "Zp"],
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
WORDS = st.text(PRINTABLE, max_size=200).map(lambda text: " ".join(text.split()))
BODY = st.text(st.characters(exclude_categories=["Cs"]), max_size=2000)
EVIL = ["Tim A\nX-Evil: 1", "Judul\r\nBcc: evil@x.test", "a\rb", "a\x00b", "a\x0bb", "a\u2028b", "a\u202eb", "a\x85b"]


def parsed(item: Letter) -> EmailMessage:
    return email.message_from_bytes(mime.compose(item, SENDER), policy=email.policy.default)


def sender(item: Letter) -> tuple[str, str]:
    """Name and address of the From; the newer parser of Python puts a blank between two encoded words."""
    name, address = parseaddr(email.message_from_bytes(mime.compose(item, SENDER))["From"])
    return str(make_header(decode_header(name))), address


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def unbroken(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(subject=WORDS, name=WORDS, text=BODY, html=BODY)
def test_what_went_in_comes_out(subject: str, name: str, text: str, html: str):
    mail = parsed(letter(subject=subject, sender_name=name, text=text, html=html))

    assert mail["Subject"] == subject
    assert sender(letter(sender_name=name)) == (name, SENDER)
    assert body(mail, "plain") == unbroken(text)
    assert body(mail, "html") == unbroken(html)
    assert not mail.defects


@given(subject=WORDS, name=WORDS, text=BODY, html=st.none() | BODY)
def test_the_bytes_can_travel(subject: str, name: str, text: str, html: str | None):
    sent = mime.compose(letter(subject=subject, sender_name=name, text=text, html=html), SENDER)

    assert sent.isascii()
    assert sent.endswith(b"\r\n")
    assert b"\n" not in sent.replace(b"\r\n", b"")
    assert b"\r" not in sent.replace(b"\r\n", b"")
    assert max(map(len, sent.split(b"\r\n"))) <= 78
    assert max(map(len, sent.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize(("field", "header"), [("subject", "Subject"), ("sender_name", "From")])
def test_a_control_sign_in_a_header_is_refused_by_its_name(field: str, header: str, evil: str):
    with pytest.raises(Unwritable, match=f"^{header}: ") as caught:
        mime.compose(letter(**{field: evil}), SENDER)

    assert "evil" not in str(caught.value).lower()


@pytest.mark.parametrize(
    "to",
    [
        "a@b.test\r\nRCPT TO:<evil@x.test>",
        "a@b.test, evil@x.test",
        "a@b.test;evil@x.test",
        '"a@b.test" <evil@x.test>',
        "tim@kpu.go.id@evil.test",
        "a" * 65 + "@x.test",
        "a@" + "b" * 64 + ".test",
        "a..b@x.test",
        "a@x.test\n",
        "ä@x.test",
        "a@[127.0.0.1]",
        "a",
    ],
)
def test_more_or_less_than_one_plain_address_is_refused(to: str):
    assert not mime.usable(to)
    with pytest.raises(Unwritable, match=r"^To: "):
        mime.compose(letter(to=to), SENDER)
    with pytest.raises(Unwritable, match=r"^From: "):
        mime.compose(letter(), to)


@pytest.mark.parametrize("rfc_id", ["", "12@x", "<12>", "<12@x>\r\nBcc: a@b.test", "<a b@x>", "<é@x>"])
def test_a_message_id_is_one_word_in_angle_brackets(rfc_id: str):
    with pytest.raises(Unwritable, match=r"^Message-ID: "):
        mime.compose(letter(rfc_id=rfc_id), SENDER)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(Unwritable, match=r"^Date: "):
        mime.compose(letter(at=datetime(2024, 2, 5)), SENDER)


def test_every_try_of_a_message_is_the_same_mail():
    mail = parsed(letter())

    assert mime.compose(letter(), SENDER) == mime.compose(letter(), SENDER)
    assert mail["Message-ID"] == "<12.a1b2@baritokuala.example>"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["To"] == "camat.tamban@baritokuala.example"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_a_mail_without_html_is_one_plain_part():
    mail = parsed(letter(html=None, text="satu\n"))

    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == "satu"


def test_nothing_in_a_text_can_end_its_part():
    text = "--=_12--\n--=_12\nContent-Type: text/html\n\n<b>lain</b>\n"

    mail = parsed(letter(text=text))

    assert body(mail, "plain") == text
    assert len(list(mail.iter_parts())) == 2


def test_ordinary_headers_stay_readable_on_the_wire():
    head = mime.compose(letter(), SENDER).partition(b"\r\n\r\n")[0].decode()

    assert "Subject: Desk Batola: laporan R-0805 belum kami terima\r\n" in head
    assert f"From: Desk Batola <{SENDER}>\r\n" in head
    assert not re.search(r"=\?", head)


def test_an_answer_goes_to_the_secretariat():
    mail = parsed(letter(reply_to="sekretariat@baritokuala.example"))

    assert mail["Reply-To"] == "sekretariat@baritokuala.example"
    assert mail["From"].addresses[0].addr_spec == SENDER


@pytest.mark.parametrize("address", [None, "", "x@y.example\r\nBcc: evil@x.test", "a@b.test, c@d.test"])
def test_a_mail_goes_out_where_answers_have_no_address(address):
    mail = parsed(letter(reply_to=address))

    assert mail["Reply-To"] is None
    assert mail["Bcc"] is None


def test_a_mail_carries_documents_byte_for_byte_after_its_words():
    content = bytes(range(256)) * 300 + b"\r\n.\r\n--=_k12\r\n"
    own = Attached("laporan-2024-W07-v1.pdf", "application/pdf", content)
    sent = letter(html="<p>x</p>", documents=(own, own._replace(name="rekap.xlsx")))

    words, *files = parsed(sent).iter_parts()

    assert words.get_content_type() == "multipart/alternative"
    assert [file.get_filename() for file in files] == ["laporan-2024-W07-v1.pdf", "rekap.xlsx"]
    assert {file.get_content_type() for file in files} == {"application/pdf"}
    assert [file.get_content() for file in files] == [content] * 2
    assert max(map(len, mime.compose(sent, SENDER).split(b"\r\n"))) <= 76


@pytest.mark.parametrize("name", ["", "a b.pdf", 'a".pdf', "../a.pdf", "a\r\nBcc: x@y.example", "laporan-é.pdf"])
def test_a_document_with_a_name_that_is_not_plain_goes_nowhere(name):
    with pytest.raises(Unwritable):
        mime.compose(letter(documents=(Attached(name, "application/pdf", b"x"),)), SENDER)


def test_a_document_is_never_shown_with_its_content():
    assert "geheim" not in repr(letter(documents=(Attached("a.pdf", "application/pdf", b"geheim"),)))
