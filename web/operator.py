"""The operator's page: how the machine is. Behind a login of its own, a token from the shell; it names nobody.

Its figures and lists are gathered as those of `./desk status`, which also judges what has no outcome. Nothing can be
changed here: what an operator does, he does in the shell.
"""

import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from platform import python_version
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config import version
from models import migrations
from models.machine import audit, clock
from models.machine.tokens import AccessToken
from rules import costs, indonesian, timekeeping
from rules.tasks import WAYS
from rules.tokens import Scope
from services import spending, tokens, truths, watching
from services.watching import Seen
from web import pages
from web.books import Books
from web.door import who
from web.guards import limits
from web.guards.refusals import Help, Refusal

log = structlog.get_logger()

PATH = "/operator"
COOKIE = "operator"
FIELD = "token"
STAYS = 12 * 3600
"""Seconds for which the browser keeps the token."""
STUCK = timedelta(minutes=10)
FRESH = timedelta(hours=26)
ROOM = 1 << 30
MOST = 20


class Line(NamedTuple):
    """One line: what, how it is, and whether a person must look."""

    what: str
    how: object
    bad: bool = False


def page(request: Request) -> Response:
    """How the machine is, for whoever has the token; else the field for it."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        now = books.clock(session)
        own = _entered(session, request.cookies.get(who.cookie(books, COOKIE), ""), now)
        if own is None:
            return pages.page("operator/masuk", base=books.base, wrong=False)
        log.info("token used", token=own.id, read=Scope.OPERATOR.value)
        live, unread = books.live(session), books.unread
        zone = ZoneInfo(next((programme.desk.zone for programme in live.values()), "UTC"))
        seen = watching.look(session, now=now)
        stuck = audit.unsettled(session, before=now - STUCK)
        lines = [*_machine(books, seen, now, zone), *_money(session, books), *_kept(session, books, now, zone)]
        lists = _lists(seen, zone) | {
            "Pesan yang belum selesai": [f"{m.id}: {WAYS[m.channel]}, {m.state}" for m in stuck]
        }
        lists |= {"Kabar kirim SMS menurut operator, 30 hari terakhir": _truths(session, books, now)}
        lists |= {"Program yang tidak dapat dibaca": [one.code for one in unread.values()]}
    return pages.page(
        "operator/keadaan",
        base=books.base,
        at=f"{now.astimezone(zone):%Y-%m-%d %H.%M.%S %Z}",
        lines=lines,
        lists={name: (rows[:MOST], len(rows)) for name, rows in lists.items() if rows},
        versions=_versions(session),
    )


async def enter(request: Request) -> Response:
    """Come in with a token, or go out."""
    books: Books = request.app.state.books
    fields = await who.posted(request)
    if "keluar" in fields:
        response: Response = RedirectResponse(f"{books.base}{PATH}", 303)
        who.set_cookie(books, response, who.cookie(books, COOKIE), "", 0)
        return response
    if wait := books.askers.wait(f"operator {limits.caller(request.scope)}"):
        raise Refusal(Help.TOO_OFTEN, retry=wait)
    token = fields.get(FIELD, "").strip()
    if not await run_in_threadpool(_good, books, token):
        return pages.page("operator/masuk", 403, base=books.base, wrong=True)
    response = RedirectResponse(f"{books.base}{PATH}", 303)
    who.set_cookie(books, response, who.cookie(books, COOKIE), token, STAYS)
    return response


def _good(books: Books, token: str) -> bool:
    with books.sessions.begin() as session:
        return _entered(session, token, books.clock(session)) is not None


def _entered(session: Session, token: str, now: datetime) -> AccessToken | None:
    own = tokens.enter(session, token, now=now) if token.isascii() else None
    return own if own is not None and own.scopes == Scope.OPERATOR else None


def _machine(books: Books, seen: Seen, now: datetime, zone: ZoneInfo) -> Iterable[Line]:
    pulse, number = seen.pulse, indonesian.number
    swept = pulse.swept_at
    turned = f"{swept.astimezone(zone):%Y-%m-%d %H.%M.%S %Z}" if swept else "belum pernah"
    yield Line("Putaran terakhir jam", turned, bad=not timekeeping.turns(swept, now=now))
    held = "ya, oleh pengaman" if pulse.held_by_itself else "ya" if pulse.on_hold else "tidak"
    yield Line("Pengiriman ditahan", held, bad=bool(pulse.on_hold))
    down = ", ".join(WAYS[channel] for channel in seen.down) or "tidak ada"
    yield Line("Saluran yang terganggu", down, bad=bool(seen.down))
    if seen.mailboxes:
        since = min(own.failed_since for own in seen.mailboxes if own.failed_since)
        yield Line("Kotak surat jawaban", f"tidak dapat dibaca sejak {since.astimezone(zone):%Y-%m-%d %H.%M}", bad=True)
    yield Line("Mode uji coba", "ya" if books.trial else "tidak", bad=books.trial)
    yield Line("Laporan, permasalahan, dan lainnya yang terbuka", number(pulse.open_matters))
    yield Line("Pemberitahuan menunggu", number(pulse.notices_waiting))
    yield Line("Pesan menunggu", number(pulse.messages_waiting))
    yield Line("Pesan diragukan", number(pulse.messages_in_doubt), bad=bool(pulse.messages_in_doubt))
    yield Line("Pesan gagal", number(pulse.messages_failed), bad=bool(pulse.messages_failed))
    yield Line("Hanya disimpan, 24 jam terakhir", number(pulse.kept_back_lately), bad=bool(pulse.kept_back_lately))
    yield Line("Tugas sekretariat", number(pulse.tasks_open), bad=bool(pulse.tasks_open))


def _money(session: Session, books: Books) -> Iterable[Line]:
    for id, programme in books.live(session).items():
        if programme.policy.costs.prices:
            own = spending.stand(session, id, programme)
            yield Line(f"Biaya pesan {programme.code}", own.figures, bad=own.level in costs.WORDS)
    for closed in spending.closed(session, partial(books.past, session)):
        yield Line(f"Biaya pesan {closed.code}, sudah ditutup", closed.stand.figures)


def _kept(session: Session, books: Books, now: datetime, zone: ZoneInfo) -> Iterable[Line]:
    made = clock.marked(session, clock.BACKUP)
    when = f"{made[0].astimezone(zone):%Y-%m-%d %H.%M %Z}" if made else "belum pernah"
    yield Line("Cadangan terakhir", when, bad=made is None or now - made[0] > FRESH)
    place = next((folder for folder in (books.documents, *books.documents.parents) if folder.exists()), None)
    if place is not None:
        free = shutil.disk_usage(place).free
        yield Line("Ruang disk tersisa", f"{indonesian.number(free >> 20)} MB", bad=free < ROOM)


def _truths(session: Session, books: Books, now: datetime) -> list[str]:
    """How often a carrier's delivery reports agreed with an answer from the text's own link."""
    country = next((own.country for own in books.live(session).values()), None)
    if country is None:
        return []
    return [
        f"{country.carriers.get(carrier, 'operator lain')}: disebut sampai {own.arrived}, dijawab {own.arrived_seen}; "
        f"disebut tidak sampai {own.lost}, tetapi dijawab {own.lost_seen}; tanpa kabar {own.silent}, dijawab "
        f"{own.silent_seen}{'. Kabar tidak sampai dari operator ini sering keliru' if own.errs else ''}"
        for carrier, own in truths.look(session, country, now=now).items()
    ]


def _lists(seen: Seen, zone: ZoneInfo) -> dict[str, list[str]]:
    def moment(at: datetime) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H.%M}"

    return {
        "Ditahan, menurut alasan": [f"{own.why}: {own.notices}, sejak {moment(own.first_at)}" for own in seen.held],
        "Tugas": [f"S-{task.id:04}: {task.why}, sejak {moment(task.opened_at)}" for task in seen.tasks],
        "Pesan yang tidak sampai": [f"{id}: {fate}" for id, fate in seen.not_delivered.items()],
        "Pesan yang mungkin sampai dua kali": [str(id) for id in seen.doubled],
        "Sistem berhenti": [f"{moment(stop.began_at)} sampai {moment(stop.ended_at)}" for stop in seen.stops],
    }


def _versions(session: Session) -> Mapping[str, Any]:
    engine = session.get_bind().dialect.name
    return {
        "Desk": version.own(),
        "Bentuk basis data": migrations.head(),
        "Basis data": engine,
        "Python": python_version(),
    }
