"""Give advice, directions and invitations, and answer them, on behalf of an office."""

import json
from datetime import datetime
from typing import Annotated

import typer

from jobs.assemble import opened
from jobs.commands import shown
from jobs.commands.recording import By, moment
from jobs.commands.shown import Json
from jobs.database import Use
from jobs.operator import advising
from models.matters.advice import Wording
from rules.advice import Answer, Sort

app = typer.Typer()
advice = typer.Typer(help="Advice (saran), directions (arahan), invitations (undangan).", no_args_is_help=True)
app.add_typer(advice, name="advice")


@app.callback()
def main() -> None:
    """What offices give others to do."""


Key = Annotated[str, typer.Argument(help="The number of an advice, as one office has it: A-0012, A-0012-2.")]
Due = Annotated[datetime, typer.Option(parser=moment, help="By when; of a meeting: when it begins.")]
Until = Annotated[datetime | None, typer.Option(parser=moment, help="Of a meeting: when it ends.")]


@advice.command()
def give(
    programme: Annotated[str, typer.Argument(help="election/desk, as in pemilu-2024/barito-kuala.")],
    by: By,
    to: Annotated[list[str], typer.Option(help="Code of an office; once for each. Coordinators advise their own.")],
    text: Annotated[str, typer.Option(help="What is to be done; of a meeting: its agenda.")],
    due: Due,
    sort: Annotated[Sort, typer.Option(help="What it is.")] = Sort.ADVICE,
    about: Annotated[str, typer.Option(help="The number of the problem that it is about.")] = "",
    district: Annotated[str, typer.Option(help="Code of the district that it is about.")] = "",
    place: Annotated[str, typer.Option(help="Of a meeting: where.")] = "",
    until: Until = None,
) -> None:
    """Give it; prints its number, one for each office. Each is told at once."""
    wording = Wording(sort, text, due, area=district, place=place, ends_at=until)
    with opened() as rt:
        for code in advising.give(rt, programme, wording, to=to, by=by, about=about):
            print(code)


@advice.command("list")
def list_(as_json: Json = False) -> None:
    """What is not closed."""
    with opened(Use.ASK) as rt:
        waiting, zone = advising.still_open(rt), shown.zone(rt)
    for line in waiting:
        print(json.dumps(line, default=shown.plain, ensure_ascii=False) if as_json else shown.row(line, zone))


@advice.command()
def confirm(
    key: Key,
    by: By,
    answer: Annotated[Answer, typer.Option(help="To an invitation: attends, deputy, absent.")] = Answer.RECEIVED,
    deputy: Annotated[str, typer.Option(help="The office that comes instead.")] = "",
) -> None:
    """The office received it; to an invitation it says whether it comes."""
    with opened() as rt:
        advising.answer(rt, key, answer, by=by, deputy=deputy)
    print(f"{key}: {answer}")


@advice.command()
def done(key: Key, by: By, text: Annotated[str, typer.Option(help="What was done.")]) -> None:
    """The office did it; whoever gave it is asked to close it."""
    with opened() as rt:
        advising.done(rt, key, by=by, text=text)
    print(f"{key}: done, to be closed by whoever gave it")


@advice.command()
def close(key: Key, by: By, text: Annotated[str, typer.Option(help="A last word.")] = "") -> None:
    """Whoever gave it is content."""
    with opened() as rt:
        advising.close(rt, key, by=by, text=text)
    print(f"{key} is closed")


@advice.command("send-back")
def send_back(key: Key, by: By, ask: Annotated[str, typer.Option(help="What is still missing.")], due: Due) -> None:
    """What was done is not enough: the office is told, with a new due time."""
    with opened() as rt:
        zone = shown.zone(rt)
        advising.send_back(rt, key, by=by, asked=ask, due_at=due)
    print(f"{key} is sent back until {shown.clock(due, zone)}")


@advice.command()
def withdraw(key: Key, by: By, reason: Annotated[str, typer.Option(help="Why.")]) -> None:
    """Nothing is waited for any more; whoever was told of it is told that."""
    with opened() as rt:
        advising.withdraw(rt, key, by=by, reason=reason)
    print(f"{key} is withdrawn")


@advice.command()
def move(
    key: Key,
    by: By,
    due: Due,
    until: Annotated[datetime, typer.Option(parser=moment, help="When it ends.")],
    place: Annotated[str, typer.Option(help="Where; none: as before.")] = "",
) -> None:
    """A meeting is at another time or place: everybody who was invited is asked again."""
    with opened() as rt:
        zone = shown.zone(rt)
        advising.move(rt, key, by=by, starts_at=due, ends_at=until, place=place)
    print(f"{key} is moved to {shown.clock(due, zone)}")


@advice.command()
def attended(
    key: Key, by: By, absent: Annotated[bool, typer.Option("--absent", help="It was not there.")] = False
) -> None:
    """Record who was at a meeting, once it has begun."""
    with opened() as rt:
        advising.attended(rt, key, by=by, present=not absent)
    print(f"{key}: {'was not there' if absent else 'was there'}")
