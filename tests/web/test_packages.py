"""Packages of regencies on the page of their province's secretariat."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from config import loader
from models.desk.changes import Change
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from reports.government import facts as weekly
from rules.filing import Standing
from rules.packages import spoken
from services import packages
from services.packages import Made
from tests.reports.samples import district, owed, problem, week
from tests.stories.desk import ELECTION, POLICY, Desk
from tests.web.conftest import URL
from tests.web.signing import signs_in

ROOT = Path(__file__).parents[2]
PAGE = "/sekretariat/paket"
SECRET = b"the secret of Tapin"
OWED = "pemilihan/contoh-kalimantan-selatan/mingguan/63.05/2024-W07"


@pytest.fixture
def desk(sessions):
    """The province's desk alone; Tapin's lives elsewhere."""
    files = (ELECTION, ROOT / "config/desks/contoh-kalimantan-selatan.yaml", ROOT / "config/policies/provinsi.yaml")
    desk = Desk(sessions, files)
    desk.rt.public_url = URL
    desk.owes_only(OWED)
    desk.clock.jumps("H+1 09:00")
    return desk


@pytest.fixture
def keeper(web):
    return signs_in(web, "Sekretariat Desk")


def made(desk, *, version=1, secret=SECRET, title="Gudang bocor", area="contoh-tapin"):
    own = desk.obligation(OWED)
    below = loader.programme(desk.documents[0], loader.read(ROOT / f"config/desks/{area}.yaml"), loader.read(POLICY))
    plain = week(district(2, owed("R-0001")), problems=(problem(title=title),))
    head = replace(plain.header, version=version, period_start=own.period_start, period_end=own.period_end)
    facts = weekly.to_json(replace(plain, header=head))
    theirs = Obligation(id=1, duty="laporan-gubernur", slot="2024-W07")
    letter = (Made("pdf.pdf", "pdf", b"%PDF-1.7 letter"),)
    return packages.sealed(below, theirs, Submission(version=version, facts=facts), letter, secret=secret)


def looks(keeper, content):
    files = {"file": ("paket.zip", content)}
    return keeper.web.client.post(PAGE, data={"word": keeper.word}, files=files, headers={"Origin": URL})


def takes(keeper, page, **more):
    kept = re.search(r'name="package" value="([^"]+)"', page.text)[1]
    return keeper.post(f"{PAGE}/simpan", package=kept, **more)


def test_a_package_is_looked_at_before_anything_counts(keeper, desk):
    page = looks(keeper, made(desk))

    assert page.status_code == 200
    assert "Kabupaten Tapin" in page.text
    assert "Laporan: 0 dari 1 diterima, 1 belum" in page.text
    assert spoken(packages.public(SECRET)) in page.text
    assert desk.reports(OWED) == []


def test_it_counts_once_somebody_says_that_the_key_was_compared(keeper, desk):
    page = looks(keeper, made(desk))

    refused = takes(keeper, page)
    assert refused.status_code == 422
    assert "belum dicocokkan" in refused.text
    assert desk.reports(OWED) == []

    done = takes(keeper, page, trust="ya")
    assert done.headers["location"].endswith("?selesai=package.counts")
    assert desk.obligation(OWED).standing is Standing.RECEIVED
    assert "2024-W07, versi 1" in keeper.get(PAGE).text


def test_a_key_that_was_compared_is_not_asked_for_again(keeper, desk):
    takes(keeper, looks(keeper, made(desk)), trust="ya")

    page = looks(keeper, made(desk, version=2, title="Gudang roboh"))

    assert "Sama dengan yang tercatat" in page.text
    assert takes(keeper, page).status_code == 303


def test_another_key_shows_both_to_be_compared(keeper, desk):
    takes(keeper, looks(keeper, made(desk)), trust="ya")

    page = looks(keeper, made(desk, version=2, secret=b"somebody else"))

    assert "berbeda dengan kunci yang tercatat" in page.text
    assert spoken(packages.public(SECRET)) in page.text
    assert takes(keeper, page).status_code == 422


def test_an_older_version_is_said_to_be_history(keeper, desk):
    takes(keeper, looks(keeper, made(desk, version=2)), trust="ya")

    done = takes(keeper, looks(keeper, made(desk, title="Lama")))

    assert done.headers["location"].endswith("?selesai=package.history")
    assert "riwayat" in keeper.get(PAGE).text


def test_a_changed_package_is_refused_with_the_reason(keeper, desk):
    content = made(desk)

    page = looks(keeper, content.replace(b"Gudang bocor", b"Gudang rubuh"))

    assert page.status_code == 422
    assert "berubah setelah ditandatangani" in page.text
    assert "Tidak ada yang dicatat" in page.text


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", b"%PDF-1.7"])
def test_anything_else_is_said_to_be_no_package(keeper, content):
    page = looks(keeper, content)

    assert page.status_code == 422
    assert "bukan paket laporan" in page.text


def test_a_package_for_a_desk_of_another_province_is_refused(keeper, desk):
    page = looks(keeper, made(desk, area="contoh-jayapura"))

    assert "bukan dari daerah di bawah desk ini" in page.text


@pytest.mark.parametrize("digest", ["", "x", "../../desk.db", "0" * 64])
def test_a_file_that_is_not_there_is_asked_for_again(keeper, digest):
    page = keeper.post(f"{PAGE}/simpan", package=digest, trust="ya")

    assert page.status_code == 422
    assert "dipilih sekali lagi" in page.text


def test_text_of_a_package_is_text_on_the_page(keeper, desk):
    content = made(desk, title="<script>alert(1)</script>")

    assert "<script>alert" not in looks(keeper, content).text


def test_who_took_a_package_is_in_the_record(keeper, desk):
    takes(keeper, looks(keeper, made(desk, version=2)), trust="ya")
    takes(keeper, looks(keeper, made(desk, title="Lama")))

    with desk.rt.sessions.begin() as session:
        change = session.query(Change).filter(Change.what == "arrived").one()
    assert (change.title, change.text) == ("Sekretariat Tim DESK Pemilu", "history")
