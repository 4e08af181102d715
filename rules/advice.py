"""What one office gives another to do: an advice (saran), a direction (arahan) or an invitation to a meeting.

given --confirmed--> confirmed --done--> done --closed by its giver--> closed
done --sent back with a word and a new due time--> confirmed
given, confirmed, done --withdrawn with a reason--> withdrawn
invitation: given --attends, or sends a deputy--> confirmed; --cannot--> declined; answered anew until it ends
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from rules import people
from rules.desk import Desk
from rules.filing import NotTaken

LONGEST = timedelta(days=60)
"""How far ahead a due time or a meeting may be. A policy's ladder begins as early: what is given is told at once."""

TEXT = 1000
NOTE = 500
"""Most characters of what is given, and of what is answered."""


class Sort(StrEnum):
    ADVICE = "advice"
    DIRECTION = "direction"
    MEETING = "meeting"


NAMES = {Sort.ADVICE: "saran", Sort.DIRECTION: "arahan", Sort.MEETING: "undangan"}
TITLES = {
    Sort.ADVICE: "Saran penyelesaian",
    Sort.DIRECTION: "Arahan",
    Sort.MEETING: "Undangan rapat koordinasi",
}


class Answer(StrEnum):
    """What an office answers: to an invitation, whether it comes; to everything else, that it was received."""

    NONE = ""
    RECEIVED = "received"
    ATTENDS = "attends"
    DEPUTY = "deputy"
    ABSENT = "absent"


class Stage(StrEnum):
    """How far what was given to one office is."""

    GIVEN = "given"
    CONFIRMED = "confirmed"
    DONE = "done"
    CLOSED = "closed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OVER = "over"


CLOSED, DECLINED, WITHDRAWN = "closed", "declined", "withdrawn"
"""Why the matter of an advice is closed. A meeting that is over has another reason: its closing time came."""


def stage(answer: Answer, *, done: bool, closed_why: str | None) -> Stage:
    """How far it is. `closed_why` None: its matter is open."""
    if closed_why is not None:
        return Stage(closed_why) if closed_why in (CLOSED, DECLINED, WITHDRAWN) else Stage.OVER
    if done:
        return Stage.DONE
    return Stage.CONFIRMED if answer is not Answer.NONE else Stage.GIVEN


class Deed(NamedTuple):
    """What the record of changes says was done about an advice, in the words it is written with."""

    what: str
    text: str = ""
    until: datetime | None = None


class Course(NamedTuple):
    """How far what was given to one office had come. `attended` None: it was not recorded."""

    stage: Stage
    due_at: datetime
    outcome: str = ""
    attended: bool | None = None


_ANSWERED = {"confirmed": Answer.RECEIVED, **{answer.value: answer for answer in Answer if answer}}


def course(deeds: Iterable[Deed], due_at: datetime) -> Course:
    """How far it was after these deeds, the first first. `due_at`: as it stands now, where none of them says it."""
    answer, done, closed_why, outcome, attended = Answer.NONE, False, None, "", None
    for what, text, until in deeds:
        due_at = until or due_at
        if what in _ANSWERED:
            answer = _ANSWERED[what]
            closed_why = DECLINED if answer is Answer.ABSENT else None
        elif what == "done":
            answer, done, outcome = answer or Answer.RECEIVED, True, text
        elif what == "sent back":
            done, outcome = False, ""
        elif what in (CLOSED, WITHDRAWN):
            closed_why, outcome = what, text if what == WITHDRAWN else outcome
        elif what == "rescheduled":
            answer, closed_why = Answer.NONE, None
        elif what in ("attended", "missed"):
            attended = what == "attended"
    return Course(stage(answer, done=done, closed_why=closed_why), due_at, outcome, attended)


class NotGiven(NotTaken):
    """It cannot be given like this: by this office, to that one, or by that time."""


class Passed(NotTaken):
    """It is closed, withdrawn, or not as far as this."""


class NoWords(NotTaken):
    """What is to be said is missing, or too long."""


def words(text: str, longest: int = TEXT) -> str:
    """What somebody says. Raises: NoWords."""
    said = text.strip()
    if not said:
        raise NoWords("say it in words: what is to be done, or what was done")
    if len(said) > longest:
        raise NoWords(f"the text has {len(said)} characters, at most {longest} fit")
    return said


def by(due_at: datetime, *, now: datetime) -> None:
    """Whether something may be due, or a meeting begin, at that time. Raises: NotGiven."""
    if not now < due_at <= now + LONGEST:
        raise NotGiven(f"{due_at.isoformat()}: name a time that is ahead, at most {LONGEST.days} days")


def sorts(desk: Desk, office: str) -> tuple[Sort, ...]:
    """What an office may give. The secretariat invites for the desk; only the secretary and the chair direct."""
    if office in (desk.secretary, desk.chair):
        return tuple(Sort)
    coordinates = (Sort.ADVICE,) if office in desk.coordinators.values() else ()
    return (*coordinates, Sort.MEETING) if office == desk.secretariat else coordinates


def receivers(desk: Desk, giver: str, sort: Sort) -> tuple[str, ...]:
    """The offices it may be given to, in the file's order. Everybody may be invited; nothing else goes upwards.

    A coordinator advises who answers for his districts, and who is responsible for a category of problem there.
    """
    everybody = tuple(office.code for office in desk.offices if office.code != giver)
    if sort not in sorts(desk, giver):
        return ()
    if sort is Sort.MEETING or giver == desk.chair:
        return everybody
    if giver == desk.secretary:
        return tuple(office for office in everybody if office != desk.chair)
    own = {place for place, office in desk.coordinators.items() if office == giver}
    below = {office for place in own for office in people.answering(desk, place)} | _responsible(desk, own)
    return tuple(office for office in everybody if office in below - {desk.secretary, desk.chair})


def _responsible(desk: Desk, places: Iterable[str]) -> set[str]:
    there = set(places)
    return {own.office for own in desk.responsible if not own.districts or there & set(own.districts)}


def reads(desk: Desk, office: str, *, giver: str, owner: str, area: str, restricted: bool) -> bool:
    """Whether an office may read what one gave another. `restricted`: it is about a problem that few may read."""
    if office in (giver, owner, desk.secretary, desk.chair):
        return True
    return not restricted and office in (desk.secretariat, desk.coordinators.get(area))
