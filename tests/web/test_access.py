"""Every page for everybody: nothing that a screen reader, a keyboard, tired eyes or a narrow screen cannot use.

A new page is one line in PAGES: its name, and how somebody gets there.
"""

import json
import re
import time
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from config import loader
from jobs.operator import advising, amend, closing, second
from jobs.turn import compile
from models.desk import orders
from models.machine import clock
from models.matters import documents, rollcalls, submissions, tasks
from models.matters.aiding import Asked
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.offices import offices
from reports import sheets
from rules.desk import Channel
from rules.filing import Standing
from rules.submissions import State
from tests import engines, tools
from tests.stories.desk import POLICY, uncalled
from tests.stories.test_advice import gives, invites
from tests.web import writing
from tests.web.conftest import Web
from tests.web.test_aides import SARI, helped
from tests.web.test_entry import MAIL
from tests.web.test_two_people import holds_office

pytestmark = tools.needs("chromium")
LIST = re.compile(r"/l/([0-9A-Za-z]{16})")
DOOR = re.compile(r"/m/([0-9A-Za-z]{16})")
WEEKLY = "pemilihan/tiga-kecamatan/laporan-gubernur/63.04/2024-W06"
TEAM, DESK = "Camat Tamban", "Asisten Pemerintahan"


PLAYED = {
    "programme": "pemilihan/tiga-kecamatan",
    "from": "2024-02-06",
    "to": "2024-02-22",
    "channels": {"sms": 214, "email": 391},
    "counts": {"obligations": 402, "on_time": 310, "late": 71, "missing": 21, "escalations": 38},
    "promises": [["Setiap SMS satu segmen", False, 3], ["Tidak ada yang diputuskan dua kali", True, 0]],
}

AHEAD = {
    "changed": True,
    "ahead": {
        "now": "2024-02-07T03:00:00+00:00",
        "held": True,
        "channels": [["sms", [[3, 4], [21, 28]]], ["email", [[5, 5], [40, 41]]]],
        "about": [["harian", [[3, 4], [21, 28]]], ["issue", [[0, 0], [2, 2]]]],
        "differing": {"gone": 1, "new": 8, "time": 2, "channel": 0, "words": 3},
        "offices": 2,
    },
}
TAMBAN = "63.04.02"
SEVEN, EIGHT = "2024-02-07T07:00+00:00", "2024-02-07T08:00+00:00"
MESSAGES = {
    "offices": [["camat-tamban", [[3, 4], [9, 12]]], ["asisten-pemerintahan", [[0, 0], [2, 2]]]],
    "messages": [
        ["camat-tamban", "overdue", ["harian"], [EIGHT, "sms"], [SEVEN, "email"], ["time", "channel"], [TAMBAN]],
        ["camat-tamban", "due", ["harian"], None, [SEVEN, "sms"], ["new"], [TAMBAN]],
        ["asisten-pemerintahan", "problem", ["issue"], [EIGHT, "sms"], [EIGHT, "sms"], ["words"], []],
    ],
}


class Somebody:
    """Looks at the pages of a desk; Tamban's and Mekarsari's reports of a day are owed."""

    def __init__(self, served: Web, page) -> None:
        self.served = served
        self.page = page
        self.desk = served.desk
        self.code = self.desk.code(self.key("Tamban"))

    def key(self, district: str) -> str:
        return self.desk.key("harian", district, "H-7")

    def goes(self, path: str) -> None:
        self.page.goto(self.served.books.public_url + path)

    def opens(self, path: str = "") -> None:
        """The list behind a link of the team's, or what is under it."""
        self.goes(f"/l/{self.served.given(TEAM)}{path}")

    def form(self) -> None:
        self.opens(f"/{self.code}")

    def asks_a_village(self, path: str) -> None:
        fields = {"c.tps": "attention", "k.tps": "Atap bocor", "n.tps-siap": "4"}
        helped(self.desk, self.key("Tamban"), "Sari", fields)
        self.opens(path)

    def opens_a_village(self, path: str = "") -> None:
        """What the aide in Koanda finds behind the link in his message."""
        fields = {"c.tps": "attention", "k.tps": "Atap bocor", "n.tps-siap": "4"}
        helped(self.desk, self.key("Tamban"), "Sari", {})
        self.desk.turn()
        text = next(sent.letter.text for sent in self.desk.wire.accepted if sent.letter.to == SARI)
        with self.desk.rt.sessions.begin() as session:
            for own in session.scalars(select(Asked)):
                own.fields = fields
        self.page.goto("http" + text.rpartition("http")[2].strip() + path)

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def moves_on_by(self, name: str) -> None:
        """Press, and wait for the page that follows."""
        with self.page.expect_navigation():
            self.presses(name)

    def fills_in(self, condition: str, villages: str) -> None:
        logistics = self.page.get_by_role("group", name="Logistik")
        logistics.get_by_role("radio", name=condition).check()
        logistics.get_by_label("Desa sudah menerima").fill(villages)

    def mistypes(self) -> None:
        self.form()
        self.fills_in("Bermasalah", "1,2")
        self.presses("Kirim laporan")
        self.page.get_by_role("alert").wait_for()

    def doubts(self) -> None:
        self.form()
        self.fills_in("Aman", "1245")
        self.presses("Kirim laporan")
        self.page.get_by_role("alert").wait_for()

    def files(self) -> None:
        self.opens()
        self.presses("Nihil")
        self.page.get_by_role("heading", name="Tanda terima").wait_for()

    def checks_later(self) -> None:
        self.files()
        self.page.get_by_role("link", name="TT-").click()

    def corrects(self) -> None:
        self.files()
        self.opens(f"/{self.desk.code(self.key('Mekarsari'))}")

    def sees_something(self, severity: str = "Sangat rawan") -> None:
        self.opens("/kejadian")
        self.page.get_by_label("Apa yang terjadi").fill("Air pasang masuk TPS")
        self.page.get_by_label("Kategori").select_option("polling_place")
        if severity:
            self.page.get_by_label(severity).check()
        self.page.get_by_label("Jumlah orang").fill("12" if severity else "1,2")
        self.presses("Kirim")
        self.page.get_by_role("heading", name="Kejadian sudah dicatat" if severity else "Lapor").wait_for()

    def promises(self) -> None:
        self.opens(f"/{self.code}/lain")
        self.moves_on_by("Minta waktu")

    def is_sent_a_door(self, office: str = DESK, mail: str = MAIL) -> str:
        before = len(self.desk.mailbox(office))
        self.goes("/masuk")
        self.page.locator("main input:visible").fill(mail)
        self.moves_on_by("Kirim tautan")
        give_up = time.monotonic() + engines.PATIENCE
        while len(self.desk.mailbox(office)) == before and time.monotonic() < give_up:
            self.desk.turn()  # the mail is made after the page was answered
        return DOOR.findall(self.desk.mailbox(office).last)[0]

    def comes_in(self, path: str = "", office: str = DESK, mail: str = MAIL) -> None:
        self.goes(f"/m/{self.is_sent_a_door(office, mail)}")
        self.moves_on_by("Masuk")
        if path:
            self.goes(path)

    def looks_at_what_is_open(self) -> None:
        self.desk.has_a_problem()
        self.keeps("/kendali")
        self.moves_on_by("Lihat yang masih terbuka")
        self.desk.turn()
        self.page.reload()
        self.page.get_by_role("button", name="Tutup pemilihan ini").wait_for()

    def finds_it_closed(self) -> None:
        token = self.served.given(TEAM)
        closing.close(self.desk.rt, self.desk.programme.code, by=self.desk.programme.desk.secretariat, reason="Selesai")
        self.goes(f"/l/{token}")
        self.page.get_by_role("heading", name="Pemilihan ini sudah ditutup").wait_for()

    def invites(self) -> None:
        self.comes_in("/tamu", "Kepala Kesbangpol", "kesbangpol@desk.example")
        self.page.get_by_label("Nama kantor").fill("Polres")
        self.moves_on_by("Buat tautan tamu")

    def looks_as_a_guest(self) -> None:
        self.invites()
        self.page.goto(self.page.locator("[role=status] strong").inner_text())

    def keeps(self, path: str = "") -> None:
        """The secretariat's pages; there is a task, and a contact that is dead."""
        self.desk.loses("Camat Mekarsari", Channel.SMS)
        with self.desk.rt.sessions.begin() as session:
            tasks.open_(session, 1, tasks.Why.NOT_DELIVERED, "x", "A message failed", now=self.desk.clock.at)
        self.comes_in(f"/sekretariat{path}", "Sekretariat Desk", "sekretariat@desk.example")

    def looks_at_a_release(self) -> None:
        with self.desk.rt.sessions.begin() as session:
            clock.hold(session, self.desk.clock.at, "Teks keliru", ordered=True)
        self.keeps("/kendali")
        self.moves_on_by("Lihat dahulu")
        self.desk.turn()
        self.page.reload()

    def is_to_confirm(self, *, looks: bool = False) -> None:
        """An amendment of the server waits for a second person; the secretary reads it, and `looks` further."""
        holds_office(self.desk, "Kepala Kesbangpol", "Dra. Siti Aminah")
        changed = uncalled(POLICY.read_text(encoding="utf-8")).replace('["15:00"]', '["14:00"]')
        documents = [loader.parse(changed, "kebijakan.yaml")]
        tried = amend.amend(self.desk.rt, documents, dry_run=True)
        waits = second.amendment(self.desk.rt, documents, tried, by="")
        assert isinstance(waits, second.Asked)
        self.comes_in(f"/sekretariat/kendali/{waits.order}", "Kepala Kesbangpol", "kesbangpol@desk.example")
        if looks:
            self.moves_on_by("Lihat akibatnya sekarang")
            self.desk.turn()
            self.page.reload()
            self.page.get_by_role("button", name="Setujui").wait_for()

    def sends_a_changed_file(self) -> None:
        self.keeps("/kendali")
        changed = uncalled(POLICY.read_text(encoding="utf-8")).replace('["15:00"]', '["14:00"]')
        self.page.get_by_label("Berkas YAML").set_input_files(
            {"name": "kebijakan.yaml", "mimeType": "text/yaml", "buffer": changed.encode()}
        )
        self.moves_on_by("Lihat akibatnya")
        self.desk.turn()
        self.page.reload()

    def orders_a_rehearsal(self, *, ends: bool) -> None:
        """`ends`: it comes to its end, with a promise that was not kept; else it is played just now."""
        self.keeps("/kendali")
        card = self.page.get_by_role("region", name="Geladi")
        card.get_by_label("Alasan").fill("Sebelum bimtek")
        self.moves_on_by("Jalankan geladi")
        with self.desk.rt.sessions.begin() as session:
            order = orders.take(session, rehearsal=True, now=self.desk.clock.at)
            session.flush()
            orders.go_on(session, order, {"so_far": {"share": 0.42, "day": "2024-02-12"}}, now=self.desk.clock.at)
            if ends:
                orders.settle(session, order, result=PLAYED, pages="0" * 64, now=self.desk.clock.at)
        self.page.reload()

    def compares_messages(self) -> None:
        self.sends_a_changed_file()
        self.page.get_by_role("region", name="Siapa akan menerima apa").get_by_label("Alasan").fill("Sebelum berlaku")
        self.moves_on_by("Bandingkan pesannya")
        packed = BytesIO()
        with ZipFile(packed, "w") as archive:
            archive.writestr("pesan.json", json.dumps(MESSAGES))
        with self.desk.rt.sessions.begin() as session:
            order = orders.take(session, rehearsal=True, now=self.desk.clock.at)
            session.flush()
            kept = self.served.books.files.keep(packed.getvalue())
            orders.settle(session, order, result=AHEAD, pages=kept, now=self.desk.clock.at)
        self.page.reload()

    def records(self, **chosen: str) -> None:
        self.keeps(f"/catat/1/{self.code}")
        self.page.get_by_label("Melalui").select_option(chosen.get("via", "phone"))
        self.page.get_by_label("Teks, seperti").check()
        self.page.get_by_label("Teks laporan").fill("Situasi aman.")
        self.page.get_by_label("Diterima pada (kosongkan").fill(chosen.get("at", "2024-02-07T11:00"))
        self.moves_on_by("Catat laporan")

    def hands_over_wrongly(self) -> None:
        self.keeps("/kontak/camat-tamban")
        self.page.get_by_label("Nama pemegang baru").fill("Ibu Baru")
        self.page.get_by_label("Nomor HP baru").fill("08123456789O")
        self.moves_on_by("Catat serah terima")

    def uploads(self, nil: str) -> None:
        self.keeps("/unggah")
        table = sheets.csv_(["Nomor", "Nihil"], [[self.code, nil]])
        self.page.get_by_label("Pilih berkas").set_input_files(
            {"name": "laporan.csv", "mimeType": "text/csv", "buffer": table}
        )
        self.moves_on_by("Lihat pratinjau")

    def sends_holders(self, number: str) -> None:
        self.keeps("/pejabat")
        table = sheets.csv_(
            ["Kantor", "Nama", "HP"], [["camat-tamban", "Ibu Baru", number], ["camat-mekarsari", "", ""]]
        )
        self.page.get_by_label("Pilih berkas").set_input_files(
            {"name": "pejabat.csv", "mimeType": "text/csv", "buffer": table}
        )
        self.moves_on_by("Lihat pratinjau")

    def confirms(self) -> None:
        self.uploads("ya")
        self.moves_on_by("Catat semuanya")

    def puts_on_duty(self) -> None:
        self.keeps("/piket")
        for starts, ends in (("2024-02-07T11:00", "2024-02-07T15:00"), ("2024-02-07T18:00", "2024-02-07T22:00")):
            self.page.get_by_label("Kantor yang bertugas").select_option("camat-tamban")
            self.page.get_by_label("Tempat", exact=True).fill("Posko Marabahan")
            self.page.get_by_label("Mulai", exact=True).fill(starts)
            self.page.get_by_label("Sampai", exact=True).fill(ends)
            self.moves_on_by("Catat piket")

    def plans_a_change(self) -> None:
        self.page.get_by_label("Wilayah atau tim").select_option("63.04.02")
        self.page.get_by_label("Kantor yang berubah").select_option("kadis-kominfo")
        self.page.get_by_label("Mulai tanggal").fill("2024-02-10")
        self.moves_on_by("Catat perubahan")

    def notes_a_risk(self) -> None:
        self.keeps("/kerawanan")
        self.page.get_by_label("Kecamatan").select_option("63.04.02")
        self.page.get_by_label("Desa atau kelurahan").fill("Koanda")
        self.page.get_by_label("Kerawanan").select_option("blank-spot")
        self.page.get_by_label("Sumber").fill("Bawaslu")
        self.page.get_by_label("Tanggal data").fill("2024-02-07")
        self.moves_on_by("Catat tempat rawan")
        self.page.get_by_text("Kecamatan Tamban: 1 tempat").click()

    def uploads_risks(self) -> None:
        self.keeps("/kerawanan")
        row = ["Koanda", "Blank spot", "Bawaslu", "2024-02-07"]
        table = sheets.csv_(["Desa", "Kerawanan", "Sumber", "Tanggal"], [row, ["Antah", *row[1:]]])
        self.page.get_by_label("Pilih berkas").set_input_files(
            {"name": "rawan.csv", "mimeType": "text/csv", "buffer": table}
        )
        self.moves_on_by("Lihat pratinjau")

    def leads(self, path: str = "/pimpinan") -> None:
        """The chair's page: a grave problem climbed to him, and something is given, done, and asked of everybody."""
        self.desk.clock.reads("H-7 12:00")
        problem = self.desk.has_a_problem()
        self.desk.clock.reads("H-7 15:30")
        done, _ = gives(self.desk, TEAM, "Kepala BPBD", due="H-6 12:00", about=problem)
        advising.done(self.desk.rt, done, by=self.desk.office(TEAM), text="Perahu siap.")
        invites(self.desk, TEAM, at="H-5 09:00", until="H-5 11:00")
        self.comes_in(path, "Sekda", "sekda@desk.example")

    def decides_too_late(self) -> None:
        """Somebody else noted something meanwhile: what changed is shown, and what was typed is still there."""
        self.desk.clock.reads("H-7 12:00")
        problem, twin = self.desk.has_a_problem(), self.desk.has_a_problem("Kotak yang sama")
        self.desk.merges(twin, problem, "Sama")
        self.comes_in(f"/koordinasi/1/{problem}")
        self.desk.follows_up(problem, "Kotak dipinjam", by="Kepala Kesbangpol")
        self.page.get_by_text("Teruskan, tunda, atau ubah").click()
        form = self.page.get_by_role("form", name="Tunda")
        form.get_by_role("textbox").fill("Jalan putus")
        with self.page.expect_navigation():
            form.get_by_role("button").click()

    def reports_upwards(self, path: str = "") -> None:
        """The secretariat's page of a draft for the Government; a document of it is made, and not yet made."""
        own = select(Matter.id).where(Matter.key == WEEKLY).scalar_subquery()
        with self.desk.rt.sessions.begin() as session:
            owed = {"standing": Standing.OWED, "compile_at": Obligation.opens_at}
            session.execute(update(Obligation).where(Obligation.id == own).values(**owed))
            session.execute(update(Matter).where(Matter.key == WEEKLY).values(closed_at=None, closed_why=""))
        assert compile.run(self.desk.rt, now=self.desk.clock.at) == 1
        self.comes_in(f"/laporan-pemerintah{path}", "Sekretariat Desk", "sekretariat@desk.example")

    def writes_beside_figures(self) -> None:
        self.reports_upwards("/1")
        self.page.locator("summary", has_text="Kondisi umum").click()
        self.page.get_by_label("Uraian untuk").locator("visible=true").fill("Sungai surut di tiga desa.")
        self.page.locator("button:visible", has_text="Simpan uraian").click()
        self.page.get_by_role("status").wait_for()
        self.page.evaluate("document.querySelectorAll('main details').forEach(own => { own.open = true })")

    def sends_upwards(self, act: str) -> None:
        """The page of a report that left by hand, with all that is folded open; `act` presses one of its buttons."""
        self.reports_upwards("/1")
        with self.desk.rt.sessions.begin() as session:
            own = submissions.all_of(session)[0]
            documents.made(session, documents.of(session, [own.id])[0][0].id, "x.pdf", "0" * 64)
            submissions.change(session, own.id, state=State.APPROVED)
        self.goes("/laporan-pemerintah/1")
        self.page.locator("summary", has_text="Serahkan untuk Srikandi").click()
        self.page.get_by_label("Tanggal surat").locator("visible=true").fill("2024-02-07" if act else "2030-01-01")
        self.moves_on_by("Catat pengiriman")
        if act:
            self.presses_in("Buat ralat", "Buat ralat")
            self.page.get_by_role("alert").wait_for()
        self.page.evaluate("document.querySelectorAll('main details').forEach(own => { own.open = true })")

    def presses_in(self, summary: str, name: str) -> None:
        """Unfold, and press what is in it."""
        self.page.locator("summary", has_text=summary).click()
        self.page.locator("button:visible", has_text=name).click()

    def asks_for_approval(self, office: str, mail: str) -> None:
        self.reports_upwards("/1")
        self.moves_on_by("Mintakan persetujuan")
        self.page.context.clear_cookies()
        self.comes_in("/laporan-pemerintah/1", office, mail)

    def sends_back_without_a_reason(self) -> None:
        self.asks_for_approval("Kepala Kesbangpol", "kesbangpol@desk.example")
        self.page.locator("summary", has_text="Kembalikan").click()
        self.page.get_by_role("button", name="Kembalikan").click()
        self.page.get_by_role("alert").wait_for()

    def is_given(self, path: str) -> None:
        gives(self.desk, TEAM, due="H-6 12:00")
        invites(self.desk, TEAM, at="H-5 09:00", until="H-5 11:00")
        self.comes_in(path, TEAM, "tamban@desk.example")

    def meets(self) -> None:
        """Its secretary looks at a meeting that has begun, and decides for nobody."""
        invites(self.desk, TEAM, at="H-7 12:01", until="H-7 14:00", by="Kepala Kesbangpol")
        self.desk.clock.reads("H-7 12:05")
        self.comes_in("/rapat/1/1", "Kepala Kesbangpol", "kesbangpol@desk.example")
        self.page.locator("summary", has_text="Catat keputusan").click()
        self.moves_on_by("Catat dan beri tahu")
        self.page.get_by_role("alert").wait_for()

    def travels(self) -> None:
        """Planned for an hour ahead; its page asks what was seen."""
        self.comes_in("/kunjungan/baru?jenis=rencana", TEAM, "tamban@desk.example")
        self.page.get_by_label("Kecamatan").select_option("63.04.02")
        self.page.get_by_label("Tempat").fill("Gudang PPK")
        self.page.get_by_label("Tujuan").fill("Melihat gudang")
        self.page.get_by_label("Waktu").fill("2024-02-07T14:00")
        self.moves_on_by("Simpan rencana")

    def travels_wrongly(self, mode: str) -> None:
        self.comes_in(f"/kunjungan/baru?jenis={mode}", TEAM, "tamban@desk.example")
        self.page.locator("main form button").last.click()
        self.page.get_by_role("alert").wait_for()

    def is_asked(self, path: str = "") -> None:
        """The link of a roll call, which asks every office for its contacts."""
        with self.desk.rt.sessions.begin() as session:
            owner = offices.by_code(session, self.desk.programme.desk.code, self.desk.office(TEAM))
            new = rollcalls.New("x/roll-call", owner.id, "63.04.02", self.desk.clock.at, name="H-7")
            rollcalls.add(session, 1, [new], ladder="roll-call", now=self.desk.clock.at)
        self.desk.turn()
        self.goes(f"/l/{LIST.findall(self.desk.phone(TEAM).last)[0]}{path}")

    def gives_wrongly(self) -> None:
        self.leads("/saran/beri?jenis=meeting")
        self.page.get_by_label("Agenda").fill("Logistik")
        self.page.get_by_label("Tempat").fill("Aula")
        self.page.get_by_label("Mulai").fill("2024-02-09T09:00")
        self.page.get_by_label("Selesai").fill("2024-02-09T08:00")
        self.presses("Kirim")
        self.page.get_by_role("alert").wait_for()


PAGES: dict[str, Callable[[Somebody], object]] = {
    "what is owed": lambda who: who.opens(),
    "what is owed, some of it received": lambda who: (who.files(), who.opens()),
    "a code of a report to the Government": lambda who: who.goes("/cek?kode=7K3M-9QXA"),
    "an office is asked for its contacts": Somebody.is_asked,
    "its contacts, by a link": lambda who: who.is_asked("/kontak"),
    "whether a link went astray": lambda who: who.goes(f"/m/{who.is_sent_a_door()}/bukan-saya"),
    "whom the roll call waits for": lambda who: (who.is_asked(), who.comes_in("/apel-kontak")),
    "the operator's door": lambda who: who.goes("/operator"),
    "aides, with one named": lambda who: who.asks_a_village("/desa"),
    "an aide with everything wrong": lambda who: (who.opens("/desa"), who.moves_on_by("Simpan")),
    "what villages sent": lambda who: who.asks_a_village(f"/{who.code}/desa"),
    "a form with what villages sent": lambda who: (
        who.asks_a_village(f"/{who.code}"),
        who.presses("Masukkan isian desa"),
        who.page.get_by_role("alert").wait_for(),
    ),
    "what a village is asked": Somebody.opens_a_village,
    "what a village is asked, mistyped": lambda who: (
        who.opens_a_village(),
        who.page.get_by_label("TPS siap").fill("satu"),
        who.presses("Kirim ke"),
        who.page.get_by_role("alert").wait_for(),
    ),
    "what a village sent": lambda who: (
        who.opens_a_village(),
        who.presses("Kirim ke"),
        who.page.get_by_role("heading", name="Terima kasih").wait_for(),
    ),
    "whether a village's link went astray": lambda who: who.opens_a_village("/bukan-saya"),
    "a village's link that has ended": lambda who: who.goes("/d/x"),
    "a form": Somebody.form,
    "a form with everything wrong": Somebody.mistypes,
    "a form with doubts": Somebody.doubts,
    "a correction": Somebody.corrects,
    "the other answers": lambda who: who.opens(f"/{who.code}/lain"),
    "a promise": Somebody.promises,
    "an incident": lambda who: who.opens("/kejadian"),
    "an incident with everything wrong": lambda who: (
        who.sees_something(severity=""),
        who.page.get_by_role("alert").wait_for(),
    ),
    "an incident recorded": Somebody.sees_something,
    "what became of incidents": lambda who: (who.sees_something(), who.opens()),
    "a receipt": Somebody.files,
    "a receipt, later": Somebody.checks_later,
    "help": lambda who: who.goes("/l/x"),
    "health": lambda who: who.goes("/"),
    "signing in": lambda who: who.goes("/masuk"),
    "a link was sent": Somebody.is_sent_a_door,
    "the door": lambda who: who.goes(f"/m/{who.is_sent_a_door()}"),
    "messages that came in": lambda who: (
        writing.kept(who.served, "Camat Tamban", "Yth. Desk, mohon dibaca:\nqwoeiu zxmn asdkjh", "x:1"),
        writing.kept(who.served, "+6289999999999", "Saya warga. Lapor kemana ya?", "x:2"),
        writing.kept(who.served, "Camat Tamban", "nihil pak", "x:3"),
        who.keeps("/pesan"),
    ),
    "an incident that a coordinator records": lambda who: who.comes_in("/kejadian"),
    "an incident that the secretariat records wrongly": lambda who: (
        who.keeps(),
        who.goes("/kejadian"),
        who.presses("Kirim"),
    ),
    "what is asked of those above": lambda who: (who.keeps(), who.goes("/permohonan")),
    "home": Somebody.comes_in,
    "a search": lambda who: who.comes_in("/cari?cari=harian"),
    "a search for too little": lambda who: who.comes_in("/cari?cari=a"),
    "the board": lambda who: who.comes_in("/papan"),
    "the register of problems": lambda who: (who.desk.has_a_problem(), who.comes_in("/permasalahan?tingkat=high")),
    "the board on the wall": lambda who: who.comes_in("/papan?layar=ya"),
    "the call sheet": lambda who: who.comes_in("/telepon"),
    "guests": lambda who: who.comes_in("/tamu", "Kepala Kesbangpol", "kesbangpol@desk.example"),
    "a guest let in": lambda who: who.invites(),
    "the board of a guest": lambda who: who.looks_as_a_guest(),
    "what waits for the chair": Somebody.leads,
    "what was given to an office": lambda who: who.is_given("/saran"),
    "the first page of who was given something": lambda who: who.is_given("/beranda"),
    "what was given, by a link": lambda who: (gives(who.desk, TEAM, due="H-6 12:00"), who.opens()),
    "a direction, by a link": lambda who: (gives(who.desk, TEAM, due="H-6 12:00"), who.opens("/saran/A-0001")),
    "a direction": lambda who: who.is_given("/saran/1/A-0001"),
    "an invitation": lambda who: who.is_given("/saran/1/A-0002"),
    "guidance": lambda who: who.comes_in("/pembinaan?dari=2024-02-07"),
    "teams after a stage": lambda who: (
        who.desk.clock.reads("H-2 12:00"),
        who.comes_in("/pembinaan/1/C-1"),
        who.page.locator("main form button").first.click(),
    ),
    "equal treatment": lambda who: who.comes_in("/perlakuan?dari=2024-02-07", "Sekda", "sekda@desk.example"),
    "what is learned": lambda who: (
        who.desk.clock.reads("H-6 18:00"),
        who.comes_in("/pelajaran", "Sekda", "sekda@desk.example"),
    ),
    "meetings": lambda who: (who.is_given("/rapat"),),
    "a meeting that begins": lambda who: who.meets(),
    "an order for trips": lambda who: who.keeps("/surat-tugas"),
    "a field trip": lambda who: who.travels(),
    "field trips": lambda who: (who.travels(), who.goes("/kunjungan")),
    "a field trip with everything wrong": lambda who: who.travels_wrongly("hasil"),
    "a plan for a trip with everything wrong": lambda who: who.travels_wrongly("rencana"),
    "what is done, for its giver": lambda who: who.leads("/saran/1/A-0001-1"),
    "a form to give a direction": lambda who: who.leads("/saran/beri?jenis=direction"),
    "an invitation with everything wrong": Somebody.gives_wrongly,
    "a problem that was not decided about in time": Somebody.decides_too_late,
    "a problem with advice": lambda who: who.leads("/koordinasi/1/P-0001"),
    "reports to the Government": Somebody.reports_upwards,
    "a report to the Government": Somebody.writes_beside_figures,
    "a report to the Government that waits for approval": lambda who: who.asks_for_approval(
        "Kepala Kesbangpol", "kesbangpol@desk.example"
    ),
    "a report to the Government whose way out was typed wrongly": lambda who: who.sends_upwards(""),
    "a report to the Government that left, corrected without a reason": lambda who: who.sends_upwards("correct"),
    "a report to the Government sent back without a reason": Somebody.sends_back_without_a_reason,
    "the situation": lambda who: who.comes_in("/keadaan"),
    "what is ahead": lambda who: who.comes_in("/ke-depan"),
    "a desk without a support plan": lambda who: who.comes_in("/kesiapan"),
    "the situation of a district": lambda who: who.comes_in(f"/keadaan/1/{who.desk.matter(who.key('Tamban')).area}"),
    "the recap": lambda who: who.comes_in("/rekap?dari=2024-02-07"),
    "the recap of days that are none": lambda who: who.comes_in("/rekap?dari=2024-02-08&sampai=2024-02-07"),
    "the rows behind a figure": lambda who: who.comes_in("/rekap/1/baris?dari=2024-02-07&angka=ahead"),
    "the answers to a form": lambda who: who.comes_in("/jawaban/1?formulir=harian"),
    "why a report stands so": lambda who: who.comes_in(f"/mengapa/1/{who.code}"),
    "today": Somebody.keeps,
    "the teams": lambda who: (who.keeps("/susunan"), who.plans_a_change()),
    "a change of the teams with everything wrong": lambda who: (
        who.keeps("/susunan"),
        who.presses("Catat perubahan"),
        who.page.get_by_role("alert").wait_for(),
    ),
    "the duty roster": Somebody.puts_on_duty,
    "the notes of the posko": lambda who: (who.puts_on_duty(), who.goes("/piket")),
    "a shift with everything wrong": lambda who: (
        who.keeps("/piket"),
        who.presses("Catat piket"),
        who.page.get_by_role("alert").wait_for(),
    ),
    "places at risk": Somebody.notes_a_risk,
    "a place at risk with everything wrong": lambda who: (
        who.keeps("/kerawanan"),
        who.presses("Catat tempat rawan"),
        who.page.get_by_role("alert").wait_for(),
    ),
    "a preview of places at risk": Somebody.uploads_risks,
    "tasks": lambda who: who.keeps("/tugas"),
    "what is ordered without a shell": lambda who: who.keeps("/kendali"),
    "what waits for a second person": lambda who: who.is_to_confirm(),
    "what a second person confirms": lambda who: who.is_to_confirm(looks=True),
    "what a release would send": Somebody.looks_at_a_release,
    "what is open in an election": Somebody.looks_at_what_is_open,
    "an election that is closed": Somebody.finds_it_closed,
    "what a changed file would do": Somebody.sends_a_changed_file,
    "a rehearsal that is played": lambda who: who.orders_a_rehearsal(ends=False),
    "what came of a rehearsal": lambda who: who.orders_a_rehearsal(ends=True),
    "what comes of a comparison": Somebody.compares_messages,
    "which messages differ": lambda who: (
        who.compares_messages(),
        who.page.get_by_role("link", name="Lihat pesan yang berbeda").click(),
        who.page.get_by_role("heading", name="Setiap kantor").wait_for(),
    ),
    "which report to record": lambda who: who.keeps("/catat"),
    "a report to record": lambda who: who.keeps(f"/catat/1/{who.code}"),
    "a report recorded": Somebody.records,
    "a report recorded for tomorrow": lambda who: who.records(via="", at="2024-02-08T11:00"),
    "contacts": lambda who: who.keeps("/kontak"),
    "what is known of a person": lambda who: (
        who.keeps("/data-pribadi"),
        who.page.get_by_label("Nomor HP, surel, atau nama").fill("0820 0000 0002"),
        who.page.get_by_role("button", name="Cari").last.click(),
        who.page.get_by_role("heading", name="Yang dicatat").wait_for(),
    ),
    "many offices at once": lambda who: (who.keeps("/pejabat"), who.page.get_by_text("Kode kantor").last.click()),
    "a preview of who holds which office": lambda who: who.sends_holders("0820 0000 0090"),
    "a preview of holders with a row refused": lambda who: who.sends_holders("08123456789O"),
    "an office": lambda who: who.keeps("/kontak/camat-mekarsari"),
    "what an office was told on a day": lambda who: who.keeps("/kontak/camat-tamban/pesan"),
    "a day that is none": lambda who: who.keeps("/kontak/camat-tamban/pesan?hari=kemarin"),
    "a handover with a number that is none": Somebody.hands_over_wrongly,
    "the text for a group": lambda who: who.keeps("/grup?tim=VIII"),
    "a file to send": lambda who: who.keeps("/unggah"),
    "packages where none are taken": lambda who: who.keeps("/paket"),
    "a preview": lambda who: who.uploads("ya"),
    "a preview with a row refused": lambda who: who.uploads("mungkin"),
    "a file taken in": Somebody.confirms,
}


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_every_page(served, chromium, name):
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(viewport={"width": 320, "height": 640}, locale="id-ID")
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))

    PAGES[name](Somebody(served, page))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{width} px"
    # what was typed for a day stays in its field, for browsers that show it as text
    harmless = "favicon|status of|does not conform to the required format"
    assert [text for text in complaints if not re.search(harmless, text)] == []
    context.close()
