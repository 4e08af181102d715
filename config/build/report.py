"""A kind of report to the Government: chapters that there are, each once, and wording that can be filled in."""

from collections.abc import Iterator

from config.build.common import among, unrepeated
from config.checking import Check
from config.errors import Path, shown
from config.shapes.report import ReportShape
from rules.government import (
    ANNEXES,
    CHAPTERS,
    LISTS,
    NAMES,
    OF_PROBLEM,
    TYPED,
    WORDED,
    Basis,
    Chapter,
    Covers,
    Form,
    Part,
    ReportKind,
    Typed,
    mistaken,
)

_TEXTS = ("subject", "opening", "closing")


def build(check: Check[ReportShape], digest: str) -> ReportKind:
    shape = check.shape
    _parts(check)
    _chapters(check)
    for number, code in enumerate(shape.annexes):
        among(check, ("annexes", number), code, ANNEXES, "annex")
    unrepeated(check, ((("annexes", n), code) for n, code in enumerate(shape.annexes)), "annexes")
    for number, own in enumerate(shape.sipantau):
        among(check, ("sipantau", number, "holds"), own.holds, TYPED, "content of a column")
    unrepeated(check, ((("approve", n), word) for n, word in enumerate(shape.approve)), "approvers")
    _basis(check)
    for path, text in _texts(shape):
        _fillable(check, path, text)
    return ReportKind(
        code=shape.report,
        name=shape.name,
        covers=shape.covers,
        form=shape.form,
        subject=shape.subject,
        opening=shape.opening,
        closing=shape.closing,
        parts=tuple(
            Part(title, tuple(_chapter(shape, code) for _, code in chapters)) for title, chapters in _placed(shape)
        ),
        annexes=tuple(shape.annexes),
        approve=tuple(shape.approve),
        unapproved=shape.unapproved,
        digest=digest,
        basis=tuple(Basis(name, tuple(lines)) for name, lines in shape.basis.items()),
        restricted=shape.restricted,
        sipantau=tuple(Typed(own.head, own.holds) for own in shape.sipantau),
    )


def _placed(shape: ReportShape) -> list[tuple[str, list[tuple[Path, str]]]]:
    """Each part's title, with the chapters in it and where they are written."""
    if shape.parts:
        return [
            (part.title, [(("parts", n, "chapters", m), code) for m, code in enumerate(part.chapters)])
            for n, part in enumerate(shape.parts)
        ]
    return [("", [(("chapters", n), code) for n, code in enumerate(shape.chapters)])]


def _chapter(shape: ReportShape, code: str) -> Chapter:
    return Chapter(code, shape.titles.get(code, ""), shape.words.get(code, ""))


def _parts(check: Check[ReportShape]) -> None:
    shape = check.shape
    key, other = ("parts", "chapters") if shape.form is Form.BOOK else ("chapters", "parts")
    if getattr(shape, other):
        check.bad((other,), f"a {shape.form} is written in `{key}`", f"Write its chapters under `{key}`")
    elif not getattr(shape, key) and check.sound(key):
        check.bad((), f"has no `{key}`", f"Add `{key}:`, such as chapters [condition, problems]")


def _chapters(check: Check[ReportShape]) -> None:
    shape = check.shape
    placed = [own for _, chapters in _placed(shape) for own in chapters]
    for path, code in placed:
        if among(check, path, code, CHAPTERS, "chapter") and code in WORDED and code not in shape.words:
            check.bad(path, f"{shown(code)} would be empty", f"Add `{code}:` with its text under `words`")
    unrepeated(check, placed, "chapters")
    for name in ("titles", "words"):
        for code in getattr(shape, name):
            among(check, (name, code), code, [own for _, own in placed], "chapter of this report")


def _basis(check: Check[ReportShape]) -> None:
    """A line of the legal basis is a text without braces, or one that stands for others."""
    whole = [f"{{{name}}}" for name in LISTS]
    for name, lines in check.shape.basis.items():
        for number, text in enumerate(lines):
            if any(brace in text for brace in "{}") and text not in whole:
                what = f"{shown(text)} is neither a text without braces nor one of {', '.join(whole)}"
                check.bad(("basis", name, number), what, "Write such a name as a line of its own")


def _texts(shape: ReportShape) -> Iterator[tuple[Path, str]]:
    """Every wording, and where it stands."""
    yield from (((name,), getattr(shape, name)) for name in _TEXTS)
    yield from ((("words", code), text) for code, text in shape.words.items())


def _fillable(check: Check[ReportShape], path: Path, text: str) -> None:
    covers = check.shape.covers
    names = [name for name in NAMES if covers is Covers.PROBLEM or name not in OF_PROBLEM]
    for found in mistaken(text, covers):
        what = f"{shown(found)} is nothing that a report can fill in"
        check.bad(path, what, f"Use {', '.join(f'{{{name}}}' for name in names)}")
        return
