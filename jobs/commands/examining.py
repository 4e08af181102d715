"""Look at what the desk stands on, before its users notice what is wrong."""

import json
from typing import Annotated

import typer

from config import settings as environment
from jobs.operator import doctor
from jobs.operator.looks import State, worst

app = typer.Typer()


@app.callback()
def main() -> None:
    """Look at what the desk stands on."""


@app.command("doctor")
def doctor_(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line on standard output.")] = False,
) -> None:
    """Look at all that the desk stands on, line by line; send nothing. Exit status 1 if any line fails."""
    lines = doctor.examine(environment.read())
    for line in lines:
        remedy = f" -> {line.do}" if line.do else ""
        print(json.dumps(line._asdict()) if as_json else f"{line.state:<5} {line.what}: {line.means}{remedy}")
    raise typer.Exit(1 if worst(lines) is State.FAIL else 0)


@app.command()
def sbom(
    licences: Annotated[bool, typer.Option("--licences", help="A line a package: name, version, licence.")] = False,
) -> None:
    """What the program is made of: every locked package with version, hashes and licence, as CycloneDX (JSON)."""
    from jobs.operator import sbom as bill

    lock = bill.LOCK.read_text(encoding="utf-8")
    if licences:
        for package in bill.packages(lock):
            print(f"{package.name} {package.version}: {package.licence or 'not installed here'}")
        return
    print(json.dumps(bill.document(lock), indent=1, ensure_ascii=False))
