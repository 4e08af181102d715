"""A report to the Government in at most ten lines: what an approver reads first."""

from collections.abc import Mapping

from reports.government import rows, words
from reports.government.facts import Weekly
from reports.government.figures import printed
from rules.government import Covers
from rules.indonesian import day, moment, number
from rules.issues import SEVERITIES


def first(facts: Weekly) -> tuple[str, ...]:
    """What its approver reads first: of a report about one problem that problem, else the figures."""
    return lines(facts) if facts.kind.covers is not Covers.PROBLEM else _alone(facts)


def _alone(facts: Weekly) -> tuple[str, ...]:
    """The one problem as the document has it; nothing of a restricted one."""
    head = facts.header
    until = f"Keadaan sampai dengan {moment(head.cut_off, head.zone)}."
    if not facts.problems:
        return (f"{head.subject}.", until)
    own = facts.problems[0]
    where = ", ".join(filter(None, (rows.place(facts, own), own.village, words.station(own.station))))
    return (
        f"{own.code}: {own.title}",
        f"Lokasi: {where}. Dicatat {day(own.opened_on)}.",
        f"Kategori: {words.category(own.category)}. Tingkat kerawanan: {SEVERITIES[own.severity]}.",
        f"Status: {words.STATUSES[own.status]}. Penanggung jawab: {own.office}.",
        f"Tindak lanjut yang dicatat: {number(len(own.follow_ups))}.",
        *((f"Hasil: {own.outcome}",) if own.outcome else ()),
        until,
    )


def lines(facts: Weekly) -> tuple[str, ...]:
    """Its figures in ten lines, each as the document prints it."""
    head, own = facts.header, {name: number(count) for name, count in printed(facts).items()}
    return (
        f"Periode {words.span(head)}.",
        f"Keadaan sampai dengan {moment(head.cut_off, head.zone)}.",
        f"Laporan yang wajib: {own['reports.owed']}, dari {own['districts']} {facts.header.unit}.",
        _received(own),
        f"Terlambat: {own['reports.late']}. Dikecualikan: {own['reports.waived']}.",
        _missing(facts, own),
        _problems(own),
        f"Sangat rawan dan belum selesai: {own['problems.grave']}.",
        f"Terbatas, tidak diuraikan dalam laporan: {own['problems.restricted']}.",
        f"Rekomendasi: {number(len(facts.recommendations))}.",
    )


def _missing(facts: Weekly, own: Mapping[str, str]) -> str:
    if not facts.total("missing"):
        return "Belum diterima: tidak ada."
    return f"Belum diterima: {own['reports.missing']} laporan, dari {own['districts.missing']} {facts.header.unit}."


def _received(own: Mapping[str, str]) -> str:
    kinds = f"diisi {own['reports.filled']}, sebagian {own['reports.partial']}, nihil {own['reports.nil']}"
    return f"Diterima: {own['reports.received']} ({kinds})."


def _problems(own: Mapping[str, str]) -> str:
    """All states, so that they add up."""
    states = ", ".join(f"{word} {own[f'problems.{status}']}" for status, word in words.STATUSES.items())
    return f"Permasalahan: {own['problems']} ({states})."
