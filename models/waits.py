"""What waits for the clock, asked in one statement: the answer to "is anything due?" must cost next to nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from models.base import table
from models.matters import OPEN, Matter
from models.messages import WAITING, Message
from models.notices import PLANNED, Notice
from models.obligations import Obligation
from models.submissions import Submission
from rules.filing import Standing

_UNCOMPILED = (
    select(func.min(Obligation.opens_at))
    .where(
        Obligation.duty.in_(bindparam("duties", expanding=True)),
        Obligation.standing != Standing.CANCELLED,
        ~select(Submission.id).where(Submission.obligation_id == Obligation.id).exists(),
    )
    .scalar_subquery()
)
_WAITS = select(
    select(func.min(table(Matter).c.next_at)).where(OPEN).scalar_subquery(),
    select(func.min(table(Notice).c.release_at)).where(PLANNED).scalar_subquery(),
    select(func.min(table(Message).c.due_at)).where(WAITING).scalar_subquery(),
    _UNCOMPILED,
)


class Waits(NamedTuple):
    """When each kind of thing next wants to be done; None: nothing of that kind waits."""

    matter: datetime | None
    notice: datetime | None
    message: datetime | None
    cut_off: datetime | None

    @property
    def first(self) -> datetime | None:
        """The earliest of them."""
        return min((at for at in self if at is not None), default=None)


def read(session: Session, own_duties: Sequence[str]) -> Waits:
    """What waits now. `own_duties` are the desk's own, which are compiled at their cut-off."""
    return Waits(*session.execute(_WAITS, {"duties": own_duties}).one())
