"""What a signed package of a report of the level below says, and when it is believed."""

import hashlib
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

LARGEST = 20_000_000
"""Bytes of a package."""
MANIFEST, FACTS = 64_000, 12_000_000
DOCUMENTS = 12
FORMAT = "desk-paket/1"

_LONGEST = {"election": 60, "area": 20, "desk": 200, "kind": 48, "slot": 20}
_LONGEST_FORM = 20
_HEX = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


class Flaw(StrEnum):
    """Why a package is refused; pages word it."""

    TOO_LARGE = "too_large"
    NO_PACKAGE = "no_package"
    CHANGED = "changed"
    NEWER = "newer"
    OTHER_KEY = "other_key"
    NEW_KEY = "new_key"
    NOT_OURS = "not_ours"
    NOT_TAKEN = "not_taken"
    UNFITTING = "unfitting"
    OTHER = "other"
    GONE = "gone"


REMEDIES = {
    Flaw.TOO_LARGE: f"is larger than {LARGEST} bytes, or holds more than a package may",
    Flaw.NO_PACKAGE: "is no package of a report: send the file as it was saved, not unpacked and not packed again",
    Flaw.CHANGED: "was changed after it was signed: ask for it again",
    Flaw.NEWER: "was made by a newer version of this program: take that version here first",
    Flaw.OTHER_KEY: "is signed with another key than this area's: compare keys by telephone, then trust the new one",
    Flaw.NEW_KEY: "is signed with a key that nobody has compared yet: compare it by telephone, then trust it",
    Flaw.NOT_OURS: "is of an area, or of an election, that no desk here takes reports of",
    Flaw.NOT_TAKEN: "is of a kind of report that is not taken here",
    Flaw.UNFITTING: "does not agree with itself: what is outside says another report, period or version than the facts",
    Flaw.OTHER: "is a version that came before with other facts: a correction is a version of its own",
    Flaw.GONE: "is not here any more: choose the file again",
}


WORDS = {
    Flaw.TOO_LARGE: "Berkas lebih besar daripada paket yang diterima (20 MB).",
    Flaw.NO_PACKAGE: "Berkas ini bukan paket laporan. Mohon dikirim seperti waktu disimpan, tidak dikemas ulang.",
    Flaw.CHANGED: "Isi paket berubah setelah ditandatangani. Mohon minta paketnya sekali lagi.",
    Flaw.NEWER: "Paket dibuat oleh versi program yang lebih baru. Mohon hubungi pengelola sistem.",
    Flaw.OTHER_KEY: "Kunci paket ini berbeda dengan kunci yang tercatat untuk daerah tersebut.",
    Flaw.NEW_KEY: "Kunci paket ini belum dicocokkan.",
    Flaw.NOT_OURS: "Paket ini bukan dari daerah di bawah desk ini, atau untuk pemilihan lain.",
    Flaw.NOT_TAKEN: "Jenis laporan dalam paket ini tidak ditunggu di sini.",
    Flaw.UNFITTING: "Keterangan paket tidak cocok dengan isinya (laporan, periode, atau versi).",
    Flaw.OTHER: "Versi ini sudah pernah diterima dengan isi lain. Perbaikan laporan harus menjadi versi baru (ralat).",
    Flaw.GONE: "Berkas tidak tersimpan lagi. Mohon dipilih sekali lagi.",
}
"""The same for the secretariat of the desk above."""


class BadPackage(ValueError):
    """A package of which nothing counts; the message says why, for the command line."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(REMEDIES[flaw])
        self.flaw = flaw


class Enclosed(NamedTuple):
    """A document in a package."""

    name: str
    form: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says of itself; this text is what is signed. Digests are SHA-256, of the files that lie beside it.

    `desk`: how the desk calls itself; `approved` empty: there was no approval. `key`: whose signature it bears.
    """

    election: str
    area: str
    desk: str
    kind: str
    slot: str
    version: int
    facts: str
    approved: str
    documents: tuple[Enclosed, ...]
    key: str

    def to_json(self) -> str:
        """One line; equal manifests are equal text."""
        own = {name: getattr(self, name) for name in self.__slots__}
        own["documents"] = [document._asdict() for document in self.documents]
        return json.dumps({"format": FORMAT, **own}, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """What `to_json` wrote. Raises: BadPackage: it is none, or of a later format."""
        try:
            own = json.loads(text)
            if own.pop("format") != FORMAT:
                raise BadPackage(Flaw.NEWER)
            documents = tuple(Enclosed(**one) for one in own.pop("documents"))
            manifest = cls(**own, documents=documents)
        except BadPackage:
            raise
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise BadPackage(Flaw.NO_PACKAGE) from error
        if not manifest.sound or manifest.to_json().encode() != text:
            raise BadPackage(Flaw.NO_PACKAGE)
        return manifest

    @property
    def sound(self) -> bool:
        """Whether everything in it is of the kind and size that it has to be."""
        own: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        if not all(isinstance(own[name], str) and 0 < len(own[name]) <= longest for name, longest in _LONGEST.items()):
            return False
        digests = (own["facts"], own["key"], own["approved"] or own["facts"])
        names = [document.name for document in self.documents]
        whole = all(map(_whole, self.documents)) and len(set(names)) == len(names) <= DOCUMENTS
        return whole and all(map(_hex, digests)) and _counts(own["version"], 1000)


def _whole(document: Any) -> bool:
    named = isinstance(document.name, str) and _NAME.fullmatch(document.name) is not None
    formed = isinstance(document.form, str) and 0 < len(document.form) <= _LONGEST_FORM
    return named and formed and _hex(document.digest) and _counts(document.size, LARGEST)


def _counts(number: Any, most: int) -> bool:
    return type(number) is int and 0 < number < most


def _hex(text: object) -> bool:
    return isinstance(text, str) and _HEX.fullmatch(text) is not None


def believed(key: str, *, written: str | None, trusted: str | None) -> Flaw | None:
    """Why a package with this key is not believed; None: it is.

    Args:
        written: the key in the desk's own file, which alone counts where there is one.
        trusted: the key that somebody at this desk has compared.
    """
    known = written or trusted
    if known is None:
        return Flaw.NEW_KEY
    return None if known == key else Flaw.OTHER_KEY


def spoken(key: str) -> str:
    """A key short enough to be compared by telephone: eight groups of four."""
    short = hashlib.sha256(bytes.fromhex(key)).hexdigest()
    return " ".join(short[n : n + 4] for n in range(0, 32, 4))
