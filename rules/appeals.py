"""What a desk asks of the levels above it (permohonan dukungan): of whom, what, since when, and what came of it."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from rules import typed
from rules.indonesian import local_date
from rules.levels import Level
from rules.typed import Fault, Mistyped

WORDS = 1000
"""Characters of what is asked, and of what was answered."""
PREFIX = "M-"

NAMES = {Level.PROVINCE: "Pemerintah Provinsi", Level.CENTRE: "Pemerintah Pusat"}
"""Of whom something can be asked."""

_ABOVE = {
    Level.REGENCY: (Level.PROVINCE, Level.CENTRE),
    Level.PROVINCE: (Level.CENTRE,),
    Level.CENTRE: (),
}


class End(StrEnum):
    """How an appeal ended: those above answered, or it was taken back. Until then it is open."""

    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Asked(NamedTuple):
    """What is asked, of which level, since which local day."""

    of: Level
    text: str
    on: date


class Ended(NamedTuple):
    """How it ended, in whose words, on which local day."""

    end: End
    text: str
    on: date


def above(level: Level) -> tuple[Level, ...]:
    """The levels that a desk of this level can ask, the nearest first."""
    return _ABOVE[level]


def code(number: int) -> str:
    """What people call an appeal by."""
    return f"{PREFIX}{number:04d}"


def asked(
    answers: Mapping[str, str], level: Level, zone: str, *, now: datetime
) -> tuple[Asked | None, dict[str, Fault]]:
    """What was typed, or None and by field what is wrong with it. Without a day it is asked since today."""
    flaws: dict[str, Fault] = {}
    of = next((own for own in above(level) if own == answers.get("of")), None)
    if of is None:
        flaws["of"] = Fault.NO_CHOICE
    text = _text(answers, "text", flaws)
    on = _day(answers, "on", flaws, local_date(now, zone))
    return (Asked(of, text, on), {}) if of and text and on else (None, flaws)


def ended(
    answers: Mapping[str, str], end: End, since: date, zone: str, *, now: datetime
) -> tuple[Ended | None, dict[str, Fault]]:
    """How it ended as it was typed, or None and by field what is wrong. Nobody answers before he was asked."""
    flaws: dict[str, Fault] = {}
    text = _text(answers, "answer", flaws)
    on = _day(answers, "ended", flaws, local_date(now, zone))
    if on and on < since:
        flaws["ended"] = Fault.NO_SPAN
    return (None, flaws) if flaws or not on else (Ended(end, text, on), {})


def _text(answers: Mapping[str, str], name: str, flaws: dict[str, Fault]) -> str:
    try:
        text = typed.words(answers.get(name, ""), WORDS)
    except Mistyped as error:
        flaws[name] = error.fault
        return ""
    if not text:
        flaws[name] = Fault.MISSING
    return text


def _day(answers: Mapping[str, str], name: str, flaws: dict[str, Fault], today: date) -> date | None:
    try:
        on = typed.day(answers.get(name, "")) or today
    except Mistyped as error:
        flaws[name] = error.fault
        return None
    if on > today:
        flaws[name] = Fault.AHEAD
        return None
    return on
