"""What waits for the secretariat: each task with what it means, what to do, and one button to settle it with a note."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from models.matters import tasks
from models.matters.tasks import Task, Why
from models.offices.offices import Office
from rules import people, typed
from rules.filing import Standing
from rules.tasks import REMEDIES, TITLES
from rules.typed import Mistyped
from services import two_people
from web import calling, chosen, pages
from web.books import LATER, Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.secretariat import keeping

NOTE = 200
KEEP = ""
"""Decided about a report of which an office says "not my task": it stays with that office."""
WORDED = frozenset(
    {
        Why.NOT_MY_TASK,
        Why.SILENCE,
        Why.INBOUND,
        Why.WRONG_RECIPIENT,
        Why.CONTACT_CHANGED,
        Why.PACKAGE,
        Why.REARRANGEMENT,
        Why.EMPTY_SHIFT,
        Why.SUBJECT,
        Why.SECOND,
        Why.LAPSED,
        Why.BUDGET,
    }
)
"""Tasks whose text is written for people. For the others the page shows the system's own words below."""
ORDERS = frozenset({Why.SECOND, Why.LAPSED})
"""Tasks about an order, which one tap opens."""


def page(request: Request) -> Response:
    """The open tasks, the oldest first."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        open_ = [task for task in tasks.undone(session) if task.programme_id in at.programmes]
        lines = calling.of_tasks(session, at, open_)
        shown = [_shown(books, session, at, task) | {"lines": lines.get(task.id, ())} for task in open_]
    return pages.page(
        "secretariat/tasks", **who.common(books, at), tasks=shown, done=request.query_params.get("selesai") == "1"
    )


async def settle(request: Request) -> Response:
    """Take a task off the list."""
    fields = await who.posted(request)
    return await run_in_threadpool(_settle, request, fields)


def _settle(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    back = f"{books.base}/sekretariat/tugas"
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request, fields)
        task = _task(session, at, request.path_params["id"])
        text = _decision(session, at, task, fields, back)
        if tasks.done(session, task.why, task.subject, now=at.now, how=tasks.TICKED):
            keeping.task_settled(session, at, task, text)
    return RedirectResponse(f"{back}?selesai=1", 303)


def _task(session: Session, at: Who, named: str) -> Task:
    task = session.get(Task, chosen.row_id(named))
    if task is not None and task.programme_id in at.unread:
        raise Refusal(Help.UNREADABLE, retry=LATER)
    if task is None or task.programme_id not in at.programmes:
        raise Refusal(Help.UNKNOWN)
    return task


def _decision(session: Session, at: Who, task: Task, fields: Mapping[str, str], back: str) -> str:
    """The text to record: the note, and for "not my task" whose it is. Raises: Refusal: no note, or no such office."""
    try:
        note = " ".join(typed.words(fields.get("note", ""), NOTE).split())
    except Mistyped as error:
        raise Refusal(Help.TOO_LARGE, back=back) from error
    if not note:
        raise Refusal(Help.NO_NOTE, back=back)
    if task.why is not Why.NOT_MY_TASK:
        return note
    choices = _offices(session, at, task)
    whose = fields.get("whose", KEEP)
    if whose not in choices:
        raise Refusal(Help.BAD_FORM, back=back)
    return f"{choices[whose]}: {note}"


def _shown(books: Books, session: Session, at: Who, task: Task) -> dict[str, Any]:
    office = session.get(Office, task.office_id) if task.office_id else None
    desk = at.programmes[task.programme_id].desk
    return {
        "id": task.id,
        "code": f"S-{task.id:04d}",
        "title": TITLES[task.why],
        "remedy": REMEDIES[task.why],
        "since": pages.moment(task.opened_at, desk.zone),
        "text": task.text if task.why in WORDED else "",
        "told": "" if task.why in WORDED else task.text,
        "office": office.title if office else "",
        "contact": f"{books.base}/sekretariat/kontak/{office.code}" if office else "",
        "order": f"{books.base}/sekretariat/kendali/{two_people.ordered(task.subject)}" if task.why in ORDERS else "",
        "choices": _offices(session, at, task) if task.why is Why.NOT_MY_TASK else {},
    }


def _offices(session: Session, at: Who, task: Task) -> dict[str, str]:
    """Whose a report may become: it stays, or another office of the team sees to it from now on."""
    desk = at.programmes[task.programme_id].desk
    keep = {KEEP: "Tetap pada kantor ini"}
    parts = task.subject.split("/")
    item = keeping.owed(session, task.programme_id, parts[1]) if len(parts) == 3 else None
    if item is None or item.standing is not Standing.OWED:
        return keep
    _, team = people.owing(desk, item.area)
    return keep | {code: f"Dialihkan kepada {desk.office(code).title}" for code in team if code != parts[2]}
