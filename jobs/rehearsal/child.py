"""Plays one rehearsal that was ordered on a page, in a process of its own (`services.child`).

Standard input says what (`jobs.rehearsal.beside.Asked`, as JSON). How far it is goes to standard output, a line now
and then: it dies when nobody reads them any more. The pages are packed into one file.
"""

import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import structlog

from config import founding, loader
from config.documents import Document
from config.errors import ConfigError
from jobs import logs
from jobs.operator import ahead
from jobs.operator.ahead import Change
from jobs.operator.refusals import Refusal
from jobs.rehearsal import play
from jobs.rehearsal.beside import MESSAGES, PACKED, SUMMARY, Ahead, Asked
from jobs.rehearsal.rehearse import AtOnce, Still
from jobs.runtime import Runtime
from models.base import begun_by, connect
from rules import orders
from rules.calendar import VOTING_DAY, Edge
from rules.orders import Span
from services.child import REFUSED

NICE = 15
"""How much it gives way to everything else on this machine (nice(2))."""

EVERY = 0.5
"""Seconds between two lines."""


def main() -> int:
    os.nice(NICE)
    logs.set_up(quiet=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))  # see `REFUSED`
    asked = Asked(**json.load(sys.stdin))
    try:
        files = [loader.parse(text, name, loaded=loaded) for text, name, loaded in asked.files]
        _live(files, asked, Ahead(*asked.ahead)) if asked.ahead else _play(files, asked)
    except (ConfigError, Refusal) as error:
        print(error, file=sys.stderr)
        return REFUSED
    return 0


def _play(files: Sequence[Document], asked: Asked) -> None:
    programme = loader.programme(*files)
    script = loader.parse(founding.course(programme), "awal.yaml")
    days = orders.days(Span(asked.days), programme.election.dated(VOTING_DAY, Edge.START))
    beside, out = Path(asked.beside), Path(asked.out)
    forms, kinds = loader.forms(beside / "forms"), loader.reports(beside / "reports")
    tell = _Teller()
    play.play(files, script, forms, kinds, out=out, documents="last", tell=tell, days=days, back=asked.back)
    _pack(out)


def _live(files: Sequence[Document], asked: Asked, about: Ahead) -> None:
    """Live the next days on copies of the books, which go when it ends."""
    engine, beside, out = connect(about.database), Path(asked.beside), Path(asked.out)
    forms, kinds = loader.forms(beside / "forms"), loader.reports(beside / "reports")
    rt = Runtime(
        sessions=begun_by(engine),
        clock=Still(datetime.fromisoformat(about.now)),
        notifiers={},
        bell=AtOnce(),
        documents=out,
        public_url=about.public_url,
        forms=lambda: forms,
        kinds=lambda: kinds,
    )
    change = Change(files, also_open=about.also_open, desk=about.desk)
    told = ahead.look(rt, change, folder=out, tell=_Teller())
    summary, names = ahead.summary(told), ahead.names(files)
    summary["ahead"]["names"] = names
    (out / SUMMARY).write_text(json.dumps(summary), encoding="utf-8")
    with ZipFile(out / PACKED, "w", ZIP_DEFLATED) as archive:
        archive.writestr(MESSAGES, json.dumps(ahead.listed(told) | {"names": names}))


class _Teller:
    """Writes how far it is, now and then."""

    def __init__(self) -> None:
        self._told = 0.0

    def __call__(self, share: float, day: date | None) -> None:
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            print(json.dumps({"share": round(share, 3), "day": day and day.isoformat()}), flush=True)


def _pack(out: Path) -> None:
    """Keep the pages, and the reports to the Government. Messages as they would leave have whole addresses."""
    kept = (*out.rglob("*.html"), *(out / "laporan").glob("*"))
    with ZipFile(out / PACKED, "w", ZIP_DEFLATED) as archive:
        for own in sorted(kept):
            archive.write(own, own.relative_to(out))


if __name__ == "__main__":
    sys.exit(main())
