"""What a text is made from: facts only. The templates choose the words."""

from dataclasses import dataclass
from datetime import date, datetime

from rules import levels
from rules.advice import Sort, Stage
from rules.ladder import Say
from rules.links import ASKING
from rules.summary import Section

_OF_OWNERS = (Say.PROBLEM, Say.ADVICE, Say.ROLL_CALL)
_ON_ITS_PAGE = (Say.SURE, Say.DECLARED, Say.RETURNED)
"""What is asked in these is answered by choosing on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing a message is about.

    Args:
        code: as people quote it: `R-0805` a report, `P-0012` a problem, `S-0003` a task of the secretariat, `A-0012` an
            advice, `L-0007` a field trip, `C-0004` a roll call of one office, `G-0002` what begins soon and is unready.
        what: the duty's name, or what kind of problem or task it is; Indonesian.
        area: as it is read in a sentence: `Kecamatan Tamban`; of a task, whom or what it concerns.
        due_at: a report's due time, an advice's, the beginning of a meeting; a problem's opening, a task's; of a report
            to the Government the cut-off.
        zone: IANA name of the area's zone; `due_at` and `received_at` are written in it.
        above: title of the office that hears next; None: nobody does.
        above_at: when it hears.
        severity: of a problem; Indonesian.
        grave: of a problem: a text says its degree, and that it is urgent.
        owned: of a problem, an advice or a roll call: the reader has it, and nobody else is to say what is done.
        sort: of an advice: what it is; `stage`: how far it is.
        restricted: of a problem: a text says no more than its number, and that it is so.
        warned_at: when the team was told last; None: not told, or the reader is of the team.
        office: title of the office it is awaited from; None: from the reader, who is told what is his without more.
        todo: of a task: what to do about it; of an advice: what it says, and what was answered; of a report to the
            Government: which version it is, and what is attached; Indonesian.
        figure: of what begins soon: how much of it is not ready; Indonesian.
        brief: what the area is called where room is short, if its file says so: `Kab. HSS`.
        declared: what another office said of it: `dinyatakan nihil`; `by`: its title, and its short name. Of what a
            village is asked, `by` asks.
        returned: a report that came and is to be improved: what is awaited is the improvement.
        moved_from: of a report whose due time was moved: what it was; `moved_by`: the regulation that moved it.
        election: where one message tells of several: which this one is of, as short as texts name it.
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
    grave: bool = False
    owned: bool = False
    restricted: bool = False
    received_at: datetime | None = None
    receipt: str | None = None
    warned_at: datetime | None = None
    office: str | None = None
    todo: str | None = None
    returned: bool = False
    declared: str = ""
    by: tuple[str, str] = ("", "")
    brief: str = ""
    figure: str = ""
    sort: Sort | None = None
    stage: Stage | None = None
    election: str = ""
    moved_from: datetime | None = None
    moved_by: str = ""

    @property
    def place(self) -> str:
        """The area as short as it is still understood: `Kec. Tamban`."""
        return self.brief or levels.short(self.area)

    @property
    def problem(self) -> bool:
        return self.code.startswith("P-")

    @property
    def advice(self) -> bool:
        return self.sort is not None

    @property
    def meeting(self) -> bool:
        return self.sort is Sort.MEETING

    @property
    def trip(self) -> bool:
        return self.code.startswith("L-")

    @property
    def roll_call(self) -> bool:
        return self.code.startswith("C-")

    @property
    def gate(self) -> bool:
        return self.code.startswith("G-")

    @property
    def answerable(self) -> bool:
        """Whether its reader may answer in his own words, and what he says of it can be done (docs/answers.md)."""
        if self.problem or self.advice or self.roll_call:
            return self.owned and not self.meeting and not self.restricted and self.say in _OF_OWNERS
        awaited = self.say in ASKING and self.say not in _ON_ITS_PAGE
        return self.code.startswith("R-") and self.office is None and awaited and not self.returned

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
        once: the link opens the desk's door and works once, so it must not be passed on.
        secretariat: how it is reached, in words: `Sekretariat Desk, telepon (0511) 4799123`; empty: the reader is it.
        call: its number as it is dialled, for texts; empty: the desk's file gives none, or the reader is it.
        summary: of the day, in words; it stands in a mail alone.
        answer: to what the office wrote to us, the most important sentence first.
        replies: somebody takes what is written in answer on this channel.
        election: as short as texts name it, or how many; empty: only one is live, and nobody can be in doubt.
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
    call: str = ""
    election: str = ""
    once: bool = False
    summary: tuple[Section, ...] = ()
    answer: tuple[str, ...] = ()
    replies: bool = False

    @property
    def may_reply(self) -> bool:
        """Whether it says that it may simply be answered. What a door leads to is done there."""
        return self.replies and not self.once and bool(self.items) and all(own.answerable for own in self.items)


@dataclass(frozen=True, slots=True)
class Text:
    """What is read. `subject` is empty and `html` None for an SMS; `segments` is 0 for a mail.

    `lost`: an SMS had to leave words out to fit.
    """

    subject: str
    text: str
    html: str | None
    segments: int
    lost: bool = False
