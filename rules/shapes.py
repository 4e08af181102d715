"""Whether a report has the shape that its form gives it, whatever way it came. Otherwise no page could show it."""

from collections.abc import Collection, Mapping, Set
from typing import Any

from rules import typed
from rules.filing import Content, NotTaken
from rules.forms import FILES, NOTE, PART, REMARKS, TROUBLES, Condition, Form, Indicator, Part
from rules.incidents import KEPT, STATION, said_in
from rules.policy import Severity
from rules.typed import DIGITS, Mistyped

TEXT = 4000
"""Characters at most in a report that came as a text."""

_TEXTS = {"note": TEXT, REMARKS: NOTE, "form": NOTE, "form_digest": NOTE} | {part.value: PART for part in Part}


class Malformed(NotTaken):
    """What was sent does not have the shape of a report: nothing of it is taken."""


def shaped(
    form: Form,
    content: Content,
    body: Mapping[str, Any],
    sent: Set[str] = frozenset(),
    villages: Collection[str] = (),
) -> tuple[Content, dict[str, Any]]:
    """A report as it is kept: its texts cleaned, and partial if something the form asks for was not looked at.

    Args:
        sent: the digests of the files that came with it; it may name no others.
        villages: the codes of those that it may name.

    Raises:
        Malformed: and where.
    """
    if content in (Content.NIL, Content.WITHDRAWN):
        _known(body, set(), f"a {content} report")
        return content, {}
    _known(body, {*_TEXTS, FILES, "indicators"}, "a report")
    kept: dict[str, Any] = {name: _text(body[name], longest, name) for name, longest in _TEXTS.items() if name in body}
    if FILES in body:
        kept[FILES] = _files(body[FILES], sent, FILES)
    told = any(kept.get(name) for name in kept if name not in ("form", "form_digest"))
    looked_at = _looked_at(form, body, sent, villages)
    seen = [own for own in looked_at.values() if own["condition"] != Condition.UNSEEN]
    if not (told or seen or any(len(own) > 1 for own in looked_at.values())):
        raise Malformed("the report says nothing: file what was seen, or nil")
    if "indicators" not in body:
        return Content.FILLED, kept
    return Content.FILLED if len(seen) == len(form.indicators) else Content.PARTIAL, kept | {"indicators": looked_at}


def _looked_at(
    form: Form, body: Mapping[str, Any], sent: Set[str], villages: Collection[str]
) -> dict[str, dict[str, Any]]:
    asked = {own.code: own for own in form.indicators}
    given = _object(body.get("indicators", {}), "indicators")
    _known(given, asked, "the indicators of its form")
    return {code: _indicator(form, asked[code], own, sent, villages) for code, own in given.items()}


def _indicator(form: Form, own: Indicator, given: object, sent: Set[str], villages: Collection[str]) -> dict[str, Any]:
    where = f"indicators.{own.code}"
    told = _object(given, where)
    offered = [*(["photos"] if own.photo else []), *(["problem", *KEPT] if own.category else [])]
    _known(told, {"condition", "numbers", "note", *offered}, where)
    if not form.takes(told.get("condition")):
        words = dict.fromkeys((*form.choices, Condition.UNSEEN))
        raise Malformed(f"{where}.condition: one of {', '.join(words)} is expected")
    kept: dict[str, Any] = {"condition": Condition(told["condition"]).value}
    if "numbers" in told:
        numbers = _object(told["numbers"], f"{where}.numbers")
        _known(numbers, {figure.code for figure in own.figures}, f"{where}.numbers")
        kept["numbers"] = {code: _count(count, f"{where}.numbers.{code}") for code, count in numbers.items()}
    if "note" in told:
        kept["note"] = _text(told["note"], NOTE, f"{where}.note")
    if "problem" in told:
        kept["problem"] = _yes(told["problem"], f"{where}.problem")
        if kept["problem"] and kept["condition"] not in TROUBLES:
            raise Malformed(f"{where}.problem: only what is troubled or needs attention is recorded as a problem")
    kept |= _details(told, where, villages)
    if "photos" in told:
        kept["photos"] = _files(told["photos"], sent, f"{where}.photos")
    return kept


def _details(told: Mapping[str, Any], where: str, villages: Collection[str]) -> dict[str, Any]:
    """What is said of a problem, as `rules.incidents.said_in` reads it."""
    given = {name: told[name] for name in KEPT if name in told}
    if given and told.get("problem") is not True:
        raise Malformed(f"{where}.{next(iter(given))}: only a problem has it")
    for name, words in (("severity", list(Severity)), ("village", list(villages))):
        if name in given and given[name] not in words:
            raise Malformed(f"{where}.{name}: {str(given[name])[:40]!r} is none that is known")
    if "station" in given:
        given["station"] = _text(given["station"], STATION, f"{where}.station")
    if "affected" in given:
        given["affected"] = _count(given["affected"], f"{where}.affected")
    if "observed_at" in given and said_in(given).circumstances.observed_at is None:
        raise Malformed(f"{where}.observed_at: a time with its offset is expected")
    return given


def _known(given: Mapping[str, Any], names: Set[str] | Mapping[str, Any], where: str) -> None:
    """Nothing is dropped in silence: a report with fields that no page would show is refused."""
    if strange := next((name for name in given if name not in names), None):
        raise Malformed(f"{strange[:40]!r} is not known in {where}")


def _object(given: object, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise Malformed(f"{where}: an object is expected")
    return given


def _text(given: object, longest: int, where: str) -> str:
    if not isinstance(given, str):
        raise Malformed(f"{where}: a text is expected")
    try:
        return typed.words(given, longest)
    except Mistyped as error:
        raise Malformed(f"{where}: at most {longest} characters are taken") from error


def _count(given: object, where: str) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given < 10**DIGITS:
        raise Malformed(f"{where}: a whole number from 0 is expected")
    return given


def _yes(given: object, where: str) -> bool:
    if not isinstance(given, bool):
        raise Malformed(f"{where}: true or false is expected")
    return given


def _files(given: object, sent: Set[str], where: str) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise Malformed(f"{where}: a list of files is expected")
    if not set(given) <= sent:
        raise Malformed(f"{where}: it names a file that did not come with it")
    return list(given)
