"""What programs read: the same figures as the pages, from the same functions.

Never a contact, a note that somebody wrote into a report, or a restricted problem.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request

import rules.recap
from models.matters import owing, register, submissions
from models.matters.owing import Item
from models.matters.register import Entry, Scope, Wanted
from models.matters.submissions import Listed
from rules import access, life, typed
from rules.indonesian import local_date
from rules.recap import Counts, Line, Period, Span, Split
from rules.situation import Cell
from rules.typed import Mistyped
from services import recap, situation
from web.api.answers import PATH, Caller, Denied, instant
from web.recap.recap import FIGURES

LONGEST = timedelta(days=400)
"""Of a recap: a year with its edges. A whole election is asked for in parts."""
DAYS = 60
"""At most so many days ahead are told of what is owed."""
SPLITS = {"area": Split.AREA, "team": Split.TEAM, "duty": Split.DUTY, "level": Split.LEVEL}
MOST = 200
"""Problems, or reports to the Government, in one answer."""
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
NOBODY = 0
"""The office that a program is: none has this number."""


def index(_: Request, caller: Caller) -> Mapping[str, Any]:
    """The programmes of the token's desk, and what the token opens."""
    own = [
        {
            "id": id,
            "code": programme.code,
            "desk": programme.desk.code,
            "election": programme.election.name,
            "zone": programme.desk.zone,
            "areas": {place: programme.desk.area_name(place) for place in access.places(programme.desk)},
            "read": {name: f"{PATH}/programmes/{id}/{name}" for name in sorted(caller.scopes)},
        }
        for id, programme in caller.programmes.items()
    ]
    return {"programmes": own}


def owed(request: Request, caller: Caller) -> Mapping[str, Any]:
    """What is overdue, due within some days, or to be improved."""
    id, programme = caller.programme(request)
    ahead = timedelta(days=_whole(request, "days", usual=2, most=DAYS))
    items = owing.soon(caller.session, id, access.places(programme.desk), until=caller.now + ahead)
    return {
        "programme": programme.code,
        "until": instant(caller.now + ahead),
        "owed": [_item(i, caller) for i in items],
    }


def _item(item: Item, caller: Caller) -> dict[str, Any]:
    return {
        "code": item.code,
        "key": item.key,
        "area": item.area,
        "duty": item.duty,
        "period": [item.period_start.isoformat(), item.period_end.isoformat()],
        "opens_at": instant(item.opens_at),
        "due_at": instant(item.due_at),
        "extended_until": instant(item.extended_until),
        "returned_until": instant(item.returned_until),
        "late": item.late(caller.now),
    }


def counted(request: Request, caller: Caller) -> Mapping[str, Any]:
    """The recap of a period: this week by district where nothing else is asked."""
    id, programme = caller.programme(request)
    today = local_date(caller.now, programme.desk.zone)
    usual = rules.recap.spanned(Span.WEEK, today, programme.election.starts)
    first, last = _day(request, "from") or usual.first, _day(request, "to") or usual.last
    if last < first:
        raise Denied(422, "to comes before from")
    if last - first > LONGEST:
        raise Denied(422, "the period is too long", f"Ask for at most {LONGEST.days} days at a time")
    by = _one_of(request, "by", tuple(SPLITS))
    areas = access.places(programme.desk)
    rows = recap.rows(caller.session, id, programme, Period(first, last), areas=areas, now=caller.now)
    parts = rules.recap.recap(rows, programme, SPLITS[by], areas, now=caller.now)
    return {
        "programme": programme.code,
        "period": [first.isoformat(), last.isoformat()],
        "by": by,
        "parts": [_line(line) for line in parts],
        "whole": _figures(rules.recap.count(rows, now=caller.now)),
    }


def _line(line: Line) -> dict[str, Any]:
    return {"code": line.code, "name": line.name, "figures": _figures(line.counts)}


def _figures(counts: Counts) -> dict[str, int]:
    return {name: counts.of(name) for name in FIGURES}


def looked(request: Request, caller: Caller) -> Mapping[str, Any]:
    """By district and group of indicators, how it stands and how old that is; and the numbers that reports gave."""
    id, programme = caller.programme(request)
    areas = [district.code for district in programme.desk.districts]
    forms = caller.books.forms
    cells = situation.look(caller.session, id, programme, forms, areas, now=caller.now)
    named = {code: group.name for code, group in situation.groups(programme, forms).items()}
    return {"programme": programme.code, "groups": named, "cells": [_cell(cell) for cell in cells.values()]}


def _cell(cell: Cell) -> dict[str, Any]:
    numbers = {code: {"count": own.count, "tells_of": instant(own.tells_of)} for code, own in cell.numbers.items()}
    at = cell.newest.tells_of if cell.newest else None
    return {
        "area": cell.area,
        "group": cell.group,
        "shown": cell.shown,
        "tells_of": instant(at),
        "stale": cell.stale,
        "numbers": numbers,
    }


def problems(request: Request, caller: Caller) -> Mapping[str, Any]:
    """The problems that everybody at the desk may read of, the open and grave first."""
    id, programme = caller.programme(request)
    start = _whole(request, "start", usual=0, most=1_000_000)
    wanted = Wanted(open=_one_of(request, "open", ("true", "false")) == "true")
    scopes = [Scope(id, access.places(programme.desk), (), NOBODY)]
    total = register.count(caller.session, scopes, wanted, now=caller.now)
    some = register.entries(caller.session, scopes, wanted, start=start, most=MOST, now=caller.now)
    return {
        "programme": programme.code,
        "total": total,
        "start": start,
        "problems": [_problem(entry, caller) for entry in some],
    }


def _problem(entry: Entry, caller: Caller) -> dict[str, Any]:
    matter, issue, _ = entry
    return {
        "code": matter.code,
        "area": matter.area,
        "village": issue.village or None,
        "station": issue.station or None,
        "category": issue.category,
        "severity": issue.severity,
        "stage": life.stage(issue, matter.acknowledged_until, now=caller.now),
        "title": issue.title,
        "affected": issue.affected,
        "opened_at": instant(issue.opened_at),
        "due_at": instant(issue.due_at),
        "resolved_at": instant(issue.resolved_at),
    }


def sent(request: Request, caller: Caller) -> Mapping[str, Any]:
    """The desk's reports to the Government, the latest due first: how far each is, and the digest of its facts."""
    id, programme = caller.programme(request)
    rows = submissions.listed(caller.session, [id], limit=MOST)
    return {"programme": programme.code, "submissions": [_submission(own) for own in rows]}


def _submission(own: Listed) -> dict[str, Any]:
    submission, obligation, matter = own
    return {
        "code": matter.code,
        "key": matter.key,
        "duty": obligation.duty,
        "period": [obligation.period_start.isoformat(), obligation.period_end.isoformat()],
        "version": submission.version,
        "state": submission.state,
        "cut_off_at": instant(submission.cut_off_at),
        "due_at": instant(obligation.due_at),
        "facts_digest": submission.facts_digest,
    }


def _whole(request: Request, name: str, *, usual: int, most: int) -> int:
    text = request.query_params.get(name, str(usual))
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) > most:
        raise Denied(422, f"{name} is not a whole number", f"Write 0 to {most}")
    return int(text)


def _one_of(request: Request, name: str, words: Sequence[str]) -> str:
    """The word that was asked for, by default the first."""
    word = request.query_params.get(name, words[0])
    if word not in words:
        raise Denied(422, f"{name} is none of them", f"Write one of {', '.join(words)}")
    return word


def _day(request: Request, name: str) -> date | None:
    """None: the address does not say."""
    if (text := request.query_params.get(name)) is None:
        return None
    try:
        return typed.day(text if _ISO_DAY.fullmatch(text) else "?")
    except Mistyped:
        raise Denied(422, f"{name} is not a day", "Write it as 2024-02-14") from None
