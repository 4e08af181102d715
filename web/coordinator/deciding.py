"""Take a decision about a report or a problem, if whoever is signed in may decide it."""

from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.matters import issues
from rules.access import May
from rules.attachments import Limits
from rules.decisions import REASON, BadUntil, NoReason
from rules.filing import NotTaken
from rules.life import Changed, NotConfirmed, NotMerged
from services import decisions, problems
from web.books import Books
from web.coordinator import handling, matters, phoned
from web.coordinator.asked import Asked
from web.coordinator.looked import look
from web.door import who
from web.guards import bodies
from web.guards.bodies import Sent
from web.guards.refusals import Help, Refusal
from web.team import uploads

log = structlog.get_logger()

_HELP: dict[type[NotTaken], Help] = {
    NoReason: Help.NO_REASON,
    issues.Unsaid: Help.NO_REASON,
    BadUntil: Help.BAD_TIME,
    problems.NotHandedOn: Help.BAD_FORM,
    NotMerged: Help.NOT_MERGED,
    NotConfirmed: Help.NOT_CONFIRMED,
}


async def decide(request: Request) -> Response:
    """Take a decision and show the matter again. If that cannot be, it is shown with what was typed."""
    return await bodies.taken(request, _limits, _decide)


def _limits(request: Request) -> Limits:
    """What files may come along; asked before a byte of them is read. Raises: Refusal: nobody is signed in."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        return look(books, session, request, at).programme.policy.attachments


def _decide(request: Request, sent: Sent, limits: Limits | None) -> Response:
    books: Books = request.app.state.books
    fields, taken = sent.fields, uploads.photos_of(books.files, limits, sent) if limits else uploads.NOTHING
    back = f"{books.base}/koordinasi/{request.path_params['programme']}/{request.path_params['code']}"
    try:
        with books.sessions.begin() as session:
            at = who.signed_in(books, session, request, fields)
            looked = look(books, session, request, at)
            act, do = (_ACTS if looked.report else handling.ACTS).get(fields.get("act", ""), (None, None))
            if act is None or do is None:
                raise Refusal(Help.BAD_FORM, back=back)
            speaker, hand = phoned.speaker(session, at, looked, fields)
            if not looked.may(speaker, act):
                raise Refusal(Help.NOT_ALLOWED, back=back)
            if taken.flaws:
                raise Refusal(Help.BAD_FILES)
            session.refresh(looked.matter, with_for_update=True)
            asked = Asked(session, speaker, hand, looked, fields, taken.attached)
            _up_to_date(asked)
            do(asked)
            then = back if looked.may(at, May.READ) else f"{books.base}/beranda"  # he may have handed it on
    except NotTaken as error:
        return matters.again(request, fields, _HELP.get(type(error), Help.CHANGED))
    except Refusal as refusal:
        if refusal.help in _TYPED:
            return matters.again(request, fields, refusal.help)
        refusal.back = refusal.back or back
        raise
    log.info("decided", act=act, matter=looked.matter.id, session=at.session_id)
    return RedirectResponse(then, 303)


_TYPED = frozenset({Help.BAD_TIME, Help.TOO_LARGE, Help.BAD_FILES})
"""What is wrong with the answer alone: its page is shown again."""


def _up_to_date(asked: Asked) -> None:
    """Whether nothing changed since the page was shown. Raises: life.Changed."""
    if asked.looked.report:
        if asked.fields.get("round") != str(asked.looked.matter.round):
            raise Changed(f"{asked.looked.matter.code} is in another round")
    elif asked.fields["act"] not in handling.NOTES:
        handling.unchanged(asked)


def _acknowledge(asked: Asked) -> None:
    note = " ".join(asked.text(REASON).split())
    decisions.acknowledge(asked.session, asked.owed, hand=asked.hand, until=asked.until, note=note, now=asked.now)


def _extend(asked: Asked) -> None:
    until, reason = asked.until, asked.text(REASON)
    decisions.extend(
        asked.session, asked.programme, asked.owed, hand=asked.hand, until=until, reason=reason, now=asked.now
    )


def _waive(asked: Asked) -> None:
    reason = asked.text(REASON)
    decisions.waive(asked.session, asked.programme, asked.owed, hand=asked.hand, reason=reason, now=asked.now)


def _revoke(asked: Asked) -> None:
    until, reason = asked.until if asked.fields.get("until") else None, asked.text(REASON)
    decisions.revoke(
        asked.session, asked.programme, asked.owed, hand=asked.hand, until=until, reason=reason, now=asked.now
    )


def _return(asked: Asked) -> None:
    until, what = asked.until, asked.text(REASON)
    decisions.give_back(
        asked.session, asked.programme, asked.owed, hand=asked.hand, asked=what, until=until, now=asked.now
    )


def _accept(asked: Asked) -> None:
    decisions.accept(asked.session, asked.owed, hand=asked.hand, now=asked.now)


_ACTS: dict[str, tuple[May, Callable[[Asked], None]]] = {
    "acknowledge": (May.ACKNOWLEDGE, _acknowledge),
    "extend": (May.EXTEND, _extend),
    "waive": (May.WAIVE, _waive),
    "revoke": (May.WAIVE, _revoke),
    "return": (May.RETURN, _return),
    "accept": (May.RETURN, _accept),
}
"""For a report, by the button's name: the right it takes, and what it does."""
