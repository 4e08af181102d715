"""`./desk`: every command, its exit status, and nothing that takes long to import until it is wanted.

0 done, 1 finding or refusal, 2 usage, 69 missing prerequisite, 78 bad configuration.
"""

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = {
    "demo": "rehearsing",
    "rehearse": "rehearsing",
    "plan": "planning",
    "schema": "planning",
    "lint": "planning",
    "load": "planning",
    "migrate": "running",
    "run": "running",
    "clock": "running",
    "worker": "running",
    "web": "running",
    "status": "asking",
    "explain": "asking",
    "why-not": "asking",
    "hold": "asking",
    "report": "recording",
    "issue": "recording",
    "compile": "recording",
    "verify": "recording",
}
"""Which module of `jobs.commands` holds which command."""


class Lazy(TyperGroup):
    """Imports a command's module when it is asked for: `./desk --help` answers at once."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"jobs.commands.{COMMANDS[cmd_name]}")
        return typer.main.get_group(module.app).commands[cmd_name]


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
