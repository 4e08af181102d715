"""How chapters are counted: I., II. in a letter; in a book BAB I, with A., B. below it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from string import ascii_uppercase

from reports.government.document import Chapter

Part = tuple[str, Sequence[Chapter]]
"""The title of a part of a book, or none, and its chapters."""

PART = "part-"
LAST_WORDS = "Kata penutup"


def counted(parts: Iterable[Part]) -> tuple[Chapter, ...]:
    """The chapters in order, each with its label. A part without chapters is left out, and the rest are counted on."""
    found: list[Chapter] = []
    number = 0
    for title, chapters in parts:
        if title and chapters:
            number += 1
            found.append(Chapter(f"{PART}{number}", title, (), f"BAB {roman(number)}"))
            found += [replace(own, label=f"{ascii_uppercase[n]}.", level=2) for n, own in enumerate(chapters)]
        else:
            found += [replace(own, label=f"{roman(n)}.") for n, own in enumerate(chapters, number + 1)]
            number += len(chapters)
    return tuple(found)


def last(chapter: Chapter, before: Sequence[Chapter]) -> Chapter:
    """The chapter counted after these. Of a book whose last part is called the same it is the last words."""
    parts = [own for own in before if own.level == 1]
    if parts and parts[-1].code.startswith(PART) and parts[-1].title == chapter.title:
        letter = ascii_uppercase[len(before) - before.index(parts[-1]) - 1]
        return replace(chapter, title=LAST_WORDS, label=f"{letter}.", level=2)
    number = 1 + len(parts)
    book = any(own.level > 1 for own in before)
    return replace(chapter, label=f"BAB {roman(number)}" if book else f"{roman(number)}.")


def roman(number: int) -> str:
    """A small number in Roman numerals: `IV`."""
    signs, said = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)), ""
    for sign, value in signs:
        said, number = said + sign * (number // value), number % value
    return said
