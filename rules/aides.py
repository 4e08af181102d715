"""Aides (operator desa): a person in a village who sends figures to whoever reports for his district.

He is no office of the desk: nothing is owed by him, no ladder tells him anything, and what he sends is filed by nobody
but the district's reporter. Nobody above the district sees it. He is told only when that reporter asks him.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from rules import founding
from rules.desk import Desk
from rules.duties import Duty, Per
from rules.forms import NOTE, SCALES, Condition, Form
from rules.typed import DIGITS

NAME, VILLAGE = 80, 60
"""Characters at most of a name, and of a village that the desk's file does not list."""

MOST = 60
"""Aides of one district. No district of Indonesia has many more villages."""

TIMES = 2
"""He is asked about one report, and reminded once; nothing more, unless it is returned to be improved."""

AGAIN_AFTER = timedelta(minutes=30)
"""So long after he was asked he may be reminded."""

MOST_ASKED = 3 * MOST
"""Messages to aides about one report: a link that went astray must not order texts without end."""

PREFIX = "desa-"
"""How the code begins under which the books keep an aide's addresses."""


def code(village: str) -> str:
    """What the books call the aide of a village: whoever helps there, it is one."""
    return f"{PREFIX}{village}"[:60]


def title(village: str) -> str:
    """How he is addressed: `Operator Desa Koanda`."""
    return f"Operator {village}"[:115]


def brief(village: str) -> str:
    """The same in a text, of 20 characters at most: `Op. Tamban M. Baru`."""
    return founding.brief(f"Op. {village.removeprefix('Desa ').removeprefix('Kelurahan ')}")


def districts(desk: Desk, office: str) -> tuple[str, ...]:
    """The districts whose aides an office names: those that it reports for itself, in whatever team."""
    return desk.reports_for(office)


def asked_of(form: Form) -> Form:
    """What of a form an aide is asked: only what can be counted together, without photos and problems.

    Without such figures it has no indicators, and no aide is asked: what is judged is the reporter's own.
    """
    indicators = tuple(
        replace(own, figures=figures, category=None, photo=False)
        for own in form.indicators
        if not form.checklist and (figures := tuple(figure for figure in own.figures if figure.adds))
    )
    return replace(form, indicators=indicators, sums=())


def helped(duty: Duty, form: Form) -> bool:
    """Whether aides may be asked about a report: it is a district's, and something in it adds up."""
    return duty.per is Per.DISTRICT and duty.support is None and bool(asked_of(form).indicators)


def answered(asked_at: datetime | None, sent_at: datetime | None) -> bool:
    """Whether an aide sent something since he was asked last."""
    return sent_at is not None and (asked_at is None or sent_at >= asked_at)


def may_ask(
    times: int,
    asked_at: datetime | None,
    sent_at: datetime | None,
    *,
    returned_at: datetime | None = None,
    now: datetime,
) -> bool:
    """Whether an aide is told now. Who has sent something is left alone, and so is who was asked a moment ago.

    Args:
        returned_at: when the report was returned to be improved: since then everybody is asked once more.
    """
    if returned_at is not None and asked_at is not None and asked_at < returned_at:
        return True
    if answered(asked_at, sent_at) or times >= TIMES:
        return False
    return asked_at is None or now >= asked_at + AGAIN_AFTER


def kept(form: Form, body: Mapping[str, Any]) -> dict[str, str]:
    """What of an aide's answers can be kept, by field name: everything that was read without a flaw."""
    fields: dict[str, str] = {}
    for code, own in body["indicators"].items():
        if own["condition"] != Condition.UNSEEN:
            fields[f"c.{code}"] = own["condition"]
        fields |= {f"n.{name}": str(count) for name, count in own.get("numbers", {}).items()}
        if note := own.get("note"):
            fields[f"k.{code}"] = note
    return fields


class Answered(NamedTuple):
    """What one village sent."""

    village: str
    fields: Mapping[str, str]


class Counted(NamedTuple):
    """One figure, of how many villages, and each of them."""

    total: int
    villages: int
    each: Sequence[tuple[str, int]]


def counted(form: Form, answers: Sequence[Answered]) -> dict[str, Counted]:
    """By a figure's code, what the villages that gave it make together."""
    found: dict[str, Counted] = {}
    for figure in asked_of(form).figures():
        each = [(own.village, int(text)) for own in answers if (text := own.fields.get(f"n.{figure.code}"))]
        if each:
            found[figure.code] = Counted(sum(count for _, count in each), len(each), each)
    return found


def together(form: Form, answers: Sequence[Answered]) -> dict[str, str]:
    """What the villages suggest for the district's own form: sums, the worst condition, notes with their villages."""
    fields = {f"n.{code}": str(own.total) for code, own in counted(form, answers).items()}
    fields = {name: text for name, text in fields.items() if len(text) <= DIGITS}
    for own in asked_of(form).indicators:
        if worst := _worst(form, [one.fields.get(f"c.{own.code}", "") for one in answers]):
            fields[f"c.{own.code}"] = worst
        notes = [f"{one.village}: {note}" for one in answers if (note := one.fields.get(f"k.{own.code}"))]
        if notes:
            fields[f"k.{own.code}"] = _fitting(notes)
    return fields


def taken(given: Mapping[str, str], suggested: Mapping[str, str], *, over: bool) -> dict[str, str]:
    """A form with what villages suggest: where nothing is typed, or (`over`) in place of what is."""
    own = {name: text for name, text in given.items() if text.strip()}
    return {**given, **own, **suggested} if over else {**given, **suggested, **own}


def differing(given: Mapping[str, str], suggested: Mapping[str, str]) -> list[str]:
    """The fields that say something else than the villages do."""
    return [name for name, text in suggested.items() if (own := given.get(name, "").strip()) and own != text]


def _worst(form: Form, conditions: Sequence[str]) -> str:
    ranked = [word for word in SCALES[form.scale] if word is not Condition.UNSEEN]
    said = [word for word in ranked if word in conditions]
    return said[-1].value if said else ""


def _fitting(notes: Sequence[str]) -> str:
    """As many notes as a field holds; how many are left out is said, never cut off in silence."""
    for count in range(len(notes), -1, -1):
        left = len(notes) - count
        more = [f"(dan catatan {left} desa lain)"] if left else []
        if len(text := "\n".join([*notes[:count], *more])) <= NOTE:
            return text
    return ""
