"""A policy that runs silently beside the live one: begin it, look at what it would have sent, end it."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from config import loader
from jobs import logs
from jobs.assemble import opened
from jobs.commands import shown
from jobs.commands.planning import warn
from jobs.database import Use
from jobs.operator import ahead, people
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from jobs.shadow import begin, kept, look
from jobs.shadow.begin import DAYS, Begin
from jobs.shadow.kept import Shadow
from jobs.shadow.look import Seen, Side
from rules.foretold import Differs, Told

app = typer.Typer()
shadow = typer.Typer(help="A policy that runs silently beside the live one, and what it would have sent.")
app.add_typer(shadow, name="shadow")

Desk = Annotated[str, typer.Option("--desk", help="Code of the desk; by default the only one.")]
By = Annotated[str, typer.Option(help="Code of the office that decided it; by default the secretariat.")]

SCREEN = 20
"""So many lines of a kind are shown; the file has every message."""
HAPPENED, OLD, NEW = "happened", "in force", "shadow"
DIFFERS = {
    Differs.GONE: "not sent by the shadow",
    Differs.NEW: "only sent by the shadow",
    Differs.TIME: "at another time",
    Differs.CHANNEL: "by another channel",
    Differs.WORDS: "in other words",
}
TAKEN = (
    "what people did is taken as it happened: nobody could answer what only the shadow would have sent, or leave out"
    " what only the live policy made him do"
)


@shadow.command("begin")
def shadow_begin(
    files: Annotated[list[Path], typer.Argument(help="Election, desk and/or policy (YAML), as for ./desk amend.")],
    reason: Annotated[str, typer.Option(help="Why, as the record of changes keeps it.")] = "",
    by: By = "",
    days: Annotated[int, typer.Option(help="After so many days it ends by itself.")] = DAYS,
    also_open: Annotated[
        bool, typer.Option("--also-open", help="Cases that have begun take the changed ladders too, where they stand.")
    ] = False,
    desk: Desk = "",
) -> None:
    """Let changed files run silently beside those in force, from now on, on a copy of the books.

    Nothing is changed here, and nothing is sent from the copy. A desk has one shadow at a time.
    """
    documents = loader.read_all(files)
    with opened() as rt:
        asked = Begin(people.desk_of(rt, desk), documents, by, reason, days, also_open)
        tried = begin.begin(rt, _place(rt), asked)
    zone = tried[0].programme.desk.zone
    for one in tried:
        warn(list(one.warnings))
        if not one.changed:
            print(f"{one.programme.code}: these files are in force: the shadow shows how true it is, and no difference")
    own = _found(rt, asked.desk)
    print(
        f"the shadow of {own.desk} runs since {shown.clock(own.begun_at, zone)}; ./desk shadow look shows what it sends"
    )
    print(f"it ends by itself on {shown.clock(own.ends_at, zone)}, or with ./desk shadow end")


@shadow.command("look")
def shadow_look(
    file: Annotated[
        Path | None, typer.Option("--csv", help="Every message goes to this file, without address and text.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    desk: Desk = "",
) -> None:
    """What the shadow would have sent since it began, beside what the files in force did. Safe to repeat.

    Exit status 1 if the copy under the files in force strays from what really happened.
    """
    logs.set_up(quiet=True)  # what is lived through on the copies did not happen
    with opened(Use.ASK) as rt:
        seen = look.look(rt, _found(rt, people.desk_of(rt, desk)))
    if file is not None:
        rows = [*ahead.sided(seen.pairs, OLD, NEW), *(row for row in ahead.sided(seen.astray, HAPPENED, "") if row[0])]
        ahead.write(rows, file, seen.programme.desk.zone)
    if as_json:
        print(json.dumps(document(seen), ensure_ascii=False, default=str))
    else:
        _show(seen, file)
    raise typer.Exit(1 if seen.astray else 0)


@shadow.command("end")
def shadow_end(by: By = "", desk: Desk = "") -> None:
    """End the shadow and remove its copy of the books, which names people."""
    with opened() as rt:
        code = people.desk_of(rt, desk)
        left = _place(rt) / code
        if kept.find(_place(rt), code) is None and left.is_dir():
            kept.clear(left)  # of one that broke: it names people all the same
        else:
            kept.end(rt, _found(rt, code), by=by)
    print(f"the shadow of {code} is ended, and its copy is removed")


def _place(rt: Runtime) -> Path:
    assert rt.shadows is not None, "a command has a folder for it"
    return rt.shadows


def _found(rt: Runtime, desk: str) -> Shadow:
    own = kept.find(_place(rt), desk)
    if own is None:
        raise Refusal(f"{desk} has no shadow: ./desk shadow begin FILE")
    return own


# -- what was seen -----------------------------------------------------------------------------------------------------


def _channel(told: Told) -> Sequence[str]:
    return (told.channel,)


def _about(told: Told) -> Sequence[str]:
    return told.about


def _office(told: Told) -> Sequence[str]:
    return (told.office,)


def _show(seen: Seen, file: Path | None) -> None:
    zone = seen.programme.desk.zone
    print(f"{seen.shadow.desk}: {shown.clock(seen.shadow.begun_at, zone)} to {shown.clock(seen.until, zone)}")
    if seen.why:
        print(f"  not up to now: {seen.why}")
    _show_trust(seen)
    print("messages: in force -> shadow")
    for name, lines in (
        ("by", seen.by(_channel)),
        ("about", seen.by(_about)),
        ("on", seen.by(lambda told: (seen.day(told),))),
        ("to", [line for line in seen.by(_office) if line[1] != line[2]]),
    ):
        for what, old, new in lines[:SCREEN]:
            print(f"  {name} {what}: {old} -> {new}")
        if len(lines) > SCREEN:
            print(f"  and {len(lines) - SCREEN} more")
    print(f"  differing: {', '.join(f'{count} {DIFFERS[what]}' for what, count in seen.differing.items())}")
    for name, of in WEIGHTS.items():
        print(f"  {name}: {of(seen.old)} -> {of(seen.new)}")
    _show_above(seen, zone)
    print(f"{TAKEN}.")
    if file is not None:
        print(f"every message: {file}")


WEIGHTS: Mapping[str, Callable[[Side], int]] = {
    "parts of texts": lambda side: side.weight.segments,
    "rupiah": lambda side: side.weight.cost,
    "texts in the quiet hours in force": lambda side: side.quiet,
}


def _show_trust(seen: Seen) -> None:
    """How true the copy is."""
    strays = len(seen.astray)
    really, again = len(seen.happened.told), len(seen.old.told)
    alike = "all of it as it was" if not strays else f"{strays} of it not as it was (marked {HAPPENED} in --csv)"
    print(f"really sent: {really} messages; sent again by the copy under the files in force: {again}, {alike}")
    print(f"deeds of people done again: {seen.done}")
    for what, count in seen.left.most_common():
        print(f"  not done again: {count} {what}")
    for side, refused in zip((OLD, NEW), seen.refused, strict=True):
        for what in list(refused)[:SCREEN]:
            print(f"  could not be done ({side}): {what}")
    if seen.held:
        print("  sending was on hold for some of this time; on the copies nothing was held back")


def _show_above(seen: Seen, zone: str) -> None:
    above = seen.above
    print("heard above the teams: " + ("as before" if not above else f"{len(above)} otherwise"))
    for own in above[:SCREEN]:
        times = (shown.clock(at, zone) if at else "never" for at in (own.old, own.new))
        print(f"  {own.office}, {own.matter}: {' -> '.join(times)}")
    if len(above) > SCREEN:
        print(f"  and {len(above) - SCREEN} more; --json gives all")


def document(seen: Seen) -> Mapping[str, object]:
    """The same for a program."""
    return {
        "desk": seen.shadow.desk,
        "from": seen.shadow.begun_at.isoformat(),
        "until": seen.until.isoformat(),
        "why_until": seen.why,
        "trust": {
            "happened": len(seen.happened.told),
            "again": len(seen.old.told),
            "astray": len(seen.astray),
            "done": seen.done,
            "left": seen.left,
            "refused": dict(zip(("in_force", "shadow"), seen.refused, strict=True)),
            "held": seen.held,
        },
        "channels": seen.by(_channel),
        "about": seen.by(_about),
        "days": seen.by(lambda told: (seen.day(told),)),
        "offices": seen.by(_office),
        "differing": seen.differing,
        "weights": {name: (of(seen.old), of(seen.new)) for name, of in WEIGHTS.items()},
        "above": [own._asdict() for own in seen.above],
    }
