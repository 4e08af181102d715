"""The shape of a form file: what a report asks about. Turnout may be counted; votes are never asked for."""

from functools import partial
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from config import words
from config.shapes.kit import Code, Flag, Line, Positive, Shape
from config.shapes.scenario import CategoryWord, SeverityWord
from rules.forms import Scale
from rules.policy import Severity

ScaleWord = Annotated[
    Scale, PlainValidator(partial(words.one_of, Scale)), WithJsonSchema({"enum": [str(scale) for scale in Scale]})
]


class FigureShape(Shape):
    """A number that is asked for."""

    code: Code = Field(description="Its name in reports, once in a form, such as tps-siap.")
    name: Line = Field(description="What users read (Indonesian), such as TPS siap.", examples=["Jumlah"])
    most: Positive | None = Field(None, description="Above this the number is asked about; it is taken with a remark.")
    of: Code | None = Field(
        None,
        description="Makes it a milestone: out of the district's polling stations (`stations`), its registered voters "
        "(`voters`), or another number of the form.",
    )
    adds: Flag = Field(
        True, description="Whether those of several villages make one together. A percentage does not: write false."
    )


class IndicatorShape(Shape):
    """One thing to look at: a condition, its numbers, a note."""

    code: Code = Field(description="Its name in reports, such as logistik.")
    name: Line = Field(description="What users read (Indonesian).", examples=["Logistik"])
    ask: Line | None = Field(None, description="What to look for, as a short question (Indonesian).")
    numbers: list[FigureShape] = Field([], max_length=10, description="Numbers asked for.")
    category: CategoryWord | None = Field(
        None, description="Kind of a problem opened from here, after Bawaslu's variables; blank: none is opened."
    )
    photo: Flag = Field(False, description="Whether photos may be added here.")
    severity: SeverityWord = Field(
        Severity.LOW, description="At least so grave is a problem opened from here; whoever reports may choose graver."
    )


class SumShape(Shape):
    """Numbers that should add up; where they do not, it is asked about."""

    parts: list[Code] = Field(description="Codes of numbers.", min_length=2, max_length=20)
    total: Code = Field(description="Code of the number they make.")


class FormShape(Shape):
    """A form. The four headings fakta, analisa, prediksi, rekomendasi follow, but not on a checklist."""

    form: Code = Field(description="Its code, named by duties.", examples=["form"])
    name: Line = Field(description="What users read (Indonesian).", examples=["Laporan"])
    indicators: list[IndicatorShape] = Field(description="In the order of the page.", max_length=20)
    answers: ScaleWord = Field(
        Scale.CONDITION,
        description="What is asked of each: condition (aman, bermasalah ...), or readiness (siap, belum siap ...), "
        "which makes it a checklist of support.",
    )
    sums: list[SumShape] = Field([], max_length=20, description="Soft checks.")
