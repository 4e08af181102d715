"""Makes documents in a process of their own: typst keeps some 130 MB, and a waiting worker must stay small."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta

from reports.errors import DocumentError
from reports.government import forms
from services import child
from services.child import Bounds, Ended

PATIENCE = timedelta(seconds=60)
ALL = 0
"""The facts are our own, so a report of any length gets the memory it needs."""


def make(
    form: str,
    facts_json: str,
    approved_json: str = "",
    photos: Mapping[str, bytes] = forms.NO_PHOTOS,
    *,
    patience: timedelta = PATIENCE,
) -> bytes:
    """One form of the report to the Government, as `forms.make` says, made in a child. Safe to repeat.

    Raises:
        DocumentError: no document; says why, or how the child ended.
    """
    drawn = {digest: b64encode(content).decode() for digest, content in photos.items()}
    given = {"facts": facts_json, "approved": approved_json, "photos": drawn}
    return compile_document(form, json.dumps(given), patience=patience)


def compile_document(kind: str, facts_json: str, *, patience: timedelta = PATIENCE) -> bytes:
    """The document of frozen facts (`facts.to_json`), made by `python -m reports KIND`. Safe to repeat.

    Args:
        kind: one of `reports.__main__.KINDS`.
        facts_json: as stored; its hash is what the document's footer shows.
        patience: after this the child is killed.

    Raises:
        DocumentError: no document; with typst's message, or how the child ended.
    """
    bounds = Bounds(ALL, work=10 * max(patience, PATIENCE), patience=patience)
    try:
        return child.run("reports", kind, given=facts_json.encode(), bounds=bounds)
    except Ended as error:
        raise DocumentError(f"{kind}: {error.said}") from error
