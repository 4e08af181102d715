"""The archive of a programme: one ZIP that is read without this program, and one more of what is restricted.

It holds the recap as PDF/A and XLSX, the reports to the Government as they were made, the calendar and the policy,
every row as JSON Lines, and the hash of each file.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy.orm import Session

import rules.recap
from models.base import table
from models.desk import archive
from models.desk.archive import SHEETS, Own, Part
from models.matters import documents
from models.matters.submissions import Submission
from reports import sheets
from reports.government.words import CONTENTS, STANDINGS
from reports.papers import facts
from reports.papers.facts import Ending
from rules import access, closing, sending
from rules.closing import Open
from rules.filing import Standing, Timeliness
from rules.indonesian import local_date, moment, number, period
from rules.programme import Programme, Sources
from rules.recap import Owed, Period, Split
from services import learned, papers, recap
from services.documents import compile_document
from services.government.withheld import names_restricted

SUMS, README = "SHA256SUMS.txt", "BACA-DAHULU.txt"
FOR_WHOM = "Hanya untuk yang berwenang membaca permasalahan terbatas; disimpan terpisah."
HEADINGS = ("Nomor", "Wilayah", "Tim", "Laporan", "Batas waktu", "Keadaan", "Isi", "Diterima", "Ketepatan")
AHEAD = "belum jatuh tempo"
"""Of a report that was not due yet when the election was closed."""
JUDGED = {Timeliness.ON_TIME: "tepat waktu", Timeliness.LATE: "lewat batas waktu", Timeliness.MISSING: "tidak masuk"}


class Archived(NamedTuple):
    """What is to be written: whose it is, and what was open when it was closed (`closed_at`), or is now (None)."""

    programme_id: int
    programme: Programme
    sources: Sources
    closed_at: datetime | None
    reason: str
    left: Sequence[Open]


class Written(NamedTuple):
    """A file of the archive, with its SHA-256; `missing`: documents that are not in it, because they are not there."""

    path: Path
    digest: str
    missing: Sequence[str]


def write(session: Session, of: Archived, into: Path, *, folder: Path, now: datetime) -> list[Written]:
    """Write the archive into a folder, and what is restricted into a second file if there is any. Changes no row.

    Args:
        folder: where the documents of reports to the Government are.

    Raises:
        DocumentError: the recap could not be made.
        OSError: the folder cannot be written.
    """
    withheld = [own.id for own in archive.submissions(session, of.programme_id) if names_restricted(session, own)]
    own = archive.own(session, of.programme_id, withheld=withheld)
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"arsip-{of.programme.code.replace('/', '-')}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    shared = _Zip(into / f"{name}.zip")
    with shared:
        _open_part(session, of, own, shared, folder, now)
    written = [Written(shared.path, shared.digest, shared.missing)]
    secret = _Zip(into / f"{name}-terbatas.zip")
    with secret:
        _restricted_part(session, of, own, secret, folder)
    if secret.sums:
        return [*written, Written(secret.path, secret.digest, secret.missing)]
    secret.path.unlink()
    return written


class _Zip:
    """A ZIP that is there as a whole or not at all, with the hashes of its files as its last."""

    def __init__(self, path: Path) -> None:
        self.path, self.sums, self.missing, self.digest = path, dict[str, str](), list[str](), ""
        self._draft = path.with_suffix(".part")

    def __enter__(self) -> None:
        self._zip = ZipFile(self._draft, "w", ZIP_DEFLATED)

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None and self.sums:
            self._zip.writestr(SUMS, "".join(f"{digest}  {name}\n" for name, digest in self.sums.items()))
        self._zip.close()
        if kind is not None:
            self._draft.unlink()
            return
        self.digest = hashlib.sha256(self._draft.read_bytes()).hexdigest()
        self._draft.replace(self.path)

    def put(self, name: str, content: bytes) -> None:
        self.sums[name] = hashlib.sha256(content).hexdigest()
        self._zip.writestr(name, content)

    def lines(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """JSON Lines; no file where there are no rows."""
        digest, began = hashlib.sha256(), iter(rows)
        first = next(began, None)
        if first is None:
            return
        with self._zip.open(name, "w") as file:
            for row in chain([first], began):
                line = json.dumps(row, ensure_ascii=False, default=_plain).encode() + b"\n"
                digest.update(line)
                file.write(line)
        self.sums[name] = digest.hexdigest()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, (datetime, date)) else str(value)


def _open_part(session: Session, of: Archived, own: Own, into: _Zip, folder: Path, now: datetime) -> None:
    desk = of.programme.desk
    owed, until = _owed(session, of, now), of.closed_at or now
    into.put("rekapitulasi-akhir.pdf", compile_document("ending-pdf", facts.to_json(_ending(of, owed, now))))
    into.put("rekap-laporan.xlsx", sheets.xlsx(HEADINGS, (_row(of.programme, row, until) for row in owed)))
    stages = learned.gather(session, of.programme_id, of.programme, until=until)
    into.put("pelajaran-per-tahapan.xlsx", sheets.xlsx(learned.HEADINGS, map(learned.row, stages)))
    into.put("berkas/pemilihan.yaml", of.sources.election.text.encode())
    into.put("berkas/kebijakan.yaml", of.sources.policy.text.encode())
    into.lines("baris/office.jsonl", archive.named(session, desk.code))
    _rows(session, own, into, Part.OPEN)
    hidden = own.hidden[Submission]
    ids = [one.id for one in archive.submissions(session, of.programme_id) if one.id not in hidden]
    _documents(session, into, folder, ids, restricted=False)
    into.put(README, _readme(of, into, now).encode())


def _restricted_part(session: Session, of: Archived, own: Own, into: _Zip, folder: Path) -> None:
    _rows(session, own, into, Part.RESTRICTED)
    into.lines("baris/lampiran-terbatas.jsonl", archive.annexes(session, own))
    every = [one.id for one in archive.submissions(session, of.programme_id)]
    _documents(session, into, folder, every, restricted=True)
    _documents(session, into, folder, list(own.hidden[Submission]), restricted=False)
    if into.sums:
        into.put(README, f"Bagian terbatas dari arsip {of.programme.election.name}. {FOR_WHOM}\n".encode())


def _rows(session: Session, own: Own, into: _Zip, part: Part) -> None:
    for sheet in SHEETS:
        into.lines(f"baris/{table(sheet.of).name}.jsonl", archive.rows(session, sheet, own, part))


def _documents(session: Session, into: _Zip, folder: Path, ids: Sequence[int], *, restricted: bool) -> None:
    """The documents of these versions as they were made; one that is gone or was changed is named instead."""
    made = [document for document, _ in documents.of(session, ids) if document.file_name]
    shared = set(sending.for_copy([document.form for document in made]))
    for document in made:
        if (document.form not in shared) is not restricted:
            continue
        path = folder / str(document.file_name)
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == document.digest:
            into.put(f"laporan/{path.name}", content)
        else:
            into.missing.append(path.name)


def _owed(session: Session, of: Archived, now: datetime) -> list[Owed]:
    """Everything that was asked, up to the closing."""
    until = of.closed_at or now
    election, zone = of.programme.election, of.programme.desk.zone
    return recap.rows(
        session, of.programme_id, of.programme, Period(election.starts, local_date(until, zone)), now=until
    )


def _ending(of: Archived, owed: Sequence[Owed], now: datetime) -> Ending:
    programme, until = of.programme, of.closed_at or now
    desk, zone = programme.desk, programme.desk.zone
    signer = ("Ketua Tim DESK,", desk.office(desk.chair).title)
    lines = rules.recap.recap(owed, programme, Split.AREA, access.places(desk), now=until)
    closed = f"Ditutup {moment(of.closed_at, zone)}. Alasan: {of.reason}" if of.closed_at else "Belum ditutup."
    return Ending(
        head=papers.head(desk, signer, now),
        election=programme.election.name,
        period=period(programme.election.starts, local_date(until, zone)),
        closed=closed,
        left=tuple(f"{number(one.number)} {closing.WORDS[one.kind]}" for one in of.left),
        places=tuple(
            (line.name, *map(number, (line.counts.due, *(getattr(line.counts, name) for name in _FIGURES))))
            for line in lines
        ),
    )


_FIGURES = ("on_time", "late", "missing", "waived")


def _row(programme: Programme, row: Owed, until: datetime) -> Sequence[str]:
    zone, judged = programme.desk.zone_of(row.area), row.timeliness(until)
    names = {duty.code: duty.of(row.key).name for duty in programme.policy.duties}
    return (
        row.code,
        programme.desk.area_name(row.area),
        row.team or "",
        names.get(row.duty, row.duty),
        moment(row.due_at, zone),
        STANDINGS[row.standing],
        CONTENTS[row.content] if row.content else "",
        moment(row.received_at, zone) if row.received_at else "",
        JUDGED[judged] if judged else AHEAD if row.standing is Standing.OWED else "",
    )


def _readme(of: Archived, into: _Zip, now: datetime) -> str:
    programme = of.programme
    missing = "".join(f"  - {name}\n" for name in into.missing)
    lacking = f"\nTidak disertakan, karena berkasnya tidak ada lagi atau sudah berubah:\n{missing}" if missing else ""
    return f"""ARSIP {programme.election.name.upper()}
{programme.desk.name}
Dibuat {moment(now, programme.desk.zone)}

Arsip ini dapat dibaca tanpa program apa pun selain pembaca PDF, lembar kerja, dan teks.

rekapitulasi-akhir.pdf   laporan yang diminta menurut wilayah, dan yang masih terbuka saat ditutup (PDF/A)
rekap-laporan.xlsx       setiap laporan yang diminta: batas waktu, diterima kapan, tepat waktu atau tidak
pelajaran-per-tahapan.xlsx  per tahapan: yang lewat batas atau tidak masuk, di pihak siapa, dan mengapa; tanpa peringkat
laporan/                 laporan kepada Pemerintah, sebagaimana dibuat waktu itu
berkas/                  jadwal pemilihan dan kebijakan yang berlaku (YAML)
baris/                   setiap catatan sebagai teks JSON, satu baris satu catatan; satu berkas satu tabel:
                         matter dan obligation (yang diminta), report (yang masuk), issue (permasalahan),
                         advice dan charge (saran dan arahan), submission (laporan kepada Pemerintah),
                         notice (setiap keputusan memberi tahu atau tidak, dengan alasannya), message dan attempt,
                         change (siapa memutuskan apa, kapan, dan mengapa). Waktu ditulis dalam UTC.
{SUMS}           SHA-256 setiap berkas; diperiksa dengan: sha256sum -c {SUMS}

Tidak ada di sini: kontak kantor dan orang, teks pesan, serta kata-kata balasan orang kepada desk, kecuali yang
dicatat sebagai laporan atau permasalahan. Nama dan nomor yang diketik orang di dalam laporan, permasalahan, atau
alasan tetap ada.
Permasalahan terbatas, dengan yang menyebutnya, ada dalam berkas tersendiri (...-terbatas.zip) bila ada,
dan hanya untuk yang berwenang membacanya.
{lacking}"""
