"""One field for everything that a reader may see: problems, reports, receipts, letters, advice, by number or word."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.matters import finding, register
from models.matters.finding import Found
from models.matters.register import Wanted
from models.matters.submissions import Submission
from rules import access, indonesian
from rules.access import May
from web import pages, words
from web import register as problems
from web.advice import looked
from web.books import Books
from web.door import who
from web.door.who import Who
from web.government.looked import PATH
from web.government.words import STATES, version

MOST = 10
"""Of each kind so many are shown; more words narrow it."""
MOST_WORDS = 5
SHORTEST = 3
"""A shorter word is in everything."""


def page(request: Request) -> Response:
    """What was found, kind by kind."""
    books: Books = request.app.state.books
    search = " ".join(request.query_params.get("cari", "")[:100].split())
    asked = search.split()[:MOST_WORDS]
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        good = bool(asked) and all(len(word) >= SHORTEST for word in asked)
        found = _found(books, session, at, asked) if good else {}
    facts: dict[str, Any] = {"search": search, "short": bool(asked) and not good, "found": found, "most": MOST}
    return pages.page("search/cari", **who.common(books, at), **facts)


def _found(books: Books, session: Session, at: Who, asked: list[str]) -> dict[str, list[dict[str, str]]]:
    entries = register.entries(session, problems.scopes(at), Wanted(words=tuple(asked)), most=MOST, now=at.now)
    found = {"Permasalahan": [_problem(problems.row(books, at, entry)) for entry in entries]}
    reports = [
        _report(books, at, id, one)
        for id, programme in at.programmes.items()
        for one in finding.reports(session, id, access.seen(programme.desk, at.code), asked, most=MOST)
    ]
    found["Laporan, tanda terima, dan surat"] = reports[:MOST]
    if at.reports_upwards:
        found["Laporan kepada Pemerintah"] = [
            _letter(books, at, *own) for own in finding.letters(session, at.programmes, asked, most=MOST)
        ]
    given = finding.given(session, at.programmes, asked, most=MOST * 5)
    lines = [looked.line(at, one) for one in given if looked.reads(at, one)][:MOST]
    found["Saran, arahan, dan undangan"] = [
        {
            "code": line["code"],
            "path": f"{books.base}{line['path']}",
            "said": f"{line['sort']}: {line['text']} ({line['state']})",
        }
        for line in lines
    ]
    return {kind: rows for kind, rows in found.items() if rows}


def _problem(row: dict[str, Any]) -> dict[str, str]:
    said = ", ".join(part for part in (row["severity"], row["place"], row["title"], row["stage"]) if part)
    return {"code": row["code"], "path": row["path"], "said": said}


def _letter(books: Books, at: Who, own: Submission, code: str, id: int) -> dict[str, str]:
    cut_off = pages.moment(own.cut_off_at, at.programmes[id].desk.zone)
    said = [f"data sampai {cut_off}", version(own) if own.correction else "", STATES[own.state]]
    return {"code": code, "path": f"{books.base}{PATH}/{own.id}", "said": ", ".join(part for part in said if part)}


def _report(books: Books, at: Who, id: int, found: Found) -> dict[str, str]:
    matter, obligation, version = found
    programme = at.programmes[id]
    place = "koordinasi" if at.may(May.READ, id, matter.area, report=True) else "mengapa"
    filed = f", {version.number}: {words.CONTENTS[version.content]}" if version else ""
    period = indonesian.period(obligation.period_start, obligation.period_end)
    return {
        "code": matter.code,
        "path": f"{books.base}/{place}/{id}/{matter.code}",
        "said": f"{programme.policy.duty(obligation.duty, matter.key).name}, {programme.desk.area_name(matter.area)}, "
        f"{period}{filed}",
    }
