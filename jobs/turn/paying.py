"""Which election pays for each message, and what no budget lets go (`rules.costs`)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from jobs.runtime import Runtime
from models.messages import untold
from models.messages.releasing import Waiting
from rules import costs
from rules.costs import Share, Stand
from rules.dispatch import Parcel
from rules.ladder import Say
from services import spending

log = structlog.get_logger()


class Paid(NamedTuple):
    """What becomes of the notices for one address. `payer`: the election that pays; None: there is no message."""

    group: Sequence[Waiting]
    parcel: Parcel
    payer: int | None


def paid(
    session: Session, rt: Runtime, decided: Iterable[tuple[Sequence[Waiting], Parcel]], *, now: datetime
) -> list[Paid]:
    """The same with who pays, and without messages that no budget lets go.

    What those say is told by what costs nothing: a rung by its next channel, anything else by mail.
    """
    till = _Till(session, rt)
    return [_paid(session, till, group, parcel, now) for group, parcel in decided]


def _paid(session: Session, till: "_Till", group: Sequence[Waiting], parcel: Parcel, now: datetime) -> Paid:
    shares = till.shares(group, parcel)
    if pays := costs.payer(shares):
        till.taken[pays.programme] += pays.price
        return Paid(group, parcel, pays.programme)
    if not shares:
        return Paid(group, parcel, None)
    ids = [*parcel.dispatched, *parcel.merged]
    untold.unreachable(session, ids, costs.TOO_DEAR, now=now)
    untold.by_mail(session, ids, costs.TOO_DEAR, now=now)
    log.info("above the budget", programme=shares[0].programme, channel=group[0].channel, notices=len(ids))
    return Paid(group, replace(parcel, say=None, dispatched=(), merged=()), None)


class _Till:
    """How the budgets stand while messages are made. `taken`: what those made so far will cost, by election."""

    def __init__(self, session: Session, rt: Runtime) -> None:
        self.session = session
        self.rt = rt
        self.stands: dict[int, Stand] = {}
        self.taken = Counter[int]()

    def shares(self, group: Sequence[Waiting], parcel: Parcel) -> list[Share]:
        """What a message says of each of its elections, in the order of its notices."""
        says: dict[int, list[tuple[Say, bool]]] = defaultdict(list)
        for own in sorted(group, key=lambda own: own.pending.id in parcel.merged):
            if own.pending.id in (*parcel.dispatched, *parcel.merged):
                says[own.programme_id].append((own.pending.say, own.pending.urgent))
        return [self._share(id, said, group[0]) for id, said in says.items()]

    def _share(self, id: int, says: Sequence[tuple[Say, bool]], to: Waiting) -> Share:
        programme = self.rt.programme(self.session, id)
        price = programme.policy.costs.price(to.channel, programme.country.carrier(to.address or ""))
        if price and id not in self.stands:
            self.stands[id] = spending.stand(self.session, id, programme)
        return Share(id, says, price, self.stands.get(id, Stand(costs.NONE, 0)).sending(self.taken[id]))
