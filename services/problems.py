"""What is done about problems by hand. `services.outcomes` ends them; `services.speaking`: what reports say of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models.desk import changes
from models.desk.changes import Hand
from models.matters import issues, matters
from models.matters.issues import Described, Issue, Step
from models.matters.matters import Matter
from rules import access, decisions, life, people
from rules.attachments import Attached
from rules.filing import NotTaken
from rules.issues import SEVERITIES
from rules.policy import Severity
from rules.programme import Programme
from services.telling import office_of


class NotHandedOn(NotTaken):
    """A problem cannot be handed to this office."""


def open_(
    session: Session,
    programme_id: int,
    programme: Programme,
    described: Described,
    *,
    owner: str | None = None,
    subject: str | None = None,
    giver: str | None = None,
    text: str = "",
    hand: Hand,
    now: datetime,
) -> Matter:
    """Record a new problem; it climbs the ladder of its severity from now on.

    Args:
        owner: code of the office that has it; None: whichever is responsible for its category.
        subject: code of the office that it is about: it neither has the problem nor hears of it.
        giver: code of the office that it comes from, where another one records it.
        text: what is noted of how it came; empty: what it is.

    Raises:
        NotTaken: there is no such office.
    """
    owner = owner or people.owner(programme.desk, described.category, described.area, subject=subject)
    giver_id = office_of(session, programme, giver).id if giver else hand.office_id
    matter = issues.add(
        session,
        programme_id,
        programme.code,
        described,
        ladder=programme.policy.problems[described.severity],
        owner_id=office_of(session, programme, owner).id,
        giver_id=giver_id,
        subject_id=office_of(session, programme, subject).id if subject else None,
        at=now,
    )
    due(session, programme, matter, now)
    of = hand._replace(office_id=giver_id)
    issues.note(session, matter.id, Step.OPENED, hand=of, at=now, text=text or described.title)
    changes.record(session, hand, Step.OPENED, matter.code, programme_id, matter.id, now=now)
    return matter


def acknowledge(
    session: Session, matter: Matter, *, hand: Hand, until: datetime, text: str = "", now: datetime
) -> None:
    """Somebody takes it on: the ladder waits until `until`, then starts again. Raises: NotTaken."""
    _rest(session, matter, until, postponed_until=None, now=now)
    noted(session, matter, Step.ACKNOWLEDGED, hand=hand, text=text, until=until, now=now)


def postpone(session: Session, matter: Matter, *, hand: Hand, until: datetime, text: str, now: datetime) -> None:
    """Nothing is done about it until then, for a reason; afterwards the ladder starts again. Raises: NotTaken."""
    said = words(text)
    _rest(session, matter, until, postponed_until=until, now=now)
    noted(session, matter, Step.POSTPONED, hand=hand, text=said, until=until, now=now)


def set_due(session: Session, matter: Matter, *, hand: Hand, until: datetime, text: str = "", now: datetime) -> None:
    """Say by when its next step is due: the ladder waits until then, and begins with the owner. Raises: NotTaken."""
    _rest(session, matter, until, postponed_until=None, now=now)
    noted(session, matter, Step.DUE_SET, hand=hand, text=text.strip(), until=until, now=now)


def _rest(
    session: Session, matter: Matter, until: datetime, *, postponed_until: datetime | None, now: datetime
) -> None:
    decisions.pause(until, closes_after=None, now=now)
    issues.change(session, matter.id, due_at=until, postponed_until=postponed_until)
    matters.acknowledge(session, matter.id, until)


def advise(
    session: Session,
    matter: Matter,
    step: Step,
    *,
    hand: Hand,
    text: str,
    files: Sequence[Attached] = (),
    now: datetime,
) -> None:
    """Note a recommendation or a follow-up; the ladder goes on. Said twice in a row it is one. Raises: NotTaken."""
    said = words(text)
    last = issues.events(session, matter.id)[-1]
    if (last.step, last.office_id, last.text) == (step, hand.office_id, said):
        return
    noted(session, matter, step, hand=hand, text=said, files=files, now=now)


def grade(
    session: Session, programme: Programme, matter: Matter, severity: Severity, *, hand: Hand, text: str, now: datetime
) -> None:
    """It is graver or slighter than it was said to be: it climbs the ladder of that, from the beginning.

    Raises:
        NotTaken: nobody says why, or it is that grave already.
    """
    said = f"{SEVERITIES[severity]}: {words(text)}"
    if session.get_one(Issue, matter.id).severity is severity:
        raise issues.Unsolvable(f"{matter.code} is {severity} already")
    climb(session, programme, matter, severity, now=now)
    noted(session, matter, Step.GRADED, hand=hand, text=said, now=now)


def escalate(
    session: Session, programme: Programme, matter: Matter, severity: Severity, *, hand: Hand, now: datetime
) -> None:
    """It is graver, or worse than before: its chase begins anew, also if somebody had taken it on."""
    climb(session, programme, matter, severity, now=now)
    noted(session, matter, Step.ESCALATED, hand=hand, now=now)


def hand_on(
    session: Session, programme: Programme, matter: Matter, *, to: str, text: str, hand: Hand, now: datetime
) -> None:
    """Another office of the desk has it now, and is told of it at once: a new round begins.

    Raises:
        NotTaken: nobody says why. NotHandedOn: the office could not open it, or the problem is about it.
    """
    if to not in access.handed_to(programme.desk):
        raise NotHandedOn(f"{to!r}: no office of {programme.desk.code} that could open it")
    owner = office_of(session, programme, to)
    if owner.id == matter.subject_id:
        raise NotHandedOn(f"{matter.code} is about {to}: give it to another office")
    said = f"{owner.title}: {words(text)}"
    matter.owner_id = owner.id
    climb(session, programme, matter, session.get_one(Issue, matter.id).severity, now=now)
    noted(session, matter, Step.HANDED_ON, hand=hand, text=said, now=now)


def climb(session: Session, programme: Programme, matter: Matter, severity: Severity, *, now: datetime) -> None:
    """Begin a new round now, on the ladder of this severity; whatever held it back is over."""
    matter.ladder = programme.policy.problems[severity]
    session.flush()
    issues.change(session, matter.id, severity=severity, postponed_until=None)
    due(session, programme, matter, now)
    matters.restart(session, matter.id, since=now, closes_after=None, next_at=now)
    session.refresh(matter)


def due(session: Session, programme: Programme, matter: Matter, now: datetime) -> None:
    """Its next step is due at the second word of its ladder."""
    due_at = life.step_due_at(programme.policy.ladder(matter.ladder), now=now)
    issues.change(session, matter.id, due_at=due_at)


def words(text: str) -> str:
    """What was said. Raises: issues.Unsaid: nothing was."""
    if not text.strip():
        raise issues.Unsaid("say it in words: a problem is resolved with an outcome, and an advice says something")
    return text.strip()


def noted(
    session: Session,
    matter: Matter,
    step: Step,
    *,
    hand: Hand,
    text: str = "",
    until: datetime | None = None,
    files: Sequence[Attached] = (),
    now: datetime,
) -> None:
    """Append a step, and who did it by which way; what was said is in the step alone."""
    issues.note(session, matter.id, step, hand=hand, at=now, text=text, until=until, files=files)
    changes.record(session, hand, step, matter.code, matter.programme_id, matter.id, until=until, now=now)
