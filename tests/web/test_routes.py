"""Every address of the pages, tried as everybody: nothing of other districts, and nothing restricted to others.

A new route fails here until it stands in ROUTES, with who may open it.
"""

import re

import pytest
from starlette.routing import Route

from models.matters import issues
from rules.tokens import FOR_PROGRAMS
from tests.web.test_aides import helped
from tests.web.test_coordinator import ASISTEN, BPBD, SECRETARY, SEKDA, comes_in
from web import app, pages

NOBODY, CAMAT, NEIGHBOUR, FAR, KOMINFO, SECRETARIAT = (
    *("nobody", "Camat Tamban", "Camat Mekarsari", "Camat Tabunganen"),
    *("Kadis Kominfo", "Sekretariat Desk"),
)
LEADING, BOOKS = (ASISTEN, BPBD, SECRETARY, SEKDA), (SECRETARIAT, SECRETARY)
TEAMS = (CAMAT, NEIGHBOUR, FAR, KOMINFO, BPBD)
OVERSEEING = (*LEADING, SECRETARIAT)
SIGNED_IN = tuple(dict.fromkeys((*LEADING, *BOOKS, *TEAMS)))
ALL = (NOBODY, *SIGNED_IN)

OPEN, COMPLAINT, NOTE = "Gajah merusak jembatan", "Rusa disembunyikan", "Harimau terlihat"
"""A problem of Tamban, a restricted one about its coordinator that Camat Tamban opened, and a report of Tamban."""
VILLAGE, AIDE = "Kijang menunggu di balai", "Tuti Alawiyah"
"""What an aide in a village sent to Camat Tamban, and her name: nobody else's."""
OF_TAMBAN = frozenset({CAMAT, NEIGHBOUR, KOMINFO, ASISTEN, SECRETARY, SEKDA, SECRETARIAT})
TRUSTED = frozenset({SECRETARY, SEKDA})
PAGE_OF_IT = "/koordinasi/{programme:int}/{code}"

ROUTES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("/", "/healthz", "/metrics", "/masuk", "/cek", "/cek/{code}", "/api/v1/openapi.json", "/operator"), ALL
    ),
    # By token alone, whoever is signed in: tests/web/test_api.py.
    **dict.fromkeys(("/api/v1", "/api/v1/{area:path}"), ()),
    **dict.fromkeys((f"/api/v1/programmes/{{programme:int}}/{name}" for name in sorted(FOR_PROGRAMS)), ()),
    **dict.fromkeys(("/callbacks/twilio/inbound", "/callbacks/twilio/{message}", "/callbacks/gateway/{message}"), ()),
    "/callbacks/{way}/inbound": (),
    **dict.fromkeys(("/l/{token}/kejadian", "/l/{token}/kejadian/{code}"), TEAMS),
    **dict.fromkeys(("/l/{token}/{code}/lain", "/l/{token}/{code}/nihil", "/l/{token}/{code}"), TEAMS),
    **dict.fromkeys(
        (
            "/t/{number}/{proof}",
            "/t/{number}/{proof}/{seal}",
            "/m/{token}/lagi",
            "/m/{token}/bukan-saya",
            "/m/{token:path}",
            "/g/{token:path}",
        ),
        (),
    ),
    "/l/{token}/desa": (CAMAT, NEIGHBOUR, FAR),
    "/l/{token}/{code}/desa": (CAMAT,),
    **dict.fromkeys(("/d/{token}/bukan-saya", "/d/{token}/{code}", "/d/{token:path}"), ()),
    "/l/{token:path}": SIGNED_IN,
    **dict.fromkeys(("/keluar", "/beranda", "/beranda/laporan", "/lanjutkan"), SIGNED_IN),
    **dict.fromkeys(("/permasalahan", "/permasalahan/{name}", "/saran", "/saran/berkas/{name}", "/cari"), SIGNED_IN),
    **dict.fromkeys(
        ("/koordinasi", "/kejadian", "/ke-depan", "/kesiapan", "/telepon", "/telepon/{programme}/daftar.pdf"),
        OVERSEEING,
    ),
    **dict.fromkeys((PAGE_OF_IT, "/koordinasi/{programme:int}/{code}/{version:int}/{number:int}"), SIGNED_IN),
    **dict.fromkeys(("/papan", "/keadaan", "/keadaan/{programme:int}/{area}"), SIGNED_IN),
    **dict.fromkeys(("/rekap", "/rekap/{programme:int}/baris", "/rekap/{programme:int}/{name}"), SIGNED_IN),
    **dict.fromkeys(("/mengapa/{programme:int}/{code}", "/jawaban/{programme:int}"), SIGNED_IN),
    "/jawaban/{programme:int}/{name}": SIGNED_IN,
    "/l/{token}/saran/{code}": (),
    "/l/{token}/kontak": SIGNED_IN,
    "/apel-kontak": SIGNED_IN,
    **dict.fromkeys(("/sekretariat/kerawanan", "/sekretariat/kerawanan/{programme}/{name}"), OVERSEEING),
    **dict.fromkeys(
        (f"/sekretariat/kerawanan/{{programme}}{act}" for act in ("", "/catat", "/simpan")),
        BOOKS,
    ),
    "/tamu": (SECRETARY, SECRETARIAT, SEKDA),
    "/pimpinan": (SECRETARY, SEKDA),
    "/permohonan": (SECRETARY, SEKDA, SECRETARIAT),
    **dict.fromkeys(
        (
            f"/laporan-pemerintah{one}"
            for one in (
                "",
                "/{submission:int}",
                "/{submission:int}/pengiriman",
                "/{submission:int}/bukti/{sending:int}",
                "/{submission:int}/paket.zip",
                "/{submission:int}/{form}",
            )
        ),
        (SECRETARY, SEKDA, SECRETARIAT),
    ),
    **dict.fromkeys(("/pembinaan", "/pembinaan/{programme:int}/{stage}"), OVERSEEING),
    **dict.fromkeys(("/pelajaran", "/perlakuan", "/perlakuan/bukti.{form}"), (SECRETARY, SEKDA, SECRETARIAT)),
    **dict.fromkeys(("/kunjungan", "/kunjungan/baru", "/rapat"), SIGNED_IN),
    "/piket": (SECRETARIAT, SECRETARY, SEKDA),
    **dict.fromkeys(
        ("/rapat/{programme:int}/{number:int}", "/rapat/{programme:int}/{number:int}/notulen.{form}"), SIGNED_IN
    ),
    **dict.fromkeys(("/sekretariat/surat-tugas", "/sekretariat/surat-tugas/surat"), BOOKS),
    **dict.fromkeys(("/kunjungan/{programme:int}/{code}", "/kunjungan/{programme:int}/{code}/{number:int}"), SIGNED_IN),
    **dict.fromkeys(("/saran/beri", "/saran/{programme:int}/{code}"), SIGNED_IN),
    **dict.fromkeys(
        ("/saran/{programme:int}/{code}/undangan.ics", "/saran/{programme:int}/{code}/{number:int}"), SIGNED_IN
    ),
    **dict.fromkeys(("/sekretariat", "/sekretariat/grup", "/sekretariat/tugas", "/sekretariat/tugas/{id}"), BOOKS),
    **dict.fromkeys((f"/sekretariat/pesan{one}" for one in ("", "/{id}", "/{id}/{number:int}")), BOOKS),
    **dict.fromkeys(("/sekretariat/catat", "/sekretariat/catat/{programme}/{code}", "/sekretariat/unggah"), BOOKS),
    **dict.fromkeys(("/sekretariat/unggah/{programme}", "/sekretariat/unggah/{programme}/simpan"), BOOKS),
    **dict.fromkeys(("/sekretariat/paket", "/sekretariat/paket/simpan"), BOOKS),
    **dict.fromkeys(("/sekretariat/kendali", "/sekretariat/kendali/berkas", "/sekretariat/kendali/{order:int}"), BOOKS),
    "/sekretariat/kendali/{order:int}/geladi/{path:path}": BOOKS,
    "/sekretariat/kendali/{order:int}/pesan": BOOKS,
    **dict.fromkeys(("/sekretariat/unggah/{programme}/{name}", "/sekretariat/kontak"), BOOKS),
    **dict.fromkeys(("/sekretariat/pejabat", "/sekretariat/pejabat/simpan", "/sekretariat/pejabat/{name}"), BOOKS),
    "/sekretariat/data-pribadi": BOOKS,
    **dict.fromkeys(
        ("/sekretariat/kontak/{office}", "/sekretariat/kontak/{office}/pesan", "/sekretariat/piket"), BOOKS
    ),
    **dict.fromkeys(("/sekretariat/susunan", "/sekretariat/susunan/{name}"), BOOKS),
}
"""Who may open a page at all; what he finds there is asked by the words above. Empty: only a secret in it opens it."""

SEARCHES = (
    *(
        "/cari?cari=rusa",
        "/cari?cari=gajah",
        "/cari?cari=harimau",
        "/permasalahan?cari=rusa",
        "/permasalahan?terbatas=ya",
        "/permasalahan/permasalahan.csv?cari=rusa",
    ),
    *("/saran/beri?perihal={complaint}", "/beranda?hal=2", "/koordinasi?hal=1", "/papan?layar=ya"),
)
NAMES = ("permasalahan.csv", "rekap.csv", "jawaban.csv", "saran.csv", "laporan.csv", "rekap.xlsx", "tempat-rawan.csv")


class World:
    """A desk with a report, a problem and a complaint, all of Tamban; and the numbers that addresses name them by."""

    def __init__(self, web):
        desk = web.desk
        key = desk.key("harian", "Tamban", "H-7")
        desk.owes_only(key, desk.key("harian", "Tabunganen", "H-7"))
        desk.clock.reads("H-7 12:00")
        helped(desk, key, AIDE, {"k.tps": VILLAGE, "c.tps": "attention"})
        desk.files(key, NOTE)
        self.web = web
        self.open = desk.has_a_problem(OPEN)
        self.complaint = desk.has_a_problem(COMPLAINT, about=ASISTEN, restricted=True)
        desk.clock.reads("H-7 12:30")
        self.report = desk.code(key)
        (self.programme,) = desk.rt.programmes

    def addresses(self, route: str, token: str) -> list[str]:
        """Every way to fill a route in."""
        values = {
            "programme": [self.programme],
            "code": [self.open, self.complaint, self.report, "A-0001"],
            "name": NAMES,
            "token": [token],
            **{name: [value] for name, value in (("area", "63.04.02"), ("office", "camat-tamban"))},
            "proof": [token],
            "seal": ["0" * 12],
            **{name: [1] for name in ("version", "number", "id", "message", "sending", "submission", "order")},
            "form": ["pdf"],
            "way": ["gateway"],
            "stage": ["C-1"],
            "path": ["index.html", "../../secret_key"],
        }
        filled = [route]
        for name in re.findall(r"{(\w+)", route):
            filled = [re.sub(rf"{{{name}[^}}]*}}", str(value), one) for one in filled for value in values[name]]
        return filled

    def comes(self, office: str) -> tuple[str, str]:
        """Sign in: the word of the session, and a link of his own."""
        self.web.client.cookies.clear()
        for buckets in (self.web.books.links, self.web.books.sheets):
            buckets.__init__(a_second=99, burst=999)
        return ("", "x" * 16) if office == NOBODY else (comes_in(self.web, office), self.web.given(office))

    def steps(self) -> list[int]:
        ids = [self.web.desk.matter(code).id for code in (self.open, self.complaint)]
        with self.web.desk.rt.sessions() as session:
            return [len(issues.events(session, id)) for id in ids]


@pytest.fixture
def world(web):
    return World(web)


def routes(method: str) -> list[str]:
    own = [value for value in vars(app).values() if isinstance(value, tuple)]
    known = [route for routes in own for route in routes if isinstance(route, Route)]
    return [route.path for route in known if method in route.methods]


def served(web) -> set[str]:
    """Every path that the application itself answers."""
    return {route.path for route in app.application(web.books)._app.routes}


def test_every_route_of_the_application_says_here_who_may_open_it(web):
    scripts = {pages.script_path(name) for name in pages.SCRIPTS}

    assert served(web) - scripts == set(ROUTES)


@pytest.mark.parametrize("office", ALL)
def test_nobody_finds_anything_that_is_not_his_by_any_address(world, office):
    _, token = world.comes(office)
    addresses = [(route, one) for route in routes("GET") for one in world.addresses(route, token)]
    addresses += [(one, one.format(complaint=world.complaint)) for one in SEARCHES]
    told, opened = [], []

    for route, address in addresses:
        answer = world.web.get(address)
        text = answer.text
        assert answer.status_code < 500, address
        if answer.status_code == 200 and office not in ROUTES.get(route, ALL):
            opened.append(address)
        told += [address for word in (OPEN, NOTE) if word in text and office not in OF_TAMBAN]
        told += [address for word in (VILLAGE, AIDE) if word in text and office != CAMAT]
        told += [address for _ in [0] if COMPLAINT in text and (office not in (*TRUSTED, CAMAT) or route != PAGE_OF_IT)]
        if office not in (*TRUSTED, CAMAT) and world.complaint not in address:
            told += [address for _ in [0] if world.complaint in text]

    assert told == []
    assert opened == []


@pytest.mark.parametrize("office", [NOBODY, FAR, BPBD, ASISTEN, SECRETARIAT])
def test_nobody_changes_what_is_not_his_by_any_form(world, office):
    word, token = world.comes(office)
    before = world.steps()
    fields = {"word": word, "round": "0", "seen": str(before[1]), "text": "Coba", "reason": "Coba", "to": "kepala-bpbd"}

    for route in [one for one in routes("POST") if one != "/keluar"]:
        for address in world.addresses(route, token):
            if world.open in address and office in (ASISTEN, SECRETARIAT):
                continue  # it is theirs
            for act in ("resolve", "follow_up", "restrict", "unrestrict", "hand_on", "reopen", "merge", "confirm"):
                assert COMPLAINT not in world.web.post(address, fields | {"act": act}).text
                if route != PAGE_OF_IT:
                    break

    assert world.steps() == before
