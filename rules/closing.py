"""What is still open when a programme is closed, and what a later reopening takes up again."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Left(StrEnum):
    """A kind of what is open. Closing ends all of them but IN_DOUBT: of those nobody knows what became."""

    OVERDUE = "overdue"
    AHEAD = "ahead"
    PROMISED = "promised"
    PROBLEMS = "problems"
    ADVICE = "advice"
    TRIPS = "trips"
    APPEALS = "appeals"
    SUBMISSIONS = "submissions"
    TASKS = "tasks"
    NOTICES = "notices"
    MESSAGES = "messages"
    IN_DOUBT = "in_doubt"
    WRITTEN = "written"
    DRAFTS = "drafts"


WORDS = {
    Left.OVERDUE: "laporan lewat batas dan masih ditunggu",
    Left.AHEAD: "laporan belum jatuh tempo",
    Left.PROMISED: "laporan dijanjikan",
    Left.PROBLEMS: "permasalahan belum selesai",
    Left.ADVICE: "saran, arahan, atau undangan belum selesai",
    Left.TRIPS: "kunjungan lapangan belum dilaporkan",
    Left.APPEALS: "permohonan dukungan belum dijawab",
    Left.SUBMISSIONS: "laporan kepada Pemerintah belum dikirim",
    Left.TASKS: "tugas sekretariat belum selesai",
    Left.NOTICES: "pemberitahuan menunggu dan tidak akan dikirim",
    Left.MESSAGES: "pesan sedang menuju penerima",
    Left.IN_DOUBT: "pesan mungkin sudah diterima, mungkin belum",
    Left.WRITTEN: "pesan masuk belum dibaca",
    Left.DRAFTS: "isian tersimpan dan belum dikirim",
}
"""What follows a number of each kind, as people read it."""


class Open(NamedTuple):
    """How many of a kind are open, and the codes by which people call them, where they have some."""

    kind: Left
    number: int
    codes: tuple[str, ...] = ()


def goes_on(*, ahead: bool, since: datetime, closes_after: datetime | None, now: datetime) -> bool:
    """Whether a reopened programme takes up what its closing ended.

    What fell due meanwhile was asked of nobody, so nobody is late with it: it stays ended. What was under way goes on.

    Args:
        ahead: it has a due time of its own (a report, a summary, a gate); else it is under way.
    """
    if ahead:
        return since > now
    return closes_after is None or closes_after > now
