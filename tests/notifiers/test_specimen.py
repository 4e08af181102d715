"""The page officials approve is what is sent."""

import re
from pathlib import Path

from notifiers import specimen
from rules import links
from rules.ladder import Say

PAGE = Path(__file__).parents[2] / "docs/texts.md"


def test_the_page_of_texts_is_current():
    assert PAGE.read_text(encoding="utf-8") == specimen.page(), "python -m notifiers.specimen > docs/texts.md"


def test_every_occasion_is_on_it():
    page = specimen.page()

    assert [say for say in Say if f"(`{say}`)" not in page] == []


def test_its_links_and_numbers_have_the_form_of_real_ones():
    page = specimen.page()

    tokens = re.findall(r"https://\S+/[lm]/(\S+)", page)
    assert len(tokens) > 40
    assert all(links.typed(token) == token for token in tokens)
    assert "(0511) 0000" not in page
    assert "menghubungi Sekretariat Tim DESK Pemilu, telepon 0820-0000-0034 atau WhatsApp" in page
