"""The team's pages: what an office still owes, the form of one report, the other answers. Looking changes nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from models.desk import changes
from models.desk.changes import Change
from models.matters import owing, questions, reports
from models.matters.following import Followed
from models.matters.owing import Came, Item
from models.offices.drafts import Draft
from rules import aides as rule
from rules import levels, promises
from rules.filing import Standing
from services import restoring
from web import drafts, pages, paging, views, words
from web.advice import linked
from web.books import Books
from web.coordinator import overseen
from web.guards import bodies, origin
from web.guards.refusals import Help, Refusal
from web.team import aides, answers, contacts, incidents, uploads
from web.team.visits import Visit, common, confirm_facts, form_facts, refused, report, visit, visits

RECENT = timedelta(days=7)
MOST = 12
"""So many are on a page, the oldest first; more would not fit one that is made for one bar of signal."""
LATEST = 5
"""So much of what came in is shown at once; the rest is folded."""


class Listed(NamedTuple):
    """What one election asks of the office, and what it got."""

    at: Visit
    own: Sequence[Item]
    others: Sequence[Item]
    came: Sequence[Came]
    granted: Sequence[tuple[Change, str]]
    questions: Sequence[str]
    problems: Sequence[Followed]


def owed(request: Request) -> Response:
    """The list of what the link's office still owes, in every election at its desk."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        elections = [_listed(session, at) for at in visits(books, session, request.path_params["token"])]
        asked = contacts.card(session, elections[0].at)
        advice = linked.waiting(session, [one.at for one in elections])
        lost = restoring.lost(session, [one.at.programme for one in elections], now=elections[0].at.now)
        left_over = drafts.of(books, session, request, elections[0].at.opened.office_id)
    at = elections[0].at
    own = sorted(((one.at, item) for one in elections for item in one.own), key=_order)
    others = [(one.at, item) for one in elections for item in one.others]
    part = paging.paged(request, own + others, MOST)
    items = [_item(*pair) for pair in own[part.first - 1 : part.last]]
    came = [_came(one.at, came) for one in elections for came in one.came]
    return pages.page(
        "team/owed",
        **common(books, at) | {"election": ""},
        desk=at.programme.desk.name,
        unit=levels.word(at.programme.desk.level),
        unit_heading=levels.heading(at.programme.desk.level),
        office=at.opened.title,
        lost=lost,
        items=items,
        advice=advice,
        asked=asked,
        owed=len(own),
        others=_by_reporter([pair for pair in part.items if not pair[0].own(pair[1].area)]),
        counts=Counter(one.reporter(item.area) for one, item in others),
        aides=at.programme.policy.aides is not None and bool(rule.districts(at.programme.desk, at.opened.code)),
        reports=any(one.at.own(area) for one in elections for area in one.at.areas),
        part=part,
        nil_given=any(item["nil"] for item in items),
        unsent=_unsent(left_over),
        questions=[code for one in elections for code in one.questions],
        problems=[incidents.shown(one.at, own) for one in elections for own in one.problems[:MOST]],
        just=[incidents.shown(one.at, own) for one in elections for own in incidents.just(one.at, one.problems)],
        came=came[:LATEST],
        earlier=came[LATEST:],
        decided=_together(_decided(one.at, *granted) for one in elections for granted in one.granted),
    )


def _order(own: tuple[Visit, Item]) -> tuple[bool, datetime]:
    """Reports of voting day first, for a small screen shows one; then by due time."""
    policy, item = own[0].programme.policy, own[1]
    return not policy.ladder(policy.duty(item.duty, item.key).ladder).urgent, item.due_at


def _listed(session: Session, at: Visit) -> Listed:
    place = (session, at.opened.programme_id)
    own, others = ([area for area in at.areas if at.own(area) is mine] for mine in (True, False))
    since = at.now - RECENT
    return Listed(
        at,
        owing.open_(*place, own, now=at.now),
        owing.open_(*place, others, now=at.now),
        owing.received(*place, at.areas, office_id=at.opened.office_id, since=since),
        changes.granted(*place, at.areas, since=since),
        questions.waiting(*place, own, since=since),
        incidents.followed(session, at),
    )


def _item(at: Visit, item: Item) -> dict[str, Any]:
    return views.item(at.programme, item, at.now) | {"election": at.election}


def _decided(at: Visit, change: Change, area: str) -> dict[str, str]:
    """What was granted about a report, or taken back."""
    desk = at.programme.desk
    return overseen.changed(change, desk.zone_of(area)) | {"code": change.subject, "area": desk.area_name(area)}


def _together(decided: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Each decision once, with all the reports that it was made about."""
    found: dict[tuple[str, ...], tuple[dict[str, str], list[str]]] = {}
    for own in decided:
        same = tuple(own[name] for name in ("what", "until", "by", "text"))
        found.setdefault(same, (own, []))[1].append(f"{own['code']}, {own['area']}")
    return [own | {"about": "; ".join(about)} for own, about in found.values()]


def _came(at: Visit, came: Came) -> dict[str, Any]:
    """What came in. Whoever filed it sees its receipt; whoever reports for the district may correct it anyway."""
    return _item(at, came.item) | {"number": came.number, "own": at.own(came.item.area), "said": _said(came)}


def _unsent(left_over: Sequence[Draft]) -> list[tuple[str, str]]:
    """For each report that was typed in this browser and not sent: its number, and the page that shows it again."""
    return [
        (code, f"{code}/lain" if draft.fields.get("answer") in ("promise", "not_mine") else code)
        for draft in left_over
        if (code := draft.path.removeprefix(drafts.of_report(""))) != draft.path
    ]


def _said(came: Came) -> str:
    """What the reading office itself filed, in a word. About reports of others nothing is said here."""
    return words.SHORT[came.item.content] if came.number and came.item.content else ""


def _by_reporter(others: Sequence[tuple[Visit, Item]]) -> dict[str, list[dict[str, Any]]]:
    """What is owed for other districts of the team, by the title of the office that reports for them."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for at, item in others:
        grouped.setdefault(at.reporter(item.area), []).append(_item(at, item))
    return grouped


def nil(request: Request) -> Response:
    """Ask once more before nil is declared for a district for which another office reports."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"], request.path_params["code"])
        item = report(session, at, request.path_params["code"])
    if item.standing is not Standing.OWED:
        raise Refusal(refused(item), back=f"{books.base}/l/{at.token}")
    return pages.page("team/confirm", **confirm_facts(books, at, item, {"answer": "nil", "seen": str(item.versions)}))


def form(request: Request) -> Response:
    """The form of one report: empty, also where it corrects one, for what was filed is not shown."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"], request.path_params["code"])
        item = report(session, at, request.path_params["code"])
        versions = reports.of(session, item.id)
        given = _typed(books, session, request, at)
        below = aides.below(books, session, at, item)
    back = f"{books.base}/l/{at.token}"
    if item.standing not in (Standing.OWED, Standing.RECEIVED):
        raise Refusal(Help.NOT_OWED, back=back)
    others = versions and versions[-1].office_id != at.opened.office_id
    if others and item.returned_until is None and not at.own(item.area):
        raise Refusal(Help.NOT_OWED, back=back)
    own = versions[-1] if versions and versions[-1].office_id == at.opened.office_id else None
    return pages.page(
        "team/form",
        **form_facts(books, at, item, version=len(versions), given=given, filed=own, kept=bool(given), below=below),
    )


def _typed(books: Books, session: Session, request: Request, at: Visit) -> Mapping[str, str]:
    """What was typed into this form after its link had run out."""
    path = drafts.of_report(request.path_params["code"])
    return drafts.given(books, session, request, at.opened.office_id, path)


def other(request: Request) -> Response:
    """The other answers to one report: a promise, or that it is not this office's task."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = visit(books, session, request.path_params["token"], request.path_params["code"])
        item = report(session, at, request.path_params["code"])
        given = _typed(books, session, request, at)
    owed = item.standing is Standing.OWED
    if not item.awaited:
        raise Refusal(Help.NOT_OWED, back=f"{books.base}/l/{at.token}")
    promised = not owed or item.promised_until is not None or item.closes_after is None
    offers = [] if promised else promises.offers(item.closes_after or at.now, item.zone, now=at.now)
    times = [(instant.isoformat(), pages.short_moment(instant, item.zone)) for instant in offers]
    named = views.item(at.programme, item, at.now)
    return pages.page("team/other", **common(books, at), item=named, times=times, given=given)


async def answer(request: Request) -> Response:
    """Take an answer. The page is made after COMMIT: a receipt on it means kept."""
    books: Books = request.app.state.books
    origin.check(request, books.origin)
    place = (books, request.path_params["token"], request.path_params["code"])
    wanted = await run_in_threadpool(uploads.wanted, *place) if bodies.with_files(request) else None
    sent = await bodies.read_all(request, wanted.limits if wanted else None)
    try:
        return await bodies.work_on(sent, answers.take, *place, sent, wanted)
    finally:
        sent.close()
