"""What pages show of a report: facts put into words, and only those that the reader may see."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from markupsafe import Markup, escape

from models.matters.owing import Item
from models.matters.reports import Report
from rules import forms, indonesian, people, troubles
from rules.desk import Desk
from rules.filing import Content, Standing
from rules.forms import CONDITIONS, FILES, PARTS, REMARKS, Condition, Filled, Form
from rules.incidents import Place
from rules.policy import Severity
from rules.programme import Programme
from web import pages, words

AT_ONCE = timedelta(minutes=5)
"""If sending took longer than this, the receipt says that the report was filled in earlier."""


def item(programme: Programme, owed: Item, now: datetime, *, version: int = 0) -> dict[str, Any]:
    """A report as lists and forms name it. `version`: how many the reader knows of."""
    duty = programme.policy.duty(owed.duty, owed.key)
    return {
        "code": owed.code,
        "duty": duty.name,
        "area": programme.desk.area_name(owed.area),
        "period": indonesian.period(owed.period_start, owed.period_end),
        "due": pages.moment(owed.due_at, owed.zone),
        "state": words.state(owed, now),
        "nil": duty.nil and owed.returned_until is None,
        "checklist": duty.support is not None,
        "returned": owed.returned_until is not None,
        "version": version,
        "seen": owed.versions,
        "corrects": owed.standing is Standing.RECEIVED,
    }


def ahead(owed: Item, now: datetime) -> bool:
    """Whether only its due time is worth saying."""
    return now < owed.due_at and owed.promised_until is None and owed.returned_until is None


def form(
    own: Form, given: Mapping[str, str], filled: Filled | None, villages: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """A form to fill in, with what was typed already and what is wrong with it.

    Args:
        villages: those that a problem may lie in, by code.
    """
    flaws = {name: words.FAULTS[fault] for name, fault in filled.flaws.items()} if filled else {}
    doubts = {name: words.DOUBTS[doubt] for name, doubt in filled.doubts.items()} if filled else {}
    labels = {f"n.{figure.code}": figure.name for figure in own.figures()}
    labels |= {f"{kind}.{i.code}": i.name for kind in f"ckfp{forms.DETAILS}" for i in own.indicators}
    labels |= {FILES: "Lampiran", "untuk": "Wilayah lain"}
    return {
        "form": own,
        "given": given,
        "flaws": flaws,
        "doubts": doubts,
        "labels": labels | {part.value: name for part, name in PARTS.items()} | {REMARKS: "Penjelasan"},
        "villages": villages,
        "severities_from": _SEVERITIES_FROM,
        "conditions": {choice.value: CONDITIONS[choice] for choice in own.choices},
        "parts": {} if own.checklist else {part.value: name for part, name in PARTS.items()},
    }


_SEVERITIES_FROM = {
    least: {s.value: words.SEVERITIES[s] for s in list(Severity)[list(Severity).index(least) :]} for least in Severity
}
"""By the least that a form asks for, what whoever reports may choose."""


def place(programme: Programme, area: str, now: datetime) -> Place:
    """What can be said of a report's area: its villages, no time that is ahead, no more than there are."""
    desk, district = programme.desk, people.district(programme.desk, area)
    return Place(desk.villages_of(district), desk.zone_of(area), now, desk.counts(programme.election.code, area))


def receipt(programme: Programme, owed: Item, report: Report, now: datetime) -> dict[str, Any]:
    """The facts of a receipt: that a report came, from whom, and how it looks in numbers; not what it says."""
    conditions = [own.get("condition") for own in forms.looked_at(report.body).values()]
    counted = [(name, conditions.count(condition.value)) for condition, name in forms.CONDITIONS.items()]
    return {
        "desk": programme.desk.name,
        "number": report.number,
        "received": pages.moment(report.received_at, owed.zone),
        "item": item(programme, owed, now),
        "office": report.title,
        "via": words.VIAS[report.via],
        "content": words.CONTENTS[report.content],
        "nil": report.content is Content.NIL,
        "version": report.version,
        "withdrawn": report.content is Content.WITHDRAWN,
        "conditions": [(name, count) for name, count in counted if count and name != CONDITIONS[Condition.UNSEEN]],
        "observed": _filled_at(report, owed.zone),
        "files": _files(report.body),
        "digest": report.digest[:16],
        "secretariat": secretariat(programme.desk),
    }


def _filled_at(report: Report, zone: str) -> str:
    """When it was filled in, if that is clearly not when it came."""
    at = report.observed_at
    return pages.moment(at, zone) if at and abs(report.received_at - at) >= AT_ONCE else ""


def _files(body: Mapping[str, Any]) -> int:
    """How many photos and files a report came with."""
    named = [*(own.get("photos") for own in forms.looked_at(body).values()), body.get(FILES)]
    return sum(len(own) for own in named if isinstance(own, list))


def content(report: Report) -> str:
    """What came in, in a few words: `nihil`, `terisi; bermasalah: 2 hal`."""
    said = [troubles.said(report.body, code).condition for code in forms.looked_at(report.body)]
    counted = [(condition, said.count(condition)) for condition in _WRONG_FIRST]
    wrong = [f"{CONDITIONS[condition].lower()}: {indonesian.number(n)} hal" for condition, n in counted if n]
    return "; ".join([words.SHORT[report.content], *wrong])


_WRONG_FIRST = (Condition.TROUBLED, Condition.ATTENTION, Condition.NOT_READY, Condition.PARTLY)

OPERATOR = "pengelola sistem"
"""Whom the secretariat asks."""


def secretariat(desk: Desk, asking: str = "") -> str:
    """Whom to ask for help, with numbers to tap; `asking` is an office, and the secretariat does not ask itself."""
    if asking == desk.secretariat:
        return OPERATOR
    line, ways = desk.hotline, []
    if line.phone:
        ways.append(Markup('telepon <a href="tel:{}">{}</a>').format(line.phone, indonesian.telephone(line.phone)))
    if line.whatsapp:
        address = line.whatsapp.removeprefix("+")
        shown = indonesian.telephone(line.whatsapp)
        ways.append(Markup('WhatsApp <a href="https://wa.me/{}">{}</a>').format(address, shown))
    title = escape(desk.office(desk.secretariat).title)
    return Markup(", ").join([title, Markup(" atau ").join(ways)] if ways else [title])


def became(closed: bool, why: str, *, report: bool) -> str:
    """How a report or a problem stands after somebody decided about it."""
    if not closed:
        return "Masih ditunggu." if report else "Belum selesai."
    if not report:
        return "Selesai."
    return {"received": "Sudah diterima.", "waived": "Dibebaskan."}.get(why, "Tidak ditunggu lagi.")
