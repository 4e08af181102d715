"""What is learned of an election for the next policy: by stage what came late or never, and on whose side that was.

It counts no district and no person. Whose side it was is what every recap says (`rules.fairness`): a channel that did
not arrive is told apart from the rest of ours, and what is left on the team's side is told by what is known of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from rules import recap
from rules.calendar import Election
from rules.fairness import CAUSES, Cause
from rules.recap import Counts, Owed


class Side(StrEnum):
    """On whose side it was that a report came late or never."""

    OURS = "ours"
    CHANNEL = "channel"
    TEAM = "team"


class Reason(StrEnum):
    """Why a report came late or never, as far as rows say it."""

    LOST = "lost"
    STOPPED = "stopped"
    TOLD_LATE = "told_late"
    TOO_DEAR = "too_dear"
    NOT_REACHED = "not_reached"
    OWN = "own"
    MOVED = "moved"
    PROMISED = "promised"
    BY_HAND = "by_hand"
    CAME_LATE = "came_late"
    SILENT = "silent"

    @property
    def side(self) -> Side:
        ours = (Reason.LOST, Reason.STOPPED, Reason.TOLD_LATE, Reason.TOO_DEAR, Reason.OWN)
        return Side.OURS if self in ours else Side.CHANNEL if self is Reason.NOT_REACHED else Side.TEAM


SIDES = {
    Side.OURS: "di pihak kami",
    Side.CHANNEL: "saluran tidak sampai",
    Side.TEAM: "di pihak tim",
}
WORDS = {
    **{Reason(cause.value): words for cause, words in CAUSES.items() if cause is not Cause.TEAM},
    Reason.MOVED: "batas waktunya pernah berubah",
    Reason.PROMISED: "waktu tambahan diminta",
    Reason.BY_HAND: "masuk lewat telepon, pesan, atau lembar, sesudah batas waktu",
    Reason.CAME_LATE: "sudah diberi tahu, masuk sesudah batas waktu",
    Reason.SILENT: "sudah diberi tahu, tidak ada kabar",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the books know of a report: the stage it belongs to, whether its due time was moved, whether its office
    asked for time, and whether the secretariat took down what came.
    """

    stage: str
    moved: bool = False
    promised: bool = False
    by_hand: bool = False


def reason(row: Owed, known: Known) -> Reason:
    """Why a late or missing report was; of several on the team's side the first of the list."""
    if row.cause is not Cause.TEAM:
        return Reason(row.cause.value)
    came = row.received_at is not None
    told = {
        Reason.MOVED: known.moved,
        Reason.PROMISED: known.promised,
        Reason.BY_HAND: came and known.by_hand,
        Reason.CAME_LATE: came,
    }
    return next((own for own, holds in told.items() if holds), Reason.SILENT)


class Stage(NamedTuple):
    """What came of the reports of one stage. The reasons add up to what was late or missing."""

    code: str
    name: str
    counts: Counts
    reasons: Mapping[Reason, int]

    def on(self, side: Side) -> int:
        return sum(many for own, many in self.reasons.items() if own.side is side)


UNNAMED = "Di luar tahapan"


def learned(rows: Iterable[Owed], known: Mapping[str, Known], election: Election, *, now: datetime) -> list[Stage]:
    """By stage, in the order of the calendar; what belongs to none is last. A stage without any is left out.

    Args:
        rows: as a recap has them.
        known: by a report's natural key.
    """
    groups: dict[str, list[Owed]] = defaultdict(list)
    for row in rows:
        groups[known[row.key].stage].append(row)
    names = {stage.code: stage.name for stage in election.stages}
    codes = [*(code for code in names if code in groups), *sorted(groups.keys() - names.keys())]
    stages = (
        Stage(
            code,
            names.get(code, UNNAMED),
            recap.count(groups[code], now=now),
            Counter(reason(row, known[row.key]) for row in groups[code] if recap.late(row, now=now)),
        )
        for code in codes
    )
    return [own for own in stages if own.counts.due or own.counts.waived]
