"""Whether the desk is alive: for machines as JSON, for people as a page. No names, no addresses, no contents."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from models import health
from models.health import Pulse
from rules.tasks import WAYS
from rules.timekeeping import turns
from web import pages
from web.books import Books


class Health(NamedTuple):
    """What is known of the machine; `now` is the database's time, `pulse` None when the database is not there.

    `unread`: the codes of the programmes that cannot be read.
    """

    now: datetime | None
    pulse: Pulse | None
    unread: Sequence[str] = ()

    @property
    def alive(self) -> bool:
        return self.now is not None and self.pulse is not None and turns(self.pulse.swept_at, now=self.now)


def read(books: Books) -> Health:
    """How the machine is now."""
    try:
        with books.sessions() as session:
            books.live(session)
            return Health(books.clock(session), health.pulse(session), [one.code for one in books.unread.values()])
    except SQLAlchemyError:
        return Health(None, None)


async def healthz(request: Request) -> JSONResponse:
    """200 while the clock turns, 503 when it does not or the database is gone."""
    found = await run_in_threadpool(read, request.app.state.books)
    # The reason of a hold is what a person wrote; whoever asks here sees the machine only.
    facts = (
        found.pulse._asdict() | {"on_hold": bool(found.pulse.on_hold), "unread": found.unread}
        if found.pulse
        else {"database": "unreachable"}
    )
    body = {"alive": found.alive} | {k: v.isoformat() if isinstance(v, datetime) else v for k, v in facts.items()}
    return JSONResponse(body, status_code=200 if found.alive else 503)


async def page(request: Request) -> Response:
    """The same for people."""
    found = await run_in_threadpool(read, request.app.state.books)
    title = "Sistem berjalan" if found.alive else "Sistem tidak berjalan"
    return pages.page("health", 200 if found.alive else 503, title=title, rows=_rows(found))


def _rows(found: Health) -> list[tuple[str, object]]:
    if found.pulse is None:
        return [("Basis data", "tidak dapat dihubungi")]
    swept = f"{found.pulse.swept_at:%Y-%m-%d %H.%M.%S} UTC" if found.pulse.swept_at else "belum pernah"
    return [
        ("Putaran terakhir", swept),
        ("Program yang tidak dapat dibaca", ", ".join(found.unread) or "tidak ada"),
        ("Pengiriman ditahan", _held(found.pulse)),
        ("Saluran yang terganggu", ", ".join(WAYS[channel] for channel in found.pulse.down) or "tidak ada"),
        ("Laporan yang ditunggu", found.pulse.open_matters),
        ("Pemberitahuan menunggu", found.pulse.notices_waiting),
        ("Pesan menunggu", found.pulse.messages_waiting),
        ("Pesan diragukan", found.pulse.messages_in_doubt),
        ("Pesan gagal", found.pulse.messages_failed),
        ("Tugas sekretariat", found.pulse.tasks_open),
    ]


def _held(pulse: Pulse) -> str:
    if pulse.held_by_itself:
        return "ya, oleh pengaman"
    return "ya" if pulse.on_hold else "tidak"
