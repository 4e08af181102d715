"""Record what came in: reports of teams, the report to the Government."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from jobs.assemble import opened
from jobs.commands import shown
from jobs.commands.shown import Json
from jobs.database import Use
from jobs.operator import bodies, reports, verifying
from jobs.operator.refusals import Refusal
from jobs.turn import compile
from rules.filing import Content, Incoming, Via

app = typer.Typer()
report = typer.Typer(help="Reports that teams owe.", no_args_is_help=True)
app.add_typer(report, name="report")

Key = Annotated[str, typer.Argument(help="A report's key or number (R-0805).")]
By = Annotated[str, typer.Option(help="Code of the office it comes from.")]


def moment(text: str) -> datetime:
    """An ISO 8601 time. It needs its offset: without one the time would be a guess."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no time: write 2024-02-05T14:20+08:00") from error
    if at.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no offset: write {text}+08:00")
    return at


@report.command("file")
def file_(
    key: Key,
    by: By,
    channel: Annotated[Via, typer.Option(help="How it reached the desk.")],
    nil: Annotated[bool, typer.Option("--nil", help="Nothing to report.")] = False,
    file: Annotated[Path | None, typer.Option(help="What was reported: JSON, or plain text.")] = None,
    at: Annotated[datetime | None, typer.Option(parser=moment, help="When it was received, if not now.")] = None,
    reason: Annotated[str, typer.Option(help="Needed when it was received on an earlier day.")] = "",
    as_json: Json = False,
) -> None:
    """Record a report, on behalf of an office; prints the receipt number once it is kept."""
    if nil == (file is not None):
        raise typer.BadParameter("give either --nil or --file")
    body = bodies.read(file) if file else {}
    content = Content.NIL if nil else Content.FILLED
    with opened() as rt:
        receipt = reports.file(rt, key, Incoming(content, body, channel, by, at=at, reason=reason))
    if as_json:
        print(json.dumps(receipt._asdict(), default=shown.plain))
    else:
        again = " (the same report again)" if receipt.again else ""
        print(f"{receipt.number}, version {receipt.version}, received {receipt.received_at:%Y-%m-%d %H.%M %Z}{again}")
        for code in receipt.problems:
            print(f"{code}: problem recorded")


@report.command()
def waive(key: Key, by: By, reason: Annotated[str, typer.Option(help="Why it is not needed.")]) -> None:
    """End the chase of a report that is not needed."""
    with opened() as rt:
        reports.waive(rt, key, reason=reason, by=by)
    print(f"{key} is waived")


@report.command()
def extend(
    key: Key,
    by: By,
    until: Annotated[datetime, typer.Option(parser=moment, help="Until when it is waited for.")],
    reason: Annotated[str, typer.Option(help="Why.")],
) -> None:
    """Wait for a report until then. Before its due time it is on time until then; after it only the chase rests."""
    with opened() as rt:
        zone = shown.zone(rt)
        in_time = reports.extend(rt, key, until=until, reason=reason, by=by)
    print(f"{key} is {'on time' if in_time else 'not chased, though late,'} until {shown.clock(until, zone)}")


@report.command()
def revoke(
    key: Key,
    by: By,
    reason: Annotated[str, typer.Option(help="Why.")],
    until: Annotated[
        datetime | None, typer.Option(parser=moment, help="Until when it is waited for; none: as before.")
    ] = None,
) -> None:
    """Take a waiver or an extension back; the team is told."""
    with opened() as rt:
        zone = shown.zone(rt)
        reports.revoke(rt, key, until=until, reason=reason, by=by)
    print(f"{key} is owed again{f' until {shown.clock(until, zone)}' if until else ''}")


@report.command("return")
def return_(
    key: Key,
    by: By,
    until: Annotated[datetime, typer.Option(parser=moment, help="By when.")],
    ask: Annotated[str, typer.Option(help="What is to be improved.")],
) -> None:
    """Return a report to be improved: whoever files it is told, and is chased again from that time on."""
    with opened() as rt:
        zone = shown.zone(rt)
        reports.give_back(rt, key, asked=ask, until=until, by=by)
    print(f"{key} is returned until {shown.clock(until, zone)}")


@report.command()
def accept(key: Key, by: By) -> None:
    """Take a returned report as it is."""
    with opened() as rt:
        reports.accept(rt, key, by=by)
    print(f"{key} is accepted")


@report.command("acknowledge")
def take_on(
    key: Key, by: By, until: Annotated[datetime, typer.Option(parser=moment, help="Until when it is in hand.")]
) -> None:
    """Take a late report on; nobody hears of it until then."""
    with opened() as rt:
        zone = shown.zone(rt)
        reports.acknowledge(rt, key, by=by, until=until)
    print(f"{key} is acknowledged until {shown.clock(until, zone)}")


@app.command("compile")
def compile_() -> None:
    """Compile now what is due: freeze facts at their cut-off and make the documents that are missing."""
    with opened() as rt:
        with rt.sessions.begin() as session:
            now = rt.clock(session)
        frozen = compile.run(rt, now=now)
        made = compile.make_documents(rt, limit=10_000)
        print(f"{frozen} frozen, {made} documents tried; see {rt.documents}")


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="A compiled report.")] = None,
    *,
    books: Annotated[bool, typer.Option("--books", help="Look through the books instead, leaf by leaf.")] = False,
) -> None:
    """Whether a file is what was compiled, or the books are what was written. Exit status 1 if not."""
    if (file is None) != books:
        raise Refusal("give a file, or --books")
    with opened(Use.ASK) as rt:
        verdicts = [verifying.verify(rt, file)] if file else verifying.look_through(rt)
    print("\n".join(verdict.words for verdict in verdicts))
    raise typer.Exit(0 if all(verdict.holds for verdict in verdicts) else 1)
