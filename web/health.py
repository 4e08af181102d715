"""Whether the desk is alive: for machines as JSON, for people as a page. It shows no names, addresses or contents."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from models.machine import health
from models.machine.health import Pulse
from rules import indonesian
from rules.tasks import WAYS
from rules.timekeeping import turns
from web import pages
from web.books import Books


class Health(NamedTuple):
    """What is known of the machine. `now` is the database's time; `pulse` is None if the database cannot be used.

    `unread`: the codes of the programmes that cannot be read. `kept_back`: a sentence if messages reach nobody, else
    empty. `zone`: the first desk's.
    """

    now: datetime | None
    pulse: Pulse | None
    unread: Sequence[str] = ()
    kept_back: str = ""
    zone: str = "UTC"

    @property
    def alive(self) -> bool:
        return self.now is not None and self.pulse is not None and turns(self.pulse.swept_at, now=self.now)


def read(books: Books) -> Health:
    """How the machine is now."""
    try:
        with books.sessions() as session:
            live = books.live(session)
            health.try_to_write(session)
            now = books.clock(session)
            zone = next((programme.desk.zone for programme in live.values()), "UTC")
            pulse = health.pulse(session, now=now)
            return Health(
                now, pulse, [one.code for one in books.unread.values()], kept_back(pulse, trial=books.trial), zone
            )
    except SQLAlchemyError:
        return Health(None, None)


def kept_back(pulse: Pulse, *, trial: bool) -> str:
    """Says to people that messages are kept back, and how many; empty if none are. `trial`: the pages' setting."""
    if not trial and not pulse.kept_back_lately:
        return ""
    what = "Mode uji coba" if trial else "Perhatian"
    total, lately = indonesian.number(pulse.kept_back), indonesian.number(pulse.kept_back_lately)
    kept = f"{total} pesan tidak dikirim dan hanya disimpan di sistem"
    return f"{what}: {kept}, {lately} di antaranya dalam 24 jam terakhir."


async def healthz(request: Request) -> JSONResponse:
    """200 while the clock turns, 503 when it does not or the database is gone, or can only be read."""
    books: Books = request.app.state.books
    machine = await run_in_threadpool(read, books)
    # A person wrote the reason of a hold; whoever asks here sees only the machine.
    facts = (
        machine.pulse._asdict()
        | {"on_hold": bool(machine.pulse.on_hold), "unread": machine.unread, "trial": books.trial}
        if machine.pulse
        else {"database": "unreachable, or cannot be written"}
    )
    body = {"alive": machine.alive} | {k: v.isoformat() if isinstance(v, datetime) else v for k, v in facts.items()}
    return JSONResponse(body, status_code=200 if machine.alive else 503)


async def page(request: Request) -> Response:
    """The same for people."""
    books: Books = request.app.state.books
    machine = await run_in_threadpool(read, books)
    title = "Sistem berjalan" if machine.alive else "Sistem tidak berjalan"
    return pages.page(
        "health",
        200 if machine.alive else 503,
        title=title,
        rows=_rows(machine),
        kept_back=machine.kept_back,
        base=books.base,
    )


def _rows(machine: Health) -> list[tuple[str, object]]:
    if machine.pulse is None:
        return [("Basis data", "tidak dapat dihubungi atau ditulisi")]
    swept_at = machine.pulse.swept_at
    swept = f"{swept_at.astimezone(ZoneInfo(machine.zone)):%Y-%m-%d %H.%M.%S %Z}" if swept_at else "belum pernah"
    return [
        ("Putaran terakhir", swept),
        ("Program yang tidak dapat dibaca", ", ".join(machine.unread) or "tidak ada"),
        ("Pengiriman ditahan", _held(machine.pulse)),
        ("Saluran yang terganggu", ", ".join(WAYS[channel] for channel in machine.pulse.down) or "tidak ada"),
        ("Laporan, permasalahan, dan lainnya yang terbuka", machine.pulse.open_matters),
        ("Pemberitahuan menunggu", machine.pulse.notices_waiting),
        ("Pesan menunggu", machine.pulse.messages_waiting),
        ("Pesan diragukan", machine.pulse.messages_in_doubt),
        ("Pesan gagal", machine.pulse.messages_failed),
        ("Tugas sekretariat", machine.pulse.tasks_open),
    ]


def _held(pulse: Pulse) -> str:
    if pulse.held_by_itself:
        return "ya, oleh pengaman"
    return "ya" if pulse.on_hold else "tidak"
