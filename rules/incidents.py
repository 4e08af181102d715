"""What somebody says of a problem: what it is, how grave, where exactly, how many it affects, when it was seen.

It is read the same way wherever it is asked for: on the page of an incident, and beside a tick in a report's form.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from rules import typed
from rules.issues import Category, Circumstances, offered
from rules.policy import Severity
from rules.programme import Programme
from rules.typed import Fault, Fields, Mistyped

TITLE, DETAIL, STATION = 120, 2000, 20
"""Characters at most: in a few words, in full, and of the number of a polling station."""


class Names(NamedTuple):
    """What the fields are called where they are asked for."""

    severity: str = "severity"
    village: str = "village"
    station: str = "station"
    affected: str = "affected"
    observed_at: str = "at"


NAMES = Names()


class Place(NamedTuple):
    """What can be said of a district at that moment: its villages by code, the zone its times are in, and how many
    polling stations and voters it has (`rules.desk.COUNTS`).
    """

    villages: Mapping[str, str]
    zone: str
    now: datetime | None
    counts: Mapping[str, int] = MappingProxyType({})


NOWHERE = Place({}, "UTC", None)
"""Where no village is known and no time is ahead."""


class Details(NamedTuple):
    """What was said besides what it is. `severity`: None where nobody chose one."""

    severity: Severity | None
    circumstances: Circumstances


@dataclass(frozen=True, slots=True)
class Incident:
    """A problem as somebody reports it. `area` is a district."""

    area: str
    category: Category
    severity: Severity
    title: str
    detail: str
    circumstances: Circumstances


def read(
    answers: Mapping[str, str], programme: Programme, districts: Collection[str], *, now: datetime
) -> tuple[Incident | None, Mapping[str, Fault]]:
    """The incident, or else what is wrong with it by field.

    Args:
        districts: those that the sender may speak of.
    """
    fields, desk = Fields(answers), programme.desk
    categories = offered(programme.election.categories)
    area = fields.read("district", lambda text: typed.chosen(text, districts), "")
    category = fields.read("category", lambda text: Category(typed.chosen(text, categories)), None)
    title = fields.read("title", lambda text: typed.needed(typed.line(text, TITLE)), "")
    detail = fields.read("detail", lambda text: typed.words(text, DETAIL), "")
    place = Place(desk.villages_of(area), desk.zone_of(area), now)
    severity, circumstances = _details(fields, NAMES, place)
    if severity is None:
        fields.flaws.setdefault(NAMES.severity, Fault.NO_CHOICE)
    if fields.flaws or category is None or severity is None:
        return None, fields.flaws
    circumstances = circumstances._replace(restricted=bool(answers.get("restricted")))
    return Incident(area, category, severity, title, detail, circumstances), {}


def details(answers: Mapping[str, str], names: Names, place: Place) -> tuple[Details, Mapping[str, Fault]]:
    """What is said of a problem besides what it is, and what is wrong with it by field. All of it may be left out."""
    fields = Fields(answers)
    return _details(fields, names, place), fields.flaws


def body(said: Details) -> dict[str, Any]:
    """What was said, as a report keeps it; `said_in` reads it."""
    known = said.circumstances
    kept = {
        "severity": said.severity.value if said.severity else None,
        "village": known.village,
        "station": known.station,
        "affected": known.affected,
        "observed_at": known.observed_at.isoformat() if known.observed_at else None,
    }
    return {name: value for name, value in kept.items() if value not in (None, "")}


KEPT = ("severity", "village", "station", "affected", "observed_at")
"""What a report keeps of a problem beside its wish."""


def said_in(kept: Mapping[str, Any]) -> Details:
    """What a report says of a problem, whatever shape it came in."""
    word, affected = kept.get("severity"), kept.get("affected")
    village, station = (str(kept.get(name) or "")[:STATION] for name in ("village", "station"))
    return Details(
        Severity(word) if word in list(Severity) else None,
        Circumstances(
            village, station, affected if isinstance(affected, int) else None, _instant(kept.get("observed_at"))
        ),
    )


def known(circumstances: Circumstances) -> dict[str, Any]:
    """What a correction knows by name; what it leaves out stays as it was."""
    said = circumstances._asdict()
    del said["restricted"]
    return {name: value for name, value in said.items() if value not in (None, "")}


def _instant(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text or ""))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _details(fields: Fields, names: Names, place: Place) -> Details:
    severity = fields.read(
        names.severity, lambda text: Severity(typed.chosen(text, list(Severity))) if text else None, None
    )
    return Details(
        severity,
        Circumstances(
            village=fields.read(names.village, lambda text: village(text, place.villages), ""),
            station=fields.read(names.station, lambda text: typed.line(text, STATION), ""),
            affected=fields.read(names.affected, typed.number, None),
            observed_at=fields.read(names.observed_at, lambda text: _past(typed.moment(text, place.zone), place), None),
        ),
    )


def village(text: str, villages: Mapping[str, str]) -> str:
    """The code of a village, by its code or its name; empty where nothing was said. Raises: Mistyped: none is meant."""
    wanted = " ".join(text.split()).casefold()
    named = [code for code, name in villages.items() if wanted in (code, name.casefold(), _bare(name))]
    if wanted and len(named) != 1:
        raise Mistyped(Fault.NO_VILLAGE)
    return named[0] if named else ""


def _bare(name: str) -> str:
    """`koanda`, of `Desa Koanda`."""
    return name.partition(" ")[2].casefold()


def _past(at: datetime | None, place: Place) -> datetime | None:
    if at and place.now and at > place.now:
        raise Mistyped(Fault.AHEAD)
    return at
