"""Ask the desk what is owed, held, in doubt or stuck."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from config import settings as environment
from config.shelf import Unreadable
from jobs.assemble import opened
from jobs.commands import shown
from jobs.commands.shown import Json
from jobs.database import Use
from jobs.operator import budgets, ways
from jobs.operator.budgets import Budget
from jobs.operator.looks import Found
from jobs.runtime import Runtime
from jobs.shadow import kept
from jobs.shadow.kept import Shadow
from jobs.turn import audit
from jobs.turn.audit import Findings
from models.machine.health import Pulse, Waiting
from models.matters.explaining import Owing, owed
from models.matters.tasks import Task
from models.messages import counting
from models.messages.channels import Known
from models.messages.mailboxes import Known as Mailbox
from rules import timekeeping
from rules.costs import Level
from rules.delivery_reports import Fate
from rules.desk import Channel
from rules.fairness import Stop
from rules.programme import Programme
from services import watching

app = typer.Typer()

SHOWN = 10
SCREEN = 30
"""So many lines of what is owed stand on one screen."""
ADVICE = {
    "unread": "nothing is planned or sent for it; the others go on -> mend the file named, then ./desk load all three",
    "unread_policies": "what began under it goes on by the ladder in force, by the number of its rung"
    " -> ./desk amend the policy in force with --also-open",
    "down": "nothing goes by it until it is mended -> ./desk doctor; then ./desk outbox retry --channel CHANNEL",
    "mailboxes": "answers and bounces wait there unread; it is looked into again -> ./desk doctor; mend DESK_IMAP_URL",
    "held": "planned, waits for its time or a reason to go",
    "broken": "past its time and nothing was decided -> is ./desk clock running, and ./desk worker? ./desk explain KEY",
    "stuck": "has not left, or ended badly -> ./desk doctor; mend line or contact, then ./desk outbox retry NUMBER",
    "not_delivered": "was taken and did not arrive; the chase goes on -> is the contact right? ./desk people list",
    "possibly_doubled": "may have arrived twice -> nothing, unless the office asks",
    "stops": "nothing ran then; what fell due is not called late by its team -> why did it stop? ./desk explain KEY",
    "shadows": "runs silently beside the live policy; nothing is sent from it -> ./desk shadow look; ./desk shadow end",
    "money": "what messages cost -> ./desk budget show; more of it: ./desk budget raise",
    "tasks": "waits for somebody of the secretariat -> do it, and mark it as done on the page 'Tugas'",
}
"""What each list means and, if something is wrong, what to do."""
HELD = "only answers to whoever asks leave -> ./desk hold preview shows what a release would send; ./desk hold off"
UNORDERED = "it set itself, and no message can leave to say so -> is what it names meant? then ./desk hold off"
STOPPED = "the clock has not turned for two minutes: nobody is told anything -> start ./desk clock, or ./desk run"


class Status(NamedTuple):
    """All that `status` shows, as it is at `now`. `zone` is the desk's."""

    now: datetime
    zone: str
    pulse: Pulse
    reaching: Found
    sender: Found
    programmes: Mapping[int, Programme]
    codes: Mapping[int, str]
    owed: Sequence[Owing]
    held: Sequence[Waiting]
    down: Mapping[Channel, Known]
    not_delivered: Mapping[int, Fate]
    doubled: Sequence[int]
    stops: Sequence[Stop]
    mailboxes: Sequence[Mailbox]
    tasks: Sequence[Task]
    findings: Findings
    unkept: Sequence[Unreadable]
    money: Sequence[Budget]
    shadows: Sequence[Shadow]

    @property
    def stopped(self) -> bool:
        """Whether the clock does not turn."""
        return not timekeeping.turns(self.pulse.swept_at, now=self.now)

    @property
    def a_person_must_look(self) -> bool:
        wrong = self.findings.broken or self.findings.unread or self.findings.unsettled or self.unkept
        return bool(wrong or self.tasks or self.pulse.on_hold or self.down or self.mailboxes or self.stopped)


@app.command()
def status(as_json: Json = False) -> None:
    """What is owed, held, in doubt and stuck. Exit status 1 if a person must look."""
    with opened(Use.ASK) as rt:
        seen = _look(rt)
    facts = _facts(seen)
    if as_json:
        print(json.dumps(facts, ensure_ascii=False, default=shown.plain))
    else:
        _show(seen, facts)
    raise typer.Exit(1 if seen.a_person_must_look else 0)


def _look(rt: Runtime) -> Status:
    with rt.sessions.begin() as session:
        now = rt.clock(session)
        last_text = counting.last_sent(session, Channel.SMS)
        seen: dict[str, Any] = {
            "programmes": rt.live(session),
            "codes": {id: stored.code for id, stored in rt.shelf.sources.items()},
            "owed": owed(session, now=now, until=now + timedelta(days=2)),
            **watching.look(session, now=now)._asdict(),
        }
    settings = environment.read()
    reaching = ways.kept_back(seen["pulse"], settings.trial_allow)
    sender = ways.sender(settings, last_text, now=now)
    findings = audit.run(rt, now=now)
    money = [own for own in budgets.look(rt) if own.stand.level is not Level.FINE]
    looks: dict[str, Any] = {"reaching": reaching, "sender": sender, "findings": findings, "money": money}
    beside: dict[str, Any] = {"unkept": rt.shelf.unkept, "shadows": _shadows(settings.var / "shadow")}
    return Status(now=now, zone=shown.zone(rt), **beside, **looks, **seen)


def _shadows(place: Path) -> Sequence[Shadow]:
    """Those that run; none if their folder cannot be read, which `doctor` says: a status must not stop at it."""
    try:
        return kept.every(place)
    except OSError:
        return []


def _facts(seen: Status) -> dict[str, Any]:
    """The same as one JSON document."""
    findings = seen.findings
    return {
        "now": seen.now.isoformat(),
        "machine": seen.pulse._asdict(),
        "kept_back": seen.reaching.means if seen.reaching.do else "",
        "sms_sender": seen.sender.means if seen.sender.do else "",
        "owed": [_owing(line) for line in seen.owed],
        "unread": list(_flaws(findings.unread)),
        "unread_policies": list(_flaws(seen.unkept)),
        "down": [
            {"channel": channel, "since": known.down_since, "next_try": known.probe_at, "why": known.why}
            for channel, known in seen.down.items()
        ],
        "mailboxes": [{"since": own.failed_since, "failures": own.failures, "why": own.why} for own in seen.mailboxes],
        "held": [{"for": h.why, "notices": h.notices, "first_at": h.first_at} for h in seen.held],
        "outcomes": dict(findings.outcomes),
        "broken": list(findings.broken),
        "stuck": [
            {"message": m.id, "state": m.state, "why": m.why, "possibly_doubled": m.possibly_doubled}
            for m in findings.unsettled
        ],
        "not_delivered": [{"message": id, "delivery": fate} for id, fate in seen.not_delivered.items()],
        "possibly_doubled": [{"message": id} for id in seen.doubled],
        "stops": [{"from": stop.began_at, "until": stop.ended_at} for stop in seen.stops],
        "money": [
            {"programme": own.programme, "level": own.stand.level, "spent": own.stand.spent} for own in seen.money
        ],
        "shadows": [{"desk": own.desk, "since": own.begun_at, "until": own.ends_at} for own in seen.shadows],
        "tasks": [{"why": task.why, "text": task.text, "since": task.opened_at} for task in seen.tasks],
    }


def _flaws(unread: Iterable[Unreadable]) -> Iterator[dict[str, Any]]:
    for own in unread:
        for flaw in own.findings:
            place = {"programme": own.code, "file": flaw.file, "line": flaw.line}
            yield place | {"why": flaw.message, "do": flaw.remedy}


def _owing(line: Owing) -> dict[str, Any]:
    next_at = line.matter.next_at
    return {
        "code": line.matter.code,
        "key": line.matter.key,
        "due_at": line.obligation.due_at.isoformat(),
        "next_at": next_at.isoformat() if next_at else None,
    }


def _show(seen: Status, facts: Mapping[str, Any]) -> None:
    if seen.reaching.do:
        print(f"{seen.reaching.means} -> {seen.reaching.do}")
    if seen.sender.do:
        print(f"sms sender: {seen.sender.means} -> {seen.sender.do}")
    console = Console(markup=False)
    desks = {line.matter.programme_id for line in seen.owed}
    console.print(_sums(seen) if len(desks) > 1 and len(seen.owed) > SCREEN else _table(seen))
    if len(desks) == 1 and len(seen.owed) > SCREEN:
        print(f"  {len(seen.owed) - SCREEN} more; --json gives all")
    for name in ("machine", "outcomes"):
        figures = {key: value for key, value in dict(facts[name]).items() if value or type(value) is int}
        line = ", ".join(f"{key} {shown.value(value, seen.zone)}" for key, value in figures.items())
        console.print(f"{name}: {line}", soft_wrap=True)
    if seen.stopped:
        print(f"clock: {STOPPED}")
    if seen.pulse.on_hold:
        print(f"on_hold: {HELD}")
    if seen.pulse.held_by_itself:
        print(f"held_by_itself: {UNORDERED}")
    for name, advice in ADVICE.items():
        _list(name, advice, facts[name], seen.zone)


def _sums(seen: Status) -> Table:
    """How much is owed by programme, the one with most that is overdue first; as many as one screen holds."""
    late = Counter(line.matter.programme_id for line in seen.owed if line.obligation.due_at < seen.now)
    soon = Counter(line.matter.programme_id for line in seen.owed if line.obligation.due_at >= seen.now)
    ordered = sorted(late | soon, key=lambda own: (-late[own], -soon[own], own))
    table = Table(title="Owed, by programme", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in ("programme", "overdue", "not yet due"):
        table.add_column(column, justify="left" if column == "programme" else "right")
    for own in ordered[:SCREEN]:
        table.add_row(seen.codes.get(own, str(own)), str(late[own]), str(soon[own]))
    if rest := ordered[SCREEN:]:
        sums = (str(sum(kind[own] for own in rest)) for kind in (late, soon))
        table.add_row(f"{len(rest)} more; --json gives all", *sums)
    return table


def _table(seen: Status) -> Table:
    """What is owed, each in the zone of its place; as many lines as one screen holds."""
    table = Table(title="Owed", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in ("report", "area", "due", "standing", "next look"):
        table.add_column(column, no_wrap=column != "area", overflow="fold")
    for matter, obligation in ((line.matter, line.obligation) for line in seen.owed[:SCREEN]):
        programme = seen.programmes.get(matter.programme_id)
        zone = ZoneInfo(obligation.zone)
        table.add_row(
            matter.code,
            programme.desk.area_name(matter.area) if programme else matter.area,
            f"{obligation.due_at.astimezone(zone):%a %d.%m. %H.%M %Z}",
            "overdue" if obligation.due_at < seen.now else "not yet due",
            f"{matter.next_at.astimezone(zone):%d.%m. %H.%M}" if matter.next_at else "-",
        )
    return table


def _list(name: str, advice: str, lines: Sequence[Any], zone: str) -> None:
    if lines:
        print(f"{name}: {advice}")
    for line in lines[:SHOWN]:
        print("  " + (shown.row(line, zone) if isinstance(line, dict) else line))
    if len(lines) > SHOWN:
        print(f"  {len(lines) - SHOWN} more; --json gives all")
