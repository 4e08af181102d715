"""Facts for the tests of the weekly report: one plain week, and weeks made up by hypothesis."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from reports.government.facts import (
    Content,
    District,
    FollowUp,
    Header,
    Polling,
    Problem,
    Recommendation,
    Report,
    Stage,
    Standing,
    Status,
    Weekly,
)
from rules.issues import Category
from rules.policy import Severity

CUT_OFF = datetime(2024, 2, 12, 12, 0, tzinfo=UTC)
HEADER = Header(
    desk="Tim DESK Pemilu Kabupaten Barito Kuala",
    regency="Kabupaten Barito Kuala",
    province="Provinsi Kalimantan Selatan",
    seat="Marabahan",
    signatory="Pj. Bupati Barito Kuala",
    to="Gubernur Kalimantan Selatan",
    attention="Kepala Badan Kesatuan Bangsa dan Politik",
    place="Banjarbaru",
    copies=("Menteri Dalam Negeri u.p. Dirjen Politik dan Pemerintahan Umum di Jakarta", "Arsip"),
    election="Pemilu Tahun 2024",
    subject="Laporan Pelaksanaan Pemilu Tahun 2024 di Kabupaten Barito Kuala",
    period_start=date(2024, 2, 5),
    period_end=date(2024, 2, 11),
    cut_off=CUT_OFF,
    zone="Asia/Makassar",
    policy_digest="ab" * 32,
    calendar_digest="cd" * 32,
)
STAGES = (
    Stage("P24-07", "Masa Kampanye Pemilu", date(2023, 11, 28), date(2024, 2, 10), "PKPU 3/2022"),
    Stage("P24-08", "Masa Tenang", date(2024, 2, 11), date(2024, 2, 13), "PKPU 3/2022"),
    Stage("P24-09A", "Pemungutan suara", date(2024, 2, 14), date(2024, 2, 14), "PKPU 3/2022"),
)
NAMES = (
    "Tabunganen", "Tamban", "Anjir Pasar", "Anjir Muara", "Alalak", "Mandastana", "Rantau Badauh", "Belawang",
    "Cerbon", "Bakumpai", "Kuripan", "Tabukan", "Mekarsari", "Barambai", "Marabahan", "Wanaraya", "Jejangkit",
)  # fmt: skip


def due(day: int) -> datetime:
    """15.00 WITA on a day of February 2024."""
    return datetime(2024, 2, day, 7, 0, tzinfo=UTC)


def owed(code: str, day: int = 5) -> Report:
    return Report(f"key/{code}", code, "Laporan harian", due(day), Standing.OWED)


def received(code: str, content: Content = Content.FILLED, *, day: int = 5, late: bool = False) -> Report:
    at = due(day) + timedelta(hours=1 if late else -1)
    return Report(f"key/{code}", code, "Laporan harian", due(day), Standing.RECEIVED, content, late, at)


def waived(code: str, reason: str, day: int = 5) -> Report:
    return Report(f"key/{code}", code, "Laporan harian", due(day), Standing.WAIVED, reason=reason)


def district(n: int, *reports: Report) -> District:
    """The n-th district, from 1: Tabunganen."""
    return District(f"63.04.{n:02}", NAMES[n - 1], f"Tim DESK {(n + 1) // 2}", "Asia/Makassar", reports)


def problem(code: str = "P-0001", **change: object) -> Problem:
    plain = Problem(
        code,
        "63.04.02",
        date(2024, 2, 6),
        Category.LOGISTICS,
        Severity.MEDIUM,
        "Kotak suara lembap",
        (FollowUp(date(2024, 2, 7), "Dipindahkan ke balai kecamatan"),),
        "Camat Tamban",
        Status.OPEN,
    )
    return replace(plain, **change)  # type: ignore[arg-type]


def week(*districts: District, problems: tuple[Problem, ...] = (), advice: tuple[str, ...] = ()) -> Weekly:
    """A week of these districts; without any, of all seventeen with nothing missing."""
    all_in = tuple(district(n, received(f"R-{n:04}")) for n in range(1, 18))
    return Weekly(
        HEADER,
        ("Undang-Undang Nomor 7 Tahun 2017, Pasal 434",),
        STAGES,
        Polling(1090, 234988, "contoh.example"),
        districts or all_in,
        problems,
        tuple(Recommendation(text) for text in advice),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    code = f"R-{draw(st.integers(1, 9999)):04}"
    day = draw(st.integers(5, 11))
    made = draw(st.sampled_from(Standing))
    if made is Standing.RECEIVED:
        return received(
            code,
            draw(st.sampled_from([Content.FILLED, Content.NIL, Content.PARTIAL])),
            day=day,
            late=draw(st.booleans()),
        )
    return owed(code, day) if made is Standing.OWED else waived(code, draw(st.text(max_size=30)), day)


@st.composite
def weeks(draw: st.DrawFn) -> Weekly:
    """Up to seventeen districts with up to twelve reports each, up to fifteen problems, any texts."""
    numbers = sorted(draw(st.sets(st.integers(1, 17), max_size=17)))
    places = [district(n, *draw(st.lists(reports(), max_size=12))) for n in numbers]
    where = st.sampled_from(["", *(place.code for place in places)])
    category = st.one_of(st.sampled_from([*Category]), st.text(min_size=1, max_size=12))
    problems = st.builds(
        problem,
        code=st.text(min_size=1, max_size=8),
        district=where,
        category=category,
        severity=st.sampled_from(Severity),
        status=st.sampled_from(Status),
        title=st.text(max_size=60),
        outcome=st.text(max_size=20),
        office=st.text(max_size=20),
    )
    made = tuple(draw(st.lists(problems, max_size=15)))
    return replace(week(), districts=tuple(places), problems=made)
