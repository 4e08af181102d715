"""What was attached to a report, to a step about a problem, to an advice that was done, or came beside a report or a
problem with an answer to a message: one row for each file.

The files themselves are outside (models/desk/files.py).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, String, bindparam, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, table
from models.matters.matters import Matter
from models.matters.reports import Report
from rules.attachments import Attached, Kind
from rules.desk import Channel
from rules.filing import Content


class Attachment(Base):
    """One file of one version of a report, numbered from 1. `place`: the field it was added to."""

    __tablename__ = "attachment"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind, 10))
    size: Mapped[int]


class Enclosure(Base):
    """One file of one step about a problem, numbered from 1."""

    __tablename__ = "enclosure"

    event_id: Mapped[int] = mapped_column(ForeignKey("issue_event.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind, 10))
    size: Mapped[int]


class Evidence(Base):
    """One file of what an office did about an advice, numbered from 1 and never again."""

    __tablename__ = "evidence"

    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind, 10))
    size: Mapped[int]


class ReplyFile(Base):
    """One file of an answer in somebody's own words, beside a report or a problem, numbered from 1.

    The answer itself may be gone long before: its number, its channel and whoever wrote it stand here.
    """

    __tablename__ = "reply_file"

    matter_id: Mapped[int] = mapped_column(ForeignKey("matter.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    inbound_id: Mapped[int]
    channel: Mapped[Channel] = mapped_column(Word(Channel, 10))
    title: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[datetime] = mapped_column(Instant)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind, 10))
    size: Mapped[int]


def add(session: Session, report_id: int, files: Sequence[Attached]) -> None:
    """Record the files of a report; they are on the disk already."""
    rows = [row | {"report_id": report_id, "place": f.place} for row, f in zip(_rows(files), files, strict=True)]
    if rows:
        session.connection().execute(insert(table(Attachment)), rows)


def enclose(session: Session, event_id: int, files: Sequence[Attached]) -> None:
    """Record the files of a step; they are on the disk already."""
    if rows := [row | {"event_id": event_id} for row in _rows(files)]:
        session.connection().execute(insert(table(Enclosure)), rows)


def prove(session: Session, charge_id: int, files: Sequence[Attached]) -> None:
    """Record the files of what was done, after those that are there; the same file counts once."""
    before = proven(session, charge_id)
    known = {own.digest for own in before}
    new = [row | {"charge_id": charge_id} for row in _rows([f for f in files if f.digest not in known])]
    for n, row in enumerate(new, len(before) + 1):
        row["number"] = n
    if new:
        session.connection().execute(insert(table(Evidence)), new)


def proven(session: Session, charge_id: int) -> list[Evidence]:
    """The files of what was done, in their order."""
    return list(session.scalars(select(Evidence).where(Evidence.charge_id == charge_id).order_by(Evidence.number)))


class Answer(NamedTuple):
    """The answer that files came with."""

    inbound_id: int
    channel: Channel
    title: str
    received_at: datetime


def lay_beside(session: Session, matter_id: int, answer: Answer, files: Sequence[Attached]) -> None:
    """Record the files of an answer after those that are there; the same file counts once. Harmless to repeat."""
    session.execute(select(Matter.id).where(Matter.id == matter_id).with_for_update())  # two at once count one by one
    before = beside(session, matter_id)
    known = {own.digest for own in before}
    new = [row for row in _rows(files) if row["digest"] not in known]
    for number, row in enumerate(new, len(before) + 1):
        session.add(ReplyFile(**answer._asdict(), **(row | {"number": number, "matter_id": matter_id})))


def beside(session: Session, matter_id: int) -> list[ReplyFile]:
    """The files that came beside a report or a problem, in their order."""
    return list(session.scalars(select(ReplyFile).where(ReplyFile.matter_id == matter_id).order_by(ReplyFile.number)))


def _rows(files: Sequence[Attached]) -> list[dict[str, object]]:
    return [{"number": n, "digest": f.digest, "kind": f.kind, "size": f.size} for n, f in enumerate(files, 1)]


_OF = select(Attachment).where(Attachment.report_id == bindparam("report")).order_by(Attachment.number)


def of(session: Session, report_id: int) -> list[Attachment]:
    """The files of one version, in the order of the form."""
    return list(session.scalars(_OF, {"report": report_id}))


class Pictured(NamedTuple):
    """A photograph with the version of the report it came with."""

    area: str
    code: str
    version: int
    place: str
    digest: str
    body: dict[str, Any]
    received_at: datetime
    observed_at: datetime | None


def pictured(
    session: Session, programme_id: int, areas: Collection[str], *, since: datetime, until: datetime
) -> list[Pictured]:
    """The first photograph of each place of the newest versions that came in this time; not of what was taken back."""
    last = (
        select(func.max(Report.version))
        .where(Report.obligation_id == Matter.id, Report.recorded_at <= until)
        .correlate(Matter)
        .scalar_subquery()
    )
    columns = Matter.area, Matter.code, Report.version, Attachment.place, Attachment.digest, Report.body
    query = (
        select(*columns, Report.received_at, Report.observed_at)
        .join(Report, Report.id == Attachment.report_id)
        .join(Matter, Matter.id == Report.obligation_id)
        .where(Matter.programme_id == programme_id, Matter.area.in_(areas), Report.version == last)
        .where(Report.received_at >= since, Report.received_at <= until, Attachment.kind == Kind.JPEG)
        .where(Report.content != Content.WITHDRAWN)
        .order_by(Matter.area, Report.id, Attachment.number.desc())
    )
    found = [Pictured(*row) for row in session.execute(query)]
    return list({(own.code, own.place): own for own in found}.values())


def enclosed(session: Session, event_ids: Sequence[int]) -> dict[int, list[Enclosure]]:
    """The files of steps, by step, in their order."""
    by_event: dict[int, list[Enclosure]] = defaultdict(list)
    query = select(Enclosure).where(Enclosure.event_id.in_(event_ids)).order_by(Enclosure.event_id, Enclosure.number)
    for own in session.scalars(query):
        by_event[own.event_id].append(own)
    return by_event
