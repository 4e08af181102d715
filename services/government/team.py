"""The team as the desk's file has it from its decree."""

from collections.abc import Iterable

from reports.government.team import Member
from rules.desk import Desk


def members(desk: Desk) -> Iterable[Member]:
    """Who leads, who keeps the secretariat, who coordinates, then every area team; each in the file's order."""
    for code, role in ((desk.chair, "Ketua"), (desk.secretary, "Sekretaris"), (desk.secretariat, "Sekretariat")):
        yield Member(desk.office(code).title, role)
    for code in dict.fromkeys(desk.coordinators.values()):
        yield Member(desk.office(code).title, "Koordinator", _names(desk, _coordinated(desk, code)))
    for team in desk.teams:
        for code in team.members:
            yield Member(desk.office(code).title, f"Anggota {team.name}", _names(desk, team.districts))


def _coordinated(desk: Desk, office: str) -> list[str]:
    return [own.code for own in desk.districts if desk.coordinators[own.code] == office]


def _names(desk: Desk, districts: Iterable[str]) -> str:
    return ", ".join(desk.district(code).name for code in districts)
