"""Ask the desk: what is owed, held, in doubt or stuck; why something was told, and why not."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from jobs import audit
from jobs import explain as explaining
from jobs.assemble import opened
from jobs.explain import Explanation
from models import channels, doubts, health, receipts, tasks
from models import explaining as books
from rules import timekeeping
from rules.programme import Programme

app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
SHOWN = 10
ADVICE = {
    "unread": "nothing is planned or sent for it; the others go on -> mend the file named, then ./desk load all three",
    "down": "nothing goes by it until it is mended -> ./desk doctor; then ./desk outbox retry --channel CHANNEL",
    "held": "planned, waits for its time or a reason to go",
    "broken": "past its time and nothing was decided -> is ./desk clock running, and ./desk worker? ./desk explain KEY",
    "stuck": "has not left, or ended badly -> ./desk doctor; mend line or contact, then ./desk outbox retry NUMBER",
    "not_delivered": "was taken and did not arrive; the chase goes on -> is the contact right? ./desk people list",
    "possibly_doubled": "may have arrived twice -> nothing, unless the office asks",
    "tasks": "waits for somebody of the secretariat -> do it, and mark it as done on the page 'Tugas'",
}
"""What each list means and, where it is not in order, what to do."""
HELD = "only links to sign in leave -> ./desk hold preview shows what a release would send; ./desk hold off releases it"
UNORDERED = "it set itself, and no message can leave to say so -> is what it names meant? then ./desk hold off"
STOPPED = "the clock has not turned for two minutes: nobody is told anything -> start ./desk clock, or ./desk run"
RECENT = timedelta(days=2)
"""For so long it is shown what was handed over and did not arrive, or may have arrived twice; the chase goes on."""


@app.command()
def status(as_json: Json = False) -> None:
    """What is owed, held, in doubt and stuck. Exit status 1 if a person must look."""
    with opened() as rt:
        with rt.sessions.begin() as session:
            now = rt.clock(session)
            pulse = health.pulse(session)
            programmes = dict(rt.live(session))
            owed = books.owed(session, now=now, until=now + timedelta(days=2))
            held = health.held(session)
            down = {channel: known for channel, known in channels.every(session).items() if known.down_since}
            lost = receipts.lost(session, since=now - RECENT)
            doubled = doubts.doubled(session, since=now - RECENT)
            undone = tasks.undone(session)
        findings = audit.run(rt, now=now)
    stuck = findings.unsettled
    facts = {
        "now": now.isoformat(),
        "machine": pulse._asdict(),
        "owed": [
            {
                "code": o.matter.code,
                "key": o.matter.key,
                "due_at": o.obligation.due_at.isoformat(),
                "next_at": _at(o.matter.next_at),
            }
            for o in owed
        ],
        "unread": [
            {"programme": u.code, "file": f.file, "line": f.line, "why": f.message, "do": f.remedy}
            for u in findings.unread
            for f in u.findings
        ],
        "down": [
            {"channel": c, "since": _at(k.down_since), "next_try": _at(k.probe_at), "why": k.why}
            for c, k in down.items()
        ],
        "held": [{"for": h.why, "notices": h.notices, "first_at": h.first_at.isoformat()} for h in held],
        "outcomes": dict(findings.outcomes),
        "broken": list(findings.broken),
        "stuck": [
            {"message": m.id, "state": m.state, "why": m.why, "possibly_doubled": m.possibly_doubled} for m in stuck
        ],
        "not_delivered": [{"message": id, "delivery": fate} for id, fate in lost.items()],
        "possibly_doubled": [{"message": id} for id in doubled],
        "tasks": [{"why": t.why, "text": t.text, "since": t.opened_at.isoformat()} for t in undone],
    }
    if as_json:
        print(json.dumps(facts, ensure_ascii=False, default=str))
    else:
        _show(facts, owed, programmes, now)
    stopped = not timekeeping.turns(pulse.swept_at, now=now)
    raise typer.Exit(
        1 if findings.broken or findings.unread or stuck or undone or pulse.on_hold or down or stopped else 0
    )


def _at(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _show(facts: Mapping[str, Any], owed: list[books.Owing], programmes: dict[int, Programme], now: datetime) -> None:
    console = Console(markup=False)
    table = Table(title="Owed", title_justify="left")
    for column in ("report", "area", "due", "standing", "next look"):
        table.add_column(column)
    for o in owed:
        programme = programmes.get(o.matter.programme_id)
        zone = ZoneInfo(o.obligation.zone)
        due, next_at = o.obligation.due_at.astimezone(zone), o.matter.next_at
        table.add_row(
            o.matter.code,
            programme.desk.area_name(o.matter.area) if programme else o.matter.area,
            f"{due:%a %d.%m. %H.%M %Z}",
            "overdue" if due < now else "not yet due",
            f"{next_at.astimezone(zone):%d.%m. %H.%M}" if next_at else "-",
        )
    console.print(table)
    for name in ("machine", "outcomes"):
        told = {key: value for key, value in dict(facts[name]).items() if value or type(value) is int}
        console.print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in told.items()), soft_wrap=True)
    if not timekeeping.turns(facts["machine"]["swept_at"], now=now):
        print(f"clock: {STOPPED}")
    if facts["machine"]["on_hold"]:
        print(f"on_hold: {HELD}")
    if facts["machine"]["held_by_itself"]:
        print(f"held_by_itself: {UNORDERED}")
    for name, advice in ADVICE.items():
        if facts[name]:
            print(f"{name}: {advice}")
        for line in facts[name][:SHOWN]:
            print("  " + (", ".join(map(str, line.values())) if isinstance(line, dict) else line))
        if len(facts[name]) > SHOWN:
            print(f"  {len(facts[name]) - SHOWN} more; --json gives all")


@app.command()
def explain(
    key: Annotated[str, typer.Argument(help="A report or problem: its key, R-0805 or P-0012.")], as_json: Json = False
) -> None:
    """Everything that was decided about a report or a problem, with reasons, and what comes next."""
    with opened() as rt:
        _print(explaining.matter(rt, key), as_json=as_json)


@app.command()
def why_not(
    office: Annotated[str, typer.Argument(help="Code of the office.")],
    day: Annotated[datetime, typer.Argument(help="Local day.", formats=["%Y-%m-%d"])],
    as_json: Json = False,
) -> None:
    """What an office was told on a day, and why nothing more."""
    with opened() as rt:
        _print(explaining.why_not(rt, office, day.date()), as_json=as_json)


def _print(found: Explanation, *, as_json: bool) -> None:
    if as_json:
        print(
            json.dumps(found._asdict() | {"steps": [s._asdict() for s in found.steps]}, default=str, ensure_ascii=False)
        )
        return
    console = Console(markup=False, highlight=False, soft_wrap=True)
    console.print(found.title, style="bold")
    for line in found.state:
        console.print(f"  {line}")
    for step in found.steps:
        console.print(f"  {step.at:%Y-%m-%d %H.%M}  {step.what}" + (f"  [{step.why}]" if step.why else ""))
    if found.ahead:
        console.print(f"  -> {found.ahead}")
