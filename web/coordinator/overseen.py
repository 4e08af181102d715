"""What a coordinator reads of reports, problems and decisions: facts put into words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from models.desk.changes import Change, Readings, Way
from models.matters.attachments import Attachment, Enclosure, ReplyFile
from models.matters.issues import Issue, IssueEvent, Step
from models.matters.matters import Matter
from models.matters.overseeing import Problem, Telling
from models.matters.owing import Item
from models.matters.reports import Report
from rules import forms, indonesian, life
from rules.attachments import Kind
from rules.desk import Channel
from rules.filing import Standing, Timeliness, timeliness
from rules.forms import CONDITIONS, PARTS, REMARKS, Form
from rules.issues import CATEGORIES, SEVERITIES
from rules.ladder import Say, paused
from rules.life import Stage
from rules.programme import Programme
from web import pages, views, words

CHANNELS = {Channel.EMAIL: "surel", Channel.SMS: "SMS", Channel.WHATSAPP: "WhatsApp"}
KINDS = {
    Kind.JPEG: "foto",
    Kind.PDF: "PDF",
    Kind.DOCX: "Word",
    Kind.XLSX: "Excel",
    Kind.VOICE: "rekaman suara",
}
SAID = {
    Say.RECEIVED: "tanda terima",
    Say.RESOLVED: "permintaan konfirmasi",
    Say.ROLL_CALL: "apel kontak",
    Say.AIDE: "permintaan isian desa",
    Say.SURE: "nihil, mohon dipastikan",
    Say.DECLARED: "disampaikan kantor lain",
    Say.REMINDER: "pengingat",
    Say.AMENDED: "perubahan batas waktu",
    Say.WAIVED: "pembebasan",
    Say.EXTENDED: "perpanjangan",
    Say.REVOKED: "pencabutan pembebasan atau perpanjangan",
    Say.LOST: "mohon dikirim ulang",
    Say.DROPPED: "tidak diperlukan lagi",
    Say.RETURNED: "perlu perbaikan",
    Say.APPROVAL: "menunggu persetujuan",
    Say.APPROVED: "sudah disetujui",
    Say.SENT_BACK: "dikembalikan sebelum disetujui",
    Say.DUE: "batas waktu tiba",
    Say.OVERDUE: "belum kami terima",
    Say.WARNING: "pemberitahuan sebelum diteruskan",
    Say.ESCALATION: "penerusan",
    Say.PROBLEM: "permasalahan",
    Say.TASK: "tugas sekretariat",
    Say.TRIP: "menanyakan hasil kunjungan lapangan",
    Say.ADVICE: "saran, arahan, atau undangan",
    Say.WITHDRAWN: "ditarik kembali",
    Say.NOBODY: "belum ada yang dapat dihubungi",
    Say.SUMMARY: "ringkasan hari itu",
    Say.GATE: "kesiapan sebelum mulai",
    Say.SUBMISSION: "laporan kepada Pemerintah",
    Say.SILENCE: "kemungkinan gangguan jaringan",
}
DECIDED: Mapping[str, str] = {
    "filed": "Laporan dikirim",
    "sure": "Nihil dipastikan oleh pelapor",
    "recorded": "Laporan dicatat oleh sekretariat",
    "taken back": "Nihil ditarik kembali",
    "promised": "Waktu diminta",
    "not_mine": "Dinyatakan bukan tugasnya",
    "acknowledged": "Ditindaklanjuti",
    "extended": "Batas waktu diperpanjang",
    "paused": "Ditunggu tanpa mengubah batas waktu",
    "waived": "Dibebaskan",
    "revoked": "Pembebasan atau perpanjangan dicabut",
    "returned": "Dikembalikan untuk diperbaiki",
    "accepted": "Diterima apa adanya",
    "moved": "Batas waktu berubah karena perubahan jadwal",
    "adjusted": "Disesuaikan karena perubahan jadwal",
    "report handed in": "Persetujuan dimintakan",
    "report agreed": "Disetujui, diteruskan kepada yang berikut",
    "report approved": "Disetujui",
    "report released": "Batas waktu tiba: boleh dikirim tanpa persetujuan",
    "report sent back": "Dikembalikan sebelum disetujui",
    "cancelled": "Dibatalkan karena perubahan jadwal",
    "made": "Ditambahkan karena perubahan jadwal",
    "given": "Diberikan",
    "confirmed": "Diterima",
    "attends": "Dijawab: hadir",
    "deputy": "Dijawab: diwakili",
    "absent": "Dijawab: berhalangan",
    "done": "Dilaporkan selesai",
    "closed": "Ditutup",
    "sent back": "Diminta dilengkapi",
    "withdrawn": "Ditarik kembali",
    "rescheduled": "Waktu atau tempat diubah",
    "attended": "Dicatat hadir",
    "missed": "Dicatat tidak hadir",
    "evaluated": "Evaluasi tim ditulis",
    "minutes written": "Notulen ditulis",
    "trip planned": "Kunjungan direncanakan",
    "trip told": "Hasil kunjungan dicatat",
    "called off": "Kunjungan dibatalkan",
}
REVOKED_UNTIL = "Pembebasan atau perpanjangan dicabut; laporan ditunggu"
"""Where a time follows: it is not revoked until then."""
WAYS = {
    Way.LINK: "tautan",
    Way.SESSION: "halaman desk",
    Way.COMMAND: "sekretariat",
    Way.PHONE: "telepon",
    Way.REPLY: "balasan pesan",
    Way.SYSTEM: "sistem",
}
STEPS: Mapping[str, str] = {
    Step.OPENED: "Dicatat",
    Step.ACKNOWLEDGED: "Ditindaklanjuti",
    Step.RECOMMENDED: "Saran penyelesaian",
    Step.FOLLOWED_UP: "Tindak lanjut",
    Step.RESOLVED: "Selesai",
    Step.REPORTED: "Keterangan baru dari laporan",
    Step.WITHDRAWN: "Ralat laporan tidak menyebutnya lagi",
    Step.ESCALATED: "Diingatkan dari awal karena memburuk",
    Step.HANDED_ON: "Diteruskan ke kantor lain",
    Step.POSTPONED: "Ditunda",
    Step.DUE_SET: "Langkah berikut ditentukan",
    Step.GRADED: "Tingkat kerawanan diubah",
    Step.CONFIRMED: "Dikonfirmasi selesai",
    Step.REOPENED: "Dibuka kembali",
    Step.MERGED: "Digabung ke permasalahan lain",
    Step.JOINED: "Permasalahan lain digabung ke sini",
    Step.PARTED: "Dipisahkan kembali",
    Step.TAKEN_BACK: "Laporan lain tidak menyebutnya lagi",
    Step.RESTRICTED: "Dijadikan terbatas",
    Step.UNRESTRICTED: "Tidak lagi terbatas",
}
STAGES = {
    Stage.OPEN: "Belum selesai.",
    Stage.TAKEN_ON: "Ditindaklanjuti sampai {until}.",
    Stage.POSTPONED: "Ditunda sampai {until}.",
    Stage.RESOLVED: "Dinyatakan selesai, menunggu konfirmasi: {outcome}",
    Stage.CONFIRMED: "Selesai: {outcome}",
    Stage.MERGED: "Digabung ke permasalahan lain.",
}
NEXT_STEP = {
    False: "Langkah berikut paling lambat {at}.",
    True: "Langkah berikut terlambat: seharusnya paling lambat {at}.",
}
WITHDRAWN = "Ralat laporan tidak lagi menyebut hal ini; mohon diperiksa sebelum dinyatakan selesai."
JUDGED = {Timeliness.ON_TIME: "tepat waktu", Timeliness.LATE: "lewat batas waktu"}


def item(
    programme: Programme, owed: Item, now: datetime, told: Sequence[Telling], latest: Report | None = None
) -> dict[str, Any]:
    """A report in a list: where it stands, and who was told last. `latest`: what came in, if anything did."""
    return views.item(programme, owed, now) | {
        "ahead": not told and views.ahead(owed, now),
        "content": views.content(latest) if latest else "",
        "due_short": pages.short_moment(owed.due_at, owed.zone),
        "heard": _heard(told),
        "taken": _taken(owed.acknowledged_until, owed.zone, now),
        "told": _last([telling for telling in told if not telling.audience.above_team], owed.zone),
    }


def problem(
    programme: Programme, trouble: Problem, now: datetime, told: Sequence[Telling], *, withdrawn: bool
) -> dict[str, Any]:
    """A problem in a list, and on its own page. `withdrawn`: its report no longer mentions it."""
    matter, issue = trouble
    zone = programme.desk.zone_of(matter.area)
    return {
        "code": matter.code,
        "restricted": issue.restricted,
        "area": programme.desk.area_name(matter.area),
        "what": CATEGORIES[issue.category],
        "severity": SEVERITIES[issue.severity],
        "title": issue.title,
        "detail": issue.detail,
        "opened": pages.moment(issue.opened_at, zone),
        "outcome": issue.outcome,
        "state": f"Belum selesai. {WITHDRAWN}" if withdrawn else "Belum selesai.",
        "withdrawn": WITHDRAWN if withdrawn and issue.resolved_at is None else "",
        "heard": _heard(told),
        "taken": _taken(matter.acknowledged_until, zone, now),
        "told": _last(told, zone),
    }


def stands(issue: Issue, matter: Matter, stage: Stage, zone: str, now: datetime) -> str:
    """Where a problem stands, and by when its next step is due, in a sentence or two."""
    if stage is not Stage.OPEN:
        until = matter.acknowledged_until if stage in (Stage.TAKEN_ON, Stage.POSTPONED) else None
        return STAGES[stage].format(until=pages.short_moment(until, zone) if until else "", outcome=issue.outcome)
    if issue.due_at is None:
        return STAGES[stage]
    late = life.late(issue, matter.acknowledged_until, now=now)
    return f"{STAGES[stage]} {NEXT_STEP[late].format(at=pages.short_moment(issue.due_at, zone))}"


def standing(owed: Item, reason: str, now: datetime, latest: Report | None) -> str:
    """Where a report stands, in a sentence; `latest` is what came in."""
    if owed.standing is Standing.WAIVED:
        return f"Dibebaskan: {reason}"
    if owed.standing is Standing.CANCELLED:
        return "Dibatalkan."
    if owed.standing is Standing.OWED or owed.returned_until is not None:
        return words.state(owed, now)
    judged = timeliness(owed.standing, owed.due_at, owed.received_at, extended_until=owed.extended_until, now=now)
    came = pages.moment(owed.received_at, owed.zone) if owed.received_at else ""
    told = f": {views.content(latest)}" if latest else ""
    return f"Diterima {came}, {JUDGED[judged or Timeliness.ON_TIME]}{told}."


def version(report: Report, files: Sequence[Attachment], form: Form, zone: str) -> dict[str, Any]:
    """A filed report as it is read: who, when, how, and what it tells."""
    return {
        "number": report.number,
        "version": report.version,
        "office": report.title,
        "via": words.VIAS[report.via],
        "received": pages.moment(report.received_at, zone),
        "content": words.CONTENTS[report.content],
        "rows": answers(report.body, form),
        "files": [(file.number, KINDS[file.kind]) for file in files],
    }


def answers(body: dict[str, Any], form: Form) -> list[tuple[str, str]]:
    """What a report says, heading by heading. What was filed without our form is shown as it came."""
    names = {own.code: own.name for own in form.indicators}
    figures = {figure.code: figure.name for figure in form.figures()}
    rows: list[tuple[str, str]] = []
    for code, own in forms.looked_at(body).items():
        counted = own.get("numbers")
        numbers = [
            f"{figures.get(name, name)}: {indonesian.number(count)}"
            for name, count in (counted.items() if isinstance(counted, dict) else ())
            if isinstance(count, int)
        ]
        photos = [f"{len(own['photos'])} foto"] if isinstance(own.get("photos"), list) else []
        wish = ["Dicatat sebagai permasalahan"] if own.get("problem") is True else []
        said = [_condition(own), *wish, *numbers, *([own["note"]] if own.get("note") else []), *photos]
        rows.append((str(names.get(code, code)), "\n".join(said)))
    headings: dict[str, str] = {part.value: name for part, name in PARTS.items()} | {
        REMARKS: "Penjelasan",
        "note": "Keterangan",
    }
    rows += [(name, str(body[key])) for key, name in headings.items() if body.get(key)]
    return rows


def _condition(own: dict[str, Any]) -> str:
    condition = forms.condition(own)
    return CONDITIONS[condition] if condition else ""


def told(telling: Telling, zone: str) -> str:
    """`Rabu 7/2, 16.00 WITA: Camat Tamban, SMS (belum kami terima)`."""
    said = SAID.get(telling.say, telling.say)
    return f"{pages.short_moment(telling.at, zone)}: {_to(telling)} ({said}){_twice(telling)}"


def changed(change: Change, zone: str, names: Mapping[str, str] = DECIDED) -> dict[str, str]:
    """A decision: what, by whom, by which way, when, until when, why. `names`: `STEPS` if it is about a problem."""
    return {
        "what": REVOKED_UNTIL if change.what == "revoked" and change.until else names.get(change.what, change.what),
        "until": pages.short_moment(change.until, zone) if change.until else "",
        "by": change.title,
        "way": WAYS[change.way],
        "at": pages.short_moment(change.at, zone),
        "text": change.text,
    }


def step(event: IssueEvent, title: str, zone: str, files: Sequence[Enclosure] = ()) -> dict[str, Any]:
    """What was done about a problem."""
    return {
        "id": event.id,
        "what": STEPS[event.step],
        "by": title,
        "way": WAYS[event.way] if event.way else "",
        "until": pages.short_moment(event.until, zone) if event.until else "",
        "at": pages.short_moment(event.at, zone),
        "text": event.text,
        "files": [(file.number, KINDS[file.kind]) for file in files],
    }


def beside(file: ReplyFile, zone: str) -> tuple[int, str]:
    """A file that came with an answer: `foto, Camat Tamban, WhatsApp, Rabu 7/2, 15.01 WITA`."""
    came = pages.short_moment(file.received_at, zone)
    return file.number, f"{KINDS[file.kind]}, {file.title}, {CHANNELS[file.channel]}, {came}"


def readings(known: Iterable[Readings], zone: str) -> list[str]:
    """`Sekretaris Daerah, halaman desk: 2 kali, terakhir Rabu 7/2, 16.00 WITA`."""
    return [
        f"{own.title}, {WAYS[own.way]}: {own.times} kali, terakhir {pages.short_moment(own.last_at, zone)}"
        for own in known
    ]


def _taken(until: datetime | None, zone: str, now: datetime) -> str:
    rests_until = paused(now, until)
    return f"Ditindaklanjuti sampai {pages.short_moment(rests_until, zone)}." if rests_until else ""


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
