"""Who holds which office: take in a list, show it, erase names."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from jobs.assemble import opened
from jobs.commands import confirming, shown
from jobs.database import Use
from jobs.operator import people, subjects
from jobs.operator.people import Person
from jobs.operator.refusals import Refusal
from jobs.operator.second import Asked
from rules.desk import Channel
from services import holders, sheets
from services.sheets import BadSheet

app = typer.Typer()
commands = typer.Typer(help="Who holds which office, and how it is reached.", no_args_is_help=True)
app.add_typer(commands, name="people")

Desk = Annotated[str, typer.Option(help="Code of the desk, where several are loaded.")]
Json = Annotated[bool, typer.Option("--json", help="JSON Lines on standard output.")]


@commands.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX: kantor, nama, jenis, sejak, sampai, hp, whatsapp, surel.")],
    desk: Desk = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and do nothing.")] = False,
) -> None:
    """Take in who holds which office: all rows, or none if one is refused (exit status 1)."""
    try:
        rows = holders.read(_bytes(file))
    except BadSheet as error:
        raise Refusal(f"{file}: {error}") from error
    with opened() as rt:
        lines = people.take(rt, people.desk_of(rt, desk), rows, dry=dry_run)
    for line in lines:
        print(f"row {line.row}: {line.office}: {'refused: ' if line.refused else ''}{line.does}")
    refused = sum(line.refused for line in lines)
    if refused:
        raise Refusal(f"{refused} of {len(lines)} rows are refused, so nothing was taken in")
    if dry_run:
        print("a dry run: nothing was taken in")


@commands.command("list")
def list_(desk: Desk = "", as_json: Json = False) -> None:
    """Every office, who holds it, and how it is reached; numbers and addresses are masked."""
    with opened(Use.ASK) as rt:
        listed = people.listed(rt, people.desk_of(rt, desk))
    _print(listed, as_json=as_json)


@commands.command()
def aides(desk: Desk = "", as_json: Json = False) -> None:
    """Every aide in a village (operator desa) who is known by name or address; masked. `erase CODE` takes one out."""
    with opened(Use.ASK) as rt:
        listed = people.helping(rt, people.desk_of(rt, desk))
    _print(listed, as_json=as_json)


def _print(listed: Sequence[Person], *, as_json: bool) -> None:
    if as_json:
        for person in listed:
            print(json.dumps(person._asdict(), default=shown.plain, ensure_ascii=False))
        return
    table = Table()
    longest = max((len(person.office) for person in listed), default=0)
    table.add_column("office", no_wrap=True, min_width=longest)  # typed again in other commands, so never cut
    for column in ("title", "holder", "since", "reached by"):
        table.add_column(column, overflow="fold")
    for person in listed:
        since = f"{person.since:%Y-%m-%d}" if person.since else ""
        table.add_row(person.office, person.title, person.holder, since, "\n".join(person.contacts) or "nothing")
    Console(markup=False).print(table)


@commands.command()
def file(desk: Desk = "") -> None:
    """Print the desk's file as it is in force: with every change of teams that was made on the pages."""
    with opened(Use.ASK) as rt:
        print(people.file(rt, people.desk_of(rt, desk)), end="")


@commands.command()
def revive(
    channel: Annotated[Channel | None, typer.Option(help="Only addresses of this channel.")] = None, desk: Desk = ""
) -> None:
    """Use every address again that was given up, once the mail server or gateway that was at fault is mended."""
    with opened() as rt:
        revived = people.revive(rt, people.desk_of(rt, desk), channel)
    for line in revived:
        print(line)
    print(f"{len(revived)} in use again")


@commands.command()
def erase(
    office: Annotated[str, typer.Argument(help="Code of the office.")],
    desk: Desk = "",
    reason: Annotated[str, typer.Option(help="Why it is erased, as the record keeps it.")] = "",
) -> None:
    """Remove names and addresses of past holders, and what they wrote. Reports stay as they were filed.

    An aide is taken out as well. Much of it waits for a second person.
    """
    with opened() as rt:
        erased = subjects.erase_past(rt, people.desk_of(rt, desk), office, reason=reason)
        if isinstance(erased, Asked):
            confirming.asked(erased, shown.zone(rt))
    addresses, names, written = erased
    print(f"{office}: {names} names, {addresses} addresses and {written} messages from them erased")


@commands.command()
def known(
    desk: Desk = "",
    erase: Annotated[bool, typer.Option("--erase", help="Erase what is not needed any more; with --reason.")] = False,
    reason: Annotated[str, typer.Option(help="Why it is erased, as the record keeps it.")] = "",
) -> None:
    """What is known of one person. His number, address or name is read from standard input, so that no history has it.

    Who is in office stays, and so do reports; that it was looked at, or erased, is recorded without his name.
    """
    person = sys.stdin.readline()
    with opened() as rt:
        which = people.desk_of(rt, desk)
        if erase:
            erased = subjects.erase(rt, which, person, reason=reason)
            if isinstance(erased, Asked):
                confirming.asked(erased, shown.zone(rt))
            addresses, names, written = erased
            print(f"{addresses} addresses, {names} names and {written} messages from him erased")
            return
        found = subjects.known(rt, which, person)
    for row in found.rows:
        print(f"{row.office}: {row.what}{' (over)' if row.over else ''}")
    for what, count in found.counts.items():
        print(f"{count} {what}")
    if not found.rows and not found.counts:
        print("nothing is known")


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > sheets.LARGEST:
            raise Refusal(f"{file}: larger than {sheets.LARGEST} bytes")
        return file.read_bytes()
    except OSError as error:
        raise Refusal(f"{file}: cannot be read: {error.strerror}") from error
