"""What the newest reports answer to one form: a table of places and questions, as a page and as a sheet."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from rules import access, forms, indonesian
from rules.filing import Content
from rules.forms import CONDITIONS, Form
from rules.programme import Programme
from services import answers
from services.answers import Answer
from web import pages, saved, words
from web.books import Books
from web.coordinator import overseen
from web.door import who
from web.guards.refusals import Help, Refusal

NOT_YET = "belum ada laporan"


class Asked(NamedTuple):
    """A form, and what each place answers to it: None where nothing came yet."""

    id: int
    programme: Programme
    form: Form
    forms: Sequence[Form]
    answers: Mapping[str, Answer | None]


def page(request: Request) -> Response:
    """A column for each indicator, a row for each place, in the desk's order."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        asked = _asked(books, session, request, at)
    shown = {area: _told(asked, answer) for area, answer in asked.answers.items()}
    said = dict.fromkeys(name for own in shown.values() for name in own)
    asked_for = [own.name for own in asked.form.indicators if own.name in said]
    headings = list(dict.fromkeys([*asked_for, *said]))
    facts: dict[str, Any] = {
        "program": asked.id,
        "form": asked.form,
        "forms": asked.forms,
        "headings": headings,
        "rows": [
            (asked.programme.desk.area_name(area), _source(asked, area), [own.get(name, "") for name in headings])
            for area, own in shown.items()
        ],
    }
    return pages.page("recap/jawaban", **who.common(books, at), **facts)


def _asked(books: Books, session: Session, request: Request, at: who.Who) -> Asked:
    """Raises: Refusal: this office sees no report of that election, or no report of it is asked by that form."""
    id = request.path_params["programme"]
    areas = access.seen(at.programmes[id].desk, at.code) if id in at.programmes else ()
    if not areas:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    programme = at.programmes[id]
    known = [books.forms[code] for code in programme.policy.forms if code in books.forms]
    wanted = request.query_params.get("formulir", known[0].code if known else "")
    form = next((form for form in known if form.code == wanted), None)
    if form is None:
        raise Refusal(Help.UNKNOWN, back=f"{books.base}/rekap")
    found = answers.newest(session, id, programme, form.code, areas)
    watched = access.watched(programme.desk, at.code)
    return Asked(id, programme, form, known, {a: found.get(a) for a in areas if a in watched or a in found})


def _told(asked: Asked, answer: Answer | None) -> dict[str, str]:
    """By heading, what a place answers; `nihil` to everything where it has nothing to report."""
    if answer is None:
        return {}
    if answer.report.content is Content.NIL:
        return {own.name: words.SHORT[Content.NIL] for own in asked.form.indicators}
    return dict(overseen.answers(answer.report.body, asked.form))


def _source(asked: Asked, area: str) -> str:
    """Of which report it is, and when it came."""
    answer = asked.answers[area]
    if answer is None:
        return NOT_YET
    zone = asked.programme.desk.zone_of(area)
    return f"{answer.code}, {pages.short_moment(answer.report.received_at, zone)}"


def sheet(request: Request) -> Response:
    """The same with a column of its own for every condition, number and note."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        ending = saved.ending(request, "jawaban", back=f"{books.base}/rekap")
        saved.count_one(books, at)
        asked = _asked(books, session, request, at)
    headings = ["Wilayah", "Laporan", *(heading for heading, _ in _cells(asked.form, None))]
    rows = [
        [
            asked.programme.desk.area_name(area),
            _source(asked, area),
            *(text for _, text in _cells(asked.form, answer)),
        ]
        for area, answer in asked.answers.items()
    ]
    return saved.sheet(headings, rows, f"jawaban-{asked.form.code}", ending)


def _cells(form: Form, answer: Answer | None) -> Iterable[tuple[str, str]]:
    """Every column of a form, and what an answer has there."""
    said = forms.looked_at(answer.report.body) if answer else {}
    nil = words.SHORT[Content.NIL] if answer and answer.report.content is Content.NIL else ""
    for indicator in form.indicators:
        own = said.get(indicator.code, {})
        condition = forms.condition(own)
        numbers = own.get("numbers")
        yield indicator.name, CONDITIONS[condition] if condition else nil
        for figure in indicator.figures:
            count = numbers.get(figure.code) if isinstance(numbers, dict) else None
            yield f"{indicator.name}: {figure.name}", indonesian.number(count) if isinstance(count, int) else ""
        yield f"{indicator.name}: keterangan", str(own.get("note") or "")
