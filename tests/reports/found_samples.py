"""Findings for the tests of the report: one week with something of everything."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from reports.government.appeals import Appeal
from reports.government.counsel import Advice, Meeting
from reports.government.facts import Standing, Weekly
from reports.government.findings import Findings
from reports.government.outlook import Judged, Place, Risks, Silent
from reports.government.outreach import Chased, Late, Said, Word
from reports.government.pictures import Picture
from reports.government.situation import Counted, Figure, Group, Seen
from reports.government.support import Item, Prepared
from reports.government.team import Member
from reports.government.trips import Trip
from rules.advice import Sort, Stage
from rules.desk import Audience
from rules.fairness import Cause
from rules.forms import Condition
from rules.government import ANNEXES, CHAPTERS, PLAIN, WORDED, Chapter, Part
from rules.levels import Level
from rules.reaching import End
from rules.readiness import Ready
from rules.situation import Shown
from tests.reports import samples

AT = samples.CUT_OFF - timedelta(hours=5)
FULL = Part("", tuple(Chapter(code) for code in CHAPTERS if code not in WORDED))


def seen(n: int, shown: Shown, said: Condition | None = None, note: str = "", at: datetime | None = AT) -> Seen:
    known = shown is not Shown.UNSEEN
    source, by = (f"R-{n:04} v1", f"Camat {samples.NAMES[n - 1]}") if known else ("", "")
    return Seen(f"63.04.{n:02}", shown, said, at if known else None, by, note, source)


def logistics() -> Group:
    """Two districts are in trouble, one wants attention, one is old, one was not looked at; the rest is safe."""
    told = {
        1: seen(1, Shown.TROUBLED, Condition.TROUBLED, "Kotak suara belum tiba karena ombak"),
        2: seen(2, Shown.TROUBLED, Condition.TROUBLED, "Surat suara basah, 2 kotak"),
        5: seen(5, Shown.ATTENTION, Condition.ATTENTION, "Bilik kurang 4"),
        7: seen(7, Shown.STALE, Condition.SAFE, at=AT - timedelta(days=8)),
        9: seen(9, Shown.UNSEEN),
        11: seen(11, Shown.NIL),
    }
    every = tuple(told.get(n) or seen(n, Shown.SAFE, Condition.SAFE) for n in range(1, 18) if n != 17)
    counts = tuple(Counted(f"63.04.{n:02}", 9 + n, AT, None, f"R-{n:04} v1") for n in (1, 2, 3))
    return Group(
        "logistik", "Logistik", every, (Shown.ATTENTION,), (Figure("desa-logistik", "Desa sudah menerima", counts),)
    )


def opening() -> Group:
    every = tuple(seen(n, Shown.SAFE, Condition.SAFE) for n in range(1, 18))
    counts = tuple(Counted(f"63.04.{n:02}", 60, AT, 64, f"R-{n:04} v1") for n in range(1, 16))
    return Group("tps-buka", "Pembukaan TPS", every, (), (Figure("tps-buka", "TPS sudah dibuka", counts, True),))


def turnout() -> Group:
    every = tuple(seen(n, Shown.NIL) for n in range(1, 18))
    counts = tuple(Counted(f"63.04.{n:02}", 9000 + n, AT, 12000, f"R-{n:04} v1") for n in (1, 2))
    return Group("partisipasi", "Partisipasi", every, (), (Figure("hadir", "Pemilih hadir", counts, True),))


def word(n: int, end: End, *, who: Audience = Audience.REPORTER, channel: str = "sms") -> Word:
    return Word(AT + timedelta(minutes=n), f"Kantor {who}", who, channel if end is not End.NOBODY else "", end, n)


def findings(missing: tuple[str, ...] = ("R-0901", "R-0902", "R-0903")) -> Findings:
    first, second, third = missing
    return Findings(
        situation=(logistics(), opening(), turnout()),
        meetings=(
            Meeting(
                "A-0001",
                "Rakor kesiapan logistik",
                "Aula Selidah, Marabahan",
                AT - timedelta(days=3),
                "Sekretaris Daerah",
                ("Camat Tamban", "Camat Alalak", "Kepala BPBD"),
                ("Camat Tamban", "Sekcam Alalak"),
                2,
            ),
            Meeting(
                "A-0002", "Evaluasi", "Daring", AT - timedelta(days=1), "Sekretariat Desk", ("Camat Tamban",), (), 0
            ),
        ),
        advice=(
            Advice(
                "A-0003",
                Sort.ADVICE,
                "Siapkan perahu untuk logistik",
                "Asisten Pemerintahan",
                "Kepala BPBD",
                date(2024, 2, 7),
                AT - timedelta(days=1),
                Stage.CONFIRMED,
                "63.04.01",
                "P-0001",
            ),
            Advice(
                "A-0004",
                Sort.DIRECTION,
                "Pastikan genset di kecamatan",
                "Sekretaris Daerah",
                "Kepala Dinas Kominfo",
                date(2024, 2, 8),
                AT + timedelta(days=1),
                Stage.DONE,
                "",
                "",
                "Enam genset siap",
            ),
            Advice(
                "A-0005",
                Sort.DIRECTION,
                "Siagakan ambulans",
                "Sekretaris Daerah",
                "Kepala Dinas Kesehatan",
                date(2024, 2, 9),
                AT + timedelta(days=2),
                Stage.GIVEN,
            ),
        ),
        advice_withheld=1,
        risks=Risks(
            (
                Place(
                    "63.04.01",
                    "Desa Kuala Lupak",
                    "3",
                    ("Blank spot", "Rawan banjir"),
                    "Polres Barito Kuala",
                    date(2024, 2, 1),
                ),
                Place("63.04.02", "Desa Koanda", "", ("Rawan banjir",), "BPBD", date(2024, 2, 2)),
            ),
            ("63.04.01",),
            ("P-0001",),
        ),
        silent=(Silent("63.04.09", AT), Silent("63.04.10", AT)),
        judged=tuple(
            Judged(
                f"63.04.{n:02}",
                f"R-{n:04} v1",
                f"Camat {samples.NAMES[n - 1]}",
                "Air pasang naik",
                "TPS 3 tergenang",
                "Pindahkan",
            )
            for n in range(1, 9)
        ),
        judged_withheld=1,
        late=(Late(first, Cause.TEAM), Late(second, Cause.NOT_REACHED), Late(third, Cause.TEAM)),
        chased=(
            Chased(
                first,
                (
                    word(1, End.ARRIVED, channel="email"),
                    word(2, End.LOST),
                    word(3, End.HANDED_OVER, who=Audience.COORDINATOR),
                ),
                (Said(AT, "Camat Tabunganen", "promised", "Sinyal putus", AT + timedelta(hours=3)),),
            ),
            Chased(second, (word(2, End.LOST), word(4, End.NOBODY))),
            Chased(third),
        ),
        trips=(
            Trip(
                "L-0001",
                "63.04.02",
                "Tim 1",
                AT - timedelta(days=2),
                "Gudang PPK, Desa Koanda",
                "Camat Tamban, Kapolsek Tamban",
                "Melihat kesiapan gudang",
                told=True,
                people=4,
                seen=("Logistik: Perlu perhatian. Dua kotak lembap", "Fakta: Kunci diganti"),
            ),
            Trip("L-0002", "63.04.01", "Tim 2", AT - timedelta(days=1), "Dermaga", "Sekcam", "Melihat perahu", True, 3),
            Trip("L-0003", "63.04.05", "Tim 3", AT - timedelta(hours=9), "TPS 4", "Camat", "Melihat TPS", told=False),
        ),
        photos=(Picture("ab" * 32, "63.04.01", "Logistik", AT, "R-0001 v1"),),
        team=(
            Member("Sekretaris Daerah", "Ketua"),
            Member("Camat Tamban", "Anggota Tim DESK VIII", "Tamban, Mekarsari"),
        ),
        appeals=(
            Appeal("M-0001", Level.PROVINCE, "Perahu karet untuk dua desa", date(2024, 2, 6), "P-0001"),
            Appeal("M-0002", Level.CENTRE, "Genset", date(2024, 2, 7), "", "", "Dikirim", date(2024, 2, 9)),
        ),
        appeals_withheld=1,
        support=support(),
    )


def support() -> tuple[Prepared, ...]:
    """Two preparations: boats wait for money that is not there, one item is no one's, one answer is late."""
    by = AT - timedelta(days=2)
    money = Item(
        "R-0701", "Hibah", "Sekretaris Daerah", Ready.NOT_READY, by, False, by, ("Hibah KPU", "NPHD"), ("R-0702",)
    )
    boats = Item("R-0702", "Angkutan", "Kepala BPBD", Ready.PARTLY, by, received_at=by, lacking=("Jalur",))
    store = Item("R-0703", "Gudang", "Kecamatan Tamban", Ready.READY, by, received_at=by)
    none = Item("R-0704", "Gudang", "Kecamatan Alalak", Ready.NOT_THEIRS, by)
    power = Item("R-0705", "Listrik", "Kadis Kominfo", Ready.UNANSWERED, by, late=True)
    team = Item("R-0706", "Kesiapan tim", "Tim 1", Ready.UNANSWERED, AT + timedelta(days=3))
    return (
        Prepared("logistik", "Pergeseran logistik", date(2024, 2, 11), (money, boats, store, none)),
        Prepared("rekap", "Rekapitulasi", None, (power, team)),
    )


def week() -> Weekly:
    """All seventeen districts; three reports are missing, one problem is open."""
    owed = {1: ("R-0901", "R-0902"), 2: ("R-0903",)}
    districts = tuple(
        samples.district(n, samples.received(f"R-{n:04}"), *(samples.owed(code, 6) for code in owed.get(n, ())))
        for n in range(1, 18)
    )
    plain = samples.week(*districts, problems=(samples.problem(),))
    stages = (*plain.stages[:2], replace(plain.stages[2], start=date(2024, 2, 12), told_by=("tps-buka",)))
    kind = PLAIN.__class__(
        **{name: getattr(PLAIN, name) for name in PLAIN.__slots__} | {"parts": (FULL,), "annexes": ANNEXES}
    )
    return Weekly(
        **{name: getattr(plain, name) for name in plain.__slots__}
        | {"findings": findings(), "stages": stages, "kind": kind}
    )


MISSING = sum(report.standing is Standing.OWED for report in week().reports)
