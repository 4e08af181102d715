"""Take a decision about a report or a problem from whoever is signed in, if it is his to take."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models import decisions, filing, issues
from models.changes import Hand, Way
from models.decisions import Owed
from models.issues import Step
from rules import decisions as rules
from rules import typed
from rules.access import May
from rules.filing import NotTaken
from rules.typed import Mistyped
from web import chosen, who
from web.books import Books
from web.coordinator import Looked, look
from web.refusals import Help, Refusal
from web.who import Who

log = structlog.get_logger()

ADVICE = 1000
"""Signs of an advice, of what was done and of an outcome."""

_HELP: dict[type[NotTaken], Help] = {
    rules.NoReason: Help.NO_REASON,
    issues.Unsolvable: Help.NO_REASON,
    rules.BadUntil: Help.BAD_TIME,
}


class Asked(NamedTuple):
    """A decision that somebody may take, with the form it came in."""

    session: Session
    at: Who
    found: Looked
    hand: Hand
    fields: Mapping[str, str]

    @property
    def until(self) -> datetime:
        return chosen.until(self.fields)

    def text(self, longest: int) -> str:
        try:
            return typed.words(self.fields.get("text", ""), longest)
        except Mistyped as error:
            raise Refusal(Help.TOO_LARGE) from error

    @property
    def owed(self) -> Owed:
        return filing.locked(self.session, self.found.matter.key)


async def decide(request: Request) -> Response:
    """Take a decision and show the matter again; what the page showed must still be so."""
    fields = await who.posted(request)
    return await run_in_threadpool(_decide, request, fields)


def _decide(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    back = f"{books.base}/koordinasi/{request.path_params['programme']}/{request.path_params['code']}"
    try:
        with books.sessions.begin() as session:
            at = who.signed_in(books, session, request, fields)
            found = look(books, session, request, at)
            act, do = _ACTS.get((found.report, fields.get("act", "")), (None, None))
            if act is None or do is None:
                raise Refusal(Help.BAD_FORM, back=back)
            if not found.may(at, act):
                raise Refusal(Help.NOT_ALLOWED, back=back)
            session.refresh(found.matter, with_for_update=True)
            if fields.get("round") != str(found.matter.round):
                raise Refusal(Help.CHANGED, back=back)
            do(Asked(session, at, found, Hand(at.office_id, at.title, Way.SESSION, at.session_id), fields))
    except NotTaken as error:
        raise Refusal(_HELP.get(type(error), Help.CHANGED), back=back) from error
    except Refusal as refusal:
        refusal.back = refusal.back or back
        raise
    log.info("decided", act=act, matter=found.matter.id, session=at.session_id)
    return RedirectResponse(back, 303)


def _acknowledge(asked: Asked) -> None:
    note = asked.text(rules.REASON)
    decisions.acknowledge(
        asked.session, asked.owed, hand=asked.hand, until=asked.until, note=" ".join(note.split()), now=asked.at.now
    )


def _extend(asked: Asked) -> None:
    decisions.extend(
        asked.session,
        asked.found.programme,
        asked.owed,
        hand=asked.hand,
        until=asked.until,
        reason=asked.text(rules.REASON),
        now=asked.at.now,
    )


def _waive(asked: Asked) -> None:
    decisions.waive(asked.session, asked.owed, hand=asked.hand, reason=asked.text(rules.REASON), now=asked.at.now)


def _return(asked: Asked) -> None:
    decisions.give_back(
        asked.session,
        asked.found.programme,
        asked.owed,
        hand=asked.hand,
        asked=asked.text(rules.REASON),
        until=asked.until,
        now=asked.at.now,
    )


def _accept(asked: Asked) -> None:
    decisions.accept(asked.session, asked.owed, hand=asked.hand, now=asked.at.now)


def _take_on(asked: Asked) -> None:
    matter = issues.locked(asked.session, asked.found.matter.key)
    issues.acknowledge(
        asked.session, matter, hand=asked.hand, until=asked.until, text=asked.text(ADVICE), now=asked.at.now
    )


def _recommend(asked: Asked) -> None:
    _advise(asked, Step.RECOMMENDED)


def _follow_up(asked: Asked) -> None:
    _advise(asked, Step.FOLLOWED_UP)


def _advise(asked: Asked, step: Step) -> None:
    matter = issues.locked(asked.session, asked.found.matter.key)
    issues.advise(asked.session, matter, step, hand=asked.hand, text=asked.text(ADVICE), now=asked.at.now)


def _resolve(asked: Asked) -> None:
    matter = issues.locked(asked.session, asked.found.matter.key)
    issues.resolve(asked.session, matter, hand=asked.hand, outcome=asked.text(ADVICE), now=asked.at.now)


_ACTS: dict[tuple[bool, str], tuple[May, Callable[[Asked], None]]] = {
    (True, "acknowledge"): (May.ACKNOWLEDGE, _acknowledge),
    (True, "extend"): (May.EXTEND, _extend),
    (True, "waive"): (May.WAIVE, _waive),
    (True, "return"): (May.RETURN, _return),
    (True, "accept"): (May.RETURN, _accept),
    (False, "acknowledge"): (May.ACKNOWLEDGE, _take_on),
    (False, "recommend"): (May.ADVISE, _recommend),
    (False, "follow_up"): (May.ADVISE, _follow_up),
    (False, "resolve"): (May.RESOLVE, _resolve),
}
"""By whether it is a report and by the button's name: what it takes, and what it does."""
