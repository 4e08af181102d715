"""Meetings of the desk: those that are ahead and those that were held, each with its page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.matters import meetings
from models.matters.advice import Given
from rules import advice as rule
from rules import decisions
from rules.advice import Sort, Stage
from rules.indonesian import number
from services.meetings import code, leader, leads
from web import pages
from web.advice import looked
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal

PATH = "/rapat"
RECENT = timedelta(days=180)
"""So long a list shows what is over."""
MOST = 60
FORMS = {"pdf": "PDF", "docx": "Word (DOCX)"}


def listed(request: Request) -> Response:
    """The meetings that this office may read, the latest first."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        found = meetings.since(session, at.programmes, at.now - RECENT)
        rows = [line(at, own) for own in found if reads(at, own)][:MOST]
        invites = any(Sort.MEETING in rule.sorts(desk, at.code) for desk in at.desks)
    return pages.page("activities/meetings", **who.common(books, at), rows=rows, invites=invites)


def page(request: Request) -> Response:
    """One meeting: who was invited and came, what was said, and what was decided."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        facts = shown(session, at, look(books, session, request, at))
    return pages.page("activities/meeting", **who.common(books, at), **facts)


def look(books: Books, session: Session, request: Request, at: Who) -> list[Given]:
    """The meeting in the address. Raises: Refusal: there is none, or the office may not read it; both look alike."""
    id, wanted = request.path_params["programme"], request.path_params["number"]
    found = meetings.numbered(session, id, wanted) if id in at.programmes and wanted < 10**9 else []
    if not found or not reads(at, found):
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return found


def reads(at: Who, meeting: Sequence[Given]) -> bool:
    return any(looked.reads(at, own) for own in meeting)


def keeps(at: Who, meeting: Sequence[Given]) -> bool:
    """Whether this office records who came, writes the minutes and the decisions."""
    return at.keeps_books or meeting[0].giver.id == at.office_id


def line(at: Who, meeting: Sequence[Given]) -> dict[str, Any]:
    """A meeting in a list, and at the head of its page."""
    own = meeting[0].advice
    zone = at.programmes[own.programme_id].desk.zone
    assert own.starts_at is not None
    off = all(one.stage is Stage.WITHDRAWN for one in meeting)
    return {
        "code": code(meeting),
        "path": f"{PATH}/{own.programme_id}/{own.number}",
        "agenda": own.text,
        "place": own.place,
        "starts": pages.short_moment(own.starts_at, zone),
        "ends": pages.short_moment(own.ends_at, zone) if own.ends_at else "",
        "giver": meeting[0].giver.title,
        "invited": number(len(meeting)),
        "state": "Dibatalkan" if off else _stands(meeting, at.now),
        "begun": own.starts_at <= at.now and not off,
    }


def _stands(meeting: Sequence[Given], now: datetime) -> str:
    """How far a meeting is that was not called off; of one that is over, whether anybody wrote down who came."""
    own = meeting[0].advice
    assert own.starts_at is not None
    if now < own.starts_at:
        return "Akan datang"
    if own.ends_at is None or now < own.ends_at:
        return "Sedang berlangsung"
    counted = any(one.charge.attended is not None for one in meeting)
    return "Sudah selesai" if counted else "Sudah selesai, kehadiran belum dicatat"


def shown(
    session: Session, at: Who, meeting: Sequence[Given], given: dict[str, str] | None = None, flaws: Any = None
) -> dict[str, Any]:
    """What the page of a meeting shows; again with what was typed, where something is wrong with it."""
    own = meeting[0].advice
    desk = at.programmes[own.programme_id].desk
    written = meetings.versions(session, own.id)
    led_by = leader(session, at.programmes[own.programme_id], meeting)
    may_lead = leads(session, at.programmes[own.programme_id], meeting)
    receivers = rule.receivers(desk, desk.secretary if led_by != desk.chair else led_by, Sort.DIRECTION)
    times = decisions.offers(desk.zone, after=at.now, before=None, now=at.now)
    return {
        "item": line(at, meeting),
        "keeps": keeps(at, meeting),
        "offices": [_invited(one) for one in meeting if one.stage is not Stage.WITHDRAWN],
        "text": written[0].text if written else "",
        "seen": len(written),
        "written": pages.short_moment(written[0].written_at, desk.zone) if written else "",
        "led_by": led_by,
        "led_by_title": desk.office(led_by).title,
        "leads": {office: desk.office(office).title for office in may_lead},
        "decided": [looked.line(at, one) for one in meetings.decided(session, own.id) if looked.reads(at, one)],
        "receivers": {office: desk.office(office).title for office in receivers},
        "times": [(t.isoformat(), pages.short_moment(t, desk.zone)) for t in times],
        "longest": rule.TEXT,
        "forms": FORMS,
        "given": given or {},
        "flaws": flaws or {},
    }


def _invited(one: Given) -> dict[str, Any]:
    deputy = f" oleh {one.charge.deputy}" if one.charge.deputy else ""
    came = {True: "tercatat hadir", False: "tercatat tidak hadir", None: ""}[one.charge.attended]
    return {
        "office": one.owner.code,
        "title": one.owner.title,
        "said": f"{looked.ANSWERS[one.charge.answer]}{deputy}",
        "came": came,
        "ticked": bool(one.charge.attended),
    }
