"""Problems (permasalahan), as an operator works on them: from their opening to their end, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from jobs.operator.acting import answered, hand, programme_of
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.desk import export
from models.desk.changes import Hand, Way
from models.matters import issues
from models.matters.issues import Described, Step
from models.matters.matters import Matter
from rules import access, incidents, life
from rules.access import May
from rules.issues import offered
from rules.policy import Severity
from rules.programme import Programme
from services import outcomes, problems
from services.government import asking


def open_(rt: Runtime, programme_code: str, described: Described, *, by: str, about: str = "") -> str:
    """Record a problem; returns its number (P-0012).

    Args:
        about: code of the office that neither hears nor reads of it; empty: none.

    Raises:
        Refusal: unknown district, village or office, no title, or seen at a time that is ahead.
    """
    if not described.title.strip():
        raise Refusal("a problem needs a title: say in a few words what is the matter")
    with answered(), rt.sessions.begin() as session:
        now = rt.clock(session)
        known = {p.code: id for id, p in rt.live(session).items()}
        known |= {unread.code: id for id, unread in rt.unread(session).items()}
        id = known.get(programme_code)
        if id is None:
            raise Refusal(f"{programme_code!r}: no such programme is loaded")
        programme = programme_of(rt, session, id)
        if described.area not in programme.desk.coordinators:
            raise Refusal(f"{described.area!r}: no such district at {programme.desk.code}")
        _possible(programme, described, now)
        reporter = hand(session, programme, by)
        matter = problems.open_(session, id, programme, described, subject=about or None, hand=reporter, now=now)
        return matter.code


def _possible(programme: Programme, described: Described, now: datetime) -> None:
    """Raises: Refusal: what is known of it cannot be."""
    desk, categories = programme.desk, offered(programme.election.categories)
    if described.category not in categories:
        raise Refusal(f"{programme.election.code} does not sort by {described.category}: {', '.join(categories)}")
    village, station, _, observed_at, _ = described.circumstances
    if village and village not in desk.villages_of(described.area):
        raise Refusal(f"{village!r}: no such village of {described.area}: see `villages` in the file of {desk.code}")
    if len(station) > incidents.STATION:
        raise Refusal(f"the number of a polling station has at most {incidents.STATION} characters")
    if observed_at and observed_at > now:
        raise Refusal(f"{observed_at.isoformat()} is ahead: say when it was seen")


def special(rt: Runtime, key: str, *, by: str, text: str) -> str:
    """Let the desk owe a special report about a problem; returns its number. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        matter, _ = issues.named(session, key)
        programme = programme_of(rt, session, matter.programme_id)
        if not access.may(programme.desk, by, May.REPORT, matter.area, report=False):
            raise Refusal(f"{by!r}: only the secretariat and the secretary ask for a special report")
        asker = hand(session, programme, by)
        return asking.ask(session, programme, matter, text=text, hand=asker, now=rt.clock(session)).matter.code


class Asked(NamedTuple):
    """What is asked of a problem, and by whom. `seen`: how many of its steps he knows; None: he does not say.

    `phone`: the office said it on the phone.
    """

    key: str
    by: str
    seen: int | None = None
    phone: bool = False


class At(NamedTuple):
    """A problem in a transaction, locked, and whose hand is at work on it."""

    session: Session
    programme: Programme
    matter: Matter
    hand: Hand
    now: datetime


@contextmanager
def _open(rt: Runtime, asked: Asked, *, over: bool = False) -> Iterator[At]:
    """An open problem; one that is over too if `over`. Raises: Refusal: something was done that `by` has not seen."""
    with answered(), rt.sessions.begin() as session:
        matter = issues.named(session, asked.key)[0] if over else issues.locked(session, asked.key)
        programme = programme_of(rt, session, matter.programme_id)
        by = hand(session, programme, asked.by)
        if asked.seen is not None:
            life.unchanged(matter.code, asked.seen, len(issues.events(session, matter.id)))
        yield At(session, programme, matter, by._replace(way=Way.PHONE) if asked.phone else by, rt.clock(session))


def acknowledge(rt: Runtime, asked: Asked, *, until: datetime) -> None:
    """Somebody takes it on: the ladder waits until `until`, then starts again. Raises: Refusal."""
    with _open(rt, asked) as at:
        problems.acknowledge(at.session, at.matter, hand=at.hand, until=until, now=at.now)


def postpone(rt: Runtime, asked: Asked, *, until: datetime, text: str) -> None:
    """Nothing is done about it until then. Raises: Refusal."""
    with _open(rt, asked) as at:
        problems.postpone(at.session, at.matter, hand=at.hand, until=until, text=text, now=at.now)


def set_due(rt: Runtime, asked: Asked, *, until: datetime, text: str) -> None:
    """Say by when its next step is due. Raises: Refusal."""
    with _open(rt, asked) as at:
        problems.set_due(at.session, at.matter, hand=at.hand, until=until, text=text, now=at.now)


def grade(rt: Runtime, asked: Asked, severity: Severity, *, text: str) -> None:
    """It is graver or slighter than it was said to be. Raises: Refusal."""
    with _open(rt, asked) as at:
        problems.grade(at.session, at.programme, at.matter, severity, hand=at.hand, text=text, now=at.now)


def advise(rt: Runtime, asked: Asked, step: Step, *, text: str) -> None:
    """Note a recommendation or a follow-up; the ladder goes on. Raises: Refusal."""
    with _open(rt, asked) as at:
        problems.advise(at.session, at.matter, step, hand=at.hand, text=text, now=at.now)


def hand_on(rt: Runtime, asked: Asked, *, to: str, text: str) -> None:
    """Another office has it from now on, and is told at once. Raises: Refusal."""
    with _open(rt, asked) as at:
        problems.hand_on(at.session, at.programme, at.matter, to=to, text=text, hand=at.hand, now=at.now)


def merge(rt: Runtime, asked: Asked, *, into: str, text: str) -> None:
    """It is the same as another one. Raises: Refusal."""
    with _open(rt, asked, over=True) as at:
        outcomes.merge(at.session, at.programme, at.matter, into=into, hand=at.hand, text=text, now=at.now)


def resolve(rt: Runtime, asked: Asked, *, outcome: str) -> None:
    """End a problem; it needs an outcome. Raises: Refusal."""
    with _open(rt, asked) as at:
        outcomes.resolve(at.session, at.programme, at.matter, hand=at.hand, outcome=outcome, now=at.now)


def confirm(rt: Runtime, asked: Asked, *, text: str = "") -> None:
    """It is over, says another office. Raises: Refusal."""
    with _open(rt, asked, over=True) as at:
        outcomes.confirm(at.session, at.matter, hand=at.hand, text=text, now=at.now)


def reopen(rt: Runtime, asked: Asked, *, text: str) -> None:
    """It is not over. Raises: Refusal."""
    with _open(rt, asked, over=True) as at:
        outcomes.reopen(at.session, at.programme, at.matter, hand=at.hand, text=text, now=at.now)


def unresolved(rt: Runtime) -> list[dict[str, object]]:
    """Problems that are not resolved, the oldest first; of restricted ones their numbers, at the end."""
    with rt.sessions.begin() as session:
        lines = [*export.problems(session), *export.restricted(session)]
        return [line for line in lines if line["resolved_at"] is None and not line["merged_into"]]
