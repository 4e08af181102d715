"""The desk's reports to the Government: secretariat, secretary and chair read, edit, approve and fetch them there."""

import re

import pytest

from jobs.operator import problems, restricting
from jobs.turn import compile
from models.matters import submissions
from rules.submissions import State
from services import packages
from services.government import approving
from tests.stories.test_approval import CHAIR, KEY, SECRETARIAT, SECRETARY
from tests.web.signing import signs_in

PAGE = "/laporan-pemerintah"


@pytest.fixture
def weekly(web, tmp_path):
    """The first weekly report is compiled, and its draft made."""
    web.desk.owes_only(KEY)
    web.desk.clock.reads("2024-02-06 18:10")
    web.desk.rt.documents = tmp_path / "laporan"
    return web


def row(web):
    with web.desk.rt.sessions() as session:
        return submissions.all_of(session)[0]


def one(web):
    return f"{PAGE}/{row(web).id}"


def makes(web):
    compile.make_documents(web.desk.rt, limit=9)


def edits(web):
    with web.desk.rt.sessions() as session:
        return submissions.edits(session, row(web).id)


def approved(web):
    """Everybody has approved it."""
    signs_in(web, SECRETARIAT).post(one(web), act="hand_in")
    for office in (SECRETARY, CHAIR):
        signs_in(web, office).post(one(web), act="approve", edition=str(row(web).edition))


def test_secretariat_secretary_and_chair_find_it_in_the_menu_with_its_state_and_due_time(weekly):
    for office in (SECRETARIAT, SECRETARY, CHAIR):
        page = signs_in(weekly, office).get(PAGE).text

        assert f'href="{PAGE}"' in page
        assert "Draf." in page
        assert "Batas waktu Rabu, 7 Februari 2024 pukul 10.00 WITA." in page
        assert "29 Januari s.d. 4 Februari 2024" in page


@pytest.mark.parametrize("office", ["Camat Tamban", "Asisten Pemerintahan"])
def test_nobody_else_reads_it(weekly, office):
    reader = signs_in(weekly, office)

    for path in (PAGE, one(weekly), f"{one(weekly)}/pdf", f"{PAGE}/999"):
        assert reader.get(path).status_code == 403
    assert reader.post(one(weekly), act="hand_in").status_code == 403
    assert PAGE not in reader.get("/beranda").text


def test_a_number_that_no_report_can_have_is_refused_like_any_other(weekly):
    reader, large = signs_in(weekly, SECRETARIAT), "9" * 30

    for path in (f"{PAGE}/{large}", f"{PAGE}/{large}/pdf", f"{PAGE}/{large}/paket.zip"):
        assert reader.get(path).status_code == 403
    assert reader.get(f"{one(weekly)}/bukti/{large}").status_code == 404


def test_it_is_handed_in_approved_twice_and_fetched(weekly):
    secretariat = signs_in(weekly, SECRETARIAT)
    assert secretariat.post(one(weekly), act="hand_in").status_code == 303
    assert "Menunggu persetujuan</strong>: Kepala Kesbangpol" in secretariat.get(one(weekly)).text
    secretary = signs_in(weekly, SECRETARY)
    assert "1 laporan menunggu persetujuan Bapak/Ibu" in secretary.get(PAGE).text
    assert secretary.post(one(weekly), act="approve", edition=str(row(weekly).edition)).status_code == 303
    assert "menunggu persetujuan Bapak/Ibu" not in secretary.get(PAGE).text
    chair = signs_in(weekly, CHAIR)
    assert chair.post(one(weekly), act="approve", edition=str(row(weekly).edition)).status_code == 303
    makes(weekly)

    page = chair.get(one(weekly)).text
    assert row(weekly).state is State.APPROVED
    assert "Disetujui, belum dikirim" in page
    assert "Disetujui Sekretaris Daerah, Selasa, 6 Februari 2024 pukul 18.10 WITA." in page
    pdf = chair.get(f"{one(weekly)}/pdf")
    assert pdf.content.startswith(b"%PDF")
    assert "laporan-gubernur-2024-W06.pdf" in pdf.headers["Content-Disposition"]
    assert pdf.headers["X-Content-Type-Options"] == "nosniff"


def test_a_draft_is_fetched_as_a_draft(weekly):
    makes(weekly)

    answer = signs_in(weekly, SECRETARIAT).get(f"{one(weekly)}/pdf")

    assert "laporan-gubernur-2024-W06-draf-1.pdf" in answer.headers["Content-Disposition"]


def test_a_document_that_was_changed_on_the_disk_is_not_handed_out(weekly, tmp_path):
    makes(weekly)
    (file,) = (tmp_path / "laporan").glob("*.pdf")
    file.write_bytes(file.read_bytes() + b" ")

    assert signs_in(weekly, SECRETARIAT).get(f"{one(weekly)}/pdf").status_code == 503


def test_a_document_that_is_not_made_yet_is_said_to_be_in_the_making(weekly):
    page = signs_in(weekly, SECRETARIAT)

    assert "sedang dibuat" in page.get(one(weekly)).text
    assert page.get(f"{one(weekly)}/pdf").status_code == 404
    assert page.get(f"{one(weekly)}/exe").status_code == 404


def test_figures_stand_in_ten_lines_and_cannot_be_typed(weekly):
    page = signs_in(weekly, SECRETARIAT).get(one(weekly)).text

    figures = page.split('id="figures"')[1].split("</section>")[0]
    assert figures.count("<li>") == 10
    known = {"word", "edition", "act", "chapter", "seen", "text", "reason"}
    assert set(re.findall(r'name="?(\w+)', page.split("<h1")[1])) <= known


def test_words_are_kept_with_who_and_when_and_stand_in_the_document(weekly):
    secretariat = signs_in(weekly, SECRETARIAT)

    answer = secretariat.post(
        one(weekly), act="edit", chapter="condition", text="Sungai surut.\r\n\r\nJalan <b>baik</b>.", seen=""
    )

    assert answer.status_code == 303
    page = secretariat.get(one(weekly)).text
    assert "Jalan &lt;b&gt;baik&lt;/b&gt;." in page
    assert "Uraian diubah: " in page
    (kept,) = edits(weekly)
    assert (kept.chapter, kept.after) == ("condition", "Sungai surut.\n\nJalan <b>baik</b>.")
    assert kept.through is not None
    with weekly.desk.rt.sessions() as session:
        assert "Sungai surut." in approving.beside(session, row(weekly))


def test_what_somebody_else_wrote_meanwhile_is_shown_and_what_was_typed_is_still_there(weekly):
    secretariat = signs_in(weekly, SECRETARIAT)
    secretariat.post(one(weekly), act="edit", chapter="condition", text="Sungai surut.", seen="")

    answer = secretariat.post(one(weekly), act="edit", chapter="condition", text="Sungai pasang.", seen="")

    assert answer.status_code == 409
    assert "Uraian yang sekarang: Sungai surut." in answer.text
    assert "\nSungai pasang.</textarea>" in answer.text
    assert [own.after for own in edits(weekly)] == ["Sungai surut."]


def test_too_many_words_are_refused_and_not_lost(weekly):
    text = "a" * 4001
    answer = signs_in(weekly, SECRETARIAT).post(one(weekly), act="edit", chapter="condition", text=text, seen="")

    assert answer.status_code == 413
    assert text in answer.text
    assert edits(weekly) == []


def test_an_approver_who_read_other_words_is_shown_the_difference(weekly):
    signs_in(weekly, SECRETARIAT).post(one(weekly), act="hand_in")
    secretary = signs_in(weekly, SECRETARY)
    read = str(row(weekly).edition)
    secretary.post(one(weekly), act="edit", chapter="condition", text="Sungai surut.", seen="")

    answer = secretary.post(one(weekly), act="approve", edition=read)

    assert answer.status_code == 409
    alert = answer.text.split('role="alert"')[1].split("</section>")[0]
    assert "Semula: (kosong)" in alert
    assert "Menjadi: Sungai surut." in alert
    assert row(weekly).state is State.FOR_APPROVAL


def test_it_is_sent_back_with_a_reason_that_is_not_lost_and_read_there(weekly):
    signs_in(weekly, SECRETARIAT).post(one(weekly), act="hand_in")
    secretary = signs_in(weekly, SECRETARY)
    assert secretary.post(one(weekly), act="send_back", reason=" ").status_code == 422

    assert secretary.post(one(weekly), act="send_back", reason="Tambahkan kendala sungai.").status_code == 303

    page = signs_in(weekly, SECRETARIAT).get(one(weekly)).text
    assert "Dikembalikan, oleh Kepala Kesbangpol, sesi" in page
    assert "Tambahkan kendala sungai." in page
    assert row(weekly).state is State.DRAFT


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"act": "explode"}, id="an act that there is not"),
        pytest.param({"act": "edit", "chapter": "x' OR 1=1", "text": "a"}, id="a chapter that there is not"),
    ],
)
def test_a_form_of_nobodys_changes_nothing(weekly, fields):
    assert signs_in(weekly, SECRETARIAT).post(one(weekly), **fields).status_code == 400
    assert edits(weekly) == []


@pytest.mark.parametrize("edition", ["", "x", "-1", "99999999999999999999", "٣"])
def test_an_approval_of_words_that_there_are_not_is_refused(weekly, edition):
    signs_in(weekly, SECRETARIAT).post(one(weekly), act="hand_in")

    answer = signs_in(weekly, SECRETARY).post(one(weekly), act="approve", edition=edition)

    assert answer.status_code == 409
    assert row(weekly).state is State.FOR_APPROVAL


def test_a_later_version_says_what_differs_and_the_first_that_it_is_not_the_last(weekly):
    secretariat = signs_in(weekly, SECRETARIAT)
    with weekly.desk.rt.sessions.begin() as session:
        first = submissions.all_of(session)[0]
        facts = first.facts.replace('"restricted":0', '"restricted":3')
        kept = {"facts": facts, "facts_digest": "x" * 64, "cut_off_at": first.cut_off_at, "name": "later"}
        kept |= {"correction": 1}
        session.add(
            submissions.Submission(obligation_id=first.obligation_id, frozen_at=first.frozen_at, version=2, **kept)
        )

    before, later = secretariat.get(one(weekly)).text, secretariat.get(f"{PAGE}/{row(weekly).id + 1}").text

    assert "Ini bukan versi terakhir." in before
    assert "Mintakan persetujuan" not in before
    assert '<strong>Permasalahan, terbatas</strong><br><span class="t">Semula: 0</span>' in later
    assert "Ralat ke-1" in later
    assert secretariat.post(one(weekly), act="hand_in").status_code == 409


def test_what_has_left_is_fetched_as_a_package_for_the_desk_above(weekly):
    approved(weekly)
    makes(weekly)
    keeper = signs_in(weekly, SECRETARIAT)
    before = keeper.get(f"{one(weekly)}/paket.zip")
    assert (before.status_code, "paket.zip" in keeper.get(one(weekly)).text) == (409, False)
    with weekly.desk.rt.sessions.begin() as session:
        submissions.change(session, row(weekly).id, state=State.SENT)

    answer = keeper.get(f"{one(weekly)}/paket.zip")

    package = packages.opened(answer.content)
    assert "paket.zip" in keeper.get(one(weekly)).text
    assert answer.headers["Content-Disposition"].endswith('-2024-W06-v1.zip"')
    assert (package.facts, package.approved) == (row(weekly).facts, row(weekly).approved)
    assert {document.form for document in package.manifest.documents} >= {"pdf", "docx"}


def test_the_history_begins_with_what_was_done_last(weekly):
    approved(weekly)

    history = signs_in(weekly, SECRETARIAT).get(one(weekly)).text.split("<h2>Riwayat</h2>")[1]

    assert re.findall(r": ([^:]+?), oleh", history) == ["Disetujui", "Disetujui, diteruskan", "Dimintakan persetujuan"]


@pytest.fixture
def special(web):
    """Two days before voting the secretariat asks for a special report about a problem, and it is compiled."""
    web.desk.owes_only()
    web.desk.clock.reads("H-2 14:00")
    problem = web.desk.has_a_problem("Perahu logistik tenggelam")
    problems.special(web.desk.rt, problem, by="sekretariat-desk", text="Dua belas TPS terdampak")
    web.desk.turn()
    return web, problem


def test_who_approves_a_special_report_reads_which_problem_and_why_it_was_asked_for(special):
    web, problem = special
    signs_in(web, SECRETARIAT).post(one(web), act="hand_in")
    web.desk.clock.reads("H-2 14:10")

    page = signs_in(web, SECRETARY).get(one(web)).text
    asked = next(sent.text for sent in web.desk.wire.accepted if "Ringkasan laporan" in sent.text)

    for text in (page, asked):
        assert "Dua belas TPS terdampak" in text
        assert f"{problem}: Perahu logistik tenggelam" in text
        assert "Laporan yang wajib" not in text
    assert "Diminta Sekretariat Desk" in page
    assert f"{problem}</a>" in signs_in(web, SECRETARY).get(PAGE).text


def test_why_it_was_asked_for_is_told_no_more_once_the_problem_is_confided(special):
    web, problem = special
    signs_in(web, SECRETARIAT).post(one(web), act="hand_in")
    restricting.restrict(web.desk.rt, problem, True, by="kepala-kesbangpol", text="Menyangkut pejabat")
    web.desk.clock.reads("H-2 14:10")

    page = signs_in(web, SECRETARIAT).get(one(web)).text
    assert "Dua belas TPS" not in page
    assert "Perahu" not in page
    asked = [sent.text for sent in web.desk.wire.accepted if "menunggu persetujuan" in sent.text]
    assert asked
    assert not any("Dua belas TPS" in text or "Perahu" in text for text in asked)


def test_reports_of_one_day_are_told_apart_by_their_hour(weekly):
    assert "Keadaan sampai Selasa, 6 Februari 2024 pukul 18.00 WITA." in signs_in(weekly, SECRETARIAT).get(PAGE).text
