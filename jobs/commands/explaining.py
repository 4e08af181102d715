"""Ask why something was told, and why not."""

import json
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from jobs.assemble import opened
from jobs.commands import shown
from jobs.commands.shown import Json
from jobs.database import Use
from jobs.operator import explain
from jobs.operator.explain import Explanation

app = typer.Typer()


@app.command("explain")
def explain_(
    key: Annotated[str, typer.Argument(help="A report or problem: its key, R-0805 or P-0012.")], as_json: Json = False
) -> None:
    """Everything that was decided about a report or a problem, with reasons, and what comes next."""
    with opened(Use.ASK) as rt:
        _print(explain.matter(rt, key), as_json=as_json)


@app.command("why-not")
def why_not_(
    office: Annotated[str, typer.Argument(help="Code of the office.")],
    day: Annotated[datetime, typer.Argument(help="Local day.", formats=["%Y-%m-%d"])],
    as_json: Json = False,
) -> None:
    """What an office was told on a day, and why nothing more."""
    with opened(Use.ASK) as rt:
        _print(explain.why_not(rt, office, day.date()), as_json=as_json)


def _print(explanation: Explanation, *, as_json: bool) -> None:
    if as_json:
        facts = explanation._asdict() | {"steps": [step._asdict() for step in explanation.steps]}
        print(json.dumps(facts, default=shown.plain, ensure_ascii=False))
        return
    console = Console(markup=False, highlight=False, soft_wrap=True)
    console.print(explanation.title, style="bold")
    for line in explanation.state:
        console.print(f"  {line}")
    for step in explanation.steps:
        console.print(f"  {step.at:%Y-%m-%d %H.%M %Z}  {step.what}" + (f"  [{step.why}]" if step.why else ""))
    if explanation.ahead:
        console.print(f"  -> {explanation.ahead}")
