"""The evening summary of a desk: planned one evening ahead, and put into words when it leaves."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import folios as desk_folios
from models.matters import overseeing, summaries
from models.matters.matters import Matter
from models.matters.overseeing import Problem
from models.offices import offices
from rules import board as marks
from rules import indonesian, levels, situation, summary
from rules.dispatch import day_start
from rules.forms import Form
from rules.issues import CATEGORIES, RESTRICTED, SEVERITIES
from rules.policy import Severity
from rules.programme import Programme
from rules.summary import LASTS, Section
from services import board, folios, leading, spending
from services.board import Board
from services.leading import Waiting

NAMED = 5
"""So many problems are named; the rest is counted."""


def plan(session: Session, programme_id: int, programme: Programme, *, after: datetime) -> None:
    """Plan the first summary that is due after this moment, if the policy wants any. Safe to repeat."""
    wanted = programme.policy.summaries
    desk = programme.desk
    since = summary.next_at(wanted, programme.election, desk.zone, after=after) if wanted else None
    if wanted is None or since is None:
        return
    summaries.add(
        session,
        programme_id,
        f"{programme.code}/summary/{since:%Y-%m-%d}",
        area=desk.regency_code,
        ladder=wanted.ladder,
        since=since,
        closes_after=since + LASTS,
    )


def drop(session: Session, programme_id: int, *, now: datetime) -> None:
    """Forget what is planned, as when a policy changes. Nobody was told of it."""
    for matter in summaries.ahead(session, programme_id, now=now):
        session.delete(matter)
    session.flush()


def gather(
    session: Session, programme_id: int, programme: Programme, forms: Mapping[str, Form], *, now: datetime
) -> list[Section]:
    """What the chair of a desk reads of the day: figures as on the board, and no free text."""
    desk = programme.desk
    chair = offices.by_code(session, desk.code, desk.chair)
    reader = board.reader(desk, desk.chair, chair.id if chair else 0)
    looked = board.look(session, programme_id, programme, forms, reader, now=now)
    since = day_start(now, desk.zone)
    today = overseeing.moved(session, programme_id, reader_id=reader.office_id or 0, since=since)
    waits = leading.waiting(session, [programme_id], reader.office_id or 0, now=now)
    return [
        Section("Menunggu keputusan Bapak/Ibu", tuple(_waiting(programme, waits, now))),
        Section("Laporan hari ini", _reports(looked)),
        Section("Permasalahan", (_open(looked), *_moved(today), *_named(session, programme, looked, now))),
        *_at_risk(programme, looked),
        *_ready(looked),
        Section("Keadaan menurut laporan", _wrong(programme, looked)),
        *_money(session, programme_id, programme),
        *_book(session, programme),
    ]


def _book(session: Session, programme: Programme) -> list[Section]:
    """The last leaf of the books, so that its code is also with the chair."""
    leaf = desk_folios.of(session, programme.desk.code)
    return [Section("Buku desk", (f"{folios.words(leaf, programme.desk.zone)}.",))] if leaf else []


def _money(session: Session, programme_id: int, programme: Programme) -> list[Section]:
    """The budget for messages, from when people are told of it on."""
    if programme.policy.costs.budget is None:
        return []
    own = spending.stand(session, programme_id, programme)
    told = spending.follows(session, programme, own)
    return [Section("Anggaran pesan", (f"{own.figures}.", told))] if told else []


def _waiting(programme: Programme, waits: Waiting, now: datetime) -> Iterable[str]:
    """What he alone can settle, in a few lines; of what is restricted only that it is there."""
    told = [own for own in waits.problems if own.issue and not own.issue.restricted]
    yield from (_line(programme, Problem(own.matter, own.issue), {}, now) for own in told[:NAMED] if own.issue)
    rest, secret = len(told) - NAMED, len(waits.problems) - len(told)
    more = [f"{indonesian.number(rest)} permasalahan lain"] if rest > 0 else []
    more += [f"{indonesian.number(secret)} permasalahan {RESTRICTED}"] if secret else []
    if more:
        yield f"{indonesian.listed(more)}.".capitalize()
    kinds = (
        ("Laporan kepada Pemerintah, menunggu persetujuan", waits.to_approve),
        ("Laporan yang belum diterima", [own.matter for own in waits.reports]),
        ("Saran untuk Bapak/Ibu, menunggu jawaban", [own.matter for own in waits.own]),
        ("Arahan yang sudah dilaksanakan, menunggu penutupan", [own.matter for own in waits.to_close]),
    )
    yield from (_coded(name, own) for name, own in kinds if own)
    if not waits.total:
        yield "Tidak ada."


def _coded(name: str, own: Sequence[Matter]) -> str:
    """`Laporan yang belum diterima: R-0805, R-0806, dan 3 lainnya.`"""
    codes = [matter.code for matter in own[:NAMED]]
    more = [f"{indonesian.number(len(own) - NAMED)} lainnya"] if len(own) > NAMED else []
    return f"{name}: {indonesian.listed([*codes, *more])}."


def _reports(looked: Board) -> tuple[str, ...]:
    before = len(looked.before)
    more = (f"{indonesian.number(before)} laporan hari sebelumnya masih ditunggu.",) if before else ()
    return (marks.today(told for _, told in looked.cells.values()), *more)


def _open(looked: Board) -> str:
    """`13 terbuka: 3 sangat rawan, 9 rawan, 1 terbatas.`"""
    having = [problem.issue.severity for problem in looked.open]
    counts = [(having.count(severity), SEVERITIES[severity]) for severity in reversed(Severity)]
    counts.append((len(looked.restricted), RESTRICTED))
    each = ", ".join(f"{indonesian.number(count)} {words}" for count, words in counts if count)
    if not each:
        return "Tidak ada yang terbuka."
    return f"{indonesian.number(sum(count for count, _ in counts))} terbuka: {each}."


def _moved(today: overseeing.Moved) -> tuple[str, ...]:
    if not (today.opened or today.resolved):
        return ()
    opened, resolved = indonesian.number(today.opened), indonesian.number(today.resolved)
    return (f"Hari ini {opened} dicatat, {resolved} dinyatakan selesai.",)


def _named(session: Session, programme: Programme, looked: Board, now: datetime) -> list[str]:
    some = looked.gravest[:NAMED]
    owners = offices.titles(session, [problem.matter.owner_id for problem in some])
    return [_line(programme, problem, owners, now) for problem in some]


def _line(programme: Programme, problem: Problem, owners: Mapping[int, str], now: datetime) -> str:
    matter, issue = problem
    words = [
        f"{matter.code}, {programme.desk.area_name(matter.area)}: {CATEGORIES[issue.category]}",
        SEVERITIES[issue.severity],
        indonesian.age(issue.opened_at, now),
    ]
    owner = owners.get(matter.owner_id or 0)
    return f"{', '.join(words)}{f'; {owner}' if owner else ''}."


def _at_risk(programme: Programme, looked: Board) -> Iterable[Section]:
    """Nothing where no problem lies in a place at risk, and all districts with one were heard."""
    lines = [f"{indonesian.number(len(looked.risky))} permasalahan terbuka berada di tempat rawan."] * bool(
        looked.risky
    )
    if looked.unheard:
        names = indonesian.listed([programme.desk.area_name(area) for area in looked.unheard])
        lines.append(f"Tempat rawan tanpa laporan hari ini: {names}.")
    if lines:
        yield Section("Tempat rawan", tuple(lines))


def _ready(looked: Board) -> Iterable[Section]:
    """How ready the support for what is ahead is; nothing where no plan says so."""
    if looked.ready:
        yield Section("Kesiapan dukungan", tuple(f"{name}: {words}." for name, words in looked.ready))


def _wrong(programme: Programme, looked: Board) -> tuple[str, ...]:
    lines = []
    for code, own in looked.groups.items():
        rolled = situation.roll_up(looked.situation[area, code] for area in looked.areas)
        if rolled.wrong:
            lines.append(f"{own.name}: {rolled.words(levels.word(programme.desk.level))}.")
    return tuple(lines) or ("Tidak ada bidang yang dilaporkan bermasalah atau perlu perhatian.",)
