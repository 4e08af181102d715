"""The shape of a kind of report to the Government: what it covers, its chapters, its wording, who approves it."""

from functools import partial
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from config import words
from config.shapes.kit import Code, Line, Prose, Shape
from rules.desk import Audience
from rules.government import ANNEXES, CHAPTERS, TYPED, Covers, Form, Secrecy, Unapproved

APPROVERS = (Audience.SECRETARY, Audience.CHAIR)

CoversWord = Annotated[
    Covers, PlainValidator(partial(words.one_of, Covers)), WithJsonSchema({"enum": [str(c) for c in Covers]})
]
FormWord = Annotated[
    Form, PlainValidator(partial(words.one_of, Form)), WithJsonSchema({"enum": [str(f) for f in Form]})
]
UnapprovedWord = Annotated[
    Unapproved,
    PlainValidator(partial(words.one_of, Unapproved)),
    WithJsonSchema({"enum": [str(u) for u in Unapproved]}),
]
ApproverWord = Annotated[
    Audience,
    PlainValidator(partial(words.one_of, Audience, allowed=APPROVERS)),
    WithJsonSchema({"enum": [str(a) for a in APPROVERS]}),
]
SecrecyWord = Annotated[
    Secrecy, PlainValidator(partial(words.one_of, Secrecy)), WithJsonSchema({"enum": [str(s) for s in Secrecy]})
]
ChapterCode = Annotated[str, PlainValidator(words.code), WithJsonSchema({"enum": list(CHAPTERS)})]
AnnexCode = Annotated[str, PlainValidator(words.code), WithJsonSchema({"enum": list(ANNEXES)})]
TypedCode = Annotated[str, PlainValidator(words.code), WithJsonSchema({"enum": list(TYPED)})]


class PartShape(Shape):
    """A part (BAB) of a book."""

    title: Line = Field(description="Its heading, without BAB and number.", examples=["Pendahuluan"])
    chapters: list[ChapterCode] = Field(description="Its chapters in order.", min_length=1, max_length=30)


class TypedShape(Shape):
    """A column of the sheet that is typed over into SIPANTAU."""

    head: Line = Field(description="Its head, as the operator's screen has it.", examples=["Tanggal kejadian"])
    holds: TypedCode = Field(description="What stands in it.", examples=["date"])


class ReportShape(Shape):
    """A kind of report to the Government. A duty of the policy that the desk owes names it as its `form`."""

    report: Code = Field(description="Its code, named by duties.", examples=["laporan"])
    name: Line = Field(description="What users read (Indonesian).", examples=["Laporan"])
    covers: CoversWord = Field(
        description="What one is about: week, day, moment (of voting day), problem (one), election (all of it).",
        examples=["week"],
    )
    form: FormWord = Field(
        Form.LETTER, description="letter (surat dinas), note (a short nota), book (a report in parts, BAB I to V)."
    )
    subject: Line = Field(description="What stands after Hal.", examples=["Laporan"])
    opening: Prose = Field(description="Its first sentence.", examples=["Kami laporkan:"])
    closing: Prose = Field(description="Its last sentence.", examples=["Terima kasih."])
    chapters: list[ChapterCode] = Field([], max_length=30, description="In order; a book has `parts` instead.")
    parts: list[PartShape] = Field([], max_length=10, description="Of a book: its parts in order.")
    titles: dict[ChapterCode, Line] = Field({}, max_length=30, description="Other headings, by chapter.")
    words: dict[ChapterCode, Prose] = Field({}, max_length=30, description="What a chapter begins with, by chapter.")
    basis: dict[Code, list[Prose]] = Field(
        {},
        max_length=20,
        description="Legal basis by election (its code, pemilu, pilkada, default): lines, or {decree}, {letters} and "
        "{regulations} as a line of its own. None: these three.",
    )
    annexes: list[AnnexCode] = Field([], max_length=20, description="In order; an empty one is left out.")
    sipantau: list[TypedShape] = Field(
        [],
        max_length=30,
        description="Columns of the sheet that is typed over into SIPANTAU, in its order; one row a problem.",
    )
    approve: list[ApproverWord] = Field(
        description="Who approves it, in order: [secretary, chair].", examples=[["chair"]], min_length=1, max_length=2
    )
    restricted: SecrecyWord | None = Field(
        None,
        description="Sifat of an annex that tells the addressee alone of restricted problems: terbatas, rahasia. None: "
        "they are only counted.",
    )
    unapproved: UnapprovedWord = Field(
        Unapproved.WAIT, description="What is not approved when it is due: wait, or send (page one says so)."
    )
