"""Who is meant by an audience, for one matter: offices, and the channels that reach them now."""

from collections.abc import Mapping

from rules.desk import Audience, Channel, Desk
from rules.ladder import Circle, Recipient

UPWARDS = (Audience.COORDINATOR, Audience.SECRETARY, Audience.CHAIR)


def owing(desk: Desk, area: str) -> tuple[str, tuple[str, ...]]:
    """The office that files for `area`, and all who answer for it; the secretariat for the desk's own report."""
    if desk.is_team(area):
        team = desk.team(area)
        return next(iter(team.reporters.values())), team.members
    if area in desk.coordinators:
        team = desk.team_of(area)
        return team.reporters[area], team.members
    return desk.secretariat, (desk.secretariat,)


def coordinator(desk: Desk, area: str) -> str:
    """The office that coordinates `area`: of a team, that of its first district; of the regency, the secretary."""
    district = desk.team(area).districts[0] if desk.is_team(area) else area
    return desk.coordinators.get(district, desk.secretary)


def circle(desk: Desk, area: str, channels: Mapping[str, tuple[Channel, ...]], *, late: bool) -> Circle:
    """Every audience of a matter in `area`.

    Args:
        channels: what reaches each office now; an office that is missing there is reached by nothing.
        late: the area owes the matter, so whoever of its team stands above is skipped upwards.
    """
    reporter, team = owing(desk, area)
    above = (coordinator(desk, area), desk.secretary, desk.chair)
    skipped = frozenset(team) if late else frozenset()
    offices = {
        Audience.REPORTER: (reporter,),
        Audience.TEAM: team,
        Audience.SECRETARIAT: (desk.secretariat,),
    }
    for n, audience in enumerate(UPWARDS):
        offices[audience] = (next((o for o in above[n:] if o not in skipped), desk.secretariat),)
    return {
        audience: tuple(Recipient(code, desk.office(code).zone, channels.get(code, ())) for code in codes)
        for audience, codes in offices.items()
    }
