"""Who would be told what in the next days under a changed file: the sums, and each message (`jobs.operator.ahead`)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from models.desk import orders
from rules import indonesian
from rules.desk import Channel
from rules.foretold import Differs
from rules.ladder import Say
from web import pages
from web.ahead import NAMED
from web.books import Books
from web.coordinator.overseen import CHANNELS, SAID
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.secretariat import keeping, rehearsed

AHEAD, MESSAGES = "ahead", "pesan.json"
"""Under what an order keeps the sums, and the entry with the messages in its file (`jobs.rehearsal.beside`)."""

LISTED = 400
"""So many messages are listed on a page."""

DIFFERS = {
    Differs.GONE: "tidak dikirim lagi",
    Differs.NEW: "baru",
    Differs.TIME: "waktunya lain",
    Differs.CHANNEL: "salurannya lain",
    Differs.WORDS: "kata-katanya lain",
}
KINDS = {
    "issue": "permasalahan",
    "task": "tugas sekretariat",
    "summary": "ringkasan",
    "advice": "saran atau arahan",
    "trip": "kunjungan",
    "roll_call": "apel kontak",
    "gate": "kesiapan",
    "aide": "isian desa",
}
"""How people call what a message is about, if it is no report."""

Counts = Sequence[tuple[str, Sequence[Sequence[int]]]]


class Line(NamedTuple):
    """How many under the old file and the new: within a day, and within seven."""

    what: str
    day: Sequence[int]
    week: Sequence[int]
    href: str = ""

    @property
    def differs(self) -> bool:
        return any(old != new for old, new in (self.day, self.week))


def sums(at: Who, told: Mapping[str, Any]) -> dict[str, Any]:
    """The sums as a page writes them."""
    return {
        "from": pages.moment(datetime.fromisoformat(told["now"]), at.desk.zone),
        "held": told["held"],
        "channels": [Line(CHANNELS[Channel(what)], *counts) for what, counts in told["channels"]],
        "about": [Line(_about(at, told, what), *counts) for what, counts in told["about"]],
        "differing": [(DIFFERS[Differs(what)], count) for what, count in told["differing"].items() if count],
        "offices": told["offices"],
    }


def _about(at: Who, told: Mapping[str, Any], what: str) -> str:
    """The name of a duty, as it is in force or in the file that was tried, or of another kind of matter."""
    names = {duty.code: duty.name for programme in at.programmes.values() for duty in programme.policy.duties}
    return names.get(what) or told.get("names", {}).get(what) or KINDS.get(what, what)


def page(request: Request) -> Response:
    """The messages that differ, or all of one office (`kantor`)."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        order = orders.one(session, at.desk.code, request.path_params["order"])
        kept = order.pages if order and AHEAD in order.result else None
        back = f"{books.base}/sekretariat/kendali"
        content = rehearsed.entry(books, kept, MESSAGES) if kept else None
        if order is None or content is None:
            raise Refusal(Help.UNKNOWN, back=back)
        office = request.query_params.get("kantor", "")
        told = json.loads(content)
        titles = {own.code: own.title for own in at.desk.offices}
        titles |= {own: told.get("names", {}).get(own, own) for own, _ in told["offices"] if own not in titles}
        if office and office not in titles:
            raise Refusal(Help.UNKNOWN, back=f"{back}/{order.id}/pesan")
        wanted = [own for own in told["messages"] if (own[0] == office if office else own[5])]
        here = f"{back}/{order.id}/pesan"
        facts: dict[str, Any] = {
            "back": f"{back}/{order.id}",
            "here": here,
            "chosen": titles[office] if office else "",
            "offices": list(_offices(told["offices"], titles, here)),
            "lines": [_line(at, titles, told, own) for own in wanted[:LISTED]],
            "more": max(0, len(wanted) - LISTED),
        }
    return pages.page("secretariat/foreseen", **who.common(books, at), **facts)


def _offices(counted: Counts, titles: Mapping[str, str], here: str) -> Iterator[Line]:
    """In the order of the desk's file; those that differ first."""
    lines = {code: Line(titles.get(code, code), day, week, f"{here}?kantor={code}") for code, (day, week) in counted}
    order = [*titles, *sorted(lines.keys() - titles.keys())]
    yield from sorted((lines[code] for code in order if code in lines), key=lambda line: not line.differs)


def _line(at: Who, titles: Mapping[str, str], kept: Mapping[str, Any], told: Sequence[Any]) -> dict[str, Any]:
    code, say, about, old, new, differs, places = told
    where = [_place(at, kept, area) for area in places]
    return {
        "office": titles.get(code, code),
        "said": SAID.get(Say(say), say),
        "about": ", ".join(_about(at, kept, what) for what in about),
        "old": _way(at, old),
        "new": _way(at, new),
        "differs": [DIFFERS[Differs(what)] for what in differs],
        "where": indonesian.listed(where) if len(where) <= NAMED else f"{indonesian.number(len(where))} wilayah",
    }


def _place(at: Who, kept: Mapping[str, Any], area: str) -> str:
    """A district, team or office by its name; one that only the changed file has, by what that calls it."""
    return kept.get("names", {}).get(area) or at.desk.area_name(area)


def _way(at: Who, way: Sequence[str] | None) -> str:
    if way is None:
        return ""
    moment, channel = way
    return f"{pages.short_moment(datetime.fromisoformat(moment), at.desk.zone)}, {CHANNELS[Channel(channel)]}"
