"""Behind a proxy: pages under a prefix, and who it is that calls."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from tests.engines import free_port
from tests.web import serving
from tests.web.conftest import URL, Web
from web.app import application
from web.guards.limits import Buckets

PREFIX = "/desk"


@pytest.fixture(params=["the proxy strips it", "the proxy leaves it"])
def prefixed(request: pytest.FixtureRequest, web: Web) -> Iterator[Web]:
    """The pages are at https://desk.example/desk; what comes in through `client` is what a browser asks for."""
    web.desk.rt.public_url = web.books.public_url = URL + PREFIX

    pages = application(web.books)

    async def stripped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            assert scope["path"].startswith(f"{PREFIX}/")
            scope = {**scope, "path": scope["path"].removeprefix(PREFIX)}
        await pages(scope, receive, send)

    behind = stripped if request.param.endswith("strips it") else pages
    client = TestClient(behind, base_url=URL, follow_redirects=False, raise_server_exceptions=False)
    return replace(web, client=client)


def test_every_address_on_a_page_lies_under_the_prefix_and_works(prefixed: Web, daily: str):
    page = prefixed.get(f"{PREFIX}/l/{prefixed.given('Camat Tamban')}")
    assert page.status_code == 200

    for address in re.findall(r'(?:href|action|src)="(/[^"]*)"', page.text):
        assert address.startswith(f"{PREFIX}/"), address
        assert prefixed.get(address).status_code in (200, 405), address


def test_whoever_signs_in_is_led_on_under_the_prefix(prefixed: Web):
    told = prefixed.post(f"{PREFIX}/masuk", {"address": "asisten1@desk.example"})
    prefixed.desk.turn()
    link = re.search(rf"{URL}{PREFIX}(/m/\w+)", prefixed.desk.mailbox("Asisten Pemerintahan").last)

    entered = prefixed.post(f"{PREFIX}{link[1]}", {"pressed": ""})

    assert told.status_code == 200
    assert (entered.status_code, entered.headers["location"]) == (303, f"{PREFIX}/koordinasi")
    assert prefixed.get(entered.headers["location"]).status_code == 200


def test_an_address_that_only_begins_alike_is_no_page_of_ours(web: Web):
    web.books.public_url = URL + PREFIX

    assert web.get("/desktop/masuk").status_code == 404


@contextmanager
def served(web: Web, tmp_path, *, proxies: list[str]) -> Iterator[str]:
    """The pages on a real port, with a bucket of two requests for each caller."""
    port = free_port()
    with serving.pages(web.desk, tmp_path, port=port, proxies=proxies) as books:
        books.clients = Buckets(a_second=0.001, burst=2)
        yield f"http://127.0.0.1:{port}/masuk"


def asked(url: str, *forwarded: str) -> int:
    return httpx.get(url, headers=[("X-Forwarded-For", value) for value in forwarded], trust_env=False).status_code


def test_limits_count_whom_the_proxy_names(web: Web, tmp_path):
    with served(web, tmp_path, proxies=["127.0.0.1"]) as url:
        assert [asked(url, "203.0.113.5") for _ in range(3)] == [200, 200, 429]
        assert asked(url, "203.0.113.6") == 200
        assert [asked(url, "2001:db8:1:2::1"), asked(url, "2001:db8:1:2::2"), asked(url, "2001:db8:1:2::3")][-1] == 429


def test_what_a_caller_says_of_himself_before_the_proxy_is_not_believed(web: Web, tmp_path):
    with served(web, tmp_path, proxies=["127.0.0.1"]) as url:
        answers = [asked(url, f"198.51.100.{n}, 203.0.113.5") for n in range(3)]

    assert answers == [200, 200, 429]


def test_nor_is_anybody_who_is_no_proxy(web: Web, tmp_path):
    with served(web, tmp_path, proxies=["10.0.0.5"]) as url:
        answers = [asked(url, f"203.0.113.{n}") for n in range(3)]

    assert answers == [200, 200, 429]
