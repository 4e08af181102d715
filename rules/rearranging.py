"""Who reports for which district, who is of which team, and who coordinates: changed on a day, one thing at a time.

The desk's file says how things stand. A change is planned for a day; on it the file is written anew and put in force,
like one that somebody amended by hand. Reports that were filed or fell due before keep the team they were of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from rules import typed
from rules.desk import Desk, Team
from rules.typed import Fault

DAY = timedelta(days=1)


class What(StrEnum):
    """What changes: who reports for a district, who joins or leaves a team, who coordinates a district."""

    REPORTS = "reports"
    JOINS = "joins"
    LEAVES = "leaves"
    COORDINATES = "coordinates"


NAMES = {
    What.REPORTS: "Pelapor",
    What.JOINS: "Anggota baru",
    What.LEAVES: "Keluar dari tim",
    What.COORDINATES: "Koordinator",
}


class Why(StrEnum):
    SAME = "same"
    UNKNOWN = "unknown"
    REPORTS = "reports"
    LAST = "last"


class Unfit(ValueError):
    """The change cannot be made as the desk stands then."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


SAID = {
    Why.SAME: "Sudah demikian pada tanggal itu.",
    Why.UNKNOWN: "Kantor, tim, atau wilayah ini tidak ada pada berkas desk.",
    Why.REPORTS: "Kantor ini masih pelapor pada tim itu. Mohon pelapornya diganti lebih dahulu.",
    Why.LAST: "Tim tidak dapat tanpa anggota.",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `place`: a district, or a team by its code; `office`: who reports, joins, leaves or coordinates.

    `since`: the first moment of its day.
    """

    what: What
    place: str
    office: str
    since: datetime


def made(desk: Desk, changes: Iterable[Change]) -> Desk:
    """The desk after these changes, in the order of their days. Raises: Unfit."""
    for change in sorted(changes, key=lambda own: own.since):
        desk = apply(desk, change)
    return desk


def apply(desk: Desk, change: Change) -> Desk:
    """The desk with this change. Whoever reports for a district becomes of its team. Raises: Unfit."""
    if not desk.is_office(change.office) or change.place not in places(desk, change.what):
        raise Unfit(Why.UNKNOWN)
    if change.what is What.COORDINATES:
        _unless(desk.coordinators[change.place] == change.office, Why.SAME)
        return replace(desk, coordinators={**desk.coordinators, change.place: change.office})
    if change.what is What.REPORTS:
        team = desk.team_of(change.place)
        _unless(team.reporters[change.place] == change.office, Why.SAME)
        members = tuple(dict.fromkeys((*team.members, change.office)))
        return _with(desk, replace(team, members=members, reporters={**team.reporters, change.place: change.office}))
    return _with(desk, _member(desk.team(change.place), change))


def holds(desk: Desk, change: Change) -> bool:
    """Whether the desk is as the change says."""
    try:
        apply(desk, change)
    except Unfit as unfit:
        return unfit.why is Why.SAME
    return False


def _member(team: Team, change: Change) -> Team:
    if change.what is What.JOINS:
        _unless(change.office in team.members, Why.SAME)
        return replace(team, members=(*team.members, change.office))
    _unless(change.office not in team.members, Why.SAME)
    _unless(change.office in team.reporters.values(), Why.REPORTS)
    _unless(len(team.members) == 1, Why.LAST)
    return replace(team, members=tuple(own for own in team.members if own != change.office))


def _unless(wrong: bool, why: Why) -> None:
    if wrong:
        raise Unfit(why)


def _with(desk: Desk, team: Team) -> Desk:
    return replace(desk, teams=tuple(team if own.code == team.code else own for own in desk.teams))


def places(desk: Desk, what: What) -> Mapping[str, str]:
    """By code, the districts or teams that such a change can be about."""
    if what in (What.JOINS, What.LEAVES):
        return {team.code: team.name for team in desk.teams}
    return {district.code: district.name for district in desk.districts}


def read(answers: Mapping[str, str], desk: Desk, *, now: datetime) -> tuple[Change | None, dict[str, Fault]]:
    """The change that was typed, or None and by field what is wrong with it. No day, or today: from now on.

    A day that is past is refused: what was done then was done by whoever it was.
    """
    fields = typed.Fields(answers)
    what = fields.read("what", lambda text: What(typed.chosen(text, list(What))), What.REPORTS)
    place = fields.read("place", lambda text: typed.chosen(text, places(desk, what)), "")
    office = fields.read("office", lambda text: typed.chosen(text, [own.code for own in desk.offices]), "")
    since = fields.read("since", lambda text: typed.first_moment(text, desk.zone), None) or now
    if now - since >= DAY:
        fields.flaws["since"] = Fault.PAST
    return (None, fields.flaws) if fields.flaws else (Change(what, place, office, max(since, now)), {})
