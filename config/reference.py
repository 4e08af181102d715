"""The table of every key of every kind of file for docs/configuration.md, made from the schemas.

`./desk schema` writes it anew with the schemas; a test keeps it current.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from config import schema
from config.environment import PAGE, between

BEGIN, END = "<!-- keys: written by ./desk schema -->\n", "<!-- end of keys -->\n"
Node = Mapping[str, Any]


def write() -> Path:
    """Put the current tables between their marks in the page's file."""
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return PAGE


def renewed(page: str) -> str:
    """The page with its tables as the schemas are now."""
    return between(page, BEGIN, END, tables())


def tables() -> str:
    return "\n".join(_table(kind) for kind in schema.KINDS)


def _table(kind: str) -> str:
    whole = json.loads(schema.text(kind))
    rows = dict(_keys(whole, whole, ""))
    lines = (f"| `{key}` | {says} |\n" for key, says in rows.items())
    return f"### {kind.capitalize()} file\n\n| key | says |\n| --- | --- |\n{''.join(lines)}"


def _keys(node: Node, whole: Node, path: str) -> Iterator[tuple[str, str]]:
    """Each key under a node, written as a place, with its description. A key that several forms share comes once."""
    for name, own in node.get("properties", {}).items():
        key = f"{path}{name}"
        yield key, _cell(own.get("description") or _named(own, whole).get("description", ""))
        yield from _keys(_named(own, whole), whole, f"{key}.")
        yield from _inside(own, whole, key)
    yield from _inside(node, whole, path.removesuffix(".")) if "properties" not in node else ()


def _inside(own: Node, whole: Node, key: str) -> Iterator[tuple[str, str]]:
    """The keys inside a value: of one of several forms, of a list's members, of values by name."""
    for form in own.get("anyOf", ()) or own.get("oneOf", ()):
        yield from _keys(_named(form, whole), whole, f"{key}.")
    if isinstance(part := own.get("items"), dict):
        yield from _keys(_named(part, whole), whole, f"{key}[].")
    for part in (*own.get("patternProperties", {}).values(), own.get("additionalProperties")):
        if isinstance(part, dict):
            yield from _keys(_named(part, whole), whole, f"{key}.CODE.")


def _named(node: Node, whole: Node) -> Node:
    """The schema that a reference points to; anything else is itself."""
    place = node.get("$ref", "").rpartition("/")[2]
    target: Node = whole["$defs"][place] if place else node
    return target if place or "properties" in node else node


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
