"""What guidance counts besides receipts, and the evaluations of teams, which are kept in versions."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant
from models.matters.advice import Advice, Charge
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.promises import Promise
from models.matters.reports import Report
from models.offices.offices import Office
from rules.advice import Answer, Sort
from rules.forms import REMARKS


class Evaluation(Base):
    """What was written of a team at the end of a stage. The last version counts, and none is ever changed."""

    __tablename__ = "evaluation"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    team: Mapped[str] = mapped_column(String(60))
    stage: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[int] = mapped_column(ForeignKey("office.id"))
    written_at: Mapped[datetime] = mapped_column(Instant)


Index("evaluation_stage_ix", Evaluation.programme_id, Evaluation.stage)


def evaluations(session: Session, programme_id: int, stage: str) -> dict[str, list[Evaluation]]:
    """By team, what was written of it, the last first."""
    own = Evaluation.programme_id == programme_id, Evaluation.stage == stage
    found: dict[str, list[Evaluation]] = {}
    for one in session.scalars(select(Evaluation).where(*own).order_by(Evaluation.id.desc())):
        found.setdefault(one.team, []).append(one)
    return found


def remarked(
    session: Session, programme_id: int, areas: Collection[str], *, after: datetime, until: datetime
) -> dict[str, int]:
    """By district, how many of its newest reports were taken with a remark on what looked wrong."""
    last = (
        select(func.max(Report.version))
        .where(Report.obligation_id == Obligation.id)
        .correlate(Obligation)
        .scalar_subquery()
    )
    query = (
        select(Matter.area, Report.body)
        .join(Obligation, Obligation.id == Matter.id)
        .join(Report, Report.obligation_id == Obligation.id)
        .where(Matter.programme_id == programme_id, Matter.area.in_(areas), Report.version == last)
        .where(Obligation.due_at > after, Obligation.due_at <= until)
    )
    counts: dict[str, int] = {}
    for area, body in session.execute(query):
        counts[area] = counts.get(area, 0) + bool(body.get(REMARKS))
    return counts


def promised(
    session: Session, programme_id: int, areas: Collection[str], *, after: datetime, until: datetime
) -> list[tuple[str, datetime, datetime | None]]:
    """Of reports that fell due in that time: the district, until when it was promised, and when it came."""
    query = (
        select(Matter.area, Promise.until, Obligation.received_at)
        .join(Obligation, Obligation.id == Matter.id)
        .join(Promise, Promise.obligation_id == Obligation.id)
        .where(Matter.programme_id == programme_id, Matter.area.in_(areas))
        .where(Obligation.due_at > after, Obligation.due_at <= until)
    )
    return [(area, at, came) for area, at, came in session.execute(query)]


def advised(session: Session, programme_id: int, *, after: datetime, until: datetime) -> list[tuple[str, bool]]:
    """Advice and directions of that time: the code of the office that has one, and whether it answered or did it."""
    query = (
        select(Office.code, Charge.answer, Charge.done_at)
        .join(Matter, Matter.owner_id == Office.id)
        .join(Charge, Charge.id == Matter.id)
        .join(Advice, Advice.id == Charge.advice_id)
        .where(Advice.programme_id == programme_id, Advice.sort != Sort.MEETING)
        .where(Advice.given_at > after, Advice.given_at <= until)
    )
    return [(office, said is not Answer.NONE or done is not None) for office, said, done in session.execute(query)]
