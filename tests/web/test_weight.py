"""What a phone on one bar of signal waits for a page of a link: 50 kbit/s, 400 ms there and back."""

import gzip
import re

import pytest

from rules.desk import Channel

A_SECOND, TRIP, TRIPS = 6250, 0.4, 3
"""Bytes a second; seconds there and back; how often: for the connection, for its encryption, for the page."""


def seconds(page) -> float:
    """Until all of a page is there. What it loads afterwards (its script) it does not need to be read and sent."""
    assert "<link" not in page.text, "a style that is loaded apart holds the page up"
    assert all("defer" in tag for tag in re.findall(r"<script[^>]*src[^>]*>", page.text))
    headers = sum(len(name) + len(value) + 4 for name, value in page.headers.items())
    return TRIPS * TRIP + (headers + len(gzip.compress(page.content, 6))) / A_SECOND


@pytest.fixture
def token(web, daily):
    return web.link("Camat Tamban", Channel.EMAIL)


def test_a_page_of_a_link_is_there_soon_on_a_bad_line(web, daily, token):
    code = web.desk.code(daily)
    listed = web.get(f"/l/{token}")
    form = web.get(f"/l/{token}/{code}")
    receipt = web.answers(token, daily, answer="nil")

    assert [page.status_code for page in (listed, form, receipt)] == [200, 200, 200]
    assert "Tanda terima" in receipt.text
    assert (seconds(listed) < 2.5, seconds(form) < 4, seconds(receipt) < 2) == (True, True, True)
