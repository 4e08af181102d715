"""What became of one message that somebody asked to be tried once more, or taken back."""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from rules.indonesian import number


class Became(StrEnum):
    """AGAIN and WAITS: it leaves. TAKEN_BACK: it does not; POSSIBLY_OUT: but an earlier try may have arrived.

    SOON: it is in doubt, and ruled on by itself. PASSED: it changed at this very moment.
    """

    AGAIN = "again"
    WAITS = "waits"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"
    SOON = "soon"
    IN_DOUBT = "in_doubt"
    NOT_OWED = "not_owed"
    PASSED = "passed"
    TAKEN_BACK = "taken_back"
    POSSIBLY_OUT = "possibly_out"
    UNKNOWN = "unknown"


WORDS: dict[str, str] = {
    Became.AGAIN: "akan dicoba sekali lagi",
    Became.WAITS: "sudah menunggu percobaan berikutnya",
    Became.SENDING: "sedang dikirim sekarang",
    Became.SENT: "sudah diserahkan untuk dikirim",
    Became.CANCELLED: "sudah dibatalkan",
    Became.FAILED: "gagal, dan tidak dicoba lagi dengan sendirinya",
    Became.SOON: "mungkin sudah diterima; segera dipastikan sendiri",
    Became.IN_DOUBT: "mungkin sudah diterima",
    Became.NOT_OWED: "isinya tidak diperlukan lagi",
    Became.PASSED: "keadaannya baru saja berubah",
    Became.TAKEN_BACK: "dibatalkan",
    Became.POSSIBLY_OUT: "dibatalkan, tetapi percobaan sebelumnya mungkin sudah diterima",
    Became.UNKNOWN: "pesannya tidak ditemukan",
}
"""How people call it; of what was not done, why not."""


def summed(answers: Iterable[tuple[bool, str]]) -> list[str]:
    """`3 pesan akan dicoba sekali lagi`, `2 pesan tidak: sudah diserahkan untuk dikirim`; what was done comes first.

    Args:
        answers: of each message whether it was done, and what became of it. Orders of 0.6.0 have other words there.
    """
    counts = Counter((done, WORDS.get(became, "")) for done, became in answers)
    told = sorted(counts.items(), key=lambda own: not own[0][0])
    return [f"{number(many)} pesan {_said(done, words)}" for (done, words), many in told]


def _said(done: bool, words: str) -> str:
    if done:
        return words or "dilakukan"
    return f"tidak: {words}" if words else "tidak dilakukan"
