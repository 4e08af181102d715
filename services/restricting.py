"""Problems that only some offices read of (terbatas): made so, opened to everybody again, and who read them."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import issues
from models.matters.issues import Issue, Step
from models.matters.matters import Matter
from rules import access
from rules.filing import NotTaken
from rules.people import Parties
from rules.programme import Programme
from services import problems


class NotReadable(NotTaken):
    """An office may not read this problem."""


def restrict(session: Session, matter: Matter, restricted: bool, *, text: str, hand: Hand, now: datetime) -> None:
    """Let only those read of a problem who must (`rules.access.reads`), or everybody again. `text`: why.

    What was sent before is not taken back. What is still planned for others is dropped when its time comes.

    Raises:
        NotTaken: nobody says why, or it is so already.
    """
    if not text.strip():
        raise issues.Unsaid("say why: this is read by whoever asks later")
    if issues.restricted(session, matter.id) is restricted:
        raise NotTaken(f"{matter.code} is {'restricted already' if restricted else 'not restricted'}")
    step = Step.RESTRICTED if restricted else Step.UNRESTRICTED
    problems.noted(session, matter, step, hand=hand, text=text.strip(), now=now)
    issues.change(session, matter.id, restricted=restricted)


def opened(session: Session, programme: Programme, matter: Matter, reader: str, *, hand: Hand, now: datetime) -> Issue:
    """A problem for the office that reads it. That it reads a restricted one is recorded.

    Args:
        reader: its code.

    Raises:
        NotReadable: it is restricted and not for this office, or about it.
    """
    issue = session.get_one(Issue, matter.id)
    ids = (matter.owner_id, matter.giver_id, matter.subject_id)
    owner, giver, subject = (reader if id == hand.office_id else None for id in ids)
    if not access.reads(programme.desk, reader, matter.area, Parties(owner, giver, subject, issue.restricted)):
        raise NotReadable(f"{matter.code}: {reader} may not read it")
    if issue.restricted:
        read(session, matter, hand=hand, now=now)
    return issue


def read(session: Session, matter: Matter, *, hand: Hand, now: datetime) -> None:
    """Record that an office reads a restricted problem, every time."""
    changes.record(session, hand, changes.READ, matter.code, matter.programme_id, matter.id, now=now)
