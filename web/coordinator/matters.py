"""One report or problem as a coordinator reads it: what came, who was told, and what he may decide."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.desk import changes
from models.matters import attachments, issues, overseeing, owing, reports
from models.matters.attachments import Attachment, Enclosure, ReplyFile
from models.matters.obligations import Obligation
from models.matters.owing import Item
from rules import decisions
from rules.access import May
from rules.filing import Standing
from services.phoning import Telephone
from web import calling, chosen, pages, words
from web.books import Books
from web.coordinator import looked as looking
from web.coordinator import overseen, problem
from web.coordinator.looked import Looked, look
from web.door import who
from web.door.who import Who
from web.enclosed import enclosed
from web.guards.refusals import STATUS, Help, Refusal


def one(request: Request) -> Response:
    """One report or problem: what came, who was told, what was decided, and what may be decided now."""
    return _shown(request, {}, None)


def again(request: Request, typed: Mapping[str, str], help: Help) -> Response:
    """The page as it is now, with what somebody typed and why it was not taken: he decides again."""
    return _shown(request, typed, help)


def _shown(request: Request, typed: Mapping[str, str], help: Help | None) -> Response:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        looked = look(books, session, request, at)
        facts = _report(books, session, at, looked) if looked.report else problem.facts(session, at, looked)
        facts = (
            {"seen": 0}
            | facts
            | {
                "beside": [overseen.beside(own, looked.zone) for own in attachments.beside(session, looked.matter.id)],
                "told": [
                    overseen.told(t, looked.zone)
                    for t in overseeing.told(session, [looked.matter.id])[looked.matter.id]
                ],
                "times": _times(at, looked),
                "lines": _numbers(session, at, looked),
                "listed": "/koordinasi" if at.oversees else "/beranda",
                "typed": typed,
                "wrong": words.HELP[help] if help else None,
                "since": facts["steps"][chosen.seen(typed) :] if help is Help.CHANGED and not looked.report else [],
            }
        )
    name = "laporan" if looked.report else "permasalahan"
    return pages.page(f"coordinator/{name}", STATUS[help] if help else 200, **who.common(books, at), **facts)


def _numbers(session: Session, at: Who, looked: Looked) -> list[Telephone]:
    """Whom to phone about it, while it is late or open."""
    matter = looked.matter
    item = owing.one(session, looked.programme_id, matter.code) if looked.report else None
    if not (item.late(at.now) if item else matter.closed_at is None):
        return []
    place = [(matter.id, matter.area)]
    return calling.beside(session, at, looked.programme_id, looked.programme, place).get(matter.id, [])


def attached(request: Request) -> Response:
    """A file of a report's version, or of a problem's step, to be saved. It is never shown as a page of ours."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        looked = look(books, session, request, at)
        version, number = request.path_params["version"], request.path_params["number"]
        file = next((own for own in _files(session, looked, version) if own.number == number), None)
    if file is None or not books.files.path(file.digest).is_file():
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return enclosed(books.files, f"{looked.matter.code}-{version or 'balasan'}", file)


ANSWERS = 0
"""In an address the place of a version: no version has it, but what came with answers does."""


def _files(session: Session, looked: Looked, version: int) -> Sequence[Attachment | Enclosure | ReplyFile]:
    """The files of a report's version by its number, or of a problem's step by its id."""
    if version == ANSWERS:
        return attachments.beside(session, looked.matter.id)
    if looked.report:
        known = [own.id for own in reports.of(session, looked.matter.id) if own.version == version]
        return attachments.of(session, known[0]) if known else []
    steps = [event.id for event in issues.events(session, looked.matter.id) if event.id == version]
    return attachments.enclosed(session, steps).get(version, [])


def _times(at: Who, looked: Looked) -> dict[str, list[tuple[str, str]]]:
    """For each decision that takes a time, the times to choose from."""
    zone = looked.zone
    closes_after = looked.matter.closes_after if looked.report else None
    rest = decisions.offers(zone, after=at.now, before=closes_after, now=at.now)
    longer = [t for t in rest if t > looked.matter.since]
    again = decisions.offers(zone, after=at.now, before=None, now=at.now)
    chosen = {
        "acknowledge": rest,
        "postpone": rest,
        "set_due": rest,
        "extend": longer if at.now <= looked.matter.since else rest,
        "return": again,
        "revoke": rest,
    }
    return {act: [(t.isoformat(), pages.short_moment(t, zone)) for t in times] for act, times in chosen.items()}


def _report(books: Books, session: Session, at: Who, looked: Looked) -> dict[str, Any]:
    item = owing.one(session, looked.programme_id, looked.matter.code)
    obligation = session.get_one(Obligation, looked.matter.id)
    versions = reports.of(session, looked.matter.id)
    assert item is not None
    waits = looked.matter.closed_at is None
    owed, returned = item.standing is Standing.OWED and waits, item.returned_until is not None and waits
    able = {
        May.ACKNOWLEDGE: owed or returned,
        May.EXTEND: owed,
        May.WAIVE: owed,
        May.RETURN: item.standing is Standing.RECEIVED,
    }
    duty = looked.programme.policy.duty(item.duty, item.key)
    return looking.facts(at, looked, able) | {
        "title": f"{duty.name}, {looked.programme.desk.area_name(item.area)}",
        "item": overseen.item(looked.programme, item, at.now, ()),
        "standing": overseen.standing(item, obligation.reason, at.now, versions[-1] if versions else None),
        "returned": returned,
        "revocable": looked.may(at, May.WAIVE) and _revocable(session, item, at.now),
        "versions": [
            overseen.version(r, attachments.of(session, r.id), books.form_of(r, duty.form), item.zone)
            for r in reversed(versions)
        ],
        "changes": [overseen.changed(change, looked.zone) for change in reversed(changes.about(session, item.id))],
    }


def _revocable(session: Session, item: Item, now: datetime) -> bool:
    return decisions.revocable(
        item.standing,
        due_at=item.due_at,
        extended_until=item.extended_until,
        rests_until=item.acknowledged_until if changes.rests(session, item.id) else None,
        closes_after=item.closes_after,
        now=now,
    )
