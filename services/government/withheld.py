"""Whether a frozen report names a problem that only some offices may read of by now."""

from sqlalchemy.orm import Session

from models.matters import later
from models.matters.matters import Matter
from models.matters.submissions import Submission
from reports.government import facts
from reports.government.facts import Since


def names_restricted(session: Session, submission: Submission) -> bool:
    """Whether a problem that this version names was restricted after it was frozen.

    It is the addressee's letter still; it goes to nobody else before a correction leaves it out.
    """
    frozen = facts.from_json(submission.facts)
    codes = [own.code for own in (*frozen.problems, *(frozen.since or Since()).problems)]
    programme_id = session.get_one(Matter, submission.obligation_id).programme_id
    return later.restricted(session, programme_id, codes)
