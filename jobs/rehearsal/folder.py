"""Write what a rehearsal leaves behind: its rows as JSON Lines, its documents, and a page to look at it all."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

import reports.rehearsal.costs
import rules.calendar
import rules.desk
import rules.duties
import rules.recap
from jobs.rehearsal import expected
from jobs.rehearsal.players import Done
from jobs.rehearsal.rehearse import Rehearsal
from jobs.turn import audit, compile
from models.desk import export
from models.matters import documents, submissions
from models.matters.documents import Document as Made
from models.matters.obligations import Obligation
from models.matters.submissions import Submission
from models.offices import aides
from notifiers.mask import mask
from reports.government import facts as weekly
from reports.rehearsal import page
from reports.rehearsal.facts import Area, Document, Duty, Office, Outage, RehearsalFacts, Scenario, Stage
from reports.rehearsal.ledger import Ledger
from reports.rehearsal.lines import GONE
from rules import access, costs
from rules.audit import Outcome
from rules.calendar import VOTING_DAY, Edge
from rules.costs import Costs, Prices
from rules.desk import Channel
from rules.fairness import Cause
from rules.filing import Standing, Timeliness
from rules.indonesian import local_date
from rules.ladder import Say
from rules.programme import Programme
from rules.recap import Owed, Period, Split
from services import recap

Lines = list[dict[str, Any]]

PRICE_PER_SEGMENT = 500
"""Rupiah for one text segment. It is an assumption, and every page that shows it says so."""

ASSUMED = Costs({Channel.SMS: Prices(PRICE_PER_SEGMENT)})
"""What a desk is taken to pay whose policy has no prices."""


def write(
    rehearsal: Rehearsal,
    out: Path,
    above: Sequence[Made] = (),
    *,
    start: datetime,
    forecast: Mapping[str, Mapping[str, int]] = MappingProxyType({}),
    back: str = "",
) -> Mapping[str, Any]:
    """Write everything but the documents into `out`; returns the summary.

    Args:
        above: letters of the level above, in its folder `tingkat`.
        forecast: what other courses would have cost, by stage (`jobs.rehearsal.forecast`).
        back: as `RehearsalFacts` has it.
    """
    counted = _counted(rehearsal, start)
    lines = _lines(rehearsal, counted, start)
    for name, rows in lines.items():
        _write_lines(out / f"{name}.jsonl", rows)
    with rehearsal.rt.sessions.begin() as session:
        compiled = documents.of(session, [own.id for own in submissions.all_of(session)])
        helping = aides.of(session, rehearsal.programme.desk.code, rehearsal.programme.desk.coordinators)
    summary = summarise(rehearsal, lines, start=start) | {"recap": _recap(rehearsal, counted)}
    if forecast:
        likely = reports.rehearsal.costs.by_stage(Ledger(_facts(rehearsal, lines, [], {}, start)))
        summary |= {"forecast": {**forecast, "likely": likely}}
    text = json.dumps(summary, indent=2, ensure_ascii=False, default=str)
    (out / "summary.json").write_text(text + "\n", encoding="utf-8")
    facts = replace(_facts(rehearsal, lines, compiled, summary, start), back=back)
    villages = (Office(own.office.code, own.office.title, own.office.zone) for own in helping)
    papers = (*facts.documents, *(_document(own, "tingkat") for own in above))
    facts = replace(facts, documents=papers, offices=(*facts.offices, *villages))
    for path, html in page.page(facts).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(html, encoding="utf-8")
    return summary


def _amended(done: Done) -> dict[str, Any]:
    """An amendment: what became of how many reports by duty, and how many offices are told of it."""
    own = done.amended
    told = {office for codes in own.told.values() for office in codes}
    return {
        "at": done.at,
        "files": list(done.files),
        "changed": own.changed,
        "duties": {duty: dict(counted) for duty, counted in own.by_duty.items()},
        "told": len(told),
        "otherwise": own.otherwise,
        "open": {"kept": own.kept, "carried": own.carried},
    }


def _counted(rehearsal: Rehearsal, start: datetime) -> list[Owed]:
    """Every report that a recap of the rehearsal counts."""
    zone, now = rehearsal.programme.desk.zone, rehearsal.clock.at
    period = Period(local_date(start, zone), local_date(rehearsal.end, zone))
    with rehearsal.rt.sessions.begin() as session:
        ((id, programme),) = rehearsal.rt.programmes.items()
        rows = recap.rows(session, id, programme, period, now=now)
    return [row for row in rows if start < row.due_at <= rehearsal.end]


def _recap(rehearsal: Rehearsal, rows: list[Owed]) -> dict[str, Any]:
    """What came of the reports, by area, as the desk counts them."""
    programme, now = rehearsal.programmes[-1], rehearsal.clock.at
    lines = rules.recap.recap(rows, programme, Split.AREA, access.places(programme.desk), now=now)
    figures = ("due", "on_time", "late", "missing", "waived")
    return {line.code: {name: line.counts.of(name) for name in (*figures, *Cause)} for line in lines}


def _lines(rehearsal: Rehearsal, rows: list[Owed], start: datetime) -> dict[str, Lines]:
    rt, zone = rehearsal.rt, rehearsal.programme.desk.zone
    outcomes = audit.outcomes(rt, now=rehearsal.clock.at)
    causes = {row.key: row.cause for row in rows if rules.recap.late(row, now=rehearsal.clock.at)}
    with rt.sessions.begin() as session:
        owed = [
            _local(line, own_zone) | {"outcome": outcomes.get(line["key"]), "cause": causes.get(line["key"])}
            for line, own_zone in export.obligations(session, start=start, now=rehearsal.clock.at)
            if line["due_at"] <= rehearsal.end
        ]
        notices = [_local(line, own_zone) for line, own_zone in export.notices(session)]
        messages = [
            _local(line, own_zone) | {"to": mask(address), "file": _file(line), "cost": _cost(rehearsal, line, address)}
            for line, own_zone, address in export.messages(session)
        ]
        problems = [_local(line, zone) for line in export.problems(session)]
        looks = [_local(look, zone) for look in rehearsal.people.looks]
        beside = {
            "helped": [_local(line, own_zone) for line, own_zone in export.helped(session)],
            "rearrangements": [_local(line, zone) for line in export.rearrangements(session)],
            "shifts": [_local(line, zone) for line in export.shifts(session)],
            "unmanned": [_local(line, zone) for line in export.unmanned(session)],
            "amendments": [_local(_amended(done), zone) for done in rehearsal.people.amended],
        }
    own = {"obligations": owed, "notices": notices, "messages": messages, "problems": problems, "looks": looks}
    return own | beside


def _cost(rehearsal: Rehearsal, message: Mapping[str, Any], address: str) -> int:
    """Rupiah for one message, at the prices that the policy had then, or the assumed one."""
    programme = rehearsal.in_force(message["at"])
    own, carrier = programme.policy.costs, programme.country.carrier(address)
    return costs.cost(own if own.prices else ASSUMED, message["channel"], carrier, message["segments"])


def by_stage(rehearsal: Rehearsal, *, start: datetime) -> dict[str, int]:
    """Rupiah by the code of the stage, of all that was played."""
    lines = _lines(rehearsal, _counted(rehearsal, start), start)
    return reports.rehearsal.costs.by_stage(Ledger(_facts(rehearsal, lines, [], {}, start)))


def _file(message: Mapping[str, Any]) -> str | None:
    """Where the outbox keeps a message that was handed over."""
    if message["state"] != "sent":
        return None
    mail = message["channel"] == "email"
    return f"mail/{message['id']:06d}.eml" if mail else f"{message['channel']}/{message['id']:06d}.txt"


def _local(line: Mapping[str, Any], zone: str) -> dict[str, Any]:
    """Instants as ISO 8601 with the offset of the place they concern."""
    return {k: _spelt(v, ZoneInfo(zone)) for k, v in line.items()}


def _spelt(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, list):
        return [_spelt(own, zone) for own in value]
    return {k: _spelt(v, zone) for k, v in value.items()} if isinstance(value, dict) else value


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def typeset(rehearsal: Rehearsal, which: str) -> Iterator[float]:
    """Typeset reports to the Government, yielding the share that is done.

    Args:
        which: `all`, `last` (every form of the last report, and the PDF of the last of each duty) or `none`.
    """
    with rehearsal.rt.sessions.begin() as session:
        wanting = documents.wanted(session, limit=10_000)
        pdf = {_duty(session, own.submission): own for own in wanting if own.document.form == "pdf"}
    forms = [own for own in wanting if own.submission.id == wanting[-1].submission.id]
    last = {own.document.id: own for own in (*pdf.values(), *forms)}
    wanted = {"all": wanting, "last": list(last.values()), "none": []}[which]
    for done, document in enumerate(wanted, 1):
        compile.make(rehearsal.rt, document)
        yield done / len(wanted)


def _duty(session: Session, submission: Submission) -> str:
    return session.get_one(Obligation, submission.obligation_id).duty


def summarise(rehearsal: Rehearsal, lines: Mapping[str, Lines], *, start: datetime) -> dict[str, Any]:
    """The figures of a rehearsal, and whether its promises held. All are counted from the lines."""
    owed, messages, notices = lines["obligations"], lines["messages"], lines["notices"]
    judged = Counter(line["timeliness"] for line in owed)
    promises, priced = _promises(rehearsal, lines, start), any(own.policy.costs.prices for own in rehearsal.programmes)
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
            "escalations": sum(line["template"] == Say.ESCALATION for line in messages),
            "segments": sum(line["segments"] for line in messages),
            "problems": len(lines["problems"]),
        },
        "messages_by_channel": dict(Counter(line["channel"] for line in messages)),
        "notices_by_state": dict(Counter(line["state"] for line in notices)),
        "outcomes": dict(Counter(line["outcome"] for line in owed)),
        **({"own_prices": True} if priced else {"price_per_segment": PRICE_PER_SEGMENT}),
        "cost": sum(line["cost"] for line in messages if line["state"] in GONE),
        "amendments": lines["amendments"],
        "broken_promises": sum(not promise["kept"] for promise in promises),
        "promises": promises,
    }


def _promises(rehearsal: Rehearsal, lines: Mapping[str, Lines], start: datetime) -> list[dict[str, Any]]:
    urgent = {line["key"] for line in lines["notices"] if line["urgent"]}
    sent = [line for line in lines["messages"] if line["state"] == "sent"]
    in_quiet = [m["id"] for m in sent if not urgent & set(m["notices"]) and _quiet(rehearsal, m)]
    long_texts = [m["id"] for m in sent if m["segments"] > 1]
    broken = [line["key"] for line in lines["obligations"] if line["outcome"] == Outcome.BROKEN]
    twice = [key for key, n in Counter(line["key"] for line in lines["notices"]).items() if n > 1]
    skipped = _heard_before_the_team(lines["notices"], sent, rehearsal.programme.desk.regency_code)
    burst = [
        wrong for outage in rehearsal.scenario.outages if outage.channel is None for wrong in _burst(sent, outage.end)
    ]
    checked = [
        (
            "no message in quiet hours but urgent ones",
            "Di luar yang mendesak, tidak ada pesan dalam jam istirahat",
            in_quiet,
        ),
        ("every text is one segment", "Setiap SMS satu segmen", long_texts),
        (
            "every report that fell due has an outcome",
            "Setiap kewajiban yang batas waktunya tiba ada keterangannya",
            broken,
        ),
        ("nothing was decided twice", "Tidak ada pemberitahuan yang diputuskan dua kali", twice),
        ("nobody above heard before the team was warned", "Pimpinan tidak mendengar sebelum tim diingatkan", skipped),
        (
            "after an outage at most one message an office and channel",
            "Setelah gangguan, paling banyak satu pesan per jabatan dan saluran",
            burst,
        ),
        (
            "the desk took all that the scenario asks for",
            "Semua yang diminta skenario diterima",
            rehearsal.people.refused,
        ),
    ]
    own = [
        {"name": name, "text": text, "kept": not wrong, "found": len(wrong), "which": wrong[:20]}
        for name, text, wrong in checked
    ]
    return own + _expected(rehearsal, lines, start)


def _expected(rehearsal: Rehearsal, lines: Mapping[str, Lines], start: datetime) -> list[dict[str, Any]]:
    """What the scenario itself expects, and whether it held."""
    expects, stages = rehearsal.scenario.expects, dict[str, str]()
    if any(own.stages or own.costs_at_most is not None for own in expects):
        stages = reports.rehearsal.costs.stages(Ledger(_facts(rehearsal, lines, [], {}, start)))
    gone = [line for line in lines["messages"] if line["state"] in GONE]
    checked = expected.checked(expects, gone, lines["notices"], stages)
    return [
        {"name": own.name, "text": own.text, "kept": not own.wrong, "found": own.found, "which": own.wrong[:20]}
        for own in checked
    ]


def _burst(sent: Lines, back_at: datetime) -> list[str]:
    """Offices that got more than one message on one channel in the minute after the worker came back."""
    at_once = [
        f"{message['recipient']} {message['channel']}"
        for message in sent
        if timedelta(0) <= datetime.fromisoformat(message["created_at"]) - back_at < timedelta(minutes=1)
    ]
    return [who for who, count in Counter(at_once).items() if count > 1]


def _quiet(rehearsal: Rehearsal, message: Mapping[str, Any]) -> bool:
    at = datetime.fromisoformat(message["at"])
    programme = rehearsal.in_force(at)
    desk, told = programme.desk, message["recipient"]
    zone = desk.office(told).zone if desk.is_office(told) else desk.zone  # an aide is no office
    return programme.peace.release_at(at, zone) > at


def _heard_before_the_team(notices: Lines, sent: Lines, own: str) -> list[str]:
    """Reports about which somebody above was told before a warning to the team was handed over, or was in vain.

    The desk's own reports (of the area `own`) have nobody below to warn.
    """
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
    return [key for key in wrong if key.split("/")[3] != own]


def _facts(
    rehearsal: Rehearsal,
    lines: Mapping[str, Lines],
    compiled: list[Made],
    summary: Mapping[str, Any],
    start: datetime,
) -> RehearsalFacts:
    programme, scenario = rehearsal.programmes[-1], rehearsal.scenario
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
        offices=tuple(Office(o.code, o.title, o.zone) for o in _ever(rehearsal, lambda own: own.desk.offices)),
        duties=tuple(Duty(d.code, d.name, d.ladder) for d in _ever(rehearsal, lambda own: own.policy.duties)),
        stages=tuple(
            Stage(s.code, s.name, v.start, v.end, v.legal_basis)
            for s in _ever(rehearsal, lambda own: own.election.stages)
            if s.active and (v := s.version()) and v.start
        ),
        voting_day=election.dated(VOTING_DAY, Edge.START),
        quiet=rehearsal.programme.policy.quiet,
        quiet_since=tuple((done.at, done.amended.programme.policy.quiet) for done in rehearsal.people.amended),
        outages=tuple(Outage(o.start, o.end, o.channel or "worker") for o in scenario.outages),
        urgent_ladders=frozenset(code for code, ladder in programme.policy.ladders.items() if ladder.urgent),
        brand=desk.brand,
        obligations=lines["obligations"],
        messages=lines["messages"],
        notices=lines["notices"],
        problems=lines["problems"],
        looks=lines["looks"],
        helped=lines["helped"],
        rearrangements=lines["rearrangements"],
        shifts=lines["shifts"],
        unmanned=lines["unmanned"],
        amendments=lines["amendments"],
        documents=tuple(_document(own) for own in compiled if own.document.file_name),
        summary=summary,
    )


_Own = TypeVar("_Own", rules.duties.Duty, rules.desk.Office, rules.calendar.Stage)


def _ever(rehearsal: Rehearsal, of: Callable[[Programme], Iterable[_Own]]) -> list[_Own]:
    """What was ever in force, by code, as it was last."""
    return list({own.code: own for programme in rehearsal.programmes for own in of(programme)}.values())


def _areas(programme: Programme) -> tuple[Area, ...]:
    desk = programme.desk
    districts = [Area(d.code, d.name, desk.team_of(d.code).name) for d in desk.districts]
    return (*districts, *(Area(t.code, t.name) for t in desk.teams), Area(desk.regency_code, desk.regency))


def _document(made: Made, folder: str = "laporan") -> Document:
    frozen = weekly.from_json(made.submission.facts)
    figures = (
        ("Kewajiban laporan", str(frozen.total("owed"))),
        ("Diterima", str(frozen.total("received"))),
        ("Belum kami terima", str(frozen.total("missing"))),
        ("Permasalahan", str(len(frozen.problems))),
    )
    return Document(
        path=f"{folder}/{made.document.file_name}",
        title=frozen.header.subject,
        period_start=frozen.header.period_start,
        period_end=frozen.header.period_end,
        figures=figures,
    )
