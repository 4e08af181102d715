"""The desk's reports to the Government: how each stands, and until when it is due."""

from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.matters import submissions
from models.matters.submissions import Listed
from rules import indonesian
from rules.submissions import LEFT
from services.government import approving
from web import pages
from web.books import Books
from web.door import who
from web.door.who import Who
from web.government import words
from web.government.looked import PATH
from web.guards.refusals import Help, Refusal

MOST = 200
"""Reports on the page; those before are in the books, and found by their number."""


def page(request: Request) -> Response:
    """What is still to leave, the next due first; then what left."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        if not at.reports_upwards:
            raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
        rows = submissions.listed(session, at.programmes, limit=MOST)
        awaited = waiting(session, at)
        open_ = [_row(at, own, awaited) for own in reversed(rows) if own.submission.state not in LEFT]
        left = [_row(at, own, awaited) for own in rows if own.submission.state in LEFT]
    facts: dict[str, Any] = {"path": f"{books.base}{PATH}", "open": open_, "left": left, "waits": len(awaited)}
    return pages.page("government/list", **who.common(books, at), **facts)


def waiting(session: Session, at: Who) -> set[int]:
    """The versions that wait for this office's approval."""
    found = submissions.for_approval(session, at.programmes)
    return {own.id for own, id in found if approving.turn(session, at.programmes[id], own) == at.code}


def _row(at: Who, own: Listed, awaited: set[int]) -> dict[str, Any]:
    submission, owed, matter = own
    programme = at.programmes[matter.programme_id]
    return {
        "id": submission.id,
        "code": matter.code,
        "what": programme.policy.duty(owed.duty, matter.key).name,
        "period": indonesian.period(owed.period_start, owed.period_end),
        "until": pages.moment(submission.cut_off_at, owed.zone),
        "problem": owed.slot.partition("~")[0] if programme.policy.duty(owed.duty, matter.key).days is None else "",
        "version": words.version(submission) if submission.correction else "",
        "state": words.STATES[submission.state],
        "yours": submission.id in awaited,
        "due": pages.moment(owed.due_at, owed.zone),
        "late": submission.state not in LEFT and owed.due_at < at.now,
    }
