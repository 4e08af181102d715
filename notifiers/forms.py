"""Templates run once for each shape of facts instead of once for each message, which costs a fifth.

A template prints words and asks whether they are empty; it never looks into them. So its output depends only on the
shape of the facts: which words are empty, how long the lists are, and every value that is not a word. Another message
of the same shape is the same form with other words filled in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from itertools import count
from typing import Any, NamedTuple

from jinja2 import Template

_OPEN, _SHUT = "\ue000", "\ue001"
"""These stand around the number of a word in a new form; words that contain them are filled in last."""

MANY = 500
"""Forms kept of one template."""


class Shaped(NamedTuple):
    """Facts with their shape and their words, in order: several forms may be asked about them."""

    facts: Mapping[str, Any]
    shape: tuple[object, ...]
    words: list[str]


def shaped(facts: Mapping[str, Any]) -> Shaped:
    """Facts ready for a form: words, numbers, switches, and lists or named tuples of them."""
    words: list[str] = []
    return Shaped(facts, (*facts, _shape(facts.values(), words)), words)


class Form:
    """One template; called with facts, it gives the text. Safe to use from several threads."""

    def __init__(self, template: Template) -> None:
        self._run = template.render
        self._form: Callable[[str], str] = _escaped if (template.name or "").endswith(".html.j2") else str
        self._kept: dict[object, tuple[str, list[int]]] = {}

    def __call__(self, *given: Shaped) -> str:
        """The text about these facts; those that come later stand before others of the same name."""
        shape = tuple([own.shape for own in given])
        kept = self._kept.get(shape)
        if kept is None:
            if len(self._kept) >= MANY:
                self._kept.clear()
            kept = self._kept[shape] = self._made(*(own.facts for own in given))
        form, places = kept
        words = [word for own in given for word in own.words]
        return form % tuple([self._form(words[n]) for n in places])

    def _made(self, *given: Mapping[str, Any]) -> tuple[str, list[int]]:
        numbers = count()
        marked = {name: _marked(fact, numbers) for facts in given for name, fact in facts.items()}
        first, *parts = self._run(marked).split(_OPEN)
        places, rests = zip(*(part.split(_SHUT) for part in parts), strict=True) if parts else ((), ())
        return "%s".join(text.replace("%", "%%") for text in (first, *rests)), [int(place) for place in places]


@lru_cache(maxsize=2000)  # most words of a mail are those of the mail before
def _escaped(word: str) -> str:
    return escape(word)


def _shape(facts: Iterable[Any], words: list[str]) -> tuple[object, ...]:
    """What is left of facts without their words, which are added to `words`."""
    shape: list[object] = []
    for fact in facts:
        if type(fact) is str and fact:
            words.append(fact)
            shape.append(_OPEN)
        elif isinstance(fact, list | tuple):
            shape.append(_shape(fact, words))
        else:
            shape.append(fact)
    return tuple(shape)


def _marked(fact: Any, numbers: Iterator[int]) -> Any:
    """The fact with numbers for its words, in the order in which `_shape` meets them."""
    if type(fact) is str and fact:
        return f"{_OPEN}{next(numbers)}{_SHUT}"
    if isinstance(fact, list | tuple):
        parts = [_marked(part, numbers) for part in fact]
        return type(fact)(*parts) if hasattr(fact, "_fields") else parts
    return fact
