"""The secretariat's door: who may open its pages, which programme a page is about, and that every change is noted."""

from collections.abc import Mapping

from sqlalchemy.orm import Session
from starlette.requests import Request

from models.desk import changes
from models.matters import owing
from models.matters.owing import Item
from models.matters.tasks import Task
from rules import typed
from rules.orders import REASON
from rules.programme import Programme
from rules.typed import Mistyped
from web import chosen
from web.books import Books
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.team.visits import numbered


def keeper(books: Books, session: Session, request: Request, fields: Mapping[str, str] | None = None) -> Who:
    """Who keeps the books. Raises: Refusal: nobody is signed in, another office is, or the form is not ours."""
    at = who.signed_in(books, session, request, fields)
    if not at.keeps_books:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return at


def programme(at: Who, typed: str) -> tuple[int, Programme]:
    """The programme a page is about, one of the desk's own. Raises: Refusal: there is none."""
    id = chosen.row_id(typed)
    if id not in at.programmes:
        raise Refusal(Help.UNKNOWN)
    return id, at.programmes[id]


def owed(session: Session, programme_id: int, code: str) -> Item | None:
    """A report by its number, whoever owes it; None: there is none."""
    return owing.one(session, programme_id, code) if numbered(code) else None


def note(
    session: Session,
    at: Who,
    what: str,
    subject: str,
    *,
    programme_id: int | None = None,
    matter_id: int | None = None,
    text: str = "",
) -> None:
    """Write down who changed what."""
    changes.record(
        session, at.hand, what, subject, programme_id=programme_id, matter_id=matter_id, text=text, now=at.now
    )


def reason(fields: Mapping[str, str]) -> str:
    """Why somebody does something, as typed; empty: nothing was, or more than a reason may have."""
    try:
        return " ".join(typed.words(fields.get("reason", ""), REASON).split())
    except Mistyped:
        return ""


def task_settled(session: Session, at: Who, task: Task, text: str) -> None:
    place, code = task.programme_id, f"S-{task.id:04d}"
    note(session, at, "settled", code, programme_id=place, matter_id=task.matter_id, text=text)
