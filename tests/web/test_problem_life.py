"""What is done about a problem on its page: who may do it, and two who do it at once."""

import io
import re

import pytest
from PIL import Image

from models.matters import issues
from models.matters.issues import Issue, Step
from rules.policy import Severity
from tests.web.conftest import URL
from tests.web.test_coordinator import comes_in, decides, place, word

COORDINATOR, SECRETARY, CAMAT, HEAD, BPBD = (
    "Asisten Pemerintahan",
    "Kepala Kesbangpol",
    "Camat Tamban",
    "Kadis Kominfo",
    "Kepala BPBD",
)
TYPED = "Kotak dipinjam dari kecamatan tetangga"


@pytest.fixture
def problem(web):
    """A problem of Tamban that its Camat reported."""
    web.desk.owes_only()
    web.desk.clock.reads("H-2 09:00")
    return web.desk.has_a_problem()


def steps(web, code):
    id = web.desk.matter(code).id
    with web.desk.rt.sessions() as session:
        return [event.step for event in issues.events(session, id)]


def issue(web, code):
    id = web.desk.matter(code).id
    with web.desk.rt.sessions() as session:
        return session.get_one(Issue, id)


def buttons(web, code):
    return set(re.findall(r'name="act" value="(\w+)"', web.get(place(web, code)).text))


OWNERS = {"acknowledge", "postpone", "hand_on", "resolve", "follow_up", "recommend"}
ABOVE = OWNERS | {"set_due", "grade", "merge", "restrict"}


@pytest.mark.parametrize(
    ("office", "open_", "resolved"),
    [
        pytest.param(COORDINATOR, ABOVE, {"reopen", "restrict"}, id="its coordinator, who resolved it"),
        pytest.param(SECRETARY, ABOVE | {"report"}, {"confirm", "reopen", "restrict", "report"}, id="the secretary"),
        pytest.param("Sekda", ABOVE, {"confirm", "reopen", "restrict"}, id="the chair"),
        pytest.param("Sekretariat Desk", {"follow_up", "recommend", "report"}, {"report"}, id="the secretariat"),
        pytest.param(CAMAT, set(), {"confirm", "reopen"}, id="who reported it"),
        pytest.param(HEAD, OWNERS, {"reopen"}, id="who has it"),
    ],
)
def test_who_finds_which_buttons(web, problem, office, open_, resolved):
    web.desk.hands_on(problem, HEAD, "Jaringan")
    comes_in(web, office)
    assert buttons(web, problem) == open_

    web.desk.resolves(problem, "Selesai")

    assert buttons(web, problem) == resolved


@pytest.mark.parametrize("office", [BPBD, "Camat Mekarsari"])
def test_an_office_of_another_place_reads_nothing_of_it(web, problem, office):
    comes_in(web, office)

    assert web.get(place(web, problem)).status_code == 403


def test_who_reported_it_follows_the_link_of_the_message_and_confirms(web, problem):
    web.desk.resolves(problem, "Kotak diganti")
    web.desk.turn()
    assert "Mohon dikonfirmasi: https://desk.example/m/" in web.desk.phone(CAMAT).last
    comes_in(web, CAMAT)
    assert f'href="{place(web, problem)}"' in web.get("/beranda").text.partition("mohon dikonfirmasi")[2]

    assert "Kotak diganti" in web.get(place(web, problem)).text
    assert decides(web, problem, "confirm").status_code == 303

    assert "mohon dikonfirmasi" not in web.get("/beranda").text
    assert issue(web, problem).confirmed_at == web.desk.clock.at
    assert "Selesai: Kotak diganti" in web.get(place(web, problem)).text


@pytest.mark.parametrize(
    ("office", "asked"), [(COORDINATOR, False), (SECRETARY, False), (BPBD, False), ("Camat Mekarsari", False)]
)
def test_what_he_resolved_himself_or_is_elsewhere_nobody_is_asked_to_confirm(web, problem, office, asked):
    web.desk.resolves(problem, "Kotak diganti")

    comes_in(web, office)

    assert ("mohon dikonfirmasi" in web.get("/beranda").text) is asked


def test_nobody_confirms_on_the_page_what_he_resolved(web, problem):
    comes_in(web, COORDINATOR)
    decides(web, problem, "resolve", text="Selesai")

    page = web.post(place(web, problem), hidden(web, problem) | {"act": "confirm"})

    assert page.status_code == 409
    assert issue(web, problem).confirmed_at is None


def hidden(web, code):
    return dict(re.findall(r'name="(word|round|seen)" value="([^"]*)"', web.get(place(web, code)).text))


def test_what_is_put_off_says_until_when_and_why(web, problem):
    comes_in(web, COORDINATOR)

    decides(web, problem, "postpone", text="Jalan putus")

    page = web.get(place(web, problem)).text
    assert re.search(r"Ditunda sampai \w+ \d+/\d, \d\d\.\d\d WITA\.", page)
    assert re.search(r"Ditunda sampai [^,]+, [^,]+, Asisten Pemerintahan melalui halaman desk\. Jalan putus", page)


def test_the_page_says_when_the_next_step_is_late(web, problem):
    comes_in(web, COORDINATOR)
    assert "Langkah berikut paling lambat Senin 12/2, 09.30 WITA." in web.get(place(web, problem)).text

    web.desk.clock.reads("H-2 09:36")

    assert "Langkah berikut terlambat: seharusnya paling lambat" in web.get(place(web, problem)).text


def test_how_grave_it_is_and_when_its_next_step_is_due_are_changed_by_hand(web, problem):
    comes_in(web, COORDINATOR)

    assert decides(web, problem, "grade", severity="medium", text="Hanya satu TPS").status_code == 303
    assert decides(web, problem, "set_due").status_code == 303

    assert issue(web, problem).severity is Severity.MEDIUM
    assert steps(web, problem)[-2:] == [Step.GRADED, Step.DUE_SET]
    assert decides(web, problem, "grade", severity="huge", text="Coba").status_code == 400


def test_a_duplicate_points_to_the_other_and_the_other_to_it(web, problem):
    twin = web.desk.has_a_problem("Kotak yang sama")
    comes_in(web, COORDINATOR)

    assert decides(web, twin, "merge", into=problem.lower(), text="Sama").status_code == 303

    page = web.get(place(web, twin)).text
    assert re.search(rf'berlanjut pada\s+<a href="{place(web, problem)}">{problem}</a>', page)
    assert buttons(web, twin) == {"part", "restrict"}
    assert f'href="{place(web, twin)}"' in web.get(place(web, problem)).text

    assert decides(web, twin, "part", text="TPS lain").status_code == 303
    assert "Belum selesai" in web.get(place(web, twin)).text


def test_what_cannot_be_merged_is_said_and_what_was_typed_stays(web, problem):
    elsewhere = web.desk.has_a_problem("Banjir", district="63.04.01", by="Camat Tabunganen")
    comes_in(web, COORDINATOR)

    for into in ("P-0099", problem, elsewhere):
        page = decides(web, problem, "merge", into=into, text=TYPED)
        assert page.status_code == 409
        assert f">{TYPED}</textarea>" in page.text
        assert f'value="{into}"' in page.text
    assert Step.MERGED not in steps(web, problem)


# -- two at once -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "more"),
    [("resolve", {}), ("postpone", {}), ("hand_on", {"to": "kadis-kominfo"}), ("merge", {"into": "P-0002"})],
)
def test_the_second_of_two_sees_what_changed_keeps_what_he_typed_and_decides_again(web, problem, act, more):
    web.desk.has_a_problem("Kotak yang sama")
    comes_in(web, COORDINATOR)
    web.get(place(web, problem))
    known = hidden(web, problem)
    web.desk.follows_up(problem, "Genset sudah dipasang", by=SECRETARY)
    until = {"until": re.search(r'option value="(20[^"]+)"', web.get(place(web, problem)).text)[1]}

    page = web.post(place(web, problem), known | until | more | {"act": act, "text": TYPED})

    assert page.status_code == 409
    box = re.search(r'<div class="box" role="alert">.*?</div>', page.text, re.DOTALL)[0]
    assert "Genset sudah dipasang" in box
    assert TYPED in box
    assert f">{TYPED}</textarea>" in page.text
    assert steps(web, problem)[-1] is Step.FOLLOWED_UP

    again = web.post(place(web, problem), hidden(web, problem) | until | more | {"act": act, "text": TYPED})
    assert again.status_code == 303


def test_who_comes_too_late_to_a_resolved_problem_still_has_what_he_typed(web, problem):
    comes_in(web, COORDINATOR)
    known = hidden(web, problem)
    web.desk.resolves(problem, "Kotak diganti", by=SECRETARY)

    for act in ("resolve", "follow_up"):
        page = web.post(place(web, problem), known | {"act": act, "text": TYPED})
        assert page.status_code == 409
        assert TYPED in page.text
        assert "Kotak diganti" in page.text


def test_two_who_note_something_at_once_do_not_stand_in_each_others_way(web, problem):
    comes_in(web, COORDINATOR)
    known = hidden(web, problem)
    web.desk.follows_up(problem, "Genset dipasang", by=SECRETARY)

    assert web.post(place(web, problem), known | {"act": "follow_up", "text": TYPED}).status_code == 303

    assert steps(web, problem)[-2:] == [Step.FOLLOWED_UP, Step.FOLLOWED_UP]


def test_what_is_missing_is_said_on_the_page_and_nothing_typed_is_lost(web, problem):
    comes_in(web, COORDINATOR)
    known = hidden(web, problem)

    page = web.post(place(web, problem), known | {"act": "postpone", "until": "besok", "text": TYPED})

    assert page.status_code == 422
    assert f">{TYPED}</textarea>" in page.text


# -- photos ------------------------------------------------------------------------------------------------------------


def sends(web, code, name, data, kind):
    form = hidden(web, code) | {"act": "follow_up", "text": "Genset dipasang"}
    files = {"files": (name, data, kind)}
    return web.client.post(place(web, code), data=form, files=files, headers={"Origin": URL})


def test_a_photo_comes_with_what_was_done(web, problem):
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(photo, "JPEG")
    comes_in(web, COORDINATOR)

    assert sends(web, problem, "a.jpg", photo.getvalue(), "image/jpeg").status_code == 303

    page = web.get(place(web, problem)).text
    link = re.search(rf'href="({place(web, problem)}/\d+/1)"', page)[1]
    assert web.get(link).headers["content-type"] == "image/jpeg"


def test_what_is_no_photo_is_refused_and_the_words_stay(web, problem):
    comes_in(web, COORDINATOR)

    page = sends(web, problem, "a.exe", b"MZ not a photo", "image/jpeg")

    assert page.status_code == 422
    assert ">Genset dipasang</textarea>" in page.text
    assert steps(web, problem) == [Step.OPENED]


def test_no_file_is_read_of_somebody_who_is_not_signed_in(web, problem):
    web.client.cookies.clear()

    files = {"files": ("a.jpg", b"x", "image/jpeg")}
    page = web.client.post(place(web, problem), data={"act": "follow_up"}, files=files, headers={"Origin": URL})

    assert page.status_code == 403


def test_the_secretariat_asks_for_a_special_report_once(web, problem):
    comes_in(web, "Sekretariat Desk")

    answer = decides(web, problem, act="report", text="Perahu hilang, 12 TPS terdampak")

    assert answer.status_code == 303
    shown = web.get(place(web, problem)).text
    assert "Laporan khusus kepada Pemerintah" in shown
    assert "report" not in buttons(web, problem)
    again = {"word": word(web), "act": "report", "text": "Sekali lagi"}
    assert web.post(place(web, problem), again).status_code == 409


def test_a_coordinator_asks_for_no_special_report(web, problem):
    comes_in(web, COORDINATOR)

    assert decides(web, problem, act="report", text="Mohon dilaporkan").status_code == 403


SECRETARIAT = "Sekretariat Desk"


def phones(web, code, office, act, **fields):
    """The secretariat notes what an office said."""
    comes_in(web, SECRETARIAT)
    page = web.get(place(web, code)).text
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'name="from"' in f)
    hidden = dict(re.findall(r'name="(word|round|seen)" value="([^"]*)"', form))
    until = re.search(r'name="until">\s*<option value="([^"]*)"', form)
    offered = {"until": until[1]} if until else {}
    return web.post(place(web, code), hidden | offered | {"from": web.desk.office(office), "act": act} | fields)


def test_what_an_office_said_on_the_phone_is_its_own_step_noted_by_the_secretariat(web, problem):
    assert phones(web, problem, COORDINATOR, "acknowledge", text="Perahu dicari").status_code == 303
    assert phones(web, problem, COORDINATOR, "follow_up", text="Perahu sudah didapat").status_code == 303
    assert phones(web, problem, COORDINATOR, "resolve", text="Kotak sudah tiba").status_code == 303
    assert phones(web, problem, CAMAT, "confirm", text="Benar").status_code == 303

    id = web.desk.matter(problem).id
    with web.desk.rt.sessions() as session:
        events = issues.events(session, id)
        offices = {event.office_id for event in events}
    assert [event.step for event in events][-4:] == [
        Step.ACKNOWLEDGED,
        Step.FOLLOWED_UP,
        Step.RESOLVED,
        Step.CONFIRMED,
    ]
    assert {event.way for event in events[-4:]} == {"phone"}
    assert len(offices) == 2
    assert "telepon" in web.get(place(web, problem)).text


@pytest.mark.parametrize(
    ("office", "act"),
    [(CAMAT, "resolve"), (HEAD, "follow_up"), (COORDINATOR, "grade"), (COORDINATOR, "hand_on"), (SECRETARY, "merge")],
)
def test_nobody_does_by_phone_what_he_may_not_do_himself(web, problem, office, act):
    before = steps(web, problem)

    answer = phones(web, problem, office, act, text="Mohon", severity="low", to=web.desk.office(HEAD), into="P-0001")

    assert answer.status_code in (400, 403)
    assert steps(web, problem) == before


def test_only_who_keeps_the_books_notes_for_others(web, problem):
    comes_in(web, COORDINATOR)
    page = web.get(place(web, problem)).text
    hidden = dict(re.findall(r'name="(word|round|seen)" value="([^"]*)"', page))

    assert 'name="from"' not in page
    answer = web.post(
        place(web, problem), hidden | {"from": web.desk.office(CAMAT), "act": "follow_up", "text": "Katanya"}
    )
    assert answer.status_code == 400
