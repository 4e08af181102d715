"""Who holds which office: a list taken in, shown, erased."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from config import sheets
from config.sheets import BadSheet
from jobs import people as offices
from jobs.assemble import opened
from jobs.refusals import Refusal

app = typer.Typer()
people = typer.Typer(help="Who holds which office, and how it is reached.", no_args_is_help=True)
app.add_typer(people, name="people")

Desk = Annotated[str, typer.Option(help="Code of the desk, where several are loaded.")]
Json = Annotated[bool, typer.Option("--json", help="JSON Lines on standard output.")]


@people.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX: kantor, nama, jenis, sejak, sampai, hp, whatsapp, surel.")],
    desk: Desk = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and do nothing.")] = False,
) -> None:
    """Take in who holds which office: all rows, or none if one is refused (exit status 1)."""
    try:
        rows = sheets.read(_bytes(file), offices.WANTED)
    except BadSheet as error:
        raise Refusal(f"{file}: {error}") from error
    with opened() as rt:
        lines = offices.take(rt, offices.desk_of(rt, desk), rows, dry=dry_run)
    for line in lines:
        print(f"row {line.row}: {line.office}: {'refused: ' if line.refused else ''}{line.does}")
    refused = sum(line.refused for line in lines)
    if refused:
        raise Refusal(f"{refused} of {len(lines)} rows are refused, so nothing was taken in")
    if dry_run:
        print("a dry run: nothing was taken in")


@people.command("list")
def list_(desk: Desk = "", as_json: Json = False) -> None:
    """Every office, who holds it, and how it is reached; numbers and addresses are masked."""
    with opened() as rt:
        found = offices.listed(rt, offices.desk_of(rt, desk))
    if as_json:
        for person in found:
            print(json.dumps(person._asdict(), default=str, ensure_ascii=False))
        return
    table = Table()
    for column in ("office", "title", "holder", "since", "reached by"):
        table.add_column(column)
    for person in found:
        since = f"{person.since:%Y-%m-%d}" if person.since else ""
        table.add_row(person.office, person.title, person.holder, since, "\n".join(person.contacts) or "nothing")
    Console(markup=False).print(table)


@people.command()
def erase(office: Annotated[str, typer.Argument(help="Code of the office.")], desk: Desk = "") -> None:
    """Take names and addresses of past holders out of the books; reports stay as they were filed."""
    with opened() as rt:
        names, addresses = offices.erase(rt, offices.desk_of(rt, desk), office)
    print(f"{office}: {names} names and {addresses} addresses erased")


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > sheets.LARGEST:
            raise Refusal(f"{file}: larger than {sheets.LARGEST} bytes")
        return file.read_bytes()
    except OSError as error:
        raise Refusal(f"{file}: cannot be read: {error.strerror}") from error
