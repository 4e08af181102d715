"""The duty roster of the posko: kept by the secretariat, read by everybody who is signed in and on the wall."""

import io
import re

import pypdf
import pytest
from sqlalchemy import select

from models.desk.changes import Change
from models.desk.shifts import DutyShift
from tests.web.signing import signs_in
from tests.web.test_board import morning  # noqa: F401 - a fixture
from tests.web.test_guests import LINK, invites

PAGE = "/sekretariat/piket"
NOW = {"office": "camat-tamban", "place": "Posko Marabahan", "starts": "2024-02-14T06:00", "ends": "2024-02-14T12:00"}
LATER = NOW | {"office": "camat-mekarsari", "starts": "2024-02-14T13:00", "ends": "2024-02-14T20:00"}
HERE = "Piket posko sekarang: Camat Tamban, Posko Marabahan, sampai Rabu 14/2, 12.00 WITA."
NEXT = "Piket berikutnya: Camat Mekarsari, Posko Marabahan, mulai Rabu 14/2, 13.00 WITA."


@pytest.fixture
def keeper(morning):  # noqa: F811
    return signs_in(morning, "Sekretariat Desk")


@pytest.fixture
def kept(keeper):
    for shift in (NOW, LATER):
        assert keeper.post(PAGE, **shift).status_code == 303
    return keeper


def shifts(keeper):
    with keeper.web.desk.rt.sessions() as session:
        return list(session.scalars(select(DutyShift).order_by(DutyShift.id)))


def made(keeper):
    with keeper.web.desk.rt.sessions() as session:
        return list(session.scalars(select(Change.what).where(Change.what.like("shift%")).order_by(Change.id)))


@pytest.mark.parametrize("path", ["/beranda", "/papan?layar=ya", "/telepon", PAGE])
def test_who_is_there_and_who_comes_next_stands_on_every_page_that_needs_it(kept, path):
    page = kept.get(path).text

    assert HERE in page
    assert NEXT in page


def test_the_call_sheet_is_printed_with_it(kept):
    pdf = kept.get("/telepon/1/daftar.pdf").content

    text = " ".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())

    assert HERE in text
    assert NEXT in text


def test_a_camat_reads_it_too(kept):
    assert HERE in signs_in(kept.web, "Camat Tabunganen").get("/beranda").text


def test_a_guest_reads_it_on_the_wall(kept):
    link = LINK.search(invites(kept.web).text)[1]
    kept.web.client.cookies.clear()

    assert HERE in kept.web.get(f"{link}?layar=ya").text


def test_nothing_is_said_where_there_is_no_roster(keeper):
    assert "iket posko" not in keeper.get("/beranda").text


def test_the_same_shift_twice_is_one(kept):
    kept.post(PAGE, **NOW)

    assert len(shifts(kept)) == 2
    assert made(kept) == ["shift added", "shift added"]


def test_a_gap_and_an_overlap_are_said_and_not_refused(kept):
    assert kept.post(PAGE, **(LATER | {"office": "camat-tabunganen"})).status_code == 303

    page = kept.get(PAGE).text

    assert "Bersamaan: Camat Mekarsari dan Camat Tabunganen, mulai Rabu 14/2, 13.00 WITA." in page
    assert "Tanpa piket: Rabu 14/2, 12.00 WITA sampai Rabu 14/2, 13.00 WITA." in page


def test_what_was_typed_wrongly_is_still_there(keeper):
    page = keeper.post(PAGE, **(NOW | {"ends": "2024-02-14T05:00"}))

    assert page.status_code == 422
    assert 'value="Posko Marabahan"' in page.text
    assert "paling lama tujuh hari" in page.text
    assert shifts(keeper) == []


def test_a_shift_ahead_is_cancelled_and_one_that_runs_is_ended(kept):
    for id in (1, 2, 2):
        kept.post(PAGE, end=str(id))

    first, second = shifts(kept)
    assert first.ends_at == kept.web.desk.clock.at
    assert second.cancelled_at == kept.web.desk.clock.at
    assert made(kept)[2:] == ["shift ended", "shift cancelled"]
    assert "iket posko" not in kept.get("/beranda").text


def test_a_shift_that_is_over_stays(kept):
    kept.web.desk.clock.jumps("H 12:30")
    keeper = signs_in(kept.web, "Sekretariat Desk")
    keeper.post(PAGE, end="1")

    page = re.sub(r"\s+", " ", keeper.get(PAGE).text)

    assert shifts(keeper)[0].ends_at == kept.web.desk.moment("H 12:00")
    assert "Saat ini tidak ada piket posko yang tercatat." in page
    assert "Camat Tamban, Posko Marabahan, Rabu 14/2, 06.00 WITA sampai Rabu 14/2, 12.00 WITA" in page


@pytest.mark.parametrize("office", ["Asisten Pemerintahan", "Camat Tamban", "Sekretaris Daerah"])
def test_nobody_but_the_secretariat_keeps_it(keeper, office):
    other = signs_in(keeper.web, office)

    assert other.get(PAGE).status_code == 403
    assert other.post(PAGE, **NOW).status_code == 403
    assert shifts(keeper) == []
