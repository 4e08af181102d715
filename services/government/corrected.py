"""Corrections that left before a report is compiled: it names each."""

from sqlalchemy.orm import Session

from models.matters import later
from models.matters.obligations import Obligation
from reports.government import facts
from reports.government.corrections import Corrected
from rules.programme import Programme


def left_before(session: Session, programme: Programme, programme_id: int, own: Obligation) -> tuple[Corrected, ...]:
    """The corrections that left since the cut-off of the same report a period earlier: this report names them."""
    after = later.cut_off_before(session, programme_id, own.duty, own.opens_at)
    found = later.corrections(session, programme_id, after=after, until=own.opens_at)
    return tuple(_corrected(programme, one) for one in found if one.submission.obligation_id != own.id)


def _corrected(programme: Programme, own: later.Corrected) -> Corrected:
    frozen = facts.from_json(own.submission.facts)
    return Corrected(
        name=programme.policy.duty(own.duty, own.key).name,
        version=own.submission.correction + 1,
        period_start=frozen.header.period_start,
        period_end=frozen.header.period_end,
        left_at=own.at,
        reason=frozen.correction.reason if frozen.correction else "",
    )
