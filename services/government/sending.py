"""Send a report to the Government: by mail with its documents, or handed out and then recorded with its proof."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.desk.changes import Hand, Way
from models.matters import documents, matters, obligations, reports, sendings, submissions
from models.matters.documents import SubmissionDocument
from models.matters.matters import Matter
from models.matters.sendings import Sending
from models.matters.submissions import Submission
from models.messages import notices
from models.messages.notices import About, To
from models.offices import assignments, offices
from models.offices.offices import Office
from reports.government import facts
from reports.government.forms import RESTRICTED
from rules import filing, sending
from rules.assignments import styled
from rules.attachments import Attached
from rules.desk import Channel, outside
from rules.filing import Content, Standing, Via
from rules.ladder import Say
from rules.programme import Programme
from rules.sending import By, NotSent, Recorded
from rules.submissions import LEFT, State, Step
from services.government.withheld import names_restricted


class Recipient(NamedTuple):
    """Whom a version is addressed to. `mailed`: the books have an address of his that works."""

    title: str
    code: str
    copy: bool
    mailed: bool


def recipients(session: Session, programme: Programme, submission: Submission) -> list[Recipient]:
    """Who is named on the letter, the one addressed first; as its frozen facts say."""
    head = facts.from_json(submission.facts).header
    first = f"{head.to} c.q. {head.attention}" if head.attention else head.to
    reach = offices.reach(session, programme.desk.code)
    found = []
    for n, title in enumerate(dict.fromkeys((first, *(own for own in head.copies if not sending.kept(own))))):
        own = reach.get(outside(title))
        found.append(Recipient(title, outside(title), n > 0, own is not None and Channel.EMAIL in own.channels))
    return found


def mail(
    session: Session,
    programme: Programme,
    submission: Submission,
    forms: Sequence[str],
    *,
    folder: Path,
    hand: Hand,
    now: datetime,
) -> list[Sending]:
    """Have a version mailed with these documents to the one addressed, and to those of the copies that have an address.

    Its annex of restricted problems goes along to the one addressed, whoever asks, and to nobody else.

    The mails are messages like all others. The version counts as sent once the mail to the one addressed was taken.

    Args:
        submission: the version, locked.
        folder: where documents are.

    Raises:
        NotSent: it may not leave, or not so.
    """
    _check_leaves(session, submission)
    sending.check_withheld(submission.state, withheld=names_restricted(session, submission))
    first, *copies = recipients(session, programme, submission)
    if not first.mailed:
        raise NotSent(
            f"Alamat surel {first.title} tidak ada pada berkas desk, atau tidak menerima surel lagi."
            " Lengkapi alamatnya, atau serahkan melalui Srikandi lalu catat."
        )
    if sendings.waits(session, submission.id):
        raise NotSent("Surel laporan ini sudah diminta dan masih menunggu giliran kirim.")
    chosen = _chosen(session, submission, forms)
    if submission.restricted:
        chosen = [*chosen, *_chosen(session, submission, [RESTRICTED.code])]
    sending.check_size({own.form.upper(): _size(folder, own) for own in chosen})
    public = set(sending.for_copy([own.form for own in chosen]))
    submissions.note(session, submission, Step.MAILED, hand=hand, at=now, text=", ".join(map(_named, chosen)))
    sent = [_post(session, programme, submission, first, chosen, now)]
    known = {offices.mailbox(session, programme.desk.code, first.code)}
    for one in copies:
        mailbox = offices.mailbox(session, programme.desk.code, one.code)
        if one.mailed and mailbox not in known and public:
            known.add(mailbox)
            shared = [own for own in chosen if own.form in public]
            sent.append(_post(session, programme, submission, one, shared, now))
    return sent


def _check_leaves(session: Session, submission: Submission) -> None:
    last = submissions.last(session, submission.obligation_id)
    assert last is not None
    sending.check_leaves(submission.state, version=submission.version, last=last.version)


def _chosen(session: Session, submission: Submission, forms: Sequence[str]) -> list[SubmissionDocument]:
    """The documents in these forms. Raises: NotSent: none was chosen, or one is not there."""
    known = {own.form: own for own, _ in documents.of(session, [submission.id])}
    chosen = [own for form in forms if (own := known.get(form))]
    if not chosen or len(chosen) < len(set(forms)):
        raise NotSent("Pilih paling sedikit satu berkas dari daftar.")
    for own in chosen:
        if own.file_name is None:
            raise NotSent(f"Berkas {own.form.upper()} belum selesai dibuat. Coba lagi beberapa saat.")
    return chosen


def _size(folder: Path, document: SubmissionDocument) -> int:
    try:
        return (folder / (document.file_name or "")).stat().st_size
    except OSError as error:
        raise NotSent(f"Berkas {document.form.upper()} tidak dapat dibaca di server: {error.strerror}.") from error


def _named(document: SubmissionDocument) -> str:
    return f"{document.form.upper()} {document.digest}"


def _post(
    session: Session,
    programme: Programme,
    submission: Submission,
    to: Recipient,
    carried: Iterable[SubmissionDocument],
    now: datetime,
) -> Sending:
    """One mail to one office, planned as a notice; it waits for no quiet hours, because somebody sends it now."""
    office = offices.by_code(session, programme.desk.code, to.code)
    matter = session.get_one(Matter, submission.obligation_id)
    assert office is not None
    own = sendings.add(session, submission.id, to.title, By.MAIL, office_id=office.id, copy=to.copy, now=now)
    sendings.carry(session, own.id, [document.id for document in carried])
    about = About(matter.id, matter.ladder, submission.version, sendings.OCCASION, sendings.rung(own.number))
    told = To(office.id, office.zone, Channel.EMAIL)
    notices.add(session, [notices.new(programme, about, told, Say.SUBMISSION, urgent=True, now=now)])
    return own


def hand_out(session: Session, submission: Submission, form: str, *, hand: Hand, now: datetime) -> None:
    """Somebody took a document along, to send it through Srikandi: from now on it may be out. Raises: NotSent."""
    _check_leaves(session, submission)
    sending.check_withheld(submission.state, withheld=names_restricted(session, submission))
    (document,) = _chosen(session, submission, [form])
    submissions.note(session, submission, Step.HANDED_OUT, hand=hand, at=now, text=_named(document))
    if submission.state is State.APPROVED:
        submissions.change(session, submission.id, state=State.HANDED_OUT)


def record(
    session: Session,
    programme: Programme,
    submission: Submission,
    form: str,
    recorded: Recorded,
    proof: Attached | None,
    *,
    hand: Hand,
    now: datetime,
) -> Sending:
    """Write down how a version that was handed out left, tied to the hash of its document. The same again is one.

    Raises:
        NotSent: it may not leave, or what was recorded cannot be.
    """
    if again := next((own for own in sendings.of(session, submission.id) if sendings.says(own, recorded)), None):
        return again
    if submission.state is not State.HANDED_OUT:  # what was taken along left, also if a correction was begun since
        _check_leaves(session, submission)
    _check_recorded(submission, recorded, now)
    chosen = _chosen(session, submission, [form])
    to = recipients(session, programme, submission)[0]
    own = sendings.add(session, submission.id, to.title, By.HAND, office_id=None, copy=False, now=now)
    sendings.carry(session, own.id, [document.id for document in chosen])
    sendings.record(own, recorded, proof, now=now)
    own.left_at = now
    text = f"{recorded.number}, {_named(chosen[0])}".removeprefix(", ")
    left(session, submission, Via.PAPER, hand, text, now)
    if recorded.received:
        _received(session, submission, hand, recorded, now)
    return own


def acknowledge(
    session: Session,
    submission: Submission,
    own: Sending,
    recorded: Recorded,
    proof: Attached | None,
    *,
    hand: Hand,
    now: datetime,
) -> None:
    """Write down what became known of a sending later: number, date, the receiver's agenda number, proof.

    Raises:
        NotSent: it has not left, or what was typed cannot be so.
    """
    if own.left_at is None:
        raise NotSent("Surel ini belum diterima server surel penerima.")
    _check_recorded(submission, recorded, now)
    sendings.record(own, recorded, proof, now=now)
    if recorded.received and not own.copy:
        _received(session, submission, hand, recorded, now)


def _check_recorded(submission: Submission, recorded: Recorded, now: datetime) -> None:
    zone = ZoneInfo(facts.from_json(submission.facts).header.zone)
    sending.check_recorded(recorded, today=now.astimezone(zone).date(), since=submission.cut_off_at.astimezone(zone))


def left_by_mail(session: Session, message_ids: Sequence[int], *, now: datetime) -> None:
    """A mail server took these messages: what they carry has left. Harmless to repeat."""
    for own in sendings.of_messages(session, message_ids):
        if own.left_at is not None:
            continue
        own.left_at = now
        submission = submissions.held(session, own.submission_id)
        if submission is not None and not own.copy:
            left(session, submission, Via.EMAIL, _asked_by(session, submission), own.title, now)


def _asked_by(session: Session, submission: Submission) -> Hand:
    """The office that had it mailed; the sending itself nobody did by hand."""
    asked = [own for own in submissions.events(session, submission.id) if own.step is Step.MAILED][-1]
    return Hand(asked.office_id, session.get_one(Office, asked.office_id).title, Way.SYSTEM)


def left(session: Session, submission: Submission, via: Via, hand: Hand, text: str, now: datetime) -> None:
    """A version has left, by whatever way: nobody is asked for it any more."""
    _sent(session, submission, hand, text, now)
    _fulfil(session, submission, via, hand, now)


def filed(session: Session, obligation_id: int, *, hand: Hand, now: datetime) -> None:
    """Somebody filed the desk's own report by another way: its last version left, whether it was approved or not."""
    submission = submissions.last(session, obligation_id)
    if submission is not None and submission.state not in LEFT:
        _sent(session, submission, hand, "" if submission.approved else "tanpa persetujuan", now)


def _sent(session: Session, submission: Submission, hand: Hand, text: str, now: datetime) -> None:
    """It is sent, and those before it are corrected."""
    submissions.note(session, submission, Step.SENT, hand=hand, at=now, text=text)
    submissions.change(session, submission.id, state=sending.follows(submission.state, received=False))
    for before in submissions.before(session, submission):
        if before.state is not State.CORRECTED:
            submissions.note(session, before, Step.CORRECTED, hand=hand, at=now, text=f"versi {submission.version}")
            submissions.change(session, before.id, state=State.CORRECTED)


def _received(session: Session, submission: Submission, hand: Hand, recorded: Recorded, now: datetime) -> None:
    submissions.note(session, submission, Step.RECEIVED, hand=hand, at=now, text=recorded.agenda)
    submissions.change(session, submission.id, state=State.RECEIVED)


def _fulfil(session: Session, submission: Submission, via: Via, hand: Hand, now: datetime) -> None:
    """File the desk's own report: a version of it for each version that left."""
    owed = obligations.locked(session, session.get_one(Matter, submission.obligation_id).key)
    if owed is None or owed[1].standing not in (Standing.OWED, Standing.RECEIVED):
        return
    matter, own = owed
    versions = reports.of(session, own.id)
    body = {"note": f"{submission.name}, versi {submission.version}, {submission.facts_digest}"}
    digest = filing.digest(Content.FILLED, body)
    if any(version.digest == digest for version in versions):
        return
    holder = assignments.holder(session, hand.office_id, at=now)
    title = styled(holder.kind, hand.title) if holder else hand.title
    new = reports.New(
        version=len(versions) + 1,
        content=Content.FILLED,
        body=body,
        digest=digest,
        via=via,
        office_id=hand.office_id,
        title=title[:120],
        holder=holder.name if holder else None,
        received_at=now,
    )
    reports.add(session, own.id, new, now=now)
    obligations.mark(session, own.id, Standing.RECEIVED, content=Content.FILLED, received_at=now)
    matters.close(session, matter.id, why="received", now=now)
