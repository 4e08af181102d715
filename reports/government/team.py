"""Who is in the team by its decree, frozen: offices only, never persons."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """One office and what it is in the team; `place`: the districts it looks after, in words, or empty."""

    office: str
    role: str
    place: str = ""
