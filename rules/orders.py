"""What secretariat and secretary order on a page, and the clock does with the code of the commands."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules import subjects
from rules.indonesian import number


class Act(StrEnum):
    """PREVIEW: what a release would do. TRIAL: what a changed file would do. SURVEY: what is open in an
    election that is to be closed. LOOK: what a second person confirms of a retry, an erasure or a raise. RAISE: more
    money for messages. REHEARSE: an election played through its calendar. The others do it.
    """

    PREVIEW = "preview"
    RELEASE = "release"
    TRIAL = "trial"
    AMEND = "amend"
    RETRY = "retry"
    CANCEL = "cancel"
    SURVEY = "survey"
    CLOSE = "close"
    ERASE = "erase"
    LOOK = "look"
    RAISE = "raise"
    REHEARSE = "rehearse"


WORDS = {
    Act.PREVIEW: "Melihat akibat pelepasan",
    Act.RELEASE: "Melepas pengiriman",
    Act.TRIAL: "Memeriksa berkas yang diubah",
    Act.AMEND: "Memberlakukan berkas yang diubah",
    Act.RETRY: "Mencoba pesan sekali lagi",
    Act.CANCEL: "Membatalkan pesan",
    Act.SURVEY: "Melihat apa yang masih terbuka",
    Act.CLOSE: "Menutup pemilihan",
    Act.ERASE: "Menghapus data pribadi",
    Act.LOOK: "Melihat akibatnya sekarang",
    Act.RAISE: "Menambah anggaran pesan",
    Act.REHEARSE: "Geladi",
}
"""How people call what was ordered."""

THINGS = {
    Act.RELEASE: "pesan",
    Act.AMEND: "laporan atau jabatan",
    Act.RETRY: "pesan",
    Act.ERASE: "data dan pesan",
    Act.RAISE: "rupiah",
}
"""What is counted of what reaches many."""


def reached(act: Act, many: int, takes: Sequence[int] = ()) -> str:
    """What an order reaches: `21 laporan atau jabatan`; of an erasure what it `takes` out, kind by kind."""
    return subjects.erased(*takes) if takes else f"{number(many)} {THINGS[act]}"


class Span(StrEnum):
    """Which days are rehearsed: those around voting day, or all of the calendar. AHEAD: the next days of the books as
    they stand, under the files in force and a changed one.
    """

    VOTING = "voting"
    ALL = "all"
    AHEAD = "ahead"


AROUND = timedelta(days=8)
"""So many days before voting day and after it are around it."""

LOOKED = {
    Act.RELEASE: Act.PREVIEW,
    Act.AMEND: Act.TRIAL,
    Act.CLOSE: Act.SURVEY,
    Act.RETRY: Act.LOOK,
    Act.ERASE: Act.LOOK,
    Act.RAISE: Act.LOOK,
}
"""What somebody must have looked at before he orders or confirms it."""
FOLLOWS = {looked: act for act, looked in LOOKED.items()}
"""What may be ordered once somebody has looked."""

REACHES = (Act.RELEASE, Act.AMEND, Act.RETRY, Act.ERASE, Act.RAISE)
"""What waits for a second person where it reaches many (`rules.two_people`)."""

ALSO_OPEN = "also_open"
"""Under what an order of an amendment keeps that cases which have begun take the changed ladders too."""

COUNTS = timedelta(hours=1)
"""So long what he looked at counts, and the file that he sent in is kept."""

MOST = 5
"""So many orders of a desk may wait: each takes the clock's time. A rehearsal takes none, and is one at a time."""

NEWEST, PAGES_LAST = 3, timedelta(days=30)
"""So many rehearsals of a desk have pages to look at, and each for so long."""

CHANGED = "how things stand has changed since it was looked at: look at it again"
TOO_MANY = f"{MOST} orders wait for a second person already"
"""Why an order is not done, where people can do something about it themselves."""

REASON = 300
"""Most characters of a reason."""


def reaches_others(act: Act, desk: str, live: Iterable[str]) -> bool:
    """Whether an order would send messages of desks that did not ask for it. Stopping them is always allowed."""
    return act in (Act.PREVIEW, Act.RELEASE) and any(own != desk for own in live)


def counts(act: Act, looked: Act, done_at: datetime | None, refused: bool, *, now: datetime) -> bool:
    """Whether what somebody looked at is what he must have looked at, went well, and is not too old.

    Whoever rehearses a changed file must have tried it.
    """
    needed = Act.TRIAL if act is Act.REHEARSE else LOOKED.get(act)
    return needed is looked and not refused and done_at is not None and now - done_at < COUNTS


def days(span: Span, voting_day: date | None) -> tuple[date | None, date | None]:
    """The first and the last day of a rehearsal; None: those of the calendar, also where it has no voting day."""
    if span is Span.ALL or voting_day is None:
        return None, None
    return voting_day - AROUND, voting_day + AROUND
