"""What comes with an answer stands beside the report or problem it is about, for those who may read that."""

import io
import zipfile
from email.message import EmailMessage

import pytest
from PIL import Image
from sqlalchemy import select

from jobs.delivery import replies
from jobs.operator import explain
from jobs.turn import media as fetching
from jobs.turn import tidy
from models.matters.attachments import ReplyFile
from models.messages.inbound import Inbound
from rules.attachments import Kind
from rules.desk import Channel
from services.beside import for_files
from services.media import for_a_person
from tests.web.conftest import Web
from tests.web.signing import signs_in
from tests.web.test_photos import photo, placed
from tests.web.writing import Writer, last, rows, writer

URL = "https://api.twilio.com/x"
ASISTEN, FAR = "Asisten Pemerintahan", "Camat Tabunganen"


class Store:
    """A phone that also keeps what was sent to us, as Twilio does."""

    def __init__(self, phone: object, data: bytes) -> None:
        self.phone, self.data = phone, data

    def __getattr__(self, name: str) -> object:
        return getattr(self.phone, name)

    def fetch(self, url: str, most: int) -> bytes:
        return self.data


@pytest.fixture
def camat(web: Web, daily: str) -> Writer:
    """Camat Tamban, who owes one report of the day; what he sends is a photo."""
    web.desk.clock.reads("H-7 15:01")
    keeps(web, photo())
    return writer(web, "Camat Tamban")


def keeps(web: Web, data: bytes) -> None:
    rt = web.desk.rt
    rt.files = web.books.files
    phone = rt.notifiers[Channel.WHATSAPP]
    rt.notifiers = {**rt.notifiers, Channel.WHATSAPP: Store(getattr(phone, "phone", phone), data)}


def sends(web: Web, camat: Writer, text: str, media: str = "image/jpeg", **more: str) -> None:
    camat.whatsapp(text, NumMedia="1", MediaUrl0=URL, MediaContentType0=media, **more)
    fetching.run(web.desk.rt, now=web.desk.clock.at)


def office_file(*parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return out.getvalue()


WORD, SHEET, VOICE = office_file("word/document.xml"), office_file("xl/workbook.xml"), b"OggS" + b"\0" * 40


def beside(web: Web, code: str) -> list[ReplyFile]:
    with web.desk.rt.sessions() as session:
        query = select(ReplyFile).where(ReplyFile.matter_id == web.desk.matter(code).id)
        return list(session.scalars(query.order_by(ReplyFile.number)))


def page_of(web: Web, office: str, code: str, file: str = ""):
    (programme,) = web.desk.rt.programmes
    return signs_in(web, office).get(f"/koordinasi/{programme}/{web.desk.code(code)}{file}")


@pytest.mark.parametrize("text", ["nihil pak", "aman pak", ""], ids=["a nil", "a report", "no word with it"])
def test_a_photo_by_whatsapp_stands_on_the_page_of_its_report(web: Web, daily: str, camat: Writer, text: str):
    sends(web, camat, text)

    page = page_of(web, ASISTEN, daily)
    file = page_of(web, ASISTEN, daily, "/0/1")

    assert "foto, Camat Tamban, WhatsApp, Rabu 7/2, 15.01 WITA" in page.text
    assert (file.status_code, file.headers["content-type"]) == (200, "image/jpeg")
    assert f'filename="{web.desk.code(daily)}-balasan-1.jpg"' in file.headers["content-disposition"]


def test_a_photo_is_written_anew_as_one_that_is_uploaded(web: Web, daily: str, camat: Writer):
    keeps(web, placed())
    sends(web, camat, "aman pak")

    with Image.open(io.BytesIO(page_of(web, ASISTEN, daily, "/0/1").content)) as image:
        assert not image.getexif()


@pytest.mark.parametrize(
    ("data", "what", "name"),
    [(WORD, "Word", "docx"), (SHEET, "Excel", "xlsx"), (VOICE, "rekaman suara", "ogg"), (b"%PDF-1.7", "PDF", "pdf")],
    ids=["a letter", "a sheet", "a voice note", "a PDF"],
)
def test_what_only_a_person_can_open_is_kept_as_it_came(web, daily, camat, data: bytes, what: str, name: str):
    keeps(web, data)
    sends(web, camat, "aman pak", media="application/octet-stream")

    file = page_of(web, ASISTEN, daily, "/0/1")

    assert f"{what}, Camat Tamban" in page_of(web, ASISTEN, daily).text
    assert file.content == data
    assert file.headers["content-disposition"].endswith(f'-balasan-1.{name}"')


@pytest.mark.parametrize(
    "data",
    [
        office_file("word/document.xml", "word/vbaProject.bin"),
        office_file("other.xml"),
        b"PK\x03\x04 and no archive",
        WORD[:60],
        b"MZ\x90",
    ],
    ids=["macros", "another archive", "none", "cut off", "a program"],
)
def test_what_could_do_harm_or_is_unknown_is_named_and_not_kept(web: Web, daily: str, camat: Writer, data: bytes):
    keeps(web, data)
    sends(web, camat, "aman pak")

    assert for_a_person(data) is None
    assert [own["state"] for own in last(web).files] == ["refused"]
    assert beside(web, daily) == []


def test_a_photo_of_a_problem_stands_with_the_problem(web: Web, daily: str, camat: Writer):
    sends(web, camat, "Banjir pak, TPS 3 terendam selutut")

    assert [own.kind for own in beside(web, "P-0001")] == [Kind.JPEG]
    assert "Lampiran balasan" in page_of(web, ASISTEN, "P-0001").text


def test_the_same_photo_again_stands_there_once(web: Web, daily: str, camat: Writer):
    for _ in range(2):
        sends(web, camat, "")

    assert len(beside(web, daily)) == 1


@pytest.mark.parametrize("how", ["forwarded", "stranger", "shared"])
def test_who_is_not_sure_to_have_written_it_lays_nothing_beside_a_report(web: Web, daily: str, camat: Writer, how: str):
    if how == "shared":
        web.desk.moves_to("Camat Mekarsari", Channel.SMS, camat.number)
    by = Writer(web, "+6289999999999") if how == "stranger" else camat
    sends(web, by, "", Forwarded="true" if how == "forwarded" else "")

    assert beside(web, daily) == []
    assert last(web).person


def test_what_a_person_files_from_the_page_takes_its_files_along(web: Web, daily: str, camat: Writer):
    sends(web, camat, "", Forwarded="true")
    desk = signs_in(web, "Sekretariat Desk")
    said = desk.post(f"/sekretariat/pesan/{last(web).id}", what="report", code=web.desk.code(daily))

    assert said.status_code == 303
    assert len(beside(web, daily)) == 1


def test_it_is_hidden_from_whoever_may_not_read_the_report(web: Web, daily: str, camat: Writer):
    sends(web, camat, "nihil")

    assert page_of(web, FAR, daily, "/0/1").status_code == 403
    assert page_of(web, ASISTEN, daily, "/0/2").status_code == 403


def test_explain_names_it(web: Web, daily: str, camat: Writer):
    sends(web, camat, "nihil")

    assert any("file 1 (jpeg" in step.what for step in explain.matter(web.desk.rt, daily).steps)


def test_it_stays_when_the_message_is_taken_out(web: Web, daily: str, camat: Writer):
    sends(web, camat, "aman pak")
    with web.desk.rt.sessions.begin() as session:
        row = session.get_one(Inbound, last(web).id)
        row.seen_at, row.received_at = web.desk.clock.at, row.received_at.replace(year=2020)
    web.desk.clock.reads("H+7 12:00")
    tidy.run(web.desk.rt, now=web.desk.clock.at)

    assert page_of(web, ASISTEN, daily, "/0/1").status_code == 200


def test_what_comes_by_mail_stands_there_at_once(web: Web):
    rt, daily = web.desk.rt, web.desk.key("harian", "Tamban", "H-7")
    rt.reply_to, rt.key, rt.files = "balas@desk.example", b"kunci-desk-yang-panjang", web.books.files
    web.desk.owes_only(daily)
    web.desk.clock.reads("H-7 12:30")
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Message-ID"] = "tamban@desk.example", "Re: laporan", "<1@kantor.example>"
    mail["To"] = web.desk.mailbox("Camat Tamban").letters[-1].letter.reply_to
    mail.set_content("Aman terkendali, laporan terlampir.")
    mail.add_attachment(WORD, maintype="application", subtype="msword", filename="Laporan.docx")

    replies.take(rt, mail.as_bytes())

    assert [(own.kind, own.channel) for own in beside(web, daily)] == [(Kind.DOCX, Channel.EMAIL)]


def test_many_photos_of_a_day_are_looked_at_by_one_tap_and_what_asks_for_more_stays(web: Web, camat: Writer):
    for n in range(3):
        sends(web, camat, f"listrik padam di TPS {n + 1}")
    camat.whatsapp("asdkjh qwoeiu zxmn")
    sends(web, camat, "listrik padam di TPS 9")
    desk = signs_in(web, "Sekretariat Desk")
    assert [for_files(own) for own in rows(web)] == [True, True, True, False, True]
    assert "hanya membawa lampiran sudah dilihat (4)" in desk.get("/sekretariat/pesan").text

    posted = desk.post(f"/sekretariat/pesan/{last(web).id}", what="files")

    assert posted.status_code == 303
    assert [own.waiting for own in rows(web)] == [False, False, False, True, False]
    assert all(own.seen_by for own in rows(web) if not own.waiting)


def test_a_photo_that_stands_nowhere_is_not_looked_at_with_the_others(web: Web, camat: Writer):
    sends(web, camat, "nihil")
    sends(web, camat, "nihil", Forwarded="true")
    desk = signs_in(web, "Sekretariat Desk")

    desk.post(f"/sekretariat/pesan/{last(web).id}", what="files")

    assert last(web).waiting
    assert not rows(web)[0].waiting


def test_all_that_an_office_wrote_is_looked_at_by_one_tap_and_nothing_that_came_since(web: Web, camat: Writer):
    other = writer(web, "Camat Mekarsari")
    camat.whatsapp("asdkjh qwoeiu zxmn")
    other.whatsapp("zxmn qwoeiu")
    camat.whatsapp("qwoeiu asdkjh zxmn")
    desk = signs_in(web, "Sekretariat Desk")
    page = desk.get("/sekretariat/pesan").text
    assert page.count("Semua dari Camat Tamban di atas sudah dilihat (2)") == 1
    assert "Semua dari Camat Mekarsari" not in page
    camat.whatsapp("zxmn asdkjh qwoeiu")

    desk.post(f"/sekretariat/pesan/{rows(web)[2].id}", what="office")

    assert [own.waiting for own in rows(web)] == [False, True, False, True]
