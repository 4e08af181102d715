"""Why a report stands as it does: who was told of it, when, by which way, or why not; and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.desk import changes
from models.machine import stops
from models.matters import explaining, overseeing, reports
from models.matters.explaining import Told
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.messages import delivery_reports
from rules import access, filing
from rules.delivery import State
from rules.delivery_reports import Fate
from rules.dispatch import NoticeState
from services import recap
from web import pages, words
from web.books import Books
from web.coordinator import overseen
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.recap import told
from web.recap.recap import stands
from web.team.visits import numbered


class Step(NamedTuple):
    """One thing that happened, at a moment. `grave`: it went wrong on our side."""

    at: datetime
    what: str
    outcome: str = ""
    grave: bool = False


def page(request: Request) -> Response:
    """One report, for whoever reads or files it."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        id, matter = _looked(books, session, request, at)
        programme = at.programmes[id]
        zone = programme.desk.zone_of(matter.area)
        owed = session.get_one(Obligation, matter.id)
        row = recap.one(session, programme, matter, owed.due_at, now=at.now)
        happened = sorted(_steps(session, matter, owed, zone), key=lambda step: step.at)
        try:
            duty = programme.policy.duty(owed.duty, matter.key).name
        except KeyError:
            duty = owed.duty
    facts: dict[str, Any] = {
        "code": matter.code,
        "title": f"{duty}, {programme.desk.area_name(matter.area)}",
        "due": pages.moment(owed.due_at, zone),
        "extended": pages.moment(owed.extended_until, zone) if owed.extended_until else "",
        "began_under": matter.policy in programme.kept and matter.closed_at is None,
        "stands": stands(row, zone, at) if row else "Dibatalkan.",
        "steps": [(pages.short_moment(step.at, zone), step) for step in happened],
        "matter": f"{books.base}/koordinasi/{id}/{matter.code}"
        if matter.area in access.readable(programme.desk, at.code)
        else "",
    }
    return pages.page("recap/mengapa", **who.common(books, at), **facts)


def _looked(books: Books, session: Session, request: Request, at: Who) -> tuple[int, Matter]:
    """The report in the address. Raises: Refusal: there is none, or it is not this office's; both look alike."""
    id, code = request.path_params["programme"], request.path_params["code"]
    if id in at.programmes and numbered(code):
        matter = overseeing.by_code(session, id, code)
        areas = access.seen(at.programmes[id].desk, at.code)
        if matter is not None and matter.kind is Kind.OBLIGATION and matter.area in areas:
            return id, matter
    raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")


def _steps(session: Session, matter: Matter, owed: Obligation, zone: str) -> Iterable[Step]:
    yield from decided(session, explaining.about(session, matter.id), zone)
    for report in reports.of(session, matter.id):
        what = f"{words.CONTENTS[report.content]}: {report.number}, versi {report.version}"
        came = f"diterima {pages.short_moment(report.received_at, zone)}"
        yield Step(report.recorded_at, what, f"{report.title}, lewat {words.VIAS[report.via]}, {came}")
    for change in changes.about(session, matter.id):
        shown = overseen.changed(change, zone)
        until = f" sampai {shown['until']}" if shown["until"] else ""
        by = f"{shown['by']}, lewat {shown['way']}. {shown['text']}".strip()
        yield Step(change.at, f"{shown['what']}{until}", by)
    until_judged = filing.judged_by(owed.due_at, owed.extended_until)
    for stop in stops.between(session, owed.opens_at, until_judged):
        yield Step(stop.began_at, "Sistem Tim DESK terhenti", f"sampai {pages.short_moment(stop.ended_at, zone)}", True)


def decided(session: Session, told_to: Sequence[Told], zone: str) -> list[Step]:
    """Decisions to tell an office, and what became of each."""
    ends = delivery_reports.ends(session, {one.message.id for one in told_to if one.message})
    return [_decided(one, ends, zone) for one in told_to]


def _decided(one: Told, ends: Mapping[int, Fate], zone: str) -> Step:
    notice, message = one.notice, one.message
    what = told.what(notice, one.office.title)
    if message is None or notice.state is not NoticeState.DISPATCHED:
        return Step(notice.planned_at, what, told.untold(notice, zone), notice.state is NoticeState.NOBODY)
    fate = ends.get(message.id)
    lost = message.state is State.FAILED or message.kept_back or bool(fate and fate.lost)
    return Step(notice.planned_at, what, told.became(message, fate, zone), lost)
