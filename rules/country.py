"""What is so of texts in a country: which carrier a number was given by, and what carriers ask of texts.

What carriers ask is their terms and what providers tell of them, not law.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Texts(NamedTuple):
    """`sender`: most characters of a name that texts go under; `refused`: names that are too general for one.

    `filtered`: words, in lower case, for which a text may be held back. `hosts`: how an address ends that people here
    know. `answered`: whether what goes under a name can be answered.
    """

    sender: int = 11
    refused: frozenset[str] = frozenset()
    filtered: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Country:
    """What config/countries holds. `prefixes`: by how a number begins, its carrier's code; `carriers`: their names."""

    name: str = ""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    carriers: Mapping[str, str] = field(default_factory=dict)
    texts: Texts = field(default_factory=Texts)

    def carrier(self, number: str) -> str:
        """The carrier that gave out a number (E.164), by its longest known prefix; empty: it is not known, or
        this is a mail address.
        """
        if not number.startswith("+"):
            return ""
        begins = (number[:size] for size in range(min(len(number), _LONGEST), 1, -1))
        return next((self.prefixes[own] for own in begins if own in self.prefixes), "")

    def filtered(self, text: str) -> list[str]:
        """Words of a text for which carriers may hold it back."""
        words = set(re.findall(r"\w+", text.lower()))
        return [own for own in self.texts.filtered if own in words]

    def of_sender(self, sender: str, brand: str, *, answered: bool) -> Iterator[str]:
        """What is wrong with the name that texts go under. A number is no name.

        Args:
            brand: how every text begins.
            answered: texts say that they may be answered.
        """
        if not any(map(str.isalpha, sender)):
            return
        if len(sender) > self.texts.sender or not _PLAIN.fullmatch(sender):
            yield f"the sender {sender!r} is no name of up to {self.texts.sender} plain letters, digits and spaces"
        if sender.upper() in self.texts.refused:
            yield f"the sender {sender!r} is too general: carriers refuse it"
        if sender.lower() not in brand.lower():
            yield f"texts begin with {brand!r}, and the sender {sender!r} is not in it"
        if answered and not self.texts.answered:
            yield f"answers to texts are expected, and nothing can be sent to the name {sender!r}"

    def of_link(self, host: str) -> Iterator[str]:
        """What is unusual about the host that links lead to."""
        if host and self.texts.hosts and not host.endswith(self.texts.hosts):
            yield f"links lead to {host}, and people know addresses that end in {', '.join(self.texts.hosts)}"


_LONGEST = 8
"""Characters of the longest prefix, with its plus sign."""

_PLAIN = re.compile(r"[A-Za-z0-9 ]+")
