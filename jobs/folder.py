"""What a rehearsal leaves behind: its rows as JSON Lines, its documents, and a page to look at it all."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jobs import audit, compile
from jobs.rehearse import Rehearsal
from models import export, submissions
from models.submissions import Submission
from notifiers.mask import mask
from reports import facts as weekly
from reports import rehearsal as pages
from reports.rehearsal_facts import Area, Document, Duty, Office, Outage, Quiet, RehearsalFacts, Scenario, Stage
from rules.audit import Outcome
from rules.calendar import VOTING_DAY, Edge
from rules.filing import Standing, Timeliness
from rules.programme import Programme

Lines = list[dict[str, Any]]

PRICE_PER_SEGMENT = 500
"""Rupiah for one text segment: an assumption, said to be one wherever it is shown."""


def write(rehearsal: Rehearsal, out: Path, *, start: datetime) -> Mapping[str, Any]:
    """Write everything but the documents into `out`; returns the summary."""
    lines = _lines(rehearsal, start)
    for name, rows in lines.items():
        _write_lines(out / f"{name}.jsonl", rows)
    with rehearsal.rt.sessions.begin() as session:
        compiled = submissions.all_of(session)
    summary = summarise(rehearsal, lines, start=start)
    text = json.dumps(summary, indent=2, ensure_ascii=False, default=str)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")
    facts = _facts(rehearsal, lines, compiled, summary, start)
    for path, html in pages.page(facts).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(html, encoding="utf-8")
    return summary


def _lines(rehearsal: Rehearsal, start: datetime) -> dict[str, Lines]:
    rt, zone = rehearsal.rt, rehearsal.programme.desk.zone
    outcomes = audit.outcomes(rt, now=rehearsal.clock.at)
    with rt.sessions.begin() as session:
        owed = [
            _local(line, own_zone) | {"outcome": outcomes.get(line["key"])}
            for line, own_zone in export.obligations(session, start=start, now=rehearsal.clock.at)
            if line["due_at"] <= rehearsal.end
        ]
        notices = [_local(line, own_zone) for line, own_zone in export.notices(session)]
        messages = [
            _local(line, own_zone) | {"to": mask(address), "file": _file(line)}
            for line, own_zone, address in export.messages(session)
        ]
        problems = [_local(line, zone) for line in export.problems(session)]
    return {"obligations": owed, "notices": notices, "messages": messages, "problems": problems}


def _file(message: Mapping[str, Any]) -> str | None:
    """Where the outbox keeps it, if it was handed over."""
    if message["state"] != "sent":
        return None
    mail = message["channel"] == "email"
    return f"mail/{message['id']:06d}.eml" if mail else f"{message['channel']}/{message['id']:06d}.txt"


def _local(line: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Instants as ISO 8601 with the offset of the place they concern."""
    own = ZoneInfo(zone)
    return {k: v.astimezone(own).isoformat() if isinstance(v, datetime) else v for k, v in line.items()}


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def typeset(rehearsal: Rehearsal, which: str) -> Iterator[float]:
    """Typeset reports to the Government, yielding the share that is done.

    Args:
        which: `all`, `last` or `none`.
    """
    with rehearsal.rt.sessions.begin() as session:
        wanting = submissions.without_document(session, limit=10_000)
    wanted = {"all": wanting, "last": wanting[-1:], "none": []}[which]
    for done, submission in enumerate(wanted, 1):
        compile.make(rehearsal.rt, submission)
        yield done / len(wanted)


def summarise(rehearsal: Rehearsal, lines: Mapping[str, Lines], *, start: datetime) -> dict[str, Any]:
    """The figures of a rehearsal and whether its promises held, each counted from the lines."""
    owed, messages, notices = lines["obligations"], lines["messages"], lines["notices"]
    judged = Counter(line["timeliness"] for line in owed)
    promises = _promises(rehearsal, lines)
    return {
        "programme": rehearsal.programme.code,
        "scenario": rehearsal.scenario.code,
        "seed": rehearsal.scenario.seed,
        "from": start.astimezone(ZoneInfo(rehearsal.programme.desk.zone)).isoformat(),
        "to": rehearsal.end.astimezone(ZoneInfo(rehearsal.programme.desk.zone)).isoformat(),
        "counts": {
            "obligations": len(owed),
            "received": sum(line["standing"] == Standing.RECEIVED for line in owed),
            "on_time": judged[Timeliness.ON_TIME],
            "late": judged[Timeliness.LATE],
            "missing": judged[Timeliness.MISSING],
            "nil": sum(line["content"] == "nil" for line in owed),
            "notices": len(notices),
            "messages": len(messages),
            "segments": sum(line["segments"] for line in messages),
            "problems": len(lines["problems"]),
        },
        "messages_by_channel": dict(Counter(line["channel"] for line in messages)),
        "notices_by_state": dict(Counter(line["state"] for line in notices)),
        "outcomes": dict(Counter(line["outcome"] for line in owed)),
        "price_per_segment": PRICE_PER_SEGMENT,
        "broken_promises": sum(not promise["kept"] for promise in promises),
        "promises": promises,
    }


def _promises(rehearsal: Rehearsal, lines: Mapping[str, Lines]) -> list[dict[str, Any]]:
    urgent = {line["key"] for line in lines["notices"] if line["urgent"]}
    sent = [line for line in lines["messages"] if line["state"] == "sent"]
    in_quiet = [m["id"] for m in sent if not urgent & set(m["notices"]) and _quiet(rehearsal.programme, m)]
    long_texts = [m["id"] for m in sent if m["segments"] > 1]
    broken = [line["key"] for line in lines["obligations"] if line["outcome"] == Outcome.BROKEN]
    twice = [key for key, n in Counter(line["key"] for line in lines["notices"]).items() if n > 1]
    skipped = _heard_before_the_team(lines["notices"], sent)
    burst = [
        wrong for outage in rehearsal.scenario.outages if outage.channel is None for wrong in _burst(sent, outage.end)
    ]
    found = {
        "Di luar yang mendesak, tidak ada pesan dalam jam istirahat": in_quiet,
        "Setiap SMS satu segmen": long_texts,
        "Setiap kewajiban yang jatuh tempo ada keterangannya": broken,
        "Tidak ada pemberitahuan yang diputuskan dua kali": twice,
        "Pimpinan tidak mendengar sebelum tim diingatkan": skipped,
        "Setelah gangguan, paling banyak satu pesan per jabatan dan saluran": burst,
    }
    return [
        {"text": text, "kept": not wrong, "found": len(wrong), "which": wrong[:20]} for text, wrong in found.items()
    ]


def _burst(sent: Lines, back_at: datetime) -> list[str]:
    """Offices that got more than one message on one channel in the minute in which the worker came back."""
    at_once = [
        f"{message['recipient']} {message['channel']}"
        for message in sent
        if timedelta(0) <= datetime.fromisoformat(message["created_at"]) - back_at < timedelta(minutes=1)
    ]
    return [who for who, count in Counter(at_once).items() if count > 1]


def _quiet(programme: Programme, message: Mapping[str, Any]) -> bool:
    at = datetime.fromisoformat(message["at"])
    zone = programme.desk.office(message["recipient"]).zone
    return programme.peace.release_at(at, zone) > at


def _heard_before_the_team(notices: Lines, sent: Lines) -> list[str]:
    """Reports about which somebody above was told while no warning to the team had been handed over, or proved vain."""
    handed_over = {key: message["at"] for message in sent for key in message["notices"]}
    warned: dict[str, str] = {}
    wrong = []
    for line in notices:
        matter = line["matter"]
        if line["say"] == "warning":
            at = str(handed_over.get(line["key"], line["planned_at"]))
            warned[matter] = min(at, warned.get(matter, at))
        if line["say"] == "escalation" and "/issue/" not in matter and line["key"] in handed_over:
            first = warned.get(matter)
            if first is None or datetime.fromisoformat(first) > datetime.fromisoformat(handed_over[line["key"]]):
                wrong.append(line["key"])
    return [key for key in wrong if not _owed_by_desk(key)]


def _owed_by_desk(key: str) -> bool:
    """The desk's own reports have nobody below to warn: their area is the regency (two parts), not a district."""
    return key.split("/")[3].count(".") == 1


def _facts(
    rehearsal: Rehearsal,
    lines: Mapping[str, Lines],
    compiled: list[Submission],
    summary: Mapping[str, Any],
    start: datetime,
) -> RehearsalFacts:
    programme, scenario = rehearsal.programme, rehearsal.scenario
    desk, election, zone = programme.desk, programme.election, ZoneInfo(programme.desk.zone)
    return RehearsalFacts(
        programme=programme.code,
        desk=desk.name,
        election=election.name,
        zone=desk.zone,
        start=start.astimezone(zone).date(),
        end=rehearsal.end.astimezone(zone).date(),
        seed=scenario.seed,
        scenario=Scenario(scenario.code, scenario.about),
        areas=_areas(programme),
        offices=tuple(Office(o.code, o.title, o.zone) for o in desk.offices),
        duties=tuple(Duty(d.code, d.name, d.ladder) for d in programme.policy.duties),
        stages=tuple(
            Stage(s.code, s.name, v.start, v.end, v.legal_basis)
            for s in election.stages
            if s.active and (v := s.version()) and v.start
        ),
        voting_day=election.dated(VOTING_DAY, Edge.START),
        quiet=tuple(Quiet(w.start, w.end, w.weekdays) for w in programme.policy.quiet),
        outages=tuple(Outage(o.start, o.end, o.channel or "worker") for o in scenario.outages),
        urgent_ladders=frozenset(code for code, ladder in programme.policy.ladders.items() if ladder.urgent),
        brand=desk.brand,
        obligations=lines["obligations"],
        messages=lines["messages"],
        notices=lines["notices"],
        problems=lines["problems"],
        documents=tuple(_document(s) for s in compiled if s.document),
        summary=summary,
    )


def _areas(programme: Programme) -> tuple[Area, ...]:
    desk = programme.desk
    districts = [Area(d.code, d.name, desk.team_of(d.code).name) for d in desk.districts]
    return (*districts, *(Area(t.code, t.name) for t in desk.teams), Area(desk.regency_code, desk.regency))


def _document(submission: Submission) -> Document:
    frozen = weekly.from_json(submission.facts)
    figures = (
        ("Kewajiban laporan", str(frozen.total("owed"))),
        ("Diterima", str(frozen.total("received"))),
        ("Belum kami terima", str(frozen.total("missing"))),
        ("Permasalahan", str(len(frozen.problems))),
    )
    return Document(
        path=f"laporan/{submission.document}",
        title=frozen.header.subject,
        period_start=frozen.header.period_start,
        period_end=frozen.header.period_end,
        figures=figures,
    )
