"""The text for a team's chat group: which reports are owed, as plain text to copy. The same for everybody, without a
link.

A link files for its office, and in a group everybody would hold it. So the text gives the reports' numbers, and says
where each office finds its own link.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from rules import indonesian


@dataclass(frozen=True, slots=True)
class Owed:
    """One report that is waited for. `promised_until`: until when its office asked to wait."""

    area: str
    code: str
    duty: str
    period: tuple[date, date]
    due_at: datetime
    zone: str
    promised_until: datetime | None = None


def text(to: str, secretariat: str, owed: Iterable[Owed], *, zone: str, now: datetime, election: str = "") -> str:
    """The text for one group. Reports stand under their area, in the order they are given in.

    Args:
        to: whom it greets: `Tim DESK VIII`.
        secretariat: who is asked for help, with the numbers to call: `Desk.help`.
        election: which is meant, where the desk works on several.
        zone: of the group; due times are in the district's own.
    """
    by_area: dict[str, list[str]] = {}
    for report in owed:
        by_area.setdefault(report.area, []).append(_line(report))
    at = f"{indonesian.weekday(indonesian.local_date(now, zone))} pukul {indonesian.clock(now, zone)}"
    of = f" {election}" if election else ""
    if not by_area:
        return f"Yth. {to}\n\nPer {at} tidak ada laporan{of} yang kami nantikan. Terima kasih atas kerja samanya.\n"
    areas = "\n\n".join("\n".join([area, *lines]) for area, lines in by_area.items())
    return (
        f"Yth. {to}\n\nLaporan{of} yang kami nantikan per {at}:\n\n{areas}\n\n"
        f"Mohon dikirim melalui tautan pada pesan ke kantor masing-masing, atau disampaikan kepada {secretariat}."
        " Terima kasih atas kerja samanya.\n"
    )


def _line(report: Owed) -> str:
    due = f"{indonesian.day(indonesian.local_date(report.due_at, report.zone))} pukul"
    line = f"- {report.duty}, periode {indonesian.period(*report.period)} ({report.code}), batas waktu {due} "
    line += indonesian.clock(report.due_at, report.zone)
    if report.promised_until is not None:
        line += f", waktu diminta sampai {indonesian.moment(report.promised_until, report.zone)}"
    return line
