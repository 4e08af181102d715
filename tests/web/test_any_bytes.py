"""Whatever comes in: it is answered, it is kept byte for byte, it is read, and no other office is touched by it."""

from email.message import EmailMessage
from itertools import count
from urllib.parse import quote_from_bytes, urlencode

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from twilio.request_validator import RequestValidator

from jobs.delivery import replies
from models.messages.inbound import Inbound
from models.offices.offices import Contact
from notifiers import reports
from tests.web.conftest import URL, Web
from tests.web.writing import KEY, TOKEN, TWILIO, Writer, last, writer

TRIED = settings(
    max_examples=40,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TYPED = st.lists(
    st.sampled_from(
        ["nihil", "aman", "banjir", "Tabunganen", "R-0003", "P-0001", "stop", "\0", "\ud800", "98/104", "\n"]
    ),
    max_size=8,
).map(" ".join)
BYTES = st.one_of(st.binary(max_size=400), TYPED.map(lambda text: text.encode("utf-8", "surrogatepass")))
NUMBERS = count(1)


@pytest.fixture
def camat(web: Web) -> Writer:
    """Camat Tamban and Camat Tabunganen owe a report each; the first writes."""
    web.desk.rt.reply_to, web.desk.rt.key, web.desk.rt.files = "balas@desk.example", KEY, web.books.files
    web.desk.owes_only(*(web.desk.key("harian", name, "H-7") for name in ("Tamban", "Tabunganen")))
    web.desk.clock.reads("H-7 12:30")
    return writer(web, "Camat Tamban")


def untouched(web: Web, camat: Writer, key: str) -> Inbound:
    """It was kept and read, and touched nobody else."""
    foreign = web.desk.reports(web.desk.key("harian", "Tabunganen", "H-7"))
    own = [camat.number, "tamban@desk.example"]
    with web.desk.rt.sessions() as session:
        row = session.scalars(select(Inbound).where(Inbound.key == key)).one()
        states = set(session.scalars(select(Contact.state).where(Contact.address.not_in(own))))
    assert row.read_at is not None, "kept, and nobody can read it"
    assert (foreign, states - {Contact.State.ACTIVE, Contact.State.PLANNED}) == ([], set())
    return row


@TRIED
@given(
    BYTES,
    st.sampled_from(["text/plain", "application/octet-stream", "text/plain; charset=utf-16", "x; charset=none", ""]),
)
@example(b"\0nihil", "text/plain")
@example(b"nihil \xed\xa0\x80", "text/plain")
def test_any_bytes_of_a_gateway(web: Web, camat: Writer, body: bytes, kind: str):
    id = f"a{next(NUMBERS)}"

    assert camat.posts(body, id=id, Content_Type=kind) == 200
    untouched(web, camat, f"gateway:{id}")


@TRIED
@given(st.binary(max_size=300))
@example(b"from=1&id=%00&text=%00")
@example(b"text=" + b"%ff" * 30)
def test_any_form_of_a_gateway(web: Web, camat: Writer, body: bytes):
    assert camat.posts(body, Content_Type="application/x-www-form-urlencoded") in (200, 400)


@TRIED
@given(BYTES, st.dictionaries(st.sampled_from(["Latitude", "Longitude", "NumMedia", "MediaUrl0", "ButtonText"]), TYPED))
@example(b"\0", {"Latitude": "\0", "Longitude": "1", "MediaUrl0": "\0"})
def test_any_words_by_whatsapp(web: Web, camat: Writer, body: bytes, more: dict[str, str]):
    sid = f"SM{next(NUMBERS):032x}"
    fields = {"MessageSid": sid, "From": f"whatsapp:{camat.number}"} | more
    sent = f"{urlencode(fields, errors='surrogatepass')}&Body={quote_from_bytes(body)}".encode()
    form = reports.fields(sent)
    proof = RequestValidator(TOKEN).compute_signature(URL + TWILIO, form) if form else ""
    headers = {"X-Twilio-Signature": proof, "Content-Type": "application/x-www-form-urlencoded"}

    assert web.client.post(TWILIO, content=sent, headers=headers).status_code == 200
    row = untouched(web, camat, f"twilio:{sid}")
    assert row.raw == (form or {})["Body"].encode() or not body


@TRIED
@given(
    BYTES,
    st.sampled_from(["Subject", "From", "Auto-Submitted", "Message-ID", "Content-Type", "X-Any", "Return-Path"]),
    BYTES,
)
@example(b"\0", "Subject", b"a\0b")
@example(b"nihil\0", "Auto-Submitted", b"\0")
@example(b"", "Content-Type", b"text/plain; charset=\0")
def test_any_mail(web: Web, camat: Writer, body: bytes, header: str, value: bytes):
    to = web.desk.mailbox("Camat Tamban").letters[0].letter.reply_to.encode()
    head = b"To: " + to + b"\nFrom: tamban@desk.example\nX-Number: %d\n" % next(NUMBERS)
    line = header.encode() + b": " + value.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n"

    said = replies.take(web.desk.rt, line + head + b"\n" + body)

    assert said == "kept before" or untouched(web, camat, last(web).key)


@TRIED
@given(st.binary(max_size=500))
def test_anything_that_is_piped_in(web: Web, camat: Writer, mail: bytes):
    assert replies.take(web.desk.rt, mail)
    untouched(web, camat, last(web).key)


def test_an_attachment_with_any_name_and_kind_is_kept(web: Web, camat: Writer):
    mail = EmailMessage()
    mail["To"], mail["From"] = web.desk.mailbox("Camat Tamban").letters[0].letter.reply_to, "tamban@desk.example"
    mail.set_content("aman")
    mail.add_attachment(
        b"\0", maintype="application", subtype="x", filename="a\0b\ud800.docx".encode("utf-8", "replace").decode()
    )

    replies.take(web.desk.rt, mail.as_bytes())

    assert [own["state"] for own in last(web).files] == ["refused"]
