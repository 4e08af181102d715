"""How a report to the Government leaves: to whom, with which documents, by which way, and when it counts as sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rules.filing import NotTaken
from rules.submissions import CORRECTABLE, State

MOST = 7_000_000
"""Bytes of documents in one mail. A mail is a third larger, and many servers take no more than 10 MB."""

RESTRICTED = "terbatas"
"""How the name of a form begins that holds what is restricted: it never goes to those who get a copy."""

SENDABLE = frozenset({State.APPROVED, State.HANDED_OUT, State.SENT, State.RECEIVED})
"""States in which a version may leave. What was sent may be sent once more, to whoever says that it did not come."""


WITHHELD = "Laporan ini menyebut permasalahan yang sekarang terbatas, sehingga tidak dapat disetujui atau dikirim."
REMEDIES = {
    False: "Susun ulang laporannya: versi baru tidak menyebutnya lagi.",
    True: "Buat ralat: versi baru tidak menyebutnya lagi.",
}
"""How a version is mended that names what is restricted, by whether somebody outside may have it."""


class By(StrEnum):
    """The way a version leaves: as a mail of ours, or handed out and sent through Srikandi or on paper."""

    MAIL = "mail"
    HAND = "hand"


class NotSent(NotTaken):
    """A report cannot leave so; the message says why and how to mend it, for pages and for the command line."""


def kept(copy: str) -> bool:
    """Whether a line under the tembusan names nobody, but the sender's own file."""
    return copy.strip(" ;.").lower() == "arsip"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is written down of a report that was handed out, or of one that its receiver entered in his books.

    Args:
        number: of the letter; empty: none was given.
        on: its date, or the day it was handed over.
        agenda: under which number the receiver entered it; empty: not known yet.
        by: who handed it over.
    """

    number: str
    on: date
    agenda: str
    by: str

    @property
    def received(self) -> bool:
        """Whether the receiver has it in his books."""
        return bool(self.agenda)


def check_leaves(state: State, *, version: int, last: int) -> None:
    """Raises: NotSent: this version may not leave."""
    if version < last:
        raise NotSent(f"Versi {version} sudah digantikan versi {last}. Yang dikirim hanya versi terakhir.")
    if state not in SENDABLE:
        raise NotSent("Laporan ini belum disetujui, sehingga belum dapat dikirim.")


def check_withheld(state: State, *, withheld: bool) -> None:
    """Raises: NotSent: a version names what is restricted by now; how it is mended depends on how far it came."""
    if withheld:
        raise NotSent(f"{WITHHELD} {REMEDIES[state in CORRECTABLE]}")


def for_copy(forms: Sequence[str]) -> list[str]:
    """The forms that those who get a copy are sent: nothing that is restricted."""
    return [form for form in forms if not form.startswith(RESTRICTED)]


def check_size(sizes: Mapping[str, int], *, most: int = MOST) -> None:
    """Raises: NotSent: these documents, by name, are more than one mail carries."""
    if sum(sizes.values()) > most:
        each = ", ".join(f"{name} {_megabytes(size)}" for name, size in sizes.items())
        raise NotSent(
            f"Berkas terlalu besar untuk satu surel ({each}; paling banyak {_megabytes(most)})."
            " Kirim lebih sedikit berkas, atau serahkan melalui Srikandi."
        )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB".replace(".", ",", 1)


def check_recorded(recorded: Recorded, *, today: date, since: datetime) -> None:
    """Raises: NotSent: what was typed cannot be so."""
    if recorded.on > today:
        raise NotSent("Tanggalnya belum tiba.")
    if recorded.on < since.date():
        raise NotSent("Tanggalnya lebih awal daripada laporannya.")


def follows(state: State, *, received: bool) -> State:
    """Where a version stands once it left, or was entered by its receiver. It never goes back."""
    return State.RECEIVED if received or state is State.RECEIVED else State.SENT
