"""The report as a tree: what it says, in order, and nothing of how it looks. Whoever writes a file reads only this.

Every text is as it was given; a writer makes it fit for its kind of file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

DRAFT = "DRAF"
Value = int | Fraction | date | datetime
"""What a spreadsheet may count with. An instant is aware, in the zone it is printed in."""


class Tone(StrEnum):
    """How loud a line is said."""

    PLAIN = "plain"
    STRONG = "strong"
    WEAK = "weak"


class Align(StrEnum):
    """Where the lines of a column begin."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Line:
    """One line in a cell; `lead` stands before it with a colon."""

    text: str
    lead: str = ""
    tone: Tone = Tone.PLAIN

    def __str__(self) -> str:
        return f"{self.lead}: {self.text}" if self.lead else self.text


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and the value behind it if it is one."""

    lines: tuple[Line, ...]
    value: Value | None = None

    @classmethod
    def of(cls, text: str) -> "Cell":
        """A cell with one line."""
        return cls((Line(text),))

    def __str__(self) -> str:
        return "\n".join(map(str, self.lines))


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in centimetres; none: it takes its `share` of what the others leave. `group` heads its neighbours too."""

    head: str
    width: float = 0
    share: float = 1
    align: Align = Align.LEFT
    group: str = ""


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences. A weak one is small print."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the chapter's own."""

    title: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A list counted from 1."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads that are said again on every page. `name` is short, and tells it from the report's others.

    The first cell of `foot` takes the columns that the rest of it leaves. A table of the same name that comes later
    holds the same rows and more.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    foot: Row = ()


@dataclass(frozen=True, slots=True)
class Box:
    """One figure that catches the eye, and what it counts."""

    figure: str
    words: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """The figures for a reader in a hurry."""

    items: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures. `alt` says every one of them for who cannot see it."""

    svg: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph, by the SHA-256 of its bytes. `alt` says what is known of it: what, where, when."""

    digest: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class Crest:
    """The picture at the left of the letterhead, by the SHA-256 of its bytes, and what it is called."""

    digest: str
    alt: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names with what they stand for, in small print."""

    rows: tuple[tuple[str, str], ...]


Block = Paragraph | Heading | Numbered | Table | Boxes | Chart | Photo | Pairs


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter or an annex. `code` is what a kind of report calls it, `label` how it is counted: `IV.`.

    In a book those of level 1 are its parts (BAB), without a block of their own, and those of level 2 stand in them.
    """

    code: str
    title: str
    blocks: tuple[Block, ...]
    label: str = ""
    level: int = 1

    @property
    def heading(self) -> str:
        return f"{self.label} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class Document:
    """A letter with its annexes, from the letterhead to the last line.

    `reference` holds the names before the colon, each with its lines. `heading` is what a report that is no letter is
    called. `closing` stays together with signature and
    copies; `approval` says who let it go. `about` tells at the end what it was made from. `notice` is what the first
    page must say before anything else. `mark` stands on every page of a draft. `address`:
    the lines below the letterhead.
    `data` is for spreadsheets, `typed` is typed over into SIPANTAU, and `chat` what a chat is told, by line.
    """

    title: str
    author: str
    made_at: datetime
    letterhead: tuple[str, ...]
    place_date: str
    reference: tuple[tuple[str, tuple[str, ...]], ...]
    addressee: tuple[str, ...]
    heading: str
    opening: str
    chapters: tuple[Chapter, ...]
    closing: Chapter
    signature: tuple[str, ...]
    copies: tuple[str, ...]
    approval: tuple[str, ...]
    annexes: tuple[Chapter, ...]
    about: Pairs
    footer: str
    typed: Table
    notice: str = ""
    mark: str = ""
    address: tuple[str, ...] = ()
    crest: Crest | None = None
    data: tuple[Table, ...] = ()
    chat: tuple[str, ...] = ()

    def parts(self) -> Iterator[Chapter]:
        """Chapters, closing and annexes in the order they are read."""
        yield from self.chapters
        yield self.closing
        yield from self.annexes

    def tables(self) -> tuple[Table, ...]:
        """Each table once, by its name: of those with the same name the last."""
        every = [block for part in self.parts() for block in part.blocks if isinstance(block, Table)]
        return tuple({table.name: table for table in (*every, *self.data)}.values())
