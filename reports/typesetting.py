"""Typst as this project uses it: PDF/A-2b, tagged, with the fonts of its own wheel and nothing of the machine's."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from reports.errors import DocumentError


def pdf_a(template: Path, letter: Mapping[str, Any], *, created_at: datetime) -> bytes:
    """The document that `template` makes of `letter`, which it finds as JSON in `sys.inputs.letter`.

    The same arguments give the same bytes. The template sees only its own folder.

    Raises:
        DocumentError: typst refused; its message says what.
    """
    try:
        return typst.compile(
            str(template),
            root=str(template.parent),
            ignore_system_fonts=True,
            sys_inputs={"letter": json.dumps(letter)},
            pdf_standards="a-2b",
            timestamp=int(created_at.timestamp()),
        )
    except typst.TypstError as error:
        raise DocumentError(error.message) from error
