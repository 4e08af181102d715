"""Who would be told what in the next days, under the files in force and under changed ones.

The desk is lived on, twice, on copies of its books, by the functions that do it in earnest and with a clock that jumps
from event to event. Nobody reports meanwhile, and every message is taken.
"""

import csv
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from config.documents import Document
from jobs.operator import amend
from jobs.operator.refusals import Refusal
from jobs.rehearsal import rehearse
from jobs.rehearsal.rehearse import AtOnce, Nobody, Still
from jobs.runtime import Runtime
from models import copies
from models.base import begun_by, connect
from models.desk import programmes
from models.machine import clock
from models.messages import ahead
from notifiers.base import Letter, Notifier
from rules import foretold
from rules.desk import Channel, Desk
from rules.foretold import Differs, Pair, Told
from rules.policy import Policy

SPANS = (timedelta(hours=24), timedelta(days=7))
"""How far ahead is looked."""

OLD, NEW = "in force", "changed"
COLUMNS = ("under", "at", "channel", "office", "say", "about", "differs")

Tell = Callable[[float, date | None], None]
"""Hears how far it is: a share from 0 to 1, and the local day that is lived."""


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

    @property
    def pairs(self) -> list[Pair]:
        """Every message, as it is told under the old files and under the new."""
        return foretold.compared(self.old, self.new)

    @property
    def differing(self) -> dict[Differs, int]:
        """How many messages differ in what."""
        counted = Counter(what for pair in self.pairs for what in pair.differs)
        return {what: counted[what] for what in Differs}

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


@dataclass(frozen=True)
class Change:
    """What is tried: changed files, who amends, and whether open cases take the changed ladders too. `desk`: of which
    desk alone; empty: of all.
    """

    documents: Sequence[Document]
    by: str = ""
    also_open: bool = False
    desk: str = ""


def look(rt: Runtime, change: Change, *, folder: Path | None = None, tell: Tell = lambda *_: None) -> Ahead:
    """Live the next days on copies, in a folder of their own (or this one). Changes nothing here.

    Raises:
        Refusal, config.errors.ConfigError: as `amend`; Refusal too: there is no room for the copies.
    """
    try:
        with TemporaryDirectory(prefix="desk-ahead-", dir=folder) as own, copies.written(own):
            return _look(rt, change, Path(own), tell)
    except OSError as error:
        raise Refusal(f"the next days cannot be lived on copies of the books: {error.strerror or error}") from error


def _look(rt: Runtime, change: Change, place: Path, tell: Tell) -> Ahead:
    with rt.sessions() as session:
        now, held = rt.clock(session), clock.marked(session, clock.HOLD) is not None
    old, new = place / "old.db", place / "new.db"
    copies.into_file(rt.sessions.kw["bind"], old)
    shutil.copyfile(old, new)
    before = _lived(rt, old, now, replace(change, documents=()), lambda share, day: tell(share / 2, day))
    return Ahead(now, before, _lived(rt, new, now, change, lambda share, day: tell((1 + share) / 2, day)), held)


Sided = tuple[str, Told, Sequence[Differs]]
"""A message, under which files it is sent, and in what it differs from the other."""


def sided(pairs: Iterable[Pair], old: str = OLD, new: str = NEW) -> list[Sided]:
    """Every message of these, under the name of its side."""
    both = ((side, own, pair.differs) for pair in pairs for side, own in ((old, pair.old), (new, pair.new)))
    return [(side, own, differs) for side, own, differs in both if own is not None]


def write(messages: Iterable[Sided], file: Path, zone: str) -> None:
    """Each as a line of CSV, the first first. No number, no address, no text."""
    in_order = sorted(messages, key=lambda row: (row[1].at, row[1].office, row[1].channel, row[0]))
    try:
        with file.open("w", newline="", encoding="utf-8") as out:
            lines = csv.writer(out)
            lines.writerow(COLUMNS)
            for under, own, differs in in_order:
                at = own.at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
                about = " ".join(own.about)
                lines.writerow((under, at, own.channel, own.office, own.say, about, " ".join(differs)))
    except OSError as error:
        raise Refusal(f"{file} cannot be written: {error.strerror}") from error


def names(documents: Iterable[Document]) -> dict[str, str]:
    """What changed files call their offices, districts and duties, by code: those in force may not have them yet."""
    found: dict[str, str] = {}
    for value in (document.value for document in documents):
        found |= {own.code: own.title for own in value.offices} if isinstance(value, Desk) else {}
        found |= {own.code: value.area_name(own.code) for own in value.districts} if isinstance(value, Desk) else {}
        found |= {own.code: own.name for own in value.duties} if isinstance(value, Policy) else {}
    return found


def summary(told: Ahead) -> dict[str, Any]:
    """The sums for a page: by channel and by duty, how many differ in what, and at how many offices."""
    offices = told.by(lambda own: (own.office,))
    return {
        "ahead": {
            "now": told.now.isoformat(),
            "held": told.held,
            "channels": _counts(told.by(lambda own: (own.channel,))),
            "about": _counts(told.by(lambda own: own.about)),
            "differing": told.differing,
            "offices": sum(line.differs for line in offices),
        }
    }


def _counts(lines: Iterable[Line]) -> list[tuple[str, list[tuple[int, int]]]]:
    return [(line.what, list(line.counts)) for line in lines]


def listed(told: Ahead) -> dict[str, Any]:
    """The sums of each office, and every message with its time under both, for a page. No address, no text."""
    return {
        "offices": _counts(told.by(lambda own: (own.office,))),
        "messages": [
            [own.office, own.say, own.about, _way(pair.old), _way(pair.new), pair.differs, own.places]
            for pair in told.pairs
            for own in [pair.told]
        ],
    }


def _way(told: Told | None) -> tuple[str, str] | None:
    return (told.at.isoformat(timespec="minutes"), told.channel) if told else None


def _lived(rt: Runtime, file: Path, now: datetime, change: Change, tell: Tell) -> list[Told]:
    with on_copy(rt, file, now, Accepts(), desk=change.desk) as (own, still):
        if change.documents:
            amend.amend(own, change.documents, by=change.by, also_open=change.also_open)
        zone = ZoneInfo(next(iter(own.programmes.values())).desk.zone)
        for at in rehearse.live(own, still, Nobody(), until=now + SPANS[-1]):
            tell((at - now) / SPANS[-1], at.astimezone(zone).date())
        with own.sessions() as session:
            return ahead.told(session, since=now, desk=change.desk)


@contextmanager
def on_copy(
    rt: Runtime, file: Path, now: datetime, notifier: Notifier, *, desk: str
) -> Iterator[tuple[Runtime, Still]]:
    """What works on a copy of the books, and its clock, which reads `now`. Nothing leaves it but by this notifier.

    Args:
        desk: the programmes of others are closed first; empty: none is.
    """
    engine = connect(f"sqlite:///{file}", durable=False)
    try:
        still, bell = Still(now), AtOnce()
        own = Runtime(
            sessions=begun_by(engine),
            clock=still,
            notifiers=dict.fromkeys(Channel, notifier),
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
            for id, other in programmes.live_desks(session).items():
                if desk and other != desk:
                    programmes.close(session, id, now)
            own.refresh(session)
        yield own, still
    finally:
        engine.dispose()
