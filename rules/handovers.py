"""What a row of a list of holders asks for: who holds which office from when, and how he is reached."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rules import typed
from rules.assignments import Assignment, Kind
from rules.desk import Channel
from rules.dispatch import day_start
from rules.typed import Fault, Mistyped

HEADINGS = {
    "kantor": "office",
    "nama": "name",
    "jenis": "kind",
    "sejak": "since",
    "sampai": "until",
    "hp": Channel.SMS,
    "whatsapp": Channel.WHATSAPP,
    "surel": Channel.EMAIL,
}
"""The columns of a list, in small letters, and what each holds."""
WANTED = ("kantor",)
CALLED = {
    **dict.fromkeys(("jabatan", "kode", "kode kantor", "office"), "kantor"),
    **dict.fromkeys(("name", "pejabat", "nama pejabat", "nama lengkap"), "nama"),
    **dict.fromkeys(("status", "kind", "jenis jabatan"), "jenis"),
    **dict.fromkeys(("mulai", "tmt", "since", "tanggal mulai", "sejak tanggal"), "sejak"),
    **dict.fromkeys(("hingga", "until", "berakhir", "s.d.", "sampai tanggal"), "sampai"),
    **dict.fromkeys(("telepon", "telp", "no hp", "nomor hp", "handphone", "ponsel", "phone", "sms"), "hp"),
    **dict.fromkeys(("wa", "no wa", "nomor wa", "nomor whatsapp"), "whatsapp"),
    **dict.fromkeys(("email", "e-mail", "mail", "alamat email", "alamat surel"), "surel"),
}
"""Other names that people give to columns, and our heading for each."""

NAME = 120
MOMENT = timedelta(microseconds=1)
"""A term ends at the first moment of a day; this much earlier is its last day."""
NONE = "-"
"""Written instead of an address: by this channel no more."""

KINDS = {
    Kind.DEFINITIVE: "definitif",
    Kind.PJ: "Pj.",
    Kind.PLT: "Plt.",
    Kind.PLH: "Plh.",
}
_WORDS = {name.lower().rstrip("."): kind for kind, name in KINDS.items()} | {kind.value: kind for kind in Kind}


def kind(text: str) -> Kind:
    """The kind as typed; blank means definitive. Raises: Mistyped: it is none of the four."""
    word = text.strip().lower().rstrip(".")
    if word and word not in _WORDS:
        raise Mistyped(Fault.NO_CHOICE)
    return _WORDS[word] if word else Kind.DEFINITIVE


def holder(fields: Mapping[str, str], zone: str, *, now: datetime) -> Assignment | None:
    """Who is to hold an office, from `name`, `kind`, `since`, `until` as typed; None without a name.

    Days are local to the office: from the first moment of `since` (today if blank) to the last moment of `until`.

    Raises:
        Mistyped: an unknown kind, an impossible day, a last day before the first, or a name longer than a line.
    """
    name = " ".join(typed.words(fields.get("name", ""), NAME).split())
    if not name:
        return None
    since = typed.first_moment(fields.get("since", ""), zone) or day_start(now, zone)
    until = typed.last_moment(fields.get("until", ""), zone)
    if until is not None and until <= since:
        raise Mistyped(Fault.NO_DAY)
    return Assignment(name, kind(fields.get("kind", "")), since, until)


class Does(StrEnum):
    """What a row of a list does."""

    SAME = "same"
    BEGINS = "begins"
    REACHES = "reaches"
    REFUSED = "refused"


class Why(StrEnum):
    """Why a row is refused."""

    UNKNOWN = "unknown"
    TWICE = "twice"
    MISTYPED = "mistyped"
    NO_ADDRESS = "no_address"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a row is refused.

    `column`: of an address; `fault`: of what else was typed; `told`: of an address, the kind of its fault and that
    fault in words.
    """

    why: Why
    column: str = ""
    fault: Fault | None = None
    told: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Line:
    """What one row of a list does.

    `before`: who holds the office now, empty if nobody does; `holder`: who is to hold it; `new`: the addresses that
    change, an empty one is dropped; `kept`: those that stay.
    """

    row: int
    office: str
    does: Does
    before: str = ""
    holder: Assignment | None = None
    new: Mapping[Channel, str] = field(default_factory=dict)
    kept: Mapping[Channel, str] = field(default_factory=dict)
    refused: Refused | None = None


def summary(lines: Iterable[Line]) -> str:
    """Names what rows do, so that nothing else is done than what was shown."""
    told = json.dumps([asdict(line) for line in lines], default=str, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()
