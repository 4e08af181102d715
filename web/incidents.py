"""An incident ("Lapor kejadian") as every page asks for it and shows it, whoever reports it."""

from collections.abc import Collection, Mapping
from secrets import token_hex
from typing import Any

from models.matters.issues import Issue
from rules import indonesian, levels
from rules.desk import Desk
from rules.issues import CATEGORIES, offered
from rules.programme import Programme
from rules.typed import Fault
from web import pages, words

ONCE = "once"
"""The field by which a form that is sent twice is known."""


def form(
    programme: Programme,
    districts: Collection[str],
    given: Mapping[str, str],
    flaws: Mapping[str, Fault] | None = None,
) -> dict[str, Any]:
    """What `_incident.html.j2` needs: what can be chosen, what was typed already, and what is wrong with it."""
    desk = programme.desk
    heading = levels.heading(desk.level)
    villages = {desk.area_name(area): own for area in districts if (own := desk.villages_of(area))}
    return {
        "given": given,
        "flaws": {name: words.FAULTS[fault] for name, fault in (flaws or {}).items()},
        "doubts": {},
        "labels": words.INCIDENT | {"district": heading, "untuk": f"{heading} lain"},
        "categories": {own.value: CATEGORIES[own] for own in offered(programme.election.categories)},
        "severities": words.SEVERITIES,
        "districts": {area: desk.area_name(area) for area in districts},
        "villages": villages,
        "once": given.get(ONCE) or token_hex(8),
    }


def status(flaws: Mapping[str, Fault]) -> int:
    """How a page answers that shows what is wrong: our fault, or something to be mended."""
    return 503 if Fault.NOT_KEPT in flaws.values() else 422


def circumstances(desk: Desk, area: str, issue: Issue) -> list[tuple[str, str]]:
    """Where exactly, how many, and when: what is known of it, with what each is called."""
    observed = pages.moment(issue.observed_at, desk.zone_of(area)) if issue.observed_at else ""
    known = {
        "village": desk.village_name(issue.village) if issue.village else "",
        "station": issue.station,
        "affected": "" if issue.affected is None else indonesian.number(issue.affected),
        "at": observed,
    }
    return [(words.INCIDENT[name], text) for name, text in known.items() if text]
