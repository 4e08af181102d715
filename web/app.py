"""The web application, assembled from settings when the server starts it."""

from collections.abc import Iterable
from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp

from config import loader
from config import settings as environment
from models.base import begun_by, connect
from models.desk.files import Files
from models.machine import clock
from rules.tokens import Scope
from web import (
    ahead,
    aides,
    board,
    callbacks,
    calls,
    drafts,
    guests,
    health,
    inbound,
    metrics,
    notes,
    operator,
    pages,
    proofs,
    readiness,
    register,
    search,
    situation,
    ways,
)
from web.activities import meeting, meetings, orders, trip, trips
from web.advice import acting, giving, linked, reading
from web.advice import sheet as advice_sheet
from web.api import openapi
from web.api import reading as figures
from web.api.answers import PATH as API
from web.api.answers import answered, nowhere
from web.books import Books
from web.chair import leading
from web.coordinator import contacts, deciding, incidents, matters, watching
from web.door import entry, strangers
from web.government import appeals, leaving, listed, one, packing
from web.government import files as government_files
from web.guards import guard
from web.guidance import learned, overseen, treated
from web.recap import answers, recap, why
from web.secretariat import (
    control,
    days,
    foreseen,
    holders,
    inbox,
    packages,
    people,
    posko,
    recording,
    rehearsed,
    risks,
    sheets,
    subjects,
    tasks,
    teams,
    today,
)
from web.team import aides as team_aides
from web.team import contacts as team_contacts
from web.team import incidents as team_incidents
from web.team import receipts, reporting


def create() -> ASGIApp:
    """The application, by the environment. Raises: config.errors.ConfigError."""
    settings = environment.read()
    engine = connect(settings.database_url.get_secret_value())
    books = Books(
        sessions=begun_by(engine),
        clock=clock.now,
        public_url=settings.public_url,
        forms=loader.forms(settings.home / "config" / "forms"),
        files=Files(settings.var / "files"),
        documents=settings.var / "laporan",
        package_key=settings.package_key,
        twilio_token=settings.twilio.auth_token.get_secret_value() if settings.twilio else "",
        key=settings.signing_key().get_secret_value().encode(),
        ways_in=ways.loaded(settings),
        trial=settings.trial_allow is not None,
    )
    return application(books)


def application(books: Books) -> ASGIApp:
    """Every page, guarded. An address with one slash too many is not redirected: that would trust the `Host` header."""
    app = Starlette(
        routes=[
            *_scripts(),
            *MACHINE,
            *PROGRAMS,
            *OPERATOR,
            *ANYBODY,
            *TEAM,
            *VILLAGES,
            *DOOR,
            *COORDINATOR,
            *CHAIR,
            *ACTIVITIES,
            *ADVICE,
            *GUIDANCE,
            *GOVERNMENT,
            *SECRETARIAT,
        ],
        exception_handlers=guard.handlers(books),
    )
    app.router.redirect_slashes = False
    app.state.books = books
    return guard.Guard(app, books)


def _scripts() -> Iterable[Route]:
    for name in pages.SCRIPTS:
        yield Route(pages.script_path(name), partial(pages.send_script, name), middleware=COMPRESSED)


COMPRESSED = [Middleware(GZipMiddleware, compresslevel=6)]
"""Only for what is asked for without a cookie: there the length of an answer tells nothing about a secret."""

MACHINE = (
    Route("/", health.page),
    Route("/healthz", health.healthz),
    Route("/metrics", metrics.metrics),
    Route("/callbacks/twilio/inbound", inbound.twilio, methods=["POST"]),
    Route("/callbacks/{way}/inbound", inbound.way, methods=["GET", "POST"]),
    Route("/callbacks/twilio/{message}", callbacks.twilio, methods=["POST"]),
    Route("/callbacks/gateway/{message}", callbacks.gateway, methods=["GET", "POST"]),
)

PROGRAMS = (
    Route(API, answered(None, figures.index)),
    Route(f"{API}/openapi.json", openapi.served),
    Route(f"{API}/programmes/{{programme:int}}/owed", answered(Scope.OWED, figures.owed)),
    Route(f"{API}/programmes/{{programme:int}}/recap", answered(Scope.RECAP, figures.counted)),
    Route(f"{API}/programmes/{{programme:int}}/situation", answered(Scope.SITUATION, figures.looked)),
    Route(f"{API}/programmes/{{programme:int}}/problems", answered(Scope.PROBLEMS, figures.problems)),
    Route(f"{API}/programmes/{{programme:int}}/submissions", answered(Scope.SUBMISSIONS, figures.sent)),
    Route(f"{API}/{{area:path}}", nowhere),
)

TEAM = (
    Route("/l/{token}/kejadian", team_incidents.form, methods=["GET"], middleware=COMPRESSED),
    Route("/l/{token}/kejadian", drafts.kept(team_incidents.report), methods=["POST"], middleware=COMPRESSED),
    Route("/l/{token}/kejadian/{code}", team_incidents.receipt, methods=["GET"], middleware=COMPRESSED),
    Route("/l/{token}/kejadian/{code}", team_incidents.answer, methods=["POST"], middleware=COMPRESSED),
    Route("/l/{token}/kontak", team_contacts.page, methods=["GET"], middleware=COMPRESSED),
    Route("/l/{token}/kontak", team_contacts.answer, methods=["POST"], middleware=COMPRESSED),
    Route("/l/{token}/desa", team_aides.page, methods=["GET"], middleware=COMPRESSED),
    Route("/l/{token}/desa", team_aides.change, methods=["POST"], middleware=COMPRESSED),
    Route("/l/{token}/{code}/desa", team_aides.of_report, methods=["GET"], middleware=COMPRESSED),
    Route("/l/{token}/{code}/desa", team_aides.ask, methods=["POST"], middleware=COMPRESSED),
    Route("/l/{token}/saran/{code}", linked.page, methods=["GET"], middleware=COMPRESSED),
    Route("/l/{token}/saran/{code}", linked.act, methods=["POST"], middleware=COMPRESSED),
    Route("/l/{token}/{code}/lain", reporting.other, middleware=COMPRESSED),
    Route("/l/{token}/{code}/nihil", reporting.nil, middleware=COMPRESSED),
    Route("/l/{token}/{code}", reporting.form, methods=["GET"], middleware=COMPRESSED),
    Route("/l/{token}/{code}", drafts.kept(reporting.answer), methods=["POST"], middleware=COMPRESSED),
    Route("/l/{token:path}", reporting.owed, middleware=COMPRESSED),
    Route("/t/{number}/{proof}", receipts.receipt),
    Route("/t/{number}/{proof}/{seal}", receipts.receipt),
)

VILLAGES = (
    Route("/d/{token}/bukan-saya", aides.stranger, methods=["GET"], middleware=COMPRESSED),
    Route("/d/{token}/bukan-saya", aides.withdraw, methods=["POST"], middleware=COMPRESSED),
    Route("/d/{token}/{code}", aides.form, methods=["GET"], middleware=COMPRESSED),
    Route("/d/{token}/{code}", drafts.kept(aides.send), methods=["POST"], middleware=COMPRESSED),
    Route("/d/{token:path}", aides.page, middleware=COMPRESSED),
)

OPERATOR = (
    Route(operator.PATH, operator.page, methods=["GET"]),
    Route(operator.PATH, operator.enter, methods=["POST"]),
)

ANYBODY = (
    Route(proofs.PATH, proofs.ask),
    Route(f"{proofs.PATH}/{{code}}", proofs.look),
)

DOOR = (
    Route("/masuk", entry.page, methods=["GET"]),
    Route("/masuk", entry.ask, methods=["POST"]),
    Route("/m/{token}/lagi", entry.again, methods=["POST"]),
    Route("/m/{token}/bukan-saya", strangers.page, methods=["GET"]),
    Route("/m/{token}/bukan-saya", strangers.withdraw, methods=["POST"]),
    Route("/m/{token:path}", entry.door, methods=["GET"]),
    Route("/m/{token:path}", entry.enter, methods=["POST"]),
    Route("/keluar", entry.leave, methods=["POST"]),
    Route("/beranda", entry.home),
    Route("/beranda/laporan", entry.reports, methods=["POST"]),
    Route(drafts.PATH, drafts.page, methods=["GET"]),
    Route(drafts.PATH, drafts.drop, methods=["POST"]),
)

COORDINATOR = (
    Route("/koordinasi", watching.listed),
    Route("/kejadian", incidents.form, methods=["GET"]),
    Route("/kejadian", drafts.kept(incidents.record), methods=["POST"]),
    Route("/koordinasi/{programme:int}/{code}/{version:int}/{number:int}", matters.attached, methods=["GET"]),
    Route("/koordinasi/{programme:int}/{code}", matters.one, methods=["GET"]),
    Route("/koordinasi/{programme:int}/{code}", drafts.kept(deciding.decide), methods=["POST"]),
    Route("/ke-depan", ahead.page),
    Route("/kesiapan", readiness.page),
    Route("/papan", board.page),
    Route("/cari", search.page),
    Route("/telepon", calls.page),
    Route(contacts.PATH, contacts.page, methods=["GET"]),
    Route(contacts.PATH, contacts.confirm, methods=["POST"]),
    Route("/telepon/{programme}/daftar.pdf", calls.sheet),
    Route("/permasalahan", register.page),
    Route("/permasalahan/{name}", register.sheet),
    Route("/rekap", recap.page),
    Route("/rekap/{programme:int}/baris", recap.behind),
    Route("/rekap/{programme:int}/{name}", recap.sheet),
    Route("/jawaban/{programme:int}", answers.page),
    Route("/jawaban/{programme:int}/{name}", answers.sheet),
    Route("/mengapa/{programme:int}/{code}", why.page),
    Route("/tamu", guests.page, methods=["GET"]),
    Route("/tamu", drafts.kept(guests.decide), methods=["POST"]),
    Route("/g/{token:path}", guests.look),
    Route("/keadaan", situation.whole),
    Route("/keadaan/{programme:int}/{area}", situation.district),
)

CHAIR = (Route("/pimpinan", leading.page),)

ACTIVITIES = (
    Route("/rapat", meetings.listed),
    Route("/rapat/{programme:int}/{number:int}", meetings.page, methods=["GET"]),
    Route("/rapat/{programme:int}/{number:int}", drafts.kept(meeting.act), methods=["POST"]),
    Route("/rapat/{programme:int}/{number:int}/notulen.{form}", meeting.minutes),
    Route("/sekretariat/surat-tugas", orders.page),
    Route("/sekretariat/surat-tugas/surat", orders.order),
    Route("/kunjungan", trips.listed),
    Route("/kunjungan/baru", trips.form, methods=["GET"]),
    Route("/kunjungan/baru", drafts.kept(trips.add), methods=["POST"]),
    Route("/kunjungan/{programme:int}/{code}", trip.page, methods=["GET"]),
    Route("/kunjungan/{programme:int}/{code}", drafts.kept(trip.act), methods=["POST"]),
    Route("/kunjungan/{programme:int}/{code}/{number:int}", trip.attached),
)
GUIDANCE = (
    Route("/pembinaan", overseen.page),
    Route("/pembinaan/{programme:int}/{stage}", overseen.stage, methods=["GET"]),
    Route("/pembinaan/{programme:int}/{stage}", drafts.kept(overseen.write), methods=["POST"]),
    Route("/pelajaran", learned.page),
    Route("/perlakuan", treated.page),
    Route("/perlakuan/bukti.{form}", treated.document),
)
ADVICE = (
    Route("/piket", notes.page, methods=["GET"]),
    Route("/piket", drafts.kept(notes.change), methods=["POST"]),
    Route("/saran", reading.listed),
    Route("/saran/berkas/{name}", advice_sheet.sheet),
    Route("/saran/beri", giving.form, methods=["GET"]),
    Route("/saran/beri", drafts.kept(giving.give), methods=["POST"]),
    Route("/saran/{programme:int}/{code}/undangan.ics", reading.invitation),
    Route("/saran/{programme:int}/{code}/{number:int}", reading.attached, methods=["GET"]),
    Route("/saran/{programme:int}/{code}", reading.one, methods=["GET"]),
    Route("/saran/{programme:int}/{code}", drafts.kept(acting.act), methods=["POST"]),
)

GOVERNMENT = (
    Route("/permohonan", appeals.page, methods=["GET"]),
    Route("/permohonan", drafts.kept(appeals.act), methods=["POST"]),
    Route("/laporan-pemerintah", listed.page),
    Route("/laporan-pemerintah/{submission:int}", one.page, methods=["GET"]),
    Route("/laporan-pemerintah/{submission:int}", drafts.kept(one.act), methods=["POST"]),
    Route("/laporan-pemerintah/{submission:int}/pengiriman", drafts.kept(leaving.act), methods=["POST"]),
    Route("/laporan-pemerintah/{submission:int}/bukti/{sending:int}", leaving.proof),
    Route("/laporan-pemerintah/{submission:int}/paket.zip", packing.package),
    Route("/laporan-pemerintah/{submission:int}/{form}", government_files.document),
)

SECRETARIAT = (
    Route("/sekretariat", today.overview),
    Route("/sekretariat/grup", today.group_text),
    Route("/sekretariat/tugas", tasks.page),
    Route("/sekretariat/tugas/{id}", drafts.kept(tasks.settle), methods=["POST"]),
    Route("/sekretariat/pesan", inbox.page, methods=["GET"]),
    Route("/sekretariat/pesan/{id}/{number:int}", inbox.attached, methods=["GET"]),
    Route("/sekretariat/pesan/{id}", drafts.kept(inbox.settle), methods=["POST"]),
    Route("/sekretariat/catat", recording.choose),
    Route("/sekretariat/catat/{programme}/{code}", recording.form, methods=["GET"]),
    Route("/sekretariat/catat/{programme}/{code}", drafts.kept(recording.record), methods=["POST"]),
    Route("/sekretariat/unggah", sheets.page),
    Route("/sekretariat/unggah/{programme}", sheets.preview, methods=["POST"]),
    Route("/sekretariat/unggah/{programme}/simpan", sheets.confirm, methods=["POST"]),
    Route("/sekretariat/unggah/{programme}/{name}", sheets.template),
    Route("/sekretariat/kerawanan", risks.page),
    Route("/sekretariat/kerawanan/{programme}", risks.preview, methods=["POST"]),
    Route("/sekretariat/kerawanan/{programme}/catat", drafts.kept(risks.change), methods=["POST"]),
    Route("/sekretariat/kerawanan/{programme}/simpan", risks.confirm, methods=["POST"]),
    Route("/sekretariat/kerawanan/{programme}/{name}", risks.table),
    Route("/sekretariat/kendali", control.page, methods=["GET"]),
    Route("/sekretariat/kendali", control.act, methods=["POST"]),
    Route("/sekretariat/kendali/berkas", control.send, methods=["POST"]),
    Route("/sekretariat/kendali/{order:int}", control.one, methods=["GET"]),
    Route("/sekretariat/kendali/{order:int}/pesan", foreseen.page, methods=["GET"]),
    Route("/sekretariat/kendali/{order:int}/geladi/{path:path}", rehearsed.page, methods=["GET"]),
    Route("/sekretariat/paket", packages.page, methods=["GET"]),
    Route("/sekretariat/paket", packages.look, methods=["POST"]),
    Route("/sekretariat/paket/simpan", packages.take, methods=["POST"]),
    Route("/sekretariat/piket", posko.page, methods=["GET"]),
    Route("/sekretariat/piket", drafts.kept(posko.change), methods=["POST"]),
    Route("/sekretariat/susunan", teams.page, methods=["GET"]),
    Route("/sekretariat/susunan", drafts.kept(teams.change), methods=["POST"]),
    Route("/sekretariat/susunan/{name}", teams.file),
    Route("/sekretariat/data-pribadi", subjects.page, methods=["GET"]),
    Route("/sekretariat/data-pribadi", subjects.act, methods=["POST"]),
    Route("/sekretariat/pejabat", holders.page, methods=["GET"]),
    Route("/sekretariat/pejabat", holders.preview, methods=["POST"]),
    Route("/sekretariat/pejabat/simpan", holders.confirm, methods=["POST"]),
    Route("/sekretariat/pejabat/{name}", holders.template, methods=["GET"]),
    Route("/sekretariat/kontak", people.listed, methods=["GET"]),
    Route("/sekretariat/kontak", people.revive, methods=["POST"]),
    Route("/sekretariat/kontak/{office}", people.page, methods=["GET"]),
    Route("/sekretariat/kontak/{office}/pesan", days.page),
    Route("/sekretariat/kontak/{office}", drafts.kept(people.change), methods=["POST"]),
)
