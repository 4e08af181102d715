"""While a programme's stored files cannot be read, its pages say so and the others stay; mended, they are back."""

import re

import pytest
from sqlalchemy import update

from config.shelf import Shelf
from models.desk.programmes import Document
from rules.desk import Channel
from tests.web.signing import signs_in

SECRETARIAT = "Sekretariat Desk"
SAYS = "Data program ini sedang diperbaiki"


@pytest.fixture
def token(web, daily):
    return web.link("Camat Tamban", Channel.EMAIL)


def spoil(web, text="desk: tiga-kecamatan\nname: [\n", kind="desk", code="tiga-kecamatan"):
    """A new version starts, for which this stored file does not hold."""
    with web.desk.rt.sessions.begin() as session:
        own = Document.kind == kind, Document.code == code
        session.execute(update(Document).where(*own).values(text=text))
    web.books._shelf = web.desk.rt.shelf = Shelf()


def test_a_link_says_that_the_programme_is_being_mended_and_opens_again_when_it_is(web, daily, token):
    spoil(web)

    page = web.get(f"/l/{token}")
    sent = web.answers(token, daily, answer="nil", seen="0")
    web.desk.load()

    assert (page.status_code, sent.status_code, page.headers["Retry-After"]) == (503, 503, "300")
    assert SAYS in page.text
    assert web.get(f"/l/{token}").status_code == 200
    assert web.desk.reports(daily) == []


def test_a_receipt_and_a_door_of_it_say_so_too(web, daily, token):
    page = web.answers(token, daily, answer="nil", seen="0")
    kept = re.search(r'href="https://desk.example(/t/[^"]+)"', page.text)[1]
    signs_in(web, SECRETARIAT)
    door = re.findall(r"/m/[0-9A-Za-z]{16}", web.desk.mailbox(SECRETARIAT).last)[-1]
    spoil(web)

    told = {path: web.get(path) for path in (kept, door, "/sekretariat", "/beranda")}

    assert {path: page.status_code for path, page in told.items()} == dict.fromkeys(told, 503)
    assert all(SAYS in page.text for page in told.values())


def test_a_desk_with_another_programme_goes_on_with_that_one_and_is_told_of_the_first(web, daily):
    """Two elections at one desk; the calendar of the first cannot be read."""
    from config import loader

    election = web.desk.documents[0]
    second = loader.parse(election.text.replace("election: pemilihan", "election: pilkada"), "pilkada.yaml")
    web.desk.load([second, *web.desk.documents[1:]])
    secretariat = signs_in(web, SECRETARIAT)
    first = next(id for id, p in web.desk.rt.programmes.items() if p.code == web.desk.programme.code)
    spoil(web, "election: pemilihan\n", "election", "pemilihan")

    today, deep = secretariat.get("/sekretariat"), secretariat.get(f"/koordinasi/{first}/{web.desk.code(daily)}")

    assert (today.status_code, deep.status_code) == (200, 503)
    assert f"Data program {web.desk.programme.code} untuk sementara tidak dapat dibaca" in today.text
    assert SAYS in deep.text


def test_health_names_it_and_stays_well_for_the_others(web, daily):
    spoil(web)
    web.desk.turn()

    health = web.get("/healthz")

    assert (health.status_code, health.json()["unread"]) == (200, [web.desk.programme.code])
    assert web.desk.programme.code in web.get("/").text
    assert "desk_programmes_unread 1.0" in web.get("/metrics").text
