"""Stories of teams that answer by their links, or do not: what they see, and what everybody hears because of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

from rules.desk import Channel
from rules.filing import Standing
from tests.web.conftest import receipt

CAMAT, KADIS, COORDINATOR = "Camat Tamban", "Kadis Kominfo", "Asisten Pemerintahan"
GOOD = {"answer": "report", "c.logistik": "safe", "facts": "Logistik tiba."}


def until(web, words):
    return web.desk.moment(words).astimezone(UTC).isoformat()


def test_a_silent_team_is_chased_until_it_files_by_its_link_and_then_everybody_hears_nothing(web, daily):
    web.desk.clock.reads("H-7 19:00")
    assert "kami tunggu s.d." in web.desk.phone(CAMAT).last
    assert "belum kami terima" in web.desk.phone(COORDINATOR).last

    page = web.answers(web.link(CAMAT), daily, seen="0", **GOOD)
    before = len(web.desk.messages())
    web.desk.clock.reads("H-5 12:00")

    assert receipt(page) == web.desk.reports(daily)[0].number
    assert len(web.desk.messages()) == before
    assert web.desk.obligation(daily).standing is Standing.RECEIVED


def test_two_offices_of_one_team_that_answer_otherwise_at_once_get_one_report_and_one_word(web, daily):
    tokens = {who: web.given(who) for who in (CAMAT, KADIS)}

    with ThreadPoolExecutor(2) as both:
        pages = list(both.map(lambda who: web.answers(tokens[who], daily, seen="0", **GOOD | {"facts": who}), tokens))

    (kept,) = web.desk.reports(daily)
    assert sorted(page.status_code for page in pages) == [200, 409]
    assert kept.number in next(page.text for page in pages if page.status_code == 200)
    assert "baru saja kami terima" in next(page.text for page in pages if page.status_code == 409)


def test_a_report_that_comes_while_its_reminder_is_under_way_is_received_and_asked_for_no_more(web, daily):
    """The provider is slow: the answer comes by an older link before the reminder is handed over."""
    older = web.link(CAMAT, Channel.EMAIL)
    pages = []
    hand_over = web.desk.wire.send

    def slow(letter):
        if not pages:
            pages.append(web.answers(older, daily, answer="nil", seen="0"))
        return hand_over(letter)

    web.desk.wire.send = slow
    web.desk.clock.reads("H-7 16:30")
    web.desk.wire.send = hand_over
    before = len(web.desk.messages())
    web.desk.clock.reads("H-6 16:30")

    assert receipt(pages[0]) == web.desk.reports(daily)[0].number
    assert len(web.desk.reports(daily)) == 1
    assert len(web.desk.messages()) == before
    assert web.desk.heard(COORDINATOR) == []


def test_a_promise_is_kept_and_nobody_is_told(web, daily):
    web.answers(web.given(CAMAT), daily, answer="promise", until=until(web, "H-7 17:00"))
    before = len(web.desk.messages())

    web.desk.clock.reads("H-7 16:45")
    page = web.answers(web.given(CAMAT), daily, seen="0", **GOOD)
    web.desk.clock.reads("H-6 16:00")

    assert page.status_code == 200
    assert len(web.desk.messages()) == before
    assert web.desk.obligation(daily).due_at == web.desk.moment("H-7 15:00")


def test_a_promise_is_broken_and_the_chase_goes_on_from_there(web, daily):
    web.answers(web.given(CAMAT), daily, answer="promise", until=until(web, "H-7 17:00"))

    web.desk.clock.reads("H-7 16:59")
    assert len(web.desk.phone(CAMAT)) == 0
    web.desk.clock.reads("H-6 12:00")

    assert len(web.desk.phone(CAMAT)) > 0
    assert web.desk.heard(COORDINATOR) != []
