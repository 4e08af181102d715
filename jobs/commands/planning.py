"""Before anything runs: plan a programme, write the schemas of its files, check its texts, load it."""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from config import loader, reference
from config import schema as schemas
from config import settings as environment
from config.errors import Finding
from rules.desk import Desk as DeskRule
from rules.duties import Obligation
from rules.policy import Policy as PolicyRule
from rules.programme import Programme

app = typer.Typer()

NARROW = 80
"""Characters in a line of the plan where no screen says how many fit."""
PIPED = 200
"""Characters in a line where no screen says how many fit: keys stay whole."""

Election = Annotated[Path, typer.Argument(help="Calendar of the election (YAML).", show_default=False)]
Desk = Annotated[Path, typer.Argument(help="The desk (YAML).", show_default=False)]
Policy = Annotated[Path, typer.Argument(help="The policy (YAML).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="JSON Lines on standard output, and nothing else there.")]


@app.command()
def plan(election: Election, desk: Desk, policy: Policy, as_json: Json = False) -> None:
    """Show every report that would be owed, with its due time and the rule that made it. Changes nothing."""
    documents = loader.read_all([election, desk, policy])
    programme = loader.programme(*documents)
    beside = environment.home() / "config"
    loader.look(*documents, forms=loader.forms(beside / "forms"), kinds=loader.reports(beside / "reports"))
    warn(loader.warnings(*documents))
    made = programme.obligations()
    if as_json:
        for owed in made:
            print(json.dumps(line(owed), ensure_ascii=False))
        return
    _show(programme, made)


def line(owed: Obligation) -> dict[str, object]:
    """An obligation as one line of JSON; instants carry the offset of the place they are due in."""
    zone = ZoneInfo(owed.zone)
    return {
        "key": owed.key,
        "duty": owed.duty,
        "stage": owed.stage,
        "area": owed.area,
        "team": owed.team,
        "slot": owed.slot,
        "period_start": owed.period_start.isoformat(),
        "period_end": owed.period_end.isoformat(),
        "opens_at": owed.opens_at.astimezone(zone).isoformat(),
        "due_at": owed.due_at.astimezone(zone).isoformat(),
        "closes_after": owed.closes_after.astimezone(zone).isoformat(),
        "zone": owed.zone,
        "rule": owed.rule,
        "ladder": owed.ladder,
    }


def warn(findings: list[Finding]) -> None:
    """Say on standard error what is allowed but perhaps not meant."""
    for finding in findings:
        typer.echo(f"warning: {finding}", err=True)


def _show(programme: Programme, made: list[Obligation]) -> None:
    console = Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else NARROW)
    console.print(f"{programme.code}: {len(made)} reports owed")
    console.print()
    console.print(_by_duty(programme, made))
    console.print()
    console.print(_by_time(programme, made))


def _by_duty(programme: Programme, made: list[Obligation]) -> Table:
    """How many reports each duty makes, from when to when; also a duty that makes none."""
    table = _table("duty", "reports", "first due", "last due", "name")
    for duty in programme.policy.duties:
        due = [_due(owed).partition(" ")[0] for owed in made if owed.duty == duty.code]
        table.add_row(duty.code, str(len(due)), min(due, default="-"), max(due, default="-"), duty.name)
    return table


def _by_time(programme: Programme, made: list[Obligation]) -> Table:
    """What falls due, those of one rule and slot in one line."""
    owing: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for owed in made:
        owing[_due(owed), owed.slot, owed.rule].append(owed.area)
    table = _table("due", "slot", "rule", "owed by")
    for (due, slot, rule), areas in owing.items():
        table.add_row(due, slot, rule, _places(programme.desk, areas))
    return table


def _places(desk: DeskRule, areas: list[str]) -> str:
    for kind, all_of in (("districts", desk.districts), ("teams", desk.teams)):
        if len(areas) > 1 and set(areas) == {one.code for one in all_of}:
            return f"all {len(areas)} {kind}"
    return ", ".join(map(desk.area_name, areas))


def _due(owed: Obligation) -> str:
    return f"{owed.due_at.astimezone(ZoneInfo(owed.zone)):%Y-%m-%d %H.%M %Z}"


def _table(*columns: str) -> Table:
    """A table that folds what is long, but no code and no time."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        whole = column in ("due", "slot", "duty", "reports", "first due", "last due")
        table.add_column(column, no_wrap=whole, overflow="fold")
    return table


@app.command()
def schema() -> None:
    """Write the JSON Schemas from which editors complete the YAML files, and every key into docs/configuration.md."""
    for file in schemas.write():
        print(file)
    print(reference.write())


@app.command("load")
def load_(files: Annotated[list[Path], typer.Argument(help="Election, desk and policy (YAML), any order.")]) -> None:
    """Load a programme into the database. The same files again change nothing; changed ones are refused.

    Names count from the current folder; those in DESK_ELECTION, DESK_DESK and DESK_POLICY from where the desk is.

    A programme that cannot be read any more (status, doctor) is mended by files that make the same reports.
    """
    from jobs.assemble import opened
    from jobs.database import Use
    from jobs.operator import load

    documents = loader.read_all(files)
    load.combined(documents)  # files that make no programme must not make a database either
    with opened(Use.MAKE) as rt:
        for done in load.load(rt, documents):
            warn(list(done.warnings))
            mended = "; it can be read again, and goes on by itself" if done.mended else ""
            print(f"{done.programme}: {done.planned} reports owed, {done.new} new{mended}")


@app.command()
def lint() -> None:
    """Render every text with the longest values of every desk; exit status 1 if one does not hold."""
    from notifiers.lint import findings

    here = Path(loader.__file__).parent
    loader.reports(here / "reports")
    values = [
        loader.read(path).value for kind in ("desks", "policies") for path in sorted((here / kind).glob("*.yaml"))
    ]
    desks = [value for value in values if isinstance(value, DeskRule)]
    policies = [value for value in values if isinstance(value, PolicyRule)]
    broken = findings(desks, policies)
    for finding in broken:
        print(finding)
    raise typer.Exit(1 if broken else 0)
