"""Which problems a frozen report names that only some offices may read of by now."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from models.matters import later
from models.matters.matters import Matter
from models.matters.submissions import Submission
from reports.government import facts
from reports.government.facts import Since, Weekly


def names_restricted(session: Session, submission: Submission) -> bool:
    """Whether a version may leave no more, because it names a problem that was restricted after it was frozen."""
    return bool(restricted(session, submission))


def restricted(session: Session, submission: Submission) -> list[Matter]:
    """The problems that a version names and that are restricted now, or went into one that is."""
    programme_id = session.get_one(Matter, submission.obligation_id).programme_id
    return later.restricted(session, programme_id, set(_named(facts.from_json(submission.facts))))


def enclosed(session: Session, submission: Submission) -> list[Matter]:
    """The problems that the annex of a version tells of; none: it has no annex."""
    if submission.restricted is None:
        return []
    programme_id = session.get_one(Matter, submission.obligation_id).programme_id
    return later.named(session, programme_id, [own.code for own in facts.from_json(submission.restricted).problems])


def _named(frozen: Weekly) -> Iterator[str]:
    """The number of every problem that the report names."""
    yield from (own.code for own in (*frozen.problems, *(frozen.since or Since()).problems))
    yield from (own.problem for own in frozen.recommendations if own.problem)
    if frozen.findings:
        yield from (own.problem for own in frozen.findings.advice if own.problem)
        yield from frozen.findings.risks.problems
