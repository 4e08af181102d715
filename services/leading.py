"""What waits for a decision of whoever leads the desk: the same on his page, on the board and in his evening mail."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.matters import advice, leading
from models.matters.advice import Given
from models.matters.leading import Climbed
from models.matters.matters import Matter
from rules.advice import Stage
from rules.policy import Severity

RECENT = timedelta(days=14)


class Waiting(NamedTuple):
    """What waits for a decision of whoever leads. `given` is all that he gave lately; of it, `to_close` is done.

    `to_approve`: reports to the Government that he is to approve.
    """

    problems: list[Climbed]
    reports: list[Climbed]
    own: list[Given]
    given: list[Given]
    to_approve: list[Matter]

    @property
    def to_close(self) -> list[Given]:
        return [one for one in self.given if one.stage is Stage.DONE]

    @property
    def total(self) -> int:
        kinds = (self.problems, self.reports, self.own, self.to_close, self.to_approve)
        return sum(len(own) for own in kinds)


def waiting(session: Session, programmes: Collection[int], office_id: int, *, now: datetime) -> Waiting:
    """What waits now, the gravest problems first."""
    climbed = leading.climbed(session, programmes, office_id, now=now)
    return Waiting(
        sorted((own for own in climbed if own.issue), key=_gravest),
        [own for own in climbed if own.obligation],
        advice.waiting(session, programmes, office_id),
        advice.given_by(session, programmes, office_id, since=now - RECENT),
        leading.to_approve(session, programmes, office_id),
    )


def _gravest(one: Climbed) -> tuple[int, float]:
    assert one.issue is not None
    return -list(Severity).index(one.issue.severity), one.issue.opened_at.timestamp()
