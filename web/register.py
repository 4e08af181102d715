"""The register of problems: narrowed by its address, searched in words, a page at a time, printed, saved as a table."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from models.matters import register
from models.matters.register import Entry, Scope, Wanted
from rules import access, indonesian, levels, life
from rules.access import May
from rules.issues import CATEGORIES, RESTRICTED, SEVERITIES, Category
from rules.life import Stage
from rules.policy import Severity
from rules.programme import Programme
from web import pages, paging, saved
from web.books import Books
from web.door import who
from web.door.who import Who

STAGES = {
    Stage.OPEN: "belum ditangani",
    Stage.TAKEN_ON: "ditindaklanjuti",
    Stage.POSTPONED: "ditunda",
    Stage.RESOLVED: "menunggu konfirmasi",
    Stage.CONFIRMED: "selesai",
    Stage.MERGED: "digabung",
}
NOT_OVER = "terbuka"
"""Chosen instead of a stage: every problem that nobody called resolved, and that was not merged."""
AREA = "Wilayah"
"""Stands for what the areas below the desk are."""
HEADINGS = (
    *("Nomor", "Keadaan", "Tingkat", "Kategori", AREA, "Desa/kelurahan", "TPS", "Judul", "Keterangan"),
    *("Terdampak", "Dicatat", "Penanggung jawab", "Langkah berikut", "Hasil"),
)
STEM = "permasalahan"
MOST_WORDS = 6
LINES = 50
"""At most so many on one page: what a phone can still show."""

Choice = TypeVar("Choice", bound=StrEnum)


class Asked(NamedTuple):
    """What the address asks for, and of which problems."""

    scopes: Sequence[Scope]
    wanted: Wanted
    search: str


def page(request: Request) -> Response:
    """What this office may see of the register."""
    books: Books = request.app.state.books
    most = min(books.lines, LINES)
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        asked = _asked(request.query_params, at)
        total = register.count(session, asked.scopes, asked.wanted, now=at.now)
        part: paging.Paged[Entry] = paging.cut(request, total, most)
        some = _entries(session, asked, at, start=part.first - 1, most=most)
    facts: dict[str, Any] = {
        "rows": [row(books, at, entry) for entry in some],
        "part": part,
        "wanted": asked.wanted,
        "stage": NOT_OVER if asked.wanted.open else asked.wanted.stage,
        "search": asked.search,
        "narrowed": asked.wanted != Wanted(),
        "choices": _choices(at),
        "saved": [(f"{books.base}/permasalahan/{name}{_query(request)}", name) for name in saved.names(STEM)],
    }
    return pages.page("coordinator/register", **who.common(books, at), **facts)


def sheet(request: Request) -> Response:
    """The same as a table to be saved. Restricted problems are left out: a file goes further than a page."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        ending = saved.ending(request, STEM, back=f"{books.base}/permasalahan")
        saved.count_one(books, at)
        entries = _entries(session, _asked(request.query_params, at), at)
        rows = [_cells(at, entry) for entry in entries if not entry.issue.restricted]
    heading = levels.heading(at.desk.level)
    return saved.sheet([heading if own == AREA else own for own in HEADINGS], rows, STEM, ending)


def _entries(session: Session, asked: Asked, at: Who, *, start: int = 0, most: int | None = None) -> list[Entry]:
    return register.entries(session, asked.scopes, asked.wanted, start=start, most=most, now=at.now)


def _asked(query: QueryParams, at: Who) -> Asked:
    """What is asked for; what no choice offers asks for nothing."""
    search = " ".join(query.get("cari", "")[:100].split())
    wanted = Wanted(
        area=query.get("kecamatan", "")[:20],
        category=_chosen(Category, query.get("kategori", "")),
        severity=_chosen(Severity, query.get("tingkat", "")),
        owner=query.get("penanggung", "")[:60],
        stage=_chosen(Stage, query.get("keadaan", "")),
        open=query.get("keadaan") == NOT_OVER,
        late=query.get("lewat") == "ya",
        restricted=query.get("terbatas") == "ya",
        words=tuple(search.split()[:MOST_WORDS]),
    )
    return Asked(scopes(at), wanted, search)


def scopes(at: Who) -> list[Scope]:
    """What of each election's problems this office may see."""
    return [_scope(at, id, programme) for id, programme in at.programmes.items()]


def _scope(at: Who, id: int, programme: Programme) -> Scope:
    desk = programme.desk
    areas = {*access.readable(desk, at.code), *access.watched(desk, at.code)}
    return Scope(id, areas, access.coordinated(desk, at.code), at.office_id)


def _chosen(choices: type[Choice], text: str) -> Choice | None:
    return choices(text) if text in set(choices) else None


def _query(request: Request) -> str:
    kept = {name: value[:100] for name, value in request.query_params.items() if name != paging.PAGE}
    return f"?{urlencode(kept)}" if kept else ""


def _choices(at: Who) -> dict[str, tuple[str, Mapping[Any, str]]]:
    """By field, what it is called and what can be chosen."""
    desks = list(at.desks)
    seen = {area for id, programme in at.programmes.items() for area in _scope(at, id, programme).areas}
    districts = {d.code: d.name for desk in desks for d in desk.districts if d.code in seen}
    offices = {code: desk.office(code).title for desk in desks for code in access.handed_to(desk)}
    return {
        "kecamatan": (levels.heading(desks[0].level), districts),
        "kategori": ("Kategori", CATEGORIES),
        "tingkat": ("Tingkat", dict(reversed(SEVERITIES.items()))),
        "penanggung": ("Penanggung jawab", offices),
        "keadaan": ("Keadaan", {NOT_OVER: "semua yang terbuka", **STAGES}),
    }


def row(books: Books, at: Who, entry: Entry) -> dict[str, Any]:
    """One problem in a few words; of a restricted one its number, its age and its stage."""
    matter, issue, owner = entry
    programme = at.programmes[matter.programme_id]
    readable = at.may(May.READ, matter.programme_id, matter.area, report=False, owner=matter.owner_id == at.office_id)
    shown = {
        "code": matter.code,
        "path": f"{books.base}/koordinasi/{matter.programme_id}/{matter.code}" if readable else "",
        "restricted": issue.restricted,
        "age": indonesian.age(issue.opened_at, at.now),
        "stage": _stage(entry, at.now),
        "next": _next(programme, entry),
        "late": life.late(issue, matter.acknowledged_until, now=at.now),
    }
    if issue.restricted:
        return shown | {"severity": RESTRICTED, "place": "", "what": "", "title": "", "owner": ""}
    return shown | {
        "severity": SEVERITIES[issue.severity],
        "place": _place(programme, entry),
        "what": CATEGORIES[issue.category],
        "title": issue.title,
        "owner": owner,
    }


def _stage(entry: Entry, now: datetime) -> str:
    return STAGES[life.stage(entry.issue, entry.matter.acknowledged_until, now=now)]


def _place(programme: Programme, entry: Entry) -> str:
    desk, issue = programme.desk, entry.issue
    village = [desk.village_name(issue.village)] if issue.village else []
    station = [f"TPS {issue.station}"] if issue.station else []
    return ", ".join([desk.area_name(entry.matter.area), *village, *station])


def _next(programme: Programme, entry: Entry) -> str:
    zone = programme.desk.zone_of(entry.matter.area)
    waits = entry.issue.due_at if entry.matter.closed_at is None else None
    return pages.short_moment(waits, zone) if waits else ""


def _cells(at: Who, entry: Entry) -> Sequence[str]:
    matter, issue, owner = entry
    programme = at.programmes[matter.programme_id]
    desk, zone = programme.desk, programme.desk.zone_of(matter.area)
    return (
        matter.code,
        _stage(entry, at.now),
        SEVERITIES[issue.severity],
        CATEGORIES[issue.category],
        desk.area_name(matter.area),
        desk.village_name(issue.village) if issue.village else "",
        issue.station,
        issue.title,
        issue.detail,
        "" if issue.affected is None else str(issue.affected),
        indonesian.moment(issue.opened_at, zone),
        owner,
        _next(programme, entry),
        issue.outcome,
    )
