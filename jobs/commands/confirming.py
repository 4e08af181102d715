"""A second person confirms or refuses what reaches many."""

import json
from typing import Annotated, Any, NoReturn

import typer

from jobs.assemble import opened
from jobs.commands import shown
from jobs.operator import second
from jobs.operator.refusals import Refusal
from jobs.operator.second import Asked
from models.desk.orders import Order

app = typer.Typer()

TAKES = ("addresses", "names", "messages from them")
"""What an erasure takes out, in the order of `services.subjects.Erased`."""


@app.callback()
def group() -> None:
    """Without this, typer would give the only command no name."""


@app.command()
def confirm(
    order: Annotated[int, typer.Argument(help="Number of the order that waits.")],
    by: Annotated[str, typer.Option(help="Name of the second person.")] = "",
    reach: Annotated[int, typer.Option(help="How many it reaches, as it was shown.")] = -1,
    refuse: Annotated[str, typer.Option(help="Refuse it, for this reason.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Look at what waits for a second person; confirm it with --by and --reach, or refuse it with --by and --refuse.

    The second person comes in by another login than the first. What is confirmed is done at once.
    """
    with opened() as rt:
        if refuse:
            second.refuse(rt, order, by=by, reason=refuse)
            lines = [f"order {order} is refused; nothing was changed"]
            _say({"order": order, "refused": refuse}, lines, as_json=as_json)
            return
        if by and reach >= 0:
            done = second.confirm(rt, order, by=by, reach=reach)
            _told(done, as_json=as_json)
            return
        waits, looked = second.look(rt, order)
        until = shown.clock(waits.lapses_at, shown.zone(rt)) if waits.lapses_at else ""
    lines = [
        f"order {order}: {waits.act}, asked for by {waits.account or waits.title}; it lapses {until}",
        f"it reaches {looked['reach']} now",
        *(f"  {line}" for line in details(looked)),
        f"to confirm: ./desk confirm {order} --by NAME --reach {looked['reach']}",
    ]
    document = {"order": order, "act": waits.act, "reach": looked["reach"], "would": looked}
    _say(document, lines, as_json=as_json)


def details(looked: dict[str, Any]) -> list[str]:
    """What it would do, in short: messages by channel, or reports by duty."""
    going = [line for own in looked.get("going", ()) for line in _going(*own)]
    waits = [f"{count} wait: {why}" for why, count, _ in looked.get("waits", ())]
    answers = [f"message {id}: {became.replace('_', ' ')}" for id, _, became in looked.get("answers", ())]
    erased = [f"{many} {what}" for what, many in zip(TAKES, looked.get("takes", ()), strict=False)]
    erased += [f"of {title}" for title in looked.get("titles", ())]
    return [*going, *waits, *answers, *erased, *map(_programme, looked.get("programmes", ()))]


def _going(channel: str, count: int, _: str, again: int, unknown: bool) -> list[str]:
    return [f"{count} messages by {channel}", *shown.in_gap(again, unknown=unknown)]


def _programme(own: dict[str, Any]) -> str:
    counted = ", ".join(f"{count} {act}" for act, count in own["counts"].items())
    return f"{own['code']}: {counted or 'no report changes'}; {own['told']} offices told"


def _told(order: Order, *, as_json: bool) -> None:
    if order.refused:
        raise Refusal(f"order {order.id}: {order.refused}")
    if order.waits_for_second:
        raise Refusal(f"order {order.id} reaches more now: look at it again with ./desk confirm {order.id}")
    stands = "done" if order.done_at else "confirmed, and in the hands of a clock"
    document = {"order": order.id, "confirmed": order.second, "done": bool(order.done_at)}
    _say(document, [f"order {order.id} is {stands}"], as_json=as_json)


def asked(waits: Asked, zone: str, *, as_json: bool = False) -> NoReturn:
    """Say that a command waits for a second person. Raises: typer.Exit: status 1, for nothing was done."""
    lines = [
        f"this reaches {waits.reach}, more than {waits.above}: a second person must confirm it",
        f"order {waits.order} waits until {shown.clock(waits.until, zone)}; nothing was changed",
        f"confirm it on the page Kendali pengiriman, or by another login: ./desk confirm {waits.order}",
    ]
    _say(waits._asdict() | {"until": waits.until.isoformat()}, lines, as_json=as_json)
    raise typer.Exit(1)


def _say(document: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(document, ensure_ascii=False, default=shown.plain))
        return
    for line in lines:
        print(line)
