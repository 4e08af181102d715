"""The web application, assembled from settings when the server starts it."""

from functools import partial

from sqlalchemy.orm import sessionmaker
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp

from config import loader
from config import settings as environment
from models import clock
from models.base import connect
from models.files import Files
from web import (
    callbacks,
    coordinator,
    deciding,
    entry,
    guard,
    health,
    metrics,
    pages,
    people,
    receipts,
    recording,
    secretariat,
    sheets,
    tasks,
    team,
)
from web.books import Books


def create() -> ASGIApp:
    """The application, by the environment. Raises: config.errors.ConfigError."""
    settings = environment.read()
    engine = connect(settings.database_url.get_secret_value())
    books = Books(
        sessions=sessionmaker(engine, expire_on_commit=False),
        clock=clock.now,
        public_url=settings.public_url,
        forms=loader.forms(settings.home / "config" / "forms"),
        files=Files(settings.var / "files"),
        twilio_token=settings.twilio.auth_token.get_secret_value() if settings.twilio else "",
        key=settings.signing_key().get_secret_value().encode() if settings.providers else b"",
    )
    return application(books)


def application(books: Books) -> ASGIApp:
    """Every page, guarded. Addresses with a slash too many are not redirected: that would believe the `Host` header."""
    small = [Middleware(GZipMiddleware, compresslevel=6)]  # where no cookie is: their length tells nothing of a secret
    app = Starlette(
        routes=[
            Route("/", health.page),
            Route("/healthz", health.healthz),
            Route("/metrics", metrics.metrics),
            *(
                Route(pages.script_path(name), partial(pages.send_script, name), middleware=small)
                for name in pages.SCRIPTS
            ),
            Route("/l/{token}/{code}/lain", team.other, middleware=small),
            Route("/l/{token}/{code}", team.form, methods=["GET"], middleware=small),
            Route("/l/{token}/{code}", team.answer, methods=["POST"], middleware=small),
            Route("/l/{token:path}", team.owed, middleware=small),
            Route("/t/{number}/{proof}", receipts.receipt),
            Route("/masuk", entry.page, methods=["GET"]),
            Route("/masuk", entry.ask, methods=["POST"]),
            Route("/m/{token}/lagi", entry.again, methods=["POST"]),
            Route("/m/{token:path}", entry.door, methods=["GET"]),
            Route("/m/{token:path}", entry.enter, methods=["POST"]),
            Route("/keluar", entry.leave, methods=["POST"]),
            Route("/beranda", entry.home),
            Route("/beranda/laporan", entry.reports, methods=["POST"]),
            Route("/koordinasi", coordinator.listed),
            Route(
                "/koordinasi/{programme:int}/{code}/{version:int}/{number:int}", coordinator.attached, methods=["GET"]
            ),
            Route("/koordinasi/{programme:int}/{code}", coordinator.one, methods=["GET"]),
            Route("/koordinasi/{programme:int}/{code}", deciding.decide, methods=["POST"]),
            Route("/callbacks/twilio/inbound", callbacks.inbound, methods=["POST"]),
            Route("/callbacks/twilio/{message_id}", callbacks.twilio, methods=["POST"]),
            Route("/callbacks/gateway/{message_id}", callbacks.gateway, methods=["GET", "POST"]),
            Route("/sekretariat", secretariat.overview),
            Route("/sekretariat/grup", secretariat.group_text),
            Route("/sekretariat/tugas", tasks.page),
            Route("/sekretariat/tugas/{id}", tasks.settle, methods=["POST"]),
            Route("/sekretariat/catat", recording.choose),
            Route("/sekretariat/catat/{programme}/{code}", recording.form, methods=["GET"]),
            Route("/sekretariat/catat/{programme}/{code}", recording.record, methods=["POST"]),
            Route("/sekretariat/unggah", sheets.page),
            Route("/sekretariat/unggah/{programme}", sheets.preview, methods=["POST"]),
            Route("/sekretariat/unggah/{programme}/simpan", sheets.confirm, methods=["POST"]),
            Route("/sekretariat/unggah/{programme}/{name}", sheets.template),
            Route("/sekretariat/kontak", people.listed),
            Route("/sekretariat/kontak/{office}", people.page, methods=["GET"]),
            Route("/sekretariat/kontak/{office}", people.change, methods=["POST"]),
        ],
        exception_handlers=guard.handlers(books),
    )
    app.router.redirect_slashes = False
    app.state.books = books
    return guard.Guard(app, books)
