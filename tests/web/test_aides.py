"""Aides in villages: whom a Camat names, what they are asked and send, and that nobody above reads it."""

import re

import pytest
from sqlalchemy import select

from config import contacts
from jobs.operator import explain, people, subjects
from models.desk.changes import Change, Hand, Way
from models.matters import aiding
from models.matters.aiding import Asked
from models.messages.messages import Message
from models.messages.notices import Notice
from models.offices import offices
from models.offices.offices import Contact, Office
from rules.desk import Channel
from services import aides, telling
from services import subjects as books
from tests.stories.desk import Desk
from tests.web import writing
from tests.web.conftest import URL, Web

VILLAGE = re.compile(rf"{URL}/d/([0-9A-Za-z]{{16}})")
CAMAT = "Camat Tamban"
KOANDA, PURWOSARI = "63.04.02.2011", "63.04.02.2001"
SARI, BUDI = "+6282000000901", "+6282000000902"


@pytest.fixture
def camat(web: Web, daily: str) -> "Camat":
    return Camat(web, daily)


class Camat:
    """Camat Tamban with his link; one daily report is owed, and it is noon."""

    def __init__(self, web: Web, key: str) -> None:
        self.web, self.key = web, key
        self.desk: Desk = web.desk
        self.token = web.given(CAMAT)
        self.code = self.desk.code(key)

    def post(self, path: str, **fields: str):
        return self.web.post(f"/l/{self.token}{path}", fields)

    def get(self, path: str):
        return self.web.get(f"/l/{self.token}{path}")

    def names(self, village: str, name: str, sms: str = "", email: str = "", area: str = "63.04.02"):
        return self.post("/desa", act="name", area=area, village=village, name=name, sms=sms, email=email)

    def takes_out(self, village: str):
        return self.post("/desa", act="out", area="63.04.02", aide=f"desa-{village}")

    def asks(self):
        answer = self.post(f"/{self.code}/desa", act="ask")
        self.desk.turn()
        return answer

    def villages(self) -> str:
        return self.get(f"/{self.code}/desa").text

    def texts(self, number: str) -> list[str]:
        return [sent.text for sent in self.desk.wire.accepted if sent.letter.to == number]

    def link_of(self, number: str) -> str:
        found = VILLAGE.search(self.texts(number)[-1])
        assert found, self.texts(number)
        return found[1]

    def sends(self, number: str, **fields: str):
        given = {name.replace("__", "."): text for name, text in fields.items()}
        return self.web.post(f"/d/{self.link_of(number)}/{self.code}", given)


def helped(desk: Desk, key: str, name: str, fields: dict[str, str]) -> None:
    """An aide in Koanda is named and asked by Camat Tamban, and sends this for his report."""
    code = desk.code(key)
    with desk.rt.sessions.begin() as session:
        camat = offices.by_code(session, desk.programme.desk.code, "camat-tamban")
        (id,) = desk.rt.programmes
        hand, now = Hand(camat.id, camat.title, Way.LINK), desk.clock.at
        where = (session, desk.programme, "63.04.02", KOANDA)
        aides.name(*where, name, {Channel.SMS: SARI}, hand=hand, now=now)
        aides.ask(session, id, desk.programme, telling.locked(session, key), hand=hand, now=now)
        office = offices.by_code(session, desk.programme.desk.code, f"desa-{KOANDA}")
        if fields:
            aides.send(session, aiding.one(session, office.id, code), fields, name, now=now)


def asked(web: Web) -> list[Asked]:
    with web.desk.rt.sessions() as session:
        return list(session.scalars(select(Asked).order_by(Asked.id)))


def test_a_camat_names_an_aide_asks_him_and_takes_his_figures_into_his_own_form(camat):
    assert camat.names(KOANDA, "Sari", "0820 0000 0901").status_code == 303
    camat.names(PURWOSARI, "Budi", "0820 0000 0902")
    page = camat.asks()

    assert "2 operator desa kami beri tahu" in page.text
    assert "Yth. Op. Koanda, Camat Tamban mohon isian desa untuk laporan" in camat.texts(SARI)[0]

    sent = camat.sends(SARI, **{"n.tps-siap": "4", "c.tps": "attention", "k.tps": "Atap bocor"})
    assert sent.status_code == 200
    assert "Terkirim" in sent.text
    camat.sends(BUDI, **{"n.tps-siap": "1.003", "c.tps": "safe"})

    page = camat.villages()
    assert "2 dari 2 desa sudah mengisi" in page
    assert "<strong>1.007</strong>, dari 2 desa" in page
    assert "Desa Koanda, Kesiapan TPS: Perlu perhatian. Atap bocor" in page

    form = camat.post(f"/{camat.code}", answer="villages", seen="0", **{"n.kejadian": "2"})
    assert form.status_code == 422
    assert 'name=n.tps-siap inputmode=numeric value="1007"' in form.text
    assert 'name=n.kejadian inputmode=numeric value="2"' in form.text
    assert "Desa Koanda: Atap bocor" in form.text
    assert camat.desk.reports(camat.key) == []


def named(camat: Camat) -> Camat:
    camat.names(KOANDA, "Sari", "0820 0000 0901")
    camat.names(PURWOSARI, "Budi", "0820 0000 0902")
    return camat


def test_an_aide_is_asked_once_and_reminded_once_and_whoever_sent_is_left_alone(camat):
    named(camat).asks()
    assert "Tidak ada yang perlu diberi tahu" in camat.asks().text
    camat.sends(BUDI, **{"n.tps-siap": "3"})

    camat.desk.clock.reads("H-7 12:40")
    camat.asks()
    camat.desk.clock.reads("H-7 13:20")
    camat.asks()

    assert [len(camat.texts(number)) for number in (SARI, BUDI)] == [2, 1]


def test_who_has_sent_is_asked_once_more_when_the_report_is_returned(camat):
    named(camat).asks()
    camat.sends(BUDI, **{"n.tps-siap": "3"})
    camat.desk.files(camat.key)
    camat.desk.clock.reads("H-7 13:00")
    camat.desk.returns(camat.key, "H-6 10:00")
    camat.desk.clock.reads("H-7 13:10")

    camat.asks()
    assert "belum mengisi lagi; isian sebelumnya tetap dihitung" in camat.villages()
    camat.asks()

    assert [len(camat.texts(number)) for number in (SARI, BUDI)] == [2, 2]
    camat.sends(BUDI, **{"n.tps-siap": "5"})
    assert "<strong>5</strong>, dari 1 desa" in camat.villages()


def test_nothing_is_chased_in_a_village(camat):
    named(camat).asks()
    camat.desk.clock.reads("H-6 09:00")

    assert len(camat.texts(SARI)) == 1
    assert any("belum kami terima" in text for text in camat.desk.phone(CAMAT).texts)


def test_a_request_in_quiet_hours_waits_and_is_dropped_once_the_report_came(camat):
    named(camat)
    camat.desk.clock.reads("H-7 21:30")
    camat.token = camat.web.given(CAMAT)
    camat.asks()
    assert camat.texts(SARI) == []

    camat.desk.files(camat.key)
    camat.desk.clock.reads("H-6 09:00")

    assert camat.texts(SARI) == []


def test_what_is_valid_is_kept_and_the_rest_is_asked_again(camat):
    named(camat).asks()

    page = camat.sends(SARI, **{"n.tps-siap": "4", "n.desa-logistik": "satu", "c.tps": "meledak", "x.y": "1"})

    assert page.status_code == 422
    assert "Yang benar sudah kami simpan" in page.text
    assert "satu" in page.text
    assert [own.fields for own in asked(camat.web) if own.fields] == [{"n.tps-siap": "4"}]


def test_an_empty_form_is_asked_again_without_a_button_that_is_not_there(camat):
    camat.names(KOANDA, "Sari", "0820 0000 0901")
    camat.asks()

    page = camat.sends(SARI, seen="0")

    assert page.status_code == 422
    assert "mohon isi satu angka" in page.text
    assert "Nihil" not in page.text
    assert "belum mengisi" in camat.villages()


def test_a_village_is_asked_only_for_what_adds_up(camat):
    named(camat).asks()
    camat.sends(
        SARI, **{"c.netralitas": "troubled", "k.netralitas": "x", "facts": "y", "p.tps": "1", "n.tps-siap": "4"}
    )

    page = camat.web.get(f"/d/{camat.link_of(SARI)}").text

    assert "Kesiapan TPS" in page
    assert "Netralitas" not in page
    assert "Catat sebagai permasalahan" not in page
    assert "<input type=file" not in page
    assert [own.fields for own in asked(camat.web) if own.fields] == [{"n.tps-siap": "4"}]


def test_a_link_shows_one_village_alone_and_opens_nothing_of_the_district(camat):
    named(camat).asks()
    camat.sends(BUDI, **{"n.tps-siap": "731", "k.tps": "Rahasia Budi"})
    token = camat.link_of(SARI)

    assert "Rahasia" not in camat.web.get(f"/d/{token}").text
    other = camat.desk.code(camat.desk.key("harian", "Mekarsari", "H-7"))
    assert camat.web.get(f"/d/{token}/{other}").status_code == 404
    assert camat.web.get(f"/l/{token}").status_code == 404
    assert camat.web.get(f"/l/{token}/{camat.code}").status_code == 404
    assert camat.web.get(f"/d/{camat.token}").status_code == 404


@pytest.mark.parametrize("how", ["out", "number", "person", "stranger", "filed", "late"])
def test_a_link_ends_with_what_it_was_for(camat, how):
    named(camat).asks()
    token = camat.link_of(SARI)
    {
        "out": lambda: camat.takes_out(KOANDA),
        "number": lambda: camat.names(KOANDA, "Sari", "0820 0000 0903"),
        "person": lambda: camat.names(KOANDA, "Tini", "0820 0000 0904"),
        "stranger": lambda: camat.web.post(f"/d/{token}/bukan-saya", {"act": "stranger"}),
        "filed": lambda: camat.desk.files(camat.key),
        "late": lambda: camat.desk.clock.reads("H-5 18:00"),
    }[how]()

    sent = camat.web.post(f"/d/{token}/{camat.code}", {"n.tps-siap": "9"})

    assert sent.status_code == (409 if how in ("filed", "late") else 404)
    assert "Terima kasih" in camat.web.get(f"/d/{token}").text
    assert all(not own.fields for own in asked(camat.web))


def test_the_page_that_stops_messages_does_not_lead_to_itself(camat):
    camat.names(KOANDA, "Sari", "0820 0000 0901")
    camat.asks()

    page = camat.web.get(f"/d/{camat.link_of(SARI)}/bukan-saya").text

    assert "Bukan saya: hentikan" in page
    assert "Pesan ini salah alamat?" not in page


def test_whoever_says_that_it_is_not_him_is_shown_to_the_camat_and_to_nobody_above(camat):
    named(camat).asks()
    camat.web.post(f"/d/{camat.link_of(SARI)}/bukan-saya", {"act": "stranger"})
    camat.desk.turn()

    assert "ditarik" in camat.get("/desa").text
    assert "mohon diganti" in camat.villages()
    assert camat.desk.tasks() == []
    assert not any("Operator" in sent.text and sent.letter.to not in (SARI, BUDI) for sent in camat.desk.wire.accepted)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"village": "", "name": "Sari", "sms": "0820 0000 0901"}, 'href="#village"'),
        ({"village": "63.04.01.2006", "name": "Sari", "sms": "0820 0000 0901"}, 'href="#village"'),
        ({"village": KOANDA, "name": "", "sms": "0820 0000 0901"}, 'href="#name"'),
        ({"village": KOANDA, "name": "Sari", "sms": "O820 0000 0901"}, 'href="#sms"'),
        ({"village": KOANDA, "name": "Sari"}, "Mohon diisi nomor HP atau surel"),
        ({"village": KOANDA, "name": "Sari", "email": "sari"}, 'href="#email"'),
    ],
)
def test_what_is_mistyped_about_an_aide_is_said_beside_it(camat, fields, told):
    page = camat.names(**fields)

    assert page.status_code == 422
    assert told in page.text
    assert "0820 0000 0901" in page.text or "sms" not in fields or "O820" in page.text
    assert "0 operator" in camat.get("/desa").text


@pytest.mark.parametrize("office", ["Camat Mekarsari", "Kepala Dinas Kominfo", "Camat Tabunganen"])
def test_only_whoever_reports_for_the_district_names_and_asks(camat, office):
    camat.token = camat.web.given(office)

    assert camat.names(KOANDA, "Sari", "0820 0000 0901").status_code == 403
    assert camat.asks().status_code == 403
    assert camat.get(f"/{camat.code}/desa").status_code == 403


def test_what_he_typed_himself_stays_unless_he_says_so(camat):
    named(camat).asks()
    camat.sends(SARI, **{"n.tps-siap": "4"})

    page = camat.post(f"/{camat.code}", answer="villages", seen="0", **{"n.tps-siap": "40"}).text
    assert 'value="40"' in page
    assert "TPS siap: 40, jumlah desa 4" in page

    page = camat.post(f"/{camat.code}", answer="villages_over", seen="0", **{"n.tps-siap": "40"}).text
    assert 'name=n.tps-siap inputmode=numeric value="4"' in page


def test_the_books_have_a_row_for_each_decision_and_no_number_in_the_record(camat):
    named(camat).asks()
    camat.takes_out(KOANDA)

    with camat.desk.rt.sessions() as session:
        told = [n.say for n in session.scalars(select(Notice).where(Notice.occasion == "aide"))]
        sent = [m.say for m in session.scalars(select(Message).join(Office).where(Office.aide))]
        changed = [(c.what, c.subject, c.text) for c in session.scalars(select(Change).order_by(Change.id))]
    assert told == sent == ["aide", "aide"]
    assert ("aide taken out", f"desa-{KOANDA}", "Operator Desa Koanda") in changed
    assert not any("Sari" in text or "0901" in text for _, _, text in changed)


def test_an_aide_who_writes_stop_is_asked_no_more_and_his_words_are_kept_by_nobody(camat):
    named(camat).asks()
    camat.desk.clock.reads("H-7 12:10")

    writing.kept(camat.web, SARI, "Rahasia TPS 4 siap", "x:1")
    assert "Mohon diisi lewat tautan" in writing.answer(camat.web)
    writing.kept(camat.web, SARI, "STOP", "x:2")
    camat.desk.clock.reads("H-7 12:50")
    camat.token = camat.web.given(CAMAT)
    camat.asks()

    assert [text for text in camat.texts(SARI) if "isian desa untuk" in text] == camat.texts(SARI)[:1]
    assert not any("Rahasia" in str(vars(row)) for row in writing.rows(camat.web))
    assert camat.desk.tasks() == []
    assert "mohon diganti" in camat.villages()


def test_a_camat_who_is_his_own_aide_is_still_heard_as_camat(camat):
    own = camat.desk.address(CAMAT, Channel.SMS)
    camat.names(KOANDA, "Pak Camat", own)

    writing.kept(camat.web, CAMAT, "nihil", "x:1")

    assert camat.desk.reports(camat.key)[0].title == CAMAT


def test_the_number_of_a_camat_who_is_an_aide_too_still_hears_of_his_reports(camat):
    own = camat.desk.address(CAMAT, Channel.SMS)
    camat.names(KOANDA, "Pak Camat", own)
    camat.asks()
    camat.desk.clock.reads("H-7 18:00")

    texts = camat.texts(own)
    assert len([text for text in texts if "/d/" in text]) == 1
    assert any("belum kami terima" in text and "/l/" in text for text in texts)


def test_erasing_a_person_finds_aides_and_takes_them_out(camat):
    named(camat).asks()
    camat.sends(SARI, **{"n.tps-siap": "4"})
    token = camat.link_of(SARI)
    desk = camat.desk.programme.desk.code
    assert {own.office for own in people.helping(camat.desk.rt, desk)} == {f"desa-{KOANDA}", f"desa-{PURWOSARI}"}
    assert not any("desa-" in own.office for own in people.listed(camat.desk.rt, desk))

    assert subjects.erase_past(camat.desk.rt, desk, f"desa-{KOANDA}") == (1, 1, 0)

    with camat.desk.rt.sessions() as session:
        kept = [str(vars(row)) for of in (Asked, Contact, Office) for row in session.scalars(select(of))]
    assert not any("Sari" in row or SARI in row for row in kept)
    assert camat.web.get(f"/d/{token}").status_code == 404
    assert [own.office for own in people.helping(camat.desk.rt, desk)] == [f"desa-{PURWOSARI}"]


@pytest.mark.parametrize("person", [SARI, "Sari Wulandari"])
def test_a_person_who_asks_for_it_is_found_as_an_aide_and_erased(camat, person):
    camat.names(KOANDA, "Sari Wulandari", SARI)
    camat.asks()
    desk = camat.desk.programme.desk.code
    assert {own.office for own in subjects.known(camat.desk.rt, desk, person).rows} == {f"desa-{KOANDA}"}

    with camat.desk.rt.sessions() as session:
        found = books.find(session, desk, books.Typed(*contacts.person(person)))
        takes = books.takes(session, found, now=camat.desk.clock.at)

    assert subjects.erase(camat.desk.rt, desk, person, reason="diminta") == takes

    assert takes.reach == 1
    assert "0 operator" in camat.get("/desa").text
    assert not subjects.known(camat.desk.rt, desk, person).rows


def test_what_is_spent_is_removed_after_a_while(camat):
    named(camat).asks()
    camat.sends(SARI, **{"n.tps-siap": "4"})
    camat.takes_out(KOANDA)
    camat.desk.files(camat.key)
    camat.desk.clock.reads("H-6 09:00")
    assert any(own.fields for own in asked(camat.web))

    with camat.desk.rt.sessions.begin() as session:
        later = camat.desk.moment("2024-06-01 09:00")
        aides.tidy(session, {camat.desk.programme.desk.code}, before=later, now=later)

    assert not any(own.fields for own in asked(camat.web))
    assert [own.holder for own in people.helping(camat.desk.rt, camat.desk.programme.desk.code)] == ["Budi"]


def test_why_says_who_was_asked_and_not_what_was_sent(camat):
    named(camat).asks()
    camat.sends(SARI, **{"n.tps-siap": "731", "k.tps": "Rahasia"})

    told = explain.matter(camat.desk.rt, camat.code)
    below = explain.matter(camat.desk.rt, "D-0001")

    assert any("Operator Desa Koanda was asked" in step.what and "sent 2 fields" in step.what for step in told.steps)
    assert any("aide to Operator" in step.what for step in below.steps)
    assert not any("731" in str(own) or "Rahasia" in str(own) for own in (told, below))
