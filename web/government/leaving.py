"""How a report to the Government leaves: mailed, or handed out and recorded with its proof; and how it is corrected."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from models.matters import documents, sendings
from models.matters.submissions import Submission
from reports.government.forms import RESTRICTED
from rules import access, typed
from rules.attachments import ENDINGS, MEDIA, Attached, Limits
from rules.filing import NotTaken
from rules.sending import NotSent, Recorded
from rules.typed import Mistyped
from services.government import again, correcting, sending
from web import chosen, words
from web.books import Books
from web.door import who
from web.door.who import Who
from web.enclosed import HEADERS
from web.government import one
from web.government.looked import PATH, Looked, look
from web.guards import bodies
from web.guards.bodies import Sent
from web.guards.refusals import Help, Refusal
from web.team import uploads

log = structlog.get_logger()

LINE = 120
"""Characters of a number or a name that are taken."""


class Asked(NamedTuple):
    """What somebody asks for, about which version, and the proof that came along."""

    books: Books
    session: Session
    at: Who
    looked: Looked
    fields: Mapping[str, str]
    files: Sequence[Attached]

    def line(self, name: str) -> str:
        """What was typed into a field, in one line. Raises: NotSent: it is too long."""
        text = " ".join(self.fields.get(name, "").split())
        if len(text) > LINE:
            raise NotSent(f"Isian terlalu panjang: paling banyak {LINE} huruf.")
        return text


async def act(request: Request) -> Response:
    """Do what was asked and show the version again. If that cannot be, it is shown with what was typed."""
    return await bodies.taken(request, _limits, _act)


def _limits(request: Request) -> Limits:
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        return look(books, session, request, at).programme.policy.attachments


def _act(request: Request, sent: Sent, limits: Limits | None) -> Response:
    books: Books = request.app.state.books
    fields, taken = sent.fields, uploads.photos_of(books.files, limits, sent) if limits else uploads.NOTHING
    back = f"{books.base}{PATH}/{request.path_params['submission']}"
    try:
        with books.sessions.begin() as session:
            at = who.signed_in(books, session, request, fields)
            looked = look(books, session, request, at)
            do = _ACTS.get(fields.get("act", ""))
            if do is None:
                raise Refusal(Help.BAD_FORM, back=back)
            if not access.keeps_books(looked.programme.desk, at.code):
                raise Refusal(Help.NOT_ALLOWED, back=back)
            if taken.flaws:
                raise NotSent(words.FAULTS[next(iter(taken.flaws.values()))])
            then = do(Asked(books, session, at, looked, fields, taken.attached))
    except NotTaken as error:
        said = str(error) if isinstance(error, NotSent) else ""
        return one.again(request, fields, error, said)
    log.info("report to the government", act=fields["act"], submission=looked.own.submission.id, session=at.session_id)
    return RedirectResponse(f"{books.base}{PATH}/{then}", 303)


def _mail(asked: Asked) -> str:
    submission = asked.looked.own.submission
    forms = [own.form for own, _ in documents.of(asked.session, [submission.id]) if own.form != RESTRICTED.code]
    sending.mail(
        asked.session,
        asked.looked.programme,
        submission,
        [form for form in forms if asked.fields.get(f"form.{form}")],
        folder=asked.books.documents,
        hand=asked.at.hand,
        now=asked.at.now,
    )
    return f"{submission.id}?selesai=mail"


def _hand_out(asked: Asked) -> str:
    """Leads on to the document itself."""
    submission, form = asked.looked.own.submission, asked.fields.get("form", "")
    if form == RESTRICTED.code and not asked.looked.reads_annex:
        raise Refusal(Help.NOT_ALLOWED)
    sending.hand_out(asked.session, submission, form, hand=asked.at.hand, now=asked.at.now)
    return f"{submission.id}/{form}"


def _record(asked: Asked) -> str:
    session, submission, proof = asked.session, asked.looked.own.submission, next(iter(asked.files), None)
    named = chosen.row_id(asked.fields.get("sending", ""))
    own = sendings.held(session, named) if named else None
    if named and (own is None or own.submission_id != submission.id):
        raise Refusal(Help.BAD_FORM)
    told, hand, now = _recorded(asked), asked.at.hand, asked.at.now
    if own is not None:
        sending.acknowledge(session, submission, own, told, proof, hand=hand, now=now)
    else:
        form = asked.fields.get("form", "")
        sending.record(session, asked.looked.programme, submission, form, told, proof, hand=hand, now=now)
    return f"{submission.id}?selesai=record"


def _recorded(asked: Asked) -> Recorded:
    """What was typed. Raises: NotSent: there is no such day, or none was typed."""
    try:
        on = typed.day(asked.fields.get("on", ""))
    except Mistyped as error:
        raise NotSent(words.FAULTS[error.fault]) from error
    if on is None:
        raise NotSent("Mohon diisi tanggal suratnya, atau tanggal diserahkan.")
    return Recorded(asked.line("number"), on, asked.line("agenda"), asked.line("by"))


def _correct(asked: Asked) -> str:
    return f"{_next(correcting.correct, asked).id}?selesai=correct"


def _gather(asked: Asked) -> str:
    return f"{_next(again.gather_again, asked).id}?selesai=gather"


def _next(make: Callable[..., Submission], asked: Asked) -> Submission:
    """The version that follows the one that is shown."""
    return make(
        asked.session,
        asked.looked.programme,
        asked.books.forms,
        asked.looked.own,
        reason=asked.fields.get("reason", ""),
        hand=asked.at.hand,
        public_url=asked.books.public_url,
        now=asked.at.now,
    )


def _drop(asked: Asked) -> str:
    session, at, looked, why = asked.session, asked.at, asked.looked, asked.fields.get("reason", "")
    last = correcting.drop(session, looked.programme, looked.own, reason=why, hand=at.hand, now=at.now)
    return f"{last.id}?selesai=drop"


_ACTS: dict[str, Callable[[Asked], str]] = {
    "mail": _mail,
    "hand_out": _hand_out,
    "record": _record,
    "correct": _correct,
    "gather": _gather,
    "drop": _drop,
}


def proof(request: Request) -> Response:
    """The file that proves a sending, to be saved."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = who.signed_in(books, session, request)
        submission = look(books, session, request, at).own.submission
        own = sendings.held(session, chosen.row_id(str(request.path_params["sending"])))
    if own is None or own.submission_id != submission.id or own.proof is None or own.proof_kind is None:
        raise Refusal(Help.UNKNOWN, back=f"{books.base}{PATH}/{submission.id}")
    named = f"bukti-{submission.name}-{own.id}.{ENDINGS[own.proof_kind]}"
    path, media = books.files.path(own.proof), MEDIA[own.proof_kind]
    return FileResponse(path, media_type=media, filename=named, headers=HEADERS)
