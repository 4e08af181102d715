"""Field trips: planned and told by a team on a phone, asked for once, called off, read by those who oversee them."""

import pytest
from sqlalchemy import select

from models.matters.trips import Trip, TripPhoto
from rules.desk import Channel
from tests.web.conftest import URL
from tests.web.signing import signs_in
from tests.web.test_photos import photo

NEW = "/kunjungan/baru"
PLAN = {
    "mode": "rencana",
    "once": "a1",
    "programme": "1",
    "district": "63.04.02",
    "place": "Gudang PPK",
    "at": "2024-02-07T14:00",
    "going": "Camat Tamban",
    "purpose": "Melihat gudang",
}
SEEN = {"at": "2024-02-07T11:00", "going": "Camat Tamban", "people": "4", "c.kunjungan-logistik": "safe"}
RESULT = PLAN | SEEN | {"mode": "hasil"}


@pytest.fixture
def camat(web):
    web.desk.owes_only()
    web.desk.clock.reads("H-7 12:00")
    return signs_in(web, "Camat Tamban")


def sends(who, path, files=(), **fields):
    """A form with files, as a browser sends it."""
    told = {"word": who.word} | {name.replace("__", "."): value for name, value in fields.items()}
    parts = [(field, (f"{n}.jpg", data, "image/jpeg")) for n, (field, data) in enumerate(files)]
    if not parts:
        return who.web.post(path, told)
    return who.web.client.post(path, data=told, files=parts, headers={"Origin": URL})


def kept(who):
    with who.web.desk.rt.sessions() as session:
        return list(session.scalars(select(Trip).order_by(Trip.id)))


def test_a_planned_trip_is_listed_and_told_of_with_a_photo(camat):
    where = sends(camat, NEW, **PLAN).headers["location"]
    camat.web.desk.clock.reads("H-7 16:00")
    camat = signs_in(camat.web, "Camat Tamban")

    answer = sends(camat, where, [("f.kunjungan-logistik", photo())], act="tell", **SEEN | {"at": "2024-02-07T14:10"})

    assert answer.status_code == 303
    page = camat.get(where).text
    assert "Hasil sudah dicatat" in page
    assert "4 orang" in page
    assert "Aman" in page
    assert camat.get(f"{where}/1").headers["content-type"] == "image/jpeg"
    assert "L-0001" in camat.get("/kunjungan").text


def test_a_trip_without_a_plan_is_told_in_one_form(camat):
    assert sends(camat, NEW, **RESULT).status_code == 303

    (trip,) = kept(camat)
    assert trip.told_at is not None
    assert trip.people == 4


def test_what_is_sent_twice_is_one_trip(camat):
    first, second = sends(camat, NEW, **RESULT), sends(camat, NEW, **RESULT)

    assert first.headers["location"] == second.headers["location"]
    assert len(kept(camat)) == 1


def test_nothing_typed_is_lost_where_something_is_wrong(camat):
    page = sends(camat, NEW, **RESULT | {"people": "banyak", "purpose": "<b>Gudang & dermaga</b>"})

    assert page.status_code == 422
    assert "banyak" in page.text
    assert "&lt;b&gt;Gudang &amp; dermaga&lt;/b&gt;" in page.text
    assert not kept(camat)


def test_nothing_seen_is_asked_about_in_its_own_words(camat):
    page = sends(camat, NEW, **RESULT | {"c.kunjungan-logistik": ""})

    assert page.status_code == 422
    assert "mohon pilih satu kondisi" in page.text
    assert "Nihil" not in page.text


def test_a_planned_trip_that_nobody_told_of_is_asked_for_once(camat):
    sends(camat, NEW, **PLAN)
    desk = camat.web.desk

    desk.clock.reads("H-4 12:00")

    asked = [text for text in desk.phone("Camat Tamban").texts if "kunjungan L-0001" in text]
    assert len(asked) == 1
    assert "belum kami terima" in asked[0]


def test_a_trip_that_was_told_or_called_off_is_not_asked_for(camat):
    told = sends(camat, NEW, **PLAN).headers["location"]
    off = sends(camat, NEW, **PLAN | {"once": "b2", "place": "Dermaga"}).headers["location"]
    desk = camat.web.desk
    desk.clock.reads("H-7 15:00")
    camat = signs_in(camat.web, "Camat Tamban")
    assert sends(camat, told, act="tell", **SEEN | {"at": "2024-02-07T14:10"}).status_code == 303
    assert sends(camat, off, act="off", why="Banjir").status_code == 303

    desk.clock.reads("H-5 12:00")

    camat = signs_in(camat.web, "Camat Tamban")
    assert not [text for text in desk.phone("Camat Tamban").texts if "kunjungan" in text]
    assert "Banjir" in camat.get(off).text


def test_whoever_is_asked_comes_to_the_trips_by_the_link_of_the_text(camat):
    sends(camat, NEW, **PLAN)
    camat.web.desk.clock.reads("H-7 19:05")

    assert "/m/" in camat.web.desk.phone("Camat Tamban").last


def test_a_trip_is_called_off_with_a_reason_only(camat):
    where = sends(camat, NEW, **PLAN).headers["location"]

    assert sends(camat, where, act="off", why="").status_code == 422
    assert kept(camat)[0].called_off_at is None


def test_what_was_told_is_not_told_otherwise(camat):
    where = sends(camat, NEW, **RESULT).headers["location"]

    assert sends(camat, where, act="tell", **SEEN).status_code == 303
    assert sends(camat, where, act="tell", **SEEN | {"people": "5"}).status_code == 409
    assert kept(camat)[0].people == 4


def test_another_team_neither_reads_nor_tells_of_it(camat):
    where = sends(camat, NEW, **PLAN).headers["location"]
    other = signs_in(camat.web, "Camat Tabunganen")

    assert other.get(where).status_code == 403
    assert "L-0001" not in other.get("/kunjungan").text
    assert sends(other, NEW, **PLAN).status_code == 422


def test_the_secretariat_tells_for_a_team_and_takes_a_wrong_record_back(camat):
    keeper = signs_in(camat.web, "Sekretariat Desk")
    where = sends(keeper, NEW, **RESULT).headers["location"]

    assert sends(keeper, where, act="off", why="Salah kecamatan").status_code == 303
    assert "Dibatalkan" in keeper.get(where).text


def test_a_photo_that_is_none_is_refused_and_the_rest_stays(camat):
    page = sends(camat, NEW, [("f.kunjungan-logistik", b"MZ\x90 no photo")], **RESULT)

    assert page.status_code == 422
    assert "bukan foto" in page.text
    assert "Melihat gudang" in page.text
    with camat.web.desk.rt.sessions() as session:
        assert not session.scalars(select(TripPhoto)).all()


def test_the_one_who_is_asked_is_whoever_reports_where_the_secretariat_planned_it(camat):
    keeper = signs_in(camat.web, "Sekretariat Desk")
    sends(keeper, NEW, **PLAN)

    camat.web.desk.clock.reads("H-7 19:05")

    assert "L-0001" in camat.web.desk.phone("Camat Tamban").last
    assert camat.web.desk.phone("Camat Tamban").letters[-1].letter.channel is Channel.SMS
