"""Take an answer that came by a link: a report, nil, a promise, not my task. The page is made after COMMIT."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.responses import Response

import rules.filing
from models.desk import changes
from models.desk.changes import Hand, Way
from models.matters import questions, reports, tasks
from models.matters.matters import Matter
from models.matters.obligations import Obligation
from models.matters.owing import Item
from models.matters.reports import Report
from models.offices import links
from rules import forms, indonesian, people, typed
from rules.filing import Content, Incoming, NilRefused, NotTaken, Overtaken, TooLate, Via
from rules.forms import Filled, Form
from rules.incidents import Place
from rules.ladder import Say
from rules.promises import BadTime, Promised
from rules.shapes import Malformed
from rules.typed import Fault, Mistyped
from services import filing, telling
from web import chosen, pages, views, words
from web.books import Books
from web.guards.bodies import Sent
from web.guards.refusals import Help, Refusal
from web.team import aides, receipts, uploads
from web.team.visits import CONFIRMED, Visit, common, confirm_facts, confirmed, form_facts, refused, report, visit

log = structlog.get_logger()

NOTE = 200
ANY = datetime.min.replace(tzinfo=UTC)
_HELP: dict[type[NotTaken], Help] = {
    NilRefused: Help.NO_NIL,
    Overtaken: Help.OVERTAKEN,
    Malformed: Help.BAD_FORM,
    TooLate: Help.TOO_LATE,
    Promised: Help.PROMISED,
    BadTime: Help.BAD_TIME,
}


class Shown(NamedTuple):
    """A page to make once everything is kept."""

    name: str
    facts: dict[str, Any]
    status: int = 200


class Asked(NamedTuple):
    """An answer to one report, its matter locked for this transaction."""

    books: Books
    session: Session
    at: Visit
    item: Item
    owed: tuple[Matter, Obligation]
    fields: Mapping[str, str]
    taken: uploads.Taken

    @property
    def observed_at(self) -> datetime | None:
        """When it was filled in, by the sender's phone. It is kept beside our own time and judges nothing."""
        return rules.filing.observed_at(self.fields.get("observed_at", ""))

    @property
    def hand(self) -> Hand:
        """Whoever holds the link; more is not known."""
        opened = self.at.opened
        return Hand(opened.office_id, opened.title, Way.LINK, opened.message_id)

    @property
    def form(self) -> Form:
        """The form that this report is asked by."""
        return self.books.form(self.at.programme.policy.duty(self.item.duty, self.item.key).form)

    @property
    def place(self) -> Place:
        """What can be said of the report's area."""
        return views.place(self.at.programme, self.item.area, self.at.now)

    @property
    def note(self) -> str:
        try:
            return " ".join(typed.words(self.fields.get("note", ""), NOTE).split())
        except Mistyped as error:
            raise Refusal(Help.TOO_LARGE) from error


def take(books: Books, token: str, code: str, sent: Sent, form: uploads.Wanted | None = None) -> Response:
    """Take what was sent. The same again changes nothing and gets the same answer.

    Args:
        form: the form that asked for files; None where none could come.

    Raises:
        Refusal: nothing was changed.
    """
    back = ""
    asked: Asked | None = None
    take_it: Callable[[Asked], Shown] | None = None
    taken = uploads.take(books.files, form, sent) if form else uploads.NOTHING
    try:
        with books.sessions.begin() as session:
            at = visit(books, session, token, code)
            back = f"{books.base}/l/{at.token}"
            item = report(session, at, code)
            take_it = _WAYS.get(sent.fields.get("answer", ""))
            if take_it is None:
                raise Refusal(Help.BAD_FORM)
            asked = Asked(books, session, at, item, telling.locked(session, item.key), sent.fields, taken)
            sure = take_it not in _DECLARING or confirmed(at, item, sent.fields)
            shown = take_it(asked) if sure else _ask(asked)
            links.seen(session, at.opened.id, now=at.now)
    except NotTaken as error:
        unknown = refused(asked.item) if asked else Help.NOT_OWED
        raise Refusal(_HELP.get(type(error), unknown), back=back) from error
    except Refusal as refusal:
        refusal.back = refusal.back or back
        raise
    except SQLAlchemyError as defect:
        if asked is None or take_it is not _report:
            raise
        log.error("report not kept", error=type(defect).__name__)
        shown = _not_kept(asked)
    return pages.page(shown.name, shown.status, **shown.facts)


def _ask(asked: Asked) -> Shown:
    """Ask once more, naming district and office, before something is declared for another office's district."""
    carried = {name: asked.fields[name] for name in _CARRIED if name in asked.fields}
    return Shown("team/confirm", confirm_facts(asked.books, asked.at, asked.item, carried), 422)


def _nil(asked: Asked) -> Shown:
    return _filed(asked, Content.NIL, {})


def _ready(asked: Asked) -> Shown:
    """Everything on the checklist is ready, by one tap."""
    if not asked.form.checklist:
        raise Refusal(Help.BAD_FORM)
    filled = forms.read(asked.form, forms.all_ready(asked.form), place=asked.place)
    return _filed(asked, filled.content, dict(filled.body))


def _report(asked: Asked) -> Shown:
    filled = forms.read(asked.form, asked.fields, asked.taken.digests, asked.place)
    unasked = {} if confirmed(asked.at, asked.item, asked.fields) else {CONFIRMED: Fault.NOT_CONFIRMED}
    filled = replace(filled, flaws={**filled.flaws, **asked.taken.flaws, **unasked})
    if filled.flaws or (filled.doubts and forms.REMARKS not in filled.body):
        return _again(asked, filled)
    return _filed(asked, filled.content, dict(filled.body))


def _again(asked: Asked, filled: Filled) -> Shown:
    return _typed(asked, filled, aides.below(asked.books, asked.session, asked.at, asked.item))


def _typed(asked: Asked, filled: Filled, below: Mapping[str, Any] | None) -> Shown:
    """The form once more with all that was typed. `below`: what is said of the villages; None: nothing."""
    seen, given = chosen.seen(asked.fields), asked.fields
    facts = form_facts(asked.books, asked.at, asked.item, version=seen, given=given, filled=filled, below=below)
    return Shown("team/form", facts, 503 if Fault.NOT_KEPT in filled.flaws.values() else 422)


def _villages(asked: Asked, *, over: bool = False) -> Shown:
    """The form once more, with what the villages sent. Nothing is filed."""
    place = (asked.books, asked.session, asked.at, asked.item)
    given, taken = aides.taken(*place, asked.fields, over=over)
    seen, below = chosen.seen(asked.fields), aides.below(*place)
    return Shown(
        "team/form",
        form_facts(asked.books, asked.at, asked.item, version=seen, given=given, below=below, taken=taken),
        422,
    )


def _not_kept(asked: Asked) -> Shown:
    """A full disk or a missing database must not lose what was typed. Nothing is asked of the books: they failed."""
    filled = replace(forms.read(asked.form, asked.fields, place=asked.place), flaws={"form": Fault.NOT_KEPT})
    return _typed(asked, filled, None)


def _filed(asked: Asked, content: Content, body: dict[str, Any]) -> Shown:
    at = asked.at
    kept, again, problems = filing.file(
        asked.session,
        at.programme,
        asked.owed,
        asked.form,
        Incoming(
            content,
            body,
            Via.LINK,
            by=at.opened.code,
            observed_at=asked.observed_at,
            seen=chosen.seen(asked.fields),
            files=asked.taken.attached,
        ),
        hand=asked.hand,
        now=at.now,
    )
    log.info("filed", report=kept.id, again=again, link=at.opened.id, problems=len(problems))
    return _receipt(asked, kept, problems)


def _receipt(asked: Asked, kept: Report, opened: Sequence[str]) -> Shown:
    books = asked.books
    facts = views.receipt(asked.at.programme, asked.item, kept, asked.at.now) | common(books, asked.at)
    facts |= {"opened": opened, "check": receipts.address(books, kept), "newer": False, "taken_back": False}
    facts |= {"by_message": _reachable(asked.at, asked.item.area), "take_back": _until(asked, kept)}
    return Shown("team/receipt", facts)


def _until(asked: Asked, kept: Report) -> str:
    """Until when it may be taken back by one tap; empty: it may not be."""
    versions = reports.of(asked.session, kept.obligation_id)
    closes_after = asked.owed[0].closes_after
    until = rules.filing.take_back_until([v.content for v in versions], kept.via, kept.recorded_at, closes_after)
    last = versions[-1].id == kept.id and until is not None and asked.at.now < until
    return indonesian.clock(until, asked.item.zone) if last and until else ""


def _promise(asked: Asked) -> Shown:
    until = chosen.until(asked.fields)
    at = asked.at
    filing.promise(asked.session, at.programme, asked.owed, by=at.opened.code, until=until, note=asked.note, now=at.now)
    _record(asked, "promised", until=until)
    title, text = words.PROMISED
    return _noted(asked, title, text.format(until=pages.moment(until, asked.item.zone)))


def _take_back(asked: Asked) -> Shown:
    """By one tap, within ten minutes: the nil stays on record, and the report is owed again."""
    at = asked.at
    kept = filing.take_back(asked.session, at.programme, asked.owed, by=at.opened.code, hand=asked.hand, now=at.now)
    log.info("taken back", report=kept.id, link=at.opened.id)
    return _noted(asked, *words.TAKEN_BACK)


def _sure(asked: Asked) -> Shown:
    """Nil it stays: whoever reports for the district says so once, when he was asked. Said twice it is once."""
    waiting = questions.waiting(asked.session, asked.at.opened.programme_id, [asked.item.area], since=ANY)
    if asked.item.code in waiting and asked.at.own(asked.item.area):
        _record(asked, questions.SURE)
    return _noted(asked, *words.SURE)


def _not_mine(asked: Asked) -> Shown:
    at, item = asked.at, asked.item
    what = f"{item.code}, {at.programme.desk.area_name(item.area)}: {at.opened.title} menyatakan bukan tugasnya"
    tasks.open_(
        asked.session,
        at.opened.programme_id,
        tasks.Why.NOT_MY_TASK,
        f"{at.opened.programme_id}/{item.code}/{at.opened.code}",
        f"{what}. {asked.note}"[:500],
        now=at.now,
        office_id=at.opened.office_id,
    )
    _record(asked, "not_mine")
    return _noted(asked, *words.NOT_MINE)


def _record(asked: Asked, what: str, *, until: datetime | None = None) -> None:
    place = (asked.at.opened.programme_id, asked.item.id)
    changes.record(
        asked.session, asked.hand, what, asked.item.code, *place, until=until, text=asked.note, now=asked.at.now
    )


def _noted(asked: Asked, title: str, text: str) -> Shown:
    item = views.item(asked.at.programme, asked.item, asked.at.now)
    return Shown("team/noted", common(asked.books, asked.at) | {"title": title, "text": text, "item": item})


def _by_message(asked: Asked) -> Shown:
    """Send the receipt as a message too: once for each version, to the office that files for the area."""
    at = asked.at
    matter, obligation = asked.owed
    versions = reports.of(asked.session, obligation.id)
    sent = versions and versions[-1].office_id == at.opened.office_id and versions[-1].content is not Content.WITHDRAWN
    if not sent or not _reachable(at, matter.area):
        raise Refusal(refused(asked.item))
    telling.tell_reporter(asked.session, at.programme, matter, Say.RECEIVED, "receipt", versions[-1].version, at.now)
    return _noted(asked, *words.BY_MESSAGE)


def _reachable(at: Visit, area: str) -> bool:
    return bool(at.programme.policy.receipt_by) and people.owing(at.programme.desk, area)[0] == at.opened.code


_WAYS: dict[str, Callable[[Asked], Shown]] = {
    "receipt": _by_message,
    "nil": _nil,
    "ready": _ready,
    "report": _report,
    "promise": _promise,
    "not_mine": _not_mine,
    "take_back": _take_back,
    "sure": _sure,
    "villages": _villages,
    "villages_over": partial(_villages, over=True),
}
_DECLARING = (_nil, _ready, _promise)
"""Answers that are asked about once more for another office's district. A form asks for that itself."""
_CARRIED = ("answer", "seen", "until", "note", "observed_at")
