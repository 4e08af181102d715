"""The secretariat's first page: every district today, in the order of the desk's file; and the text for a group."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models.desk import orders
from models.machine import clock
from models.machine.health import pulse
from models.matters import owing, reports, tasks
from models.matters.owing import Item
from models.matters.reports import Report
from models.messages import inbound
from rules import groupnote, indonesian
from rules.desk import Team
from rules.dispatch import day_start, next_day
from rules.filing import Standing
from rules.groupnote import Owed
from rules.ladder import paused
from rules.programme import Programme
from services import restoring
from services.phoning import Telephone
from web import calling, health, pages, views, words
from web.books import Books
from web.coordinator.watching import UNFOLDED
from web.door import who
from web.door.who import Who
from web.guards.refusals import Help, Refusal
from web.recap import because
from web.secretariat import keeping, ordered

ALL = ""
"""Chosen instead of a team: everybody."""


def overview(request: Request) -> Response:
    """What each district owes and has sent today. Its order does not depend on what a district did."""
    books: Books = request.app.state.books
    with books.sessions.begin() as session:
        at = keeping.keeper(books, session, request)
        programmes = [_today(books, session, at, id, p) for id, p in at.programmes.items()]
        kept_back = health.kept_back(pulse(session, now=at.now), trial=books.trial)
        lost = restoring.lost(session, at.programmes.values(), now=at.now)
        strangers = books.hears_strangers(session, {desk.code for desk in at.desks})
        unseen = inbound.count(session, list(at.programmes), waiting=True, strangers=strangers)
        seconds = [ordered.line(books, at, one) for one in orders.for_second(session, at.desk.code)]
        held = clock.marked(session, clock.HOLD)
        waiting = sum(task.programme_id in at.programmes for task in tasks.undone(session))
    return pages.page(
        "secretariat/overview",
        **who.common(books, at),
        programmes=programmes,
        waiting=waiting,
        seconds=seconds,
        held=pages.moment(held[0], at.desk.zone) if held else "",
        unfolded=UNFOLDED,
        unseen=unseen,
        lost=lost,
        kept_back=kept_back,
    )


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
    return pages.page("secretariat/group", **who.common(books, at), teams=teams, chosen=chosen, text="\n".join(texts))


def _today(books: Books, session: Session, at: Who, id: int, programme: Programme) -> dict[str, Any]:
    desk = programme.desk
    places = [d.code for d in desk.districts] + [t.code for t in desk.teams]
    start, end = day_start(at.now, desk.zone), next_day(at.now, desk.zone)
    items = owing.around(session, id, places, start=start, end=end, now=at.now)
    latest = reports.latest(session, [item.id for item in items])
    by_area: dict[str, list[Item]] = {place: [i for i in items if i.area == place] for place in places}
    ours = because.ours(session, at, id, programme, items)
    areas = [
        _area(books, id, programme, place, own, latest, at)
        for place, own in by_area.items()
        if own or place in desk.coordinators
    ]
    lines = calling.beside(session, at, id, programme, [(item.id, item.area) for item in items if item.late(at.now)])
    late = [late for area in areas if (late := _late(area, lines, ours))]
    return {
        "id": id,
        "election": programme.election.name,
        "day": pages.moment(at.now, desk.zone),
        "count": _count(items, programme, at),
        "late": late,
        "late_in_all": _late_in_all(late),
        "areas": areas,
        "idle": indonesian.listed([area["name"] for area in areas if not area["reports"]]),
    }


def _late(area: Mapping[str, Any], lines: Mapping[int, Sequence[Telephone]], ours: Mapping[int, str]) -> dict[str, Any]:
    """What of a place is late, under one name with one telephone: one call asks for all of it. Empty: nothing is.

    Whoever phones knows what was our doing.
    """
    late = [report | {"because": ours.get(report["id"], "")} for report in area["reports"] if report["late"]]
    return {"name": area["name"], "lines": lines.get(late[0]["id"], ()), "reports": late} if late else {}


def _late_in_all(places: Iterable[Mapping[str, Any]]) -> list[str]:
    """How much is late in all, and of it what is our doing; then by duty, in the order in which they fell due."""
    reports = [report for place in places for report in place["reports"]]
    ours = sum(bool(report["because"]) for report in reports)
    duties = Counter(report["duty"] for report in sorted(reports, key=lambda report: report["due_at"]))
    whole = f"{indonesian.number(len(reports))} laporan"
    if ours:
        whole += f", {indonesian.number(ours)} di antaranya bukan karena tim"
    return [f"{whole}.", *(f"{duty}: {indonesian.number(count)}" for duty, count in duties.items())]


def _area(
    books: Books,
    id: int,
    programme: Programme,
    place: str,
    items: list[Item],
    latest: Mapping[int, Report],
    at: Who,
) -> dict[str, Any]:
    return {
        "code": place,
        "name": programme.desk.area_name(place),
        "count": _count(items, programme, at),
        "reports": [
            views.item(programme, item, at.now)
            | {
                "id": item.id,
                "due_at": item.due_at,
                "stands": words.standing(item, at.now, views.content(latest[item.id]) if item.id in latest else ""),
                "late": item.late(at.now),
                "record": f"{books.base}/sekretariat/catat/{id}/{item.code}"
                if item.late(at.now) or (item.standing is Standing.OWED and item.opens_at <= at.now)
                else "",
            }
            for item in items
        ],
    }


def _count(items: Iterable[Item], programme: Programme, at: Who) -> str:
    """What came of what falls due today, as the board counts it; what is owed from other days stands beside it."""
    zone = programme.desk.zone
    start, end = day_start(at.now, zone), next_day(at.now, zone)
    today = [item.standing for item in items if start <= item.due_at < end]
    rest = len([item for item in items if not start <= item.due_at < end])
    came, asked = indonesian.number(today.count(Standing.RECEIVED)), indonesian.number(len(today))
    words = [f"{came} dari {asked} laporan diterima" if today else "Hari ini tidak ada laporan"]
    if waived := today.count(Standing.WAIVED):
        words.append(f"{indonesian.number(waived)} dibebaskan")
    if rest:
        words.append(f"{indonesian.number(rest)} dari hari lain masih ditunggu")
    return f"{'; '.join(words)}."


def _text(session: Session, at: Who, id: int, programme: Programme, chosen: str) -> str:
    desk = programme.desk
    teams = [team for team in desk.teams if chosen in (ALL, team.code)]
    to = teams[0].name if chosen and teams else desk.name
    owed = _owed(session, at, id, programme, teams)
    several = sum(p.desk.code == desk.code for p in at.programmes.values()) > 1
    election = programme.election.name if several else ""
    return groupnote.text(to, desk.help, owed, zone=desk.zone, now=at.now, election=election)


def _owed(session: Session, at: Who, id: int, programme: Programme, teams: Iterable[Team]) -> list[Owed]:
    """In the order of the file: district by district, each team's own after its districts."""
    places = [place for team in teams for place in (*team.districts, team.code)]
    items = owing.open_(session, id, places, now=at.now)
    items.sort(key=lambda item: (places.index(item.area), item.due_at, item.id))
    return [
        Owed(
            area=programme.desk.area_name(item.area),
            code=item.code,
            duty=programme.policy.duty(item.duty, item.key).name,
            period=(item.period_start, item.period_end),
            due_at=item.judged_by,
            zone=item.zone,
            promised_until=paused(at.now, item.promised_until),
        )
        for item in items
    ]
