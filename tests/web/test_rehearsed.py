"""A rehearsal that is ordered on a page: played beside the clock, and looked at behind the door."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from jobs.rehearsal import beside
from jobs.rehearsal.beside import Rehearser
from jobs.turn import tidy
from models.base import Sessions
from models.desk import orders
from models.desk.files import Files
from models.desk.orders import Order
from models.machine import spent
from models.offices import offices
from rules.orders import COUNTS, NEWEST, PAGES_LAST, Act
from tests import engines
from tests.stories.desk import Desk
from tests.web.conftest import Web
from tests.web.signing import SignedIn, signs_in
from tests.web.test_control import EARLIER, PAGE, ordered, policy, sends

LINKED = re.compile(r'href="([^"#]+)')


@pytest.fixture
def keeper(web: Web, tmp_path: Path) -> SignedIn:
    web.desk.rt.files = Files(tmp_path / "files")
    return signs_in(web, "Sekretariat Desk")


def asks(keeper: SignedIn, **fields: str):
    told = {"programme": keeper.web.desk.programme.code, "days": "voting", "reason": "Sebelum bimtek"} | fields
    return keeper.post(PAGE, act="rehearse", **told)


def plays(desk: Desk) -> Order:
    """Whatever waits, to its end."""
    beside.run(desk.rt, Event())
    return ordered(desk)


def kept(desk: Desk, order: Order) -> list[str]:
    assert order.pages is not None
    assert desk.rt.files is not None
    with ZipFile(desk.rt.files.path(order.pages)) as archive:
        return archive.namelist()


def links(text: str) -> Iterator[str]:
    return (link for link in LINKED.findall(text) if not link.startswith("http"))


def test_a_rehearsal_is_played_beside_the_clock_and_looked_at(keeper: SignedIn, desk: Desk):
    before = len(desk.wire.tries)
    assert asks(keeper).status_code == 303
    desk.turn()
    waits = keeper.get(f"{PAGE}/{ordered(desk).id}")
    assert "Geladi belum dimulai" in waits.text
    assert "biasanya selesai dalam beberapa detik" not in waits.text
    assert waits.headers["Refresh"]

    order = plays(desk)

    place = f"{PAGE}/{order.id}"
    told = keeper.get(place).text
    assert order.refused == ""
    assert "Tidak ada satu pun pesan geladi ini yang dikirim." in told
    assert "pesan</dd>" in told
    assert "7 dari 7 terpenuhi" in told
    assert "Sebelum bimtek" in told
    assert (order.title, order.result["from"], order.result["to"]) == ("Sekretariat Desk", "2024-02-06", "2024-02-22")
    first = keeper.get(f"{place}/geladi/index.html")
    assert first.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in first.headers["Content-Security-Policy"]
    assert "Geladi: tidak ada pesan yang dikirim" in first.text
    for name in kept(desk, order):
        own = keeper.get(f"{place}/geladi/{name}")
        assert own.status_code == 200, name
        if not name.endswith(".html"):
            assert own.headers["Content-Disposition"].startswith("attachment"), name
            continue
        folder = f"{place}/geladi/{name}".rpartition("/")[0]
        for link in set(links(own.text)):
            assert keeper.web.client.get(f"{folder}/{link}").status_code == 200, (name, link)
        for office in desk.programme.desk.offices:  # the secretariat's own is what every message says to call
            for address in (office.email, office.phone):
                assert not address or address not in own.text, (name, office.code)
    assert len(desk.wire.tries) == before
    assert any(name.endswith(".pdf") for name in kept(desk, order))
    assert not any(name.endswith((".eml", ".jsonl", ".db")) for name in kept(desk, order))

    for path in ("../7", "..%2f..%2fetc/passwd", "%2e%2e/secret_key", "mail/000001.eml", "summary.json", "", "geladi/"):
        assert keeper.get(f"{place}/geladi/{path}").status_code == 404, path
    signs_in(keeper.web, "Asisten Pemerintahan")
    assert keeper.get(f"{place}/geladi/index.html").status_code == 403
    keeper.web.client.cookies.clear()
    assert keeper.get(f"{place}/geladi/index.html").status_code == 403


def test_a_changed_file_is_rehearsed_before_it_is_in_force(keeper: SignedIn, desk: Desk):
    sends(keeper, policy(EARLIER))
    desk.turn()
    trial = ordered(desk)
    assert "Geladi dahulu dengan berkas ini" in keeper.get(f"{PAGE}/{trial.id}").text

    assert asks(keeper, order=str(trial.id)).status_code == 303
    order = plays(desk)

    assert order.refused == ""
    told = keeper.get(f"{PAGE}/{order.id}")
    assert "Dengan berkas yang dikirim" in told.text
    page = keeper.get(f"{PAGE}/{order.id}/geladi/rows/63.04.02.html").text
    assert "14.00 WITA" in page
    desk.clock.at += COUNTS
    tidy.run(desk.rt, now=desk.clock.at)
    with desk.rt.sessions() as session:
        assert {own.id: own.terms for own in session.scalars(select(Order))} == {trial.id: {}, order.id: {}}
    keeper = signs_in(keeper.web, "Sekretariat Desk")
    told = keeper.get(f"{PAGE}/{order.id}").text
    assert "Pemilihan Contoh" in told
    assert "Dengan berkas yang dikirim" in told
    assert asks(keeper, order=str(trial.id)).status_code == 409


def test_a_file_that_does_not_fit_says_so_in_words(keeper: SignedIn, desk: Desk, sessions: Sessions):
    asks(keeper)
    with sessions.begin() as session:
        terms = {"programme": desk.programme.code, "days": "all", "name": "x.yaml", "text": "policy: ["}
        session.get_one(Order, ordered(desk).id).terms = terms

    plays(desk)

    told = keeper.get(f"{PAGE}/{ordered(desk).id}").text
    assert "Tidak dilakukan" in told
    assert "Mohon dicoba sekali lagi" in told
    assert "x.yaml" in told


def test_a_desk_rehearses_one_at_a_time_and_the_second_is_told(keeper: SignedIn, desk: Desk):
    asks(keeper)

    second = asks(keeper)

    assert second.status_code == 422
    assert "Geladi yang lain masih berjalan" in second.text
    assert "Lihat sampai di mana" in keeper.get(PAGE).text
    assert keeper.post(PAGE, act="preview").status_code == 303


@pytest.mark.parametrize("fields", [{"days": "besok"}, {"programme": "lain/lain"}])
def test_nothing_else_can_be_ordered_by_this_form(keeper: SignedIn, fields: dict[str, str]):
    assert asks(keeper, **fields).status_code == 400


def test_it_says_why(keeper: SignedIn):
    assert asks(keeper, reason=" ").status_code == 422


def test_a_clock_that_ends_stops_it_and_the_next_begins_again(keeper: SignedIn, desk: Desk):
    asks(keeper)
    rehearser = Rehearser(desk.rt)
    desk.rt.lookout.look()
    rehearser.look()
    give_up = time.monotonic() + engines.PATIENCE
    while not ordered(desk).result and time.monotonic() < give_up:
        time.sleep(0.02)
    told = keeper.get(f"{PAGE}/{ordered(desk).id}").text
    assert "Geladi sedang berjalan" in told

    rehearser.end(patience=timedelta(seconds=engines.PATIENCE))

    order = ordered(desk)
    assert (order.done_at, order.taken_at, order.tries) == (None, None, 1)
    assert desk.rt.lookout.look().rehearsal is not None
    assert desk.rt.lookout.look().ordered is None


def test_one_that_never_came_to_its_end_is_given_up(keeper: SignedIn, desk: Desk, sessions: Sessions):
    asks(keeper)
    for _ in range(orders.TRIES):
        with sessions.begin() as session:
            assert orders.take(session, rehearsal=True, now=desk.clock.at)
        desk.clock.at += orders.AGAIN
    assert "dimulai lagi dari awal" in keeper.get(f"{PAGE}/{ordered(desk).id}").text

    plays(desk)

    assert "begun and not finished" in ordered(desk).refused
    assert asks(keeper).status_code == 303


def test_whoever_lost_it_to_another_clock_writes_nothing(keeper: SignedIn, desk: Desk, sessions: Sessions):
    asks(keeper)
    with sessions.begin() as session:
        mine = orders.take(session, rehearsal=True, now=desk.clock.at)
        assert mine
        session.flush()
        session.expunge(mine)
    with sessions.begin() as session:
        assert orders.take(session, rehearsal=True, now=desk.clock.at) is None
        assert orders.take(session, rehearsal=True, now=desk.clock.at + orders.AGAIN)

    with sessions.begin() as session:
        assert not orders.go_on(session, mine, {"so_far": {}}, now=desk.clock.at)
        assert not orders.settle(session, mine, result={}, pages="0" * 64, now=desk.clock.at)
        orders.put_back(session, mine)

    assert (ordered(desk).done_at, ordered(desk).tries) == (None, 2)
    assert ordered(desk).taken_at is not None


def test_one_that_goes_on_is_not_taken_from_it(keeper: SignedIn, desk: Desk, sessions: Sessions):
    asks(keeper)
    with sessions.begin() as session:
        mine = orders.take(session, rehearsal=True, now=desk.clock.at)
        assert mine
        session.flush()
        assert orders.go_on(session, mine, {"so_far": {}}, now=desk.clock.at + orders.AGAIN)

    with sessions.begin() as session:
        assert orders.take(session, rehearsal=True, now=desk.clock.at + orders.AGAIN) is None


def test_pages_of_the_newest_are_kept_and_the_others_go(desk: Desk, sessions: Sessions, tmp_path: Path):
    files, now = Files(tmp_path / "files"), desk.clock.at
    digests = [files.keep(f"pages {n}".encode()) for n in range(NEWEST + 1)]
    with sessions.begin() as session:
        office = offices.by_code(session, desk.programme.desk.code, desk.programme.desk.secretariat)
        assert office
        for digest in digests:
            session.add(_played(desk, office.id, digest))
            session.flush()

    with sessions.begin() as session:
        assert orders.let_go(session, now=now) == 1
        assert spent.named(session, digests) == set(digests[1:])
        assert orders.let_go(session, now=now + PAGES_LAST) == NEWEST
        assert spent.named(session, digests) == set()


def _played(desk: Desk, office: int, pages: str) -> Order:
    return Order(
        desk=desk.programme.desk.code,
        office_id=office,
        title="Sekretariat Desk",
        act=Act.REHEARSE,
        terms={},
        reason="Bimtek",
        ordered_at=desk.clock.at,
        done_at=desk.clock.at,
        result={},
        pages=pages,
    )
