"""A report made of what somebody wrote: as its form asks it. What he did not speak of stays "not looked at"."""

from typing import Any

from rules.forms import NOTE, PART, TROUBLES, Condition, Form, Part
from rules.replies.spoken import Told, Values


def body(form: Form, told: Told, values: Values, text: str) -> dict[str, Any]:
    """The body of a filled report. His own words stand under the first heading; of a trouble they are its note too.

    A word for the whole is written at the one indicator that the word list names for it: `aman` is no word about the
    neutrality of officials or the network, which nobody has looked at then.
    """
    looked: dict[str, dict[str, Any]] = {}
    for own in form.indicators:
        numbers = {figure.code: values.counts[figure.code] for figure in own.figures if figure.code in values.counts}
        overall = own.code == told.overall and values.condition is not None
        if not (numbers or overall):
            continue
        condition = values.condition if overall and values.condition else Condition.UNSEEN
        looked[own.code] = {"condition": condition.value} | ({"numbers": numbers} if numbers else {})
        if condition in TROUBLES:
            looked[own.code]["note"] = text[:NOTE].strip()
            looked[own.code] |= {"problem": True} if condition is Condition.TROUBLED and own.category else {}
    said = text[:PART].strip()
    return {"form": form.code, "form_digest": form.digest, "indicators": looked} | (
        {Part.FACTS.value: said} if said else {}
    )
