"""The end of a programme, and a later vote that opens it again."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from jobs.assemble import opened
from jobs.database import Use
from jobs.operator import closing
from rules.closing import Left, Open

app = typer.Typer()

Code = Annotated[str, typer.Argument(help="Code of the programme, as ./desk status names it: ELECTION/DESK.")]
By = Annotated[str, typer.Option(help="Code of the office that decided it.")]
Reason = Annotated[str, typer.Option(help="Why, as the record of changes keeps it.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]

WORDS = {
    Left.OVERDUE: "reports that never came",
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


def _document(left: Sequence[Open]) -> dict[str, object]:
    return {one.kind: {"number": one.number, "codes": one.codes} for one in left}


def _line(one: Open) -> str:
    named = ", ".join(one.codes[:NAMED]) + (", ..." if len(one.codes) > NAMED else "")
    return f"{one.number:5} {WORDS[one.kind]}{f': {named}' if named else ''}"
