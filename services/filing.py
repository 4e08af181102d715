"""File a report, by whatever way it came: keep it, end its chase, and do all that its form offers."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand, Way
from models.matters import attachments, matters, obligations, promises, reports
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.reports import Report
from models.messages.letters import DECLARED_PROMISE, DECLARED_REPORT
from models.messages.notices import About
from models.offices import assignments
from models.offices.offices import Office
from rules import filing, people, shapes
from rules.assignments import styled
from rules.filing import Content, Incoming, Overtaken, Standing, Via
from rules.forms import Form
from rules.ladder import Say
from rules.programme import Programme
from services import decisions, speaking, telling
from services.government import sending

FILED, RECORDED, WITHDRAWN = "filed", "recorded", "taken back"
"""What a change is called: whoever owes it sent it, the secretariat took it down, or a nil was taken back."""


class Filed(NamedTuple):
    """What was kept, whether it was there before, and the numbers of the problems that it speaks of."""

    report: Report
    again: bool
    problems: Sequence[str]


def file(
    session: Session,
    programme: Programme,
    owed: tuple[Matter, Obligation],
    form: Form,
    incoming: Incoming,
    *,
    hand: Hand | None = None,
    now: datetime,
) -> Filed:
    """Keep a report and end its chase; record the problems that it asks for. Sent again, it is the same report.

    Args:
        owed: what `telling.locked` gave.
        form: what its duty asks for.
        hand: who records it and by which way; None: the office itself, at the command line.

    Raises:
        NotTaken: no such office, cancelled or waived, nil where nil is not allowed, a time that cannot be,
            a body without the form's shape, or something newer than the sender has seen.
    """
    matter, obligation = owed
    office = telling.office_of(session, programme, incoming.by)
    filing.check(obligation.standing, incoming.content, duty=programme.policy.duty(obligation.duty))
    villages = programme.desk.villages_of(people.district(programme.desk, matter.area))
    new = _new(session, obligation, office, form, incoming, villages, now)
    versions = reports.of(session, obligation.id)
    known = _known(obligation, versions, new, incoming.seen)
    if known is not None:
        return Filed(known, True, speaking.spoken_of(session, known))
    if incoming.seen is not None and len(versions) > incoming.seen:
        raise Overtaken(
            f"{matter.code} has {len(versions)} versions, and the sender saw {incoming.seen}: look again first"
        )
    report = reports.add(session, obligation.id, new._replace(version=len(versions) + 1), now=now)
    attachments.add(session, report.id, incoming.files)
    hand = hand or Hand(office.id, office.title, Way.COMMAND)
    _received(session, programme, matter, report, hand, now)
    numbers = speaking.told(session, programme, owed, form, [*versions, report], hand=hand, now=now)
    return Filed(report, False, numbers)


def _new(
    session: Session,
    obligation: Obligation,
    office: Office,
    form: Form,
    incoming: Incoming,
    villages: Collection[str],
    now: datetime,
) -> reports.New:
    """What is to be stored, in the form's shape; its version is not known yet. Raises: NotTaken."""
    sent = {file.sent for file in incoming.files}
    content, body = shapes.shaped(form, incoming.content, incoming.body, sent, villages)
    received_at = filing.received_at(incoming.at, reason=incoming.reason, zone=obligation.zone, now=now)
    title, holder = _as_filed(session, office, received_at)
    return reports.New(
        version=0,
        content=content,
        body=body,
        digest=filing.digest(content, body),
        via=incoming.via,
        office_id=office.id,
        title=title,
        holder=holder,
        received_at=received_at,
        observed_at=incoming.observed_at,
        reason=incoming.reason,
    )


def _known(obligation: Obligation, versions: Sequence[Report], new: reports.New, seen: int | None) -> Report | None:
    """The version that this one repeats; None: it is new."""
    returned_at = obligation.returned_at
    answers_return = returned_at is not None and new.received_at >= returned_at
    digests = filing.since_withdrawal([v.content for v in versions], [v.digest for v in versions])
    known = filing.same(digests, new.digest, seen=seen, answers_return=answers_return)
    return None if known is None else versions[known - 1]


def _as_filed(session: Session, office: Office, at: datetime) -> tuple[str, str | None]:
    """The office's title as it is now, and the name of whoever holds it: later changes leave a report alone."""
    holder = assignments.holder(session, office.id, at=at)
    title = styled(holder.kind, office.title) if holder else office.title
    return title[:120], holder.name if holder else None


def _received(
    session: Session, programme: Programme, matter: Matter, report: Report, hand: Hand, now: datetime
) -> None:
    """End the chase, write down who did it, and send the receipt where it was not shown."""
    what = FILED if hand.way in (Way.LINK, Way.REPLY) else RECORDED
    place = (matter.programme_id, matter.id)
    changes.record(session, hand, what, matter.code, *place, text=report.number, now=now)
    obligations.mark(session, matter.id, Standing.RECEIVED, content=report.content, received_at=report.received_at)
    matters.close(session, matter.id, why="received", now=now)
    if matter.area == programme.desk.regency_code:
        sending.filed(session, matter.id, hand=hand, now=now)
    told = _declared(session, programme, matter, report, now)
    shown = report.via in filing.SHOWN_AT_ONCE or hand.way is Way.REPLY  # whoever wrote is answered with it
    if not told and not shown and programme.policy.receipt_by:
        telling.tell_reporter(session, programme, matter, Say.RECEIVED, "receipt", report.version, now)


def _declared(session: Session, programme: Programme, matter: Matter, report: Report, now: datetime) -> bool:
    """Tell whoever reports for the area what another office said for him; whether one did."""
    reporter, _ = people.owing(programme.desk, matter.area)
    if telling.office_of(session, programme, reporter).id == report.office_id:
        return False
    urgent = programme.policy.ladder(matter.ladder).urgent
    about = About(matter.id, matter.ladder, report.version, DECLARED_REPORT)
    telling.tell(session, programme, reporter, about, Say.DECLARED, urgent=urgent, now=now)
    return True


def promise(
    session: Session,
    programme: Programme,
    owed: tuple[Matter, Obligation],
    *,
    by: str,
    until: datetime,
    note: str,
    now: datetime,
) -> None:
    """Pause the chase until then; whoever reports is told that another office asked for it. Raises: NotTaken."""
    matter, _ = owed
    office = telling.office_of(session, programme, by)
    promises.make(session, owed, office_id=office.id, until=until, note=note, now=now)
    reporter, _ = people.owing(programme.desk, matter.area)
    if reporter != by:
        about = About(matter.id, matter.ladder, matter.round, DECLARED_PROMISE)
        telling.tell(session, programme, reporter, about, Say.DECLARED, now=now)


def take_back(
    session: Session, programme: Programme, owed: tuple[Matter, Obligation], *, by: str, hand: Hand, now: datetime
) -> Report:
    """Take back a nil that was just declared: a version that says so. The report is owed again, and chased.

    Taken back twice, it is taken back once.

    Raises:
        NotTaken: it is no nil, not of `by` nor of his district, or was declared too long ago.
    """
    matter, obligation = owed
    versions = reports.of(session, obligation.id)
    last = versions[-1] if versions else None
    office = telling.office_of(session, programme, by)
    taken_back = last is not None and last.content is Content.WITHDRAWN and obligation.standing is Standing.OWED
    if last is not None and taken_back and last.office_id == office.id:
        return last
    contents = [v.content for v in versions]
    until = filing.take_back_until(contents, last.via, last.recorded_at, matter.closes_after) if last else None
    mine = last is not None and (last.office_id == office.id or people.owing(programme.desk, matter.area)[0] == by)
    if until is None or not mine or obligation.returned_at is not None:
        raise filing.NotOwed(f"{matter.code} is no nil report of {by}: there is nothing to take back")
    if now >= until:
        raise filing.TooLate(f"{matter.code} was declared before {until.isoformat()}: file a correction")
    report = reports.add(session, obligation.id, _withdrawal(session, len(versions) + 1, office, now), now=now)
    changes.record(session, hand, WITHDRAWN, matter.code, matter.programme_id, matter.id, text=report.number, now=now)
    obligations.reopen(session, obligation.id)
    since = filing.judged_by(obligation.due_at, obligation.extended_until)
    decisions.restart(session, programme, matter, since=since, closes_after=matter.closes_after, now=now)
    _declared(session, programme, matter, report, now)
    return report


def _withdrawal(session: Session, version: int, office: Office, now: datetime) -> reports.New:
    """A version that says that the one before it was taken back."""
    title, holder = _as_filed(session, office, now)
    return reports.New(
        version=version,
        content=Content.WITHDRAWN,
        body={},
        digest=filing.digest(Content.WITHDRAWN, {"version": version}),
        via=Via.LINK,
        office_id=office.id,
        title=title,
        holder=holder,
        received_at=now,
    )
