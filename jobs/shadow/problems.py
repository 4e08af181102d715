"""What was done about problems, done again."""

from collections.abc import Callable, Mapping
from datetime import datetime

from jobs.shadow.at import Apart, At
from models.desk import deeds
from models.matters import issues, numbers
from models.matters.issues import Described, Issue, IssueEvent, Step
from models.matters.matters import Matter
from rules.issues import Circumstances
from services import outcomes, problems, restricting

_READING = {Step.RESTRICTED: True, Step.UNRESTRICTED: False}


def _step(at: At) -> IssueEvent:
    own = deeds.step(at.books, at.change)
    if own is None:
        raise Apart(f"the step {at.change.what} of {at.change.subject} is not there")
    return own


def _held(at: At) -> Matter:
    return issues.named(at.session, at.key)[0]


def _until(at: At) -> datetime:
    until = _step(at).until
    assert until is not None
    return until


def _open(at: At) -> None:
    """One that a report opened was opened again with it."""
    issue, first = at.books.get_one(Issue, at.matter.id), _step(at)
    if issue.obligation_id is not None:
        return
    readings = [_READING[own.step] for own in deeds.steps(at.books, issue.id) if own.step in _READING]
    described = Described(
        at.matter.area,
        issue.category,
        first.severity or issue.severity,
        issue.title,
        issue.detail,
        circumstances=Circumstances(
            issue.village,
            issue.station,
            issue.affected,
            issue.observed_at,
            restricted=not readings[0] if readings else issue.restricted,
        ),
    )
    matter = problems.open_(
        at.session,
        at.programme_id,
        at.programme,
        described,
        subject=at.code(at.matter.subject_id) or None,
        giver=at.code(first.office_id) if first.office_id != at.change.office_id else None,
        text=first.text,
        hand=at.hand,
        now=at.now,
    )
    at.keys[issue.id] = matter.key


def _acknowledge(at: At) -> None:
    problems.acknowledge(at.session, _held(at), hand=at.hand, until=_until(at), text=_step(at).text, now=at.now)


def _postpone(at: At) -> None:
    problems.postpone(at.session, _held(at), hand=at.hand, until=_until(at), text=_step(at).text, now=at.now)


def _set_due(at: At) -> None:
    problems.set_due(at.session, _held(at), hand=at.hand, until=_until(at), text=_step(at).text, now=at.now)


def _advise(at: At) -> None:
    own = _step(at)
    problems.advise(at.session, _held(at), own.step, hand=at.hand, text=own.text, now=at.now)


def _grade(at: At) -> None:
    own = _step(at)
    assert own.severity is not None
    problems.grade(at.session, at.programme, _held(at), own.severity, hand=at.hand, text=_said(own), now=at.now)


def _hand_on(at: At) -> None:
    own = _step(at)
    to, said = at.code(own.owner_id), _said(own)
    problems.hand_on(at.session, at.programme, _held(at), to=to, text=said, hand=at.hand, now=at.now)


def _resolve(at: At) -> None:
    outcomes.resolve(at.session, at.programme, _held(at), hand=at.hand, outcome=_step(at).text, now=at.now)


def _confirm(at: At) -> None:
    outcomes.confirm(at.session, _held(at), hand=at.hand, text=_step(at).text, now=at.now)


def _reopen(at: At) -> None:
    outcomes.reopen(at.session, at.programme, _held(at), hand=at.hand, text=_step(at).text, now=at.now)


def _merge(at: At) -> None:
    own = _step(at)
    other = numbers.on(at.books, at.matter.programme_id, own.text.partition(": ")[0])
    if other is None:
        raise Apart(f"{own.text.partition(': ')[0]} is not there")
    into = issues.named(at.session, at.key_of(other))[0].code
    outcomes.merge(at.session, at.programme, _held(at), into=into, hand=at.hand, text=_said(own), now=at.now)


def _restrict(at: At) -> None:
    own = _step(at)
    restricting.restrict(at.session, _held(at), _READING[own.step], text=own.text, hand=at.hand, now=at.now)


def _said(own: IssueEvent) -> str:
    """What somebody said, after what the step puts before it."""
    return own.text.partition(": ")[2] or own.text


def _follows(_: At) -> None:
    """It follows from another deed, which is done again, or is a word that nobody is told of."""


DEEDS: Mapping[str, Callable[[At], None]] = {
    Step.OPENED: _open,
    Step.ACKNOWLEDGED: _acknowledge,
    Step.POSTPONED: _postpone,
    Step.DUE_SET: _set_due,
    Step.RECOMMENDED: _advise,
    Step.FOLLOWED_UP: _advise,
    Step.GRADED: _grade,
    Step.HANDED_ON: _hand_on,
    Step.RESOLVED: _resolve,
    Step.CONFIRMED: _confirm,
    Step.REOPENED: _reopen,
    Step.MERGED: _merge,
    Step.RESTRICTED: _restrict,
    Step.UNRESTRICTED: _restrict,
    **dict.fromkeys((Step.JOINED, Step.PARTED, Step.ESCALATED, Step.TAKEN_BACK), _follows),
    **dict.fromkeys((Step.REPORTED, Step.WITHDRAWN), _follows),
}
