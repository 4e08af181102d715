"""An advice that somebody signed in may read, put into words."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request

from models.matters import advice
from models.matters.advice import Given
from rules import advice as rule
from rules.advice import Answer, Sort, Stage
from rules.programme import Programme
from services.advice import OPEN
from web import pages
from web.books import Books
from web.door.who import Who
from web.guards.refusals import Help, Refusal

_CODE = re.compile(r"A-[0-9]{1,9}(-[0-9]{1,3})?")

STAGES = {
    Stage.GIVEN: "Menunggu konfirmasi",
    Stage.CONFIRMED: "Sudah diterima, menunggu pelaksanaan",
    Stage.DONE: "Sudah dilaporkan selesai, menunggu penutupan",
    Stage.CLOSED: "Ditutup",
    Stage.DECLINED: "Berhalangan",
    Stage.WITHDRAWN: "Ditarik kembali",
    Stage.OVER: "Rapat sudah lewat",
}
ANSWERS = {
    Answer.NONE: "Belum dijawab",
    Answer.ATTENDS: "Hadir",
    Answer.DEPUTY: "Diwakili",
    Answer.ABSENT: "Berhalangan",
}


def look(books: Books, session: Session, request: Request, at: Who) -> Given:
    """The advice in the address. Raises: Refusal: there is none, or the office may not read it; both look alike."""
    number, code = request.path_params["programme"], request.path_params["code"]
    known = number in at.programmes and _CODE.fullmatch(code)
    given = advice.by_code(session, number, code) if known else None
    if given is None or not reads(at, given):
        raise Refusal(Help.NOT_ALLOWED, back=f"{books.base}/beranda")
    return given


def reads(at: Who, given: Given) -> bool:
    """Whether whoever is signed in may read it. Nobody reads advice about a problem that is about himself."""
    if given.matter.subject_id == at.office_id:
        return False
    desk = at.programmes[given.matter.programme_id].desk
    parties = {"giver": given.giver.code, "owner": given.owner.code}
    return rule.reads(desk, at.code, **parties, area=given.matter.area, restricted=given.restricted)


def line(at: Who, given: Given) -> dict[str, Any]:
    """One advice in a list, and on its own page."""
    return said(at.programmes[given.matter.programme_id], given, at.now, own=given.owner.id == at.office_id)


def said(programme: Programme, given: Given, now: datetime, *, own: bool) -> dict[str, Any]:
    """The same for any reader. `own`: he has it."""
    matter, charge, advised = given.matter, given.charge, given.advice
    zone = programme.desk.zone_of(matter.area)
    meeting = advised.sort is Sort.MEETING
    late = given.stage in OPEN and not meeting and charge.due_at < now
    return {
        "code": matter.code,
        "path": f"/saran/{matter.programme_id}/{matter.code}",
        "sort": rule.TITLES[advised.sort],
        "text": advised.text,
        "giver": given.giver.title,
        "owner": given.owner.title,
        "about": given.about or (programme.desk.area_name(matter.area) if matter.area else ""),
        "given": pages.short_moment(advised.given_at, zone),
        "due": pages.short_moment(charge.due_at, zone),
        "ends": pages.short_moment(advised.ends_at, zone) if advised.ends_at else "",
        "place": advised.place,
        "meeting": meeting,
        "late": late,
        "state": _state(given),
        "asked": charge.asked if given.stage in OPEN else "",
        "outcome": charge.outcome,
        "attended": charge.attended,
        "waits": given.stage is Stage.GIVEN,
        "open": given.stage in OPEN,
        "own": own,
    }


def _state(given: Given) -> str:
    if given.advice.sort is Sort.MEETING and given.stage is not Stage.WITHDRAWN:
        said = ANSWERS[given.charge.answer] + (f" oleh {given.charge.deputy}" if given.charge.deputy else "")
        held = {True: ". Tercatat hadir", False: ". Tercatat tidak hadir", None: ""}[given.charge.attended]
        return said + held
    return STAGES[given.stage]
