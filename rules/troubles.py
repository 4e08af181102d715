"""What a report says about problems, and what a later version changes about them.

tick, no problem yet --> opened
open, spoken of in other words --> the words are added; worse than ever before --> its chase begins anew
open, spoken of no more --> that is shown; only people close it
resolved, spoken of in other words --> the words are added; the secretariat looks at it
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from rules import forms, incidents
from rules.forms import TROUBLES, WRONG, Condition, Form, Indicator
from rules.incidents import Details
from rules.issues import Circumstances
from rules.policy import Severity


class Said(NamedTuple):
    """What a report says of one indicator. `problem`: it is to be recorded as one."""

    condition: Condition = Condition.UNSEEN
    note: str = ""
    problem: bool = False
    details: Details = Details(None, Circumstances())

    @property
    def troubled(self) -> bool:
        return self.problem or self.condition in TROUBLES


def said(body: Mapping[str, Any], code: str) -> Said:
    """What a report says of an indicator, whatever shape it came in."""
    own = forms.looked_at(body).get(code, {})
    condition = forms.condition(own) or Condition.UNSEEN
    return Said(condition, str(own.get("note") or ""), own.get("problem") is True, incidents.said_in(own))


def wrong(body: Mapping[str, Any]) -> bool:
    """Whether a report says of anything that it is "bermasalah", or not ready."""
    return any(forms.condition(own) in WRONG for own in forms.looked_at(body).values())


def wished(form: Form, body: Mapping[str, Any]) -> list[Indicator]:
    """The indicators that a report wants recorded as problems, in the form's order."""
    return [own for own in form.indicators if own.category and said(body, own.code).problem]


def worse(now: Said, before: Iterable[Said]) -> bool:
    """Whether it is troubled now but was not in any earlier version. A resting chase must not hide that."""
    return now.condition in WRONG and all(v.condition not in WRONG for v in before)


def severity(own: Indicator, said: Said, *, otherwise: Severity = Severity.MEDIUM) -> Severity:
    """How grave it is: as was chosen, or `otherwise` if nothing was; never less than its form says."""
    return graver(said.details.severity or otherwise, own.severity)


def graver(one: Severity, other: Severity) -> Severity:
    """The graver of two."""
    return max(one, other, key=list(Severity).index)
