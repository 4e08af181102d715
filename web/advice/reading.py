"""What an office was given and what it gave, and each of these on a page of its own."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.desk import changes
from models.matters import advice, attachments
from models.matters.advice import Advice, Given
from notifiers import icalendar
from notifiers.icalendar import Meeting
from rules import advice as rule
from rules import decisions
from rules.advice import Sort, Stage
from services.advice import OPEN
from web import pages
from web.advice import looked
from web.books import Books
from web.coordinator import overseen
from web.door import who
from web.door.who import Who
from web.enclosed import enclosed
from web.guards.refusals import Help, Refusal

RECENT = timedelta(days=21)
"""So long a list shows what was closed."""

MOST = 50
"""Rows of one list: the oldest due first."""


def listed(request: Request) -> Response:
    """What this office was given, and what it gave."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        since = at.now - RECENT
        own = advice.owned(session, at.programmes, at.office_id, since=since)
        given = advice.given_by(session, at.programmes, at.office_id, since=since)
        facts: dict[str, Any] = {
            "own": [looked.line(at, one) for one in own if one.matter.closed_at is None][:MOST],
            "over": [looked.line(at, one) for one in own if one.matter.closed_at is not None][:MOST],
            "given": [looked.line(at, one) for one in given][:MOST],
            "gives": may_give(at),
        }
    return pages.page("advice/saran", **who.common(books, at), **facts)


def may_give(at: Who) -> bool:
    return any(rule.sorts(desk, at.code) for desk in at.desks)


def one(request: Request) -> Response:
    """One advice as it was given to one office: what was answered, and what may be done now."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        given = looked.look(books, session, request, at)
        facts = shown(session, at, given)
    return pages.page("advice/satu", **who.common(books, at), **facts)


def shown(
    session: Session, at: Who, given: Given, typed: Mapping[str, str] | None = None, flaw: str = ""
) -> dict[str, Any]:
    """What the page of an advice shows; again with what was typed, where something is wrong with it."""
    matter = given.matter
    programme = at.programmes[matter.programme_id]
    zone = programme.desk.zone_of(matter.area)
    times = decisions.offers(zone, after=at.now, before=None, now=at.now)
    others = [one for one in advice.of(session, given.advice.id) if one.matter.id != matter.id]
    return {
        "item": looked.line(at, given),
        "programme": matter.programme_id,
        "round": matter.round,
        "may": acts(given, at.office_id, now=at.now),
        "times": [(t.isoformat(), pages.short_moment(t, zone)) for t in times],
        "longest": rule.NOTE,
        "others": [looked.line(at, one) for one in others],
        "files": [(file.number, overseen.KINDS[file.kind]) for file in attachments.proven(session, matter.id)],
        "changes": [overseen.changed(change, zone) for change in reversed(changes.about(session, matter.id))],
        "about_path": _about_path(at, given),
        "meeting_path": _meeting_path(session, given),
        "starts": _typed(given.advice.starts_at, zone),
        "ends_at": _typed(given.advice.ends_at, zone),
        "given": typed or {},
        "flaw": flaw,
    }


def _typed(at: datetime | None, zone: str) -> str:
    """A time as a browser's field takes it: `2024-02-14T15:00`."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}" if at else ""


def _about_path(at: Who, given: Given) -> str:
    """The problem's own page, for whoever oversees; others may not be able to open it."""
    shown = given.about and at.oversees and (at.decides or not given.restricted)
    return f"/koordinasi/{given.matter.programme_id}/{given.about}" if shown else ""


def _meeting_path(session: Session, given: Given) -> str:
    """The page of the meeting that it invites to, or at which it was decided; empty: there is none."""
    own = given.advice
    held = own if own.sort is Sort.MEETING else session.get(Advice, own.meeting_id) if own.meeting_id else None
    return f"/rapat/{held.programme_id}/{held.number}" if held else ""


def acts(given: Given, office_id: int, *, now: datetime) -> set[str]:
    """What an office may do about it now, by the buttons' names."""
    meeting, stage = given.advice.sort is Sort.MEETING, given.stage
    begun = given.advice.starts_at is not None and given.advice.starts_at <= now
    able: set[str] = set()
    if given.owner.id == office_id:
        if meeting and not begun and stage in (*OPEN, Stage.DECLINED):
            able |= {"attends", "deputy", "absent"}
        elif not meeting:
            able |= ({"confirm"} if stage is Stage.GIVEN else set()) | ({"done"} if stage in OPEN else set())
    if given.giver.id == office_id:
        if meeting and begun and stage is not Stage.WITHDRAWN:
            able |= {"attended", "missed"}
        elif meeting and stage in (*OPEN, Stage.DECLINED):
            able |= {"move", "withdraw"}
        elif not meeting and stage in (*OPEN, Stage.DONE):
            able |= {"close", "withdraw"} | ({"send_back"} if stage is Stage.DONE else set())
    return able


def invitation(request: Request) -> Response:
    """A meeting as a file for calendars."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        given = looked.look(books, session, request, at)
        own, programme = given.advice, at.programmes[given.matter.programme_id]
        if own.starts_at is None or own.ends_at is None:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        meeting = Meeting(
            programme.code,
            own.number,
            own.sequence,
            own.text,
            own.place,
            own.starts_at,
            own.ends_at,
            given.giver.title,
            books.public_url,
            cancelled=given.stage is Stage.WITHDRAWN,
        )
        text = icalendar.calendar(meeting, now=at.now).text
    named = {"Content-Disposition": f'attachment; filename="{given.matter.code}.ics"'}
    return Response(text, media_type="text/calendar; charset=utf-8", headers=named)


def attached(request: Request) -> Response:
    """A photo of what was done, to be saved. It is never shown as a page of ours."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        given = looked.look(books, session, request, at)
        number = request.path_params["number"]
        file = next((own for own in attachments.proven(session, given.matter.id) if own.number == number), None)
    if file is None or not books.files.path(file.digest).is_file():
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return enclosed(books.files, given.matter.code, file)
