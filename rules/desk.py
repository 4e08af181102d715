"""The desk as its decree sets it up: districts, offices, area teams, who coordinates what, who is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cached_property


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class Audience(StrEnum):
    """Who a rung speaks to, from the nearest to the widest."""

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
    """A kecamatan. `zone` is an IANA name; `grace` delays chasing for want of signal, never the due time."""

    code: str
    name: str
    zone: str
    grace: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Office:
    """An office (jabatan). Duties and history belong to it, whoever holds it.

    `title` is exact, as letters write it; `sms_name` has at most 20 GSM-7 characters. `email` and `phone`
    (E.164) are what the file gives to begin with; the contact tables are asked when something is sent.
    """

    code: str
    title: str
    sms_name: str
    zone: str
    email: str | None = None
    phone: str | None = None
    illustrative: bool = False


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


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where a report to the Government goes: the office addressed, the unit `c.q.`, the place, the copies."""

    to: str
    attention: str
    place: str
    copies: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """One Tim DESK. `brand` begins every text message; each district has one team and one coordinating office.

    Every message looks up several of its parts, so they are indexed once.
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

    def office(self, code: str) -> Office:
        """Raises: KeyError when the desk has no such office."""
        return self._offices[code]

    def district(self, code: str) -> District:
        """Raises: KeyError when the desk has no such district."""
        return self._districts[code]

    def team_of(self, district: str) -> Team:
        """The team placed in a district. Raises: KeyError when there is none (the loader refuses that)."""
        return self._placed[district]

    def team(self, code: str) -> Team:
        """Raises: KeyError when the desk has no such team."""
        return self._teams[code]

    def is_team(self, area: str) -> bool:
        """Whether `area` is a team's code, not a district's or the regency's."""
        return area in self._teams

    def filed_by(self, office: str) -> tuple[str, ...]:
        """What `office` may file for: its districts and teams, as the one that reports or as a member of the team."""
        return self._filed_by.get(office, ())

    def grace(self, area: str, *, owed: bool) -> timedelta:
        """How much longer chasing waits in `area`, for want of signal.

        Args:
            owed: it is a report that is owed. A problem has been told already and waits for nobody's signal.
        """
        return self._districts[area].grace if owed and area in self._districts else timedelta(0)

    def zone_of(self, area: str) -> str:
        """The zone in which something due in `area` is due: the district's, else the desk's."""
        return self._districts[area].zone if area in self._districts else self.zone

    def area_name(self, area: str) -> str:
        """What users call `area` (a district's code, a team's, or the regency's own), as it stands in a sentence."""
        if area in self._districts:
            return f"Kecamatan {self._districts[area].name}"
        return self._teams[area].name if self.is_team(area) else self.regency

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
    def _filed_by(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for team in self.teams:
            for office in {*team.members, *team.reporters.values()}:
                found[office] = (*found.get(office, ()), *team.districts, team.code)
        return found
