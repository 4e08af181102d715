"""Lapor kejadian: whoever sees something reports it at once, though nothing is owed, and sees what becomes of it."""

import re

import pytest

from config import loader
from jobs.operator import amend
from models.matters import issues
from models.matters.issues import Issue
from models.matters.matters import Kind, Matter
from rules.desk import Channel
from tests.web.conftest import URL
from tests.web.test_coordinator import comes_in, place
from tests.web.test_photos import photo

TAMBAN, MEKARSARI = "63.04.02", "63.04.13"
FLOOD = {
    "once": "a1b2",
    "title": "Air pasang masuk TPS",
    "category": "polling_place",
    "severity": "high",
    "district": TAMBAN,
    "village": "63.04.02.2011",
    "station": "TPS 3",
    "affected": "1.200",
    "at": "2024-02-13T01:40",
    "detail": "Air setinggi lutut sejak pukul 01.00.",
}


@pytest.fixture
def night(web):
    """Nothing is owed; it is ten past two in the night before voting day."""
    web.desk.owes_only()
    web.desk.clock.reads("H-1 02:10")
    return web


def problems(web):
    with web.desk.rt.sessions() as session:
        return list(session.query(Matter).where(Matter.kind == Kind.ISSUE).order_by(Matter.id))


def issue(web, code):
    with web.desk.rt.sessions() as session:
        return session.get(Issue, web.desk.matter(code).id)


def reports(web, office="Camat Tamban", token="", **more):
    token = token or web.given(office)
    return web.post(f"/l/{token}/kejadian", FLOOD | more)


def test_the_button_stands_on_the_list_though_nothing_is_owed(night):
    token = night.given("Camat Tamban")

    assert f'href="/l/{token}/kejadian"' in night.get(f"/l/{token}").text
    assert "Desa Koanda" in night.get(f"/l/{token}/kejadian").text


def test_a_grave_incident_at_night_is_a_problem_with_all_that_was_said_and_is_told_within_a_minute(night):
    page = reports(night)

    (matter,) = problems(night)
    assert page.status_code == 303
    assert page.headers["location"].endswith(f"/kejadian/{matter.code}")
    own = issue(night, matter.code)
    assert (own.title, own.severity, own.village, own.station, own.affected, own.restricted) == (
        "Air pasang masuk TPS",
        "high",
        "63.04.02.2011",
        "TPS 3",
        1200,
        False,
    )
    assert own.observed_at == night.desk.moment("H-1 01:40")
    night.desk.clock.reads("H-1 02:11")
    assert night.desk.heard("Asisten Pemerintahan") == ["sms 02:10"]


def test_a_double_tap_opens_one_problem_and_both_get_the_same_receipt(night):
    token = night.given("Camat Tamban")

    first, second = reports(night, token=token), reports(night, token=token)

    assert first.headers["location"] == second.headers["location"]
    assert len(problems(night)) == 1


def test_going_back_and_changing_a_word_or_another_page_opens_another_problem(night):
    reports(night)

    reports(night, detail="Sekarang setinggi dada.")
    reports(night, once="c3d4")

    assert len(problems(night)) == 3


def test_the_receipt_gives_the_number_and_the_list_shows_what_becomes_of_it(night):
    token = night.given("Camat Tamban")
    answer = reports(night, token=token)
    (matter,) = problems(night)

    receipt = night.get(answer.headers["location"])
    assert f'<p class="no">{matter.code}</p>' in receipt.text
    assert "Desa Koanda, Kecamatan Tamban" in receipt.text
    assert "Air pasang" not in receipt.text

    night.desk.clock.reads("H-1 02:20")
    night.desk.acknowledges(matter.code, "H-1 06:00")
    assert "Ditindaklanjuti Selasa 13/2, 02.20 WITA oleh" in night.get(f"/l/{token}").text
    night.desk.resolves(matter.code, "Air surut")
    listed = night.get(f"/l/{token}").text
    assert matter.code in listed
    assert "Selesai. Selesai" not in listed
    assert "Selesai Selasa 13/2, 02.20 WITA oleh" in listed
    assert "Air surut" in night.get(f"/l/{token}/kejadian/{matter.code}").text

    night.desk.clock.jumps("H+30 09:00")
    token = night.given("Camat Tamban")
    assert matter.code not in night.get(f"/l/{token}").text
    assert night.get(f"/l/{token}/kejadian/{matter.code}").status_code == 200


def test_whoever_lost_the_answer_on_the_way_sees_at_once_that_it_came(night):
    reports(night)
    (matter,) = problems(night)
    token, other = night.given("Camat Tamban"), night.given("Camat Mekarsari")
    came = f'Sudah kami catat: <a href="/l/{{}}/kejadian/{matter.code}">{matter.code}</a>'

    for path in ("", "/kejadian"):
        assert came.format(token) in night.get(f"/l/{token}{path}").text
        assert "Sudah kami catat" not in night.get(f"/l/{other}{path}").text
    assert "tidak perlu dikirim lagi" in night.get(f"/l/{token}/kejadian").text

    night.desk.clock.reads("H-1 04:11")
    token = night.given("Camat Tamban")
    assert "Sudah kami catat" not in night.get(f"/l/{token}").text


def test_his_team_sees_it_too_and_another_team_does_not(night):
    reports(night)
    (matter,) = problems(night)

    for office, status in (("Kadis Kominfo", 200), ("Camat Mekarsari", 200), ("Camat Tabunganen", 404)):
        token = night.given(office)
        assert night.get(f"/l/{token}/kejadian/{matter.code}").status_code == status, office
        assert (matter.code in night.get(f"/l/{token}").text) is (status == 200), office


def test_a_restricted_one_is_seen_by_its_reporter_alone_and_says_nothing(night):
    reports(night, restricted="1")
    (matter,) = problems(night)

    assert issue(night, matter.code).restricted
    own = night.get(f"/l/{night.given('Camat Tamban')}/kejadian/{matter.code}").text
    assert "terbatas" in own
    assert "Koanda" not in own
    assert night.get(f"/l/{night.given('Kadis Kominfo')}/kejadian/{matter.code}").status_code == 404
    assert matter.code not in night.get(f"/l/{night.given('Kadis Kominfo')}").text


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"title": " "}, "title", "Mohon diisi."),
        ({"title": "x" * 121}, "title", "Terlalu panjang"),
        ({"category": "votes"}, "category", "Mohon dipilih salah satu."),
        ({"severity": ""}, "severity", "Mohon dipilih salah satu."),
        ({"district": "63.04.01"}, "district", "Mohon dipilih salah satu."),
        ({"village": "63.04.13.2001"}, "village", "tidak ada di wilayah tersebut"),
        ({"affected": "1,5"}, "affected", "koma"),
        ({"at": "2024-02-13T02:11"}, "at", "tidak dapat berada di depan"),
        ({"at": "13/02/24"}, "at", "dua hal"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(night, wrong, field, words):
    page = reports(night, **wrong)

    assert page.status_code == 422
    assert words in re.search(f'id="e-{field}">([^<]*)<', page.text)[1]
    kept = {name: text for name, text in FLOOD.items() if name not in (*wrong, "affected")}
    assert all(text in page.text for name, text in kept.items()), page.text
    assert problems(night) == []


def test_for_another_district_of_the_team_it_is_asked_once_more(night):
    elsewhere = {"district": MEKARSARI, "village": "63.04.13.2001"}
    page = reports(night, **elsewhere)

    assert page.status_code == 422
    assert "pelapor: Camat Mekarsari" in page.text
    assert problems(night) == []

    assert reports(night, **elsewhere, untuk=MEKARSARI).status_code == 303
    assert [matter.area for matter in problems(night)] == [MEKARSARI]


def sends(web, *files):
    """The form as a browser sends it, with files."""
    named = [("files", ("a.jpg", data, "image/jpeg")) for data in files]
    path = f"/l/{web.given('Camat Tamban')}/kejadian"
    return web.client.post(path, data=FLOOD, files=named, headers={"Origin": URL})


def test_photos_come_along_and_whoever_reads_the_problem_may_save_them(night):
    page = sends(night, photo(), photo(colour="red"))

    (matter,) = problems(night)
    assert page.status_code == 303
    with night.desk.rt.sessions() as session:
        (opened,) = issues.events(session, matter.id)
    comes_in(night, "Asisten Pemerintahan")
    assert night.get(f"{place(night, matter.code)}/{opened.id}/2").headers["content-type"] == "image/jpeg"


def test_a_file_that_is_no_photo_is_refused_by_its_content(night):
    page = sends(night, b"MZ...")

    assert page.status_code == 422
    assert "bukan foto" in page.text
    assert problems(night) == []


def test_what_was_typed_when_the_link_had_run_out_is_shown_again_by_the_next(night):
    token = night.given("Camat Tamban")
    night.desk.clock.jumps("H+60 09:00")

    assert reports(night, token=token).status_code == 404
    token = night.given("Camat Tamban")

    assert f'href="/l/{token}/kejadian"' in night.get(f"/l/{token}").text
    assert "Air setinggi lutut" in night.get(f"/l/{token}/kejadian").text
    assert problems(night) == []


def test_after_signing_in_one_button_leads_to_the_form(night):
    comes_in(night, "Camat Tamban")
    page = night.get("/beranda").text

    word = re.search(r'name="word" value="([0-9a-f]+)"', page)[1]
    assert "Lapor kejadian" in page
    answer = night.post("/beranda/laporan", {"word": word, "code": "kejadian"})
    assert re.fullmatch(r"/l/\w{16}/kejadian", answer.headers["location"])


def test_no_text_carries_what_was_reported(night):
    reports(night)

    night.desk.clock.reads("H-1 06:00")

    texts = [sent.text for sent in night.desk.wire.accepted if sent.letter.channel is Channel.SMS]
    assert texts
    assert not any("lutut" in text or "pasang" in text for text in texts)


def test_an_election_that_sorts_by_other_categories_offers_those_and_takes_no_others(night):
    eight = ("money_politics", "identity_politics", "logistics")
    desk = night.desk
    text = desk.documents[0].text.replace("\nstarts:", f"\ncategories: [{', '.join(eight)}]\nstarts:", 1)
    amend.amend(desk.rt, [loader.parse(text, "pemilihan.yaml")])
    token = night.given("Camat Tamban")

    page = night.get(f"/l/{token}/kejadian").text

    assert "Politisasi SARA" in page
    assert "Kampanye" not in page
    assert reports(night, category="campaign").status_code == 422
    assert reports(night, category="money_politics").status_code == 303
    assert "Politik uang" in night.get(f"/l/{token}").text
