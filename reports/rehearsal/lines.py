"""The things a rehearsal's page speaks of: reports owed, decisions to tell somebody, and messages."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

GONE = frozenset({"", "sent", "in_doubt"})
"""States of a message that its office has, or may have; one without a state has gone."""

UNSAID = frozenset({"planned", "moot", "nobody"})
"""A notice in one of these states told nobody, whatever message it was meant for."""

ABOVE_TEAM = frozenset({"coordinator", "secretary", "chair"})


class State(StrEnum):
    """What the page says of a report owed. Whether it was a nil report is said beside it."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"
    AHEAD = "ahead"
    EXCUSED = "excused"


@dataclass(slots=True, eq=False)
class Message:
    """One text that left; `at` is the office's local time, `quiet` whether it fell into quiet hours.

    `twice`: it may have arrived twice. `cost`: rupiah.
    """

    id: str
    at: datetime
    channel: str
    to: str
    office: str
    say: str
    subject: str
    text: str
    segments: int
    state: str
    file: str
    place: str
    quiet: bool
    twice: bool = False
    cost: int = 0
    notices: "list[Notice]" = field(default_factory=list)
    rows: "list[Row]" = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return self.place.partition("#")[2]

    @property
    def gone(self) -> bool:
        return self.state in GONE

    @property
    def urgent(self) -> bool:
        return any(notice.urgent for notice in self.notices)


@dataclass(slots=True, eq=False)
class Notice:
    """One decision about one office. Without a message nothing was said, and `reason` tells why."""

    key: str
    matter: str
    office: str
    channel: str
    say: str
    audience: str
    urgent: bool
    planned_at: datetime
    state: str
    reason: str
    message: Message | None = None

    @property
    def at(self) -> datetime:
        return self.message.at if self.message else self.planned_at

    @property
    def told(self) -> bool:
        return self.message is not None and self.message.gone and self.state not in UNSAID

    @property
    def above_team(self) -> bool:
        return self.audience in ABOVE_TEAM if self.audience else self.say == "escalation"


@dataclass(slots=True, eq=False)
class Row:
    """One report owed, in its local time, and every decision it led to. `cause`: why it is late or missing."""

    key: str
    code: str
    duty: str
    stage: str
    area: str
    team: str
    slot: str
    period: tuple[date, date]
    due_at: datetime
    received_at: datetime | None
    state: State
    nil: bool
    partial: bool
    rule: str
    outcome: str
    place: str
    cause: str = ""
    notices: list[Notice] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return self.place.partition("#")[2]

    @property
    def of_district(self) -> bool:
        """Owed by a district; else by a team as a whole, or by the desk itself, which has no team."""
        return bool(self.team) and self.team != self.area

    @property
    def sent(self) -> int:
        return sum(notice.told for notice in self.notices)

    @property
    def settled(self) -> bool:
        """Whether its due time led to anything: a report, a release, or an attempt to tell somebody."""
        return bool(self.outcome or self.notices) or self.state is not State.MISSING
