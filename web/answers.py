"""Take an answer that came by a link: a report, nil, a promise, not my task. The page is made after COMMIT."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.responses import Response

from models import changes, filing, issues, links, promises, reports, tasks
from models.changes import Hand, Way
from models.matters import Matter
from models.obligations import Obligation
from models.owing import Item
from models.reports import Report
from rules import filing as filing_rules
from rules import forms, people, typed
from rules import promises as promise_rules
from rules.filing import Content, NilRefused, NotTaken, Overtaken, Via
from rules.forms import Filled, Trouble
from rules.ladder import Say
from rules.typed import Fault, Mistyped
from web import chosen, pages, uploads, views, words
from web.bodies import Sent
from web.books import Books
from web.refusals import Help, Refusal
from web.visits import Visit, common, form_facts, report, visit

log = structlog.get_logger()

NOTE = 200
_HELP: dict[type[NotTaken], Help] = {
    NilRefused: Help.NO_NIL,
    Overtaken: Help.OVERTAKEN,
    promise_rules.Promised: Help.PROMISED,
    promise_rules.BadTime: Help.BAD_TIME,
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
        """When the sender's phone says that it was filled in: kept beside our own time, never judged."""
        return filing_rules.observed_at(self.fields.get("observed_at", ""))

    @property
    def hand(self) -> Hand:
        """Whoever holds the link: nobody knows more."""
        opened = self.at.opened
        return Hand(opened.office_id, opened.title, Way.LINK, opened.message_id)

    @property
    def note(self) -> str:
        try:
            return " ".join(typed.words(self.fields.get("note", ""), NOTE).split())
        except Mistyped as error:
            raise Refusal(Help.TOO_LARGE) from error


def take(books: Books, token: str, code: str, sent: Sent, form: uploads.Wanted | None = None) -> Response:
    """Take what was sent; the same again changes nothing and is answered alike.

    Args:
        form: what the files that came along were asked by, where any might.

    Raises:
        Refusal: nothing was changed.
    """
    back = ""
    asked: Asked | None = None
    take_it: Callable[[Asked], Shown] | None = None
    taken = uploads.take(books.files, form, sent) if form else uploads.NOTHING
    try:
        with books.sessions.begin() as session:
            at = visit(books, session, token)
            back = f"{books.base}/l/{at.token}"
            item = report(session, at, code)
            take_it = _WAYS.get(sent.fields.get("answer", ""))
            if take_it is None:
                raise Refusal(Help.BAD_FORM)
            asked = Asked(books, session, at, item, filing.locked(session, item.key), sent.fields, taken)
            shown = take_it(asked)
            links.seen(session, at.opened.id, now=at.now)
    except NotTaken as error:
        raise Refusal(_HELP.get(type(error), Help.NOT_OWED), back=back) from error
    except Refusal as refusal:
        refusal.back = refusal.back or back
        raise
    except SQLAlchemyError as defect:
        if asked is None or take_it is not _report:
            raise
        log.error("report not kept", error=type(defect).__name__)
        shown = _not_kept(asked)
    return pages.page(shown.name, shown.status, **shown.facts)


def _nil(asked: Asked) -> Shown:
    return _filed(asked, Content.NIL, {})


def _report(asked: Asked) -> Shown:
    own = asked.books.form(asked.at.programme.policy.duty(asked.item.duty).form)
    filled = forms.read(own, asked.fields, asked.taken.digests)
    filled = replace(filled, flaws={**filled.flaws, **asked.taken.flaws})
    if filled.flaws or (filled.doubts and forms.REMARKS not in filled.body):
        return _again(asked, filled)
    return _filed(asked, filled.content, dict(filled.body), filled.troubles)


def _again(asked: Asked, filled: Filled) -> Shown:
    seen, given = chosen.seen(asked.fields), asked.fields
    facts = form_facts(asked.books, asked.at, asked.item, version=seen, given=given, filled=filled)
    return Shown("form", facts, 503 if Fault.NOT_KEPT in filled.flaws.values() else 422)


def _not_kept(asked: Asked) -> Shown:
    """The form once more, with all that was typed: the disk is full or the database gone, and nothing is lost by it."""
    own = asked.books.form(asked.at.programme.policy.duty(asked.item.duty).form)
    return _again(asked, replace(forms.read(own, asked.fields), flaws={"form": Fault.NOT_KEPT}))


def _filed(asked: Asked, content: Content, body: dict[str, Any], troubles: tuple[Trouble, ...] = ()) -> Shown:
    at = asked.at
    kept, again = filing.file(
        asked.session,
        at.programme,
        asked.owed,
        content=content,
        body=body,
        via=Via.LINK,
        by=at.opened.code,
        observed_at=asked.observed_at,
        seen=chosen.seen(asked.fields),
        files=asked.taken.attached,
        hand=asked.hand,
        now=at.now,
    )
    opened = [] if again else [_open(asked, trouble) for trouble in troubles]
    log.info("filed", report=kept.id, again=again, link=at.opened.id, problems=len(opened))
    return _receipt(asked, kept, opened)


def _receipt(asked: Asked, kept: Report, opened: list[str]) -> Shown:
    books = asked.books
    facts = views.receipt(asked.at.programme, asked.item, kept, asked.at.now) | common(books, asked.at)
    check = f"{books.public_url}/t/{kept.number}/{kept.proof}" if kept.proof else ""
    wanted = _reachable(asked.at, asked.item.area)
    return Shown("receipt", facts | {"opened": opened, "check": check, "newer": False, "by_message": wanted})


def _open(asked: Asked, trouble: Trouble) -> str:
    """Record a problem that the reporter asked for; its number."""
    programme, indicator = asked.at.programme, trouble.indicator
    assert indicator.category is not None
    area = asked.item.area
    if area not in programme.desk.coordinators:
        area = programme.desk.team(area).districts[0]
    matter = issues.open_(
        asked.session,
        asked.at.opened.programme_id,
        programme.code,
        area=area,
        category=indicator.category,
        severity=indicator.severity,
        ladder=programme.policy.problems[indicator.severity],
        title=f"{indicator.name}: bermasalah",
        detail=trouble.note,
        hand=asked.hand,
        at=asked.at.now,
    )
    return matter.code


def _promise(asked: Asked) -> Shown:
    until = chosen.until(asked.fields)
    promises.make(
        asked.session, asked.owed, office_id=asked.at.opened.office_id, until=until, note=asked.note, now=asked.at.now
    )
    _record(asked, "promised", until=until)
    title, text = words.PROMISED
    return _noted(asked, title, text.format(until=pages.moment(until, asked.item.zone)))


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
    return Shown("noted", common(asked.books, asked.at) | {"title": title, "text": text, "item": item})


def _by_message(asked: Asked) -> Shown:
    """Send the receipt as a message too: once for each version, to the office that files for the area."""
    at = asked.at
    matter, obligation = asked.owed
    versions = reports.of(asked.session, obligation.id)
    if not versions or versions[-1].office_id != at.opened.office_id or not _reachable(at, matter.area):
        raise Refusal(Help.NOT_OWED)
    filing.tell_reporter(asked.session, at.programme, matter, Say.RECEIVED, "receipt", versions[-1].version, at.now)
    return _noted(asked, *words.BY_MESSAGE)


def _reachable(at: Visit, area: str) -> bool:
    return bool(at.programme.policy.receipt_by) and people.owing(at.programme.desk, area)[0] == at.opened.code


_WAYS: dict[str, Callable[[Asked], Shown]] = {
    "receipt": _by_message,
    "nil": _nil,
    "report": _report,
    "promise": _promise,
    "not_mine": _not_mine,
}
