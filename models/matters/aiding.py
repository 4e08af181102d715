"""What aides were asked about reports, and what they sent. It is the district's own: nothing above it reads this."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import JSON, ForeignKey, String, func, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from models.base import Base, Instant
from models.matters import numbers
from models.matters.matters import Kind, Matter
from models.matters.obligations import Obligation
from models.offices.aides import Aide
from models.offices.offices import Office
from rules.aides import answered
from rules.filing import Standing

OVER = "its report is not awaited any more"


class Asked(Base):
    """One aide, asked about one report. It has the id of its matter, whose owner is the aide's office row.

    `times`: how often he was told. `fields`: what he sent last, by field name; empty: nothing, or it was removed.
    `by`: his name as it was then.
    """

    __tablename__ = "aide_asked"

    id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"), index=True)
    aide_id: Mapped[int] = mapped_column(ForeignKey("aide.id"), index=True)
    times: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    fields: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    by: Mapped[str] = mapped_column(String(120), default="")
    sent_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def answered(self) -> bool:
        """Whether he sent something since he was asked last."""
        return answered(self.asked_at, self.sent_at)


class Owed(NamedTuple):
    """What an aide was asked, with the report's matter and the report."""

    asked: Asked
    matter: Matter
    report: Obligation

    @property
    def awaited(self) -> bool:
        """Whether what he sends can still go into it."""
        owed = self.report.standing is Standing.OWED or self.report.returned_at is not None
        return owed and self.matter.closed_at is None


_REPORT = aliased(Matter)
_OWED = (
    select(Asked, _REPORT, Obligation)
    .join(_REPORT, _REPORT.id == Asked.report_id)
    .join(Obligation, Obligation.id == Asked.report_id)
)


def of_report(session: Session, report_id: int) -> dict[int, Asked]:
    """By the aide's id, what was asked about a report."""
    found = session.scalars(select(Asked).where(Asked.report_id == report_id).order_by(Asked.id))
    return {own.aide_id: own for own in found}


def counts(session: Session, report_id: int) -> tuple[int, int]:
    """How many aides were asked about a report, and how many of them sent something."""
    query = select(func.count(Asked.id), func.count(Asked.sent_at)).where(Asked.report_id == report_id)
    asked, sent = session.execute(query).one()
    return asked, sent


def of_aide(session: Session, aide_id: int) -> list[Owed]:
    """All that an aide was asked and that is still awaited, the first due first."""
    query = _OWED.where(Asked.aide_id == aide_id, _REPORT.closed_at.is_(None))
    found = [Owed(*row) for row in session.execute(query.order_by(Obligation.due_at, Asked.id))]
    return [own for own in found if own.awaited]


def one(session: Session, aide_id: int, code: str, *, lock: bool = False) -> Owed | None:
    """What an aide was asked about the report of this number; None: nothing."""
    query = _OWED.where(Asked.aide_id == aide_id, _REPORT.code == code)
    row = session.execute(query.with_for_update(of=Asked) if lock else query).one_or_none()
    return Owed(*row) if row else None


def add(session: Session, programme_id: int, report: Matter, due_at: datetime, aide_id: int) -> tuple[Asked, Matter]:
    """Begin to ask an aide about a report. Whoever asks holds the report's matter."""
    matter = Matter(
        programme_id=programme_id,
        kind=Kind.AIDE,
        key=f"{report.key}/aide/{aide_id}",
        code=f"D-{numbers.next_(session, programme_id, Kind.AIDE):04d}",
        area=report.area,
        ladder="",
        since=due_at,
        next_at=None,
        closes_after=report.closes_after,
        owner_id=aide_id,
    )
    session.add(matter)
    session.flush()
    asked = Asked(id=matter.id, report_id=report.id, aide_id=aide_id, times=0, fields={}, by="")
    session.add(asked)
    session.flush()
    return asked, matter


class About(NamedTuple):
    """What a message to an aide is about: the report, and whether it is still to be said."""

    code: str
    key: str
    duty: str
    due_at: datetime
    period: tuple[date, date]
    moot: str


def about(session: Session, id: int) -> About | None:
    """What an aide was asked under this matter; None: it is none."""
    query = select(Asked, _REPORT, Obligation, Aide.ended_at).join_from(Asked, _REPORT, _REPORT.id == Asked.report_id)
    query = query.join(Obligation, Obligation.id == Asked.report_id).join(Aide, Aide.id == Asked.aide_id)
    row = session.execute(query.where(Asked.id == id)).one_or_none()
    if row is None:
        return None
    owed, ended_at = Owed(*row[:3]), row[3]
    why = "taken out" if ended_at else "he sent it" if owed.asked.answered else "" if owed.awaited else OVER
    report = owed.report
    period = (report.period_start, report.period_end)
    return About(owed.matter.code, owed.matter.key, report.duty, report.due_at, period, why)


class AskedBelow(NamedTuple):
    """That an aide was asked about a report: by his title, the number of that, and when he was asked last."""

    asked: Asked
    title: str
    code: str


def told(session: Session, report_id: int) -> list[AskedBelow]:
    """Whom the reporter asked about a report, in order."""
    query = select(Asked, Office.title, Matter.code).join(Matter, Matter.id == Asked.id)
    query = query.join(Office, Office.id == Asked.aide_id).where(Asked.report_id == report_id)
    rows = session.execute(query.where(Asked.asked_at.is_not(None)).order_by(Asked.id))
    return [AskedBelow(*row) for row in rows]


def over(session: Session) -> list[int]:
    """The matters of what was asked about reports that are over, still open themselves."""
    own = aliased(Matter)
    query = select(Asked.id).join(own, own.id == Asked.id).join(_REPORT, _REPORT.id == Asked.report_id)
    return list(session.scalars(query.where(own.closed_at.is_(None), _REPORT.closed_at.is_not(None))))


def forget(session: Session, *, before: datetime) -> int:
    """Remove what aides sent about reports that were over by then; how many that was."""
    theirs = select(_REPORT.id).where(_REPORT.closed_at <= before)
    spent = select(Asked).where(Asked.report_id.in_(theirs), Asked.sent_at.is_not(None))
    count = 0
    for own in session.scalars(spent):
        if own.fields or own.by not in ("", FORGOTTEN):
            own.fields, own.by, count = {}, FORGOTTEN, count + 1
    session.flush()
    return count


def unname(session: Session, aide_id: int) -> None:
    """Remove the name of whoever sent something for this village; what was sent stays until it is spent."""
    session.execute(update(Asked).where(Asked.aide_id == aide_id, Asked.by != "").values(by=FORGOTTEN))


FORGOTTEN = "-"
"""Stands for the name of somebody whose words were removed."""
