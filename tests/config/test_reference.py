"""The page on configuration names every key that a file may have."""

import json
import re

import pytest

from config import reference, schema

PAGE = reference.PAGE.read_text(encoding="utf-8")


def keys(node: object) -> set[str]:
    """Every key that a schema knows, however deep."""
    if isinstance(node, list):
        return set().union(*map(keys, node))
    if not isinstance(node, dict):
        return set()
    return set(node.get("properties", {})) | set().union(*map(keys, node.values()))


@pytest.mark.parametrize("kind", schema.KINDS)
def test_the_page_names_every_key_of_the_schema_with_what_it_says(kind):
    table = PAGE.partition(f"### {kind.capitalize()} file\n")[2].partition("\n###")[0]
    rows = re.findall(r"^\| `(.+?)` \| (.*) \|$", table, re.MULTILINE)

    named = {part.removesuffix("[]") for key, _ in rows for part in key.split(".")}
    wanting = keys(json.loads((schema.FOLDER / f"{kind}.schema.json").read_text())) - named

    assert wanting == set()
    assert [key for key, says in rows if not says] == []


def test_the_tables_are_those_of_the_schemas_as_they_are():
    assert reference.renewed(PAGE) == PAGE, "run ./desk schema"
