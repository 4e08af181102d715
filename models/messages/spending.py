"""What messages have cost so far, by election, channel and carrier, and by how much a budget was raised.

`spent` is the one figure. Each try carries its own cost (`Attempt.cost`); here they are added up as they are written,
so that nobody has to add up all tries before each text.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, insert_new, table
from models.desk.changes import Hand, Way
from models.matters.matters import Matter
from models.messages.messages import WAITING, Message
from models.messages.notices import Notice
from models.offices.offices import Contact
from rules.delivery import State
from rules.desk import Channel
from rules.ladder import Say


class Spending(Base):
    """So many parts and rupiah of an election; `carrier` empty: it is not known, or the channel has none."""

    __tablename__ = "spending"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(Word(Channel, 10), primary_key=True)
    carrier: Mapped[str] = mapped_column(String(40), primary_key=True)
    parts: Mapped[int] = mapped_column(default=0)
    rupiah: Mapped[int] = mapped_column(default=0)


class BudgetRaise(Base):
    """Rupiah that were added to the budget of an election, by whom and why. Appended, never changed."""

    __tablename__ = "budget_raise"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    rupiah: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    title: Mapped[str] = mapped_column(String(120))
    way: Mapped[Way] = mapped_column(Word(Way, 10))
    reason: Mapped[str] = mapped_column(String(300))


_S, _G, _N, _M, _R = table(Spending), table(Message), table(Notice), table(Matter), table(BudgetRaise)
Index("budget_raise_programme_ix", BudgetRaise.programme_id)


class Charge(NamedTuple):
    """What one try of a message costs."""

    message_id: int
    channel: Channel
    carrier: str
    parts: int
    rupiah: int


def charge(session: Session, charges: Iterable[Charge]) -> None:
    """Add what tries cost, in the transaction that writes them. Rows are always taken in the same order."""
    charges = [own for own in charges if own.rupiah]
    if not charges:
        return
    ids = [own.message_id for own in charges]
    rows = session.execute(select(_G.c.id, _G.c.programme_id).where(_G.c.id.in_(ids)))
    whose: dict[int, int] = {row.id: row.programme_id for row in rows}
    added: dict[tuple[int, Channel, str], tuple[int, int]] = {}
    for own in charges:
        key = whose[own.message_id], own.channel, own.carrier
        parts, rupiah = added.get(key, (0, 0))
        added[key] = parts + own.parts, rupiah + own.rupiah
    for (programme, channel, carrier), (parts, rupiah) in sorted(added.items()):
        mine = _S.c.programme_id == programme, _S.c.channel == channel, _S.c.carrier == carrier
        more = update(_S).where(*mine).values(parts=_S.c.parts + parts, rupiah=_S.c.rupiah + rupiah)
        if not session.connection().execute(more).rowcount:
            new = {"programme_id": programme, "channel": channel, "carrier": carrier, "parts": 0, "rupiah": 0}
            insert_new(session, Spending, [new])
            session.connection().execute(more)


class Spent(NamedTuple):
    """What was spent on one channel at one carrier."""

    channel: Channel
    carrier: str
    parts: int
    rupiah: int


def by_carrier(session: Session, programme_id: int) -> list[Spent]:
    """What an election has cost so far, the dearest first."""
    columns = _S.c.channel, _S.c.carrier, _S.c.parts, _S.c.rupiah
    query = select(*columns).where(_S.c.programme_id == programme_id)
    rows = session.connection().execute(query.order_by(_S.c.rupiah.desc(), _S.c.channel, _S.c.carrier))
    return [Spent(*row) for row in rows]


def spent(session: Session, programme_id: int) -> int:
    """Rupiah that an election has cost so far."""
    return sum(own.rupiah for own in by_carrier(session, programme_id))


def in_hand(session: Session, programme_id: int) -> dict[Channel, int]:
    """By channel, how many messages of an election workers are sending now."""
    mine = WAITING, _G.c.state == State.SENDING, _G.c.programme_id == programme_id
    rows = session.connection().execute(select(_G.c.channel, func.count()).where(*mine).group_by(_G.c.channel))
    return {Channel(channel): count for channel, count in rows}


def raised(session: Session, programme_id: int) -> int:
    """Rupiah that were added to the budget of an election."""
    return session.scalar(select(func.sum(_R.c.rupiah)).where(_R.c.programme_id == programme_id)) or 0


def raise_(session: Session, programme_id: int, rupiah: int, hand: Hand, reason: str, *, now: datetime) -> None:
    """Add to the budget of an election."""
    own = {"office_id": hand.office_id, "title": hand.title[:120], "way": hand.way, "reason": reason}
    session.add(BudgetRaise(programme_id=programme_id, rupiah=rupiah, at=now, **own))
    session.flush()


def raises(session: Session, programme_id: int) -> list[BudgetRaise]:
    """What was added to a budget, the newest first."""
    own = select(BudgetRaise).where(BudgetRaise.programme_id == programme_id)
    return list(session.scalars(own.order_by(BudgetRaise.id.desc())))


class Free(NamedTuple):
    """A message that waits to be sent, with what it would cost by. `doubts`: it may have arrived once."""

    id: int
    programme_id: int
    doubts: int
    address: str


def free(session: Session, ids: Iterable[int]) -> list[Free]:
    """Those of some messages that wait to be sent, in their order, locked for the caller."""
    query = select(_G.c.id, _G.c.programme_id, _G.c.doubts, Contact.address).join(
        Contact, Contact.id == _G.c.contact_id
    )
    waits = _G.c.id.in_(list(ids)), _G.c.state == State.PENDING
    rows = session.connection().execute(query.where(*waits).order_by(_G.c.id).with_for_update(of=_G, skip_locked=True))
    return [Free(*row) for row in rows]


def says(session: Session, ids: Iterable[int]) -> dict[int, dict[int, list[tuple[Say, bool]]]]:
    """By message, what it says of each election, each with whether its ladder is urgent."""
    query = select(_N.c.message_id, _M.c.programme_id, _N.c.say, _N.c.urgent).join(_M, _M.c.id == _N.c.matter_id)
    found: dict[int, dict[int, list[tuple[Say, bool]]]] = {}
    for id, programme, say, urgent in session.connection().execute(query.where(_N.c.message_id.in_(list(ids)))):
        found.setdefault(id, {}).setdefault(programme, []).append((say, urgent))
    return found


def address(session: Session, message_id: int) -> str:
    """Where a message went; empty: it is not known any more."""
    of = select(Contact.address).join(Message, Message.contact_id == Contact.id)
    return session.scalar(of.where(Message.id == message_id)) or ""
