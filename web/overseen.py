"""What a coordinator reads of reports, problems and decisions: facts put into words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models.attachments import Attachment
from models.changes import Change, Way
from models.issues import IssueEvent, Step
from models.overseeing import Problem, Telling
from models.owing import Item
from models.reports import Report
from rules.attachments import Kind
from rules.desk import Channel
from rules.filing import Standing, Timeliness, timeliness
from rules.forms import CONDITIONS, PARTS, REMARKS, Condition, Form
from rules.issues import CATEGORIES, SEVERITIES
from rules.ladder import Say
from rules.programme import Programme
from web import pages, views, words

CHANNELS = {Channel.EMAIL: "surel", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}
KINDS = {Kind.JPEG: "foto", Kind.PDF: "PDF"}
SAID = {
    Say.RECEIVED: "tanda terima",
    Say.REMINDER: "pengingat",
    Say.AMENDED: "perubahan batas waktu",
    Say.DROPPED: "tidak diperlukan lagi",
    Say.RETURNED: "perlu perbaikan",
    Say.DUE: "batas waktu tiba",
    Say.OVERDUE: "belum kami terima",
    Say.WARNING: "pemberitahuan sebelum diteruskan",
    Say.ESCALATION: "penerusan",
    Say.PROBLEM: "permasalahan",
    Say.NOBODY: "belum ada yang dapat dihubungi",
}
DECIDED = {
    "filed": "Laporan dikirim",
    "recorded": "Laporan dicatat oleh sekretariat",
    "promised": "Waktu diminta",
    "not_mine": "Dinyatakan bukan tugasnya",
    "acknowledged": "Diambil alih",
    "extended": "Batas waktu diperpanjang",
    "paused": "Diberi waktu; batas waktu tetap",
    "waived": "Dibebaskan",
    "returned": "Dikembalikan untuk diperbaiki",
    "accepted": "Diterima apa adanya",
    "moved": "Batas waktu berubah karena perubahan jadwal",
    "adjusted": "Disesuaikan karena perubahan jadwal",
    "cancelled": "Dibatalkan karena perubahan jadwal",
    "made": "Ditambahkan karena perubahan jadwal",
    "recommended": "Saran dicatat",
    "followed_up": "Tindak lanjut dicatat",
    "resolved": "Dinyatakan selesai",
}
WAYS = {Way.LINK: "tautan", Way.SESSION: "halaman desk", Way.COMMAND: "sekretariat"}
STEPS = {
    Step.OPENED: "Dicatat",
    Step.ACKNOWLEDGED: "Diambil alih",
    Step.RECOMMENDED: "Saran penyelesaian",
    Step.FOLLOWED_UP: "Tindak lanjut",
    Step.RESOLVED: "Selesai",
}
JUDGED = {Timeliness.ON_TIME: "tepat waktu", Timeliness.LATE: "lewat batas waktu"}


def item(programme: Programme, found: Item, now: datetime, told: Sequence[Telling]) -> dict[str, Any]:
    """A report in a list: where it stands, and who was told last."""
    return views.item(programme, found, now) | {
        "ahead": not told and views.ahead(found, now),
        "due_short": pages.short_moment(found.due_at, found.zone),
        "heard": _heard(told),
        "taken": _taken(found.acknowledged_until, found.zone, now),
        "told": _last([telling for telling in told if not telling.audience.above_team], found.zone),
    }


def problem(programme: Programme, found: Problem, now: datetime, told: Sequence[Telling]) -> dict[str, Any]:
    """A problem in a list, and on its own page."""
    matter, issue = found
    zone = programme.desk.zone_of(matter.area)
    return {
        "code": matter.code,
        "area": programme.desk.area_name(matter.area),
        "what": CATEGORIES[issue.category],
        "severity": SEVERITIES[issue.severity],
        "title": issue.title,
        "detail": issue.detail,
        "opened": pages.moment(issue.opened_at, zone),
        "outcome": issue.outcome,
        "state": "Belum selesai.",
        "heard": _heard(told),
        "taken": _taken(matter.acknowledged_until, zone, now),
        "told": _last(told, zone),
    }


def standing(found: Item, reason: str, now: datetime) -> str:
    """Where a report stands, in a sentence."""
    if found.standing is Standing.WAIVED:
        return f"Dibebaskan: {reason}"
    if found.standing is Standing.CANCELLED:
        return "Dibatalkan."
    if found.standing is Standing.OWED or found.returned_until is not None:
        return words.state(found, now)
    judged = timeliness(found.standing, found.due_at, found.received_at, extended_until=found.extended_until, now=now)
    came = pages.moment(found.received_at, found.zone) if found.received_at else ""
    return f"Diterima {came}, {JUDGED[judged or Timeliness.ON_TIME]}."


def version(report: Report, files: Sequence[Attachment], form: Form, zone: str) -> dict[str, Any]:
    """A filed report as it is read: who, when, how, and what it tells."""
    return {
        "number": report.number,
        "version": report.version,
        "office": report.title,
        "via": words.VIAS[report.via],
        "received": pages.moment(report.received_at, zone),
        "content": words.CONTENTS[report.content],
        "rows": _told(report.body, form),
        "files": [(file.number, KINDS[file.kind]) for file in files],
    }


def _told(body: dict[str, Any], form: Form) -> list[tuple[str, str]]:
    """What a report tells, heading by heading; whatever was filed otherwise is told as it came."""
    names = {own.code: own.name for own in form.indicators}
    figures = {figure.code: figure.name for figure in form.figures()}
    rows: list[tuple[str, str]] = []
    looked_at = body.get("indicators")
    for code, own in looked_at.items() if isinstance(looked_at, dict) else ():
        numbers = [f"{figures.get(name, name)}: {count}" for name, count in own.get("numbers", {}).items()]
        photos = [f"{len(own['photos'])} foto"] if own.get("photos") else []
        said = [_condition(own), *numbers, *([own["note"]] if own.get("note") else []), *photos]
        rows.append((str(names.get(code, code)), "\n".join(said)))
    headings: dict[str, str] = {part.value: name for part, name in PARTS.items()} | {
        REMARKS: "Penjelasan",
        "note": "Keterangan",
    }
    rows += [(name, str(body[key])) for key, name in headings.items() if body.get(key)]
    return rows


def _condition(own: dict[str, Any]) -> str:
    word = own.get("condition")
    return CONDITIONS[Condition(word)] if word in list(Condition) else ""


def told(telling: Telling, zone: str) -> str:
    """`Rabu 7/2, 16.00 WITA: Camat Tamban, SMS (belum kami terima)`."""
    said = SAID.get(telling.say, telling.say)
    return f"{pages.short_moment(telling.at, zone)}: {_to(telling)} ({said}){_twice(telling)}"


def changed(change: Change, zone: str) -> dict[str, str]:
    """A decision: what, by whom, by which way, when, until when, why."""
    return {
        "what": DECIDED.get(change.what, change.what),
        "until": pages.short_moment(change.until, zone) if change.until else "",
        "by": change.title,
        "way": WAYS[change.way],
        "at": pages.short_moment(change.at, zone),
        "text": change.text,
    }


def step(event: IssueEvent, title: str, zone: str) -> dict[str, str]:
    """What was done about a problem."""
    return {"what": STEPS[event.step], "by": title, "at": pages.short_moment(event.at, zone), "text": event.text}


def _taken(until: datetime | None, zone: str, now: datetime) -> str:
    return f"Diambil alih sampai {pages.short_moment(until, zone)}." if until is not None and now < until else ""


def _heard(tellings: Sequence[Telling]) -> set[str]:
    """The offices above the team that were told."""
    return {telling.office for telling in tellings if telling.audience.above_team}


def _last(tellings: Sequence[Telling], zone: str) -> str:
    if not tellings:
        return "Belum ada yang diberi tahu."
    return (
        f"Terakhir diingatkan {pages.short_moment(tellings[-1].at, zone)}: {_to(tellings[-1])}{_twice(tellings[-1])}."
    )


def _twice(telling: Telling) -> str:
    return ", mungkin diterima dua kali" if telling.possibly_doubled else ""


def _to(telling: Telling) -> str:
    ways = {channel.value: name for channel, name in CHANNELS.items()}
    return f"{telling.office}, {ways.get(telling.channel, telling.channel)}"
