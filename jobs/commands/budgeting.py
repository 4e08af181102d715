"""What messages have cost, how the budget stands, and more money for it."""

import json
from typing import Annotated, Any

import typer

from jobs.assemble import opened
from jobs.commands import confirming, shown
from jobs.commands.shown import Json
from jobs.database import Use
from jobs.operator import budgets, second
from jobs.operator.budgets import Budget
from jobs.operator.second import Asked
from rules.costs import WORDS

app = typer.Typer()
budget = typer.Typer(help="What messages cost, and the budget for them.")
app.add_typer(budget, name="budget")


@budget.command("show")
def budget_show(as_json: Json = False) -> None:
    """What each election has cost so far, closed ones last. Exit status 1 if a budget holds routine messages back."""
    with opened(Use.ASK) as rt:
        found = budgets.look(rt)
        every = [*found, *budgets.closed(rt)]
    if as_json:
        print(json.dumps([_document(own) for own in every], ensure_ascii=False, default=shown.plain))
    for own in every if not as_json else ():
        _show(own)
    if not every and not as_json:
        print("no policy has prices: nothing is counted or held back")
    raise typer.Exit(1 if any(own.stand.stops for own in found) else 0)


@budget.command("raise")
def budget_raise(
    programme: Annotated[str, typer.Argument(help="Code of the programme, as ./desk status names it: ELECTION/DESK.")],
    rupiah: Annotated[int, typer.Argument(help="How much is added.")],
    by: Annotated[str, typer.Option(help="Code of the office that decided it.")] = "",
    reason: Annotated[str, typer.Option(help="Why, as the record of changes keeps it.")] = "",
    as_json: Json = False,
) -> None:
    """Let more be spent on messages of one election than its policy says.

    Where `two_people` in the policy says so, it waits for a second person. Exit status 1 if it does.
    """
    with opened() as rt:
        desk = budgets.fits(rt, programme, rupiah, by=by, reason=reason)
        own = second.raise_(rt, desk, programme, rupiah, by=by, reason=reason)
        if isinstance(own, Asked):
            confirming.asked(own, shown.zone(rt), as_json=as_json)
    if as_json:
        print(json.dumps(_document(own), ensure_ascii=False, default=shown.plain))
    else:
        _show(own)


def _document(own: Budget) -> dict[str, Any]:
    stand = own.stand
    return {
        "programme": own.programme,
        "spent": stand.spent,
        "in_hand": stand.in_hand,
        "budget": stand.costs.budget,
        "raised": stand.raised,
        "reserve": stand.costs.reserve,
        "level": stand.level,
        "by_carrier": [one._asdict() for one in own.spent],
        "closed": own.closed,
        "not_counted": [{"from": one.began_at, "until": one.ended_at} for one in stand.lost],
        "without_mail": list(own.unmailed),
        "raises": [{"rupiah": one.rupiah, "at": one.at, "by": one.title, "why": one.reason} for one in own.raises],
    }


def _show(own: Budget) -> None:
    stand = own.stand
    print(f"{own.programme}{', closed' * own.closed}: {stand.spent:,} rupiah spent")
    for gap in stand.lost:
        span = f"{shown.clock(gap.began_at, gap.zone)} to {shown.clock(gap.ended_at, gap.zone)}"
        print(f"  not counted: {span}, as the books were put back; see the provider's bill")
    for one in own.spent:
        print(
            f"  {one.channel:<10} {one.carrier or 'unknown carrier':<16} {one.parts:>8,} parts {one.rupiah:>14,} rupiah"
        )
    if own.closed:
        return
    if stand.costs.budget is None:
        print("  no budget: nothing is held back")
        return
    added = f" and {stand.raised:,} added" if stand.raised else ""
    print(f"  budget {stand.costs.budget:,}{added}, of it in reserve {stand.costs.reserve:,}: {stand.level}")
    if stand.level in WORDS and own.unmailed:
        print(f"  {len(own.unmailed)} without mail, to be phoned: {', '.join(own.unmailed)}")
    for more in own.raises:
        print(f"  {more.at:%Y-%m-%d %H:%M} UTC {more.rupiah:,} added by {more.title}: {more.reason}")
