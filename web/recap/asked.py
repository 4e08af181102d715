"""What a recap is asked for, as its address says: of which election, which days, and by what it is split."""

from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request

from rules import access, levels, recap, typed
from rules.indonesian import local_date
from rules.programme import Programme
from rules.recap import Period, Span, Split
from rules.typed import Mistyped
from web import words
from web.books import Books
from web.chosen import row_id
from web.door.who import Who
from web.guards.refusals import Help, Refusal

SPLITS = {"kecamatan": Split.AREA, "tim": Split.TEAM, "jenis": Split.DUTY, "tingkat": Split.LEVEL}
NAMES = {"kecamatan": "Kecamatan", "tim": "Tim", "jenis": "Jenis laporan", "tingkat": "Tingkat"}
SPANS = {Span.DAY: "Hari ini", Span.WEEK: "Minggu ini", Span.MONTH: "Bulan ini", Span.ALL: "Sejak awal"}
BACKWARDS = "Hari terakhir mendahului hari pertama. Mohon ditukar."


class Asked(NamedTuple):
    """`areas` are all that the reader may see. `first` and `last` are what was typed, and `wrong` is what is wrong with
    it: then `period` is not what was asked for, and nothing is shown.
    """

    id: int
    programme: Programme
    areas: tuple[str, ...]
    period: Period
    by: str
    first: str
    last: str
    wrong: str = ""

    @property
    def split(self) -> Split:
        return SPLITS[self.by]

    @property
    def names(self) -> dict[str, str]:
        """What each split is called at this desk."""
        return NAMES | {"kecamatan": levels.heading(self.programme.desk.level)}

    def query(self, **changed: object) -> str:
        """The end of an address that asks for the same, with something changed or added."""
        own = {"program": self.id, "dari": self.period.first, "sampai": self.period.last, "menurut": self.by}
        return "?" + urlencode(own | changed)

    def spans(self, today: date) -> list[tuple[str, str, bool]]:
        """The named periods: name, address, and whether it is the one that is shown."""
        periods = {span: recap.spanned(span, today, self.programme.election.starts) for span in Span}
        return [
            (SPANS[span], self.query(dari=own.first, sampai=own.last), own == self.period)
            for span, own in periods.items()
        ]


def read(books: Books, request: Request, at: Who) -> Asked:
    """What the address asks for; this week by district where it says nothing.

    Raises:
        Refusal: the office sees no report of that election, or there is none.
    """
    query = request.query_params
    known = {id: areas for id, p in at.programmes.items() if (areas := access.seen(p.desk, at.code))}
    named = request.path_params.get("programme") or row_id(query.get("program", "")) or next(iter(known), 0)
    if named not in known:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    programme = at.programmes[named]
    today = local_date(at.now, programme.desk.zone)
    first, last = query.get("dari", "")[:40], query.get("sampai", "")[:40]
    usual = recap.spanned(Span.WEEK, today, programme.election.starts)
    period, wrong = _period(first, last, usual)
    by = query.get("menurut", "")
    if not wrong:
        first, last = period.first.isoformat(), period.last.isoformat()
    return Asked(named, programme, known[named], period, by if by in SPLITS else "kecamatan", first, last, wrong)


def _period(first: str, last: str, usual: Period) -> tuple[Period, str]:
    """The typed days; of one alone the other is the same. And what is wrong with them."""
    try:
        begin, end = typed.day(first), typed.day(last)
    except Mistyped as error:
        return usual, words.FAULTS[error.fault]
    if begin is None and end is None:
        return usual, ""
    period = Period(begin or end or usual.first, end or begin or usual.last)
    return (usual, BACKWARDS) if period.last < period.first else (period, "")
