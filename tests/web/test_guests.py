"""Guests look at the board by a link that the secretary gave, for a while, and at nothing else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.desk import changes
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.offices import guests
from models.offices.guests import GuestLook
from rules.filing import Content
from rules.policy import Severity
from tests.web.test_board import morning  # noqa: F401 - a fixture
from tests.web.test_coordinator import comes_in, word

SECRETARY = "Kepala Kesbangpol"
LINK = re.compile(r"https://desk\.example(/g/[0-9A-Za-z]{16})")


def invites(web, name="Polres Batola", days="3", **districts):
    comes_in(web, SECRETARY)
    (programme,) = web.desk.rt.programmes
    return web.post("/tamu", {"word": word(web), "programme": str(programme), "name": name, "days": days} | districts)


@pytest.fixture
def link(morning):  # noqa: F811
    path = LINK.search(invites(morning).text)[1]
    morning.client.cookies.clear()
    return path


def test_a_guest_sees_the_board_without_signing_in(morning, link):  # noqa: F811
    morning.desk.has_a_problem("Perahu logistik karam", severity=Severity.HIGH)

    page = morning.get(link).text

    assert "Untuk Polres Batola" in page
    assert "Perahu logistik karam" in page
    assert 'aria-label="Tamban: tepat waktu, bermasalah"' in page


def test_a_guest_reads_no_contact_no_owner_and_finds_no_way_further(morning, link):  # noqa: F811
    morning.desk.has_a_problem("Perahu logistik karam")

    page = morning.get(link).text

    ways = set(re.findall(r'href="([^"#]+)', page))
    assert ways == {f"{link}?layar=ya", "tel:+6282000000034"}
    assert "Asisten Pemerintahan" not in page
    assert "Pesan" not in page
    for path in ("/papan", "/koordinasi", "/keadaan", "/tamu"):
        assert morning.get(path).status_code in (303, 401, 403)


def test_a_guest_sees_nothing_that_is_restricted(morning, link):  # noqa: F811
    code = morning.desk.has_a_problem("Aduan tentang petugas")
    with morning.desk.rt.sessions.begin() as session:
        from models.matters import issues

        issues.change(session, morning.desk.matter(code).id, restricted=True)

    assert "Aduan tentang petugas" not in morning.get(link).text


def test_a_guest_of_some_districts_sees_no_others(morning):  # noqa: F811
    path = LINK.search(invites(morning, **{"d.63.04.02": "1"}).text)[1]

    page = morning.get(path).text

    assert "Tamban" in page
    assert "Mekarsari" not in page


def test_a_link_ends_by_itself(morning, link):  # noqa: F811
    morning.desk.clock.jumps("H+4 08:00")

    assert morning.get(link).status_code == 404


def test_the_secretary_shuts_a_link(morning, link):  # noqa: F811
    comes_in(morning, SECRETARY)
    (programme,) = morning.desk.rt.programmes
    fields = {"word": word(morning), "programme": str(programme), "act": "revoke", "guest": "1"}

    assert morning.post("/tamu", fields).status_code == 303
    assert morning.post("/tamu", fields).status_code == 303
    assert morning.get(link).status_code == 404
    assert "Dicabut" in morning.get("/tamu").text
    with morning.desk.rt.sessions() as session:
        made = [row.what for row in session.query(changes.Change).order_by(changes.Change.id)]
    assert made[-2:] == ["invited", "guest revoked"]


def test_that_a_guest_looked_is_written_down_once_an_hour(morning, link):  # noqa: F811
    for minutes in range(0, 61, 20):
        morning.desk.clock.jumps(f"H 09:{minutes:02}" if minutes < 60 else "H 10:00")
        assert morning.get(link).status_code == 200

    with morning.desk.rt.sessions() as session:
        assert session.query(GuestLook).count() == 2
        (seen,) = guests.of(session, next(iter(morning.desk.rt.programmes)))
    assert (seen.looks, seen.last_at) == (2, morning.desk.clock.at)
    comes_in(morning, SECRETARY)
    assert "Tercatat 2 kali membuka" in morning.get("/tamu").text


@pytest.mark.parametrize(("name", "days"), [("", "3"), ("  ", "3"), ("x" * 81, "3"), ("Polres", "400"), ("Polres", "")])
def test_who_is_not_named_or_may_look_for_ever_is_not_let_in(morning, name, days):  # noqa: F811
    page = invites(morning, name, days)

    assert page.status_code == 422
    assert "/g/" not in page.text


@pytest.mark.parametrize("office", ["Sekretaris Daerah", "Asisten Pemerintahan", "Camat Tamban", "Sekretariat Desk"])
def test_nobody_but_the_secretary_lets_anybody_in(morning, office):  # noqa: F811
    comes_in(morning, office)
    fields = {"word": word(morning), "programme": "1", "name": "Polres", "days": "3"}

    assert morning.get("/tamu").status_code == 403
    assert morning.post("/tamu", fields).status_code == 403


def test_a_name_is_text_and_nothing_else(morning):  # noqa: F811
    page = invites(morning, "<script>alert(1)</script>")

    assert "<script>alert" not in page.text
    assert "<script>alert" not in morning.get(LINK.search(page.text)[1]).text


def test_no_sign_that_steers_a_screen_is_kept_in_a_name(morning):  # noqa: F811
    page = invites(morning, "Polres\x1b[31m\x07 Barito").text

    assert "Polres[31m Barito" in page


def test_the_token_is_not_kept(morning, link):  # noqa: F811
    with morning.desk.rt.sessions() as session:
        (seen,) = guests.of(session, next(iter(morning.desk.rt.programmes)))

    assert link.removeprefix("/g/") not in repr(vars(seen.guest))


def test_the_wall_goes_on_for_a_whole_voting_day(morning):  # noqa: F811
    path = LINK.search(invites(morning, "Layar posko", "1").text)[1] + "?layar=ya"
    morning.client.cookies.clear()
    morning.desk.clock.jumps("H+1 05:00")

    page = morning.get(path)

    assert page.status_code == 200
    assert page.headers["Refresh"] == "60"


def due(desk):
    """The day's reports of the three districts: who files what, by its due time."""
    with desk.rt.sessions.begin() as session:
        query = select(Matter.key, Obligation.due_at).join(Obligation, Obligation.id == Matter.id)
        owed = list(session.execute(query.where(Obligation.duty == "hari-h").order_by(Obligation.due_at, Matter.key)))
    office = {"63.04.01": "Camat Tabunganen", "63.04.02": "Camat Tamban", "63.04.13": "Camat Mekarsari"}
    return [(key, due_at, office[key.split("/")[3]]) for key, due_at in owed]


def test_the_wall_is_left_alone_for_the_whole_voting_day(web):
    """From five in the morning to the next: two of three reports come in, and every hour has a grave problem."""
    desk = web.desk
    desk.clock.jumps("H-1 20:00")
    path = LINK.search(invites(web).text)[1]
    web.client.cookies.clear()
    coming, times, counts = due(desk), set(), []
    for half_hour in range(49):
        desk.clock.at = desk.moment("H 05:00") + half_hour * timedelta(minutes=30)
        while coming and coming[0][1] <= desk.clock.at:
            key, _, office = coming.pop(0)
            if len(coming) % 3:
                desk.files(key, by=office, content=Content.NIL)
        if half_hour % 2:
            desk.has_a_problem(f"Kejadian ke-{half_hour}")
        page = web.get(f"{path}?layar=ya")
        assert (page.status_code, page.headers["Refresh"]) == (200, "60")
        assert len(page.content) < 50_000
        times.add(re.search(r"keadaan (.+? pukul \d\d\.\d\d)", page.text)[1])
        counts.append(int(re.search(r"Permasalahan terbuka: (\d+)", page.text)[1]))
    assert coming == []
    assert len(times) == 49, "each says of when it is"
    assert counts == [n // 2 for n in range(1, 50)]
