"""The messages themselves: list them, ask for one more try, take one back."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from jobs.assemble import opened
from jobs.commands import confirming, shown
from jobs.commands.recording import moment
from jobs.database import Use
from jobs.delivery import channels
from jobs.operator import outbox, second
from jobs.operator.explain import KEPT_BACK
from jobs.operator.outbox import Answer
from jobs.operator.second import Asked
from models.messages.outbox import Filter
from rules.delivery import State
from rules.desk import Channel

app = typer.Typer()
commands = typer.Typer(help="Messages: list them, try one again, take one back.", no_args_is_help=True)
app.add_typer(commands, name="outbox")

Json = Annotated[bool, typer.Option("--json", help="One JSON document a line on standard output.")]
Ids = Annotated[list[int], typer.Argument(help="Numbers of messages, as the list shows them.")]
OneChannel = Annotated[Channel | None, typer.Option(help="Only this channel.")]


@commands.command("list")
def list_(
    channel: OneChannel = None,
    state: Annotated[State | None, typer.Option(help="Only those that stand so.")] = None,
    office: Annotated[str | None, typer.Option(help="Only to the office with this code.")] = None,
    since: Annotated[datetime | None, typer.Option(parser=moment, help="Only made since then, with offset.")] = None,
    limit: Annotated[int, typer.Option(help="The newest so many.", min=1, max=100_000)] = 100,
    as_json: Json = False,
) -> None:
    """Messages without their texts: whom, how, how it stands and why, and when it is tried next."""
    with opened(Use.ASK) as rt:
        messages = outbox.listing(rt, Filter(channel, state, office, since), limit=limit + 1)
        with rt.sessions() as session:
            zones = {programme.code: programme.desk.zone for programme in rt.live(session).values()}
    older = "; older ones with --limit" if len(messages) > limit else ""
    messages = messages[-limit:]
    if as_json:
        for message in messages:
            print(json.dumps(message, ensure_ascii=False))
        return
    print(f"{len(messages)} messages{older}")
    for message in messages:
        print(line(message, zones.get(str(message["programme"]))))


def line(message: Mapping[str, object], zone: str | None) -> str:
    """A message for people, in the time of its desk. A second line says why it stands as it does."""
    made, due = (_clock(message[name], zone) for name in ("created_at", "due_at"))
    stands = str(message["state"]).replace("_", " ") + (", perhaps twice" if message["possibly_doubled"] else "")
    stands = KEPT_BACK if message["kept_back"] else stands
    tries = f" after {message['tries']} tries" if int(str(message["tries"])) > 1 else ""
    coming = f", next {due}" if due else ""
    first = f"{message['id']:>6}  {made}  {message['channel']} to {message['office']} {message['to']}: {message['say']}"
    why = "" if message["why"] == "accepted" else f"\n        {message['why']}"
    return f"{first}, {stands}{tries}{coming}{why.rstrip()}"


def _clock(at: object, zone: str | None) -> str:
    """Empty: never."""
    local = datetime.fromisoformat(str(at)).astimezone(ZoneInfo(zone) if zone else None) if at else None
    return f"{local:%d.%m. %H.%M %Z}" if local else ""


@commands.command()
def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers of messages, as the list shows them.")] = None,
    channel: Annotated[Channel | None, typer.Option(help="All that failed on this channel.")] = None,
    twice: Annotated[
        bool, typer.Option("--yes-it-may-arrive-twice", help="Also what is in doubt: it may have arrived.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Ask for one more try of what failed, and of a channel that is down. Exit status 1 if a message is refused.

    What is no longer owed is not sent.
    """
    if bool(ids) == (channel is not None):
        raise typer.BadParameter("give either numbers of messages or --channel")
    with opened() as rt:
        wanted = [Filter(ids=ids)] if channel is None else outbox.failed_on(channel, twice=twice)
        answers = second.retry(rt, wanted, twice=twice)
        if isinstance(answers, Asked):
            confirming.asked(answers, shown.zone(rt), as_json=as_json)
        if channel is not None and channels.retry(rt, channel):
            print(f"{channel} is down: it is tried again at once", file=sys.stderr)
    _answer(answers, as_json=as_json)


@commands.command()
def cancel(
    ids: Ids,
    reason: Annotated[str, typer.Option(help="Why; it is kept, and `explain` shows it.")],
    as_json: Json = False,
) -> None:
    """Take back messages that wait. Exit status 1 if any is refused: it was sent, or is being sent."""
    with opened() as rt:
        answers = outbox.cancel(rt, ids, reason=reason)
    _answer(answers, as_json=as_json)


def _answer(answers: Sequence[Answer], *, as_json: bool) -> None:
    for answer in answers:
        refused = "" if answer.done else "refused: "
        print(json.dumps(answer._asdict()) if as_json else f"{answer.message}: {refused}{answer.words}")
    if not answers and not as_json:
        print("no message failed there")
    raise typer.Exit(0 if all(answer.done for answer in answers) else 1)
