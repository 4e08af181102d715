"""Problems that only some offices read of, as an operator works on them in the name of one."""

from typing import NamedTuple

from jobs.operator.acting import answered, hand, programme_of
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.matters import issues, overseeing
from rules import access
from rules.access import May
from services import restricting


class Shown(NamedTuple):
    """A problem as an office reads it: its facts, and what was done, the first first."""

    facts: dict[str, object]
    steps: list[dict[str, object]]


def show(rt: Runtime, key: str, *, by: str) -> Shown:
    """All that an office may read of a problem. Of a restricted one it is recorded that it read it.

    Raises:
        Refusal: there is none, or the office may not read it.
    """
    with answered(), rt.sessions.begin() as session:
        matter, issue = issues.named(session, key)
        programme = programme_of(rt, session, matter.programme_id)
        reader = hand(session, programme, by)
        restricting.opened(session, programme, matter, by, hand=reader, now=rt.clock(session))
        facts: dict[str, object] = {
            "code": matter.code,
            "restricted": issue.restricted,
            "area": programme.desk.area_name(matter.area),
            "category": issue.category,
            "severity": issue.severity,
            "title": issue.title,
            "detail": issue.detail,
            "opened_at": issue.opened_at,
            "resolved_at": issue.resolved_at,
            "outcome": issue.outcome,
        }
        done = overseeing.steps(session, matter.id)
        return Shown(facts, [{"at": s.at, "step": s.step, "by": title, "text": s.text} for s, title in done])


def restrict(rt: Runtime, key: str, restricted: bool, *, by: str, text: str) -> None:
    """Let only some offices read of it from now on, or everybody again. Raises: Refusal."""
    with answered(), rt.sessions.begin() as session:
        matter, _ = issues.named(session, key)
        programme = programme_of(rt, session, matter.programme_id)
        if not access.may(programme.desk, by, May.RESTRICT, matter.area, report=False):
            raise Refusal(f"{by!r}: only the coordinator of its place, the secretary and the chair restrict a problem")
        given_by = hand(session, programme, by)
        restricting.restrict(session, matter, restricted, text=text, hand=given_by, now=rt.clock(session))
