"""Correct a report to the Government that has left: what came since, and a new version that says it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from models.desk.changes import Hand
from models.matters import later, submissions
from models.matters.issues import Step
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from models.offices.offices import Office
from reports.government import facts, glance
from reports.government.corrections import Correction, Difference, Later, What
from reports.government.facts import Since, Weekly
from rules import access, decisions
from rules.filing import Content, NotTaken
from rules.forms import Form
from rules.government import Covers
from rules.programme import Programme
from rules.submissions import LEFT, State
from services.government import approving, header
from services.government.approving import Own
from services.government.gathering import gather

DECIDED = {"waived": What.WAIVED, "extended": What.EXTENDED, "revoked": What.REVOKED}
DONE = {
    Step.ACKNOWLEDGED: What.FOLLOWED_UP,
    Step.FOLLOWED_UP: What.FOLLOWED_UP,
    Step.GRADED: What.GRADED,
    Step.HANDED_ON: What.HANDED_ON,
    Step.RESOLVED: What.RESOLVED,
    Step.REOPENED: What.REOPENED,
    Step.MERGED: What.MERGED,
}
"""What changes what a report said of a problem; the other steps do not."""


SPANS = frozenset({Covers.WEEK, Covers.DAY, Covers.ELECTION})
"""Kinds that tell of every problem of their days."""


class NotCorrected(NotTaken):
    """This version is not to be corrected, or not by this office."""


def since(session: Session, programme: Programme, programme_id: int, submission: Submission) -> list[Later]:
    """What came after a version was frozen about what it names, the first first."""
    frozen = facts.from_json(submission.facts)
    at, head = submission.frozen_at, frozen.header
    keys, codes = _named(frozen)
    began = head.begins_at or datetime.combine(head.period_start, time(0), ZoneInfo(head.zone))
    filed = [
        Later(_filed(own), own.code, programme.desk.area_name(own.area), own.at)
        for own in later.filed(session, programme_id, keys, since=at)
    ]
    decided = later.decided(session, programme_id, keys, DECIDED, since=at)
    done = later.done(session, programme_id, codes, since=at)
    span = {"after": began, "until": submission.cut_off_at}
    new = later.recorded(session, programme_id, codes, since=at, **span) if frozen.kind.covers in SPANS else []
    told = [
        Later(what, own.code, programme.desk.area_name(own.area), own.at)
        for own in (*decided, *done, *new)
        if (what := _done(own.what)) is not None
    ]
    return sorted([*filed, *told], key=lambda own: (own.at, own.code))


def _named(frozen: Weekly) -> tuple[list[str], list[str]]:
    """The keys of the reports and the numbers of the problems that it tells of, also of those after its period."""
    apart = frozen.since or Since()
    keys = [own.key for own in (*frozen.reports, *apart.reports)]
    return keys, [own.code for own in (*frozen.problems, *apart.problems)]


def _filed(own: later.Filed) -> What:
    if own.content is Content.WITHDRAWN:
        return What.WITHDRAWN
    return What.RECEIVED if own.version == 1 else What.CORRECTED


def _done(what: str) -> What | None:
    if what == Step.OPENED:
        return What.RECORDED
    return DECIDED.get(what) or next((own for step, own in DONE.items() if step == what), None)


def may(programme: Programme, office: str, state: State) -> bool:
    """Whether `office` may correct a version: whoever keeps the books, once it has left and nothing newer has."""
    return state in LEFT and state is not State.CORRECTED and access.keeps_books(programme.desk, office)


def correct(
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
    """The next version of a report, of the same days as they are known now; a draft, with the words of the one before.

    Args:
        own: the last version, locked.
        public_url: where anybody looks up the code on its letter; empty: nowhere.

    Raises:
        NotTaken: no reason, not this office's, or this version has not left or is not the last.
    """
    why, before = decisions.reason(reason), own.submission
    last = submissions.last(session, own.obligation.id)
    code = session.get_one(Office, hand.office_id).code
    if last is None or last.id != before.id or not may(programme, code, before.state):
        raise NotCorrected(f"{own.matter.code}, version {before.version}, is not to be corrected by this office now")
    gathered = _gathered(session, programme, forms, own, why, now)
    frozen = header.looked_up(gathered, public_url)
    new = submissions.freeze_next(session, before, facts.to_json(frozen), facts.digest(frozen), now=now)
    for chapter, text in approving.narrative(session, before.id).items():
        submissions.edit(session, new, chapter, "", text, hand=hand, at=now)
    submissions.want(session, new, approving.DRAFTED)
    return new


def _gathered(
    session: Session, programme: Programme, forms: Mapping[str, Form], own: Own, why: str, now: datetime
) -> Weekly:
    """The facts as of now, with what changed since the version before."""
    before = facts.from_json(own.submission.facts)
    programme_id = own.matter.programme_id
    as_of = _as_of(own.obligation, now)
    fresh = gather(session, programme_id, programme, forms, before.kind, as_of, first=own.obligation.opens_at)
    told = since(session, programme, programme_id, own.submission)
    known = replace(before, header=replace(before.header, cut_off=now))  # its time alone is no other figure
    lines = zip(glance.lines(known), glance.lines(fresh), strict=True)
    differences = tuple(Difference(old, new) for old, new in lines if old != new)
    version = own.submission.version
    correction = Correction(version, own.submission.cut_off_at, why, tuple(told), differences)
    return facts.corrects(fresh, correction)


def _as_of(own: Obligation, now: datetime) -> Obligation:
    """The same report as if its cut-off were now; it is none of the books'."""
    values = {column.key: getattr(own, column.key) for column in inspect(Obligation).column_attrs}
    return Obligation(**values | {"opens_at": now})
