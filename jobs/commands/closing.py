"""The end of a programme, its archive, what is taken out of the books later, and a vote that opens it again."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from jobs.assemble import opened
from jobs.commands.shown import Json
from jobs.database import Use
from jobs.operator import closing, retaining
from rules.closing import Left, Open
from rules.learned import Side, Stage
from services.archiving import Written

app = typer.Typer()

Code = Annotated[str, typer.Argument(help="Code of the programme, as ./desk status names it: ELECTION/DESK.")]
By = Annotated[str, typer.Option(help="Code of the office that decided it.")]
Reason = Annotated[str, typer.Option(help="Why, as the record of changes keeps it.")]

WORDS = {
    Left.OVERDUE: "reports past their time that are still waited for",
    Left.AHEAD: "reports that are not due yet",
    Left.PROMISED: "reports that were promised",
    Left.PROBLEMS: "problems",
    Left.ADVICE: "advice, directions and invitations without an end",
    Left.TRIPS: "field trips",
    Left.APPEALS: "appeals to those above without an answer",
    Left.SUBMISSIONS: "reports to the Government that have not left",
    Left.TASKS: "tasks of the secretariat",
    Left.NOTICES: "notices that wait to be sent",
    Left.MESSAGES: "messages on their way",
    Left.IN_DOUBT: "messages in doubt",
    Left.WRITTEN: "messages from people that nobody has read",
    Left.DRAFTS: "drafts that somebody typed and did not send",
}
NAMED = 10
"""So many of a kind are named; the rest is counted."""


@app.command()
def close(
    programme: Code,
    by: By = "",
    reason: Reason = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is open, and close nothing.")] = False,
    as_json: Json = False,
) -> None:
    """End a programme: nothing of it is chased or sent any more. Shows what was open.

    What came in stays. `./desk reopen` takes it up again.
    """
    with opened(Use.ASK if dry_run else Use.CHANGE) as rt:
        left = closing.look(rt, programme) if dry_run else closing.close(rt, programme, by=by, reason=reason).left
    if as_json:
        print(json.dumps({"programme": programme, "closed": not dry_run, "open": _document(left)}))
        return
    for one in left:
        print(_line(one))
    if not left:
        print("nothing is open")
    print(f"{programme}: a dry run, nothing was changed" if dry_run else f"{programme} is closed")
    if not dry_run:
        print("its archive: ./desk archive; what is learned of it, by stage: ./desk learned")


@app.command()
def reopen(
    programme: Code,
    by: By = "",
    reason: Reason = "",
    area: Annotated[list[str] | None, typer.Option(help="Only this district, by its code; may be repeated.")] = None,
) -> None:
    """Take a closed programme up again, as for a vote that is repeated: what is ahead or under way goes on.

    What fell due meanwhile is asked of nobody. New dates follow with `./desk amend`.
    """
    with opened() as rt:
        count = closing.reopen(rt, programme, area or (), by=by, reason=reason)
    print(f"{programme} is live again: {count} matters go on")


@app.command()
def archive(
    programme: Code,
    into: Annotated[Path | None, typer.Option(help="Folder; by default that of the reports to the Government.")] = None,
) -> None:
    """Write a programme into one ZIP that is read without this program; what is restricted into a second one.

    Reports, rows, calendar, recap as PDF/A and XLSX, and the hash of each. No numbers, addresses or texts of messages.
    """
    with opened() as rt:
        _written(closing.archive(rt, programme, into=into))


@app.command()
def learned(programme: Code, as_json: Json = False) -> None:
    """Show by stage what came late or never, and whether that was on our side, the channel's or the team's.

    Of a closed programme as it was then. For the next policy: no district and no person is counted.
    """
    with opened(Use.ASK) as rt:
        stages = closing.learn(rt, programme)
    if as_json:
        print(json.dumps([_learned(one) for one in stages], ensure_ascii=False))
        return
    for one in stages:
        counts = one.counts
        print(f"{one.code or '-'} {one.name}")
        print(f"  owed {counts.due}, on time {counts.on_time}, late {counts.late}, never {counts.missing}")
        for side in Side:
            why = ", ".join(f"{reason} {one.reasons[reason]}" for reason in one.reasons if reason.side is side)
            if why:
                print(f"  {side}: {one.on(side)} ({why})")
    if not stages:
        print("nothing was owed")


def _learned(stage: Stage) -> dict[str, object]:
    counts = {name: stage.counts.of(name) for name in ("due", "on_time", "late", "missing", "waived")}
    sides = {side: stage.on(side) for side in Side}
    return {"stage": stage.code, "name": stage.name, **counts, "sides": sides, "reasons": dict(stage.reasons)}


@app.command()
def retain(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go; change nothing.")] = False,
) -> None:
    """Take out personal data of closed elections that were kept as long as the policy says (`retain`).

    The clock does it once a day. Reports, rows and decisions stay.
    """
    with opened(Use.ASK if dry_run else Use.CHANGE) as rt:
        done = retaining.purge(rt, dry_run=dry_run)
    for own in done:
        print(f"{own.desk}: {own.kind}: {own.rows}")
    if not done:
        print("nothing has been kept long enough")
    elif dry_run:
        print("a dry run: nothing was taken out")


def _written(files: Sequence[Written]) -> None:
    for one in files:
        print(f"{one.path}\n  SHA-256 {one.digest}")
        for name in one.missing:
            print(f"  not in it, for it is gone or was changed: {name}")


def _document(left: Sequence[Open]) -> dict[str, object]:
    return {one.kind: {"number": one.number, "codes": one.codes} for one in left}


def _line(one: Open) -> str:
    named = ", ".join(one.codes[:NAMED]) + (", ..." if len(one.codes) > NAMED else "")
    return f"{one.number:5} {WORDS[one.kind]}{f': {named}' if named else ''}"
