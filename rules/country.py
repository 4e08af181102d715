"""What is so of texts in a country: which carrier a number was given by."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Country:
    """What config/countries holds. `prefixes`: by how a number begins, its carrier's code; `carriers`: their names."""

    name: str = ""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    carriers: Mapping[str, str] = field(default_factory=dict)

    def carrier(self, number: str) -> str:
        """The carrier that gave out a number (E.164), by its longest known prefix; empty: it is not known."""
        begins = (number[:size] for size in range(min(len(number), _LONGEST), 1, -1))
        return next((self.prefixes[own] for own in begins if own in self.prefixes), "")


_LONGEST = 8
"""Characters of the longest prefix, with its plus sign."""
