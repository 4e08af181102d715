"""The next version of a report to the Government: its facts as of now, for the same days, with the words of the one
before.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from models.desk.changes import Hand
from models.matters import matters, sendings, submissions
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from models.offices.offices import Office
from reports.government import facts, glance, letter, restricted
from reports.government.corrections import Correction, Difference
from rules import decisions
from rules import submissions as rule
from rules.forms import Form
from rules.programme import Programme
from rules.sending import NotSent
from rules.submissions import NotApproved, State, Step
from services.government import approving, header, later
from services.government.approving import Own
from services.government.gathering import Gathered, gather
from services.government.withheld import names_restricted


def gather_again(
    session: Session,
    programme: Programme,
    forms: Mapping[str, Form],
    own: Own,
    *,
    reason: str,
    hand: Hand,
    public_url: str,
    now: datetime,
) -> Submission:
    """Put a draft in the place of a version that names what was restricted since, and that nobody outside has.

    Args:
        own: the last version, locked.
        public_url: where anybody looks up the code on its letter; empty: nowhere.

    Raises:
        NotTaken: no reason, not this office's, it names nothing restricted, or it may have arrived somewhere.
    """
    why, before = decisions.reason(reason), own.submission
    code = session.get_one(Office, hand.office_id).code
    approving.must_be_last(session, own)
    if not rule.gathers_again(programme.desk, code, before.state) or not names_restricted(session, before):
        raise NotApproved(f"{own.matter.code}, version {before.version}, is not to be gathered again by this office")
    if sendings.on_its_way(session, before.id):
        raise NotSent(approving.ON_ITS_WAY)
    corrected = submissions.before(session, before)[-1] if before.correction else None
    told = facts.from_json(before.facts).correction
    fresh = as_of_now(session, programme, forms, own, corrected, told.reason if told else "", now)
    approving.noted(session, own, Step.REPLACED, hand=hand, text=why, now=now)
    submissions.change(session, before.id, state=State.DROPPED)
    if before.state is not State.DRAFT:
        matters.pass_to(session, own.matter.id, None)
    new = store(session, before, fresh, corrects=False, hand=hand, public_url=public_url, now=now)
    submissions.note(session, new, Step.GATHERED, hand=hand, at=now, text=why)
    return new


def as_of_now(
    session: Session,
    programme: Programme,
    forms: Mapping[str, Form],
    own: Own,
    corrected: Submission | None,
    why: str,
    now: datetime,
) -> Gathered:
    """The facts as of now, with what changed since the version that they correct, if they correct one."""
    kind = facts.kind_of(own.submission.facts)
    as_of = _as_of(own.obligation, now)
    fresh = gather(session, own.matter.programme_id, programme, forms, kind, as_of, first=own.obligation.opens_at)
    if corrected is None:
        return fresh
    before = facts.from_json(corrected.facts)
    told = later.since(session, programme, own.matter.programme_id, corrected)
    known = replace(before, header=replace(before.header, cut_off=now))  # its time alone is no other figure
    lines = zip(glance.lines(known), glance.lines(fresh.facts), strict=True)
    differences = tuple(Difference(old, new) for old, new in lines if old != new)
    correction = Correction(corrected.version, corrected.cut_off_at, why, tuple(told), differences)
    return fresh._replace(facts=replace(fresh.facts, correction=correction))


def store(
    session: Session, before: Submission, fresh: Gathered, *, corrects: bool, hand: Hand, public_url: str, now: datetime
) -> Submission:
    """Keep the facts as the next version, a draft, with the words of the one before where their chapter remains."""
    numbered = submissions.numbers(session, before, corrects=corrects)
    annex = facts.numbered(fresh.annex, *numbered) if fresh.annex else None
    own = restricted.sealed(facts.numbered(header.looked_up(fresh.facts, public_url), *numbered), annex)
    apart = facts.to_json(annex) if annex else None
    told = facts.to_json(own), facts.digest(own)
    new = submissions.freeze_next(session, before, *told, restricted=apart, numbered=numbered, now=now)
    made = letter.document(own)
    remaining = {chapter.code for chapter in (*made.chapters, made.closing)}
    for chapter, text in approving.narrative(session, before.id).items():
        if chapter in remaining:
            submissions.edit(session, new, chapter, "", text, hand=hand, at=now)
    approving.draw(session, new)
    return new


def _as_of(own: Obligation, now: datetime) -> Obligation:
    """The same report as if its cut-off were now; it is none of the books'."""
    values = {column.key: getattr(own, column.key) for column in inspect(Obligation).column_attrs}
    return Obligation(**values | {"opens_at": now})
