"""What is so of texts in Indonesia, read from countries/indonesia.yaml."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, PlainValidator

from config import checking, marked, words
from config.checking import Check
from config.errors import ConfigError, Findings, shown
from config.shapes.kit import Code, Flag, Line, Positive, Shape
from config.words import wrong
from rules.country import Country, Texts

FILE = Path(__file__).parent / "countries" / "indonesia.yaml"


def _prefix(value: object) -> str:
    text = words.line(value)
    if not (text.startswith("+") and text[1:].isascii() and text[1:].isdigit() and len(text) <= 8):
        raise wrong(f"{shown(text)} is no beginning of a number", 'Write it with its plus sign: "+62811"')
    return text


class CarrierShape(Shape):
    """A carrier, and how its numbers begin."""

    name: Line
    prefixes: list[Annotated[str, PlainValidator(_prefix)]] = Field(min_length=1, max_length=100)


class TextsShape(Shape):
    """What carriers ask of texts."""

    sender: Positive
    refused: list[Line] = Field(max_length=50)
    filtered: list[Line] = Field(max_length=200)
    hosts: list[Line] = Field(max_length=50)
    answered: Flag


class CountryShape(Shape):
    """The whole file."""

    country: Line
    carriers: dict[Code, CarrierShape]
    texts: TextsShape


@lru_cache(maxsize=4)
def country(file: Path = FILE) -> Country:
    """The country of the desks.

    Raises:
        ConfigError: the file is broken, or two carriers have one prefix.
    """
    findings = Findings(str(file))
    root = marked.read(file.read_bytes(), findings)
    check = checking.read(CountryShape, root, findings) if root else None
    built = _built(check) if check else None
    if findings or built is None:
        raise ConfigError(findings.sorted())
    return built


def _built(check: Check[CountryShape]) -> Country:
    prefixes: dict[str, str] = {}
    for code, carrier in check.shape.carriers.items():
        for n, prefix in enumerate(carrier.prefixes):
            if prefix in prefixes:
                check.bad(("carriers", code, "prefixes", n), f"{prefix} is {prefixes[prefix]}'s too", "Give it to one")
            prefixes[prefix] = code
    own = check.shape.texts
    texts = Texts(
        own.sender,
        frozenset(name.upper() for name in own.refused),
        tuple(word.lower() for word in own.filtered),
        tuple(own.hosts),
        own.answered,
    )
    names = {code: carrier.name for code, carrier in check.shape.carriers.items()}
    return Country(check.shape.country, prefixes, names, texts)
