"""What waits for a decision of the chair or the secretary, with the buttons in place; and what became of the last ones.

Read in ten seconds: the gravest first, a few lines each.
"""

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.desk.changes import Change
from models.matters import issues, leading
from models.matters.issues import Issue
from models.matters.leading import Climbed
from models.matters.matters import Kind, Matter
from models.offices import offices
from rules import decisions
from rules.advice import Stage
from rules.issues import CATEGORIES, RESTRICTED, SEVERITIES
from services import restoring
from services.leading import RECENT, waiting
from web import pages, views
from web.advice import looked, reading
from web.books import Books
from web.coordinator import overseen
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal

MOST = 20
"""Rows of each part; the rest is behind its list."""


def page(request: Request) -> Response:
    """The page of whoever leads the desk."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        if not at.decides:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        facts = _facts(session, at)
    return pages.page("chair/pimpinan", **who.common(books, at), **facts)


def _facts(session: Session, at: Who) -> dict[str, Any]:
    waits = waiting(session, at.programmes, at.office_id, now=at.now)
    problems, to_close = waits.problems, waits.to_close
    decided = leading.decided(session, at.programmes, at.office_id, since=at.now - RECENT)
    owners = offices.titles(session, [one.matter.owner_id for one in problems])
    return {
        "lost": restoring.lost(session, at.programmes.values(), now=at.now),
        "waits": waits.total,
        "problems": [
            _problem(at, one, owners) | {"seen": len(issues.events(session, one.matter.id))} for one in problems[:MOST]
        ],
        "reports": [_report(at, one) for one in waits.reports[:MOST]],
        "more": max(0, len(problems) - MOST) + max(0, len(waits.reports) - MOST),
        "own": [looked.line(at, one) for one in waits.own[:MOST]],
        "to_approve": [one.code for one in waits.to_approve],
        "to_close": [looked.line(at, one) | {"round": one.matter.round} for one in to_close[:MOST]],
        "given": [looked.line(at, one) for one in waits.given if one.stage is not Stage.DONE][:MOST],
        "decided": [_decided(at, *one) for one in decided[:MOST]],
        "gives": reading.may_give(at),
    }


def _problem(at: Who, one: Climbed, owners: dict[int, str]) -> dict[str, Any]:
    """A problem without its words: this page may be open on a desk where others look on."""
    assert one.issue is not None
    desk = at.programmes[one.matter.programme_id].desk
    zone = desk.zone_of(one.matter.area)
    restricted = one.issue.restricted
    return _line(at, one.matter) | {
        "what": "Terbatas" if restricted else CATEGORIES[one.issue.category],
        "place": "" if restricted else desk.area_name(one.matter.area),
        "severity": SEVERITIES[one.issue.severity].capitalize(),
        "opened": pages.short_moment(one.issue.opened_at, zone),
        "owner": owners.get(one.matter.owner_id or 0, ""),
    }


def _report(at: Who, one: Climbed) -> dict[str, Any]:
    assert one.obligation is not None
    programme = at.programmes[one.matter.programme_id]
    duty = programme.policy.duty(one.obligation.duty, one.matter.key)
    return _line(at, one.matter) | {
        "what": duty.name,
        "place": programme.desk.area_name(one.matter.area),
        "due": pages.short_moment(one.obligation.due_at, one.obligation.zone),
    }


def _line(at: Who, matter: Matter) -> dict[str, Any]:
    zone = at.programmes[matter.programme_id].desk.zone_of(matter.area)
    before = matter.closes_after if matter.kind is Kind.OBLIGATION else None
    times = decisions.offers(zone, after=at.now, before=before, now=at.now)
    return {
        "code": matter.code,
        "programme": matter.programme_id,
        "round": matter.round,
        "path": f"/koordinasi/{matter.programme_id}/{matter.code}",
        "times": [(t.isoformat(), pages.short_moment(t, zone)) for t in times],
    }


def _decided(at: Who, change: Change, matter: Matter, issue: Issue | None) -> dict[str, Any]:
    """What was decided, and what became of the matter since."""
    desk = at.programmes[matter.programme_id].desk
    names = overseen.STEPS if issue else overseen.DECIDED
    return overseen.changed(change, desk.zone_of(matter.area), names) | {
        "code": matter.code,
        "path": f"/koordinasi/{matter.programme_id}/{matter.code}",
        "place": RESTRICTED if issue and issue.restricted else desk.area_name(matter.area),
        "became": views.became(matter.closed_at is not None, matter.closed_why, report=matter.kind is Kind.OBLIGATION),
    }
