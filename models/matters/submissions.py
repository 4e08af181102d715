"""Reports to the Government: the facts frozen at the cut-off, what became of each, and the documents made of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Select, String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, aliased, defer, mapped_column

from models.base import Base, Instant, Word, insert_new
from models.desk.changes import Hand, Way
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from rules.submissions import State, Step

TRIES = 3
"""After so many failed documents a person must look."""


class Submission(Base):
    """One version of one compiled report. Its facts are never changed; a later version gets its own row.

    `edition` counts what was changed in its words, and its approval: a document is of one edition. `approved` is the
    narrative with its approvals as they were frozen; None: it is not approved.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("obligation_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id"))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    cut_off_at: Mapped[datetime] = mapped_column(Instant)
    facts: Mapped[str] = mapped_column(Text)
    facts_digest: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[State] = mapped_column(Word(State, 12), default=State.DRAFT)
    edition: Mapped[int] = mapped_column(default=0)
    approved: Mapped[str | None] = mapped_column(Text)


class SubmissionEvent(Base):
    """One step with one version, by one office and by which way; appended, never changed.

    `edition`: which words it was about. `through`: the id of the session, where it came by one.
    """

    __tablename__ = "submission_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    step: Mapped[Step] = mapped_column(Word(Step, 12))
    edition: Mapped[int]
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    way: Mapped[Way] = mapped_column(Word(Way, 10))
    through: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Instant)
    text: Mapped[str] = mapped_column(Text, default="")


class NarrativeEdit(Base):
    """One change to the words of one chapter; appended, never changed. The last `after` is what stands."""

    __tablename__ = "narrative_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    chapter: Mapped[str] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    way: Mapped[Way] = mapped_column(Word(Way, 10))
    through: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Instant)


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


def freeze(
    session: Session,
    own: Obligation,
    facts: str,
    digest: str,
    *,
    forms: Iterable[str] = ("pdf",),
    before: str = "",
    now: datetime,
) -> None:
    """Store the facts of an own report, unless they were frozen already.

    Args:
        forms: the documents to be made of it.
        before: begins its name, so that no two desks write files of one name.
    """
    row = {
        "obligation_id": own.id,
        "version": 1,
        "name": f"{before}{own.duty}-{own.slot}",
        "cut_off_at": own.opens_at,
        "facts": facts,
        "facts_digest": digest,
        "frozen_at": now,
        "state": State.DRAFT,
        "edition": 0,
    }
    insert_new(session, Submission, [row])
    frozen = last(session, own.id)
    assert frozen is not None
    want(session, frozen, forms)
    set_aside(session, own)


def freeze_next(session: Session, before: Submission, facts: str, digest: str, *, now: datetime) -> Submission:
    """Store the next version of a report, as of now: a draft. The caller holds the version before it."""
    own = {"facts": facts, "facts_digest": digest, "cut_off_at": now, "frozen_at": now}
    place = {"obligation_id": before.obligation_id, "version": before.version + 1, "name": before.name}
    new = Submission(**place, **own, state=State.DRAFT, edition=0)
    session.add(new)
    session.flush()
    return new


def set_aside(session: Session, own: Obligation) -> None:
    """Do not compile this one again."""
    session.execute(update(Obligation).where(Obligation.id == own.id).values(compile_at=None))


def last(session: Session, obligation_id: int) -> Submission | None:
    """The newest version of an own report; None: it was not compiled."""
    query = select(Submission).where(Submission.obligation_id == obligation_id)
    return session.scalars(query.order_by(Submission.version.desc()).limit(1)).first()


def before(session: Session, submission: Submission) -> list[Submission]:
    """The earlier versions of the same report, the first first."""
    earlier = Submission.obligation_id == submission.obligation_id, Submission.version < submission.version
    return list(session.scalars(select(Submission).where(*earlier).order_by(Submission.version)))


def held(session: Session, id: int) -> Submission | None:
    """One version, locked; None: there is none."""
    query = select(Submission).where(Submission.id == id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def all_of(session: Session) -> list[Submission]:
    """Every submission, the oldest first."""
    return list(session.scalars(select(Submission).order_by(Submission.id)))


class Listed(NamedTuple):
    """The last version of a report, without its facts, and what it was owed as."""

    submission: Submission
    obligation: Obligation
    matter: Matter


def listed(session: Session, programmes: Collection[int], *, limit: int) -> list[Listed]:
    """The last versions of the reports of these programmes, the latest due first."""
    query = _last().where(Matter.programme_id.in_(programmes))
    query = query.order_by(Obligation.due_at.desc(), Submission.id.desc()).limit(limit)
    return [Listed(*row) for row in session.execute(query)]


def for_approval(session: Session, programmes: Collection[int]) -> list[tuple[Submission, int]]:
    """The versions that wait for an approval, each with its programme, the first due first."""
    query = (
        select(Submission, Matter.programme_id)
        .join(Matter, Matter.id == Submission.obligation_id)
        .join(Obligation, Obligation.id == Matter.id)
        .where(Matter.programme_id.in_(programmes), Submission.state == State.FOR_APPROVAL)
        .order_by(Obligation.due_at, Submission.id)
    )
    return [(own, id) for own, id in session.execute(query)]


def unapproved(session: Session, *, now: datetime) -> list[Listed]:
    """The last versions of the reports that are due, still waited for, and not approved; without their facts."""
    own = Matter.closed_at.is_(None), Obligation.due_at <= now
    query = _last().where(*own, Submission.state.in_([State.DRAFT, State.FOR_APPROVAL])).order_by(Submission.id)
    return [Listed(*row) for row in session.execute(query)]


def _last() -> Select[Submission, Obligation, Matter]:
    """The last version of each report, without its facts."""
    later = aliased(Submission)
    newer = select(later.id).where(later.obligation_id == Submission.obligation_id, later.version > Submission.version)
    return (
        select(Submission, Obligation, Matter)
        .join(Obligation, Obligation.id == Submission.obligation_id)
        .join(Matter, Matter.id == Obligation.id)
        .where(~newer.exists())
        .options(defer(Submission.facts), defer(Submission.approved))
    )


def versions(session: Session, obligation_id: int) -> list[Submission]:
    """Every version of a report, the first first."""
    query = select(Submission).where(Submission.obligation_id == obligation_id)
    return list(session.scalars(query.order_by(Submission.version)))


def change(session: Session, id: int, **values: object) -> None:
    """Write what became of a version."""
    session.execute(update(Submission).where(Submission.id == id).values(**values))


def note(
    session: Session, submission: Submission, step: Step, *, hand: Hand, at: datetime, text: str = ""
) -> SubmissionEvent:
    """Append what an office did with a version, as its words are now."""
    own = {"office_id": hand.office_id, "way": hand.way, "through": hand.through, "at": at, "text": text}
    event = SubmissionEvent(submission_id=submission.id, step=step, edition=submission.edition, **own)
    session.add(event)
    session.flush()
    return event


def events(session: Session, submission_id: int) -> list[SubmissionEvent]:
    """What was done with a version, the first first."""
    query = select(SubmissionEvent).where(SubmissionEvent.submission_id == submission_id)
    return list(session.scalars(query.order_by(SubmissionEvent.id)))


def edit(
    session: Session, submission: Submission, chapter: str, before: str, after: str, *, hand: Hand, at: datetime
) -> None:
    """Append a change to the words of a chapter."""
    own = {"office_id": hand.office_id, "way": hand.way, "through": hand.through, "at": at}
    session.add(NarrativeEdit(submission_id=submission.id, chapter=chapter, before=before, after=after, **own))
    session.flush()


def edits(session: Session, submission_id: int) -> list[NarrativeEdit]:
    """What was changed in the words of a version, the first first."""
    query = select(NarrativeEdit).where(NarrativeEdit.submission_id == submission_id)
    return list(session.scalars(query.order_by(NarrativeEdit.id)))


def want(session: Session, submission: Submission, forms: Iterable[str]) -> None:
    """Have the documents of the present edition made, in these forms, unless they are there."""
    own = {"submission_id": submission.id, "edition": submission.edition, "tries": 0}
    insert_new(session, SubmissionDocument, [own | {"form": form} for form in forms])


_DOCUMENTS = select(SubmissionDocument, Submission).join(Submission)
_PRESENT = SubmissionDocument.edition == Submission.edition


def wanted(session: Session, *, limit: int) -> list[Document]:
    """Documents still to be made, the oldest first; left out: those given up, and those of words since changed."""
    wanting = SubmissionDocument.file_name.is_(None), SubmissionDocument.tries < TRIES, _PRESENT
    rows = session.execute(_DOCUMENTS.where(*wanting).order_by(SubmissionDocument.id).limit(limit))
    return [Document(*row) for row in rows]


def file_name(made: Document, suffix: str) -> str:
    """What the file of a document is called. Each version has a name of its own, and each edition of a draft: what left
    is never written over.
    """
    (own, submission), draft = made, made.submission.approved is None
    corrects = f"-ralat-{submission.version - 1}" if submission.version > 1 else ""
    return f"{submission.name}{corrects}{f'-draf-{own.edition + 1}' if draft else ''}{suffix}"


def made(session: Session, id: int, file_name: str, digest: str) -> None:
    """The document is there."""
    own = update(SubmissionDocument).where(SubmissionDocument.id == id)
    session.execute(own.values(file_name=file_name, digest=digest))


def failed(session: Session, id: int) -> None:
    """The document could not be made this time."""
    own = update(SubmissionDocument).where(SubmissionDocument.id == id)
    session.execute(own.values(tries=SubmissionDocument.tries + 1))


def documents(session: Session, ids: Sequence[int]) -> list[Document]:
    """The documents of the present edition of these versions, in the order in which they were wanted."""
    rows = session.execute(_DOCUMENTS.where(Submission.id.in_(ids), _PRESENT).order_by(SubmissionDocument.id))
    return [Document(*row) for row in rows]


def by_digest(session: Session, digest: str) -> Document | None:
    """The document that has this SHA-256, the newest if there are several."""
    query = _DOCUMENTS.where(SubmissionDocument.digest == digest).order_by(SubmissionDocument.id.desc()).limit(1)
    row = session.execute(query).first()
    return Document(*row) if row else None


def by_beginning(session: Session, hexadecimal: str) -> Submission | None:
    """The version whose facts' hash begins so; None: there is none, or nobody could say which."""
    query = select(Submission).where(Submission.facts_digest.startswith(hexadecimal, autoescape=True)).limit(2)
    found = list(session.scalars(query))
    return found[0] if len(found) == 1 else None
