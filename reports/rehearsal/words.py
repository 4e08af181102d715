"""Indonesian as the page writes it: dates, times with their zone, lengths, numbers, and the words for states."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from rules import costs
from rules.fairness import CAUSES
from rules.indonesian import MONTHS, day, period, weekday
from rules.issues import CATEGORIES, SEVERITIES

SHORT_MONTHS = (*(month[:3] for month in MONTHS[:7]), "Agu", "Sep", "Okt", "Nov", "Des")

CHANNELS = {"sms": "SMS", "email": "Surel", "whatsapp": "WhatsApp"}
SAYS = {
    "received": "tanda terima",
    "reminder": "pengingat",
    "due": "batas waktu tiba",
    "overdue": "belum kami terima",
    "warning": "pemberitahuan akhir",
    "nobody": "tanpa kontak",
    "escalation": "penerusan",
    "problem": "permasalahan",
}
AUDIENCES = {
    "reporter": "pelapor",
    "team": "tim wilayah",
    "coordinator": "koordinator",
    "secretary": "sekretaris desk",
    "chair": "ketua desk",
    "secretariat": "sekretariat",
}
STATES = {
    "planned": "menunggu saatnya",
    "dispatched": "dikirim",
    "sent": "dikirim",
    "merged": "digabung ke pesan lain",
    "moot": "tidak perlu lagi",
    "nobody": "tidak ada kontak",
    costs.TOO_DEAR: "tidak dikirim karena anggaran pesan terpakai",
    "pending": "belum terkirim",
    "sending": "sedang dikirim",
    "in_doubt": "belum pasti terkirim",
    "failed": "gagal dikirim",
    "cancelled": "dibatalkan sebelum terkirim",
}
OUTAGES = {
    "worker": "Sistem tidak berjalan",
    "sms": "Saluran SMS terganggu",
    "email": "Saluran surel terganggu",
    "whatsapp": "Saluran WhatsApp terganggu",
}
REASONS = {
    "no longer owed": "sudah tidak ditunggu",
    "a new round began": "putaran baru dimulai",
    "the due time has come": "batas waktu sudah tiba",
    "a later word about it was said": "kabar yang lebih baru sudah disampaikan",
    "acknowledged": "sudah ada yang menindaklanjuti",
    "owed again": "laporan ditunggu lagi",
    "taken back": "nihil ditarik kembali",
    "a later version came": "sudah ada versi yang lebih baru",
    "the programme is closed": "pemilihan sudah ditutup",
    "no usable contact": "tidak ada kontak yang dapat dipakai",
    "the contact is gone": "kontak sudah tidak ada",
    costs.TOO_DEAR: "anggaran pesan berbayar terpakai",
    "sms is above the budget": "anggaran SMS terpakai",
    "whatsapp is above the budget": "anggaran WhatsApp terpakai",
    "quiet hours": "ditahan selama jam istirahat pesan",
    "own quiet": "ditahan selama jam tenang kantor itu sendiri",
    "named hour": "ditahan sampai pukul yang sudah disampaikan kepada tim",
}

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: object) -> str:
    """Text that any HTML file may hold: control characters and halves of characters become a visible replacement."""
    text = "" if text is None else str(text)
    return text if text.isprintable() else _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def plain(text: object) -> str:
    """Text for a title or an attribute, where `<bdi>` cannot stand: without characters that turn the direction."""
    return " ".join(_DIRECTIONS.sub("", str(text)).split())


def link(path: str) -> str:
    """A path in the folder as a link that cannot lead out of it by a scheme."""
    return quote(clean(path).lstrip("/"))


def word(words: Mapping[Any, str], code: str) -> str:
    """What users call `code`; a code without a word is shown as it is."""
    return words.get(code, code)


def ended(state: str, why: str) -> str:
    """Which of `STATES` a decision ended in. What money held back has one of its own, which says why."""
    return costs.TOO_DEAR if state == "nobody" and why == costs.TOO_DEAR else state


def reason(text: str) -> str:
    """A reason of the system in the user's words, where we have them."""
    return next((words for start, words in REASONS.items() if text.startswith(start)), text)


def number(count: float) -> str:
    """12.345"""
    return f"{count:,.0f}".replace(",", ".")


def short_day(on: date) -> str:
    """5 Feb 2024"""
    return f"{on.day} {SHORT_MONTHS[on.month - 1]} {on.year}"


def span(first: date | None, last: date | None) -> str:
    """5 Februari 2024, or 5 s.d. 11 Februari 2024 with as little repeated as possible."""
    if first is None or last is None:
        return f"sejak {day(first)}" if first else f"sampai {day(last)}" if last else "belum ditetapkan"
    return period(first, last)


def brief_span(first: date | None, last: date | None) -> str:
    """5 Feb - 11 Mar 2024: for a narrow column."""
    if first is None or last is None or first == last:
        return short_day(first) if first else span(first, last)
    start = short_day(first) if first.year != last.year else short_day(first).rpartition(" ")[0]
    return f"{start} – {short_day(last)}"


def clock(at: datetime) -> str:
    """15.00 WITA, in the zone `at` is in."""
    return f"{at.hour:02}.{at.minute:02} {at.tzname()}"


def moment(at: datetime) -> str:
    """5/2 15.00 WITA, where the year is plain."""
    return f"{at.day}/{at.month} {at.hour:02}.{at.minute:02} {at.tzname()}"


def instant(at: datetime) -> str:
    """5 Feb 2024, 15.00 WITA"""
    return f"{short_day(at)}, {clock(at)}"


def length(of: timedelta) -> str:
    """2 hari 3 jam; the two largest units, seconds left out."""
    minutes = int(abs(of).total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{count} {unit}" for count, unit in ((days, "hari"), (hours, "jam"), (minutes, "menit")) if count]
    return " ".join(parts[:2]) or "kurang dari 1 menit"


def short_length(of: timedelta) -> str:
    """2hr, 4j, 35m: what fits into a small box."""
    minutes = int(abs(of).total_seconds() // 60)
    return f"{minutes // 1440}hr" if minutes >= 1440 else f"{minutes // 60}j" if minutes >= 60 else f"{minutes}m"


FILTERS: dict[str, Any] = {
    "cause": lambda code: word(CAUSES, code),
    "plain": plain, "number": number, "day": day, "short_day": short_day, "long_day": weekday, "clock": clock,
    "instant": instant, "moment": moment, "lasting": length, "brief": short_length, "reason": reason,
    "channel": lambda code: word(CHANNELS, code), "say": lambda code: word(SAYS, code),
    "audience": lambda code: word(AUDIENCES, code), "category": lambda code: word(CATEGORIES, code),
    "severity": lambda code: word(SEVERITIES, code), "state": lambda code: word(STATES, code), "ended": ended,
}  # fmt: skip
