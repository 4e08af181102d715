"""The secretariat sends a report to the Government, records how it left and corrects it, without a shell."""

import re

import pytest

from models.desk import changes
from models.matters import sendings, submissions
from models.offices import offices
from rules.submissions import State, Step
from tests.stories.desk import DESK, ELECTION, POLICY, Desk
from tests.stories.test_approval import CHAIR, KEY, SECRETARIAT, SECRETARY
from tests.stories.test_sending import MAILED, UNIT, makes, names_what_was_restricted_since
from tests.web.conftest import URL
from tests.web.signing import signs_in
from tests.web.test_government import PAGE, one, row, weekly

__all__ = ["weekly"]

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
    "18dd8db00000000049454e44ae426082"
)


@pytest.fixture
def desk(sessions, tmp_path):
    """A desk whose file has the address of the Governor's unit."""
    path = tmp_path / "tiga-kecamatan.yaml"
    text = DESK.read_text(encoding="utf-8").replace("    copies: [Arsip]\n", MAILED)
    path.write_text(text, encoding="utf-8")
    desk = Desk(sessions, (ELECTION, path, POLICY))
    desk.rt.public_url = "https://desk.example"
    return desk


@pytest.fixture
def ready(weekly, tmp_path):
    """The first weekly report is approved, and its PDF there."""
    weekly.desk.rt.documents.mkdir()
    weekly.books.documents = weekly.desk.rt.documents
    with weekly.desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[0]
        makes(weekly.desk, session, own, "pdf", b"%PDF-1.7 laporan")
        submissions.change(session, own.id, state=State.APPROVED)
    return weekly


def leaving(web):
    return f"{one(web)}/pengiriman"


def sent(web):
    with web.desk.rt.sessions() as session:
        return sendings.of(session, row(web).id)


RECORDED = {"act": "record", "form": "pdf", "number": "200/12", "on": "2024-02-06", "agenda": "", "by": "Sekretaris"}


def brings_proof(web, office, **changes):
    files = {"files": ("bukti.png", PNG, "image/png")}
    return web.client.post(
        leaving(web), data=RECORDED | {"word": office.word} | changes, files=files, headers={"Origin": URL}
    )


def test_it_is_mailed_by_a_button_and_the_page_says_who_took_it(ready):
    secretariat = signs_in(ready, SECRETARIAT)
    page = secretariat.get(one(ready)).text
    assert UNIT in page
    assert 'Ketua Bawaslu (tembusan): <span class="dim">tanpa alamat surel</span>' in page
    assert "Arsip" not in page

    answer = secretariat.post(leaving(ready), act="mail", **{"form.pdf": "ya"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{one(ready)}?selesai=mail")
    assert "Surel: menunggu giliran kirim" in secretariat.get(one(ready)).text
    ready.desk.turn()

    page = secretariat.get(one(ready)).text
    assert "Surel: diterima server surel penerima" in page
    assert f"<strong>{UNIT}</strong><br>" in page
    assert "<strong>Ketua KPU</strong> (tembusan)" in page
    assert "<strong>Sudah dikirim</strong>" in page
    assert row(ready).state is State.SENT
    assert "Diminta dikirim melalui surel" in page


def test_before_it_leaves_the_page_says_that_a_problem_was_restricted_and_offers_to_gather_it_again(ready):
    names_what_was_restricted_since(ready.desk)
    secretariat = signs_in(ready, SECRETARIAT)
    page = secretariat.get(one(ready)).text

    assert "dijadikan terbatas setelah datanya dibekukan" in page
    assert "Kirim sekarang" not in page
    assert secretariat.post(leaving(ready), act="mail", **{"form.pdf": "ya"}).status_code == 422
    assert secretariat.post(leaving(ready), act="gather", reason=" ").status_code == 422
    answer = secretariat.post(leaving(ready), act="gather", reason="Menyangkut pejabat <i>")
    assert answer.status_code == 303
    new = secretariat.get(answer.headers["location"]).text
    assert "disusun ulang sebagai draf" in new
    assert "Disusun ulang, oleh Sekretariat Desk" in new
    assert "Menyangkut pejabat &lt;i&gt;" in new
    assert "Mintakan persetujuan" in new
    assert "Dibatalkan, tidak pernah dikirim" in secretariat.get(one(ready)).text


def test_who_may_not_read_the_restricted_problem_gets_neither_the_old_files_nor_what_they_say(ready):
    names_what_was_restricted_since(ready.desk)
    with ready.desk.rt.sessions() as session:
        name = submissions.all_of(session)[0].name

    for office, status in ((SECRETARIAT, 403), (CHAIR, 200)):
        reader = signs_in(ready, office)
        assert reader.get(f"{one(ready)}/pdf").status_code == status
        page = reader.get(one(ready)).text
        assert (f"{name}-v1.pdf" in page) is (status == 200)
        assert ("<h2>Isi laporan</h2>" in page) is (status == 200)


def test_after_it_left_the_page_says_so_and_leads_to_a_correction(ready):
    secretariat = signs_in(ready, SECRETARIAT)
    secretariat.post(leaving(ready), **RECORDED)
    names_what_was_restricted_since(ready.desk)

    page = secretariat.get(one(ready)).text
    assert "tidak dikirim lagi kepada siapa pun" in page
    assert "Buat ralat" in page
    assert "Susun ulang" not in page


def test_a_correction_begun_by_mistake_is_dropped_on_the_page_and_its_history_stays(ready):
    secretariat = signs_in(ready, SECRETARIAT)
    secretariat.post(leaving(ready), **RECORDED)
    new = secretariat.post(leaving(ready), act="correct", reason="Keliru").headers["location"].partition("?")[0]
    assert "Batalkan ralat ini" in secretariat.get(new).text

    answer = secretariat.post(f"{new}/pengiriman", act="drop", reason="Tertekan tidak sengaja")

    assert answer.headers["location"] == f"{one(ready)}?selesai=drop"
    assert "Ini bukan versi terakhir" not in secretariat.get(one(ready)).text
    dropped = secretariat.get(new).text
    assert "Dibatalkan, oleh Sekretariat Desk" in dropped
    assert "Tertekan tidak sengaja" in dropped
    assert "Mintakan persetujuan" not in dropped
    assert f'{one(ready)}"' in secretariat.get(PAGE).text


def test_handed_out_it_is_not_sent_back_any_more_and_can_be_corrected(ready):
    signs_in(ready, SECRETARIAT).post(leaving(ready), act="hand_out", form="pdf")

    page = signs_in(ready, CHAIR).get(one(ready)).text
    assert "Sudah diserahkan untuk dikirim, belum dicatat" in page
    assert "Kembalikan dengan alasan" not in page
    answer = signs_in(ready, CHAIR).post(one(ready), act="send_back", reason="Keliru")
    assert (answer.status_code, row(ready).state) == (422, State.HANDED_OUT)
    secretariat = signs_in(ready, SECRETARIAT).get(one(ready)).text
    assert "Buat ralat" in secretariat
    assert "Catat pengiriman" in secretariat


def test_handed_out_it_is_fetched_and_then_recorded_with_its_proof(ready):
    secretariat = signs_in(ready, SECRETARIAT)

    fetched = secretariat.post(leaving(ready), act="hand_out", form="pdf")
    assert fetched.headers["location"] == f"{one(ready)}/pdf"
    assert secretariat.get(f"{one(ready)}/pdf").content == b"%PDF-1.7 laporan"
    answer = brings_proof(ready, secretariat, agenda="AG-7")

    assert answer.status_code == 303
    page = secretariat.get(one(ready)).text
    assert "Nomor 200/12. Tanggal 6 Februari 2024. Agenda penerima AG-7. Diserahkan oleh Sekretaris." in page
    assert row(ready).state is State.RECEIVED
    (own,) = sent(ready)
    proof = secretariat.get(f"{one(ready)}/bukti/{own.id}")
    assert proof.content.startswith(b"\xff\xd8")
    with ready.desk.rt.sessions() as session:
        assert [own.step for own in submissions.events(session, row(ready).id)] == [
            Step.HANDED_OUT,
            Step.SENT,
            Step.RECEIVED,
        ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"on": "2024-02-31"}, "Mohon tanggalnya"),
        ({"on": ""}, "Mohon diisi tanggal suratnya"),
        ({"on": "2024-02-09"}, "Tanggalnya belum tiba"),
        ({"number": "x" * 121}, "Isian terlalu panjang"),
        ({"form": "docx"}, "Pilih paling sedikit satu berkas"),
    ],
    ids=["no such day", "no day", "tomorrow", "too long", "no such document"],
)
def test_what_cannot_be_recorded_is_told_and_nothing_typed_is_lost(ready, typed, told):
    secretariat = signs_in(ready, SECRETARIAT)

    answer = secretariat.post(leaving(ready), **RECORDED | {"by": "Rina <b>"} | typed)

    assert answer.status_code == 422
    assert told in answer.text
    assert "Rina &lt;b&gt;" in answer.text
    assert sent(ready) == []
    assert row(ready).state is State.APPROVED


def test_without_an_address_only_the_other_way_is_offered(ready):
    with ready.desk.rt.sessions.begin() as session:
        for office in offices.all_of(session, ready.desk.programme.desk.code):
            if office.code.startswith("luar-"):
                for contact in offices.current(session, [office.id]).get(office.id, []):
                    contact.state = offices.Contact.State.DEAD
    secretariat = signs_in(ready, SECRETARIAT)

    assert "Kirim sekarang" not in secretariat.get(one(ready)).text
    answer = secretariat.post(leaving(ready), act="mail", **{"form.pdf": "ya"})

    assert answer.status_code == 422
    assert f"Alamat surel {UNIT} tidak ada pada berkas desk" in answer.text


def test_what_came_later_is_listed_and_corrected_in_the_open(ready):
    secretariat = signs_in(ready, SECRETARIAT)
    assert "Buat ralat" not in secretariat.get(one(ready)).text
    secretariat.post(leaving(ready), **RECORDED)
    page = secretariat.get(one(ready)).text
    assert "Yang masuk sesudah laporan ini disusun" in page

    assert secretariat.post(leaving(ready), act="correct", reason=" ").status_code == 422
    answer = secretariat.post(leaving(ready), act="correct", reason="Angka keliru <i>")

    assert answer.status_code == 303
    new = secretariat.get(answer.headers["location"]).text
    assert "Ralat ke-1" in new
    assert "Angka keliru &lt;i&gt;" in new
    assert "Ralat sudah disusun sebagai draf." in new
    assert "Ini bukan versi terakhir." in secretariat.get(one(ready)).text


def test_an_agenda_number_that_is_told_later_is_noted_where_the_mail_stands(ready):
    secretariat = signs_in(ready, SECRETARIAT)
    secretariat.post(leaving(ready), act="mail", **{"form.pdf": "ya"})
    ready.desk.turn()
    assert secretariat.get(one(ready)).text.count("Catat nomor agenda atau bukti") == 1

    answer = brings_proof(ready, secretariat, sending=str(sent(ready)[0].id), agenda="AG-9")

    assert answer.status_code == 303
    assert "Agenda penerima AG-9." in secretariat.get(one(ready)).text
    assert row(ready).state is State.RECEIVED
    other = secretariat.post(leaving(ready), **RECORDED | {"sending": "999"})
    assert other.status_code == 400


@pytest.mark.parametrize("act", ["mail", "hand_out", "record", "correct", "gather", "drop"])
def test_the_chair_reads_it_and_sends_nothing(ready, act):
    chair = signs_in(ready, CHAIR)

    assert chair.get(one(ready)).status_code == 200
    assert chair.post(leaving(ready), **RECORDED | {"act": act, "form.pdf": "ya", "reason": "x"}).status_code == 403
    assert sent(ready) == []


def test_nobody_else_fetches_a_proof(ready):
    brings_proof(ready, signs_in(ready, SECRETARIAT))
    (own,) = sent(ready)

    stranger = signs_in(ready, "Camat Tamban")
    assert stranger.get(f"{one(ready)}/bukti/{own.id}").status_code == 403
    assert not re.search(PAGE, stranger.get("/beranda").text)


def test_the_annex_of_restricted_problems_is_for_those_alone_who_may_read_all_of_it(web, tmp_path):
    desk = web.desk
    desk.owes_only(KEY)
    desk.clock.reads("2024-02-01 09:00")
    code = desk.has_a_problem("Perahu disembunyikan", by="Camat Tamban", restricted=True)
    desk.clock.reads("2024-02-06 18:10")
    desk.rt.documents = web.books.documents = tmp_path / "laporan"
    desk.rt.documents.mkdir()
    with desk.rt.sessions.begin() as session:
        own = submissions.all_of(session)[0]
        for form in ("pdf", "terbatas"):
            makes(desk, session, own, form, f"%PDF-1.7 {form}".encode())
        submissions.change(session, own.id, state=State.APPROVED)

    secretariat = signs_in(web, SECRETARIAT)
    page = secretariat.get(one(web)).text
    assert secretariat.get(f"{one(web)}/terbatas").status_code == 403
    assert secretariat.post(leaving(web), act="hand_out", form="terbatas").status_code == 403
    assert "lampiran terbatas (Rahasia)" in page
    assert "ikut dikirim sebagai berkas tersendiri kepada yang dituju saja" in page
    assert f'{one(web)}/terbatas"' not in page
    assert "Perahu" not in page
    secretary = signs_in(web, SECRETARY)
    assert f'{one(web)}/terbatas"' in secretary.get(one(web)).text
    assert secretary.get(f"{one(web)}/terbatas").content == b"%PDF-1.7 terbatas"
    with desk.rt.sessions() as session:
        assert [read.title for read in changes.readings(session, desk.matter(code).id)] == [SECRETARY]
