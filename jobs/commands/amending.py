"""Put changed files in force, or show what that would do."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from config import loader
from jobs import logs
from jobs.assemble import opened
from jobs.commands import confirming, looking, shown
from jobs.commands.planning import PIPED, warn
from jobs.operator import ahead, amend, second
from jobs.operator.ahead import Change
from jobs.operator.amend import Amended
from jobs.operator.second import Asked
from rules.amending import Day
from services.amendments import span

app = typer.Typer()


@app.callback()
def group() -> None:
    """Without this, typer would give the only command no name."""


@app.command("amend")
def amend_(
    files: Annotated[list[Path], typer.Argument(help="Election, desk and/or policy (YAML) whose code is loaded.")],
    by: Annotated[str, typer.Option(help="Code of the office that amends; by default the secretariat.")] = "",
    also_open: Annotated[
        bool, typer.Option("--also-open", help="Cases that have begun take the changed ladders too, where they stand.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and change nothing.")] = False,
    look: Annotated[
        Path | None,
        typer.Option(
            "--ahead", help="With --dry-run: who would be told what in the next 7 days; every message goes to this CSV."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Put changed files in force; what was filed, or is overdue, stays as it is, and open cases keep their ladder.

    Every live programme that uses a file of this code is amended, all or none. The same files again change nothing.
    """
    documents = loader.read_all(files)
    if look is not None and not dry_run:
        raise typer.BadParameter("--ahead goes with --dry-run")
    if look is not None:
        logs.set_up(quiet=True)  # what is lived through on the copies did not happen
    with opened() as rt:
        tried = amend.amend(rt, documents, by=by, also_open=also_open, dry_run=True)
        waits = tried if dry_run else second.amendment(rt, documents, tried, by=by, also_open=also_open)
        done = tried if isinstance(waits, Asked) else waits
        zone = shown.zone(rt)
        told = ahead.look(rt, Change(documents, by, also_open)) if look and any(one.changed for one in done) else None
    if told and look:
        ahead.write(ahead.sided(told.pairs), look, zone)
    for one in done:
        warn(list(one.warnings))
    if isinstance(waits, Asked):
        confirming.asked(waits, zone, as_json=as_json)
    if as_json:
        document = {"dry_run": dry_run, "programmes": [_document(one) for one in done]}
        print(json.dumps(document | ({"ahead": dict(looking.document(told))} if told else {}), ensure_ascii=False))
        return
    for one in done:
        _show(one, dry_run=dry_run)
    if told:
        looking.show(told, str(look))


def _document(one: Amended) -> dict[str, object]:
    """What was done to a programme. What stays as it was is only counted."""
    return {
        "programme": one.programme.code,
        "changed": one.changed,
        "counts": one.counts,
        "duties": one.by_duty,
        "late": [step.report.key for step in one.late],
        "open": {"kept": one.kept, "carried": one.carried},
        "days": [day._asdict() | {"day": day.day.isoformat()} for day in one.days],
        "reports": [
            {
                "key": step.report.key,
                "act": step.act,
                "why": step.why,
                "due_from": _local(step.before.by, step.before.owed.zone) if step.before else None,
                "due_to": _local(step.since, step.report.zone) if step.after else None,
                "told": one.told.get(step.report.key, []),
            }
            for step in one.altered
        ],
    }


def _local(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).isoformat()


def _show(one: Amended, *, dry_run: bool) -> None:
    code = one.programme.code
    if not one.changed:
        print(f"{code}: runs under these files already; nothing is changed")
        return
    tally = ", ".join(f"{count} {act}" for act, count in one.counts.items() if count)
    print(f"{code}: {tally}{'; a dry run, nothing was changed' if dry_run else ''}")
    for duty, counted in one.by_duty.items():
        print(f"  {duty}: {', '.join(f'{count} {_WORDS.get(word, word)}' for word, count in counted.items())}")
    table = Table()
    for column in ("area", "duty", "slot", "what", "due", "told", "why"):
        table.add_column(column, overflow="fold")
    for step in sorted(one.altered, key=lambda step: (step.report.area, step.report.duty, step.since)):
        owed, told = step.report, ", ".join(one.told.get(step.report.key, []))
        table.add_row(
            one.programme.desk.area_name(owed.area), owed.duty, owed.slot, step.act, span(step), told, step.why
        )
    if table.row_count:
        Console(markup=False, width=None if sys.stdout.isatty() else PIPED).print(table)
    if one.kept:
        print(f"{one.kept} open keep the ladder they began under; --also-open moves them to the one in force")
    if one.carried:
        print(f"{one.carried} open take another ladder from where they stand")
    for step in one.late:
        area = one.programme.desk.area_name(step.report.area)
        print(f"stays late under the old rule: {step.report.duty} {step.report.slot} of {area}, due {span(step)}")
    for day in one.days:
        areas = ", ".join(map(one.programme.desk.area_name, day.areas))
        print(f"{day.day} {day.duty}: {_more_or_fewer(day)} in {len(day.areas)}: {areas}")


_WORDS = {"late": "stay late under the old rule"}


def _more_or_fewer(day: Day) -> str:
    if day.before and day.after:
        return f"{day.after} instead of {day.before} reports"
    return f"gains {_reports(day.after)}" if day.after else f"loses {_reports(day.before)}"


def _reports(number: int) -> str:
    return "a report" if number == 1 else f"{number} reports"
