"""Pages for a weak phone: small, whole without a script, and read aloud as they are meant."""

import gzip
import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser

import pytest

from models.matters.owing import one
from rules import forms
from web import pages as rendered
from web import views

LARGEST = 15 * 1024
FORM = 22 * 1024
"""A form repeats for every indicator what is folded until a tick. It is packed on its way, and repeats cost little."""


class Reader(HTMLParser):
    """What a screen reader and a browser would take from a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.ids, self.names, self.stack = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append((tag, found, tuple(self.stack)))
        self.ids += [found["id"]] if "id" in found else []
        if tag not in {"input", "meta", "br", "link"}:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag


@pytest.fixture
def pages(web, daily):
    token, code = web.given("Camat Tamban"), web.desk.code(daily)
    return {
        "list": web.get(f"/l/{token}"),
        "form": web.get(f"/l/{token}/{code}"),
        "incident": web.get(f"/l/{token}/kejadian"),
        "other": web.get(f"/l/{token}/{code}/lain"),
        "wrong": web.post(f"/l/{token}/{code}", {"answer": "report", "n.kejadian": "-5", "c.logistik": "troubled"}),
        "help": web.get("/l/x"),
        "health": web.get("/"),
        "receipt": web.answers(token, daily, answer="nil"),
    }


def test_every_page_is_small(pages):
    for name, page in pages.items():
        most = FORM * 1.3 if name in ("form", "wrong") else LARGEST
        assert len(page.content) < most, (name, len(page.content))
        assert 'lang="id"' in page.text


def test_a_page_and_its_script_travel_in_less_than_half_of_what_is_allowed(web, pages):
    """What is counted is what goes over the line: both are packed, and the script is asked for once."""
    script = web.get(rendered.script_path("team"))

    for page in pages.values():
        assert int(page.headers["content-length"]) + int(script.headers["content-length"]) < LARGEST / 2
    assert "immutable" in script.headers["cache-control"]


def test_no_script_is_in_a_page_and_the_one_beside_it_is_named_by_its_hash(web, pages):
    script = rendered.script("team")
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()

    for name, page in pages.items():
        found = re.findall("<script[^>]*>[^<]*", page.text)
        wanted = (
            []
            if name in {"help", "health"}
            else [f'<script defer src="{rendered.script_path("team")}" integrity="sha256-{digest}">']
        )
        assert found == wanted, name
        assert f"script-src 'self' 'sha256-{digest}' " in page.headers["content-security-policy"]
    assert web.get(rendered.script_path("team")).text == script


def test_every_field_has_a_label_and_every_reference_leads_somewhere(pages):
    for name, page in pages.items():
        read = Reader(page.text)
        assert len(read.ids) == len(set(read.ids)), name
        for tag, attrs, inside in read.tags:
            if tag in {"input", "textarea", "select"} and attrs.get("type") != "hidden":
                assert "label" in inside, (name, attrs)
            for wanted in " ".join(filter(None, map(attrs.get, ("aria-describedby", "aria-labelledby")))).split():
                assert wanted in read.ids, (name, wanted)
            if tag == "a" and attrs["href"].startswith("#"):
                assert attrs["href"][1:] in read.ids, (name, attrs)
        assert [tag for tag, *_ in read.tags].count("h1") == 1


@pytest.mark.parametrize("duty", ["mingguan", "harian", "hari-h", "akhir"])
def test_every_form_of_ours_fits_even_with_everything_wrong(web, daily, duty):
    form = web.books.form(duty)
    wrong = {f"n.{figure.code}": "1,245" for figure in form.figures()}
    wrong |= {f"c.{own.code}": "troubled" for own in form.indicators}
    with web.desk.rt.sessions.begin() as session:
        item = one(session, next(iter(web.desk.rt.programmes)), web.desk.code(daily))
    shown = views.item(web.desk.programme, item, web.desk.clock.at)
    common = {
        "base": "",
        "token": "0" * 16,
        "secretariat": "Sekretariat Desk",
        "item": shown,
        "filed": "",
        "kept": False,
        "below": None,
        "taken": None,
        "reporter": "Camat Tamban",
        "place": "63.04.02",
        "office": "Camat Tamban",
    }

    villages = {f"63.04.02.20{number}": f"Desa Tinggiran Tengah {number}" for number in range(10, 32)}
    empty = rendered.page("team/form", **common, **views.form(form, {}, None, villages))
    full = rendered.page("team/form", **common, **views.form(form, wrong, forms.read(form, wrong), villages))

    assert len(empty.body) < FORM, len(empty.body)
    assert len(full.body) < FORM * 1.3, len(full.body)
    packed = [len(gzip.compress(text, 6)) for text in (full.body, rendered.script("team").encode())]
    assert sum(packed) < LARGEST / 2, packed


def test_a_busy_office_gets_a_page_that_fits(web, desk):
    desk.clock.at = desk.moment("H 23:30")

    page = web.get(f"/l/{web.given('Camat Tamban')}")

    assert len(re.findall("<section", page.text)) >= 8
    assert len(page.content) < LARGEST
