"""Try a programme out on a virtual clock. Nothing is sent, and everything can be looked at."""

import json
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from config import loader
from config import settings as environment
from config.documents import Document
from jobs import logs
from jobs.commands import shown
from jobs.rehearsal import play

app = typer.Typer()

ENDS = ("low", "likely", "high")
"""What messages would cost if all came in time, as the scenario has it, and if none ever came."""

CONFIG = Path(loader.__file__).parent
DEMO = (
    CONFIG / "elections" / "pemilu-2024.yaml",
    CONFIG / "desks" / "barito-kuala.yaml",
    CONFIG / "policies" / "default.yaml",
)

Out = Annotated[Path, typer.Option(help="Folder to write to.")]
Documents = Annotated[str, typer.Option(help="Reports to the Government to typeset: all, last (of each kind) or none.")]


@app.command()
def demo(out: Out = Path("demo"), documents: Documents = "last") -> None:
    """Live through the real calendar of Pemilu 2024 at the desk of Kabupaten Barito Kuala. Sends nothing."""
    files = [loader.read(path) for path in DEMO]
    scenario = loader.read(CONFIG / "scenarios" / "demo.yaml")
    rehearsed(files, scenario, out=out, documents=documents, above=documents != "none")


@app.command()
def rehearse(
    election: Annotated[Path, typer.Argument(help="Calendar of the election (YAML).")],
    desk: Annotated[Path, typer.Argument(help="The desk (YAML).")],
    policy: Annotated[Path, typer.Argument(help="The policy (YAML).")],
    scenario: Annotated[Path, typer.Option(help="Who files when, what breaks (YAML).")],
    out: Out = Path("rehearsal"),
    first: Annotated[datetime | None, typer.Option("--from", help="First local day.", formats=["%Y-%m-%d"])] = None,
    last: Annotated[datetime | None, typer.Option("--to", help="Last local day.", formats=["%Y-%m-%d"])] = None,
    seed: Annotated[int | None, typer.Option(help="Luck; the scenario's own if not given.")] = None,
    documents: Documents = "last",
    forecast: Annotated[
        bool,
        typer.Option("--forecast", help="Also what messages cost at least and at most; takes thrice as long."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as one JSON document.")] = False,
) -> None:
    """Run a programme through its calendar on a virtual clock, by the code that runs in production. Sends nothing."""
    files = [loader.read(path) for path in (election, desk, policy)]
    script = loader.read(scenario)
    days = (first and first.date(), last and last.date())
    rehearsed(files, script, days=days, seed=seed, out=out, documents=documents, forecast=forecast, as_json=as_json)


def rehearsed(
    files: Sequence[Document],
    script: Document,
    *,
    out: Path,
    documents: str,
    days: tuple[date | None, date | None] = (None, None),
    seed: int | None = None,
    forecast: bool = False,
    as_json: bool = False,
    above: bool = False,
) -> None:
    """Play files through and say what came of it; always ends in `typer.Exit`: 1 if a promise was broken."""
    began = time.monotonic()
    logs.set_up(quiet=True)
    if documents not in ("all", "last", "none"):
        raise typer.BadParameter("all, last or none", param_hint="--documents")
    beside = environment.home() / "config"
    forms, kinds = loader.forms(beside / "forms"), loader.reports(beside / "reports")
    programme = loader.programme(*files)
    loader.look(*files, forms=forms, kinds=kinds)
    progress = _progress(quiet=as_json)
    task = progress.add_task("", total=1.0, day="")
    with ExitStack() as stack:  # a refusal comes before anything is played, and stands alone

        def tell(share: float, day: date | None) -> None:
            if not progress.live.is_started:
                stack.enter_context(progress)
            progress.update(task, completed=share, day=f"{day:%d.%m.%Y}" if day else "documents")

        summary = play.play(
            files,
            script,
            forms,
            kinds,
            out=out,
            documents=documents,
            tell=tell,
            days=days,
            seed=seed,
            forecast=forecast,
            above=above,
        )
    if as_json:
        print(json.dumps(summary, ensure_ascii=False, default=shown.plain))
    else:
        names = {stage.code: stage.name for stage in programme.election.stages}
        _show(summary, out, time.monotonic() - began, names)
    raise typer.Exit(1 if summary["broken_promises"] else 0)


SHOWN = 5
"""How much of what broke a promise is printed; summary.json has more."""


def _progress(*, quiet: bool) -> Progress:
    columns = (
        TextColumn("{task.fields[day]}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(file=sys.stderr), disable=quiet, transient=True, refresh_per_second=2)


def _costs(summary: Mapping[str, Any]) -> dict[str, int]:
    """What messages cost, in rupiah."""
    assumed = summary.get("price_per_segment")
    return {f"cost, if a text is {assumed} rupiah" if assumed else "cost in rupiah": summary["cost"]}


def _forecast(forecast: Mapping[str, Mapping[str, int]], names: Mapping[str, str]) -> Table:
    """What messages cost by stage: at least, as the scenario has it, and at most."""
    table = Table(title="Rupiah: all in time, as in the scenario, none ever comes", title_justify="left")
    for column in ("stage", *ENDS):
        table.add_column(column, justify="left" if column == "stage" else "right", overflow="fold")
    stages = [code for code in (*names, "") if any(code in own for own in forecast.values())]
    for code in stages:
        name = names.get(code, "problems and others")
        table.add_row(name, *(f"{forecast[end].get(code, 0):,}" for end in ENDS))
    table.add_row("all", *(f"{sum(forecast[end].values()):,}" for end in ENDS))
    return table


def _amended(own: Mapping[str, Any]) -> str:
    """When which files came into force, and what they changed."""
    counts = Counter[str]()
    for counted in own["duties"].values():
        counts.update(counted)
    changed = ", ".join(f"{count} {word}" for word, count in counts.items()) or "no report changed"
    at = datetime.fromisoformat(own["at"])
    return f"amended {at:%Y-%m-%d %H.%M} by {', '.join(own['files'])}: {changed}; {own['told']} office(s) told"


def _show(summary: Mapping[str, Any], out: Path, seconds: float, names: Mapping[str, str]) -> None:
    counts, console = summary["counts"], Console(markup=False)
    table = Table(title=f"{summary['programme']}, {summary['from'][:10]} - {summary['to'][:10]}", show_header=False)
    rows = {
        "reports owed": counts["obligations"],
        "  received on time": counts["on_time"],
        "  received late": counts["late"],
        "  not received": counts["missing"],
        "  of the received, nil": counts["nil"],
        "decisions (notices)": counts["notices"],
        "messages": counts["messages"],
        "  text segments": counts["segments"],
        "problems": counts["problems"],
        **_costs(summary),
    }
    for name, value in rows.items():
        table.add_row(name, f"{value:,}")
    console.print(table)
    if summary.get("forecast"):
        console.print(_forecast(summary["forecast"], names))
    for own in summary["amendments"]:
        console.print(f"  {_amended(own)}")
    for promise in summary["promises"]:
        console.print(
            f"  {'kept  ' if promise['kept'] else 'BROKEN'} {promise['name']}"
            + ("" if promise["kept"] else f": {promise['found']}")
        )
        for which in promise["which"][:SHOWN]:
            console.print(f"           {which}")
    console.print(f"done in {seconds:.1f} s; nothing was sent. Look at it: {out / 'index.html'}")
