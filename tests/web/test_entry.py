"""Coming in: by a link that was sent to a known address, once, for a short time, and nobody else."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.delivery import deliver
from models.offices import offices, sessions
from models.offices.sessions import SignedIn, SignIn
from rules.delivery import State
from rules.desk import Channel
from rules.ladder import Say
from rules.sessions import MOST, MOST_A_DAY, MOST_AT_A_DESK, MOST_IN_ALL, Asked, answered
from tests.web.conftest import URL
from tests.web.test_safety import NASTY
from web.guards.limits import Buckets, caller

ASISTEN = "Asisten Pemerintahan"
MAIL, PHONE = "asisten1@desk.example", "0820 0000 0028"
PRESSED = {"pressed": ""}
DOOR = re.compile(rf"{URL}/m/([0-9A-Za-z]{{16}})")


@pytest.fixture(autouse=True)
def quiet(request, desk):
    """Nothing is owed but what a test names."""
    if "daily" not in request.fixturenames:
        desk.owes_only()


def token(web, office=ASISTEN, channel=Channel.EMAIL):
    """What stands behind /m/ in the last message."""
    return DOOR.search(web.desk.inbox(office, channel).last)[1]


def asks(web, address=MAIL):
    page = web.post("/masuk", {"address": address})
    web.desk.turn()
    return page


def comes_in(web, office=ASISTEN, address=MAIL, channel=Channel.EMAIL):
    asks(web, address)
    return web.post(f"/m/{token(web, office, channel)}", PRESSED)


def kept(web, model):
    with web.desk.rt.sessions.begin() as session:
        return list(session.scalars(select(model).order_by(model.id)))


@pytest.mark.parametrize(("address", "channel"), [(MAIL, Channel.EMAIL), (PHONE, Channel.SMS), (MAIL.upper(), "email")])
def test_a_link_comes_to_the_known_address_and_lets_in(web, address, channel):
    asks(web, address)
    found = token(web, channel=Channel(channel))

    looked = web.get(f"/m/{found}")
    entered = web.post(f"/m/{found}", PRESSED)
    home = web.get("/beranda")

    assert "Yth. Asisten Pemerintahan" in looked.text
    assert "<button>Masuk</button>" in looked.text
    assert (entered.status_code, entered.headers["location"]) == (303, "/koordinasi")
    assert home.status_code == 200
    assert "Masuk sebagai Asisten Pemerintahan" in home.text


def test_the_text_is_one_segment_and_the_books_keep_no_token(web):
    asks(web, PHONE)
    found = token(web, channel=Channel.SMS)

    (message,) = web.desk.messages()

    assert message.say is Say.SIGN_IN
    assert message.segments == 1
    assert f"/m/{found[:4]}************" in message.text
    assert found not in message.text
    assert all(found not in str(vars(row)) for row in kept(web, SignIn))


def test_the_cookie_is_locked_in_every_way_there_is(web):
    """B219."""
    told = comes_in(web).headers["set-cookie"]

    name, _, rest = told.partition("=")
    assert name == "__Host-desk"
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=28800"} <= set(rest.split("; "))
    assert "Domain" not in told
    (row,) = kept(web, SignedIn)
    assert rest.partition(";")[0] not in str(vars(row))


def test_known_or_not_the_answer_is_the_same_and_given_before_anybody_looks(web):
    """B217."""
    strangers = [MAIL, "nobody@desk.example", "0820 0000 9999", "admin' --", "", "1" * 5000, *NASTY[:-1]]
    web.books.askers = Buckets(a_second=1, burst=len(strangers))

    pages = [asks(web, address) for address in strangers]

    assert {page.status_code for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert [m.say for m in web.desk.messages()] == [Say.SIGN_IN]

    web.books.sessions = None  # whoever looked now would fail
    web.books.askers = Buckets(a_second=1, burst=9)
    assert asks_only(web).text == pages[0].text


def asks_only(web):
    return web.post("/masuk", {"address": MAIL})


def test_looking_at_a_link_spends_nothing(web):
    asks(web)
    found = token(web)

    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        web.client.request(method, f"/m/{found}", headers={"User-Agent": "WhatsApp/2.23"})

    assert kept(web, SignedIn) == []
    assert web.post(f"/m/{found}", PRESSED).headers["location"] == "/koordinasi"


def test_a_second_use_lets_nobody_in_and_offers_a_new_link_to_the_known_address(web):
    asks(web)
    first = token(web)
    web.post(f"/m/{first}", PRESSED)
    web.client.cookies.clear()

    assert web.post(f"/m/{first}", PRESSED).headers["location"] == f"/m/{first}"
    assert "Kirim tautan baru" in web.get(f"/m/{first}").text
    assert web.get("/beranda").status_code == 403

    web.desk.clock.at += timedelta(minutes=3)
    web.post(f"/m/{first}/lagi", PRESSED)
    web.desk.turn()
    assert token(web) != first
    assert web.post(f"/m/{token(web)}", PRESSED).headers["location"] == "/koordinasi"


def test_of_two_at_once_one_comes_in(web):
    asks(web)
    found = token(web)
    with web.desk.rt.sessions.begin() as session:
        link = sessions.opened(session, found, now=web.desk.clock.at)
        came = [sessions.enter(session, link, found, sign, now=web.desk.clock.at) for sign in ("a", "b")]

    assert came == [True, False]


def test_a_link_runs_out_after_half_an_hour(web):
    asks(web)
    web.desk.clock.at += timedelta(minutes=30)

    assert "Kirim tautan baru" in web.get(f"/m/{token(web)}").text
    assert web.post(f"/m/{token(web)}", PRESSED).headers["location"] == f"/m/{token(web)}"
    assert kept(web, SignedIn) == []


def test_a_link_that_leads_nowhere_is_a_page_of_help(web):
    pages = [web.get(f"/m/{wrong}") for wrong in ("x", "0" * 16, "%00", "x" * 3000)]
    pages += [web.post("/m/" + "0" * 16, PRESSED)]

    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1


def test_one_address_is_not_flooded(web):
    for _ in range(5):
        asks(web)
    assert len(web.desk.mailbox(ASISTEN).texts) == 3

    web.desk.clock.at += timedelta(minutes=15)
    asks(web)
    assert len(web.desk.mailbox(ASISTEN).texts) == 4


@pytest.mark.parametrize("office", ["Camat Tamban", "Kepala Dinas Kominfo", "Kepala BPBD", "Sekda", "Sekretariat Desk"])
def test_every_office_of_the_desk_asks_for_its_own_link_whether_it_reports_or_not(web, office):
    asks(web, web.desk.address(office, Channel.EMAIL))
    found = DOOR.search(web.desk.mailbox(office).last)

    assert found
    assert web.post(f"/m/{found[1]}", PRESSED).status_code == 303
    assert web.get("/beranda").status_code == 200


@pytest.mark.parametrize(
    "typed",
    ["+62\u2011820\u20110000\u20110028", "\u202a0820\u00a00000\u00a00028\u202c", " Asisten1@Desk.Example\u200b\n"],
)
def test_what_was_pasted_from_a_chat_is_the_same_address(web, typed):
    asks(web, typed)

    assert [m.say for m in web.desk.messages()] == [Say.SIGN_IN]


def test_strangers_order_no_more_texts_to_one_number_than_a_day_allows(web):
    for _ in range(20):
        asks(web, PHONE)
        web.desk.clock.at += timedelta(minutes=16)

    assert len(web.desk.phone(ASISTEN).texts) == MOST_A_DAY


def test_a_number_that_offices_share_counts_once(web):
    for office in ("Camat Tamban", "Camat Mekarsari", "Camat Tabunganen"):
        web.desk.moves_to(office, Channel.SMS, "+6282000000028")
    for _ in range(8):
        asks(web, PHONE)
        web.desk.clock.at += timedelta(minutes=16)

    assert len(web.desk.texts_to("+6282000000028")) == MOST_A_DAY


def test_who_comes_in_by_his_texts_uses_nothing_up_and_mail_always_goes(web):
    for _ in range(MOST_A_DAY + 2):
        comes_in(web, address=PHONE, channel=Channel.SMS)
        web.desk.clock.at += timedelta(minutes=16)
    assert len(web.desk.phone(ASISTEN).texts) == MOST_A_DAY + 2

    for _ in range(MOST_A_DAY + 2):
        asks(web)
        web.desk.clock.at += timedelta(minutes=16)
    assert len(web.desk.mailbox(ASISTEN).texts) == MOST_A_DAY + 2


@pytest.mark.parametrize(
    "asked",
    [
        Asked(MOST),
        Asked(0, for_number=MOST_A_DAY),
        Asked(0, at_desk=MOST_AT_A_DESK),
        Asked(0, in_all=MOST_IN_ALL),
    ],
)
def test_each_bound_alone_ends_it(asked):
    assert answered(Asked(MOST - 1, MOST_A_DAY - 1, MOST_AT_A_DESK - 1, MOST_IN_ALL - 1))
    assert not answered(asked)


def test_one_who_asks_too_often_locks_nobody_out_who_shares_his_address(web):
    answers = [web.post("/masuk", {"address": "x"}).status_code for _ in range(25)]

    assert answers[-1] == 429
    assert asks(web).status_code == 200
    assert len(web.desk.mailbox(ASISTEN).texts) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_a_caller_by_ipv6_counts_by_its_network(one, other, same):
    assert (caller({"client": (one, 1)}) == caller({"client": (other, 1)})) is same


def test_one_client_is_not_let_guess(web):
    answers = [web.post("/masuk", {"address": "x"}).status_code for _ in range(25)]

    assert set(answers) == {200, 429}


def test_a_dead_contact_gets_no_link_and_its_office_is_signed_out(web):
    comes_in(web)
    assert web.get("/beranda").status_code == 200

    web.desk.loses(ASISTEN, Channel.EMAIL)

    assert web.get("/beranda").status_code == 403
    before = len(web.desk.messages())
    asks(web)
    assert len(web.desk.messages()) == before


def test_who_was_asked_for_while_the_contact_died_hears_nothing(web):
    web.post("/masuk", {"address": MAIL})
    web.desk.loses(ASISTEN, Channel.EMAIL)
    web.desk.turn()

    assert web.desk.mailbox(ASISTEN).texts == []
    assert [m.state for m in web.desk.messages()] == [State.FAILED]


def test_another_address_ends_what_the_old_one_began(web):
    comes_in(web)
    asks(web)
    waiting = token(web)

    web.desk.moves_to(ASISTEN, Channel.EMAIL, "asisten-baru@desk.example")

    assert web.get("/beranda").status_code == 403
    assert web.get(f"/m/{waiting}").status_code == 404


def test_another_holder_signs_the_office_out_and_shuts_its_links(web):
    comes_in(web)
    asks(web)
    waiting = token(web)
    with web.desk.rt.sessions.begin() as session:
        row = offices.by_code(session, web.desk.programme.desk.code, web.desk.office(ASISTEN))
        sessions.end_all(session, row.id, why="another holder", now=web.desk.clock.at)

    assert web.get("/beranda").status_code == 403
    assert web.post(f"/m/{waiting}", PRESSED).headers["location"] == f"/m/{waiting}"
    assert [row.ended_why for row in kept(web, SignedIn)] == ["another holder"]


def test_a_session_ends_after_an_hour_of_silence_and_after_eight_hours(web):
    comes_in(web)
    for _ in range(9):
        web.desk.clock.at += timedelta(minutes=50)
        assert web.get("/beranda").status_code == 200
    web.desk.clock.at += timedelta(minutes=50)
    assert web.get("/beranda").status_code == 403

    web.desk.clock.at += timedelta(hours=1)
    comes_in(web)
    web.desk.clock.at += timedelta(minutes=60)
    assert web.get("/beranda").status_code == 403


def word(web):
    return re.search(r'name="word" value="([0-9a-f]{32})"', web.get("/beranda").text)[1]


def test_signing_out_ends_the_session_and_the_cookie(web):
    comes_in(web)
    sign = dict(web.client.cookies)["__Host-desk"]

    page = web.post("/keluar", {"word": word(web)})

    assert (page.status_code, page.headers["location"]) == (303, "/masuk")
    assert "Max-Age=0" in page.headers["set-cookie"]
    web.client.cookies.set("__Host-desk", sign)
    assert web.get("/beranda").status_code == 403


@pytest.mark.parametrize("sent", [{"other": ""}, {"word": ""}, {"word": "0" * 32}, {"word": "\u00e9"}])
def test_a_form_without_the_word_of_its_session_is_refused(web, sent):
    comes_in(web)

    assert web.post("/keluar", sent).status_code == 403
    assert web.post("/beranda/laporan", sent).status_code == 403
    assert web.get("/beranda").status_code == 200


@pytest.mark.parametrize("path", ["/masuk", "/m/{token}", "/m/{token}/lagi", "/keluar", "/beranda/laporan"])
@pytest.mark.parametrize("headers", [{"Origin": "https://evil.test"}, {"Origin": "null"}, {"Origin": ""}])
def test_a_form_from_elsewhere_is_refused(web, path, headers):
    asks(web)

    page = web.post(path.format(token=token(web)), {"address": PHONE, "word": "x"}, **headers)

    assert page.status_code == 403
    assert kept(web, SignedIn) == []
    assert len(web.desk.messages()) == 1


@pytest.mark.parametrize("sign", ["", "x", "' OR '1'='1", "\xe9", "0" * 32, "a" * 4000])
def test_an_invented_cookie_opens_nothing(web, sign):
    page = web.client.get("/beranda", headers={"Cookie": f"__Host-desk={sign}".encode("latin-1")})

    assert page.status_code == 403
    assert 'href="/masuk"' in page.text


def test_no_address_in_a_request_sends_the_browser_elsewhere(web):
    asks(web)
    page = web.client.post(
        f"/m/{token(web)}?next=https://evil.test&to=//evil.test",
        data={"next": "https://evil.test"},
        headers={"Origin": URL, "Host": "evil.test", "X-Forwarded-Host": "evil.test"},
    )

    assert page.headers["location"] == "/koordinasi"
    assert "evil" not in page.text


def test_an_area_office_gets_from_the_door_to_its_own_list(web, daily):
    comes_in(web, "Camat Tamban", "tamban@desk.example")

    page = web.post("/beranda/laporan", {"word": word(web)})
    listed = web.get(page.headers["location"])

    assert page.headers["location"].startswith("/l/")
    assert web.desk.code(daily) in listed.text


def test_an_office_that_only_coordinates_has_no_list_of_its_own(web):
    comes_in(web)

    assert web.post("/beranda/laporan", {"word": word(web)}).status_code == 403


def test_a_request_that_waited_too_long_is_not_answered_any_more(web):
    web.desk.bell.deaf = True
    web.post("/masuk", {"address": MAIL})
    web.desk.turn()
    web.desk.bell.deaf = False
    web.desk.clock.at += timedelta(minutes=31)
    web.desk.turn()

    assert web.desk.mailbox(ASISTEN).texts == []
    assert [(m.state, m.why) for m in web.desk.messages()] == [(State.CANCELLED, "nobody waits for it any more")]


def test_a_link_that_is_asked_for_neither_waits_for_nor_uses_up_what_else_the_office_may_get(web, daily):
    for _ in range(3):
        asks(web, "0820 0000 0002")
    web.desk.clock.reads("H-7 15:01")

    texts = web.desk.phone("Camat Tamban").texts
    assert len(texts) == 4
    assert "batas waktu laporan" in texts[-1]


def test_whoever_asks_comes_in_while_all_notices_are_held(web, daily):
    """The coordinator is to look at what goes wrong; the reports' messages stay."""
    web.desk.holds("Salah teks")
    web.desk.clock.reads("H-7 15:30")
    before = len(web.desk.wire.accepted)

    entered = comes_in(web)

    assert entered.headers["location"].endswith("/koordinasi")
    assert [sent.letter.say for sent in web.desk.wire.accepted[before:]] == [Say.SIGN_IN]


def test_of_bells_that_rang_before_the_hold_only_what_was_asked_for_is_answered(web, daily):
    web.desk.bell.deaf = True
    web.desk.clock.jumps("H-7 15:00")
    asks(web, "tamban@desk.example")
    asks(web)
    web.desk.holds("Salah teks")
    waiting = [m for m in web.desk.messages() if m.state is State.PENDING]
    web.desk.bell.deaf = False

    for channel in Channel:
        deliver.run(web.desk.rt, channel, [m.id for m in waiting if m.channel is channel])

    assert {m.say for m in waiting} > {Say.SIGN_IN}
    sent = {m.say: m.state for m in web.desk.messages() if m.id in {w.id for w in waiting}}
    assert {say for say, state in sent.items() if state is State.SENT} == {Say.SIGN_IN}
    assert {state for say, state in sent.items() if say is not Say.SIGN_IN} == {State.PENDING}


def test_on_hold_no_more_links_go_to_one_address_than_otherwise(web):
    web.desk.holds("Salah teks")

    for _ in range(5):
        asks(web)

    assert len(web.desk.mailbox(ASISTEN)) == 3


def test_when_the_hold_ends_what_waited_goes_out_and_no_link_twice(web, daily):
    web.desk.holds("Salah teks")
    web.desk.clock.jumps("H-7 15:00")
    asks(web)
    links = len(web.desk.mailbox(ASISTEN))

    web.desk.releases()
    web.desk.clock.reads("H-7 15:05")

    assert (links, len(web.desk.mailbox(ASISTEN)), len(web.desk.phone("Camat Tamban"))) == (1, 1, 1)
