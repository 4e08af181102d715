"""The front page of the machine: for whoever types the desk's address without knowing where to go."""

import pytest


@pytest.mark.parametrize("prefix", ["", "/desk"])
def test_the_first_page_leads_to_where_one_signs_in(web, prefix):
    web.books.public_url = f"https://desk.example{prefix}"

    assert f'href="{prefix}/masuk"' in web.get("/").text


def test_the_last_turn_is_shown_by_a_clock_at_the_desk(web):
    web.desk.clock.reads("2024-02-13 08:00")

    assert "2024-02-13 08.00.00 WITA" in web.get("/").text


def test_a_clock_that_stands_is_told_to_whoever_asks_from_outside(web):
    web.desk.clock.reads("2024-02-13 08:00")
    turns = web.get("/healthz")
    web.desk.clock.jumps("2024-02-13 08:03")
    stands = web.get("/healthz")

    assert [(page.status_code, page.json()["alive"]) for page in (turns, stands)] == [(200, True), (503, False)]
