"""The board (papan): what whoever leads sees in ten seconds. What stands first on it, and how a report stands there.

Places keep the order of the desk's file. Only problems are put in an order: by how grave they are, never by whose.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rules import indonesian
from rules.fairness import CAUSES, Cause
from rules.filing import Content, Standing, Timeliness, timeliness
from rules.policy import Severity
from rules.situation import Cell, Shown, roll_up

GRAVEST = 10
"""So many problems are named on the board; the rest is counted, and one tap away."""


class Stand(StrEnum):
    """How a report that falls due today stands."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    AHEAD = "ahead"
    WAIVED = "waived"
    CANCELLED = "cancelled"


STANDS = {
    Stand.ON_TIME: "tepat waktu",
    Stand.LATE: "terlambat",
    Stand.MISSING: "belum masuk",
    Stand.AHEAD: "belum waktunya",
    Stand.WAIVED: "dibebaskan",
    Stand.CANCELLED: "dibatalkan",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One report on the board. `nil` and `troubled`: what it says; of a report that has not come, neither.

    `cause`: why it is late or missing; None: it is neither, or nobody asked.
    """

    stand: Stand
    nil: bool = False
    troubled: bool = False
    cause: Cause | None = None

    @property
    def ours(self) -> bool:
        """Whether it is late or missing for a reason of ours."""
        return self.cause is not None and self.cause.ours

    @property
    def words(self) -> str:
        """`tepat waktu, bermasalah`."""
        said = [word for word, true in (("nihil", self.nil), ("bermasalah", self.troubled)) if true]
        why = [CAUSES[self.cause]] if self.cause is not None and self.cause.ours else []
        return ", ".join([STANDS[self.stand], *why, *said])


def told(
    standing: Standing,
    content: Content | None,
    *,
    troubled: bool,
    due_at: datetime,
    received_at: datetime | None,
    extended_until: datetime | None,
    cause: Cause | None = None,
    now: datetime,
) -> Told:
    """How one report stands.

    Args:
        troubled: its newest version says of something that it is wrong.
        cause: why it is late or missing, if it is.
    """
    if standing in (Standing.WAIVED, Standing.CANCELLED):
        return Told(Stand(standing.value))
    judged = timeliness(standing, due_at, received_at, extended_until=extended_until, now=now)
    stand = _STANDS[judged] if judged else Stand.AHEAD
    came = standing is Standing.RECEIVED
    why = cause if stand in (Stand.LATE, Stand.MISSING) else None
    return Told(stand, nil=came and content is Content.NIL, troubled=came and troubled, cause=why)


_STANDS = {
    Timeliness.ON_TIME: Stand.ON_TIME,
    Timeliness.LATE: Stand.LATE,
    Timeliness.MISSING: Stand.MISSING,
}


@dataclass(frozen=True, slots=True)
class Open:
    """What decides where an open problem stands on the board.

    Args:
        due_at: when its next step is due; None: nobody said when.
        rests_until: until when somebody took it on or postponed it; None: nobody did.
    """

    severity: Severity
    opened_at: datetime
    due_at: datetime | None = None
    rests_until: datetime | None = None


def gravity(problem: Open, *, now: datetime) -> tuple[int, bool, bool, datetime]:
    """What open problems are sorted by: the grave first; of these, a step that is late; what nobody has taken on; the
    oldest.
    """
    late = problem.due_at is not None and problem.due_at < now
    held = problem.rests_until is not None and now < problem.rests_until
    return (-list(Severity).index(problem.severity), not late, held, problem.opened_at)


def tile(cells: Collection[Cell]) -> tuple[Shown, int]:
    """How one district looks on the map: the worst that is known of it now, and of how many groups it is known.

    What is wrong stays so. Where nothing is wrong, groups of which nothing recent is known do not hide what is; where
    there is no other, the district is stale or unseen.
    """
    known = [cell for cell in cells if cell.shown not in (Shown.STALE, Shown.UNSEEN)]
    return roll_up(known or cells).worst, len(known)


def counted(tolds: Iterable[Told]) -> dict[Stand, int]:
    """How many reports stand how; what was cancelled never existed."""
    counts: dict[Stand, int] = {}
    for one in tolds:
        if one.stand is not Stand.CANCELLED:
            counts[one.stand] = counts.get(one.stand, 0) + 1
    return counts


def today(tolds: Iterable[Told]) -> str:
    """`71 dari 85 laporan masuk; 3 terlambat; 4 belum masuk; 10 belum waktunya; 2 keterlambatan bukan karena tim.`"""
    tolds = list(tolds)
    counts = counted(tolds)
    if not counts:
        return "Hari ini tidak ada laporan yang jatuh tempo."
    came = counts.get(Stand.ON_TIME, 0) + counts.get(Stand.LATE, 0)
    words = [f"{indonesian.number(came)} dari {indonesian.number(sum(counts.values()))} laporan masuk"]
    words += [
        f"{indonesian.number(counts[stand])} {STANDS[stand]}"
        for stand in (Stand.LATE, Stand.MISSING, Stand.AHEAD, Stand.WAIVED)
        if counts.get(stand)
    ]
    if excused := sum(told.ours for told in tolds):
        words.append(f"{indonesian.number(excused)} keterlambatan bukan karena tim")
    return f"{'; '.join(words)}."
