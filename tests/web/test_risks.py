"""Places at risk: kept by the secretariat, read by those who oversee them, marked where a problem lies in one."""

import re

import pytest
from sqlalchemy import select

from models.desk.changes import Change
from models.matters import issues
from models.matters.risks import PlaceRisk
from reports import sheets as written
from rules import risks
from tests.web.conftest import URL
from tests.web.signing import signs_in
from tests.web.test_board import morning  # noqa: F401 - a fixture
from tests.web.test_guests import LINK, invites

PAGE = "/sekretariat/kerawanan"
KOANDA = "63.04.02.2011"
FORM = {
    "kecamatan": "63.04.02",
    "desa": "Desa Koanda",
    "tps": "3",
    "kerawanan": "blank-spot",
    "sumber": "Bawaslu",
    "tanggal": "2024-02-07",
}
ROWS = (
    ("Tamban", "Koanda", "3", "Blank spot; Rawan banjir", "", "Bawaslu", "2024-02-07"),
    ("", "63.04.13.2001", "", "Rawan konflik", "Dekat batas", "Rapat 7 Februari", "7 Februari 2024"),
)


@pytest.fixture
def keeper(morning):  # noqa: F811
    return signs_in(morning, "Sekretariat Desk")


def sends(keeper, *rows, write=written.csv_, headings=risks.COLUMNS, content=None):
    files = {"file": ("rawan.csv", content or write(headings, rows))}
    fields = {"data": {"word": keeper.word}, "headers": {"Origin": URL}}
    return keeper.web.client.post(f"{PAGE}/1", files=files, **fields)


def confirms(keeper, page, **changed):
    names = {name: re.search(f'name="{name}" value="([^"]+)"', page.text)[1] for name in ("upload", "digest")}
    return keeper.post(f"{PAGE}/1/simpan", **(names | changed))


def held(keeper):
    with keeper.web.desk.rt.sessions() as session:
        rows = session.scalars(select(PlaceRisk).where(PlaceRisk.ended_at.is_(None)).order_by(PlaceRisk.id))
        return [tuple(row.risk.key) for row in rows]


def made(keeper):
    with keeper.web.desk.rt.sessions() as session:
        return list(session.scalars(select(Change.what).where(Change.what.like("risk%")).order_by(Change.id)))


def text(page):
    return re.sub(r"\s+", " ", page.text)


@pytest.mark.parametrize("write", [written.xlsx, written.csv_])
def test_a_preview_changes_nothing_and_confirming_takes_all_of_it(keeper, write):
    page = sends(keeper, *ROWS, write=write)
    before = held(keeper)
    done = confirms(keeper, page)

    assert before == []
    assert done.status_code == 303
    assert held(keeper) == [(KOANDA, "3", "blank-spot"), (KOANDA, "3", "banjir"), ("63.04.13.2001", "", "konflik")]
    assert made(keeper) == ["risks noted"]


def test_the_same_table_again_changes_nothing(keeper):
    confirms(keeper, sends(keeper, *ROWS))

    page = sends(keeper, *ROWS)

    assert page.text.count("sudah ada, sama persis") == 2
    assert "Catat semuanya" not in page.text


@pytest.mark.parametrize("name", ["tempat-rawan.csv", "tempat-rawan.xlsx"])
def test_what_is_saved_as_a_table_can_be_sent_back(keeper, name):
    confirms(keeper, sends(keeper, *ROWS))

    page = sends(keeper, content=keeper.get(f"{PAGE}/1/{name}").content)

    assert page.text.count("sudah ada, sama persis") == 3
    assert "ditolak" not in page.text


def test_one_bad_row_is_named_with_its_remedy_and_nothing_is_taken(keeper):
    page = sends(keeper, ROWS[0], ("", "Antah", "", "Rawan banjir", "", "Bawaslu", "2024-02-07"))

    assert "Baris 3: <strong" in page.text
    assert "kolom Desa: desa ini tidak dikenal" in page.text
    assert "Catat semuanya" not in page.text
    assert confirms_anyway(keeper) == []


def confirms_anyway(keeper):
    keeper.post(f"{PAGE}/1/simpan", upload="1", digest="x")
    return held(keeper)


def test_a_table_without_its_columns_is_refused(keeper):
    page = sends(keeper, ("Koanda", "x"), headings=("Desa", "Bahaya"))

    assert page.status_code == 422
    assert "Ada kolom yang tidak ditemukan" in page.text


def test_a_source_of_another_day_takes_the_place_of_the_older_and_the_older_stays(keeper):
    confirms(keeper, sends(keeper, ROWS[1]))
    newer = (*ROWS[1][:5], "Rapat 10 Februari", "2024-02-10")

    page = sends(keeper, newer)
    confirms(keeper, page)

    assert "diperbarui" in page.text
    assert len(held(keeper)) == 1
    with keeper.web.desk.rt.sessions() as session:
        rows = session.scalars(select(PlaceRisk).order_by(PlaceRisk.id)).all()
    assert [row.source for row in rows] == ["Rapat 7 Februari", "Rapat 10 Februari"]
    assert rows[0].ended_at == keeper.web.desk.clock.at


def test_what_changed_since_the_preview_is_shown_again(keeper):
    page = sends(keeper, ROWS[1])
    confirms(keeper, sends(keeper, ROWS[1]))

    assert confirms(keeper, page).status_code == 409
    assert len(held(keeper)) == 1


def test_one_place_is_noted_by_a_form_and_ended(keeper):
    assert keeper.post(f"{PAGE}/1/catat", **FORM).status_code == 303
    assert keeper.post(f"{PAGE}/1/catat", **FORM).status_code == 303
    assert held(keeper) == [(KOANDA, "3", "blank-spot")]
    assert "TPS 3, Desa Koanda" in keeper.get(PAGE).text

    keeper.post(f"{PAGE}/1/catat", end="1")
    keeper.post(f"{PAGE}/1/catat", end="1")

    assert held(keeper) == []
    assert made(keeper) == ["risks noted", "risk ended"]


def test_what_was_typed_wrongly_is_still_there(keeper):
    page = keeper.post(f"{PAGE}/1/catat", **(FORM | {"desa": "Koandah", "keterangan": "Tanpa sinyal"}))

    assert page.status_code == 422
    assert "desa ini tidak dikenal" in page.text
    assert 'value="Tanpa sinyal"' in page.text
    assert 'value="Koandah"' in page.text


def test_the_page_counts_places_by_district_beside_source_and_day(keeper):
    confirms(keeper, sends(keeper, *ROWS))

    page = text(keeper.get(PAGE))

    assert "<strong>2 tempat rawan</strong> di 2 kecamatan" in page
    assert "Kecamatan Tamban: 1 tempat" in page
    assert "Blank spot: 1; Rawan banjir: 1." in page
    assert "Sumber: Bawaslu, 7 Februari 2024." in page


def test_a_risky_district_without_a_report_today_is_named(keeper):
    rows = ("", "Karya Baru", "", "Blank spot", "", "Bawaslu", "2024-02-07"), *ROWS
    confirms(keeper, sends(keeper, *rows))

    assert "Hari ini belum ada laporan dari: Tabunganen." in text(keeper.get(PAGE))
    assert "Tempat rawan tanpa laporan hari ini: Tabunganen." in text(keeper.get("/papan"))


def test_a_coordinator_reads_his_districts_and_changes_nothing(keeper):
    confirms(keeper, sends(keeper, *ROWS))
    asisten = signs_in(keeper.web, "Asisten Pemerintahan")

    page = asisten.get(PAGE).text

    assert "Kecamatan Tamban" in page
    assert "Catat satu tempat" not in page
    for answer in (asisten.post(f"{PAGE}/1/catat", **FORM), asisten.post(f"{PAGE}/1/catat", end="1")):
        assert answer.status_code == 403
    assert len(held(keeper)) == 3


def test_a_coordinator_of_another_district_reads_nothing_of_it(keeper):
    confirms(keeper, sends(keeper, ROWS[0]))
    bpbd = signs_in(keeper.web, "Kepala BPBD")

    assert "Koanda" not in bpbd.get(PAGE).text
    assert "Koanda" not in bpbd.get(f"{PAGE}/1/tempat-rawan.csv").text


def test_a_camat_does_not_read_the_inventory(keeper):
    camat = signs_in(keeper.web, "Camat Tamban")

    assert camat.get(PAGE).status_code == 403
    assert camat.get(f"{PAGE}/1/tempat-rawan.csv").status_code == 403


def has_a_problem(keeper, station="", **changed):
    desk = keeper.web.desk
    code = desk.has_a_problem("Warga belum dapat menghubungi posko")
    with desk.rt.sessions.begin() as session:
        issues.change(session, desk.matter(code).id, village=KOANDA, station=station, **changed)
    return code


def test_a_problem_in_a_place_at_risk_is_marked_on_its_page_and_on_the_board(keeper):
    confirms(keeper, sends(keeper, ROWS[0]))
    code = has_a_problem(keeper, station="03")

    assert "TPS 3: Blank spot (Bawaslu, 7 Februari 2024)" in keeper.get(f"/koordinasi/1/{code}").text
    board = text(keeper.get("/papan"))
    assert "1 permasalahan terbuka berada di tempat rawan." in board
    assert "Tempat rawan: Blank spot; Rawan banjir." in board


def test_a_problem_at_another_polling_station_is_not_marked(keeper):
    confirms(keeper, sends(keeper, ROWS[0]))
    code = has_a_problem(keeper, station="4")

    assert "Tempat rawan</strong>" not in keeper.get(f"/koordinasi/1/{code}").text
    assert "berada di tempat rawan" not in keeper.get("/papan").text


def test_a_restricted_problem_is_not_counted_on_the_board(keeper):
    confirms(keeper, sends(keeper, ROWS[0]))
    has_a_problem(keeper, station="3", restricted=True)
    chair = signs_in(keeper.web, "Sekretaris Daerah")

    assert "berada di tempat rawan" not in chair.get("/papan").text


def test_a_guest_sees_nothing_of_it(keeper):
    confirms(keeper, sends(keeper, *ROWS, ("", "Karya Baru", "", "Blank spot", "", "Bawaslu", "2024-02-07")))
    has_a_problem(keeper, station="3")
    link = LINK.search(invites(keeper.web).text)[1]
    keeper.web.client.cookies.clear()

    page = keeper.web.get(link).text

    assert "Warga belum dapat" in page
    assert "empat rawan" not in page


def test_the_situation_tells_of_places_at_risk_what_lies_there_and_who_was_not_heard(keeper):
    assert confirms(keeper, sends(keeper, *ROWS)).status_code < 400
    desk = keeper.web.desk
    code = desk.has_a_problem("Banjir", village=KOANDA, station="3")
    desk.has_a_problem("Lain", village="63.04.02.2001")

    page = keeper.get("/keadaan").text

    assert "2 tempat diketahui rawan." in page
    assert "<dt>Rawan banjir</dt><dd>1</dd>" in page
    own = page[page.index("Tempat rawan</h2>") :]
    assert re.findall(r">(P-\d+)</a>", own) == [code]


def test_the_situation_of_a_camat_tells_of_no_places_at_risk(keeper):
    confirms(keeper, sends(keeper, *ROWS))

    assert "diketahui rawan" not in signs_in(keeper.web, "Camat Tamban").get("/keadaan").text
