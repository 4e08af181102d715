"""The secretariat's first page: every district today, in the order of the desk's file; and the text for a group."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models import owing, tasks
from models.owing import Item
from rules import groupnote, indonesian
from rules.desk import Team
from rules.dispatch import day_start, next_day
from rules.filing import Standing
from rules.groupnote import Owed
from rules.programme import Programme
from web import keeping, pages, views, who, words
from web.books import Books
from web.refusals import Help, Refusal
from web.who import Who

ALL = ""
"""Chosen instead of a team: everybody."""
MOST = 500


def overview(request: Request) -> Response:
    """What each district owes and has sent today. No district is first for what it did."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        programmes = [_today(books, session, at, id, p) for id, p in at.programmes.items()]
        waiting = sum(task.programme_id in at.programmes for task in tasks.undone(session))
    return pages.page("overview", **who.common(books, at), programmes=programmes, waiting=waiting)


def group_text(request: Request) -> Response:
    """What a team, or everybody, owes now, to be copied into its group. It holds no link: a link files for others."""
    books: Books = request.app.state.books
    chosen = request.query_params.get("tim", ALL)
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        texts = [_text(session, at, id, p, chosen) for id, p in at.programmes.items()]
    teams = {team.code: team.name for p in at.programmes.values() for team in p.desk.teams}
    if chosen and chosen not in teams:
        raise Refusal(Help.UNKNOWN, back=f"{books.base}/sekretariat/grup")
    return pages.page("group", **who.common(books, at), teams=teams, chosen=chosen, text="\n".join(texts))


def _today(books: Books, session: Session, at: Who, id: int, programme: Programme) -> dict[str, Any]:
    desk = programme.desk
    places = [d.code for d in desk.districts] + [t.code for t in desk.teams]
    start, end = day_start(at.now, desk.zone), next_day(at.now, desk.zone)
    found = owing.around(session, id, places, start=start, end=end, now=at.now)
    by_area: dict[str, list[Item]] = {place: [i for i in found if i.area == place] for place in places}
    areas = [
        _area(books, id, programme, place, items, at)
        for place, items in by_area.items()
        if items or place in desk.coordinators
    ]
    return {
        "id": id,
        "election": programme.election.name,
        "day": indonesian.weekday(indonesian.local_date(at.now, desk.zone)),
        "count": _count(found),
        "late": [report for area in areas for report in area["reports"] if report["late"]],
        "areas": areas,
    }


def _area(books: Books, id: int, programme: Programme, place: str, items: list[Item], at: Who) -> dict[str, Any]:
    return {
        "code": place,
        "name": programme.desk.area_name(place),
        "count": _count(items) if len(items) > 1 else "",
        "reports": [
            views.item(programme, item, at.now)
            | {
                "stands": words.standing(item, at.now),
                "late": item.standing is Standing.OWED and item.due_at < at.now,
                "record": f"{books.base}/sekretariat/catat/{id}/{item.code}"
                if item.standing is Standing.OWED and item.opens_at <= at.now
                else "",
            }
            for item in items
        ],
    }


def _count(items: Iterable[Item]) -> str:
    owed = [item for item in items if item.standing in (Standing.OWED, Standing.RECEIVED)]
    came = sum(item.standing is Standing.RECEIVED for item in owed)
    return f"{indonesian.number(came)} dari {indonesian.number(len(owed))} laporan diterima."


def _text(session: Session, at: Who, id: int, programme: Programme, chosen: str) -> str:
    desk = programme.desk
    teams = [team for team in desk.teams if chosen in (ALL, team.code)]
    to = teams[0].name if chosen and teams else desk.name
    owed = _owed(session, at, id, programme, teams)
    return groupnote.text(to, desk.office(desk.secretariat).title, owed, zone=desk.zone, now=at.now)


def _owed(session: Session, at: Who, id: int, programme: Programme, teams: Iterable[Team]) -> list[Owed]:
    """In the order of the file: district by district, each team's own after its districts."""
    places = [place for team in teams for place in (*team.districts, team.code)]
    found = owing.open_(session, id, places, now=at.now, limit=MOST)
    found.sort(key=lambda item: (places.index(item.area), item.due_at, item.id))
    return [
        Owed(
            area=programme.desk.area_name(item.area),
            code=item.code,
            duty=programme.policy.duty(item.duty).name,
            period=(item.period_start, item.period_end),
            due_at=item.due_at,
            zone=item.zone,
            promised_until=item.promised_until if item.promised_until and item.promised_until > at.now else None,
        )
        for item in found
    ]
