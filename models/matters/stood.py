"""How far reports were at a moment, from what was kept and decided until then: a row has only its standing of now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import direct
from models.base import table
from models.desk.changes import Change
from models.direct import among
from models.matters.reports import Report
from rules.filing import Content

_R, _C = table(Report), table(Change)


class Received(NamedTuple):
    """When the first version that was not taken back came, and what the newest holds."""

    at: datetime
    content: Content


class Waiver(NamedTuple):
    """A waiver, or that one was revoked, as it is printed: why, and by which office."""

    given: bool
    at: datetime
    reason: str


_VERSIONS = (
    select(_R.c.obligation_id, _R.c.received_at, _R.c.content)
    .where(among(_R.c.obligation_id, "obligations"), _R.c.received_at <= bindparam("known_at"))
    .order_by(_R.c.version)
)
"""By their ids: joined with what it is about, PostgreSQL read every report of every desk."""


def received(session: Session, ids: Sequence[int], *, known_at: datetime) -> Mapping[int, Received]:
    """Of these reports those that had come by then, and were not taken back."""
    found: dict[int, Received] = {}
    for id, at, content in direct.rows(session, _VERSIONS, {"obligations": ids, "known_at": known_at}):
        if content is Content.WITHDRAWN:
            found.pop(id, None)
        else:
            found[id] = Received(found[id].at if id in found else at, content)
    return found


_WAIVERS = (
    select(_C.c.matter_id, _C.c.what, _C.c.at, _C.c.text, _C.c.title)
    .where(among(_C.c.matter_id, "obligations"), (_C.c.what == "waived") | (_C.c.what == "revoked"))
    .order_by(_C.c.id)
)


def waivers(session: Session, ids: Sequence[int]) -> Mapping[int, list[Waiver]]:
    """All that were ever given for these reports, or revoked, the first first."""
    found: dict[int, list[Waiver]] = {}
    for id, what, at, text, title in direct.rows(session, _WAIVERS, {"obligations": ids}):
        found.setdefault(id, []).append(Waiver(what == "waived", at, f"{text} ({title})"))
    return found
