"""Frozen dataclasses to JSON text and back: sorted keys and UTC instants, so that equal facts are equal text."""

import json
import types
from collections.abc import Callable, Hashable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

_Facts = TypeVar("_Facts")

Place = str | tuple[Any, str]
"""Where a value stands; put into words only where it is wrong."""


def dump(facts: object) -> str:
    """One line of ASCII JSON. Equal objects give the same text, in whatever zone their instants are."""
    return json.dumps(_plain(facts), sort_keys=True, separators=(",", ":"), allow_nan=False)


def load(kind: type[_Facts], text: str | bytes) -> _Facts:
    """The object that `dump` wrote. Fields that are missing take their defaults.

    Raises:
        ValueError: unknown or missing fields, values of another type; the message says where.
    """
    facts: _Facts = _typed(kind, json.loads(text), kind.__name__)
    return facts


def field(facts: type[object], name: str, kind: type[_Facts], text: str | bytes, default: _Facts) -> _Facts:
    """One field of what `dump` wrote, for a reader who needs no more. Raises: ValueError."""
    found = json.loads(text).get(name)
    typed: _Facts = default if found is None else _typed(kind, found, f"{facts.__name__}.{name}")
    return typed


def values(facts: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Every single value in a tree of dataclasses and tuples, with the name of the field that holds it."""
    if is_dataclass(facts):
        for own in fields(facts):
            yield from values(getattr(facts, own.name), own.name)
    elif isinstance(facts, tuple):
        for item in facts:
            yield from values(item, name)
    else:
        yield name, facts


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    if kind in _WRITTEN_AS_IT_IS:
        return value
    if names := _names(kind):
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value


_WRITTEN_AS_IT_IS = frozenset((str, int, bool, type(None)))


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    """The fields of a dataclass; of anything else none."""
    return tuple(own.name for own in fields(kind)) if isinstance(kind, type) and is_dataclass(kind) else ()


def _typed(kind: Any, value: Any, where: Place) -> Any:
    read, own = _reading(kind)
    return read(own, value, where)


@cache
def _reading(kind: Any) -> tuple[Callable[[Any, Any, Place], Any], Any]:
    """What reads a value of this kind, and the kind that it reads: a letter has thousands of values of a few kinds."""
    if get_origin(kind) in (Union, types.UnionType):
        return _optional, get_args(kind)[0]
    if get_origin(kind) is tuple:
        return _tuple, get_args(kind)[0]
    if is_dataclass(kind):
        return _record, kind
    return (_whole if kind is int or kind is bool else _word), kind


def _optional(kind: Any, value: Any, where: Place) -> Any:
    return None if value is None else _typed(kind, value, where)


def _tuple(kind: Any, value: Any, where: Place) -> Any:
    _must(isinstance(value, list), where, "a list", value)
    return tuple(_typed(kind, item, (where, f"[{n}]")) for n, item in enumerate(value))


def _whole(kind: Any, value: Any, where: Place) -> Any:
    _must(type(value) is kind, where, kind.__name__, value)
    return value


def _record(kind: Any, value: Any, where: Place) -> Any:
    _must(isinstance(value, dict), where, "an object", value)
    hints = _hints(kind)
    if unknown := sorted(value.keys() - hints.keys()):
        raise ValueError(f"{_named(where)}: unknown {', '.join(unknown)}")
    try:
        return kind(**{name: _typed(hints[name], item, (where, f".{name}")) for name, item in value.items()})
    except TypeError as error:
        raise ValueError(f"{_named(where)}: {error}") from error


def _word(kind: Any, value: Any, where: Place) -> Any:
    _must(isinstance(value, str), where, "text", value)
    if kind is str:
        return value
    try:
        if kind is datetime or kind is date:
            return kind.fromisoformat(value)
        return kind(value) if issubclass(kind, StrEnum) else value
    except ValueError as error:
        raise ValueError(f"{_named(where)}: {error}") from error


def _must(held: bool, where: Place, wanted: str, value: object) -> None:
    if not held:
        raise ValueError(f"{_named(where)}: {wanted} expected, got {value!r:.60}")


def _named(where: Place) -> str:
    """`Weekly.districts[3].code`."""
    return where if isinstance(where, str) else _named(where[0]) + where[1]


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
