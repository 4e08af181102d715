"""From a draft to an approved report to the Government: handed in, agreed, sent back; its words edited.

While it waits for an approver, its matter is his: the ladder of the desk's own report speaks to him.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand, Way
from models.matters import documents, matters, sendings, submissions
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.submissions import NarrativeEdit, Submission, SubmissionEvent
from models.messages.notices import About
from models.offices import assignments
from models.offices.offices import Office
from reports.government import approved, facts, forms
from reports.government.approved import Approval, Approved, Narrative
from rules import decisions, ladder
from rules import submissions as rule
from rules.assignments import styled
from rules.desk import Channel
from rules.indonesian import moment
from rules.ladder import Say
from rules.programme import Programme
from rules.sending import NotSent, check_withheld
from rules.submissions import NotApproved, Outdated, State, Step
from services import telling
from services.government.withheld import names_restricted

DRAFTED = ("pdf",)
"""The documents that are made of a draft: what can be taken apart and sent on is made of what was approved."""


BY = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP)
"""How who is asked, and who asked, is told: a mail has room for the figures, and wakes nobody."""


UNAPPROVED = "Laporan ini belum disetujui"
"""How the first page of a report begins that left without an approval."""

ON_ITS_WAY = (
    "Laporan ini sudah, atau mungkin sudah, diterima salah satu alamatnya melalui surel, sehingga tidak dapat"
    " dikembalikan lagi. Perbaikannya dibuat sebagai ralat, setelah pengirimannya tercatat."
)


HANDED_OUT = (
    "Laporan ini sudah diserahkan untuk dikirim, sehingga tidak dapat dikembalikan lagi. Perbaikannya dibuat sebagai"
    " ralat."
)


class Own(NamedTuple):
    """One version of a report, locked with its matter, and how far its approval is.

    `turn`: the office whose approval is waited for; None: nobody's.
    """

    submission: Submission
    matter: Matter
    obligation: Obligation
    approvers: tuple[str, ...]
    turn: str | None


def held(session: Session, programme: Programme, id: int) -> Own | None:
    """A version of a report, locked; None: there is none."""
    known = session.get(Submission, id)
    if known is None:
        return None
    matter, obligation = telling.locked(session, session.get_one(Matter, known.obligation_id).key)
    submission = submissions.held(session, id)
    assert submission is not None
    own = approvers(programme, submission)
    return Own(submission, matter, obligation, own, turn(session, programme, submission))


def approvers(programme: Programme, submission: Submission) -> tuple[str, ...]:
    """The offices that approve a version, in order, as its kind was when it was frozen."""
    return rule.approvers(programme.desk, facts.kind_of(submission.facts))


def turn(session: Session, programme: Programme, submission: Submission) -> str | None:
    """The office whose approval is waited for; None: nobody's."""
    waits = submission.state is State.FOR_APPROVAL
    return rule.turn(approvers(programme, submission), agreed(session, submission)) if waits else None


def agreed(session: Session, submission: Submission) -> list[str]:
    """The codes of the offices that agreed to a version since it was handed in."""
    steps = submissions.events(session, submission.id)
    return rule.agreed((own.step, session.get_one(Office, own.office_id).code) for own in steps)


def hand_in(session: Session, programme: Programme, own: Own, *, hand: Hand, now: datetime) -> None:
    """Ask the first approver. Raises: NotTaken."""
    submission = own.submission
    if not rule.hands_in(programme.desk, _code(session, hand), submission.state):
        raise NotApproved(f"{own.matter.code} is no draft, or this office does not hand it in")
    must_be_last(session, own)
    check_withheld(submission.state, withheld=names_restricted(session, submission))
    submissions.change(session, submission.id, state=State.FOR_APPROVAL)
    noted(session, own, Step.HANDED_IN, hand=hand, now=now)
    _reopen(session, programme, own, now)
    _ask(session, programme, own, own.approvers[0], now)


def approve(session: Session, programme: Programme, own: Own, *, hand: Hand, edition: int, now: datetime) -> bool:
    """Agree to what was read; whether nobody is left to agree, so that it is approved and its words are frozen.

    Args:
        edition: which words were read.

    Raises:
        NotTaken: it is not this office's turn, or something else stands there now.
    """
    submission, code = own.submission, _code(session, hand)
    if not rule.approves(code, submission.state, own.turn):
        raise NotApproved(f"{own.matter.code} does not wait for this office's approval")
    must_be_last(session, own)
    check_withheld(submission.state, withheld=names_restricted(session, submission))
    if edition != submission.edition:
        raise Outdated(f"the words of {own.matter.code} were changed after they were read")
    following = rule.turn(own.approvers, {*agreed(session, submission), code})
    noted(session, own, Step.AGREED if following else Step.APPROVED, hand=hand, now=now)
    if following:
        _ask(session, programme, own, following, now)
        return False
    _freeze(session, own)
    matters.pass_to(session, own.matter.id, None)
    _tell(session, programme, own, programme.desk.secretariat, Say.APPROVED, now)
    return True


def _freeze(session: Session, own: Own) -> None:
    """Keep the words with their approvals, and have the documents made that may leave."""
    submission = own.submission
    words = Approved(_narratives(session, submission.id), tuple(approvals(session, submission)))
    _again(session, submission, state=State.APPROVED, approved=approved.to_json(words))


def _again(session: Session, submission: Submission, **values: object) -> None:
    """Something else stands in a version now, so its documents are made anew."""
    submissions.change(session, submission.id, edition=submission.edition + 1, **values)
    session.refresh(submission)
    draw(session, submission)


def draw(session: Session, submission: Submission) -> None:
    """Have the documents of the present edition made: of a draft few, of what was approved every form."""
    wanted = [form.code for form in forms.FORMS] if submission.approved is not None else list(DRAFTED)
    annex = [forms.RESTRICTED.code] if submission.restricted else []
    documents.want(session, submission, [*wanted, *annex])


def release(session: Session, programme: Programme, own: Own, *, now: datetime) -> bool:
    """Let a version leave unapproved if it is due and its kind says so; whether it may. Its first page says so."""
    submission, frozen = own.submission, facts.from_json(own.submission.facts)
    due = rule.releases(frozen.kind, submission.state, own.obligation.due_at, now=now)
    if not due or names_restricted(session, submission):
        return False
    office = telling.office_of(session, programme, programme.desk.secretariat)
    noted(session, own, Step.RELEASED, hand=Hand(office.id, office.title, Way.SYSTEM), now=now)
    until = moment(own.obligation.due_at, frozen.header.zone)
    words = Approved(_narratives(session, submission.id), notice=f"{UNAPPROVED} sampai batas waktunya, {until}.")
    _again(session, submission, state=State.APPROVED, approved=approved.to_json(words))
    matters.pass_to(session, own.matter.id, None)
    return True


def send_back(session: Session, programme: Programme, own: Own, *, hand: Hand, reason: str, now: datetime) -> None:
    """It is a draft again, and the secretariat reads why. Raises: NotTaken."""
    why, submission = decisions.reason(reason), own.submission
    if submission.state is State.HANDED_OUT:
        raise NotSent(HANDED_OUT)
    if not rule.sends_back(_code(session, hand), submission.state, own.turn, own.approvers):
        raise NotApproved(f"{own.matter.code} is not with this office for approval")
    if sendings.on_its_way(session, submission.id):
        raise NotSent(ON_ITS_WAY)
    noted(session, own, Step.SENT_BACK, hand=hand, text=why, now=now)
    if submission.approved is None:
        submissions.change(session, submission.id, state=State.DRAFT)
    else:
        _again(session, submission, state=State.DRAFT, approved=None)
    matters.pass_to(session, own.matter.id, None)
    _tell(session, programme, own, programme.desk.secretariat, Say.SENT_BACK, now)


def edit(
    session: Session, programme: Programme, own: Own, chapter: str, text: str, *, seen: str, hand: Hand, now: datetime
) -> bool:
    """Change the words of a chapter; False: they are those that stand there. Figures are not among them.

    Args:
        seen: the words that stood there when the writer began.

    Raises:
        NotTaken: it is not this office's to edit, too long, or somebody else changed the chapter meanwhile.
    """
    submission = own.submission
    if not rule.edits(programme.desk, _code(session, hand), submission.state, own.turn):
        raise NotApproved(f"{own.matter.code} is not this office's to edit now")
    before, after = narrative(session, submission.id).get(chapter, ""), rule.narrative(text)
    if after == before:
        return False
    if rule.narrative(seen) != before:
        raise Outdated(f"somebody else changed this chapter of {own.matter.code} meanwhile")
    submissions.edit(session, submission, chapter, before, after, hand=hand, at=now)
    _again(session, submission)
    return True


def narrative(session: Session, submission_id: int) -> dict[str, str]:
    """By chapter, the words that people wrote, as they stand now."""
    return {own.chapter: own.after for own in submissions.edits(session, submission_id)}


def since(session: Session, submission_id: int, edition: int, present: int) -> Sequence[NarrativeEdit]:
    """What was changed in the words after somebody read this edition, each chapter once, the last first."""
    later = submissions.edits(session, submission_id)[-(present - edition) :] if present > edition else []
    return list({own.chapter: own for own in later}.values())[::-1]


def beside(session: Session, submission: Submission) -> str:
    """What stands beside the facts of a version now, for its documents: what was frozen, or the words of a draft."""
    return submission.approved or approved.to_json(Approved(_narratives(session, submission.id)))


def _narratives(session: Session, submission_id: int) -> tuple[Narrative, ...]:
    return tuple(Narrative(chapter, text) for chapter, text in narrative(session, submission_id).items() if text)


def approvals(session: Session, submission: Submission) -> list[Approval]:
    """Who agreed to a version since it was handed in, in order."""
    steps: list[SubmissionEvent] = []
    for own in submissions.events(session, submission.id):
        if own.step in (Step.HANDED_IN, Step.SENT_BACK):
            steps = []
        elif own.step in (Step.AGREED, Step.APPROVED):
            steps.append(own)
    return [Approval(title(session, own), own.at, str(own.through or "")) for own in steps]


def title(session: Session, step: SubmissionEvent) -> str:
    """The title of whoever took a step, as it was then: `Plt. Sekretaris Daerah`."""
    office, holder = session.get_one(Office, step.office_id), assignments.holder(session, step.office_id, at=step.at)
    return styled(holder.kind, office.title) if holder else office.title


def must_be_last(session: Session, own: Own) -> None:
    """Raises: Outdated: another version stands in its place."""
    last = submissions.last(session, own.obligation.id)
    if last is not None and last.id != own.submission.id:
        raise Outdated(f"version {own.submission.version} of {own.matter.code} is not the last: it is {last.version}")


def _code(session: Session, hand: Hand) -> str:
    return session.get_one(Office, hand.office_id).code


def noted(session: Session, own: Own, step: Step, *, hand: Hand, text: str = "", now: datetime) -> None:
    """Keep a step, and write it down among the changes."""
    submissions.note(session, own.submission, step, hand=hand, at=now, text=text)
    place = (own.matter.programme_id, own.matter.id)
    changes.record(session, hand, f"report {step.replace('_', ' ')}", own.matter.code, *place, text=text, now=now)


def _reopen(session: Session, programme: Programme, own: Own, now: datetime) -> None:
    """A correction of what was sent is owed again, and by as much time as the report had."""
    matter, obligation = own.matter, own.obligation
    if matter.closed_at is None:
        return
    since = now + (obligation.due_at - obligation.opens_at)
    closes_after = matter.closes_after and since + (matter.closes_after - obligation.due_at)
    climbed = programme.policy.ladder(matter.ladder)
    fresh = ladder.Matter(since=since, closes_after=closes_after)
    next_at = ladder.next_at(fresh, climbed, now=now)
    matters.restart(session, matter.id, since=since, closes_after=closes_after, next_at=next_at)


def _ask(session: Session, programme: Programme, own: Own, approver: str, now: datetime) -> None:
    """The report waits for this office from now on."""
    matters.pass_to(session, own.matter.id, telling.office_of(session, programme, approver).id)
    _tell(session, programme, own, approver, Say.APPROVAL, now)


def _tell(session: Session, programme: Programme, own: Own, code: str, say: Say, now: datetime) -> None:
    """A notice of a step, in the matter's present round: a later step begins another, and this one is moot."""
    session.refresh(own.matter)
    about = About(own.matter.id, own.matter.ladder, own.matter.round, say)
    urgent = programme.policy.ladder(own.matter.ladder).urgent
    telling.tell(session, programme, code, about, say, urgent=urgent, by=BY, now=now)
