"""What the books say of a report that somebody holds: which version, how far it is, and whether it is the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.matters import submissions
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from reports.government import approved, facts
from reports.government.approved import Approval
from reports.government.facts import Weekly
from rules import proofs
from rules.submissions import State


@dataclass(frozen=True, slots=True)
class Checked:
    """One version of a report, and nothing of what it says.

    Args:
        kind: the duty's code.
        zone: times are read in it.
        last: the newest version that stands.
        correction: the how-manyth correction it is; 0: none.
        sound: its facts are those that were frozen, and so are those of its annex of restricted problems.
    """

    programme_id: int
    desk: str
    kind: str
    name: str
    period: tuple[date, date]
    cut_off_at: datetime
    zone: str
    version: int
    last: int
    correction: int
    state: State
    approvals: Sequence[Approval]
    digest: str
    sound: bool

    @property
    def is_last(self) -> bool:
        return self.version == self.last

    @property
    def code(self) -> str:
        """As it is printed on the letter."""
        return proofs.code(self.digest)


def by_code(session: Session, typed: str) -> Checked | None:
    """What a code on a letter stands for; None: nothing that is known."""
    beginning = proofs.beginning(typed)
    found = submissions.by_beginning(session, beginning) if beginning else None
    return of(session, found) if found else None


def _sound(submission: Submission, frozen: Weekly) -> bool:
    """Whether the facts are those that were frozen, and those of the annex the ones that they name."""
    annex = facts.digest_of(submission.restricted) if submission.restricted else ""
    named = frozen.enclosed.digest if frozen.enclosed else ""
    return facts.digest_of(submission.facts) == submission.facts_digest and annex == named


def of(session: Session, submission: Submission) -> Checked:
    """What is known of one version."""
    frozen = facts.from_json(submission.facts)
    own, matter = (
        session.get_one(Obligation, submission.obligation_id),
        session.get_one(Matter, submission.obligation_id),
    )
    last = submissions.last(session, submission.obligation_id)
    return Checked(
        programme_id=matter.programme_id,
        desk=frozen.header.desk,
        kind=own.duty,
        name=submission.name,
        period=(frozen.header.period_start, frozen.header.period_end),
        cut_off_at=submission.cut_off_at,
        zone=frozen.header.zone,
        version=submission.version,
        last=last.version if last else submission.version,
        correction=submission.correction,
        state=submission.state,
        approvals=approved.from_json(submission.approved or "").approvals,
        digest=submission.facts_digest,
        sound=_sound(submission, frozen),
    )
