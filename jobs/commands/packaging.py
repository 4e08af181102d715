"""Reports as signed packages, from the desk of one level to that of the next."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from config.errors import ConfigError
from jobs.assemble import opened
from jobs.commands.returning import LATER
from jobs.database import Use
from jobs.delivery import parcels
from jobs.operator import packages
from notifiers.enclosures import LARGEST
from rules import packages as rules

app = typer.Typer()
commands = typer.Typer(help="A report as a signed file for the desk of the level above.", no_args_is_help=True)
app.add_typer(commands, name="package")

File = Annotated[Path, typer.Argument(help="The package, as it was saved.")]


@commands.command()
def key() -> None:
    """The key that packages of this installation bear, and how it is read out to be compared."""
    with opened(Use.ASK) as rt:
        own = packages.key(rt)
    print(own)
    print(f"by telephone: {rules.spoken(own)}")


@commands.command()
def export(
    report: Annotated[str, typer.Argument(help="Number or key of the desk's own report.")],
    folder: Annotated[Path, typer.Argument(help="Where the file is written.")] = Path(),
) -> None:
    """Write the newest version that was sent as a package."""
    with opened() as rt:
        print(packages.export(rt, report, folder))


@commands.command()
def look(file: File) -> None:
    """What a package is, whose key it bears, and whether it would count. Changes nothing."""
    with opened(Use.ASK) as rt:
        seen = packages.look(rt, file)
    print(f"{seen.what}; unchanged since it was signed")
    print(f"key: {seen.key}")
    print(f"{file} {seen.doubt}" if seen.doubt else "it would be taken")


@commands.command("import")
def import_(
    file: File,
    by: Annotated[str, typer.Option(help="Code of the office that takes it in.")],
    trust: Annotated[bool, typer.Option("--trust", help="Its key was compared: it counts from now on.")] = False,
) -> None:
    """Take a package in: all of it is checked before any of it counts."""
    with opened() as rt:
        arrival = packages.take(rt, file, by=by, trust=trust)
    print(f"{arrival.kind} {arrival.slot} of {arrival.area}, version {arrival.version}: {arrival.fate}")


@commands.command("mail")
def mail() -> None:
    """Take in the packages that a mail on standard input has attached. Exit status 75: not now, keep it and try again.

    What does not count is set aside and is a task of the secretariat, so the status is 0: nobody is sent a mail back.
    """
    sent = sys.stdin.buffer.read(LARGEST)
    while sys.stdin.buffer.read(LARGEST):
        pass
    try:
        with opened() as rt:
            print("\n".join(parcels.take(rt, sent)))
    except (ConfigError, SQLAlchemyError, OSError) as error:
        print(f"desk: {error if isinstance(error, ConfigError) else type(error).__name__}", file=sys.stderr)
        raise typer.Exit(LATER) from None
