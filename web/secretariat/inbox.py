"""What people wrote to the desk: what a person must look at first; each with what was understood and what was done.

One tap files it as the report it is, in the name of the office that wrote, by the secretariat's hand. One tap is also
enough for all that an office wrote, and for all files that stand where they belong.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from models.matters import owing
from models.matters.owing import Item
from models.messages import inbound
from models.messages.inbound import Inbound
from models.offices.offices import Office
from rules import typed
from rules.attachments import ENDINGS, MEDIA, Kind
from rules.filing import Content, Incoming, NilRefused, NotTaken
from rules.replies.spoken import Intent, Sender
from rules.shapes import TEXT
from rules.typed import Mistyped
from services import beside, filing, replying, telling
from services.replied import RECORDED, VIAS
from web import chosen, pages, paging, written
from web.books import Books
from web.coordinator.watching import UNFOLDED
from web.door import who
from web.door.who import Who
from web.enclosed import HEADERS
from web.guards.refusals import Help, Refusal
from web.paging import Paged
from web.secretariat import keeping

PATH = "/sekretariat/pesan"
MOST = 20
NOTE = 200
TOGETHER = ("strangers", "office", "files")
"""What is said of several messages by one tap."""


def page(request: Request) -> Response:
    """What waits for a person, the oldest first, of whom we know before strangers; then the rest, the newest first."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        own, strangers = list(at.programmes), _hears_strangers(books, session, at)
        waiting = inbound.listed(session, own, waiting=True, strangers=strangers, limit=MOST)
        part: Paged[Any] = paging.cut(request, inbound.count(session, own, waiting=False, strangers=strangers), MOST)
        rest = inbound.listed(session, own, waiting=False, strangers=strangers, limit=MOST, offset=part.first - 1)
        known = [row for row in waiting if row[0].programme_id is not None]
        facts: dict[str, Any] = {
            "waiting": [_shown(session, at, *row) for row in known],
            "ends": _ends([row for row, _ in known]),
            "files": [row.id for row, _ in known if beside.for_files(row)],
            "strangers": [_shown(session, at, *row) for row in waiting[len(known) :]],
            "count": inbound.count(session, own, waiting=True, strangers=strangers),
            "unfolded": UNFOLDED,
            "rest": [_shown(session, at, *row) for row in rest],
        }
    done = written.DONE.get(request.query_params.get("selesai", ""), "")
    return pages.page(
        "secretariat/inbox", **who.common(books, at), **facts, part=part, done=done, path=f"{books.base}{PATH}"
    )


def _shown(session: Session, at: Who, row: Inbound, office: Office | None) -> dict[str, Any]:
    zone = at.desk.zone
    title = office.title if office is not None and row.sender is not Sender.FORMER else ""
    return {
        "id": row.id,
        "code": _code(row),
        "at": pages.moment(row.written_at, zone),
        "way": written.CHANNELS[row.channel],
        "by": title or row.shown,
        "doubt": written.SENDERS.get(row.sender, ""),
        "subject": row.subject,
        "text": row.raw.decode("utf-8", "replace")[:TEXT] or row.text[:TEXT],
        "files": [(written.media(own), n if own.get("digest") else 0) for n, own in enumerate(row.files, 1)],
        "meant": written.INTENTS.get(Intent(row.intent), "") if row.intent else written.NOT_READ,
        "by_words": ", ".join(row.went_by[:6]),
        "done": [line for does, code, told in row.results if (line := written.result(does, code, told))],
        "answer": " ".join(row.answer) if row.answer_id else "",
        "seen": pages.moment(row.seen_at, zone) if row.seen_at else "",
        "note": row.note,
        "owed": [(item.code, pages.short_moment(item.judged_by, item.zone)) for item in _owed(session, at, row, office)]
        if row.seen_at is None
        else [],
    }


def _hears_strangers(books: Books, session: Session, at: Who) -> bool:
    return books.hears_strangers(session, {desk.code for desk in at.desks})


def _reads(books: Books, session: Session, at: Who, row: Inbound) -> bool:
    """Whether a message is one that this secretariat is shown."""
    return row.programme_id in at.programmes if row.programme_id is not None else _hears_strangers(books, session, at)


def _code(row: Inbound) -> str:
    return f"M-{row.id:04d}"


def _owed(session: Session, at: Who, row: Inbound, office: Office | None) -> list[Item]:
    """What the office that wrote owes now, the nearest in time first. A stranger or shared phone is offered nothing."""
    programme = at.programmes.get(row.programme_id or 0)
    if office is None or programme is None or row.sender in (Sender.FORMER, Sender.UNKNOWN):
        return []
    desk = programme.desk
    owed = owing.open_(session, row.programme_id or 0, desk.reports_for(office.code), now=at.now)
    return sorted(owed, key=lambda item: abs(item.due_at - row.written_at))


def attached(request: Request) -> Response:
    """A file that came with a message, to be saved."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        row = session.get(Inbound, chosen.row_id(request.path_params["id"]))
        if row is None or not _reads(books, session, at, row):
            raise Refusal(Help.UNKNOWN)
        files = dict(enumerate(row.files, 1))
    own = files.get(request.path_params["number"], {})
    if not own.get("digest"):
        raise Refusal(Help.UNKNOWN)
    kind = Kind(own["kind"])
    name = f"{_code(row)}-{request.path_params['number']}.{ENDINGS[kind]}"
    return FileResponse(books.files.path(own["digest"]), media_type=MEDIA[kind], filename=name, headers=HEADERS)


async def settle(request: Request) -> Response:
    """Say that it was seen, or file it as the report it is."""
    fields = await who.posted(request)
    return await run_in_threadpool(_settle, request, fields)


def _settle(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    back, what = f"{books.base}{PATH}", fields.get("what", "")
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        row = inbound.locked(session, chosen.row_id(request.path_params["id"]))
        if row is None or not _reads(books, session, at, row):
            raise Refusal(Help.UNKNOWN, back=back)
        if row.seen_at is not None:
            return RedirectResponse(f"{back}?selesai=seen", 303)
        if what in ("report", "nil"):
            _file(books, session, at, row, fields, nil=what == "nil", back=back)
        elif what not in ("seen", *TOGETHER):
            raise Refusal(Help.BAD_FORM, back=back)
        for own in _together(session, at, row, what):
            inbound.seen(session, own, by=at.office_id, note=_note(fields, back), now=at.now)
            keeping.note(session, at, "read a message", _code(own), programme_id=own.programme_id, text=own.note)
        session.flush()
        replying.all_seen(session, at.programmes, strangers=_hears_strangers(books, session, at), now=at.now)
    return RedirectResponse(f"{back}?selesai={what}", 303)


def _together(session: Session, at: Who, row: Inbound, what: str) -> list[Inbound]:
    """What is said of one message, and with it of those above it on the page: of strangers, of the same office, or for
    whose files alone a person looks. Of what came later nothing is said: it was not on the page.
    """
    if what not in TOGETHER:
        return [row]
    strangers = what == "strangers"
    if strangers is not (row.programme_id is None):
        return [row]
    above = inbound.waiting(session, None if strangers else list(at.programmes), upto=row.id)
    if what == "office":
        return [own for own in above if _writer(own) == _writer(row)]
    return [own for own in above if strangers or beside.for_files(own)]


def _writer(row: Inbound) -> tuple[int | None, str]:
    """Who a message is shown to be from."""
    return row.office_id, row.shown if row.sender is Sender.FORMER else ""


def _ends(rows: Sequence[Inbound]) -> dict[int, int]:
    """By the last message of each writer with several of them, how many they are."""
    by = Counter(map(_writer, rows))
    return {row.id: by[_writer(row)] for row in {_writer(row): row for row in rows}.values() if by[_writer(row)] > 1}


def _note(fields: Mapping[str, str], back: str) -> str:
    try:
        return typed.line(fields.get("note", ""), NOTE)
    except Mistyped as error:
        raise Refusal(Help.TOO_LARGE, back=back) from error


def _file(
    books: Books, session: Session, at: Who, row: Inbound, fields: Mapping[str, str], *, nil: bool, back: str
) -> None:
    """File it for the office that wrote, as of when it came. Raises: Refusal."""
    office = session.get(Office, row.office_id) if row.office_id else None
    item = next((own for own in _owed(session, at, row, office) if own.code == fields.get("code")), None)
    if office is None or item is None or row.programme_id is None:
        raise Refusal(Help.NOT_OWED, back=back)
    programme = at.programmes[row.programme_id]
    said = row.raw.decode("utf-8", "replace")[:TEXT] or row.text[:TEXT]
    attached = f"Lampiran pesan {_code(row)}." if any(own.get("digest") for own in row.files) else ""
    content, body = (Content.NIL, {}) if nil else (Content.FILLED, {"note": said.strip() or attached})
    incoming = Incoming(content, body, VIAS[row.channel], by=office.code, at=row.written_at, reason=RECORDED)
    form = books.form(programme.policy.duty(item.duty, item.key).form)
    try:
        owed = telling.locked(session, item.key)
        filing.file(session, programme, owed, form, incoming, hand=at.hand, now=at.now)
        beside.add(session, row, owed[0].id)
    except NilRefused as error:
        raise Refusal(Help.NO_NIL, back=back) from error
    except NotTaken as error:
        raise Refusal(Help.NOT_OWED, back=back) from error
