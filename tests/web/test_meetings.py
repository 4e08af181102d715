"""Meetings: who came, what was said and decided, on one page; the minutes as documents; the order for trips."""

import io
import re

import docx
import pypdf
import pytest

from models.desk import changes
from models.matters import advice, meetings
from rules.advice import Answer
from tests.stories.test_advice import confirms, invites
from tests.web.signing import signs_in
from tests.web.test_trips import NEW, PLAN, sends

PAGE = "/rapat/1/1"
UNTIL = re.compile(r'<option value="(2024-[^"]+)"')


@pytest.fixture
def held(web):
    """A meeting of three offices that has begun, called by the secretary; the secretariat looks at its page."""
    web.desk.owes_only()
    web.desk.clock.reads("H-10 09:00")
    invites(web.desk, "Camat Tamban", "Camat Mekarsari", "Kepala BPBD", by="Kepala Kesbangpol")
    web.desk.clock.reads("H-10 10:00")
    confirms(web.desk, "A-0001-1", "Camat Tamban", Answer.ATTENDS)
    confirms(web.desk, "A-0001-2", "Camat Mekarsari", Answer.DEPUTY, "Sekcam Mekarsari")
    web.desk.clock.reads("H-8 09:30")
    return signs_in(web, "Sekretariat Desk")


def writes(held, text="Logistik dibahas.\n\nPerahu disiapkan.", led_by="sekda", seen="0"):
    return held.post(PAGE, act="write", text=text, led_by=led_by, seen=seen)


def decides(held, text="Siapkan dua perahu", to="kepala-bpbd"):
    until = UNTIL.findall(held.get(PAGE).text)[-1]
    return held.post(PAGE, act="decide", decision=text, until=until, **{f"to.{to}": "on"} if to else {})


def invited(held):
    with held.web.desk.rt.sessions() as session:
        return {one.owner.code: one.charge.attended for one in meetings.numbered(session, 1, 1)}


def read(held, form):
    content = held.get(f"{PAGE}/notulen.{form}").content
    if form == "pdf":
        return " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())
    told = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in told.tables for row in table.rows for cell in row.cells]
    return " ".join([*(own.text for own in told.paragraphs), *cells])


def test_who_came_is_ticked_on_one_page(held):
    assert held.post(PAGE, act="attend", **{"here.camat-tamban": "on", "here.camat-mekarsari": "on"}).status_code == 303

    assert invited(held) == {"camat-tamban": True, "camat-mekarsari": True, "kepala-bpbd": False}


def test_nobody_is_ticked_before_it_begins(held):
    held.web.desk.clock.reads("H-8 09:30")
    with held.web.desk.rt.sessions.begin() as session:
        own = meetings.numbered(session, 1, 1)[0].advice
        own.starts_at = held.web.desk.moment("H-7 09:00")

    assert held.post(PAGE, act="attend", **{"here.camat-tamban": "on"}).status_code == 409
    assert "Simpan kehadiran" not in held.get(PAGE).text


def test_a_decision_is_a_direction_of_whoever_led_told_at_once(held):
    writes(held)

    assert decides(held).status_code == 303
    held.web.desk.turn()

    with held.web.desk.rt.sessions() as session:
        (own,) = meetings.decided(session, 1)
    assert (own.matter.code, own.giver.code, own.owner.code) == ("A-0002", "sekda", "kepala-bpbd")
    assert "A-0002" in held.web.desk.mailbox("Kepala BPBD").last
    assert "dari Sekretaris Daerah" in held.web.desk.mailbox("Kepala BPBD").last


def test_who_wrote_a_decision_down_is_on_record(held):
    writes(held)
    decides(held)

    with held.web.desk.rt.sessions() as session:
        own = advice.by_code(session, 1, "A-0002")
        (given,) = changes.about(session, own.matter.id)
    assert given.title == "Sekretariat Desk"


def test_the_same_decision_twice_is_one(held):
    writes(held)
    decides(held)
    decides(held)

    with held.web.desk.rt.sessions() as session:
        assert len(meetings.decided(session, 1)) == 1


def test_where_no_director_led_a_decision_is_the_secretarys(held):
    writes(held, led_by="camat-tamban")
    decides(held)

    with held.web.desk.rt.sessions() as session:
        assert meetings.decided(session, 1)[0].giver.code == "kepala-kesbangpol"


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_minutes_say_who_came_what_was_said_and_decided_and_leave_the_number_blank(held, form):
    held.post(PAGE, act="attend", **{"here.camat-tamban": "on", "here.camat-mekarsari": "on"})
    writes(held)
    decides(held)

    said = read(held, form)

    assert "NOTULEN RAPAT KOORDINASI" in said
    assert re.search(r"Nomor\s*:?\s*\.{10}", said)
    assert "Hadir 2 dari 3 kantor yang diundang." in said
    assert "diwakili Sekcam Mekarsari" in said
    assert "Perahu disiapkan." in said
    assert "Siapkan dua perahu" in said
    assert "A-0002" in said


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_hostile_words_are_words_in_both_documents(held, form):
    hostile = "#import <script>alert(1)</script> =1+1 \\u202e $x$ {{ x }} *b*"
    writes(held, text=hostile)

    assert "<script>alert(1)</script>" in read(held, form)
    assert "<script>" not in held.get(PAGE).text


def test_minutes_that_somebody_else_wrote_meanwhile_are_not_written_over(held):
    writes(held)

    assert writes(held, text="Lain", seen="0").status_code == 409
    assert writes(held, text="Lain", seen="1").status_code == 303
    with held.web.desk.rt.sessions() as session:
        assert [own.text for own in meetings.versions(session, 1)][1].startswith("Logistik")


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        pytest.param({"act": "write", "text": " ", "led_by": "sekda"}, "Mohon diisi", id="empty minutes"),
        pytest.param({"act": "write", "text": "Isi", "led_by": "siapa"}, "dipilih salah satu", id="nobody led"),
        pytest.param({"act": "write", "text": "Isi", "led_by": "kadis-kominfo"}, "dipilih salah satu", id="not there"),
        pytest.param({"act": "decide", "decision": "Siapkan"}, "role=\"alert\"", id="a decision for nobody"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(held, fields, word):
    page = held.post(PAGE, **fields)

    assert page.status_code == 422
    assert word in page.text
    assert fields.get("decision", "") in page.text


def test_whoever_was_invited_reads_it_and_records_nothing(held):
    camat = signs_in(held.web, "Camat Tamban")

    assert "Rapat A-0001" in camat.get(PAGE).text
    assert "Simpan kehadiran" not in camat.get(PAGE).text
    assert camat.post(PAGE, act="attend").status_code == 403
    assert "A-0001" in camat.get("/rapat").text


def test_an_office_that_was_not_invited_does_not_read_it(held):
    other = signs_in(held.web, "Camat Tabunganen")

    assert other.get(PAGE).status_code == 403
    assert "A-0001" not in other.get("/rapat").text
    assert other.get(f"{PAGE}/notulen.pdf").status_code == 403


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_order_for_a_team_names_its_members_and_what_is_planned(held, form):
    sends(held, NEW, **PLAN | {"at": "2024-02-07T14:00"})

    answer = held.get(
        f"/sekretariat/surat-tugas/surat?programme=1&tim=VIII&dari=2024-02-06&sampai=2024-02-08&bentuk={form}"
    )

    assert answer.status_code == 200
    if form == "docx":
        told = docx.Document(io.BytesIO(answer.content))
        said = " ".join(cell.text for table in told.tables for row in table.rows for cell in row.cells)
    else:
        said = " ".join(
            "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages).split()
        )
    assert "Camat Mekarsari" in said
    assert "Gudang PPK" in said
    assert "L-0001" in said


@pytest.mark.parametrize(
    "days", ["dari=2024-02-08&sampai=2024-02-06", "dari=besok&sampai=", "dari=2024-03-06&sampai=2024-03-08"]
)
def test_an_order_without_days_or_trips_is_explained(held, days):
    answer = held.get(f"/sekretariat/surat-tugas/surat?programme=1&tim=VIII&{days}&bentuk=pdf")

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_meeting_that_is_over_is_not_called_begun(held):
    assert "Sedang berlangsung" in held.get("/rapat").text
    held.web.desk.clock.jumps("H-8 20:00")
    held = signs_in(held.web, "Sekretariat Desk")
    assert "Sudah selesai, kehadiran belum dicatat" in held.get("/rapat").text

    held.post(PAGE, act="attend", **{"here.camat-tamban": "on"})

    page = held.get("/rapat").text
    assert "Sudah selesai." in page
    assert "belum dicatat" not in page
