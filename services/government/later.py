"""What came after a report to the Government was frozen, about what it names."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.matters import later
from models.matters.issues import Step
from models.matters.submissions import Submission
from reports.government import facts
from reports.government.corrections import Later, What
from reports.government.facts import Since, Weekly
from rules.filing import Content
from rules.government import Covers
from rules.programme import Programme

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
