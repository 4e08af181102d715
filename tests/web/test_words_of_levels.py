"""A province's desk reads of kabupaten/kota on every page, and of kecamatan nowhere; a centre's of provinsi."""

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from config import loader
from rules import levels
from tests.stories.desk import ELECTION, Desk
from tests.web.conftest import URL
from tests.web.signing import signs_in

ROOT = Path(__file__).parents[2]
LEVELS = {"contoh-kalimantan-selatan": ("provinsi", "63.05"), "contoh-pusat": ("pusat", "63")}
PAGES = (
    *("/beranda", "/pimpinan", "/sekretariat", "/sekretariat/tugas", "/sekretariat/catat", "/sekretariat/unggah"),
    *("/sekretariat/kerawanan", "/sekretariat/paket", "/sekretariat/piket", "/sekretariat/kontak", "/sekretariat/grup"),
    *(
        "/koordinasi",
        "/laporan-pemerintah",
        "/permohonan",
        "/papan",
        "/papan?layar=ya",
        "/permasalahan",
        "/cari?cari=gudang",
    ),
    *("/saran", "/saran/beri", "/kejadian", "/telepon", "/ke-depan", "/keadaan", "/rekap", "/jawaban/1", "/tamu"),
    "/perlakuan",
    *("/permasalahan/permasalahan.csv", "/rekap/1/rekap.csv", "/sekretariat/unggah/1/laporan.csv"),
    *("/sekretariat/kerawanan/1/tempat-rawan.csv", "/koordinasi/1/P-0001", "/keadaan/1/{area}"),
)
WRONG = re.compile(r".{0,30}(?:kecamatan|\bkec\.).{0,30}", re.IGNORECASE)
ITS_OWN = re.compile("laporan kecamatan", re.IGNORECASE)
"""What a province's form counts of a regency's report: there the word is meant."""
OFFICES = ("secretariat", "secretary", "chair")


@pytest.fixture(params=LEVELS)
def desk(sessions, request):
    """A desk above regencies, with a report that is owed and a problem."""
    policy, area = LEVELS[request.param]
    files = (ELECTION, ROOT / f"config/desks/{request.param}.yaml", ROOT / f"config/policies/{policy}.yaml")
    desk = Desk(sessions, files)
    desk.rt.public_url = URL
    desk.owes_only(f"pemilihan/{request.param}/mingguan/{area}/2024-W07")
    desk.clock.jumps("H+1 09:00")
    reporter = desk.programme.desk.team_of(area).reporters[area]
    desk.has_a_problem("Gudang bocor", district=area, by=desk.programme.desk.office(reporter).title)
    desk.area = area
    return desk


def shown(text):
    """What a reader sees or hears: no tags, but their labels."""
    labels = re.findall(r'(?:aria-label|title|placeholder)="([^"]*)"', text)
    return " ".join([re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL), *labels])


def test_no_page_of_a_desk_above_regencies_speaks_of_kecamatan(web, desk):
    wrong = []
    for place in OFFICES:
        own = desk.programme.desk
        reader = signs_in(web, own.office(getattr(own, place)).title)
        for path in PAGES:
            answer = reader.get(path.format(area=desk.area))
            assert answer.status_code in (200, 403), path
            wrong += [(place, path, found) for found in WRONG.findall(ITS_OWN.sub("", shown(answer.text)))]

    assert wrong == []


def test_the_paper_of_equal_treatment_speaks_of_its_level(web, desk):
    answer = signs_in(web, "Sekretariat Tim DESK Pemilu").get("/perlakuan/bukti.docx")

    told = ZipFile(BytesIO(answer.content)).read("word/document.xml").decode()
    assert f"SEMUA {levels.word(desk.programme.desk.level).upper()}" in told
    assert WRONG.findall(told) == []


def test_no_text_to_anybody_of_such_a_desk_speaks_of_kecamatan(desk):
    desk.clock.reads("H+2 20:00")

    texts = [sent.text for sent in desk.wire.accepted]
    assert texts
    assert [text for text in texts if re.search(r"(?i)kecamatan|\bkec\.", text)] == []


def test_the_form_of_a_reporter_speaks_of_its_own_level(web, desk):
    own = desk.programme.desk
    title = own.office(own.team_of(desk.area).reporters[desk.area]).title
    token = web.given(title)

    for path in (f"/l/{token}", f"/l/{token}/kejadian"):
        assert not re.search(r"(?i)kecamatan|\bkec\.", shown(web.get(path).text)), path


def test_the_level_gives_the_word():
    desk = loader.read(ROOT / "config/desks/contoh-pusat.yaml").value

    assert (desk.area_name("63"), desk.brief("63"), desk.brief("52")) == (
        "Provinsi Kalimantan Selatan",
        "Prov. Kalsel",
        "Prov. NTB",
    )
