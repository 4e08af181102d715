"""Who is meant by an audience, for one matter: offices, and the channels that reach them now."""

from collections.abc import Mapping
from typing import NamedTuple

from rules.desk import Audience, Channel, Desk
from rules.ladder import Circle, Ladder, Recipient

UPWARDS = (Audience.COORDINATOR, Audience.SECRETARY, Audience.CHAIR)


def owing(desk: Desk, area: str) -> tuple[str, tuple[str, ...]]:
    """The office that files for `area`, and all who answer for it; the secretariat for the desk's own report. What an
    office owes in its own name is its own.
    """
    if desk.is_team(area):
        team = desk.team(area)
        return next(iter(team.reporters.values())), team.members
    if area in desk.coordinators:
        team = desk.team_of(area)
        return team.reporters[area], team.members
    if desk.is_office(area):
        return area, (area,)
    return desk.secretariat, (desk.secretariat,)


def answering(desk: Desk, area: str) -> tuple[str, ...]:
    """All who answer for `area`, each once, the office that files for it first."""
    reporter, team = owing(desk, area)
    return tuple(dict.fromkeys((reporter, *team)))


def asked(desk: Desk, area: str) -> tuple[str, ...]:
    """Whom a team's rung speaks to: the office that files, and those of its team who report for no other district.

    Never a member who reports for another district: he has his own report to send. A whole team's report is
    everybody's.
    """
    reporter, team = owing(desk, area)
    return tuple(
        office for office in team if {*desk.reports_for(office)} <= {area} or office == reporter or desk.is_team(area)
    )


def coordinator(desk: Desk, area: str) -> str:
    """The office that coordinates `area`: of a team, that of its first district; of the regency and of what an office
    owes in its own name, the secretary.
    """
    district = desk.team(area).districts[0] if desk.is_team(area) else area
    return desk.coordinators.get(district, desk.secretary)


def district(desk: Desk, area: str) -> str:
    """The district that a problem of `area` is counted to: of a team, or of the desk itself, the first. An office is
    counted where its team is placed.
    """
    if area in desk.coordinators:
        return area
    placed = next((team for team in desk.teams if team.code == area or area in team.members), None)
    return placed.districts[0] if placed else desk.districts[0].code


class Parties(NamedTuple):
    """The offices of one matter: who has it, who gave it, and whom it is about. None: nobody in particular.

    `late`: who took it on and let the time pass that he named.
    `approver`: whose approval a report to the Government waits for; he owes it then.
    `restricted`: only some offices read of it (`rules.access.reads`).
    """

    owner: str | None = None
    giver: str | None = None
    subject: str | None = None
    restricted: bool = False
    late: str | None = None
    approver: str | None = None


NOBODY = Parties()
EVERYTHING_KNOWN: Mapping[str, frozenset[Channel]] = {}


def owner(desk: Desk, category: str, area: str, *, subject: str | None = None) -> str:
    """The office that is responsible for a problem of this category there; the coordinator if none is named.

    Args:
        subject: whom the problem is about; he never has it himself.
    """
    place = district(desk, area)
    named = [own.office for own in desk.responsible if own.category == category and place in (own.districts or [place])]
    above = (coordinator(desk, area), desk.secretary, desk.chair)
    return next((office for office in (*named, *above) if office != subject), desk.secretariat)


def confirming(desk: Desk, area: str, parties: Parties) -> tuple[str, ...]:
    """The offices that may say that a problem is over, once another said so; the first is asked.

    Whoever gave it, whoever reports for its district, and those above. Whom it is about is none of them.
    """
    below = (parties.giver, None if parties.restricted else owing(desk, area)[0])
    above = (coordinator(desk, area), desk.secretary, desk.chair)
    return tuple(dict.fromkeys(office for office in (*below, *above) if office and office != parties.subject))


def circle(
    desk: Desk,
    area: str,
    channels: Mapping[str, tuple[Channel, ...]],
    *,
    late: bool,
    parties: Parties = NOBODY,
    unconfirmed: Mapping[str, frozenset[Channel]] = EVERYTHING_KNOWN,
) -> Circle:
    """Every audience of a matter in `area`. Whom the matter is about is never told of it.

    Further up than the coordinator whoever has it is passed over, and whoever took it on and is late with it: they were
    told first, among those who handle it. So are those below them, who are not asked to help somebody above. They hear
    again only where nobody else is left.

    Args:
        channels: what reaches each office now; an office that is missing there is reached by nothing.
        unconfirmed: the channels of which nobody has answered for the address yet.
        late: whoever owes it is skipped further up: the team of the area; of an advice, the office that has it.
    """
    reporter, team = owing(desk, area)
    above = (coordinator(desk, area), desk.secretary, desk.chair)
    acts = parties.approver or parties.owner
    owes = team if acts is None else (acts,)
    skipped = {parties.subject, *(owes if late else ())}
    nearest, *further = (tuple(o for o in above[n:] if o not in skipped) or (desk.secretariat,) for n in range(3))
    told_first = (parties.owner, parties.late)
    below = {o for n, own in enumerate(above) if own in told_first for o in above[: n + 1]}
    upwards = [nearest[0], *(next((o for o in left if o not in below), left[-1]) for left in further)]
    owner, giver = ((office if office not in (None, parties.subject) else upwards[0]) for office in parties[:2])
    offices = {
        Audience.OWNER: (owner,),
        Audience.HANDLERS: tuple(dict.fromkeys((owner, upwards[0], *([parties.late] if parties.late else ())))),
        Audience.GIVER: (giver,),
        Audience.REPORTER: (reporter,),
        Audience.TEAM: asked(desk, area),
        Audience.SECRETARIAT: (parties.approver or desk.secretariat,),
        **{audience: (office,) for audience, office in zip(UPWARDS, upwards, strict=True)},
    }
    told = {
        code: Recipient(code, desk.office(code).zone, channels.get(code, ()), unconfirmed.get(code, frozenset()))
        for code in {code for codes in offices.values() for code in codes if code}
    }
    return {audience: tuple([told[code] for code in codes if code]) for audience, codes in offices.items()}


def presses(
    desk: Desk, ladder: Ladder, rung: int, office: str, channel: Channel | None, *, repeats: bool = False
) -> bool:
    """Whether what a rung says to an office passes quiet hours and caps by this channel.

    An office that hears in place of a late one is not woken if its own rung would let it sleep. Nobody is woken by
    what `repeats` (`Ladder.repeats`).
    """
    posts = {Audience.SECRETARY: desk.secretary, Audience.CHAIR: desk.chair}
    speaking = [r for n, r in enumerate(ladder.rungs) if n == rung or posts.get(r.tell) == office]
    return ladder.urgent and (channel is Channel.EMAIL or (not repeats and all(r.wakes for r in speaking)))
