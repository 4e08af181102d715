"""A form file: codes that are unique, sums of numbers that it asks for, and nothing about votes."""

import re

from config.build.common import among, unrepeated
from config.checking import Check
from config.errors import Path, shown
from config.shapes.form import FormShape
from rules.desk import COUNTS
from rules.forms import Figure, Form, Indicator, Sum

_VOTES = re.compile(r"(perolehan|suara\s+sah|jumlah\s+suara|hasil\s+suara|quick\s*count|hitung\s+cepat)", re.IGNORECASE)


def build(check: Check[FormShape], digest: str) -> Form:
    shape = check.shape
    figures = [
        (("indicators", n, "numbers", m, "code"), own.code)
        for n, indicator in enumerate(shape.indicators)
        for m, own in enumerate(indicator.numbers)
    ]
    unrepeated(check, ((("indicators", n, "code"), i.code) for n, i in enumerate(shape.indicators)), "indicators")
    unrepeated(check, figures, "numbers")
    for n, own in enumerate(shape.sums):
        for m, code in enumerate(own.parts):
            among(check, ("sums", n, "parts", m), code, [code for _, code in figures], "number")
        among(check, ("sums", n, "total"), own.total, [code for _, code in figures], "number")
    for n, indicator in enumerate(shape.indicators):
        _no_votes(check, ("indicators", n, "name"), indicator.name)
        for m, figure in enumerate(indicator.numbers):
            if figure.of:
                known = [*COUNTS, *(code for _, code in figures if code != figure.code)]
                among(check, ("indicators", n, "numbers", m, "of"), figure.of, known, "number")
            _no_votes(check, ("indicators", n, "numbers", m, "name"), figure.name)
    return Form(
        code=shape.form,
        name=shape.name,
        indicators=tuple(
            Indicator(
                code=own.code,
                name=own.name,
                ask=own.ask or "",
                figures=tuple(Figure(f.code, f.name, f.most, f.of or "", f.adds) for f in own.numbers),
                category=own.category,
                severity=own.severity,
                photo=own.photo,
            )
            for own in shape.indicators
        ),
        sums=tuple(Sum(tuple(own.parts), own.total) for own in shape.sums),
        digest=digest,
        scale=shape.answers,
    )


def _no_votes(check: Check[FormShape], path: Path, text: str) -> None:
    """The desk watches; it does not count votes, and must not seem to."""
    if votes := _VOTES.search(text):
        what = f"{shown(votes[0])} asks for votes, which the desk does not collect"
        check.bad(path, what, "Ask for turnout or progress, such as pemilih yang hadir")
