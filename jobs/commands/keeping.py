"""Back up a desk, put a backup back, and see what is not known since."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from sqlalchemy.orm import Session

from config import settings as environment
from config.settings import Settings
from jobs import assemble, database
from jobs.assemble import opened
from jobs.commands import shown
from jobs.commands.shown import Json
from jobs.database import Use
from jobs.operator import backup as backups
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from jobs.turn import departures as asking
from models.base import connect
from models.machine import departures, gaps
from rules import gaps as rule

app = typer.Typer()


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="Where the file is written; another disk or machine, in the end.")],
    to: Annotated[str, typer.Option(help="An age public key (age1...): only its holder can open the file.")] = "",
    as_json: Json = False,
) -> None:
    """Write the whole desk into one file, and check it. The desk goes on working meanwhile."""
    settings = environment.read()
    engine = connect(settings.database_url.get_secret_value())
    with database.reached(engine):
        database.fit(engine, Use.CHANGE, alone=False)
        file, manifest = backups.make(settings, engine, folder, recipient=to)
    engine.dispose()
    facts = {"file": str(file), "bytes": file.stat().st_size, "taken_at": manifest.taken_at.isoformat()}
    if as_json:
        print(json.dumps(facts | {"files": len(manifest.files), "encrypted": bool(to)}))
        return
    print(f"{file}: {file.stat().st_size:,} bytes, {len(manifest.files)} files, opened again and whole")
    if not to:
        key = ", and the key that signs links" * (backups.KEY in manifest.files)
        print(f"it holds telephone numbers and reports{key}, and is not encrypted (see --to)")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that ./desk backup wrote.")],
    identity: Annotated[Path | None, typer.Option(help="The file with the age secret key.")] = None,
) -> None:
    """Put a backup into an empty database. Sending is on hold afterwards: what happened since is not known."""
    settings = environment.read()
    url = settings.database_url.get_secret_value()
    assemble.make_room(url, settings)
    engine = connect(url)
    with database.reached(engine):
        manifest = backups.put_back(settings, engine, file, identity=identity)
    _say_what_next(settings, shown.clock(manifest.taken_at, shown.UTC))
    engine.dispose()


def _say_what_next(settings: Settings, taken_at: str) -> None:
    print(f"put back: the books are of {taken_at}, and nothing is known of what happened since")
    print("sending is on hold, new receipts and problems get numbers that were never given")
    print(
        "now: start the processes, which ask providers what left since; ./desk gap --mail-log FILE; "
        "have the districts asked; ./desk hold preview; ./desk hold off"
    )
    if settings.secret_key is not None:
        print("links are signed with DESK_SECRET_KEY, which is not in the backup: it must be the one from before")


@app.command()
def gap(
    ask: Annotated[bool, typer.Option("--ask", help="Ask the providers again what left meanwhile.")] = False,
    mail_log: Annotated[
        list[Path] | None,
        typer.Option(help="A log of the mail server (Postfix), plain or .gz; may be repeated."),
    ] = None,
    as_json: Json = False,
) -> None:
    """What these books do not know, because an older copy was put back: reports that may be among it, and what left."""
    with opened(Use.CHANGE if ask or mail_log else Use.ASK) as rt:
        if ask or mail_log:
            _ask(rt, mail_log or [])
        zone = shown.zone(rt)
        with rt.sessions.begin() as session:
            lately = gaps.lately(session, now=rt.clock(session))
            live = {id: own.desk.code for id, own in rt.live(session).items()}
            rows = [_known(session, live, own) for own in lately]
    if as_json:
        print(json.dumps([_document(own) for own in rows]))
        return
    for own in rows:
        _show(own, zone, several=len(set(live.values())) > 1)
    if not rows:
        print(f"no gap in the last {rule.AGAIN.days} days")


class Known(NamedTuple):
    """What is known of a gap. `reports`: by desk, since a number belongs to one."""

    gap: gaps.Gap
    reports: Mapping[str, Sequence[str]]
    asked: list[departures.Inquiry]
    left: list[departures.Shown]


def _ask(rt: Runtime, logs: list[Path]) -> None:
    try:
        asking.ask(rt, logs)
    except OSError as error:
        raise Refusal(f"{error.filename}: cannot be read: {error.strerror or error}") from error


def _known(session: Session, live: Mapping[int, str], own: gaps.Gap) -> Known:
    reports: dict[str, list[str]] = {}
    for id, desk in live.items():
        reports.setdefault(desk, []).extend(matter.code for matter, _ in gaps.maybe_lost(session, id, own))
    return Known(own, reports, departures.asked(session, own.id), departures.shown(session, own.id))


def _show(own: Known, zone: str, *, several: bool) -> None:
    gap = own.gap
    span = f"{shown.clock(gap.began_at, zone)} to {shown.clock(gap.ended_at, zone)}"
    print(f"from {span}: {'sending went on' if gap.asked_at else 'sending is on hold since'}")
    owed = {desk: codes for desk, codes in own.reports.items() if codes}
    for desk, codes in owed.items() or [("", ["none"])]:
        print(f"  owed, and perhaps filed meanwhile{f', {desk}' * (several and bool(desk))}: {', '.join(codes)}")
    counts = departures.counts(own.left)
    for one in own.asked:
        left, settled = counts.get(one.channel, (0, 0))
        count = [f"{left} left, {settled} of them known to these books"] if one.answered or left else []
        what = "; ".join([*count, *([] if one.answered else [one.words])])
        print(f"  {one.channel}, asked {shown.clock(one.asked_at, zone)}: {what}")
    for sent in own.left:
        about = f" ({sent.codes})" if sent.codes else ""
        fate = "settled" if sent.settled else "its row was lost"
        to = f"{sent.desk} {sent.office}" if several else sent.office
        print(f"    {shown.clock(sent.left_at, zone)} {sent.channel} to {to}{about}: {fate}")


def _document(own: Known) -> dict[str, object]:
    gap = own.gap
    return {
        "began_at": gap.began_at.isoformat(),
        "ended_at": gap.ended_at.isoformat(),
        "asked_at": gap.asked_at and gap.asked_at.isoformat(),
        "reports": [code for codes in own.reports.values() for code in codes],
        "by_desk": own.reports,
        "asked": [
            {
                "channel": one.channel,
                "at": one.asked_at.isoformat(),
                "answered": one.answered,
                "words": one.words,
            }
            for one in own.asked
        ],
        "left": [one._asdict() | {"left_at": one.left_at.isoformat()} for one in own.left],
    }
