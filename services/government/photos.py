"""A few photographs of the period: what is wrong and what was done about it, one of each, the newest."""

from collections.abc import Collection, Iterable
from contextlib import suppress

from sqlalchemy.orm import Session

from models.desk.files import Files
from models.matters import attachments, picturing
from models.matters.attachments import Pictured
from models.matters.picturing import Done
from reports.government.facts import from_json
from reports.government.pictures import Picture
from reports.government.words import station
from rules.forms import TROUBLES, condition, looked_at
from services import situation
from services.government.scope import Scope

MOST = 6
"""A letter is no album."""
OF_DEEDS = 4
"""So many more show what was done about problems."""


def chosen(session: Session, scope: Scope) -> tuple[Picture, ...]:
    """Photographs by their hash. None from where a restricted problem lies: who took it may have taken that as well."""
    confided = scope.confided.areas
    names = {f"f.{own.code}": own for own in situation.groups(scope.programme, scope.forms).values()}
    span = {"since": scope.starts_at, "until": scope.cut_off}
    shown = attachments.pictured(session, scope.programme_id, scope.areas, **span)
    open_ = [own for own in shown if own.area not in confided and own.place in names]
    newest = {(own.area, own.place): own for own in sorted(open_, key=lambda own: own.received_at)}
    first = sorted(newest.values(), key=lambda own: (not _wrong(own), own.area, own.place))[:MOST]
    told = sorted(first, key=lambda own: (own.area, own.received_at, own.place))
    return (*(_photo(own, names[own.place].name) for own in told), *_deeds(session, scope, confided))


def _deeds(session: Session, scope: Scope, confided: Collection[str]) -> Iterable[Picture]:
    """What was done about problems: the newest of those, then in order of place."""
    secret = scope.confided.problems
    every = picturing.done(session, scope.programme_id, since=scope.starts_at, until=scope.cut_off)
    open_ = [own for own in every if own.issue_id not in secret and own.area not in confided]
    newest = sorted(open_, key=lambda own: own.at)[-OF_DEEDS:]
    return (_deed(scope, own) for own in sorted(newest, key=lambda own: (own.area, own.code)))


def _deed(scope: Scope, own: Done) -> Picture:
    desk = scope.programme.desk
    village = desk.village_name(own.village).partition(", ")[0] if own.village else ""
    where = ", ".join(filter(None, (village, station(own.station))))
    shows = f"Tindak lanjut {own.title}{f' ({where})' if where else ''}"
    return Picture(own.digest, own.area if own.area in scope.areas else "", shows, own.at, own.code)


def contents(facts_json: str, files: Files) -> dict[str, bytes]:
    """The bytes of a report's photographs by their hash; those that are not kept any more are not among them."""
    findings = from_json(facts_json).findings
    found: dict[str, bytes] = {}
    for own in findings.photos if findings else ():
        with suppress(OSError, ValueError):
            found[own.digest] = files.path(own.digest).read_bytes()
    return found


def _wrong(own: Pictured) -> bool:
    said = looked_at(own.body).get(own.place.removeprefix("f."), {})
    return condition(said) in TROUBLES


def _photo(own: Pictured, group: str) -> Picture:
    return Picture(own.digest, own.area, group, own.observed_at or own.received_at, f"{own.code} v{own.version}")
