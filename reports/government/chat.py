"""The report in lines for a chat: the figures, the gravest problems, and what is still owed by its deadline."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import partial

from reports.government import rows, since, words
from reports.government.document import DRAFT
from reports.government.facts import District, Problem, Report, Weekly
from rules.government import Covers
from rules.indonesian import day, moment, number
from rules.issues import SEVERITIES

MOST = 30
"""Lines of one list; whoever wants all of them opens the report."""
LONGEST = 140
"""Characters of what somebody wrote about a problem."""


def lines(facts: Weekly, mark: str) -> tuple[str, ...]:
    """Head, figures, unsolved problems with the gravest first, and reports not yet received, the oldest first."""
    head, alone = facts.header, facts.kind.covers is Covers.PROBLEM
    return (
        f"*{head.subject}*",
        _reaches(facts),
        *((f"_{mark}, belum disetujui_",) if mark == DRAFT else ()),
        "",
        *(map(partial(_problem, facts), facts.problems) if alone else _every(facts)),
        *(("", f"{number(facts.restricted)} permasalahan terbatas tidak dirinci.") if facts.restricted else ()),
        *(("", told) if not alone and (told := since.sentence(facts)) else ()),
        "",
        "Hasil pemantauan, bukan data resmi KPU maupun Bawaslu.",
    )


def _every(facts: Weekly) -> Iterable[str]:
    yield from (f"{box.figure} {box.words}" for box in rows.summary(facts))
    yield from _listed("Permasalahan belum selesai", [_problem(facts, own) for own in _unsolved(facts)])
    yield from _listed("Laporan belum diterima", [_owed(facts, *own) for own in _missing(facts)])


def _reaches(facts: Weekly) -> str:
    """Which days it is about, where it is about days, and until when its data reach."""
    head = facts.header
    until = f"data s.d. {moment(head.cut_off, head.zone)}"
    return f"Periode {words.span(head)}, {until}" if facts.kind.of_days else f"D{until[1:]}"


def _unsolved(facts: Weekly) -> Sequence[Problem]:
    unsolved = (own for own in facts.problems if not own.resolved)
    return sorted(unsolved, key=_gravity)


def _gravity(own: Problem) -> tuple[int, bool, datetime, date, str]:
    """The gravest first, then by the deadline of their next step; those without one after them, the oldest first."""
    due_at = own.due_at or datetime.max.replace(tzinfo=UTC)
    return rows.RANK.index(own.severity), own.due_at is None, due_at, own.opened_on, own.code


def _missing(facts: Weekly) -> Sequence[tuple[District, Report]]:
    owed = ((district, report) for district, reports in facts.missing for report in reports)
    return sorted(owed, key=_deadline)


def _deadline(owed: tuple[District, Report]) -> tuple[datetime, str, str]:
    return owed[1].due_at, owed[0].code, owed[1].code


def _problem(facts: Weekly, own: Problem) -> str:
    title = own.title if len(own.title) <= LONGEST else f"{own.title[:LONGEST]}…"
    said = f"{own.code}, {SEVERITIES[own.severity]}, {rows.place(facts, own)}: {title}"
    due = f", langkah berikut {moment(own.due_at, facts.header.zone)}" if own.due_at else ""
    return f"{said} (sejak {day(own.opened_on)}, {words.STATUSES[own.status]}{due})"


def _owed(facts: Weekly, district: District, own: Report) -> str:
    return f"{own.code}, {rows.short(facts, district.name)}: {own.duty}, batas {moment(own.due_at, district.zone)}"


def _listed(head: str, items: Sequence[str]) -> Iterable[str]:
    if not items:
        return
    yield from ("", f"*{head}: {number(len(items))}*")
    yield from (f"{n}. {item}" for n, item in enumerate(items[:MOST], 1))
    if len(items) > MOST:
        yield f"… dan {number(len(items) - MOST)} lagi, semuanya dalam laporan."
