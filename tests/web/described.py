"""The forms of pages, described as an OpenAPI document: by what each page itself says of its fields."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
OF_THE_SESSION = "word"
"""The field that proves the session: whoever sends a form adds it."""

_SENT = frozenset({"submit", "button", "image", "reset"})
LONGEST = 400
"""Characters of a text that a page sets no limit to."""


@dataclass
class Form:
    """One form: where it goes, how, and what each field may hold. `texts`: those that somebody types into."""

    path: str
    media: str = URLENCODED
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)

    @property
    def acts(self) -> list[str]:
        """What it may do, where the form says so itself."""
        acts: list[str] = self.fields.get("act", {}).get("enum", [])
        return acts

    @property
    def name(self) -> tuple[str, ...]:
        """Forms of one name ask the same, though what they fill in differs."""
        return (self.path, *self.acts, *sorted(self.fields))

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": self.fields,
            "required": sorted(self.required),
            "additionalProperties": False,
        }


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._path = path
        self._own: Form | None = None
        self._choice = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._own = None
            if own.get("method", "").lower() == "post":
                self._own = Form(own.get("action") or self._path, own.get("enctype", URLENCODED))
                self.forms.append(self._own)
        elif self._own is not None and tag in ("input", "textarea", "select", "button") and own.get("name"):
            self._takes(tag, own)
        elif self._own is not None and tag == "option" and self._choice:
            self._own.fields[self._choice]["enum"].append(own.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._own = None
        if tag == "select":
            self._choice = ""

    def _takes(self, tag: str, own: Mapping[str, str]) -> None:
        assert self._own is not None
        name, kind = own["name"], own.get("type", "text" if tag != "button" else "submit")
        if name == OF_THE_SESSION:
            return
        known = self._own.fields.setdefault(name, {"type": "string"})
        if kind in ("hidden", "radio", "checkbox") or (kind in _SENT and "value" in own):
            known.setdefault("enum", []).append(own.get("value", "on"))
        elif tag == "select":
            known.setdefault("enum", [])
            self._choice = name
        elif kind == "file":
            known |= {"format": "binary"}
        elif kind not in _SENT:
            known |= {"maxLength": min(int(own.get("maxlength", LONGEST)), LONGEST)}
            self._own.texts |= {name} if tag == "textarea" else set()
        if kind == "hidden" or "required" in own or (kind in _SENT and "value" in own):
            self._own.required.add(name)  # a browser always sends the button that was pressed


def forms(path: str, page: str) -> Iterator[Form]:
    """The forms of a page that send something."""
    reader = _Reader(path)
    reader.feed(page)
    yield from reader.forms


def document(of: Iterable[Form]) -> dict[str, Any]:
    """One operation for each address, with every form that goes there."""
    ways: dict[str, dict[str, list[Form]]] = {}
    for form in of:
        ways.setdefault(form.path, {}).setdefault(form.media, []).append(form)
    return {
        "openapi": "3.1.0",
        "info": {"title": "forms", "version": "1"},
        "paths": {path: {"post": _operation(by_media)} for path, by_media in ways.items()},
    }


def _operation(by_media: Mapping[str, list[Form]]) -> dict[str, Any]:
    def schema(own: list[Form]) -> dict[str, Any]:
        return own[0].schema() if len(own) == 1 else {"anyOf": [form.schema() for form in own]}

    content = {media: {"schema": schema(own)} for media, own in by_media.items()}
    return {
        "requestBody": {"required": True, "content": content},
        "responses": {"default": {"description": "a page"}},
    }
