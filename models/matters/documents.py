"""The documents that are made of reports to the Government: which are wanted, and which file each became."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, insert_new
from models.matters.submissions import STANDS, Submission

TRIES = 3
"""After so many failed documents a person must look."""


class SubmissionDocument(Base):
    """A document that is to be made, and then was: one edition in one form (`pdf`). `file_name`: below the documents
    folder; None until it is there.
    """

    __tablename__ = "submission_document"
    __table_args__ = (UniqueConstraint("submission_id", "edition", "form"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    edition: Mapped[int]
    form: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str | None] = mapped_column(String(200))
    digest: Mapped[str | None] = mapped_column(String(64), index=True)
    tries: Mapped[int] = mapped_column(default=0)


class Document(NamedTuple):
    """A document with the version it is of."""

    document: SubmissionDocument
    submission: Submission


def want(session: Session, submission: Submission, forms: Iterable[str]) -> None:
    """Have the documents of the present edition made, in these forms, unless they are there."""
    own = {"submission_id": submission.id, "edition": submission.edition, "tries": 0}
    insert_new(session, SubmissionDocument, [own | {"form": form} for form in forms])


_DOCUMENTS = select(SubmissionDocument, Submission).join(Submission)
_PRESENT = SubmissionDocument.edition == Submission.edition


def wanted(session: Session, *, limit: int) -> list[Document]:
    """Documents still to be made, the oldest first; left out: those given up, and those of words since changed or of a
    dropped version.
    """
    wanting = SubmissionDocument.file_name.is_(None), SubmissionDocument.tries < TRIES, _PRESENT, STANDS
    rows = session.execute(_DOCUMENTS.where(*wanting).order_by(SubmissionDocument.id).limit(limit))
    return [Document(*row) for row in rows]


def file_name(made: Document, suffix: str) -> str:
    """What the file of a document is called. Each version has a name of its own, and each edition of a draft: what left
    is never written over.
    """
    own, submission = made
    corrects = f"-ralat-{submission.correction}" if submission.correction else ""
    again = f"-versi-{submission.version}" if submission.version != submission.correction + 1 else ""
    draft = f"-draf-{own.edition + 1}" if submission.approved is None else ""
    return f"{submission.name}{corrects}{again}{draft}{suffix}"


def made(session: Session, id: int, file_name: str, digest: str) -> None:
    """The document is there."""
    own = update(SubmissionDocument).where(SubmissionDocument.id == id)
    session.execute(own.values(file_name=file_name, digest=digest))


def failed(session: Session, id: int) -> None:
    """The document could not be made this time."""
    own = update(SubmissionDocument).where(SubmissionDocument.id == id)
    session.execute(own.values(tries=SubmissionDocument.tries + 1))


def of(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of the present edition of these versions, in the order in which they were wanted."""
    rows = session.execute(_DOCUMENTS.where(Submission.id.in_(ids), _PRESENT).order_by(SubmissionDocument.id))
    return [Document(*row) for row in rows]


def by_digest(session: Session, digest: str) -> Document | None:
    """The document that has this SHA-256, the newest if there are several."""
    query = _DOCUMENTS.where(SubmissionDocument.digest == digest).order_by(SubmissionDocument.id.desc()).limit(1)
    row = session.execute(query).first()
    return Document(*row) if row else None
