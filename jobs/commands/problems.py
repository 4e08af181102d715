"""Problems (permasalahan): recorded, taken on, handed on, ended. What the pages do, typed."""

import json
from datetime import datetime
from typing import Annotated

import typer

from jobs.assemble import opened
from jobs.commands import shown
from jobs.commands.recording import By, moment
from jobs.commands.shown import Json
from jobs.database import Use
from jobs.operator import problems, restricting
from jobs.operator.problems import Asked
from models.matters.issues import Described, Step
from rules.issues import Category, Circumstances
from rules.policy import Severity

app = typer.Typer()
issue = typer.Typer(help="Problems (permasalahan).", no_args_is_help=True)
app.add_typer(issue, name="issue")

Key = Annotated[str, typer.Argument(help="A problem's key or number (P-0012).")]
Until = Annotated[datetime, typer.Option(parser=moment, help="Until when.")]
Why = Annotated[str, typer.Option(help="Why.")]
Seen = Annotated[
    int | None, typer.Option(help="How many steps you know of (./desk issue list); refused if there are more.")
]
Phone = Annotated[bool, typer.Option("--phone", help="The office said it on the phone.")]


@issue.command("open")
def open_(
    programme: Annotated[str, typer.Argument(help="election/desk, as in pemilu-2024/barito-kuala.")],
    by: By,
    district: Annotated[str, typer.Option(help="Code of the district.")],
    category: Annotated[Category, typer.Option(help="After Bawaslu's variables; those of the election.")],
    severity: Annotated[Severity, typer.Option(help="How grave.")],
    title: Annotated[str, typer.Option(help="In a few words.")],
    detail: Annotated[str, typer.Option(help="More, for those who work on it.")] = "",
    about: Annotated[str, typer.Option(help="Code of the office that it is about: it hears and reads nothing.")] = "",
    village: Annotated[str, typer.Option(help="Code of the village (desa or kelurahan).")] = "",
    station: Annotated[str, typer.Option(help="Number of the polling station (TPS).")] = "",
    affected: Annotated[int | None, typer.Option(min=0, max=999_999_999, help="How many people are affected.")] = None,
    observed: Annotated[datetime | None, typer.Option(parser=moment, help="When it was seen.")] = None,
    restricted: Annotated[bool, typer.Option("--restricted", help="Only those who handle it may read it.")] = False,
) -> None:
    """Record a problem; prints its number."""
    circumstances = Circumstances(village, station, affected, observed, restricted)
    described = Described(district, category, severity, title, detail, circumstances=circumstances)
    with opened() as rt:
        print(problems.open_(rt, programme, described, by=by, about=about))


@issue.command("list")
def list_(as_json: Json = False) -> None:
    """Problems that are not resolved."""
    with opened(Use.ASK) as rt:
        unresolved, zone = problems.unresolved(rt), shown.zone(rt)
    for line in unresolved:
        print(json.dumps(line, default=shown.plain, ensure_ascii=False) if as_json else shown.row(line, zone))


@issue.command()
def show(key: Key, by: By, as_json: Json = False) -> None:
    """A problem as an office reads it, with what was done. That a restricted one is read is recorded."""
    with opened() as rt:
        problem, zone = restricting.show(rt, key, by=by), shown.zone(rt)
    if as_json:
        print(json.dumps(problem.facts | {"steps": problem.steps}, default=shown.plain, ensure_ascii=False))
        return
    for line in (problem.facts, *problem.steps):
        print(shown.row(line, zone))


@issue.command()
def restrict(key: Key, by: By, text: Why) -> None:
    """Let only those read of a problem who must; texts and lists give its number alone."""
    with opened() as rt:
        restricting.restrict(rt, key, True, by=by, text=text)
    print(f"{key} is restricted")


@issue.command()
def unrestrict(key: Key, by: By, text: Why) -> None:
    """Let everybody of its place read of a restricted problem again."""
    with opened() as rt:
        restricting.restrict(rt, key, False, by=by, text=text)
    print(f"{key} is no longer restricted")


@issue.command()
def acknowledge(key: Key, by: By, until: Until, seen: Seen = None, phone: Phone = False) -> None:
    """Take a problem on; its ladder waits until then."""
    with opened() as rt:
        zone = shown.zone(rt)
        problems.acknowledge(rt, Asked(key, by, seen, phone), until=until)
    print(f"{key} is acknowledged until {shown.clock(until, zone)}")


@issue.command()
def postpone(key: Key, by: By, until: Until, reason: Why, seen: Seen = None, phone: Phone = False) -> None:
    """Put a problem off; its ladder waits until then, and begins anew."""
    with opened() as rt:
        zone = shown.zone(rt)
        problems.postpone(rt, Asked(key, by, seen, phone), until=until, text=reason)
    print(f"{key} is postponed until {shown.clock(until, zone)}")


@issue.command("due")
def due_(
    key: Key,
    by: By,
    until: Annotated[datetime, typer.Option(parser=moment, help="By when the next step is due.")],
    text: Annotated[str, typer.Option(help="Which step, in a few words.")] = "",
    seen: Seen = None,
    phone: Phone = False,
) -> None:
    """Say by when the next step is due; the ladder waits until then, and begins anew with the owner."""
    with opened() as rt:
        zone = shown.zone(rt)
        problems.set_due(rt, Asked(key, by, seen, phone), until=until, text=text)
    print(f"{key}: the next step is due by {shown.clock(until, zone)}")


@issue.command()
def grade(
    key: Key,
    by: By,
    severity: Annotated[Severity, typer.Option(help="How grave it is.")],
    reason: Why,
    seen: Seen = None,
    phone: Phone = False,
) -> None:
    """Say that a problem is graver or slighter; it climbs the ladder of that from now on."""
    with opened() as rt:
        problems.grade(rt, Asked(key, by, seen, phone), severity, text=reason)
    print(f"{key} is {severity}")


@issue.command()
def recommend(key: Key, by: By, text: Annotated[str, typer.Option(help="The advice.")], phone: Phone = False) -> None:
    """Note an advice (saran penyelesaian)."""
    with opened() as rt:
        problems.advise(rt, Asked(key, by, None, phone), Step.RECOMMENDED, text=text)
    print(f"{key}: noted")


@issue.command("follow-up")
def follow_up(
    key: Key, by: By, text: Annotated[str, typer.Option(help="What was done.")], phone: Phone = False
) -> None:
    """Note what was done (tindak lanjut)."""
    with opened() as rt:
        problems.advise(rt, Asked(key, by, None, phone), Step.FOLLOWED_UP, text=text)
    print(f"{key}: noted")


@issue.command()
def special(key: Key, by: By, text: Annotated[str, typer.Option(help="Why.")]) -> None:
    """Let the desk owe a special report to the Government about a problem; it is compiled at once."""
    with opened() as rt:
        number = problems.special(rt, key, by=by, text=text)
    print(f"{number} is owed, about {key}")


@issue.command("hand-on")
def hand_on(
    key: Key,
    by: By,
    to: Annotated[str, typer.Option(help="Code of the office that has it from now on.")],
    text: Why,
    seen: Seen = None,
    phone: Phone = False,
) -> None:
    """Give a problem to another office, which is told at once."""
    with opened() as rt:
        problems.hand_on(rt, Asked(key, by, seen, phone), to=to, text=text)
    print(f"{key} is handed on to {to}")


@issue.command()
def merge(
    key: Key,
    by: By,
    into: Annotated[str, typer.Option(help="Number of the problem that it is the same as.")],
    reason: Why,
    seen: Seen = None,
    phone: Phone = False,
) -> None:
    """Merge a problem into another; it stays readable, and the other goes on."""
    with opened() as rt:
        problems.merge(rt, Asked(key, by, seen, phone), into=into, text=reason)
    print(f"{key} is merged into {into}")


@issue.command()
def resolve(
    key: Key,
    by: By,
    outcome: Annotated[str, typer.Option(help="How it ended.")],
    seen: Seen = None,
    phone: Phone = False,
) -> None:
    """End a problem; whoever reported it is asked to confirm that it is over."""
    with opened() as rt:
        problems.resolve(rt, Asked(key, by, seen, phone), outcome=outcome)
    print(f"{key} is resolved")


@issue.command()
def confirm(
    key: Key,
    by: By,
    text: Annotated[str, typer.Option(help="A word about it.")] = "",
    seen: Seen = None,
    phone: Phone = False,
) -> None:
    """Confirm that a resolved problem is over; another office does it than the one that resolved it."""
    with opened() as rt:
        problems.confirm(rt, Asked(key, by, seen, phone), text=text)
    print(f"{key} is confirmed")


@issue.command()
def reopen(key: Key, by: By, reason: Why, seen: Seen = None, phone: Phone = False) -> None:
    """Open a problem again that was resolved or merged; it climbs from the beginning."""
    with opened() as rt:
        problems.reopen(rt, Asked(key, by, seen, phone), text=reason)
    print(f"{key} is open again")
