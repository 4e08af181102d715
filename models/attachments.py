"""What was attached to a report: one row for each file. The files themselves are outside (models/files.py)."""

from collections.abc import Sequence

from sqlalchemy import ForeignKey, String, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Word, table
from rules.attachments import Attached, Kind


class Attachment(Base):
    """One file of one version of a report, numbered from 1. `place`: the field it was added to."""

    __tablename__ = "attachment"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(String(60))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind, 10))
    size: Mapped[int]


def add(session: Session, report_id: int, files: Sequence[Attached]) -> None:
    """Name the files of a report; they are on the disk already."""
    rows = [
        {"report_id": report_id, "number": n, "place": f.place, "digest": f.digest, "kind": f.kind, "size": f.size}
        for n, f in enumerate(files, 1)
    ]
    if rows:
        session.connection().execute(insert(table(Attachment)), rows)


_OF = select(Attachment).where(Attachment.report_id == bindparam("report")).order_by(Attachment.number)


def of(session: Session, report_id: int) -> list[Attachment]:
    """The files of one version, in the order of the form."""
    return list(session.scalars(_OF, {"report": report_id}))
