"""Reports to the Government: the facts frozen at the cut-off, what became of each, and the documents made of it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Select, String, Text, UniqueConstraint, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, aliased, defer, mapped_column

from models.base import Base, Instant, Word, insert_new
from models.desk.changes import Hand, Way
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from rules.submissions import State, Step


class Submission(Base):
    """One version of one compiled report. Its facts are never changed; a later version gets its own row.

    `correction`: which correction (ralat) of what left it is; 0: none. `restricted`: the frozen facts of its annex of
    restricted problems; None: it has none. They are in no other column, and go to nobody but the one addressed.
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
    correction: Mapped[int] = mapped_column(default=0)
    approved: Mapped[str | None] = mapped_column(Text)
    restricted: Mapped[str | None] = mapped_column(Text)


STANDS = Submission.state != State.DROPPED
"""A version that was dropped is history alone."""


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


def freeze(
    session: Session,
    own: Obligation,
    facts: str,
    digest: str,
    *,
    restricted: str | None = None,
    before: str = "",
    now: datetime,
) -> Submission:
    """Store the facts of an own report, unless they were frozen already; its last version.

    Args:
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
        "correction": 0,
        "restricted": restricted,
    }
    insert_new(session, Submission, [row])
    set_aside(session, own)
    frozen = last(session, own.id)
    assert frozen is not None
    return frozen


class Numbers(NamedTuple):
    """What the next version of a report is counted as. No number is given twice, nor that of a dropped version."""

    version: int
    correction: int


def numbers(session: Session, before: Submission, *, corrects: bool) -> Numbers:
    """The numbers of the version after this one.

    Args:
        corrects: it corrects what left; else it stands in the place of `before`, and is as much a correction as that.
    """
    known = versions(session, before.obligation_id)
    correction = max(own.correction for own in known) + 1 if corrects else before.correction
    return Numbers(known[-1].version + 1, correction)


def freeze_next(
    session: Session,
    before: Submission,
    facts: str,
    digest: str,
    *,
    restricted: str | None,
    numbered: Numbers,
    now: datetime,
) -> Submission:
    """Store the next version of a report, as of now: a draft. The caller holds the version before it."""
    own = {"facts": facts, "facts_digest": digest, "cut_off_at": now, "frozen_at": now, "restricted": restricted}
    place = {"obligation_id": before.obligation_id, "name": before.name, **numbered._asdict()}
    new = Submission(**place, **own, state=State.DRAFT, edition=0)
    session.add(new)
    session.flush()
    return new


def set_aside(session: Session, own: Obligation) -> None:
    """Do not compile this one again."""
    session.execute(update(Obligation).where(Obligation.id == own.id).values(compile_at=None))


def last(session: Session, obligation_id: int) -> Submission | None:
    """The newest version of an own report that stands; None: it was not compiled."""
    return session.scalars(_LAST, {"obligation": obligation_id}).first()


_LAST = (
    select(Submission)
    .where(Submission.obligation_id == bindparam("obligation"), STANDS)
    .order_by(Submission.version.desc())
    .limit(1)
)


def before(session: Session, submission: Submission) -> list[Submission]:
    """The earlier versions of the same report that stand, the first first."""
    earlier = Submission.obligation_id == submission.obligation_id, Submission.version < submission.version
    return list(session.scalars(select(Submission).where(*earlier, STANDS).order_by(Submission.version)))


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
    """The last version of each report that stands, without its facts."""
    later = aliased(Submission)
    newer = select(later.id).where(
        later.obligation_id == Submission.obligation_id,
        later.version > Submission.version,
        later.state != State.DROPPED,
    )
    return (
        select(Submission, Obligation, Matter)
        .join(Obligation, Obligation.id == Submission.obligation_id)
        .join(Matter, Matter.id == Obligation.id)
        .where(~newer.exists(), STANDS)
        .options(defer(Submission.facts), defer(Submission.approved), defer(Submission.restricted))
    )


def versions(session: Session, obligation_id: int) -> list[Submission]:
    """Every version of a report, dropped ones too, the first first."""
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


def by_beginning(session: Session, hexadecimal: str) -> Submission | None:
    """The version whose facts' hash begins so; None: there is none, or nobody could say which."""
    query = select(Submission).where(Submission.facts_digest.startswith(hexadecimal, autoescape=True)).limit(2)
    found = list(session.scalars(query))
    return found[0] if len(found) == 1 else None
