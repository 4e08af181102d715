"""The roll call: who has confirmed, and whom to phone. Whoever phoned notes it here; an office answers for itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.desk.changes import Hand, Way
from models.matters import rollcalls as asked_for
from models.matters.rollcalls import Asked
from models.offices import assignments, offices, sessions
from models.offices.offices import Contact, Office
from notifiers.mask import mask
from rules import rollcalls as rule
from rules.assignments import styled
from rules.programme import Programme
from services import phoning, rollcalls
from services.phoning import Telephone
from web import pages, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal

PATH = "/apel-kontak"
OWN = "own"
"""What the form says of whoever answers for the own office."""


def page(request: Request) -> Response:
    """Every office that is asked and that the reader may phone, those that have not answered first."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        programmes = [_shown(session, at, id, programme) for id, programme in at.programmes.items()]
        own = waiting(session, at)
    done = words.DONE.get(request.query_params.get("selesai", ""), "")
    facts: dict[str, Any] = {"path": f"{books.base}{PATH}", "programmes": programmes, "own": own, "done": done}
    return pages.page("coordinator/apel", **who.common(books, at), **facts)


async def confirm(request: Request) -> Response:
    """Somebody phoned an office, or answers for his own."""
    fields = await who.posted(request)
    return await run_in_threadpool(_confirm, request, fields)


def _confirm(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request, fields)
        desk = at.desk
        code = at.code if fields.get("do") == OWN else fields.get("office", "")
        office = offices.by_code(session, desk.code, code)
        if office is None:
            raise Refusal(Help.BAD_FORM, back=f"{books.base}{PATH}")
        if code == at.code:
            came_by = sessions.contact_of(session, at.session_id)
            rollcalls.confirm(session, office, came_by=came_by, hand=at.hand, now=at.now)
        elif rule.sees(desk, at.code, code):
            hand = Hand(at.office_id, at.title, Way.PHONE, at.session_id)
            rollcalls.confirm(session, office, came_by=None, phoned=True, hand=hand, now=at.now)
        else:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}{PATH}")
    back = "/beranda" if fields.get("do") == OWN else f"{PATH}?selesai=roll_call"
    return RedirectResponse(f"{books.base}{back}", 303)


def waiting(session: Session, at: Who) -> dict[str, Any] | None:
    """What the reader's own office is asked; None: nothing."""
    if not asked_for.waiting(session, at.office_id, now=at.now):
        return None
    office = session.get_one(Office, at.office_id)
    current = offices.current(session, [office.id]).get(office.id, [])
    return {"holder": holder(session, office, at), "contacts": [_contact(contact) for contact in current]}


def holder(session: Session, office: Office, at: Who) -> str:
    """Who holds an office, as he is addressed; empty: nobody was recorded."""
    held = assignments.holder(session, office.id, at=at.now)
    return styled(held.kind, held.name) if held else ""


def _shown(session: Session, at: Who, id: int, programme: Programme) -> dict[str, Any]:
    desk = programme.desk
    seen = [one for one in asked_for.of(session, [id], now=at.now) if rule.sees(desk, at.code, one.office.code)]
    latest = _latest(seen)
    waits = [one for one in latest if one.matter.closed_at is None and one.office.code != at.code]
    lines = phoning.lines(
        session, id, desk, {one.matter.id: [one.office.code] for one in waits}, hand=at.hand, now=at.now
    )
    answered = [one for one in latest if one.matter.closed_at is not None]
    current = offices.current(session, [one.office.id for one in latest])
    policy = programme.policy.roll_call
    return {
        "name": programme.election.name,
        "waits": [_line(session, at, one, current.get(one.office.id, []), lines, programme) for one in waits],
        "answered": [(one.office.title, _ended(one, programme)) for one in answered],
        "asked": policy is not None,
    }


def _latest(seen: Sequence[Asked]) -> list[Asked]:
    """For each office what waits; where nothing does, how the last one ended."""
    by_office: dict[int, list[Asked]] = {}
    for one in seen:
        by_office.setdefault(one.office.id, []).append(one)
    latest: list[Asked] = []
    for own in by_office.values():
        latest += [one for one in own if one.matter.closed_at is None] or own[-1:]
    return latest


def _line(
    session: Session,
    at: Who,
    one: Asked,
    contacts: Sequence[Contact],
    lines: Mapping[int, Sequence[Telephone]],
    programme: Programme,
) -> dict[str, Any]:
    return {
        "code": one.office.code,
        "title": one.office.title,
        "holder": holder(session, one.office, at),
        "about": _about(one),
        "since": pages.short_moment(one.matter.since, programme.desk.zone),
        "contacts": [_contact(own) for own in contacts],
        "lines": lines.get(one.matter.id, ()),
    }


def _about(one: Asked) -> str:
    return one.call.name or "kontak baru"


def _contact(contact: Contact) -> str:
    state = words.contact(contact, stale=False)
    return f"{words.WAYS[contact.channel]} {mask(contact.address)}{f' ({state})' if state else ''}"


def _ended(one: Asked, programme: Programme) -> str:
    at = pages.short_moment(one.matter.closed_at or one.matter.since, programme.desk.zone)
    return f"{_about(one)}: {'dikonfirmasi' if one.confirmed else 'tidak dijawab'}, {at}"
