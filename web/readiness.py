"""Readiness (kesiapan): what offices have ready for each preparation, for whoever oversees whom it serves."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.matters import confiding
from rules import access, indonesian, readiness
from rules.people import Parties
from rules.programme import Programme
from rules.readiness import READY, Blocked, Item, Ready
from rules.support import Preparation
from services import readiness as support
from services import rollcalls
from web import pages
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal

NAMED = 4
"""So many who wait for one item are named; more are counted."""


def page(request: Request) -> Response:
    """How ready each preparation is, in every programme of the desk."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        if not at.oversees:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        programmes = [_programme(books, session, at, id, programme) for id, programme in at.programmes.items()]
    return pages.page("coordinator/kesiapan", **who.common(books, at), programmes=programmes)


def _programme(books: Books, session: Session, at: Who, id: int, programme: Programme) -> dict[str, Any]:
    desk, own = programme.desk, access.readable(programme.desk, at.code)
    items = [
        item
        for item in support.look(session, id, programme, books.forms, now=at.now)
        if item.area in own or not set(own).isdisjoint(readiness.served(item, desk))
    ]
    secret = confiding.places(session, id, since=at.now, known_at=at.now)
    seen = _Seen(at, id, programme, own, _untold(books, at, programme, items, secret))
    return {
        "id": id,
        "name": programme.election.name,
        "asked": _asked(session, id, programme, own, at.now),
        "preparations": [seen.preparation(each, readiness.of(items, each.code)) for each in desk.preparations],
    }


def _untold(
    books: Books, at: Who, programme: Programme, items: Sequence[Item], secret: support.Secret
) -> Collection[str]:
    """The codes of items whose lines this office does not read, for one may be what a restricted problem is about."""
    restricted = Parties(restricted=True)
    return {
        item.code
        for item in items
        for area in support.confided(programme, books.forms, item, secret)
        if not access.reads(programme.desk, at.code, area, restricted)
    }


def _asked(
    session: Session, id: int, programme: Programme, own: Collection[str], now: datetime
) -> dict[str, Any] | None:
    """Who has not answered the roll call; None: nobody was asked."""
    asked = rollcalls.answered(session, id, programme, own, now=now)
    if asked is None:
        return None
    return asked._asdict() | {"words": asked.words, "lacking": asked.lacking}


class _Seen:
    """One programme as one office sees it: it opens what it oversees, and reads of what serves its districts."""

    def __init__(self, at: Who, id: int, programme: Programme, own: Collection[str], untold: Collection[str]) -> None:
        self.now, self.id, self.programme, self.own, self.untold = at.now, id, programme, own, untold

    def preparation(self, each: Preparation, items: Sequence[Item]) -> dict[str, Any]:
        desk, begins = self.programme.desk, each.begins.on(self.programme.election)
        counted = readiness.count(items, now=self.now)
        districts = [(own, readiness.serving(items, desk, own.code)) for own in desk.districts if own.code in self.own]
        return {
            "code": each.code,
            "name": each.name,
            "begins": indonesian.day(begins) if begins else "",
            "words": readiness.words(counted),
            "lacking": counted.lacking,
            "total": counted.total,
            "blocked": [self._blocked(own) for own in readiness.blocked(items, desk)],
            "districts": [
                (own.name, readiness.words(readiness.count(theirs, now=self.now)))
                for own, theirs in districts
                if theirs
            ],
            "open": [self._item(own) for own in items if own.ready not in (Ready.READY, Ready.NOT_THEIRS)],
            "ready": [self._item(own) for own in items if own.ready is Ready.READY],
        }

    def _item(self, item: Item) -> dict[str, Any]:
        desk = self.programme.desk
        return {
            "code": item.code,
            "name": item.name,
            "whose": desk.area_name(item.area),
            "opens": item.area in self.own,
            "ready": READY[item.ready],
            "late": item.late(self.now),
            "due": pages.short_moment(item.due_at, desk.zone_of(item.area)),
            "lacking": "" if item.code in self.untold else ", ".join(item.lacking),
        }

    def _blocked(self, own: Blocked) -> dict[str, Any]:
        names = list(dict.fromkeys(item.name for item in own.waiting))
        many = f"{indonesian.number(len(own.waiting))} dukungan"
        return self._item(own.by) | {"many": many, "waiting": indonesian.listed(names[:NAMED])}
