"""The desk as its decree sets it up: districts, offices, area teams, who coordinates what, who is told."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from rules import indonesian, levels
from rules.levels import Level
from rules.quiet import Window
from rules.support import Preparation

if TYPE_CHECKING:
    from rules.duties import Duty


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class Audience(StrEnum):
    """Who a rung speaks to, from the nearest to the widest. Whom each means is decided in `rules.people`.

    OWNER has a problem or an advice, GIVER gave it; HANDLERS are the owner and the coordinator together.
    """

    OWNER = "owner"
    HANDLERS = "handlers"
    GIVER = "giver"
    REPORTER = "reporter"
    TEAM = "team"
    COORDINATOR = "coordinator"
    SECRETARY = "secretary"
    CHAIR = "chair"
    SECRETARIAT = "secretariat"

    @property
    def above_team(self) -> bool:
        return self in (Audience.COORDINATOR, Audience.SECRETARY, Audience.CHAIR)


@dataclass(frozen=True, slots=True)
class District:
    """An area below the desk: a kecamatan, to a province's desk a regency.

    `zone` is an IANA name; `grace` delays chasing for want of signal, never the due time. `brief`: what texts call it;
    empty: its name, shortened.
    `tile`: its column and row on the schematic map, from 1; None: it has no place there.
    """

    code: str
    name: str
    zone: str
    grace: timedelta = timedelta(0)
    tile: tuple[int, int] | None = None
    brief: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """An office (jabatan). Duties and history belong to it, whoever holds it.

    `title` is exact, as letters write it; `sms_name` has at most 20 GSM-7 characters. `email` and `phone`
    (E.164) are what the file gives to begin with; the contact tables are asked when something is sent.
    `quiet`: in these hours no routine text goes there, besides everybody's quiet hours.
    """

    code: str
    title: str
    sms_name: str
    zone: str
    email: str | None = None
    phone: str | None = None
    illustrative: bool = False
    quiet: Window | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """An area team (Tim DESK VIII). `reporters` says which office files for which district of the team."""

    code: str
    name: str
    members: tuple[str, ...]
    reporters: Mapping[str, str]
    illustrative: bool = False

    @property
    def districts(self) -> tuple[str, ...]:
        return tuple(self.reporters)


@dataclass(frozen=True, slots=True)
class Polling:
    """What is known of polling stations and voters in one election, with its source; None: not known.

    Never master data: the number of polling stations halved between Pemilu and Pilkada 2024.
    """

    stations: int | None
    voters: int | None
    source: str
    by_district: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)


COUNTS = ("stations", "voters")
"""What `Polling` counts of a district, as forms call it."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a report to the Government goes: the office addressed, the unit `c.q.`, the place, the copies.

    `email`: of the unit; None: the report is handed out, not mailed. `copy_emails`: of those copies that have one.
    `kinds`: where reports of some kinds go instead.
    """

    to: str
    attention: str
    place: str
    copies: tuple[str, ...]
    email: str | None = None
    copy_emails: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, "Addressee"] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """As a mail greets it: `Gubernur Kalimantan Selatan c.q. Kepala Biro Pemerintahan`."""
        return f"{self.to} c.q. {self.attention}" if self.attention else self.to

    @property
    def mailed(self) -> Mapping[str, str]:
        """Whom reports can be mailed to, the one addressed first: title and address."""
        own = {self.title: self.email} if self.email else {}
        return own | {copy: self.copy_emails[copy] for copy in self.copies if copy in self.copy_emails}


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs from a local day on: the office with its form, on lines. `letterhead`: of its own; empty: from it."""

    since: date
    signatory: str
    letterhead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decree:
    """The decree (SK) that formed the team."""

    title: str
    number: str
    date: date
    about: str

    def __str__(self) -> str:
        return f"{self.title} Nomor {self.number} tanggal {indonesian.day(self.date)} tentang {self.about}"


@dataclass(frozen=True, slots=True)
class Hotline:
    """The secretariat's numbers that anybody may call or write to, in E.164. Only the desk's file gives them.

    Never the number that messages to the secretariat go to: that one is private.
    """

    phone: str | None = None
    whatsapp: str | None = None

    @property
    def one(self) -> str | None:
        """The one number to give when there is room for only one."""
        return self.phone or self.whatsapp


@dataclass(frozen=True, slots=True)
class Posts:
    """Who is secretary in one kind of election, and what the desk is called there."""

    secretary: str
    name: str


@dataclass(frozen=True, slots=True)
class Responsible:
    """The office that is responsible for problems of one category; `districts` empty: in all of them."""

    category: str
    office: str
    districts: tuple[str, ...] = ()


LONGEST_TITLE = 115
"""Characters of a title that the books keep; the form of its holder stands before it."""

OUTSIDE = "luar-"
"""How the code of an office begins that is none of the desk's: reports to the Government are mailed to it."""


def outside(title: str) -> str:
    """The code of an office outside the desk: of one title always the same, whatever else a file changes."""
    return OUTSIDE + hashlib.sha256(title.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Desk:
    """One Tim DESK. `brand` begins every text message; each district has one team and one coordinating office.
    `support`: what offices have ready for each of the `preparations`, as duties; a programme's policy holds them too.
    `crest`: the picture in the letterhead by its SHA-256, and the file it came from; empty: none.

    Every message looks up several of these parts, so they are indexed once.
    """

    code: str
    name: str
    brand: str
    zone: str
    regency_code: str
    regency: str
    province: str
    seat: str
    signatory: str
    districts: tuple[District, ...]
    offices: tuple[Office, ...]
    teams: tuple[Team, ...]
    coordinators: Mapping[str, str]
    secretary: str
    chair: str
    secretariat: str
    addressees: Mapping[str, Addressee]
    polling: Mapping[str, Polling]
    villages: Mapping[str, str] = field(default_factory=dict)
    responsible: tuple[Responsible, ...] = ()
    hotline: Hotline = Hotline()
    neighbours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    risks: Mapping[str, str] = field(default_factory=dict)
    signatories: tuple[Signatory, ...] = ()
    address: tuple[str, ...] = ()
    decree: Decree | None = None
    letters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    level: Level = Level.REGENCY
    keys: Mapping[str, str] = field(default_factory=dict)
    posts: Mapping[str, Posts] = field(default_factory=dict)
    crest_file: str = ""
    crest: str = ""
    preparations: tuple[Preparation, ...] = ()
    support: "tuple[Duty, ...]" = ()

    def office(self, code: str) -> Office:
        """Raises: KeyError when the desk has no such office."""
        return self._offices[code]

    def knows(self, office: str) -> bool:
        """Whether it has an office with this code."""
        return office in self._offices

    def signs(self, on: date) -> Signatory:
        """Who signs a report whose cut-off is on this local day."""
        begun = [own for own in self.signatories if own.since <= on]
        return begun[-1] if begun else Signatory(date.min, self.signatory)

    @cached_property
    def help(self) -> str:
        """Who is asked for help and how, as it stands in a sentence: `Sekretariat ..., telepon (0511) 4799123`."""
        return indonesian.reached(self.office(self.secretariat).title, self.hotline.phone, self.hotline.whatsapp)

    @cached_property
    def dialled(self) -> str:
        """The one number of the hotline as it is dialled; empty: there is none."""
        return indonesian.telephone(self.hotline.one) if self.hotline.one else ""

    def district(self, code: str) -> District:
        """Raises: KeyError when the desk has no such district."""
        return self._districts[code]

    def team_of(self, district: str) -> Team:
        """The team placed in a district. Raises: KeyError when there is none (the loader refuses that)."""
        return self._placed[district]

    def team(self, code: str) -> Team:
        """Raises: KeyError when the desk has no such team."""
        return self._teams[code]

    def counts(self, election: str, district: str) -> dict[str, int]:
        """How many polling stations and voters a district has in an election, by `COUNTS`; what is not known is not
        there.
        """
        polling = self.polling.get(election)
        known = polling.by_district.get(district, (None, None)) if polling else (None, None)
        return {name: count for name, count in zip(COUNTS, known, strict=True) if count is not None}

    def villages_of(self, district: str) -> dict[str, str]:
        """The villages of a district by code, as the file orders them: `Desa Koanda`; empty: the file lists none."""
        return {code: self._village(code) for code in self.villages if code.rpartition(".")[0] == district}

    def village_name(self, code: str) -> str:
        """`Desa Koanda, Kecamatan Tamban`: several districts may have a village of one name."""
        if code not in self.villages:
            return code
        return f"{self._village(code)}, {self.area_name(code.rpartition('.')[0])}"

    def _village(self, code: str) -> str:
        """With what it is: the last part of a kelurahan's code begins with 1, of a desa's with 2."""
        kind = "Kelurahan" if code.rpartition(".")[2].startswith("1") else "Desa"
        return f"{kind} {self.villages[code]}"

    def is_team(self, area: str) -> bool:
        """Whether `area` is a team's code, not a district's or the regency's."""
        return area in self._teams

    def is_office(self, area: str) -> bool:
        """Whether `area` is the code of an office, which owes support in its own name."""
        return area in self._offices and not self.is_team(area)

    @cached_property
    def supporting(self) -> tuple[str, ...]:
        """The offices that owe support in their own name, in the file's order."""
        named = {office for duty in self.support for office in duty.offices}
        return tuple(office.code for office in self.offices if office.code in named)

    def filed_by(self, office: str) -> tuple[str, ...]:
        """What `office` may file for: its districts and teams, as the one that reports or as a member of the team, and
        itself where it owes support.
        """
        return self._filed_by.get(office, ())

    def reports_for(self, office: str) -> tuple[str, ...]:
        """The districts of which `office` is the one that reports, in whatever team."""
        return self._reports_for.get(office, ())

    def grace(self, area: str, *, owed: bool) -> timedelta:
        """How much longer chasing waits in `area`, for want of signal.

        Args:
            owed: it is a report that is owed. A problem was reported already, so its chase waits for no signal.
        """
        return self._districts[area].grace if owed and area in self._districts else timedelta(0)

    def zone_of(self, area: str) -> str:
        """The zone in which something due in `area` is due: the district's, else the desk's."""
        return self._districts[area].zone if area in self._districts else self.zone

    def area_name(self, area: str) -> str:
        """What users call `area` (a district's code, a team's, an office's, or the regency's own), as it stands in a
        sentence.
        """
        if area in self._districts:
            return levels.named(self.level, self._districts[area].name)
        if self.is_office(area):
            return self._offices[area].title
        return self._teams[area].name if self.is_team(area) else self.regency

    @cached_property
    def correspondents(self) -> tuple[Office, ...]:
        """The offices outside the desk that reports are mailed to, each once. They enter nothing, owe nothing."""
        every = [kind for own in self.addressees.values() for kind in (own, *own.kinds.values())]
        mailed = {title: email for own in every for title, email in own.mailed.items()}
        return tuple(
            Office(outside(title), title[:LONGEST_TITLE], title[:20], self.zone, email=email)
            for title, email in mailed.items()
        )

    @property
    def kept(self) -> tuple[Office, ...]:
        """All whose addresses the books keep: the desk's own offices, and its correspondents."""
        return (*self.offices, *self.correspondents)

    def brief(self, area: str) -> str:
        """The same where room is short: `Kec. Tamban`, or what the file says."""
        if self.is_office(area):
            return self._offices[area].sms_name
        return (area in self._districts and self._districts[area].brief) or levels.short(self.area_name(area))

    @cached_property
    def _offices(self) -> Mapping[str, Office]:
        return {office.code: office for office in self.offices}

    @cached_property
    def _districts(self) -> Mapping[str, District]:
        return {district.code: district for district in self.districts}

    @cached_property
    def _teams(self) -> Mapping[str, Team]:
        return {team.code: team for team in self.teams}

    @cached_property
    def _placed(self) -> Mapping[str, Team]:
        return {district: team for team in self.teams for district in team.reporters}

    @cached_property
    def _reports_for(self) -> Mapping[str, tuple[str, ...]]:
        districts: dict[str, tuple[str, ...]] = {}
        for district, team in self._placed.items():
            office = team.reporters[district]
            districts[office] = (*districts.get(office, ()), district)
        return districts

    @cached_property
    def _filed_by(self) -> Mapping[str, tuple[str, ...]]:
        areas: dict[str, tuple[str, ...]] = {}
        for team in self.teams:
            for office in {*team.members, *team.reporters.values()}:
                areas[office] = (*areas.get(office, ()), *team.districts, team.code)
        for office in self.supporting:
            areas[office] = (office, *areas.get(office, ()))
        return areas
