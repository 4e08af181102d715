"""The hold switch: stop all sending, look at what a release would do, release."""

import json
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from jobs.assemble import books, opened
from jobs.commands import confirming, shown
from jobs.commands.shown import Json
from jobs.database import Use
from jobs.operator import holding, second
from jobs.operator.holding import Preview
from jobs.operator.second import Asked

app = typer.Typer()
hold = typer.Typer(help="The hold switch: nothing is sent while it is on.")
app.add_typer(hold, name="hold")


@hold.command("on")
def hold_on(
    reason: Annotated[str, typer.Option(help="Why; shown wherever somebody asks.")], as_json: Json = False
) -> None:
    """Stop all sending within seconds; what falls due meanwhile waits. Who asks to sign in, or writes, is answered."""
    with books() as sessions:  # a mistake in another setting must not stop a hold
        in_flight = holding.on(sessions, reason)
    if as_json:
        print(json.dumps({"on_hold": True, "in_flight": in_flight}))
        return
    print("sending is on hold; only who asks for a link to sign in (/masuk), or writes to the desk, is still answered")
    if in_flight:
        print(f"{in_flight} message(s) were in a provider's hands or about to be; within a second the rest stays")


@hold.command("off")
def hold_off(as_json: Json = False) -> None:
    """Send again, at the policy's pace: what is still owed goes out, merged; the rest is moot."""
    with opened() as rt:
        was_held = second.release(rt)
        if isinstance(was_held, Asked):
            confirming.asked(was_held, shown.zone(rt), as_json=as_json)
    if as_json:
        print(json.dumps({"on_hold": False, "was_on_hold": was_held}))
        return
    print("sending goes on" if was_held else "sending was not on hold")


@hold.command("preview")
def hold_preview(as_json: Json = False) -> None:
    """What a release now would send, drop and go on holding. Changes nothing. Exit status 1 if it would be a storm."""
    with opened(Use.ASK) as rt:
        preview, zone = holding.preview(rt), shown.zone(rt)
    if as_json:
        print(json.dumps(_document(preview), ensure_ascii=False, default=shown.plain))
    else:
        _show(preview, zone)
    raise typer.Exit(1 if preview.storm else 0)


def _document(preview: Preview) -> dict[str, object]:
    return preview._asdict() | {
        "now": preview.now.isoformat(),
        "to_send": [
            {**going._asdict(), "first_at": going.first_at.isoformat(), "last_at": going.last_at.isoformat()}
            for going in preview.to_send
        ],
        "waits": [wait._asdict() | {"first_at": wait.first_at and wait.first_at.isoformat()} for wait in preview.waits],
    }


def _show(preview: Preview, zone: str) -> None:
    print(f"on hold: {preview.on_hold}" if preview.on_hold else "sending is not on hold")
    for going in preview.to_send:
        first, last = (f"{at.astimezone(ZoneInfo(zone)):%d.%m. %H.%M.%S %Z}" for at in (going.first_at, going.last_at))
        print(f"to send: {going.messages} by {going.channel}, the first {first}, the last {last}")
        for line in shown.in_gap(going.again, unknown=going.unknown):
            print(f"         {line}")
    if preview.merged:
        print(f"merged:  {preview.merged} into these")
    for why, count in preview.moot.items():
        print(f"moot:    {count} ({why})")
    for wait in preview.waits:
        until = f"the first until {shown.clock(wait.first_at, zone)}" if wait.first_at else "see ./desk status"
        print(f"waits:   {wait.notices} ({wait.why}), {until}")
    if not (preview.to_send or preview.merged or preview.moot or preview.waits or preview.storm):
        print("nothing waits: a release would send nothing")
    if preview.storm:
        print(f"a release would put sending on hold again: {preview.storm}")
