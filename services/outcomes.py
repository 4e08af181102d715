"""How a problem ends, and how it begins again: resolved, confirmed, opened again, merged into another."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.desk.changes import Hand
from models.matters import courses, issues, matters
from models.matters.issues import Issue, Step
from models.matters.matters import Matter
from models.messages.notices import About
from models.offices.offices import Office
from rules import life, moot, people, troubles
from rules.ladder import Say
from rules.life import NotConfirmed, NotMerged, Stage, Twin
from rules.people import Parties
from rules.programme import Programme
from services import problems, telling

MERGED = "merged"
"""Why the chase of a problem ended that is the same as another."""


def resolve(session: Session, programme: Programme, matter: Matter, *, hand: Hand, outcome: str, now: datetime) -> None:
    """End its chase with an outcome, and ask whoever reported it whether it is over. Raises: NotTaken."""
    said = problems.words(outcome)
    problems.noted(session, matter, Step.RESOLVED, hand=hand, text=said, now=now)
    issues.change(session, matter.id, resolved_at=now, outcome=said, postponed_until=None)
    matters.close(session, matter.id, why=moot.RESOLVED, now=now)
    _ask(session, programme, matter, hand, now)


def mend(session: Session, matter: Matter, *, hand: Hand, outcome: str, now: datetime) -> None:
    """End what the system opened and whose cause went away: nobody has to say that it is over."""
    problems.noted(session, matter, Step.RESOLVED, hand=hand, text=outcome, now=now)
    issues.change(session, matter.id, resolved_at=now, confirmed_at=now, outcome=outcome, postponed_until=None)
    matters.close(session, matter.id, why=Step.CONFIRMED, now=now)


def _ask(session: Session, programme: Programme, matter: Matter, hand: Hand, now: datetime) -> None:
    """Ask the first office that may confirm and can be reached, other than the one that resolved it.

    Whoever reported what was merged into it is asked as well, unless it is restricted: he reads of his own alone then.
    """
    giver, subject, by = (_code(session, id) for id in (matter.giver_id, matter.subject_id, hand.office_id))
    parties = Parties(giver=giver, subject=subject, restricted=issues.restricted(session, matter.id))
    about = About(matter.id, matter.ladder, matter.round, Step.RESOLVED)
    asked = {by, subject}
    for code in people.confirming(programme.desk, matter.area, parties):
        if code != by and telling.tell(session, programme, code, about, Say.RESOLVED, now=now):
            asked.add(code)
            break
    others = set() if parties.restricted else {_code(session, id) for id in courses.givers(session, matter)}
    for code in sorted(filter(None, others - asked)):
        telling.tell(session, programme, code, about, Say.RESOLVED, now=now)


def _code(session: Session, office_id: int | None) -> str | None:
    return session.get_one(Office, office_id).code if office_id is not None else None


def confirm(session: Session, matter: Matter, *, hand: Hand, text: str = "", now: datetime) -> None:
    """Somebody else than whoever resolved it says that it is over. Raises: NotTaken."""
    if _stage(session, matter, now) is not Stage.RESOLVED:
        raise NotConfirmed(f"{matter.code} waits for no confirmation")
    if resolver(session, matter) == hand.office_id:
        raise NotConfirmed(f"{matter.code} was resolved by this office: another one confirms it")
    problems.noted(session, matter, Step.CONFIRMED, hand=hand, text=text.strip(), now=now)
    issues.change(session, matter.id, confirmed_at=now)
    matter.closed_why = Step.CONFIRMED
    session.flush()


def resolver(session: Session, matter: Matter) -> int | None:
    """The office that resolved it last; None: nobody did."""
    own = [e.office_id for e in issues.events(session, matter.id) if e.step is Step.RESOLVED]
    return own[-1] if own else None


def reopen(session: Session, programme: Programme, matter: Matter, *, hand: Hand, text: str, now: datetime) -> None:
    """It is not over, or not the same as the other one: it climbs from the beginning. Raises: NotTaken."""
    said, issue = problems.words(text), session.get_one(Issue, matter.id)
    if not _stage(session, matter, now).over:
        raise issues.Unsolvable(f"{matter.code} is open")
    if issue.merged_into is not None:
        other = session.get_one(Matter, issue.merged_into)
        problems.noted(session, other, Step.PARTED, hand=hand, text=f"{matter.code}: {said}", now=now)
    issues.change(session, matter.id, resolved_at=None, confirmed_at=None, merged_into=None, outcome="")
    problems.climb(session, programme, matter, issue.severity, now=now)
    problems.noted(session, matter, Step.REOPENED, hand=hand, text=said, now=now)


def merge(
    session: Session, programme: Programme, matter: Matter, *, into: str, hand: Hand, text: str, now: datetime
) -> None:
    """It is the same as another problem: its ladder ends, and the other has it. It stays readable.

    The other becomes as grave as the graver of the two.

    Args:
        matter: locked.
        into: the other's number.

    Raises:
        NotTaken: nobody says why; there is no such problem; or they cannot be one.
    """
    said, other = problems.words(text), _other(session, matter, into)
    life.mergeable(_twin(session, matter), _twin(session, other))
    problems.noted(session, matter, Step.MERGED, hand=hand, text=f"{other.code}: {said}", now=now)
    problems.noted(session, other, Step.JOINED, hand=hand, text=f"{matter.code}: {said}", now=now)
    issues.change(session, matter.id, merged_into=other.id, postponed_until=None)
    matters.close(session, matter.id, why=MERGED, now=now)
    grave, before = (session.get_one(Issue, own.id).severity for own in (matter, other))
    if troubles.graver(grave, before) is not before:
        problems.escalate(session, programme, other, grave, hand=hand, now=now)


def _other(session: Session, matter: Matter, number: str) -> Matter:
    """The other problem, locked. Raises: NotMerged: there is none, or somebody is at work on it."""
    other = issues.numbered(session, matter.programme_id, number)
    if other is None:
        raise NotMerged(f"{number!r}: no such problem in this election, or somebody is at work on it just now")
    return other


def _twin(session: Session, matter: Matter) -> Twin:
    issue = session.get_one(Issue, matter.id)
    into = courses.root(session, issue)[0].code if issue.merged_into is not None else ""
    return Twin(matter.code, matter.subject_id, matter.closed_at is not None, into, issue.restricted)


def _stage(session: Session, matter: Matter, now: datetime) -> Stage:
    return life.stage(session.get_one(Issue, matter.id), matter.acknowledged_until, now=now)
