import re
from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta
from functools import cache
from html import unescape
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from random import Random
from urllib.parse import unquote

import pytest

from reports.rehearsal import costs
from reports.rehearsal.ledger import Ledger
from reports.rehearsal.page import Area, RehearsalFacts, Scenario, page
from rules.quiet import Window
from tests.reports.test_rehearsal_world import VOTING, World, facts, local, stamp

VOID = {"meta", "br", "path", "rect", "circle", "line", "img"}
HOSTILE = "</title></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}\u202e\x00\ud800"


class Reader(HTMLParser):
    """What a browser would find: elements closed in order, ids, links, texts by element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labels: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        found = dict(attrs)
        assert len(found) == len(attrs), f"an attribute twice in {tag}: {attrs}"
        self.attributes |= found.keys()
        self.ids += [found["id"]] if found.get("id") else []
        self.links += [found["href"]] if found.get("href") else []
        self.labels += [found["aria-label"]] if found.get("class") == "cell" and found.get("aria-label") else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open, f"</{tag}> closes nothing"
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()


@cache
def pages() -> dict[str, str]:
    return page(facts())


@cache
def read(path: str) -> Reader:
    return Reader(pages()[path])


def small(**changes: object) -> RehearsalFacts:
    """A rehearsal of two districts and one report each; `changes` replace fields."""
    world = World(Random(1))
    for place in (1, 2):
        world.owe("voting", "P24-09A", place, "H@07.30", local(VOTING, "07:30"))
    base = replace(facts(), obligations=world.obligations, messages=world.messages, notices=world.notices, problems=())
    return replace(base, summary={}, **changes)


def index(some: RehearsalFacts) -> str:
    return page(some)["index.html"]


def counted(labels: list[str], word: str) -> int:
    found = (re.search(rf"([\d.]+) {word}", label) for label in labels)
    return sum(int(match[1].replace(".", "")) for match in found if match)


def test_every_page_is_well_formed_and_names_nothing_twice():
    for path in pages():
        ids = read(path).ids

        assert len(ids) == len(set(ids)), path


def test_every_link_leads_somewhere():
    given = {document.path for document in facts().documents}
    for path in pages():
        for link in read(path).links:
            target, _, fragment = link.partition("#")
            file = normpath(join(dirname(path), unquote(target))) if target else path

            assert file in pages() or file in given, f"{path}: {link}"
            assert not fragment or fragment in read(file).ids, f"{path}: {link}"


def test_the_pages_need_no_script_and_nothing_from_elsewhere():
    for path, text in pages().items():
        found = read(path)

        assert not found.tags.keys() & {"script", "link", "iframe", "object", "embed", "base", "form", "img"}
        assert not [name for name in found.attributes if name.startswith("on") or name == "src"]
        assert not re.search(r"https?:|//[a-z]|@import", text.replace("http-equiv", "")), path


def test_the_front_page_and_every_other_stay_light():
    sizes = {path: len(text.encode()) for path, text in pages().items()}

    assert sizes["index.html"] < 400_000
    assert max(sizes.values()) < 400_000


@pytest.mark.parametrize(
    ("word", "timeliness"), [("tepat waktu", "on_time"), ("terlambat", "late"), ("belum diterima", "missing")]
)
def test_the_cells_count_exactly_the_rows(word, timeliness):
    labels = read("index.html").labels
    owed = sum(line["timeliness"] == timeliness for line in facts().obligations)

    # Each report stands once under its duty and once in the total of its district.
    assert counted(labels, word) == 2 * owed


def test_the_cells_count_nil_reports():
    owed = sum(line["content"] == "nil" for line in facts().obligations)

    assert counted(read("index.html").labels, "di antaranya nihil") == 2 * owed


def test_every_report_owed_has_a_row_and_every_message_its_place():
    rows = sum(id.startswith("o-") for path in pages() if path.startswith("rows/") for id in read(path).ids)
    messages = sum(id.startswith("m-") for path in pages() if path.startswith("offices/") for id in read(path).ids)

    assert rows == len(facts().obligations)
    assert messages == len(facts().messages)


def test_a_cell_opens_as_many_rows_as_it_counts():
    for path in (path for path in pages() if path.startswith("rows/")):
        code = path.removeprefix("rows/").removesuffix(".html")

        assert pages()[path].count('<tbody id="o-') == sum(line["area"] == code for line in facts().obligations)


def test_districts_stand_in_order_of_code_whatever_they_did():
    names = re.findall(r'rows/(63\.04\.\d\d)\.html"', pages()["index.html"])

    assert list(dict.fromkeys(names)) == sorted(set(names))


def test_the_same_facts_give_the_same_pages():
    assert page(facts()) == pages()


def test_hostile_text_stays_text():
    made = small(programme=HOSTILE, desk=HOSTILE, election=HOSTILE, brand=HOSTILE, scenario=Scenario(HOSTILE, HOSTILE))
    dressed = replace(
        made,
        areas=tuple(replace(area, name=HOSTILE, team=HOSTILE) for area in made.areas),
        offices=tuple(replace(office, title=HOSTILE) for office in made.offices),
        duties=tuple(replace(duty, name=HOSTILE) for duty in made.duties),
        stages=tuple(replace(stage, name=HOSTILE, legal_basis=HOSTILE) for stage in made.stages),
        outages=tuple(replace(outage, what=HOSTILE) for outage in made.outages),
        documents=tuple(replace(document, title=HOSTILE, path="javascript:alert(1)") for document in made.documents),
        obligations=[line | {"code": HOSTILE, "slot": HOSTILE, "rule": HOSTILE} for line in made.obligations],
        messages=[line | {"text": HOSTILE, "subject": HOSTILE, "file": "javascript:x"} for line in made.messages],
        notices=[line | {"reason": HOSTILE, "say": HOSTILE} for line in made.notices],
        problems=[{"code": HOSTILE, "title": HOSTILE, "opened_at": stamp(local(VOTING, "08:00"))}],
        summary={"promises": [{"text": HOSTILE, "kept": False, "found": HOSTILE}]},
    )

    for path, text in page(dressed).items():
        found = Reader(text)
        assert not found.tags.keys() & {"script", "img"}, path
        assert not [link for link in found.links if "script:" in link], path
        assert "\x00" not in text
        assert "{{7*7}}" in text or HOSTILE[:9] not in unescape(text)
        text.encode()


@pytest.mark.parametrize("code", ["../../etc", "", "A/B", "?#", "\N{SNOWMAN}", "CON "])
def test_a_strange_code_makes_an_ordinary_file_name(code):
    made = small()
    strange = replace(made, obligations=[line | {"area": code} for line in made.obligations])

    assert all(re.fullmatch(r"(\w+/)?[a-z0-9][a-z0-9.-]*\.html", path) for path in page(strange))


def test_text_that_people_wrote_cannot_turn_what_stands_around_it():
    text = index(small(election="\u202eABC"))

    assert "<bdi>\u202eABC</bdi>" in text
    assert "\u202e" not in text[: text.index("</head>")]


def test_a_rehearsal_of_nothing_is_a_page_too():
    bare = replace(small(obligations=(), messages=(), notices=()), stages=(), documents=(), outages=(), voting_day=None)

    assert list(page(bare)) == ["index.html"]


def test_a_broken_promise_has_a_cross_and_the_places():
    made = small()
    long = [line | {"segments": 2} if line["channel"] == "sms" else line for line in made.messages]
    text = index(replace(made, messages=long))

    broken = re.findall(r'<li class="broken">.*?</li>', text, re.DOTALL)
    assert len(broken) == 1
    assert "Setiap SMS muat dalam satu segmen" in broken[0]
    assert 'href="offices/' in broken[0]


def test_a_message_at_rest_time_is_counted_unless_it_is_urgent():
    quiet = (Window(time(0), time(12)), Window(time(12), time(23, 59)))
    made = small(quiet=quiet)
    routine = replace(made, notices=[line | {"urgent": False} for line in made.notices])

    assert 'class="broken"' not in index(made)
    assert 'class="broken"' in index(routine)


def test_it_shows_when_somebody_above_heard_before_the_team():
    made = small()
    line = made.obligations[0] | {"timeliness": "missing", "standing": "owed", "received_at": None, "content": None}
    world = World(Random(1))
    at = local(VOTING, "09:00")
    world.tell(line, 4, "escalation", "asisten", "coordinator", at, moot=False, urgent=True)
    text = index(replace(made, obligations=[line], messages=world.messages, notices=world.notices))

    assert "Tim wilayah belum dihubungi." in text
    assert len(re.findall(r'<li class="broken">', text)) == 1


def test_a_summary_that_disagrees_with_the_lines_is_named():
    assert "obligations: 3 di ringkasan, 2 baris" in index(replace(small(), summary={"counts": {"obligations": 3}}))


def test_without_a_price_nothing_is_said_to_cost():
    assert "Rp" not in index(small())
    assert "Rp450" in pages()["index.html"]


def test_an_area_that_is_not_listed_is_shown_by_its_code():
    assert ">63.04.01</bdi>" in index(small(areas=(Area("63.04.02", "Tamban"),)))


def test_a_short_rehearsal_has_a_bar_for_each_day():
    text = index(small(start=VOTING - timedelta(days=10), end=VOTING + timedelta(days=10)))

    assert "Per hari" in text
    assert "Rabu, 14 Februari 2024: " in text
    assert "Per minggu" in pages()["index.html"]


def test_a_stage_ahead_of_the_rehearsal_is_listed_apart():
    text = index(small(start=date(2024, 2, 1), end=date(2024, 2, 20)))

    assert "tahapan lain, di luar masa geladi atau belum bertanggal" in text


def test_a_message_that_never_left_is_on_no_phone_and_in_no_count():
    made = small()
    cancelled = replace(made, messages=[line | {"state": "cancelled"} for line in made.messages])

    assert not [path for path in page(cancelled) if path.startswith("offices/")]
    assert "0 menyimpang dari 0 SMS" in index(cancelled)


def test_the_desk_s_own_reports_stand_apart_from_the_districts():
    made = small()
    own = made.obligations[0] | {"key": "e/d/own/63.04/2024-W05", "area": "63.04", "team": None, "duty": "own"}
    text = index(replace(made, obligations=[*made.obligations, own]))

    assert text.index("Laporan tim dan desk sendiri") < text.index('rows/63.04.html">')


def test_what_the_summary_says_of_promises_is_shown_beside_our_own_count():
    text = index(replace(small(), summary={"promises": [{"text": "Anu", "kept": False, "found": 3}]}))

    assert "<details open>" in text
    assert "0 dari 1 terpenuhi" in text


@pytest.mark.parametrize("twice", [True, False])
def test_a_message_that_may_have_arrived_twice_says_so_wherever_it_is_shown(twice):
    made = small()
    marked = replace(made, messages=[line | {"possibly_doubled": twice} for line in made.messages])

    shown = {path: text for path, text in page(marked).items() if 'class="meta"' in text}

    assert "index.html" in shown
    assert all(("mungkin diterima dua kali" in text) is twice for text in shown.values())


def held_back(state, why):
    """A small rehearsal in which nothing was told, for this reason."""
    some = small(messages=())
    return replace(some, notices=tuple({**line, "state": state, "reason": why} for line in some.notices))


def test_what_money_held_back_says_so_and_not_that_there_is_no_contact():
    found = page(held_back("nobody", "above the budget"))

    rows = [text for path, text in found.items() if path.startswith("rows/")]
    assert "tidak dikirim karena anggaran pesan terpakai</th>" in found["index.html"]
    assert all("(tidak dikirim karena anggaran pesan terpakai)" in text for text in rows)
    assert "tidak ada kontak" not in found["index.html"] + "".join(rows)


def test_what_has_no_contact_says_why_as_before():
    found = page(held_back("nobody", "the contact is gone"))

    rows = [text for path, text in found.items() if path.startswith("rows/")]
    assert "tidak ada kontak</th>" in found["index.html"]
    assert all("(tidak ada kontak: <bdi>kontak sudah tidak ada</bdi>)" in text for text in rows)


def test_each_stage_and_what_belongs_to_none_is_counted_once_among_the_costs():
    world = World(Random(1))
    for place, stage in enumerate(("P24-09A", "BARU", "", ""), start=1):
        world.owe("voting", stage, place, f"H@0{place}.30", local(VOTING, "07:30"))
    summary = {"price_per_segment": 450, "forecast": {"low": {"": 450}, "high": {"": 900, "NANTI": 450}}}
    some = replace(
        small(), obligations=world.obligations, messages=world.messages, notices=world.notices, summary=summary
    )
    ledger = Ledger(some)

    lines, whole = costs.costs(ledger, ("sms", "email"))

    assert [line.name for line in lines] == ["Pemungutan suara", "BARU", "NANTI", costs.OTHER]
    assert sum(line.messages[0] for line in lines) == whole.messages[0] == sum(m.channel == "sms" for m in ledger.gone)
    assert sum(line.high for line in lines) == whole.high
