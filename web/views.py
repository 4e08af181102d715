"""What pages show of a report: facts put into words, and no more of them than the reader may see."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from models.owing import Item
from models.reports import Report
from rules import forms, indonesian
from rules.filing import Content
from rules.forms import CONDITIONS, FILES, PARTS, REMARKS, Condition, Filled, Form
from rules.programme import Programme
from web import pages, words

AT_ONCE = timedelta(minutes=5)
"""So long may sending take before it is worth telling that a report was filled in earlier."""


def item(programme: Programme, found: Item, now: datetime, *, version: int = 0) -> dict[str, Any]:
    """A report as lists and forms name it. `version`: how many the reader knows of."""
    duty = programme.policy.duty(found.duty)
    return {
        "code": found.code,
        "duty": duty.name,
        "area": programme.desk.area_name(found.area),
        "period": indonesian.period(found.period_start, found.period_end),
        "due": pages.moment(found.due_at, found.zone),
        "state": words.state(found, now),
        "nil": duty.nil and found.returned_until is None,
        "returned": found.returned_until is not None,
        "version": version,
    }


def ahead(found: Item, now: datetime) -> bool:
    """Whether nothing is to be said of it but when it falls due."""
    return now < found.due_at and found.promised_until is None and found.returned_until is None


def form(own: Form, given: Mapping[str, str], filled: Filled | None) -> dict[str, Any]:
    """A form to fill in, with what was typed already and what is wrong with it."""
    flaws = {name: words.FAULTS[fault] for name, fault in filled.flaws.items()} if filled else {}
    doubts = {name: words.DOUBTS[doubt] for name, doubt in filled.doubts.items()} if filled else {}
    labels = {f"n.{figure.code}": figure.name for figure in own.figures()}
    labels |= {f"{kind}.{i.code}": i.name for kind in "ckf" for i in own.indicators}
    labels |= {FILES: "Lampiran"}
    return {
        "form": own,
        "given": given,
        "flaws": flaws,
        "doubts": doubts,
        "labels": labels | {part.value: name for part, name in PARTS.items()} | {REMARKS: "Penjelasan"},
        "conditions": {condition.value: name for condition, name in CONDITIONS.items()},
        "parts": {part.value: name for part, name in PARTS.items()},
    }


def receipt(programme: Programme, found: Item, report: Report, now: datetime) -> dict[str, Any]:
    """What a receipt says was received: that it came, from whom, and how it looks in numbers; not what it tells."""
    looked_at = report.body.get("indicators")
    conditions = [own.get("condition") for own in looked_at.values()] if isinstance(looked_at, dict) else []
    counted = [(name, conditions.count(condition.value)) for condition, name in forms.CONDITIONS.items()]
    return {
        "desk": programme.desk.name,
        "number": report.number,
        "received": pages.moment(report.received_at, found.zone),
        "item": item(programme, found, now),
        "office": report.title,
        "via": words.VIAS[report.via],
        "content": words.CONTENTS[report.content],
        "nil": report.content is Content.NIL,
        "version": report.version,
        "conditions": [(name, count) for name, count in counted if count and name != CONDITIONS[Condition.UNSEEN]],
        "observed": _filled_at(report, found.zone),
        "files": _files(report.body),
        "digest": report.digest[:16],
        "secretariat": secretariat(programme),
    }


def _filled_at(report: Report, zone: str) -> str:
    """When it was filled in, where that is clearly another time than when it came."""
    at = report.observed_at
    return pages.moment(at, zone) if at and abs(report.received_at - at) >= AT_ONCE else ""


def _files(body: Mapping[str, Any]) -> int:
    """How many photos and files a report came with."""
    looked_at = body.get("indicators")
    own = [i.get("photos", []) for i in looked_at.values()] if isinstance(looked_at, dict) else []
    return sum(map(len, [*own, body.get(FILES, [])]))


def secretariat(programme: Programme) -> str:
    return programme.desk.office(programme.desk.secretariat).title
