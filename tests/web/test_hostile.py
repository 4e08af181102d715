"""Hostile links and texts, each with the answer it must get, and whatever a machine thinks of on every route."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from models.offices import links
from tests.web.conftest import URL, receipt
from tests.web.test_safety import quoted

GOOD = {"answer": "report", "seen": "0", "c.logistik": "safe", "facts": "Logistik tiba."}
TRIED = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def sent(web, daily):
    """Send the form of Tamban's report by a fresh link."""

    def sent(**more):
        return web.post(f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}", GOOD | more)

    return sent


def test_a_link_opens_no_report_of_another_team_b093(web, desk):
    desk.clock.at = desk.moment("H-7 12:00")
    others = desk.key("harian", "Tabunganen", "H-7")
    token = web.given("Camat Tamban")

    answers = [web.get(f"/l/{token}/{desk.code(others)}"), web.answers(token, others, answer="nil")]

    assert [page.status_code for page in answers] == [403, 403]
    assert desk.reports(others) == []


def test_a_link_used_twice_is_one_report_with_one_number_b095(web, daily):
    token = web.given("Camat Tamban")

    pages = [web.answers(token, daily, answer="nil", seen="0") for _ in range(2)]

    assert receipt(pages[0]) == receipt(pages[1])
    assert len(web.desk.reports(daily)) == 1


def test_a_replay_after_a_correction_brings_nothing_back_b096(web, daily, sent):
    sent()
    sent(seen="1", facts="Logistik belum tiba.")

    same, other = sent(), sent(facts="Lain lagi.")

    assert (same.status_code, other.status_code) == (200, 409)
    assert [kept.body["facts"] for kept in web.desk.reports(daily)] == ["Logistik tiba.", "Logistik belum tiba."]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_preview_changes_nothing_and_spends_nothing_b098(web, daily, method):
    token = web.given("Camat Tamban")
    paths = [f"/l/{token}", f"/l/{token}/{web.desk.code(daily)}", f"/l/{token}/{web.desk.code(daily)}/lain"]

    looked = [web.client.request(method, path) for path in paths for _ in range(3)]

    assert {page.status_code for page in looked} == {200}
    assert web.desk.reports(daily) == []
    assert web.answers(token, daily, answer="nil").status_code == 200


@pytest.mark.parametrize("tail", [".", ")", ">", "%3E", ",", "%E2%80%9D"])
def test_a_sign_that_an_app_took_along_does_no_harm_b101(web, daily, tail):
    assert web.get(f"/l/{web.given('Camat Tamban')}{tail}").status_code == 200


@pytest.mark.parametrize("length", range(1, 16))
def test_a_link_that_was_cut_is_explained_b102(web, daily, length):
    page = web.get(f"/l/{web.given('Camat Tamban')[:length]}")

    assert page.status_code == 404
    assert "seluruhnya sampai huruf terakhir" in page.text


def test_links_are_not_signed_so_no_change_of_a_key_ends_them_b103(web, daily):
    """A token is random and kept as its plain hash: no key is in it that could be changed (ADR 9)."""
    token = web.given("Camat Tamban")

    web.books.key = b"another key"

    assert links.hashed(token) == links.hashed(token)
    assert web.get(f"/l/{token}").status_code == 200


def test_a_form_from_elsewhere_is_refused_b107(web, daily):
    path = f"/l/{web.given('Camat Tamban')}/{web.desk.code(daily)}"

    assert web.post(path, GOOD, Origin="https://evil.test").status_code == 403
    assert web.desk.reports(daily) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("1.245", 1245, id="B177"),
        pytest.param("1,245", None, id="B178"),
        pytest.param("-5", None, id="B180"),
        pytest.param("\u0662\u0664\u0665", 245, id="B182"),
        pytest.param("NaN", None, id="B183"),
        pytest.param("0x10", None, id="B186"),
        pytest.param("24S", None, id="B188"),
        pytest.param("\uff11\uff12\uff13", 123, id="B199"),
    ],
)
def test_a_number_is_what_was_meant_or_asked_about(web, daily, sent, typed, kept):
    page = sent(**{"n.tps-siap": typed})

    assert page.status_code == (200 if kept else 422)
    found = [own.body["indicators"]["tps"]["numbers"]["tps-siap"] for own in web.desk.reports(daily)]
    assert found == ([kept] if kept else [])


@pytest.mark.parametrize("text", ["%' OR '1'='1", "_%_%_%_%_%", "id; select pg_sleep(10)", "9" * 20])
def test_what_a_database_might_read_is_a_plain_word_b042_to_b046(web, daily, text):
    token = web.given("Camat Tamban")

    for path in (f"/l/{quoted(text)}", f"/l/{token}/{quoted(text)}", f"/t/{quoted(text)}/x", f"/l/{token}?sort={text}"):
        assert web.get(path).status_code in (200, 404)
    assert web.answers(token, daily, answer="nil", seen=text).status_code == 200


def test_ten_million_signs_are_too_large_b190(sent):
    assert sent(facts="x" * 10_000_000).status_code == 413


@pytest.mark.parametrize("text", ["\u202egnp.exe", "Z\u0351\u036b\u0343\u036a" * 40])
def test_strange_signs_are_kept_as_they_are_b191_b192(web, daily, sent, text):
    assert sent(facts=text).status_code == 200
    assert web.desk.reports(daily)[0].body["facts"] == text


def routes(web):
    """Every route of the application, with every method that it takes."""
    app = web.client.app
    while not hasattr(app, "routes"):
        app = app._app
    found = [route for route in app.routes if isinstance(route, Route)]
    return [(method, route.path) for route in found for method in sorted(route.methods or {"GET"})]


PART = st.one_of(
    st.sampled_from(["R-0009", "R-99999999999", "TT-000001", "1", "0", "-1", "0" * 16]),
    st.text(max_size=30),
)
FIELD = st.sampled_from(["answer", "seen", "until", "note", "address", "word", "pressed", "observed_at", "c.logistik"])
VALUE = st.one_of(
    st.sampled_from(["nil", "report", "promise", "not_mine", "receipt", "9999-12-31T23:59:59+00:00"]),
    st.text(max_size=40),
)
KIND = st.sampled_from(["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", ""])


@TRIED
@given(data=st.data())
def test_no_route_has_a_defect(web, daily, data):
    """Also the routes that are still to come: they are read from the application."""
    method, path = data.draw(st.sampled_from(routes(web)))
    token = data.draw(st.sampled_from([web.given("Camat Tamban"), "0" * 16, "x"]))
    path = re.sub(r"{token(:path)?}", token, path)
    path = re.sub(r"{[^}]*}", lambda _: quoted(data.draw(PART)), path)
    fields = data.draw(st.dictionaries(FIELD | st.text(max_size=8), VALUE, max_size=5))
    body = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in fields.items())
    kind = data.draw(KIND)
    if kind.startswith("multipart"):
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{quoted(n)}"\r\n\r\n{quoted(v)}' for n, v in fields.items()
        ]
        body = "\r\n".join([*parts, "--x--\r\n"])

    page = web.client.request(method, path, content=body, headers={"Origin": URL, "Content-Type": kind})

    assert page.status_code < 500 or path in ("/", "/healthz"), (method, path, page.status_code)
