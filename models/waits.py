"""What waits for the clock, asked in one statement: the answer to "is anything due?" must cost next to nothing."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import table
from models.matters import OPEN, Matter
from models.messages import WAITING, Message
from models.notices import PLANNED, Notice
from models.obligations import TO_COMPILE, Obligation

_WAITS = select(
    select(func.min(table(Matter).c.next_at)).where(OPEN).scalar_subquery(),
    select(func.min(table(Notice).c.release_at)).where(PLANNED).scalar_subquery(),
    select(func.min(table(Message).c.due_at)).where(WAITING).scalar_subquery(),
    select(func.min(table(Obligation).c.compile_at)).where(TO_COMPILE).scalar_subquery(),
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


def read(session: Session) -> Waits:
    """What waits now."""
    return Waits(*session.connection().execute(_WAITS).one())
