"""Access tokens: for programs that read the desk's figures, and for the operator's page."""

import json
from typing import Annotated

import typer

from jobs.assemble import opened
from jobs.commands import shown
from jobs.database import Use
from jobs.operator import people, tokens
from rules.tokens import Scope

app = typer.Typer()
commands = typer.Typer(help="Access tokens for programs, and for the operator's page.", no_args_is_help=True)
app.add_typer(commands, name="token")


@commands.command("new")
def new(
    name: Annotated[str, typer.Argument(help="What it is for: dashboard of the province.")],
    scope: Annotated[list[Scope], typer.Option(help="What it opens; may stand several times.")],
    days: Annotated[int, typer.Option(help="For how long.")] = 90,
    desk: Annotated[str, typer.Option(help="Code of the desk, where several are loaded.")] = "",
) -> None:
    """Give out a token. It is shown now and never again."""
    with opened() as rt:
        id, token = tokens.give(rt, people.desk_of(rt, desk), name, scope, days)
    print(f"token {id}, good for {days} days:")
    print(token)


@commands.command("list")
def listed(as_json: Annotated[bool, typer.Option("--json", help="JSON Lines on standard output.")] = False) -> None:
    """Every token that was given out: what it opens, until when, when it was last used."""
    with opened(Use.ASK) as rt:
        rows, zone = tokens.listed(rt), shown.zone(rt)
    for own in rows:
        if as_json:
            print(json.dumps(own._asdict(), ensure_ascii=False, default=shown.plain))
            continue
        used = f"used {shown.clock(own.used_at, zone)}" if own.used_at else "never used"
        until = shown.clock(own.expires_at, zone)
        print(f"{own.id:>4}  {own.state:<8}  until {until}  {used}  {own.desk}: {', '.join(own.scopes)}  {own.name}")


@commands.command("revoke")
def revoke(id: Annotated[int, typer.Argument(help="Its number, from ./desk token list.")]) -> None:
    """Take a token back: it opens nothing from now on."""
    with opened() as rt:
        changed = tokens.revoke(rt, id)
    print(f"token {id} is revoked" if changed else f"token {id} was revoked already")
