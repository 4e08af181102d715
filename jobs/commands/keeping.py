"""Back up a desk, put a backup back, and see what is not known since."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from config import settings as environment
from config.settings import Settings
from jobs import assemble, database
from jobs.assemble import opened
from jobs.commands import shown
from jobs.database import Use
from jobs.operator import backup as backups
from models.base import connect
from models.machine import gaps
from rules import gaps as rule

app = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


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
        print("it holds telephone numbers, reports and the key that signs links, and is not encrypted (see --to)")


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
    print("now: start the processes; have the districts asked (./desk gap); ./desk hold preview; ./desk hold off")
    if settings.secret_key is not None:
        print("links are signed with DESK_SECRET_KEY, which is not in the backup: it must be the one from before")


@app.command()
def gap(as_json: Json = False) -> None:
    """What these books do not know, because an older copy was put back, and which reports may be among it."""
    with opened(Use.ASK) as rt:
        zone = shown.zone(rt)
        with rt.sessions.begin() as session:
            lately = gaps.lately(session, now=rt.clock(session))
            rows = [(own, _reports(session, rt.live(session), own)) for own in lately]
    if as_json:
        print(json.dumps([_document(own, codes) for own, codes in rows]))
        return
    for own, codes in rows:
        span = f"{shown.clock(own.began_at, zone)} to {shown.clock(own.ended_at, zone)}"
        print(f"from {span}: {'sending went on' if own.asked_at else 'sending is on hold since'}")
        print(f"  owed, and perhaps filed meanwhile: {', '.join(codes) or 'none'}")
    if not rows:
        print(f"no gap in the last {rule.AGAIN.days} days")


def _reports(session: Session, live: Iterable[int], own: gaps.Gap) -> list[str]:
    return [matter.code for id in live for matter, _ in gaps.maybe_lost(session, id, own)]


def _document(own: gaps.Gap, codes: list[str]) -> dict[str, object]:
    asked = own.asked_at.isoformat() if own.asked_at else None
    return {
        "began_at": own.began_at.isoformat(),
        "ended_at": own.ended_at.isoformat(),
        "asked_at": asked,
        "reports": codes,
    }
