"""How versions of a report to the Government leave: to whom, by which way, with which documents, and what follows."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Instant, Word, table
from models.matters.documents import SubmissionDocument
from models.matters.submissions import Submission
from models.messages.messages import Message
from models.messages.notices import Notice
from rules.attachments import Attached, Kind
from rules.delivery import State
from rules.dispatch import NoticeState
from rules.ladder import Say
from rules.sending import By, Recorded


class Sending(Base):
    """One version on its way to one addressee, the `number`th time. `title`: as he was named then.

    `copy`: he gets it as a tembusan. `left_at`: his mail server took it, or it was handed over; None: not yet.
    The rest is what was recorded of it, with its proof, a file; None or empty: nothing was.
    """

    __tablename__ = "sending"
    __table_args__ = (UniqueConstraint("submission_id", "title", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    by: Mapped[By] = mapped_column(Word(By, 4))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"))
    title: Mapped[str] = mapped_column(String(400))
    number: Mapped[int]
    copy: Mapped[bool]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    reference: Mapped[str] = mapped_column(String(120), default="")
    dated: Mapped[date | None]
    agenda: Mapped[str] = mapped_column(String(120), default="")
    handed_by: Mapped[str] = mapped_column(String(120), default="")
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)
    proof: Mapped[str | None] = mapped_column(String(64), index=True)
    proof_kind: Mapped[Kind | None] = mapped_column(Word(Kind, 10))
    proof_size: Mapped[int | None]


class SendingDocument(Base):
    """A document that goes with a sending."""

    __tablename__ = "sending_document"

    sending_id: Mapped[int] = mapped_column(ForeignKey("sending.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("submission_document.id"), primary_key=True)


OCCASION = "sent"
"""Of the notice that carries a sending; its rung counts down from -1, so that a second one is another notice."""


def rung(number: int) -> int:
    """The rung of the notice of the `number`th sending to somebody: no ladder has it."""
    return -number


class Carried(NamedTuple):
    """What a message carries of a version: which report, and its documents in the order of their forms."""

    sending: Sending
    submission: Submission
    documents: Sequence[SubmissionDocument]


def add(
    session: Session, submission_id: int, title: str, by: By, *, office_id: int | None, copy: bool, now: datetime
) -> Sending:
    """Store that a version is to go to somebody, once more if it went before."""
    before = select(func.count()).where(Sending.submission_id == submission_id, Sending.title == title)
    number = (session.scalar(before.select_from(Sending)) or 0) + 1
    own = {"office_id": office_id, "copy": copy, "number": number, "asked_at": now}
    sending = Sending(submission_id=submission_id, title=title, by=by, **own)
    session.add(sending)
    session.flush()
    return sending


def carry(session: Session, sending_id: int, document_ids: Sequence[int]) -> None:
    """Store what goes along."""
    rows = [{"sending_id": sending_id, "document_id": id} for id in dict.fromkeys(document_ids)]
    session.connection().execute(insert(table(SendingDocument)), rows)


def of(session: Session, submission_id: int) -> list[Sending]:
    """How a version left, the first first; he who is addressed before the copies."""
    query = select(Sending).where(Sending.submission_id == submission_id)
    return list(session.scalars(query.order_by(Sending.copy, Sending.id)))


def held(session: Session, id: int) -> Sending | None:
    """One sending, locked; None: there is none."""
    query = select(Sending).where(Sending.id == id).with_for_update()
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def documents(session: Session, sending_id: int) -> list[SubmissionDocument]:
    """What goes with a sending."""
    query = select(SubmissionDocument).join(SendingDocument, SendingDocument.document_id == SubmissionDocument.id)
    return list(session.scalars(query.where(SendingDocument.sending_id == sending_id).order_by(SubmissionDocument.id)))


_NOTICED = (
    select(Sending, Submission)
    .join(Submission, Submission.id == Sending.submission_id)
    .join(
        Notice,
        (Notice.matter_id == Submission.obligation_id)
        & (Notice.round == Submission.version)
        & (Notice.office_id == Sending.office_id)
        & (Notice.rung == -Sending.number)
        & (Notice.occasion == OCCASION),
    )
    .where(Notice.say == Say.SUBMISSION, Sending.by == By.MAIL)
)


def of_notice(session: Session, notice_id: int) -> Carried | None:
    """What a notice carries; None: it carries no report to the Government."""
    row = session.execute(_NOTICED.where(Notice.id == notice_id)).one_or_none()
    return Carried(*row, documents(session, row[0].id)) if row else None


def of_messages(session: Session, message_ids: Sequence[int]) -> list[Sending]:
    """The sendings that these messages carry, locked."""
    query = _NOTICED.with_only_columns(Sending).where(Notice.message_id.in_(message_ids)).order_by(Sending.id)
    return list(session.scalars(query.with_for_update(of=Sending)))


def messages(session: Session, submission_id: int) -> dict[int, tuple[Notice, Message | None]]:
    """By sending, what became of its mail: the notice, and the message once there is one."""
    query = (
        _NOTICED.with_only_columns(Sending.id, Notice, Message)
        .outerjoin(Message, Message.id == Notice.message_id)
        .where(Sending.submission_id == submission_id)
    )
    return {id: (notice, message) for id, notice, message in session.execute(query)}


def waits(session: Session, submission_id: int) -> bool:
    """Whether a mail of a version is still to be sent, or is being sent."""
    over, ahead = (NoticeState.NOBODY, NoticeState.MOOT), (State.PENDING, State.SENDING)
    mails = messages(session, submission_id).values()
    return any(mail.state in ahead if mail else notice.state not in over for notice, mail in mails)


def on_its_way(session: Session, submission_id: int) -> bool:
    """Whether a version reached somebody, or may have: a mail of it left, is being sent or is in doubt, or is to be
    repeated though it may have arrived. Its mails are locked, so that none is claimed meanwhile.
    """
    query = _NOTICED.with_only_columns(Message).join(Message, Message.id == Notice.message_id)
    mails = session.scalars(query.where(Sending.submission_id == submission_id).with_for_update(of=Message))
    gone = select(Sending.id).where(Sending.submission_id == submission_id, Sending.left_at.is_not(None)).limit(1)
    may_be = any(own.state in (State.SENDING, State.IN_DOUBT) or own.repeated_at is not None for own in mails)
    return may_be or session.scalar(gone) is not None


def says(sending: Sending, recorded: Recorded) -> bool:
    """Whether this, word for word, is already recorded of a sending by hand."""
    known = sending.reference, sending.dated, sending.agenda, sending.handed_by
    return sending.by is By.HAND and known == (recorded.number, recorded.on, recorded.agenda, recorded.by)


def record(sending: Sending, recorded: Recorded, proof: Attached | None, *, now: datetime) -> None:
    """Write down what is known of a sending. A proof that was given before stays if none comes now."""
    sending.reference, sending.dated = recorded.number, recorded.on
    sending.agenda, sending.handed_by, sending.recorded_at = recorded.agenda, recorded.by, now
    if proof is not None:
        sending.proof, sending.proof_kind, sending.proof_size = proof.digest, proof.kind, proof.size
