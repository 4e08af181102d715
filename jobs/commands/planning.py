"""Before anything runs: the plan of a programme, the schemas of its files, the lint of its texts, loading it."""

import json
import sys
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from config import loader
from config import schema as schemas
from config.errors import Finding
from rules.desk import Desk as DeskRule
from rules.duties import Obligation
from rules.policy import Policy as PolicyRule
from rules.programme import Programme

app = typer.Typer()

PIPED = 200
"""Signs in a line where nobody's screen says how many fit: keys stay whole."""

Election = Annotated[Path, typer.Argument(help="Calendar of the election (YAML).", show_default=False)]
Desk = Annotated[Path, typer.Argument(help="The desk (YAML).", show_default=False)]
Policy = Annotated[Path, typer.Argument(help="The policy (YAML).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="JSON Lines on standard output, and nothing else there.")]


@app.command()
def plan(election: Election, desk: Desk, policy: Policy, as_json: Json = False) -> None:
    """Show every report that would be owed, with its due time and the rule that made it. Changes nothing."""
    documents = loader.read(election), loader.read(desk), loader.read(policy)
    programme = loader.programme(*documents)
    made = programme.obligations()
    if as_json:
        for owed in made:
            print(json.dumps(line(owed), ensure_ascii=False))
        return
    warn(loader.warnings(*documents))
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
    """What is allowed and may not be meant, on standard error."""
    for finding in findings:
        typer.echo(f"warning: {finding}", err=True)


def _show(programme: Programme, made: list[Obligation]) -> None:
    table = Table(title=f"{programme.code}: {len(made)} reports owed")
    for column in ("due", "area", "slot", "key", "rule"):
        table.add_column(column, no_wrap=column in ("due", "slot"), overflow="fold")
    for owed in made:
        due = owed.due_at.astimezone(ZoneInfo(owed.zone))
        table.add_row(f"{due:%Y-%m-%d %H.%M %Z}", programme.desk.area_name(owed.area), owed.slot, owed.key, owed.rule)
    Console(markup=False, width=None if sys.stdout.isatty() else PIPED).print(table)


@app.command()
def schema() -> None:
    """Write the JSON Schemas from which editors complete the YAML files."""
    for file in schemas.write():
        print(file)


@app.command()
def load(files: Annotated[list[Path], typer.Argument(help="Election, desk and policy (YAML), any order.")]) -> None:
    """Load a programme into the database. The same files again change nothing; changed ones are refused.

    Names count from the current folder; those in DESK_ELECTION, DESK_DESK and DESK_POLICY from where the desk is.

    A programme that cannot be read any more (status, doctor) is mended by files that make the same reports.
    """
    from jobs import load as loading
    from jobs.assemble import opened

    with opened() as rt:
        for done in loading.load(rt, [loader.read(file) for file in files]):
            warn(list(done.warnings))
            mended = "; it can be read again, and goes on by itself" if done.mended else ""
            print(f"{done.programme}: {done.planned} reports owed, {done.new} new{mended}")


@app.command()
def lint() -> None:
    """Render every text with the longest values of every desk; exit status 1 if one does not hold."""
    from notifiers import lint as texts

    here = Path(loader.__file__).parent
    values = [
        loader.read(path).value for kind in ("desks", "policies") for path in sorted((here / kind).glob("*.yaml"))
    ]
    desks = [value for value in values if isinstance(value, DeskRule)]
    policies = [value for value in values if isinstance(value, PolicyRule)]
    found = texts.findings(desks, policies)
    for finding in found:
        print(finding)
    raise typer.Exit(1 if found else 0)
