"""What is known of a person is found, corrected in time and erased where that is allowed; nothing typed is kept."""

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from models.desk.changes import Change
from models.matters import tasks
from models.offices.assignments import Assignment
from models.offices.offices import Contact
from tests.web.conftest import Web
from tests.web.signing import SignedIn, signs_in
from tests.web.test_aides import helped

PAGE = "/sekretariat/data-pribadi"
OLD, NEW = "0820 0000 0002", "+6282000009999"


@pytest.fixture
def keeper(web: Web) -> SignedIn:
    web.desk.clock.reads("2024-01-30 08:00")
    web.desk.passes_to("Camat Tamban", "Siti Aminah", since="2024-01-29 09:00", phone="+6282000008888")
    web.desk.passes_to("Camat Tamban", "Ahmad Yani", since="2024-01-30 08:00", phone=NEW)
    return signs_in(web, "Sekretariat Desk")


def finds(keeper: SignedIn, person: str):
    return keeper.post(PAGE, act="find", person=person)


def rows(web: Web, column):
    with web.desk.rt.sessions() as session:
        return list(session.scalars(select(column)))


def changes(web: Web, what: str):
    with web.desk.rt.sessions() as session:
        return [(c.title, c.text) for c in session.scalars(select(Change).where(Change.what == what))]


@pytest.mark.parametrize("person", ["0820-0000-8888", "siti aminah", "Aminah"])
def test_a_person_is_found_however_it_is_typed(keeper: SignedIn, person: str):
    page = finds(keeper, person)

    assert page.status_code == 200
    assert "Camat Tamban" in page.text
    assert "tidak berlaku lagi" in page.text


def test_an_address_is_shown_veiled_and_the_look_is_recorded_without_it(keeper: SignedIn):
    with capture_logs() as logs:
        page = finds(keeper, "0820 0000 9999")

    known = page.text.partition("Yang dicatat")[2].partition("</ul>")[0]
    assert "9999" not in known
    assert changes(keeper.web, "subject shown") == [("Sekretariat Desk", "1 contacts, 0 names")]
    assert "9999" not in str(logs)


@pytest.mark.parametrize("person", ["", "abc", "12", "x@", "%%%%", "____", "a%%%b", "....", "\\\\\\\\"])
def test_too_little_to_look_for_is_said(keeper: SignedIn, person: str):
    assert finds(keeper, person).status_code == 422


def test_nobody_known_is_said(keeper: SignedIn):
    assert "Tidak ada yang dicatat" in finds(keeper, "Budi Santoso").text


def test_a_request_is_a_task_with_three_days_and_who_and_why(keeper: SignedIn):
    page = keeper.post(PAGE, act="correct", person="Ahmad Yani", reason="Datang ke posko, 30/1")

    assert "Batas" in page.text
    (task,) = [t for t in keeper.web.desk.tasks() if t.why is tasks.Why.SUBJECT]
    assert "Camat Tamban: seseorang meminta data pribadinya diperbaiki. Batas" in task.text
    assert "2 Februari 2024" in task.text
    assert "Ahmad" not in task.text
    assert changes(keeper.web, "subject asked") == [("Sekretariat Desk", "camat-tamban: Datang ke posko, 30/1")]


def test_what_is_over_is_erased_with_a_record_and_who_is_in_office_stays(keeper: SignedIn):
    erased = keeper.post(PAGE, act="erase", person="Siti Aminah", reason="Diminta yang bersangkutan")
    keeper.post(PAGE, act="erase", person="0820 0000 8888", reason="Diminta yang bersangkutan")
    stays = keeper.post(PAGE, act="erase", person="Ahmad Yani", reason="Diminta yang bersangkutan")

    assert "1 nama" in erased.text
    assert "0 kontak, 0 nama" in stays.text
    assert "Siti Aminah" not in rows(keeper.web, Assignment.name)
    assert "Ahmad Yani" in rows(keeper.web, Assignment.name)
    assert "+6282000008888" not in rows(keeper.web, Contact.address)
    assert NEW in rows(keeper.web, Contact.address)
    assert changes(keeper.web, "subject erased")[0][1].endswith("of camat-tamban: Diminta yang bersangkutan")


def test_nothing_is_erased_without_a_reason(keeper: SignedIn):
    refused = keeper.post(PAGE, act="erase", person="Siti Aminah", reason=" ")

    assert refused.status_code == 422
    assert "Siti Aminah" in rows(keeper.web, Assignment.name)


def test_a_character_stands_for_no_other(keeper: SignedIn):
    assert "Tidak ada yang dicatat" in finds(keeper, "S_ti Aminah").text
    assert "Tidak ada yang dicatat" in finds(keeper, "Siti%nah").text


@pytest.mark.parametrize("act", ["erase", "correct"])
def test_a_part_of_several_names_touches_nobody(keeper: SignedIn, act: str):
    keeper.web.desk.passes_to("Camat Mekarsari", "Aminah Sari", since="2024-01-29 09:00", phone="+6282000007777")
    keeper.web.desk.passes_to("Camat Mekarsari", "Rahmat Hidayat", since="2024-01-30 08:00", phone="+6282000007776")

    refused = keeper.post(PAGE, act=act, person="Aminah", reason="Diminta yang bersangkutan")

    assert refused.status_code == 422
    assert "cocok dengan beberapa orang" in refused.text
    assert 'value="Diminta yang bersangkutan"' in refused.text
    assert {"Siti Aminah", "Aminah Sari"} <= set(rows(keeper.web, Assignment.name))
    assert not [task for task in keeper.web.desk.tasks() if task.why is tasks.Why.SUBJECT]


def test_the_whole_name_of_one_leaves_another_alone_whose_name_has_it_in_it(keeper: SignedIn):
    keeper.web.desk.passes_to("Camat Mekarsari", "Siti Aminah Sari", since="2024-01-29 09:00", phone="+6282000007777")
    keeper.web.desk.passes_to("Camat Mekarsari", "Rahmat Hidayat", since="2024-01-30 08:00", phone="+6282000007776")

    keeper.post(PAGE, act="erase", person="siti  aminah", reason="Diminta yang bersangkutan")

    assert "Siti Aminah" not in rows(keeper.web, Assignment.name)
    assert "Siti Aminah Sari" in rows(keeper.web, Assignment.name)


def test_an_aide_is_erased_on_the_page_though_he_still_helps(keeper: SignedIn):
    desk = keeper.web.desk
    key = desk.key("harian", "Tamban", "H-7")
    desk.clock.reads("H-7 12:00")
    keeper = signs_in(keeper.web, "Sekretariat Desk")
    helped(desk, key, "Sari Dewi", {})

    shown = finds(keeper, "Sari Dewi").text
    page = keeper.post(PAGE, act="erase", person="Sari Dewi", reason="Diminta yang bersangkutan").text

    assert "Operator desa dikeluarkan seketika" in shown
    assert "/sekretariat/kontak/desa-" not in shown  # no such page
    assert "1 nama" in page
    assert "Sari Dewi" not in rows(keeper.web, Assignment.name)
