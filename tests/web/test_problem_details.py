"""What a report's form asks of a problem: folded until the tick, chosen by the reporter, kept with the problem."""

import re

import pytest

from tests.web.test_incidents import issue
from tests.web.test_incidents import problems as opened

TICKED = {
    "answer": "report",
    "seen": "0",
    "c.logistik": "troubled",
    "k.logistik": "Kotak basah.",
    "p.logistik": "1",
    "s.logistik": "high",
    "v.logistik": "Desa Koanda",
    "t.logistik": "3",
    "a.logistik": "40",
    "o.logistik": "2024-02-07T11:10",
}


def test_the_form_offers_the_villages_of_its_district_once(web, daily):
    page = web.get(f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}").text

    assert page.count("<datalist") == 1
    assert page.count('<option value="Desa Koanda">') == 1
    assert "Desa Mekarsari" not in page


def test_what_the_form_itself_calls_grave_is_said_and_leaves_no_choice(web, daily):
    page = web.get(f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}").text

    security = page[page.index("<legend>Keamanan") :].partition("</fieldset>")[0]
    assert "Tingkat: sangat rawan atau mendesak, menurut formulir." in security
    assert "s.keamanan" not in security


def test_a_ticked_problem_is_as_grave_and_lies_where_its_reporter_says(web, daily):
    page = web.answers(web.given("Camat Tamban"), daily, **TICKED)

    (matter,) = opened(web)
    own = issue(web, matter.code)
    assert matter.code in page.text
    assert (own.severity, own.village, own.station, own.affected) == ("high", "63.04.02.2011", "3", 40)
    assert own.observed_at == web.desk.moment("H-7 11:10")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"v.logistik": "Mekarsari"}, "v.logistik"), ({"o.logistik": "2024-02-07T12:01"}, "o.logistik")],
)
def test_a_village_of_elsewhere_or_a_time_ahead_is_told_beside_its_field_and_nothing_is_lost(web, daily, wrong, field):
    page = web.answers(web.given("Camat Tamban"), daily, **TICKED | wrong)

    assert page.status_code == 422
    assert re.search(rf'id="e-{field}"', page.text)
    assert all(text in page.text for text in ("Kotak basah.", *wrong.values()))
    assert opened(web) == []


def test_details_without_the_tick_are_asked_about(web, daily):
    page = web.answers(web.given("Camat Tamban"), daily, **{n: t for n, t in TICKED.items() if n != "p.logistik"})

    assert page.status_code == 422
    assert "mohon Catat sebagai permasalahan diberi tanda" in page.text
    assert 'value="Desa Koanda"' in page.text
