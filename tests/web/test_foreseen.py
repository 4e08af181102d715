"""Who would be told what under a changed file: lived beside the clock on copies, and read behind the door."""

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from models.desk.files import Files
from rules.foretold import Differs
from tests.stories.desk import Desk
from tests.web.conftest import Web
from tests.web.signing import SignedIn, signs_in
from tests.web.test_control import EARLIER, LATER, PAGE, ordered, policy, sends
from tests.web.test_rehearsed import plays


@pytest.fixture
def keeper(web: Web, tmp_path: Path) -> SignedIn:
    web.desk.rt.files = Files(tmp_path / "files")
    web.desk.lives_until("H-8 09:00")
    return signs_in(web, "Sekretariat Desk")


def tried(keeper: SignedIn, desk: Desk, text: str, **fields: str) -> str:
    """The number of an order in which a changed file was tried."""
    sends(keeper, text, **fields)
    desk.turn()
    return str(ordered(desk).id)


def asks(keeper: SignedIn, trial: str):
    fields = {"programme": keeper.web.desk.programme.code, "days": "ahead", "reason": "Sebelum berlaku"}
    return keeper.post(PAGE, act="rehearse", order=trial, **fields)


def test_who_would_get_what_is_counted_and_listed_before_a_file_is_in_force(keeper: SignedIn, desk: Desk):
    trial = tried(keeper, desk, policy(EARLIER))
    assert "Siapa akan menerima apa" in keeper.get(f"{PAGE}/{trial}").text
    before, digest = len(desk.messages()), desk.programme.digest

    assert asks(keeper, trial).status_code == 303
    order = plays(desk)

    assert order.refused == ""
    place = f"{PAGE}/{order.id}"
    told = keeper.get(place).text
    assert "Pesan tujuh hari ke depan" in told
    assert "Tidak ada satu pun pesan ini yang dikirim" in told
    assert "waktunya lain" in told
    assert order.result["ahead"]["differing"][Differs.TIME] > 0
    listed = keeper.get(f"{place}/pesan").text
    assert "<del>Rabu 7/2, 15.00 WITA, SMS</del> <ins>Rabu 7/2, 14.00 WITA, SMS</ins>" in listed
    own = keeper.get(f"{place}/pesan?kantor=camat-tamban").text
    assert "Pesan kepada Camat Tamban" in own
    assert "Laporan harian, Kecamatan Tamban<br>" in own
    assert (len(desk.messages()), desk.rt.programmes[1].digest) == (before, digest)
    assert desk.rt.files is not None
    assert order.pages is not None
    with ZipFile(desk.rt.files.path(order.pages)) as archive:
        kept = archive.read("pesan.json").decode()
    for office in desk.programme.desk.offices:
        for address in (office.email, office.phone):
            assert not address or address not in kept + told + listed + json.dumps(order.result), office.code

    signs_in(keeper.web, "Asisten Pemerintahan")
    assert keeper.get(f"{place}/pesan").status_code == 403


def test_where_a_problem_is_stands_nowhere_beside_the_places_of_reports(keeper: SignedIn, desk: Desk):
    desk.owes_only(desk.key("harian", "Tamban", "H-7"))
    desk.has_a_problem("Perahu disembunyikan", restricted=True)
    asks(keeper, tried(keeper, desk, policy(EARLIER)))
    order = plays(desk)

    own = keeper.get(f"{PAGE}/{order.id}/pesan?kantor=asisten-pemerintahan").text

    assert "permasalahan<br>" in own
    assert "harian, Kecamatan Tamban<br>" in own


def test_it_lives_on_with_open_cases_where_the_trial_put_them(keeper: SignedIn, desk: Desk):
    late = desk.key("harian", "Tamban", "H-7")
    desk.owes_only(late)
    desk.clock.reads("H-7 16:10")
    keeper = signs_in(keeper.web, "Sekretariat Desk")

    counts = []
    for fields in ({}, {"also_open": "ya"}):
        asks(keeper, tried(keeper, desk, policy(LATER), **fields))
        counts.append(plays(desk).result["ahead"]["differing"][Differs.TIME])

    assert counts[0] == 0
    assert counts[1] > 0


def test_a_duty_that_only_the_changed_file_has_is_called_by_its_name(keeper: SignedIn, desk: Desk):
    new = """  - code: psu
    name: Laporan pemungutan suara <ulang>
    form: harian
    per: district
    days: H-6
    at: ["16:00"]
    opens: -PT6H
    closes: P1D
    ladder: daily
    nil: true
    on_holiday: keep

  - code: harian-pasca
"""
    trial = tried(keeper, desk, policy(("  - code: harian-pasca\n", new)))
    asks(keeper, trial)
    place = f"{PAGE}/{plays(desk).id}"

    told, listed = keeper.get(place).text, keeper.get(f"{place}/pesan").text

    assert "Laporan pemungutan suara &lt;ulang&gt;: 24 jam" in told
    assert "Laporan pemungutan suara &lt;ulang&gt;, Kecamatan Tamban<br>" in listed
    assert "psu" not in told + listed
    assert keeper.get(f"{place}/pesan?kantor=Segera+hubungi+0811").status_code == 404


def test_only_what_was_tried_and_is_live_is_lived(keeper: SignedIn, desk: Desk):
    fields = {"programme": desk.programme.code, "days": "ahead", "reason": "Sebelum berlaku"}

    assert keeper.post(PAGE, act="rehearse", **fields).status_code in (400, 404)
    assert keeper.post(PAGE, act="rehearse", order="1", **fields).status_code == 404
    assert keeper.get(f"{PAGE}/1/pesan").status_code == 404
