"""What only a browser or a calculation of colours can tell about the pages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reports.rehearsal.page import TEMPLATES, page
from tests import tools
from tests.reports.test_rehearsal_world import facts

COSTS = {"low": 1_234_500, "high": 22_345_600}
STYLES = {path.name: path.read_text() for path in TEMPLATES.glob("*.css")}
TEXT_ON = (
    ("ink", "bg"), ("ink", "panel"), ("ink", "tint"), ("soft", "bg"), ("soft", "panel"), ("accent", "bg"),
    ("accent", "panel"), ("on-accent", "accent"), ("on-done", "done"), ("late-ink", "late-soft"), ("late", "bg"),
    ("on-accent", "l4"), ("on-accent", "l5"), ("ink", "l1"), ("ink", "l2"),
)  # fmt: skip


def colours(dark: bool) -> dict[str, str]:
    light = STYLES["page.css"]
    night = STYLES["media.css"].partition("prefers-color-scheme: dark")[2].partition("@media")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", light + (night if dark else "")))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read_on_its_ground(text, ground, dark):
    found = colours(dark)
    low, high = sorted((luminance(found[text]), luminance(found[ground])))

    assert (high + 0.05) / (low + 0.05) >= 4.5, f"{text} on {ground}: WCAG 2.2, 1.4.3"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("geladi")
    ends = {end: {stage.code: rupiah for stage in facts().stages} for end, rupiah in COSTS.items()}
    forecast = replace(facts(), summary={**facts().summary, "forecast": ends})
    for path, text in {**page(facts()), "forecast.html": page(forecast)["index.html"]}.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=tools.path("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield found
        found.close()


@tools.needs("chromium")
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_hangs_over_the_edge_of_the_screen(browser, folder, width):
    screen = browser.new_page(viewport={"width": width, "height": 800})
    for path in ("index.html", "rows/63.04.02.html", "offices/camat-02.html", "stages/p24-07.html", "escalations.html"):
        screen.goto((folder / path).as_uri())

        assert screen.evaluate("document.documentElement.scrollWidth") <= width, path
    screen.close()


@tools.needs("chromium")
def test_a_cell_leads_to_its_rows_and_a_message_to_the_phone(browser, folder):
    screen = browser.new_page(java_script_enabled=False)
    screen.goto((folder / "index.html").as_uri())
    screen.locator("#laporan tbody tr").nth(1).locator("a.cell").nth(2).click()

    assert screen.locator("section:target h2").inner_text() == "Laporan hari pemungutan suara"

    screen.locator("section:target summary").first.click()
    screen.locator("section:target ul.told a").first.click()
    assert screen.locator("li:target").count() == 1
    screen.close()


@tools.needs("chromium")
@pytest.mark.parametrize("path", ["index.html", "forecast.html"])
def test_what_each_stage_costs_stands_on_the_first_screen_of_a_phone(browser, folder, path):
    screen = browser.new_page(viewport={"width": 360, "height": 800})
    screen.goto((folder / path).as_uri())
    figures = screen.locator("#biaya td.num").all()
    ends = [(own.text_content(), own.evaluate("own => own.offsetLeft + own.scrollWidth")) for own in figures]
    screen.close()

    assert any(text.startswith("Rp") for text, _ in ends)
    assert [text for text, end in ends if end > 360] == []


@tools.needs("chromium")
@pytest.mark.parametrize("width", [360, 1280])
def test_every_link_among_what_went_to_the_leaders_is_high_enough_for_a_finger(browser, folder, width):
    screen = browser.new_page(viewport={"width": width, "height": 800})
    screen.goto((folder / "escalations.html").as_uri())
    heights = screen.evaluate("[...document.querySelectorAll('main a')].map(own => own.getBoundingClientRect().height)")
    screen.close()

    assert heights
    assert min(heights) >= 24, "WCAG 2.2, 2.5.8"
