"""Support (dukungan): what offices of the Government have ready before a day of the programme, and for whom.

A support item is a duty like any other, and what it makes is an obligation: this only says what it is good for.
"""

from dataclasses import dataclass

from rules.calendar import Anchor


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is prepared, and from which day on it must stand: the distribution of logistics from H-3.

    `elections`: by their codes or first words, as addressees are named; empty: for every election of the desk.
    """

    code: str
    name: str
    begins: Anchor
    elections: tuple[str, ...] = ()

    def fits(self, election: str) -> bool:
        """Whether it is prepared for the election with this code."""
        return not self.elections or election in self.elections or election.partition("-")[0] in self.elections


@dataclass(frozen=True, slots=True)
class Support:
    """What a support item is for.

    Args:
        preparation: the code of what it belongs to.
        districts: whom it serves; empty: all of them.
        waits_for: the codes of the items that must be ready before it can be.
        confirms: the code of the item that this one confirms; empty: it is no confirmation.
    """

    preparation: str
    districts: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    confirms: str = ""

    def serves(self, district: str) -> bool:
        return not self.districts or district in self.districts


def circle(waits: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Items that wait for each other in a circle, in its order; empty: there is none.

    Args:
        waits: by code, the items that each waits for; an unknown one waits for nothing.
    """
    settled: set[str] = set()

    def follow(code: str, trail: tuple[str, ...]) -> tuple[str, ...]:
        if code in trail:
            return trail[trail.index(code) :]
        if code in settled:
            return ()
        found = next((own for other in waits.get(code, ()) if (own := follow(other, (*trail, code)))), ())
        settled.add(code)
        return found

    return next((found for code in waits if (found := follow(code, ()))), ())
