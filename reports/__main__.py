"""`python -m reports KIND`: frozen facts on standard input, the document on standard output.

A form of the report to the Government takes JSON: `facts`, `approved`, and `photos` in base64 by their digest.
"""

import json
import os
import sys
from base64 import b64decode
from collections.abc import Callable
from functools import partial

from reports.calls import facts as calls
from reports.calls import sheet
from reports.errors import DocumentError
from reports.government import forms
from reports.papers import papers


def _form(code: str, text: bytes) -> bytes:
    given = json.loads(text)
    photos = {digest: b64decode(content) for digest, content in given["photos"].items()}
    return forms.make(code, given["facts"], given["approved"], photos)


KINDS: dict[str, Callable[[bytes], bytes]] = {
    **{form.code: partial(_form, form.code) for form in forms.EVERY},
    **papers.KINDS,
    "calls": lambda text: sheet.pdf(calls.from_json(text)),
}


def main(arguments: list[str]) -> int:
    """Exit status 0 with the document, 2 for an unknown kind, 65 with the reason on standard error."""
    if len(arguments) != 1 or arguments[0] not in KINDS:
        sys.stderr.write(f"usage: python -m reports {'|'.join(KINDS)} < facts.json > document\n")
        return 2
    try:
        document = KINDS[arguments[0]](sys.stdin.buffer.read())
    except (DocumentError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return os.EX_DATAERR
    sys.stdout.buffer.write(document)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
