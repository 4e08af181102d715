"""What a paper says. Loading it loads neither typst nor Word."""

from dataclasses import dataclass
from datetime import datetime

from reports import codec
from rules.levels import Level


@dataclass(frozen=True, slots=True)
class Head:
    """What stands around the words: whose paper it is, and who signs as what. `level`: whose areas it speaks of."""

    desk: str
    letterhead: tuple[str, ...]
    address: tuple[str, ...]
    seat: str
    signer: tuple[str, ...]
    made_at: datetime
    zone: str
    level: Level = Level.REGENCY


@dataclass(frozen=True, slots=True)
class Invited:
    """One office and whether it came; None: nobody recorded it. `deputy`: who came in its place."""

    office: str
    came: bool | None
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A direction that was decided at a meeting, as one office has it."""

    code: str
    text: str
    owner: str
    due: str
    state: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of a meeting. `written_by`: empty: nobody wrote any yet."""

    head: Head
    code: str
    when: str
    place: str
    agenda: str
    led_by: str
    called_by: str
    invited: tuple[Invited, ...]
    text: str
    decisions: tuple[Decision, ...]
    written_by: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """One planned trip of a team, in words."""

    code: str
    when: str
    place: str
    purpose: str
    going: str


@dataclass(frozen=True, slots=True)
class Order:
    """A draft of the order (surat tugas) for a team's trips of some days. `members`: offices, each with its role."""

    head: Head
    team: str
    period: str
    bases: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a programme ended. `closed`: when and why, in words. `left`: what was open, as counts in words.

    `places`: by district, what was asked, and what came of it, as figures.
    """

    head: Head
    election: str
    period: str
    closed: str
    left: tuple[str, ...]
    places: tuple[tuple[str, ...], ...]


def to_json(facts: Minutes | Order | Ending) -> str:
    return codec.dump(facts)
