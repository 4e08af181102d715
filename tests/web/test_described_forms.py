"""schemathesis fills in every form of the pages, well and badly: nothing breaks, and nothing that was kept is gone.

What a form asks is read from the page that shows it (`described`), so a new form or field is tried without being named.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from sqlalchemy import select

from models.desk.changes import Change
from models.matters.issues import Issue, IssueEvent
from models.matters.reports import Report
from models.messages.inbound import Inbound
from tests.web import described
from tests.web.conftest import URL, Web
from tests.web.test_coordinator import ASISTEN, SECRETARY, SEKDA
from tests.web.test_routes import CAMAT, NOBODY, SECRETARIAT, World, routes
from web.guards.limits import Buckets

EXAMPLES = 3
"""Fillings of each address as it asks, and as many as it does not."""

TRIED = settings(
    max_examples=EXAMPLES,
    phases=(Phase.generate,),
    deadline=None,
    database=None,
    derandomize=True,
    verbosity=Verbosity.quiet,
    suppress_health_check=list(HealthCheck),
)
LEAVES = frozenset({"/keluar"})
ENDS = ["close"]
"""What ends the election, and with it every other form."""
MOVING = re.compile("kontak|pejabat|susunan|data-pribadi|/m/")
"""What changes who is reached where, and ends sessions and links: it is filled in last, and may be shut by then."""
KEPT = (Report, Issue, IssueEvent, Change, Inbound)


@pytest.fixture
def world(web: Web) -> World:
    """Nobody is told that he asks too often: a quick machine would fill in nothing."""
    web.books.clients = web.books.doors = Buckets(a_second=10_000, burst=100_000)
    return World(web)


def shown(world: World, token: str) -> Iterator[described.Form]:
    """Every form on a page that opens, once."""
    seen: set[tuple[str, ...]] = set()
    for route in routes("GET"):
        for address in world.addresses(route, token):
            page = world.web.client.get(address)
            if page.status_code == 200 and page.headers["content-type"].startswith("text/html"):
                for form in described.forms(urlsplit(address).path, page.text):
                    form.path = urlsplit(form.path).path
                    if form.path not in LEAVES and form.acts != ENDS and form.name not in seen:
                        seen.add(form.name)
                        yield form


def filled(case: Any, word: str) -> tuple[bytes, str]:
    """What a browser would send of it, with the word of its session."""
    given = case.as_transport_kwargs(base_url=URL)
    parts = [(name, (None, str(value[1])) if value[0] is None else value) for name, value in given.get("files") or ()]
    data = given.get("data")
    if parts or case.media_type == described.MULTIPART:
        sent = requests.Request("POST", URL, files=[*parts, (described.OF_THE_SESSION, (None, word))]).prepare()
    else:
        fields = data | {described.OF_THE_SESSION: word} if isinstance(data, dict) else data
        sent = requests.Request("POST", URL, data=fields).prepare()
    return sent.body or b"", sent.headers.get("Content-Type", described.URLENCODED)


def fillings(own: list[described.Form]) -> Iterator[Any]:
    """Each address filled in some times as it asks, and some times as it does not."""
    cases: list[Any] = []
    for found in schemathesis.openapi.from_dict(described.document(own)).get_all_operations() if own else ():
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            fill = given(found.ok().as_strategy(generation_mode=mode))(lambda case: cases.append(case))  # noqa: PLW0108
            TRIED(fill)()
    yield from cases


def gone(page: httpx.Response, sent: Any, texts: Iterable[str]) -> list[str]:
    """The texts that somebody typed, and that the page which refuses them does not show again."""
    said = " ".join(html.unescape(page.text).split())
    typed = {name: " ".join(sent[name].split()) for name in texts if isinstance(sent, dict) and name in sent}
    return [name for name, text in typed.items() if text.isprintable() and text not in said]


def rows(world: World) -> list[set[int]]:
    """The numbers of all rows that must stay, table by table."""
    with world.web.desk.rt.sessions() as session:
        return [set(session.scalars(select(own.id))) for own in KEPT]


class Comer(NamedTuple):
    """An office that came in, and the forms that it was shown and nobody before it."""

    word: str
    cookies: dict[str, str]
    forms: list[described.Form]


def comers(world: World) -> list[Comer]:
    """All offices come in before anything is filled in: afterwards some may not be reached any more."""
    found, seen = list[Comer](), set[tuple[str, ...]]()
    for office in (NOBODY, CAMAT, ASISTEN, SECRETARIAT, SECRETARY, SEKDA):
        word, token = world.comes(office)
        own = [form for form in shown(world, token) if form.name not in seen]
        seen |= {form.name for form in own}
        found.append(Comer(word, dict(world.web.client.cookies), own))
        for earlier in found:  # whoever does nothing for long is signed out, and each who comes in takes time
            world.web.client.cookies = httpx.Cookies(earlier.cookies)
            world.web.get("/beranda")
    return found


def test_whatever_forms_are_filled_in_with_it_is_answered_and_nothing_that_was_kept_or_typed_is_lost(world: World):
    before, broken, lost = rows(world), list[str](), list[str]()
    let_in: dict[str, set[int]] = defaultdict(set)
    everybody = comers(world)

    for moving in (False, True):
        for comer in everybody:
            own = [form for form in comer.forms if bool(MOVING.search(form.path)) is moving]
            texts = {form.path: form.texts for form in own}
            world.web.client.cookies = httpx.Cookies(comer.cookies)
            for case in fillings(own):
                body, kind = filled(case, comer.word)
                page = world.web.client.post(case.path, content=body, headers={"Origin": URL, "Content-Type": kind})
                if not moving:
                    let_in[case.path].add(page.status_code)
                if page.status_code >= 500:
                    broken.append(f"{page.status_code} {case.path} {body!r:.300}")
                if page.status_code in (409, 422) and case.meta.generation.mode is schemathesis.GenerationMode.POSITIVE:
                    lost += [
                        f"{case.path} {name} {case.body[name]!a:.200}"
                        for name in gone(page, case.body, texts[case.path])
                    ]

    after = rows(world)
    assert broken == []
    assert lost == []
    assert len(let_in) > 15
    shut = [path for path, codes in let_in.items() if codes <= {403, 404, 429}]
    assert shut == ["/operator"], "a form that nobody got to fill in: nothing was tried"
    assert [then - now for now, then in zip(after, before, strict=True)] == [set()] * len(KEPT)
    assert any(now > then for now, then in zip(after, before, strict=True)), "nothing that was filled in was kept"
