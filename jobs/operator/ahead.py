"""Who would be told what in the next days, under the files in force and under changed ones.

The desk is lived on, twice, on copies of its books, by the functions that do it in earnest and with a clock that jumps
from event to event. Nobody reports meanwhile, and every message is taken.
"""

import csv
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zoneinfo import ZoneInfo

from config.documents import Document
from jobs.operator import amend
from jobs.operator.refusals import Refusal
from jobs.rehearsal.rehearse import AtOnce, Rehearsal, Still
from jobs.runtime import Runtime
from models import copies
from models.base import begun_by, connect
from models.machine import clock
from models.messages import ahead
from models.messages.ahead import Told
from notifiers.base import Letter
from rules.desk import Channel
from rules.scenario import Scenario

SPANS = (timedelta(hours=24), timedelta(days=7))
"""How far ahead is looked."""

OLD, NEW = "in force", "changed"
COLUMNS = ("under", "at", "channel", "office", "say", "about")


class Line(NamedTuple):
    """How many messages under the old files and the new, for each of `SPANS`."""

    what: str
    counts: Sequence[tuple[int, int]]

    @property
    def differs(self) -> bool:
        return any(old != new for old, new in self.counts)


class Ahead(NamedTuple):
    """What is ahead from `now` on, under old and new files. `held`: sending is on hold; on the copies it was let go."""

    now: datetime
    old: Sequence[Told]
    new: Sequence[Told]
    held: bool

    def by(self, of: Callable[[Told], Iterable[str]]) -> list[Line]:
        """The sums by what `of` says of a message; one about several things counts for each of them."""
        old, new = ([self._counted(told, span, of) for span in SPANS] for told in (self.old, self.new))
        names = sorted({name for counted in (*old, *new) for name in counted})
        return [Line(name, [(o[name], n[name]) for o, n in zip(old, new, strict=True)]) for name in names]

    def _counted(self, told: Iterable[Told], span: timedelta, of: Callable[[Told], Iterable[str]]) -> Counter[str]:
        return Counter(name for own in told if own.at <= self.now + span for name in of(own))


class Accepts:
    """A notifier that takes everything, and sends nothing."""

    repeatable = True

    def send(self, letter: Letter) -> str:
        return f"ahead:{letter.message_id}"

    def close(self) -> None:
        pass


def look(rt: Runtime, documents: Sequence[Document], *, by: str = "", also_open: bool = False) -> Ahead:
    """Live the next days on copies. Changes nothing here.

    Raises:
        Refusal, config.errors.ConfigError: as `amend`.
    """
    with rt.sessions() as session:
        now, held = rt.clock(session), clock.marked(session, clock.HOLD) is not None
    with TemporaryDirectory(prefix="desk-ahead-") as folder:
        old, new = Path(folder) / "old.db", Path(folder) / "new.db"
        copies.into_file(rt.sessions.kw["bind"], old)
        shutil.copyfile(old, new)
        return Ahead(now, _lived(rt, old, now), _lived(rt, new, now, documents, by, also_open=also_open), held)


def write(told: Ahead, file: Path, zone: str) -> None:
    """Every message as a line of CSV, the first first. No number, no address, no text."""
    rows = [(OLD, own) for own in told.old] + [(NEW, own) for own in told.new]
    try:
        with file.open("w", newline="", encoding="utf-8") as out:
            lines = csv.writer(out)
            lines.writerow(COLUMNS)
            for under, own in sorted(rows, key=lambda row: (row[1].at, row[1].office, row[1].channel, row[0])):
                at = own.at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
                lines.writerow((under, at, own.channel, own.office, own.say, " ".join(own.about)))
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}") from error


def _lived(
    rt: Runtime,
    file: Path,
    now: datetime,
    documents: Sequence[Document] = (),
    by: str = "",
    *,
    also_open: bool = False,
) -> list[Told]:
    engine = connect(f"sqlite:///{file}", durable=False)
    try:
        still, bell = Still(now), AtOnce()
        own = Runtime(
            sessions=begun_by(engine),
            clock=still,
            notifiers=dict.fromkeys(Channel, Accepts()),
            renderer=rt.renderer,
            bell=bell,
            documents=file.with_suffix(".laporan"),
            public_url=rt.public_url,
            forms=rt.forms,
            kinds=rt.kinds,
            luck=Random(0),  # noqa: S311 - links that nobody gets
        )
        bell.rt = own
        with own.sessions.begin() as session:
            clock.mark(session, clock.HOLD, None)
            own.refresh(session)
        if documents:
            amend.amend(own, documents, by=by, also_open=also_open)
        programme = next(iter(own.programmes.values()))
        silent = Scenario("silent", "nobody reports", 0, ())
        for _ in Rehearsal(own, still, programme, silent, [], now + SPANS[-1]).play():
            pass
        with own.sessions() as session:
            return ahead.told(session, since=now)
    finally:
        engine.dispose()
