"""What a text is made from. Facts only: which words they become is the templates' matter."""

from dataclasses import dataclass
from datetime import date, datetime

from rules.ladder import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing a message is about.

    Args:
        code: as people quote it: `R-0805` a report, `P-0012` a problem, `S-0003` a task of the secretariat.
        what: the duty's name, or what kind of problem or task it is; Indonesian.
        area: as it is read in a sentence: `Kecamatan Tamban`; of a task, whom or what it concerns.
        due_at: a report's due time; a problem's opening, a task's.
        zone: IANA name of the area's zone; `due_at` and `received_at` are written in it.
        above: title of the office that hears next; None: nobody does.
        above_at: when it hears.
        severity: of a problem; Indonesian.
        warned_at: when the team was told last; None: not told, or of no interest here.
        office: title of the office it is awaited from; said to those above it and to the secretariat.
        todo: of a task: what to do about it; Indonesian.
        returned: a report that came and is to be improved: what is awaited is the improvement.
    """

    say: Say
    code: str
    what: str
    area: str
    due_at: datetime
    zone: str
    period: tuple[date, date] | None = None
    above: str | None = None
    above_at: datetime | None = None
    severity: str | None = None
    received_at: datetime | None = None
    receipt: str | None = None
    warned_at: datetime | None = None
    office: str | None = None
    todo: str | None = None
    returned: bool = False

    @property
    def problem(self) -> bool:
        return self.code.startswith("P-")

    @property
    def task(self) -> bool:
        return self.code.startswith("S-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that one office is told at one moment.

    Args:
        say: the severest of the items': it words the message.
        office: title as letters write it; `sms_name` is its short form.
        zone: the recipient's.
        link: the list of what this office still owes; None: answers go through the secretariat.
        secretariat: how it is reached, in words: `Sekretariat Desk, telepon (0511) 0000`.
    """

    brand: str
    desk: str
    office: str
    sms_name: str
    zone: str
    say: Say
    items: tuple[Item, ...]
    link: str | None
    secretariat: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Text:
    """What is read. `subject` is empty and `html` None for an SMS; `segments` is 0 for a mail."""

    subject: str
    text: str
    html: str | None
    segments: int
