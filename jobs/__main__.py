"""`./desk`: every command and its exit status. What takes long to import is imported only when it is needed.

0 done, 1 finding or refusal, 2 usage, 69 something is missing or away, 78 bad configuration.
"""

import gc
import importlib
import os
import sys
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Command(NamedTuple):
    """The module of `jobs.commands` that has a command, and the first sentence of the command's help."""

    module: str
    help: str


COMMANDS = {
    "demo": Command(
        "rehearsing", "Live through the real calendar of Pemilu 2024 at the desk of Kabupaten Barito Kuala."
    ),
    "init": Command("founding", "Make a new desk for a regency: asks, writes its files, plans and rehearses it."),
    "rehearse": Command("rehearsing", "Run a programme through its calendar on a virtual clock."),
    "plan": Command("planning", "Show every report that would be owed, with its due time and the rule that made it."),
    "schema": Command("planning", "Write the JSON Schemas from which editors complete the YAML files."),
    "lint": Command("planning", "Render every text with the longest values of every desk."),
    "load": Command("planning", "Load a programme into the database."),
    "amend": Command("amending", "Put changed files in force; what was filed, or is overdue, stays as it is."),
    "shadow": Command("shadowing", "A policy that runs silently beside the live one, and what it would have sent."),
    "confirm": Command("confirming", "Look at what waits for a second person, and confirm or refuse it."),
    "close": Command("closing", "End a programme: nothing of it is chased or sent any more."),
    "reopen": Command("closing", "Take a closed programme up again, as for a vote that is repeated."),
    "learned": Command(
        "closing",
        "Show by stage what came late or never, and whether that was on our side, the channel's or the team's.",
    ),
    "archive": Command("closing", "Write a programme into one ZIP that is read without this program."),
    "retain": Command(
        "closing", "Take out personal data of closed elections that were kept as long as the policy says (`retain`)."
    ),
    "migrate": Command("running", "Bring the database to the shape this version needs."),
    "run": Command("running", "Clock, workers and web pages in one process: no service needed."),
    "clock": Command("running", "Turn the clock: watch what is due, decide who is told, ring for the workers."),
    "worker": Command("running", "Hand messages over."),
    "web": Command("serving", "Serve the web pages."),
    "status": Command("asking", "What is owed, held, in doubt and stuck."),
    "explain": Command("explaining", "Everything that was decided about a report or a problem, and what comes next."),
    "why-not": Command("explaining", "What an office was told on a day, and why nothing more."),
    "hold": Command("holding", "The hold switch: nothing is sent while it is on."),
    "budget": Command("budgeting", "What messages cost, and the budget for them."),
    "bounce": Command("returning", "Take in one mail that came back, from standard input."),
    "reply": Command("returning", "Take in one mail that somebody wrote in answer, from standard input."),
    "backup": Command("keeping", "Write the whole desk into one file, and check it."),
    "restore": Command("keeping", "Put a backup into an empty database."),
    "gap": Command("keeping", "What these books do not know, because an older copy was put back."),
    "emulator": Command(
        "emulating", "Run a mail server, a gateway and Twilio for a trial, with a page that shows every phone's screen."
    ),
    "doctor": Command("examining", "Look at all that the desk stands on, line by line; send nothing."),
    "outbox": Command("posting", "Messages: list them, try one again, take one back."),
    "report": Command("recording", "Reports that teams owe."),
    "issue": Command("problems", "Problems (permasalahan)."),
    "advice": Command("advising", "Advice (saran), directions (arahan), invitations (undangan)."),
    "package": Command("packaging", "A report as a signed file for the desk of the level above."),
    "people": Command("people", "Who holds which office, and how it is reached."),
    "sbom": Command("examining", "What the program is made of, with licences (CycloneDX)."),
    "token": Command("tokens", "Access tokens for programs, and for the operator's page."),
    "compile": Command("recording", "Compile now what is due, and make the documents that are missing."),
    "verify": Command("recording", "Whether a file is what was compiled, or the books are what was written."),
}


class Lazy(TyperGroup):
    """Imports a command's module only when the command runs, so that `./desk --help` answers at once."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A stand-in for the list of commands. `resolve_command` gives the command itself."""
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name].help) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _, rest = super().resolve_command(ctx, args)
        return name, imported(str(name)), rest


def imported(name: str) -> Any:
    """The command itself. No garbage is collected while modules load: it takes a seventh of the start."""
    gc.disable()
    module = importlib.import_module(f"jobs.commands.{COMMANDS[name].module}")
    gc.freeze()
    gc.enable()
    return typer.main.get_group(module.app).commands[name]


app = typer.Typer(cls=Lazy, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def say_version(wanted: bool) -> None:
    if wanted:
        from config import version

        typer.echo(f"desk-pemilu {version.own()}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=say_version, is_eager=True, help="Say which version this is.")
]


@app.callback()
def desk(ctx: typer.Context, version: Version = False) -> None:
    """The election support desk: who owes which report when, who was told, what came in."""
    ctx.obj = {"pages": "web.app:create", "connections": "web.guards.connections:Bounded"}


def main() -> int:
    """Run a command. Bad configuration and refusals end in one plain message and their exit status."""
    from config.errors import ConfigError
    from jobs.operator.refusals import Refusal

    if any("\ud800" <= sign <= "\udfff" for word in sys.argv[1:] for sign in word):
        print("desk: a word of the command is not UTF-8: write it in a terminal that is set to UTF-8", file=sys.stderr)
        return 78
    os.umask(0o077)  # what the desk writes is for its own user alone
    try:
        app(prog_name="./desk")
    except ConfigError as error:
        print(error, file=sys.stderr)
        return error.status
    except Refusal as error:
        print(f"desk: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
