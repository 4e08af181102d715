"""What came after a report was frozen, and the correction (ralat) that tells it: as facts, and in words."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rules.indonesian import moment, period


class What(StrEnum):
    """What came, or was done about something that the report names."""

    RECEIVED = "received"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    WAIVED = "waived"
    EXTENDED = "extended"
    REVOKED = "revoked"
    RECORDED = "recorded"
    FOLLOWED_UP = "followed_up"
    GRADED = "graded"
    HANDED_ON = "handed_on"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    MERGED = "merged"


WORDS = {
    What.RECEIVED: "laporan diterima",
    What.CORRECTED: "ralat laporan diterima",
    What.WITHDRAWN: "laporan ditarik kembali",
    What.WAIVED: "laporan dibebaskan",
    What.EXTENDED: "batas waktu laporan diperpanjang",
    What.REVOKED: "perpanjangan atau pembebasan laporan dicabut",
    What.RECORDED: "permasalahan baru dicatat",
    What.FOLLOWED_UP: "permasalahan ditindaklanjuti",
    What.GRADED: "tingkat kerawanan permasalahan diubah",
    What.HANDED_ON: "permasalahan dialihkan",
    What.RESOLVED: "permasalahan dinyatakan selesai",
    What.REOPENED: "permasalahan dibuka kembali",
    What.MERGED: "permasalahan digabungkan dengan permasalahan lain",
}


@dataclass(frozen=True, slots=True)
class Later:
    """One thing that came after the freeze, about a report or problem by its number. `place`: as it is read."""

    what: What
    code: str
    place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of figures, as the version before said it, and as it is now."""

    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a version corrects the one before it, known until `cut_off`, and what changed since."""

    version: int
    cut_off: datetime
    reason: str
    later: tuple[Later, ...] = ()
    figures: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction that left before this report: `version` of the report about these days, and when it left."""

    name: str
    version: int
    period_start: date
    period_end: date
    left_at: datetime
    reason: str


def sentence(own: Later, zone: str) -> str:
    """`R-0012, Kecamatan Tamban: laporan diterima 14 Februari 2024 pukul 09.10 WITA.`"""
    return f"{own.code}, {own.place}: {WORDS[own.what]} {moment(own.at, zone)}."


def opening(own: Correction, number: int, zone: str) -> str:
    """What is corrected, and why. `number`: the how-manyth correction it is."""
    reason = own.reason.rstrip(" .")
    return (
        f"Laporan ini adalah ralat ke-{number} dan menggantikan versi sebelumnya, yang memuat keadaan sampai "
        f"dengan {moment(own.cut_off, zone)}. Alasan: {reason}."
    )


def named(own: Corrected, zone: str) -> str:
    """What the next report says of a correction that left."""
    days, reason = period(own.period_start, own.period_end), own.reason.rstrip(" .")
    return (
        f"{own.name} periode {days} telah diralat (ralat ke-{own.version - 1}, dikirim "
        f"{moment(own.left_at, zone)}). Alasan: {reason}."
    )
