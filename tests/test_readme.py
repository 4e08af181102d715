"""What a newcomer types from the first page, in its order, and what it must never lead to."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
TYPED = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def typed(page: Path) -> list[str]:
    """The lines of a page that are there to be typed."""
    return [line for block in TYPED.findall(page.read_text()) for line in block.splitlines()]


def test_the_first_lines_are_in_the_order_in_which_one_types_them():
    lines = [line for line in typed(ROOT / "README.md") if line.startswith(("sudo apt", "git clone", "cd ", "./desk"))]

    assert [line.split()[0] for line in lines[:4]] == ["sudo", "git", "cd", "./desk"]
    assert lines[3].startswith("./desk demo")


def test_no_page_leaves_a_newcomer_in_the_demos_database():
    """A setting that is exported lasts; the next chapter's desk would be made in it."""
    lasting = [line for page in PAGES for line in page.read_text().splitlines() if "export DESK_DATABASE_URL" in line]

    assert [line for line in lasting if "demo" in line or "rehears" in line] == []


def test_what_a_demo_leaves_is_no_part_of_the_repository():
    ignored = (ROOT / ".gitignore").read_text().splitlines()

    assert {"/demo/", "/rehearsal/"} <= set(ignored)


def anchors(page: Path) -> set[str]:
    """What a link may name behind its `#`: the headings, as GitHub and its like turn them into anchors."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead(page: Path) -> list[str]:
    """The links of a page that lead to no file or heading of ours."""
    links = re.findall(r"\]\(((?!https?:)[^)\s]+)\)", re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL))
    leads = [(link, *link.partition("#")[::2]) for link in links]
    return [
        link
        for link, file, anchor in leads
        if not (to := page.parent / file if file else page).exists() or (anchor and anchor not in anchors(to))
    ]


def test_every_link_leads_to_a_page_and_a_heading_that_are_there():
    assert {page.name: dead(page) for page in PAGES if dead(page)} == {}


FILES = re.compile(r"`([\w.]+(?:/[\w.-]+)+/?)`")
SHOWN = {
    "config/forms/gudang.yaml",
    "notifiers/contoh.py",
    "tests/notifiers/test_contoh.py",
    "web/coordinator/districts.py",
}
SHOWN |= {"web/templates/coordinator/districts.html.j2", "jobs/commands/counting.py"}
SHOWN |= {"config/reports/catatan-kejadian.yaml"}
"""What the recipes have one write."""


def test_every_file_that_the_pages_for_who_changes_it_name_is_there():
    pages = [ROOT / "CONTRIBUTING.md", ROOT / "docs/architecture.md"]

    named = {name for page in pages for name in FILES.findall(page.read_text())} - SHOWN

    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_file_that_a_line_of_the_readme_names_is_there_or_made_by_a_line_before():
    made: set[str] = set()
    for words in (line.partition("#")[0].split() for line in typed(ROOT / "README.md")):
        if words[:1] == ["cp"]:
            made.add(words[-1])
        named = {word for word in words if word.endswith(".yaml")}
        assert [file for file in named - made if not (ROOT / file).exists()] == []
