"""Answer an advice, say that it is done, close it, or take it back: the buttons of its page."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.desk.changes import Hand
from models.matters import advice
from models.matters.advice import Given
from rules import typed
from rules.advice import NOTE, Answer, NotGiven, NoWords
from rules.attachments import Attached, Limits
from rules.filing import NotTaken
from rules.programme import Programme
from rules.typed import Mistyped
from services import advice as giving
from web import chosen, pages, words
from web.advice import looked, reading
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards import bodies
from web.guards.bodies import Sent
from web.guards.refusals import Help, Refusal
from web.team import uploads

log = structlog.get_logger()

HELP: dict[type[NotTaken], Help] = {NoWords: Help.NO_REASON, NotGiven: Help.BAD_TIME}

OF_GIVER = frozenset({"close", "send_back", "withdraw", "move"})
"""What may only be done to what the page has shown. An answer twice is one, so it needs no such care."""


class Asked(NamedTuple):
    """A button that somebody pressed, with the fields of its form."""

    session: Session
    programme: Programme
    given: Given
    fields: Mapping[str, str]
    files: Sequence[Attached]
    hand: Hand
    now: datetime

    @property
    def text(self) -> str:
        try:
            return typed.words(self.fields.get("text", ""), NOTE)
        except Mistyped as error:
            raise Refusal(Help.TOO_LARGE) from error

    def line(self, name: str, longest: int) -> str:
        try:
            return typed.line(self.fields.get(name, ""), longest)
        except Mistyped as error:
            raise Refusal(Help.TOO_LARGE) from error

    def moment(self, name: str) -> datetime:
        zone = self.programme.desk.zone_of(self.given.matter.area)
        try:
            at = typed.moment(self.fields.get(name, ""), zone)
        except Mistyped as error:
            raise Refusal(Help.BAD_TIME) from error
        if at is None:
            raise Refusal(Help.BAD_TIME)
        return at


async def act(request: Request) -> Response:
    """Do what a button says, and show the advice again."""
    return await bodies.taken(request, _limits, _act)


def _limits(request: Request) -> Limits:
    """How many photos may come. Raises: Refusal: whoever sends them is not signed in, or may not."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        given = looked.look(books, session, request, at)
        if "done" not in reading.acts(given, at.office_id, now=at.now):
            raise Refusal(Help.CHANGED, back=_back(request))
        return at.programmes[given.matter.programme_id].policy.attachments


def _back(request: Request) -> str:
    books: Books = request.app.state.books
    return f"{books.base}/saran/{request.path_params['programme']}/{request.path_params['code']}"


def _act(request: Request, sent: Sent, limits: Limits | None) -> Response:
    books: Books = request.app.state.books
    back, name = _back(request), sent.fields.get("act", "")
    taken = uploads.photos_of(books.files, limits, sent) if limits else uploads.NOTHING
    try:
        with books.sessions.begin() as session:
            at = who.signed_in(books, session, request, sent.fields)
            given = advice.locked(session, looked.look(books, session, request, at).matter.key)
            do = _ACTS.get(name)
            if do is None:
                raise Refusal(Help.BAD_FORM)
            if taken.flaws:
                flaw = words.FAULTS[next(iter(taken.flaws.values()))]
                facts = who.common(books, at) | reading.shown(session, at, given, sent.fields, flaw)
                return pages.page("advice/satu", 422, **facts)
            _still_so(at, given, name, sent.fields)
            programme = at.programmes[given.matter.programme_id]
            do(Asked(session, programme, given, sent.fields, taken.attached, at.hand, at.now))
    except NotTaken as error:
        raise Refusal(HELP.get(type(error), Help.CHANGED), back=back) from error
    except Refusal as refusal:
        refusal.back = refusal.back or back
        raise
    log.info("advice", act=name, matter=given.matter.id, session=at.session_id)
    return RedirectResponse(f"{books.base}/saran" if sent.fields.get("then") == "list" else back, 303)


def _still_so(at: Who, given: Given, name: str, fields: Mapping[str, str]) -> None:
    """Raises: Refusal: it is another's to decide, or something changed since the page was shown."""
    party = given.owner.id if name in OF_OWNER else given.giver.id
    if at.office_id != party:
        raise Refusal(Help.NOT_ALLOWED)
    if name in OF_GIVER and fields.get("round") != str(given.matter.round):
        raise Refusal(Help.CHANGED)


def _answer(said: Answer) -> Callable[[Asked], None]:
    def answer(asked: Asked) -> None:
        deputy = asked.line("deputy", 120)
        giving.answer(asked.session, asked.programme, asked.given, said, deputy=deputy, hand=asked.hand, now=asked.now)

    return answer


def _done(asked: Asked) -> None:
    giving.done(
        asked.session,
        asked.programme,
        asked.given,
        text=asked.text,
        files=asked.files,
        hand=asked.hand,
        now=asked.now,
    )


def _close(asked: Asked) -> None:
    giving.close(asked.session, asked.given, text=asked.text, hand=asked.hand, now=asked.now)


def _send_back(asked: Asked) -> None:
    due_at = chosen.until(asked.fields)
    giving.send_back(
        asked.session, asked.programme, asked.given, asked=asked.text, due_at=due_at, hand=asked.hand, now=asked.now
    )


def _withdraw(asked: Asked) -> None:
    giving.withdraw(asked.session, asked.programme, asked.given, reason=asked.text, hand=asked.hand, now=asked.now)


def _move(asked: Asked) -> None:
    giving.move(
        asked.session,
        asked.programme,
        advice.of(asked.session, asked.given.advice.id),
        starts_at=asked.moment("starts"),
        ends_at=asked.moment("ends"),
        place=asked.line("place", 200),
        hand=asked.hand,
        now=asked.now,
    )


def _attended(present: bool) -> Callable[[Asked], None]:
    def record(asked: Asked) -> None:
        giving.record_attendance(asked.session, asked.given, attended=present, hand=asked.hand, now=asked.now)

    return record


OF_OWNER: dict[str, Callable[[Asked], None]] = {
    "confirm": _answer(Answer.RECEIVED),
    "attends": _answer(Answer.ATTENDS),
    "deputy": _answer(Answer.DEPUTY),
    "absent": _answer(Answer.ABSENT),
    "done": _done,
}
"""What the office that has it does, by the button's name; whoever gave it does the rest."""

_ACTS = OF_OWNER | {
    "close": _close,
    "send_back": _send_back,
    "withdraw": _withdraw,
    "move": _move,
    "attended": _attended(True),
    "missed": _attended(False),
}
