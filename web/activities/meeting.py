"""What is recorded of a meeting on its page, and its minutes as a document."""

from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.matters.advice import Given
from reports.government.forms import FORMS
from reports.papers import facts
from rules import typed
from rules.filing import NotTaken
from rules.typed import Mistyped
from services import meetings as holding
from services import papers
from services.documents import compile_document
from web import chosen, pages, words
from web.activities.meetings import keeps, look, shown
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.saved import count_one, saved

log = structlog.get_logger()

MEDIA = {own.code: own.media_type for own in FORMS if own.code in ("pdf", "docx")}


async def act(request: Request) -> Response:
    """Record who came, write the minutes, or write down what was decided."""
    fields = await who.posted(request)
    return await run_in_threadpool(_act, request, fields)


def _act(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    back = f"{books.base}/rapat/{request.path_params['programme']}/{request.path_params['number']}"
    name = fields.get("act", "")
    try:
        with books.sessions.begin() as session:
            at = who.signed_in(books, session, request, fields)
            meeting = look(books, session, request, at)
            if not keeps(at, meeting):
                raise Refusal(Help.NOT_ALLOWED, back=back)
            do = _ACTS.get(name)
            if do is None:
                raise Refusal(Help.BAD_FORM, back=back)
            flaws = do(session, at, meeting, fields)
            if flaws:
                again = shown(session, at, meeting, dict(fields), flaws)
                return pages.page("activities/meeting", 422, **who.common(books, at), **again)
            log.info("meeting", act=name, matter=meeting[0].matter.id, session=at.session_id)
    except NotTaken as error:
        raise Refusal(Help.CHANGED, back=back) from error
    return RedirectResponse(back, 303)


Flaws = dict[str, str]


def _attend(session: Session, at: Who, meeting: list[Given], fields: Mapping[str, str]) -> Flaws:
    present = {name.removeprefix("here.") for name in fields if name.startswith("here.")}
    holding.attend(session, meeting, present, hand=at.hand, now=at.now)
    return {}


def _write(session: Session, at: Who, meeting: list[Given], fields: Mapping[str, str]) -> Flaws:
    text, flaws = _words(fields, "text", holding.TEXT)
    programme = at.programmes[meeting[0].advice.programme_id]
    led_by = fields.get("led_by", "")
    if led_by not in holding.leads(session, programme, meeting):
        flaws["led_by"] = words.FAULTS[typed.Fault.NO_CHOICE]
    if not flaws:
        seen = chosen.seen(fields)
        holding.write(session, programme, meeting, text=text, led_by=led_by, seen=seen, hand=at.hand, now=at.now)
    return flaws


def _decide(session: Session, at: Who, meeting: list[Given], fields: Mapping[str, str]) -> Flaws:
    text, flaws = _words(fields, "decision", 1000)
    to = [name.removeprefix("to.") for name in fields if name.startswith("to.")]
    if not to:
        flaws["to"] = words.NOBODY_CHOSEN
    if not flaws:
        id = meeting[0].advice.programme_id
        due_at = chosen.until(fields)
        programme = at.programmes[id]
        holding.decide(session, id, programme, meeting, text=text, due_at=due_at, to=to, hand=at.hand, now=at.now)
    return flaws


def _words(fields: Mapping[str, str], name: str, longest: int) -> tuple[str, Flaws]:
    try:
        text = typed.words(fields.get(name, ""), longest).strip()
    except Mistyped as error:
        return "", {name: words.FAULTS[error.fault]}
    return text, {} if text else {name: words.FAULTS[typed.Fault.MISSING]}


_ACTS: dict[str, Any] = {"attend": _attend, "write": _write, "decide": _decide}


def minutes(request: Request) -> Response:
    """The minutes as a document, as they stand now."""
    books: Books = request.app.state.books
    form = request.path_params["form"]
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        meeting = look(books, session, request, at)
        if form not in MEDIA:
            raise Refusal(Help.UNKNOWN, back=f"{books.base}/rapat")
        count_one(books, at)
        programme = at.programmes[meeting[0].advice.programme_id]
        told = facts.to_json(papers.minutes(session, programme, meeting, now=at.now))
        name = f"notulen-{holding.code(meeting)}.{form}"
    return saved(compile_document(f"minutes-{form}", told), MEDIA[form], name)
