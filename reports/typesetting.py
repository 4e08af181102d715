"""Typst as this project uses it: PDF/A-2a, tagged, with the fonts of its own wheel and nothing of the machine's."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

import typst

from reports.errors import DocumentError

NO_FILES: Mapping[str, bytes] = MappingProxyType({})


def pdf_a(
    template: Path, letter: Mapping[str, Any], *, created_at: datetime, files: Mapping[str, bytes] = NO_FILES
) -> bytes:
    """The document that `template` makes of `letter`, which it finds as JSON in `sys.inputs.letter`.

    The same arguments give the same bytes. The template sees only its own folder, with `files` in it by name.

    Raises:
        DocumentError: typst refused; its message says what.
    """
    if not files:
        return _typeset(template, letter, created_at)
    with TemporaryDirectory() as folder:
        place = Path(folder)
        for own in template.parent.glob("*.typ"):
            (place / own.name).write_bytes(own.read_bytes())
        for name, content in files.items():
            (place / name).write_bytes(content)
        return _typeset(place / template.name, letter, created_at)


def png(svg: str, *, dots_per_inch: int, height: float = 0) -> bytes:
    """A drawing as a picture, on white, with the fonts of the documents. Raises: DocumentError.

    Args:
        height: centimetres; 0: as high as it says itself.
    """
    high = f"{height}cm" if height else "auto"
    page = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
        f'#image(bytes(sys.inputs.svg), format: "svg", height: {high})'
    )
    return _said(
        lambda: typst.compile(
            page.encode(), format="png", ppi=dots_per_inch, ignore_system_fonts=True, sys_inputs={"svg": svg}
        )
    )


def _typeset(template: Path, letter: Mapping[str, Any], created_at: datetime) -> bytes:
    return _said(
        lambda: typst.compile(
            str(template),
            root=str(template.parent),
            ignore_system_fonts=True,
            sys_inputs={"letter": json.dumps(letter)},
            pdf_standards="a-2a",
            timestamp=int(created_at.timestamp()),
        )
    )


def _said(compile: Callable[[], bytes]) -> bytes:
    try:
        return compile()
    except typst.TypstError as error:
        raise DocumentError(error.message) from error
