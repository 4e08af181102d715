"""The weekly report to the Governor as PDF/A-2b, tagged, in the fonts that come with typst."""

import json
from pathlib import Path

import typst

from reports import letter
from reports.errors import DocumentError
from reports.facts import Weekly

TEMPLATES = Path(__file__).parent / "templates"


def pdf(facts: Weekly) -> bytes:
    """The document; the same facts give the same bytes. Its date of creation is the cut-off.

    Needs some 130 MB that the process keeps: workers call `child.compile_document` instead.

    Raises:
        DocumentError: typst refused; its message says what.
    """
    try:
        return typst.compile(
            str(TEMPLATES / "weekly.typ"),
            root=str(TEMPLATES),
            ignore_system_fonts=True,
            sys_inputs={"letter": json.dumps(letter.view(facts))},
            pdf_standards="a-2b",
            timestamp=int(facts.header.cut_off.timestamp()),
        )
    except typst.TypstError as error:
        raise DocumentError(error.message) from error
