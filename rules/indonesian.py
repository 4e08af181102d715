"""Numbers, dates and times as Indonesian letters write them: 234.988, 85,3%, 15 Februari 2024, 15.00 WITA.

Own tables, not a locale library: a stored report must be rebuilt byte for byte, whatever locale data is installed.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
_LARGE_CITIES = ("21", "22", "24", "31", "61")
"""Area codes of two digits; all others have three."""
SMALL = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")


def number(value: int) -> str:
    """Dots between the thousands: 234.988."""
    return f"{value:,}".replace(",", ".")


def count(value: int) -> str:
    """A number that stands by itself: zero is `nihil`. Inside a sentence it is `of_them`."""
    return number(value) if value else "nihil"


def of_them(value: int, what: str) -> str:
    """How many of some are so, inside a sentence: `3 selesai`; of none `tidak ada yang selesai`."""
    return f"{number(value)} {what}" if value else f"tidak ada yang {what}"


def percent(part: int, whole: int) -> str:
    """One decimal after a comma, halves up: 85,3%; 100% and 0% only when it is exactly that; "" of nothing."""
    if not whole:
        return ""
    share = (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    if part not in (0, whole):
        share = min(max(share, Decimal("0.1")), Decimal("99.9"))
    return f"{share.normalize() if part in (0, whole) else share:f}%".replace(".", ",")


def spelled(value: int) -> str:
    """A small count in figures and words, as letters give their annexes: `2 (dua)`."""
    return f"{value} ({SMALL[value]})" if value < len(SMALL) else number(value)


def day(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def weekday(on: date) -> str:
    """With the name of the day: `Kamis, 15 Februari 2024`."""
    return f"{DAYS[on.weekday()]}, {day(on)}"


def period(first: date, last: date) -> str:
    """`5 s.d. 11 Februari 2024`: month and year are said once where they are the same."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} s.d. {day(last)}"
    begin = f"{first.day}" if first.month == last.month else f"{first.day} {MONTHS[first.month - 1]}"
    return f"{begin} s.d. {day(last)}"


@lru_cache(maxsize=1000)  # a burst says the same few times over and over
def clock(at: datetime, zone: str) -> str:
    """The local time of an instant with its zone: `15.00 WITA`; outside Indonesia's zones `15.00 UTC+10`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%H.%M} {ZONES.get(zone) or _offset(local)}"


def moment(at: datetime, zone: str) -> str:
    """`12 Februari 2024 pukul 20.00 WITA`."""
    return f"{day(local_date(at, zone))} pukul {clock(at, zone)}"


def stretch(began_at: datetime, ended_at: datetime, zone: str) -> str:
    """`12 Februari 2024 pukul 12.00-15.40 WITA`; where it goes over midnight both ends are whole."""
    on = local_date(began_at, zone)
    if on != local_date(ended_at, zone):
        return f"{moment(began_at, zone)} s.d. {moment(ended_at, zone)}"
    return f"{day(on)} pukul {local(began_at, zone):%H.%M}-{clock(ended_at, zone)}"


def local(at: datetime, zone: str) -> datetime:
    """The same instant as clocks in a zone show it."""
    return at.astimezone(ZoneInfo(zone))


@lru_cache(maxsize=1000)
def local_date(at: datetime, zone: str) -> date:
    """The calendar day of an instant in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def age(since: datetime, now: datetime) -> str:
    """How long ago it was, in the largest whole unit: `3 hari`, `5 jam`, `20 menit`, `baru saja`."""
    minutes = int((now - since).total_seconds() // 60)
    for unit, length in (("hari", 1440), ("jam", 60), ("menit", 1)):
        if minutes >= length:
            return f"{minutes // length} {unit}"
    return "baru saja"


def telephone(number: str) -> str:
    """A number in E.164 as it is dialled and read out here: `0812-3456-7890`, `(0511) 4799123`, `1500046`."""
    home = number.removeprefix("+62")
    if home == number:
        return number
    if home.startswith("8"):
        return "-".join(filter(None, (f"0{home[:3]}", home[3:7], home[7:])))
    if home.startswith("1"):
        return home
    area = 2 if home[:2] in _LARGE_CITIES else 3
    return f"(0{home[:area]}) {home[area:]}"


def listed(words: Sequence[str], last: str = "dan") -> str:
    """`a`, `a dan b`, `a, b, dan c`; with `last` before the last one."""
    return f" {last} ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])}, {last} {words[-1]}"


def reached(who: str, phone: str | None, whatsapp: str | None) -> str:
    """Whom to ask, with the numbers there are: `Sekretariat Desk, telepon (0511) 4799123 atau WhatsApp 0812-...`."""
    if phone == whatsapp:
        ways = [f"telepon/WhatsApp {telephone(phone)}"] if phone else []
    else:
        ways = [f"{how} {telephone(number)}" for how, number in (("telepon", phone), ("WhatsApp", whatsapp)) if number]
    return ", ".join(filter(None, (who, " atau ".join(ways))))


def _offset(local: datetime) -> str:
    name = f"{local:%z}"
    return f"UTC{name[0]}{int(name[1:3])}" + (f".{name[3:5]}" if name[3:5] != "00" else "")
