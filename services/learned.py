"""What is learned of an election for the next policy, from the rows that every recap counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

import rules.learned
from models.desk import programmes
from models.matters import learning
from rules.indonesian import local_date, number
from rules.learned import SIDES, WORDS, Reason, Side, Stage
from rules.programme import Programme
from rules.recap import Period
from services import recap

_COUNTS = {
    "due": "Diminta",
    "on_time": "Tepat waktu",
    "late": "Lewat batas waktu",
    "missing": "Tidak masuk",
    "waived": "Dibebaskan",
}
HEADINGS = (
    "Tahapan",
    *_COUNTS.values(),
    *(words[0].upper() + words[1:] for words in (*SIDES.values(), *(WORDS[reason] for reason in Reason))),
)
"""The columns of the sheet: counts, then whose side, then why; the last two add up to late and missing each."""


def gather(session: Session, programme_id: int, programme: Programme, *, until: datetime) -> list[Stage]:
    """By stage, all that was asked up to `until`, as it stood then."""
    days = Period(programme.election.starts, local_date(until, programme.desk.zone))
    rows = recap.rows(session, programme_id, programme, days, now=until)
    return rules.learned.learned(rows, learning.known(session, programme_id), programme.election, now=until)


def so_far(session: Session, programme_id: int, programme: Programme, *, now: datetime) -> list[Stage]:
    """By stage, all that was asked until now; of a closed election as it stood when it was closed."""
    return gather(session, programme_id, programme, until=programmes.closed_at(session, programme_id) or now)


def row(stage: Stage) -> Sequence[str]:
    """A stage as a line of the sheet."""
    counts = (stage.counts.of(name) for name in _COUNTS)
    sides, reasons = (stage.on(side) for side in Side), (stage.reasons.get(reason, 0) for reason in Reason)
    return (stage.name, *map(number, (*counts, *sides, *reasons)))
