"""The words in which people answer, read from `replies/indonesia.yaml`: `rules.replies` reads texts by them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, PlainValidator

from config import checking, marked, words
from config.checking import Check
from config.errors import ConfigError, Findings, shown
from config.errors import Path as Where
from config.shapes.kit import Clock, Code, Line, Prose, Shape
from config.words import wrong
from rules.forms import Form
from rules.issues import Category
from rules.replies.spoken import Figured, Sign, Told, Words

FILE = Path(__file__).parent / "replies" / "indonesia.yaml"


def _pattern(value: object) -> str:
    text = words.line(value)
    try:
        re.compile(text)
    except re.error as error:
        raise wrong(f"{shown(text)} is no regular expression", f"Look at it: {error}") from error
    return text


Pattern = Annotated[str, PlainValidator(_pattern)]


class FigureShape(Shape):
    """How people say a number."""

    words: list[Line] = Field(min_length=1)
    total: Line | None = None


class ToldShape(Shape):
    """What a reply to a form must say."""

    overall: Code
    needs: list[Code] = Field([], max_length=6)


class RepliesShape(Shape):
    """The whole file."""

    replies: Line
    same: dict[str, Line]
    phrases: dict[str, list[Line]]
    known: Prose | str
    figures: dict[str, FigureShape]
    forms: dict[str, ToldShape]
    categories: dict[str, list[Line]]
    clocks: dict[str, Clock]
    days: dict[str, int]
    weekdays: dict[str, int]
    numbers: dict[str, int]
    quotes: list[Pattern]
    subjects: list[Pattern]


@lru_cache(maxsize=4)
def spoken(file: Path = FILE) -> Words:
    """The words.

    Raises:
        ConfigError: the file is broken, or holds a phrase that nobody could type.
    """
    findings = Findings(str(file))
    root = marked.read(file.read_bytes(), findings)
    check = checking.read(RepliesShape, root, findings) if root else None
    built = _built(check) if check else None
    if findings or built is None:
        raise ConfigError(findings.sorted())
    return built


def unknown(spoken_: Words, forms: Mapping[str, Form]) -> list[str]:
    """What the words say of forms that the forms do not know: codes of indicators and numbers."""
    return [
        f"{code}: {own}"
        for code, told in spoken_.forms.items()
        if code in forms
        for own in (told.overall, *told.needs)
        if own not in {i.code for i in forms[code].indicators} | {f.code for f in forms[code].figures()}
    ]


def _built(check: Check[RepliesShape]) -> Words:
    shape = check.shape
    same = {typed.lower(): tuple(meant.split()) for typed, meant in shape.same.items()}
    for key in shape.phrases:
        if key not in list(Sign):
            check.bad(("phrases", key), f"{shown(key)} is not known here", f"Write one of {', '.join(Sign)}")
    for key in shape.categories:
        if key not in list(Category):
            check.bad(("categories", key), f"{shown(key)} is no category", f"Write one of {', '.join(Category)}")
    phrases = {
        Sign(key): _phrases(check, ("phrases", key), own, same)
        for key, own in shape.phrases.items()
        if key in list(Sign)
    }
    figures = {
        code: Figured(_phrases(check, ("figures", code, "words"), own.words, same), own.total or "")
        for code, own in shape.figures.items()
    }
    for code, told in shape.forms.items():
        for n, need in enumerate(told.needs):
            if need not in figures:
                check.bad(("forms", code, "needs", n), f"{shown(need)} has no words", "Add it to figures")
    return Words(
        same,
        phrases,
        frozenset(shape.known.split()),
        figures,
        {code: Told(own.overall, tuple(own.needs)) for code, own in shape.forms.items()},
        {
            Category(key): _phrases(check, ("categories", key), own, same)
            for key, own in shape.categories.items()
            if key in list(Category)
        },
        shape.clocks,
        shape.days,
        shape.weekdays,
        shape.numbers,
        tuple(shape.quotes),
        tuple(shape.subjects),
    )


def _phrases(
    check: Check[RepliesShape], where: Where, given: list[str], same: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], ...]:
    """Phrases as words. One that holds a word that is always replaced could never be found."""
    phrases = [tuple(own.lower().split()) for own in given]
    for n, phrase in enumerate(phrases):
        for word in phrase:
            if word in same and same[word] != (word,):
                meant = " ".join(same[word])
                check.bad((*where, n), f"{shown(word)} is always read as {shown(meant)}", f"Write {meant} instead")
    return tuple(phrases)
