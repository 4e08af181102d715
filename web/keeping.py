"""The secretariat's door: who may open its pages, which programme a page is about, and that every change is noted."""

from collections.abc import Mapping

from sqlalchemy.orm import Session
from starlette.requests import Request

from models import changes, owing
from models.owing import Item
from models.reports import Report
from models.tasks import Task
from rules.programme import Programme
from web import who, words
from web.books import Books
from web.refusals import Help, Refusal
from web.visits import CODE
from web.who import Who


def keeper(books: Books, session: Session, request: Request, fields: Mapping[str, str] | None = None) -> Who:
    """Who keeps the books. Raises: Refusal: nobody is signed in, or it is another office, or a form not of ours."""
    at = who.signed_in(books, session, request, fields)
    if not at.keeps_books:
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return at


def programme(at: Who, typed: str) -> tuple[int, Programme]:
    """The programme a page is about, one of the desk's own. Raises: Refusal: there is none."""
    id = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    if id not in at.programmes:
        raise Refusal(Help.UNKNOWN)
    return id, at.programmes[id]


def owed(session: Session, programme_id: int, code: str) -> Item | None:
    """A report by its number, whoever owes it; None: there is none."""
    known = code.startswith(CODE) and code[2:].isascii() and code[2:].isdigit() and len(code) <= 12
    return owing.one(session, programme_id, code) if known else None


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
    hand = changes.Hand(at.office_id, at.title, changes.Way.SESSION, at.session_id)
    changes.record(session, hand, what, subject, programme_id=programme_id, matter_id=matter_id, text=text, now=at.now)


def task_settled(session: Session, at: Who, task: Task, text: str) -> None:
    place, code = task.programme_id, f"S-{task.id:04d}"
    note(session, at, "settled", code, programme_id=place, matter_id=task.matter_id, text=text)


def recorded(session: Session, at: Who, programme_id: int, item: Item, kept: Report) -> None:
    text = f"{kept.number}, melalui {words.VIAS[kept.via]}"
    note(session, at, "recorded", item.code, programme_id=programme_id, matter_id=item.id, text=text)
