"""What an office was told on a day, as the secretariat reads it while that office is on the phone."""

import pytest
from sqlalchemy import select

from models.machine import departures
from models.offices.offices import Contact
from rules.desk import Channel
from rules.ladder import Say
from services import restoring
from tests.web.signing import signs_in
from web.coordinator.overseen import SAID

PAGE = "/sekretariat/kontak/camat-tamban/pesan"
SECRETARIAT = "Sekretariat Desk"


def steps(page):
    """The list of what was told, as text."""
    return page.text.partition("yang disampaikan</h2>")[2].partition("<h2>")[0]


@pytest.fixture
def late(web, daily):
    """Camat Tamban was reminded, told and chased; nobody answered."""
    web.desk.lives_until("H-7 17:30")
    return daily


def test_each_thing_told_stands_with_its_hour_its_way_and_what_became_of_it(web, late):
    page = signs_in(web, SECRETARIAT).get(f"{PAGE}?hari=2024-02-07")

    told = steps(page)
    code = web.desk.code(late)
    assert page.status_code == 200
    assert "Rabu, 7 Februari 2024: yang disampaikan" in page.text
    assert told.count(f"{code}: ") == len(web.desk.notices(late, "Camat Tamban")) > 3
    assert "kepada Camat Tamban, SMS" in told
    assert "17.00 WITA" in told
    assert f"/{code}" in told


def test_whatever_an_office_may_be_told_has_a_word(web):
    no_notice = {Say.SIGN_IN, Say.ANSWER}

    assert set(Say) - no_notice <= SAID.keys()


def test_what_it_could_be_asked_for_stands_below_also_where_nothing_was_told(web, late):
    page = signs_in(web, SECRETARIAT).get(f"{PAGE}?hari=2024-02-07").text
    below = page.partition("Laporan yang dapat ditanyakan")[2]

    assert f"{web.desk.code(late)}, Kecamatan Tamban, batas Rabu 7/2, 15.00 WITA" in below
    assert "Tidak ada yang perlu disampaikan" in signs_in(web, SECRETARIAT).get(f"{PAGE}?hari=2024-03-30").text


def test_a_day_that_is_none_is_said_and_today_is_shown(web, late):
    page = signs_in(web, SECRETARIAT).get(f"{PAGE}?hari=kemarin")

    assert page.status_code == 422
    assert 'value="kemarin"' in page.text
    assert "Rabu, 7 Februari 2024: yang disampaikan" in page.text


def test_of_a_restricted_problem_it_says_only_that_something_was_told(web):
    web.desk.owes_only()
    web.desk.clock.reads("H-2 09:00")
    code = web.desk.has_a_problem("Perahu disembunyikan", restricted=True)
    web.desk.clock.reads("H-2 09:30")
    page = signs_in(web, SECRETARIAT).get("/sekretariat/kontak/asisten-pemerintahan/pesan?hari=2024-02-12")

    assert "kepada Asisten Pemerintahan" in steps(page)
    assert code not in page.text
    assert "Perahu" not in page.text


def test_a_day_is_read_by_as_many_statements_however_much_was_told_and_awaited(web):
    """A busy day took a second where one is on the phone."""

    def read():
        """By office, how many lines its page has, and how many statements that takes."""
        keeps = signs_in(web, SECRETARIAT)
        paths = [PAGE, "/sekretariat/kontak/asisten-pemerintahan/pesan"]
        return [(keeps.get(path).text.count("<li"), web.statements(path)) for path in paths]

    web.desk.clock.reads("H-7 15:10")
    web.desk.has_a_problem("Jembatan putus")
    web.desk.clock.reads("H-7 15:15")
    quiet = read()

    for title in ("Perahu hilang", "Logistik kurang"):
        web.desk.has_a_problem(title, restricted=title.startswith("Perahu"))
    web.desk.clock.reads("H-7 18:10")

    busy = read()
    assert all(many > few + 2 for (few, _), (many, _) in zip(quiet, busy, strict=True))
    assert [count for _, count in busy] == [count for _, count in quiet]


@pytest.mark.parametrize("told", [True, False])
def test_of_what_was_lost_it_says_what_the_provider_knows(web, late, told):
    """An older copy was put back: nothing here knows what left, and somebody asks on the phone about a text."""
    desk, number = web.desk, web.desk.address("Camat Tamban", Channel.SMS)
    with desk.rt.sessions.begin() as session:
        gap = restoring.opened(session, desk.moment("H-7 17:35"), ordered=True, now=desk.moment("H-7 18:00"))
        to = select(Contact.id).where(Contact.address == number)
        left = [("SM1", session.scalars(to).one(), desk.moment("H-7 17:40"), "Desk: P-0001")] * told
        departures.add(session, gap, Channel.SMS, left)

    page = signs_in(web, SECRETARIAT).get(f"{PAGE}?hari=2024-02-07").text

    assert "pukul 17.35 WITA s.d. 7 Februari 2024 pukul 18.00 WITA hilang" in page
    assert ("Rabu 7/2, 17.40 WITA, SMS" in page) is told
    assert ("mohon ditanyakan kepada petugas sistem" in page) is not told
    assert "P-0001" not in page


def test_nobody_else_reads_it(web, late):
    page = signs_in(web, "Asisten Pemerintahan").get(PAGE)

    assert page.status_code == 403
