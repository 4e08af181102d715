"""`./desk`: every command, its exit status, and nothing that takes long to import until it is wanted.

0 done, 1 finding or refusal, 2 usage, 69 missing prerequisite, 78 bad configuration.
"""

import gc
import importlib
import sys
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Command(NamedTuple):
    """In which module of `jobs.commands` a command is, and the first sentence of its help."""

    module: str
    help: str


COMMANDS = {
    "demo": Command(
        "rehearsing", "Live through the real calendar of Pemilu 2024 at the desk of Kabupaten Barito Kuala."
    ),
    "rehearse": Command("rehearsing", "Run a programme through its calendar on a virtual clock."),
    "plan": Command("planning", "Show every report that would be owed, with its due time and the rule that made it."),
    "schema": Command("planning", "Write the JSON Schemas from which editors complete the YAML files."),
    "lint": Command("planning", "Render every text with the longest values of every desk."),
    "load": Command("planning", "Load a programme into the database."),
    "amend": Command("amending", "Put changed files in force; what was filed, or is overdue, stays as it is."),
    "migrate": Command("running", "Bring the database to the shape this version needs."),
    "run": Command("running", "Clock, workers and web pages in one process: no service needed."),
    "clock": Command("running", "Turn the clock: watch what is due, decide who is told, ring for the workers."),
    "worker": Command("running", "Hand messages over."),
    "web": Command("serving", "Serve the web pages."),
    "status": Command("asking", "What is owed, held, in doubt and stuck."),
    "explain": Command("asking", "Everything that was decided about a report or a problem, and what comes next."),
    "why-not": Command("asking", "What an office was told on a day, and why nothing more."),
    "hold": Command("holding", "The hold switch: nothing is sent while it is on."),
    "bounce": Command("returning", "Take in one mail that came back, from standard input."),
    "doctor": Command("examining", "Look at all that the desk stands on, line by line; send nothing."),
    "outbox": Command("posting", "Messages: list them, try one again, take one back."),
    "report": Command("recording", "Reports that teams owe."),
    "issue": Command("recording", "Problems (permasalahan)."),
    "people": Command("people", "Who holds which office, and how it is reached."),
    "compile": Command("recording", "Compile now what is due, and make the documents that are wanting."),
    "verify": Command("recording", "Whether a file is what was compiled: its hash and its facts' hash."),
}


class Lazy(TyperGroup):
    """Imports a command's module when it is run; the list of commands is shown without: `./desk --help` is at once."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A stand-in, good for the list; `resolve_command` gives the command itself."""
        return TyperCommand(cmd_name, help=COMMANDS[cmd_name].help) if cmd_name in COMMANDS else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _, rest = super().resolve_command(ctx, args)
        return name, imported(str(name)), rest


def imported(name: str) -> Any:
    """The command itself. While modules are read nobody looks for garbage: there is none, and a seventh of a start."""
    gc.disable()
    module = importlib.import_module(f"jobs.commands.{COMMANDS[name].module}")
    gc.freeze()
    gc.enable()
    return typer.main.get_group(module.app).commands[name]


app = typer.Typer(cls=Lazy, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def desk(ctx: typer.Context) -> None:
    """The election support desk: who owes which report when, who was told, what came in."""
    ctx.obj = {"web": "web.app:create"}


def main() -> int:
    """Run a command; bad configuration and refusals end in one plain message and their exit status."""
    from config.errors import ConfigError
    from jobs.refusals import Refusal

    try:
        app(prog_name="./desk")
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 78
    except Refusal as error:
        print(f"desk: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
