"""The page officials approve is what is sent."""

from pathlib import Path

from notifiers import specimen
from rules.ladder import Say

PAGE = Path(__file__).parents[2] / "docs/texts.md"


def test_the_page_of_texts_is_current():
    assert PAGE.read_text(encoding="utf-8") == specimen.page(), "python -m notifiers.specimen > docs/texts.md"


def test_every_occasion_is_on_it():
    page = specimen.page()

    assert [say for say in Say if f"(`{say}`)" not in page] == []
