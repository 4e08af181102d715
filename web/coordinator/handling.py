"""What is done about a problem, button by button."""

from collections.abc import Callable

from models.matters import issues
from models.matters.issues import Step
from rules import life
from rules.access import May
from rules.decisions import REASON
from rules.policy import Severity
from services import outcomes, problems, restricting
from services.government import asking
from web import chosen
from web.coordinator.asked import Asked
from web.guards.refusals import Help, Refusal

ADVICE = 1000
"""Most characters of an advice, of what was done and of an outcome."""

NOTES = frozenset({"recommend", "follow_up", "report"})
"""What is only noted: two who do it at once do not stand in each other's way."""


def unchanged(asked: Asked) -> None:
    """Whether the page showed all that was done. Raises: life.Changed."""
    steps = len(issues.events(asked.session, asked.looked.matter.id))
    life.unchanged(asked.looked.matter.code, chosen.seen(asked.fields), steps)


def _take_on(asked: Asked) -> None:
    until, text = asked.until, asked.text(ADVICE)
    problems.acknowledge(asked.session, asked.problem, hand=asked.hand, until=until, text=text, now=asked.now)


def _postpone(asked: Asked) -> None:
    until, text = asked.until, asked.text(REASON)
    problems.postpone(asked.session, asked.problem, hand=asked.hand, until=until, text=text, now=asked.now)


def _set_due(asked: Asked) -> None:
    until, text = asked.until, asked.text(REASON)
    problems.set_due(asked.session, asked.problem, hand=asked.hand, until=until, text=text, now=asked.now)


def _grade(asked: Asked) -> None:
    try:
        severity = Severity(asked.fields.get("severity", ""))
    except ValueError as error:
        raise Refusal(Help.BAD_FORM) from error
    text, problem = asked.text(REASON), asked.problem
    problems.grade(asked.session, asked.programme, problem, severity, hand=asked.hand, text=text, now=asked.now)


def _recommend(asked: Asked) -> None:
    _advise(asked, Step.RECOMMENDED)


def _follow_up(asked: Asked) -> None:
    _advise(asked, Step.FOLLOWED_UP)


def _advise(asked: Asked, step: Step) -> None:
    text, files = asked.text(ADVICE), asked.files
    problems.advise(asked.session, asked.problem, step, hand=asked.hand, text=text, files=files, now=asked.now)


def _hand_on(asked: Asked) -> None:
    to, text = asked.fields.get("to", ""), asked.text(REASON)
    problems.hand_on(asked.session, asked.programme, asked.problem, to=to, text=text, hand=asked.hand, now=asked.now)


def _merge(asked: Asked) -> None:
    """Whoever merges two may do so with both."""
    into, text = asked.fields.get("into", ""), asked.text(REASON)
    other = issues.numbered(asked.session, asked.looked.programme_id, into)
    if other is not None and not asked.looked.other(asked.session, other).may(asked.at, May.MERGE):
        raise life.NotMerged(f"{into}: it may not be read")
    outcomes.merge(asked.session, asked.programme, asked.ended, into=into, hand=asked.hand, text=text, now=asked.now)


def _resolve(asked: Asked) -> None:
    outcome = asked.text(ADVICE)
    outcomes.resolve(asked.session, asked.programme, asked.problem, hand=asked.hand, outcome=outcome, now=asked.now)


def _restrict(asked: Asked) -> None:
    _restricted(asked, True)


def _unrestrict(asked: Asked) -> None:
    _restricted(asked, False)


def _restricted(asked: Asked, restricted: bool) -> None:
    text = asked.text(REASON)
    restricting.restrict(asked.session, asked.looked.matter, restricted, text=text, hand=asked.hand, now=asked.now)


def _confirm(asked: Asked) -> None:
    outcomes.confirm(asked.session, asked.ended, hand=asked.hand, text=asked.text(REASON), now=asked.now)


def _reopen(asked: Asked) -> None:
    text = asked.text(REASON)
    outcomes.reopen(asked.session, asked.programme, asked.ended, hand=asked.hand, text=text, now=asked.now)


def _report(asked: Asked) -> None:
    text = asked.text(REASON)
    asking.ask(asked.session, asked.programme, asked.looked.matter, text=text, hand=asked.hand, now=asked.now)


ACTS: dict[str, tuple[May, Callable[[Asked], None]]] = {
    "acknowledge": (May.ACKNOWLEDGE, _take_on),
    "postpone": (May.POSTPONE, _postpone),
    "set_due": (May.SET_DUE, _set_due),
    "grade": (May.GRADE, _grade),
    "recommend": (May.ADVISE, _recommend),
    "follow_up": (May.ADVISE, _follow_up),
    "hand_on": (May.HAND_ON, _hand_on),
    "merge": (May.MERGE, _merge),
    "part": (May.MERGE, _reopen),
    "resolve": (May.RESOLVE, _resolve),
    "confirm": (May.CONFIRM, _confirm),
    "reopen": (May.REOPEN, _reopen),
    "restrict": (May.RESTRICT, _restrict),
    "unrestrict": (May.RESTRICT, _unrestrict),
    "report": (May.REPORT, _report),
}
"""By the button's name: the right it takes, and what it does."""
