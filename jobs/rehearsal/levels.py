"""The last act of the demo: a regency and its province in one installation, another regency by a package.

Tapin's desk files, compiles, has its letter approved and records that it left; the turn of the clock files it at the
province. Barito Kuala lives elsewhere, in the demo's own books: its letter comes as a package. Then the province's
letter is made. All by the functions of production.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from config import loader
from config.documents import Document as File
from jobs.operator import acting, load, problems, reports
from jobs.rehearsal.rehearse import AtOnce, Rehearsal, Still
from jobs.runtime import Runtime
from jobs.turn import compile, levels
from models import migrations
from models.base import begun_by, connect
from models.desk.files import Files
from models.matters import documents, numbers, submissions
from models.matters.documents import Document
from models.matters.issues import Described
from models.matters.obligations import Obligation
from rules.filing import Content, Incoming, Via
from rules.forms import Form
from rules.government import ReportKind
from rules.issues import Category
from rules.policy import Severity
from rules.programme import Programme
from rules.sending import Recorded, for_copy
from rules.submissions import LEFT
from services import packages
from services.government import approving, sending

CONFIG = Path(loader.__file__).parent
ZONE = ZoneInfo("Asia/Makassar")
STARTS = datetime(2024, 2, 12, 8, tzinfo=ZONE)
COMPILED = datetime(2024, 2, 14, 18, 1, tzinfo=ZONE)
ABOVE = datetime(2024, 2, 15, 18, 1, tzinfo=ZONE)
SLOT = "2024-W07"
SECRET = b"a demo keeps no secrets"


def play(rehearsal: Rehearsal, election: File, policy: File, folder: Path) -> list[Document]:
    """Play it in a folder of its own; the letters that were made there, the province's last."""
    rt = _installation(rehearsal.rt.forms(), rehearsal.rt.kinds(), folder)
    clock = rt.clock
    assert isinstance(clock, Still)
    try:
        load.load(rt, [election, loader.read(CONFIG / "desks/contoh-tapin.yaml"), policy])
        above = [
            loader.read(CONFIG / part) for part in ("desks/contoh-kalimantan-selatan.yaml", "policies/provinsi.yaml")
        ]
        load.load(rt, [election, *above])
        tapin, province = (f"{election.code}/contoh-{name}" for name in ("tapin", "kalimantan-selatan"))
        _live(rt, clock, tapin)
        clock.at = COMPILED
        compile.run(rt, now=clock.at)
        clock.at += timedelta(hours=15)
        letter = _leaves(rt, f"{tapin}/laporan-gubernur/63.05/{SLOT}")
        levels.run(rt, now=clock.at)
        _package(rehearsal, rt, province, folder)
        clock.at = ABOVE
        compile.run(rt, now=clock.at)
        return [letter, _made(rt, f"{province}/laporan-mendagri/63/{SLOT}")]
    finally:
        rt.sessions.kw["bind"].dispose()


def _installation(forms: Mapping[str, Form], kinds: Mapping[str, ReportKind], folder: Path) -> Runtime:
    folder.mkdir(parents=True, exist_ok=True)
    for end in ("", "-wal", "-shm"):
        (folder / f"desk.db{end}").unlink(missing_ok=True)
    engine = connect(f"sqlite:///{folder / 'desk.db'}", durable=False)
    migrations.up(engine)
    bell = AtOnce()
    rt = Runtime(
        sessions=begun_by(engine),
        clock=Still(STARTS),
        notifiers={},
        bell=bell,
        documents=folder,
        files=Files(folder / "berkas"),
        forms=lambda: forms,
        kinds=lambda: kinds,
    )
    bell.rt = rt
    return rt


def _live(rt: Runtime, clock: Still, tapin: str) -> None:
    """Two days of Tapin: one district reports twice, one once, and a problem is found."""
    for day, slot, districts in ((12, "H-2", ("binuang", "tapin-selatan")), (13, "H-1", ("binuang",))):
        clock.at = datetime(2024, 2, day, 14, tzinfo=ZONE)
        for number, name in enumerate(districts, 1):
            incoming = Incoming(Content.FILLED, {"note": "Situasi aman."}, Via.LINK, f"camat-{name}")
            reports.file(rt, f"{tapin}/harian/63.05.{number:02}/{slot}", incoming)
    described = Described("63.05.02", Category.LOGISTICS, Severity.HIGH, "Surat suara kurang satu kotak")
    problems.open_(rt, tapin, described, by="camat-tapin-selatan")


def _leaves(rt: Runtime, key: str) -> Document:
    """The letter is handed in, approved by secretary and chair, made, handed out, and recorded."""
    for by in ("sekretariat-desk", "kepala-kesbangpol", "sekda"):
        with rt.sessions.begin() as session:
            programme, version = _version(session, rt, key)
            hand = acting.hand(session, programme, by)
            own = approving.held(session, programme, version.id)
            assert own is not None
            now = rt.clock(session)
            if by == programme.desk.secretariat:
                approving.hand_in(session, programme, own, hand=hand, now=now)
            else:
                approving.approve(session, programme, own, hand=hand, edition=version.edition, now=now)
    made = _made(rt, key)
    with rt.sessions.begin() as session:
        programme, version = _version(session, rt, key)
        own = approving.held(session, programme, version.id)
        assert own is not None
        hand, now = acting.hand(session, programme, "sekretariat-desk"), rt.clock(session)
        recorded = Recorded("200.2.1/12/DESK", now.astimezone(ZONE).date(), "", "Sekretariat Tim DESK Pemilu")
        sending.record(session, programme, own.submission, "pdf", recorded, None, hand=hand, now=now)
    return made


def _version(session: Session, rt: Runtime, key: str) -> tuple[Programme, submissions.Submission]:
    matter = numbers.matter(session, key)
    assert matter is not None
    version = submissions.last(session, matter.id)
    assert version is not None
    return rt.programme(session, matter.programme_id), version


def _made(rt: Runtime, key: str) -> Document:
    """The PDF of the newest version, made now."""
    for again in (True, False):
        with rt.sessions.begin() as session:
            _, version = _version(session, rt, key)
            (own,) = [one for one in documents.of(session, [version.id]) if one.document.form == "pdf"]
        if again:
            compile.make(rt, own)
    return own


def _package(rehearsal: Rehearsal, rt: Runtime, province: str, folder: Path) -> None:
    """Barito Kuala's letter of that week as a package, taken in at the province, if it left in the demo."""
    key = f"{rehearsal.programme.code}/laporan-gubernur/{rehearsal.programme.desk.regency_code}/{SLOT}"
    with rehearsal.rt.sessions.begin() as session:
        programme, version = _version(session, rehearsal.rt, key)
        own = session.get_one(Obligation, version.obligation_id)
        if version.state not in LEFT:
            return
        content = packages.sealed(programme, own, version, _letters(session, rehearsal, version.id), secret=SECRET)
    (folder / "paket-barito-kuala.zip").write_bytes(content)
    package = packages.opened(content)
    for document in package.documents.values():
        assert rt.files is not None
        rt.files.keep(document)
    with rt.sessions.begin() as session:
        to = packages.judged(session, {id: p for id, p in rt.live(session).items() if p.code == province}, package).to
        hand, form = acting.hand(session, to.programme, "sekretariat-desk"), rt.form(to.duty.form)
        packages.taken(session, to, form, package, trust=True, hand=hand, now=rt.clock(session))


def _letters(session: Session, rehearsal: Rehearsal, id: int) -> Sequence[packages.Made]:
    there = [own for own, _ in documents.of(session, [id]) if own.file_name and for_copy([own.form])]
    return [
        packages.Made(f"{own.form}.{own.form}", own.form, (rehearsal.rt.documents / str(own.file_name)).read_bytes())
        for own in there
    ]
