"""By a team's link: report an incident though nothing is owed, see what became of it, and say whether it is over."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import rules.incidents
from models.desk.changes import Hand, Way
from models.matters import courses, following, issues
from models.matters.following import Followed
from models.matters.issues import Step, Unsaid
from models.offices import links
from rules import life, typed
from rules.attachments import Limits
from rules.decisions import REASON
from rules.filing import NotTaken
from rules.issues import CATEGORIES, RESTRICTED, SEVERITIES
from rules.life import Stage
from rules.programme import foremost
from rules.typed import Fault, Mistyped
from services import incidents, outcomes
from web import chosen, drafts, pages, words
from web import incidents as asking
from web.books import Books
from web.coordinator import overseen
from web.guards import bodies, origin
from web.guards.bodies import Sent
from web.guards.refusals import STATUS, Help, Refusal
from web.team import uploads
from web.team.visits import CONFIRMED, INCIDENT, Visit, common, visits

log = structlog.get_logger()

RECENT = timedelta(days=21)
"""So long a list shows how a problem ended."""
JUST = timedelta(hours=2)
"""So long whoever reported something is shown that it came: a phone may have lost the answer."""
EVER = datetime(2000, 1, 1, tzinfo=UTC)


def form(request: Request) -> Response:
    """The form, empty, or with what was typed when the link had run out."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        elections = visits(books, session, request.path_params["token"])
        given = drafts.given(books, session, request, elections[0].opened.office_id, drafts.of_report(INCIDENT))
        came = [shown(at, own) for at in elections for own in just(at, followed(session, at))]
    return _form(books, elections, _meant(elections, given), given, {}, kept=bool(given), came=came)


async def report(request: Request) -> Response:
    """Take it. Sent again it is the same problem."""
    books: Books = request.app.state.books
    origin.check(request, books.origin)
    token = request.path_params["token"]
    limits = await run_in_threadpool(_limits, books, token) if bodies.with_files(request) else None
    sent = await bodies.read_all(request, limits)
    try:
        return await bodies.work_on(sent, _report, books, token, sent, limits)
    finally:
        sent.close()


def _limits(books: Books, token: str) -> Limits:
    with books.sessions.begin() as session:
        return visits(books, session, token)[0].programme.policy.attachments


def _report(books: Books, token: str, sent: Sent, limits: Limits | None) -> Response:
    taken = uploads.photos_of(books.files, limits, sent) if limits else uploads.NOTHING
    elections: list[Visit] = []
    try:
        with books.sessions.begin() as session:
            elections = visits(books, session, token)
            at = _meant(elections, sent.fields)
            code, flaws = _taken(session, at, sent.fields, taken)
            links.seen(session, at.opened.id, now=at.now)
    except SQLAlchemyError as defect:
        if not elections:
            raise
        log.error("incident not kept", error=type(defect).__name__)
        at, code, flaws = _meant(elections, sent.fields), "", {"title": Fault.NOT_KEPT}
    if not code:
        return _form(books, elections, at, sent.fields, flaws)
    return RedirectResponse(f"{books.base}/l/{at.token}/{INCIDENT}/{code}", 303)


def _meant(elections: list[Visit], fields: Mapping[str, str]) -> Visit:
    """In which election: the one that was chosen, or the foremost, whatever the link's message was about."""
    by_id = {at.opened.programme_id: at for at in elections}
    wanted = chosen.row_id(fields.get("programme", ""))
    return by_id.get(wanted) or by_id[_foremost(elections)]


def _foremost(elections: Sequence[Visit]) -> int:
    found = foremost({at.opened.programme_id: at.programme for at in elections}, now=elections[0].now)
    return elections[0].opened.programme_id if found is None else found


def _taken(
    session: Session, at: Visit, fields: Mapping[str, str], taken: uploads.Taken
) -> tuple[str, Mapping[str, Fault]]:
    """The number of the problem; or, if it is empty, what is wrong."""
    incident, wrong = rules.incidents.read(fields, at.programme, at.districts, now=at.now)
    flaws = {**wrong, **taken.flaws}
    area = fields.get("district", "")
    if area in at.districts and not at.own(area) and fields.get(CONFIRMED) != area:
        flaws[CONFIRMED] = Fault.NOT_CONFIRMED
    if flaws or incident is None:
        return "", flaws
    opened = at.opened
    matter, again = incidents.report(
        session,
        opened.programme_id,
        at.programme,
        incident,
        once=fields.get(asking.ONCE, "")[:32],
        files=taken.attached,
        hand=Hand(opened.office_id, opened.title, Way.LINK, opened.message_id),
        now=at.now,
    )
    log.info("incident", matter=matter.id, again=again, link=opened.id)
    return matter.code, {}


def _form(
    books: Books,
    elections: list[Visit],
    at: Visit,
    given: Mapping[str, str],
    flaws: Mapping[str, Fault],
    *,
    kept: bool = False,
    came: Sequence[Mapping[str, Any]] = (),
) -> Response:
    if not at.districts:
        raise Refusal(Help.NOT_YOURS)
    own_first = sorted(at.districts, key=lambda area: not at.own(area))
    facts = asking.form(at.programme, own_first, given, flaws) | {
        "elections": {each.opened.programme_id: each.programme.election.name for each in elections},
        "programme": at.opened.programme_id,
        "kept": kept,
        "just": came,
        "office": at.opened.title,
        "place": given.get("district", ""),
        "reporter": _reporter(at, given.get("district", "")),
    }
    status = asking.status(flaws) if flaws else 200
    return pages.page("team/incident", status, **common(books, at) | {"election": ""} | facts)


def _reporter(at: Visit, area: str) -> str:
    """Who reports for a district of another office; empty: it is the sender's own, or none was chosen."""
    return at.reporter(area) if area in at.districts and not at.own(area) else ""


def receipt(request: Request) -> Response:
    """That a problem was recorded, under which number, and what became of it since."""
    return _receipt(request, {}, None)


def _receipt(request: Request, said: Mapping[str, str], help: Help | None) -> Response:
    """`said`: what somebody typed of it, and `help`: why it was not taken."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at, own = _named(books, session, request)
        facts = shown(at, own) | {"seen": len(issues.events(session, own.matter.id))}
        facts["asks"] = _asks(session, at, own)
        wrong = words.HELP[help] if help else None
        status = STATUS[help] if help else 200
        return pages.page("team/followed", status, **common(books, at), own=facts, typed=said, wrong=wrong)


async def answer(request: Request) -> Response:
    """Its reporter says whether a problem is over that others called resolved."""
    origin.check(request, request.app.state.books.origin)
    return await run_in_threadpool(_answer, request, await bodies.read(request))


def _answer(request: Request, fields: Mapping[str, str]) -> Response:
    books: Books = request.app.state.books
    try:
        with books.sessions.begin() as session:
            at, own = _named(books, session, request)
            matter, opened = issues.held(session, own.matter.id)[0], at.opened
            hand = Hand(opened.office_id, opened.title, Way.LINK, opened.message_id)
            text = typed.words(fields.get("text", ""), REASON)
            if _asks(session, at, own):
                life.unchanged(matter.code, chosen.seen(fields), len(issues.events(session, matter.id)))
                if fields.get("answer") == "over":
                    outcomes.confirm(session, matter, hand=hand, now=at.now)
                else:
                    outcomes.reopen(session, at.programme, matter, hand=hand, text=text, now=at.now)
            elif text:
                raise life.Changed(f"{matter.code} waits for no answer")
    except Unsaid:
        return _receipt(request, fields, Help.NO_REASON)
    except NotTaken:
        return _receipt(request, fields, Help.CHANGED)
    except Mistyped:
        return _receipt(request, fields, Help.TOO_LARGE)
    return RedirectResponse(f"{books.base}/l/{at.token}/{INCIDENT}/{own.matter.code}", 303)


def _named(books: Books, session: Session, request: Request) -> tuple[Visit, Followed]:
    """The problem in the address. Raises: Refusal: this office follows none like it."""
    for at in visits(books, session, request.path_params["token"]):
        for own in followed(session, at, ever=True):
            if own.matter.code == request.path_params["code"]:
                return at, own
    raise Refusal(Help.UNKNOWN)


def _asks(session: Session, at: Visit, own: Followed) -> bool:
    """Whether this office is asked whether it is over. Of a restricted one nothing is asked by a link."""
    matter, issue = own.matter, own.issue
    if issue.restricted or life.stage(issue, matter.acknowledged_until, now=at.now) is not Stage.RESOLVED:
        return False
    reporter = at.opened.office_id in courses.givers(session, matter) or at.own(matter.area)
    return reporter and outcomes.resolver(session, matter) != at.opened.office_id


def followed(session: Session, at: Visit, *, ever: bool = False) -> list[Followed]:
    """The problems that this office sees; `ever`: also those that ended long ago."""
    since = EVER if ever else at.now - RECENT
    return following.reported(session, at.opened.programme_id, at.districts, at.opened.office_id, since=since)


def just(at: Visit, problems: Sequence[Followed]) -> list[Followed]:
    """Those that the office itself has just reported."""
    own = [one for one in problems if one.matter.giver_id == at.opened.office_id]
    return [one for one in own if one.issue.opened_at > at.now - JUST]


def shown(at: Visit, own: Followed) -> dict[str, Any]:
    """What became of a problem. Neither what was reported nor anything of a restricted one can be read by a link."""
    matter, issue = own.matter, own.issue
    desk = at.programme.desk
    zone = desk.zone_of(matter.area)
    place = desk.village_name(issue.village) if issue.village else desk.area_name(matter.area)
    about = [CATEGORIES[issue.category], SEVERITIES[issue.severity], place]
    return {
        "code": matter.code,
        "about": RESTRICTED if issue.restricted else ", ".join(about),
        "opened": pages.short_moment(issue.opened_at, zone),
        "owner": own.owner or "",
        "last": _last(own, zone),
        "outcome": "" if issue.restricted else issue.outcome,
        "resolved": issue.resolved_at is not None,
        "merged": issue.merged_into is not None,
        "election": at.election,
    }


def _last(own: Followed, zone: str) -> str:
    """`Ditindaklanjuti Rabu 14/2, 02.20 WITA oleh Kepala BPBD`."""
    by = "" if own.step is Step.OPENED else f" oleh {own.by}"
    return f"{overseen.STEPS[own.step]} {pages.short_moment(own.at, zone)}{by}"
