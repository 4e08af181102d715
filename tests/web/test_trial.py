"""While messages go to a folder instead of to people, whoever looks at a page is told first, with the count."""

import pytest

from rules.desk import Channel
from tests.web.signing import signs_in

SAID = "2 pesan tidak dikirim dan hanya disimpan di sistem, 2 di antaranya dalam 24 jam terakhir."


@pytest.fixture
def kept_back(web):
    """A day on which all that was for Camat Tamban, a mail and a text, went to the folder."""
    desk = web.desk
    desk.wire.strangers = {desk.address("Camat Tamban", channel) for channel in (Channel.SMS, Channel.EMAIL)}
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.reads("H-1 15:01")
    return web


def test_a_forgotten_trial_is_the_first_thing_the_secretariat_reads(kept_back):
    kept_back.books.trial = True

    page = signs_in(kept_back, "Sekretariat Desk").get("/sekretariat").text

    assert f"Mode uji coba: {SAID}" in page
    assert page.index("Mode uji coba") < page.index("laporan diterima")


@pytest.mark.parametrize(("trial", "word"), [(True, "Mode uji coba"), (False, "Perhatian")])
def test_the_health_page_says_how_many_messages_nobody_got(kept_back, trial, word):
    kept_back.books.trial = trial

    page, facts = kept_back.get("/").text, kept_back.get("/healthz").json()

    assert f"{word}: {SAID}" in page
    assert (facts["trial"], facts["kept_back"], facts["kept_back_lately"]) == (trial, 2, 2)


def test_a_trial_is_said_before_anything_was_kept_back_and_nothing_is_said_without_one(web):
    before = web.get("/").text
    web.books.trial = True

    assert "tidak dikirim" not in before
    assert "Mode uji coba: 0 pesan" in web.get("/").text


def test_what_a_trial_of_last_week_kept_back_is_not_said_any_more(kept_back):
    kept_back.desk.clock.reads("H+2 15:02")

    assert "tidak dikirim" not in kept_back.get("/").text
