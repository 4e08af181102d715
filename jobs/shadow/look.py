"""What would have been sent since a shadow began: under the files in force, and under those that it lives under.

Both live on from the same copy, with the same deeds at the same times, by the functions that do it in earnest. So what
differs between the two is the files' alone. How true that is shows beside it: what was really sent, against what the
copy sends under the files in force.
"""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from jobs.operator import amend
from jobs.operator.ahead import on_copy
from jobs.operator.refusals import Refusal
from jobs.rehearsal import rehearse
from jobs.runtime import Runtime
from jobs.shadow import kept
from jobs.shadow.again import Again
from jobs.shadow.kept import Shadow
from jobs.shadow.providers import AsThen
from models import copies
from models.base import Sessions, begun_by, connect
from models.desk import deeds
from models.desk.deeds import Weight
from models.machine import clock
from models.messages import ahead
from rules import foretold, quiet
from rules.desk import Channel
from rules.foretold import Differs, First, Pair, Told
from rules.ladder import Say
from rules.programme import Programme

EDGE = timedelta(minutes=2)
"""What is younger is left out: it may be on its way just now."""

Tell = Callable[[date], None]
"""Hears which local day is lived."""
Hold = tuple[datetime, str] | None
"""Since when and why sending is on hold."""


class Side(NamedTuple):
    """What was sent on one side, and what it weighed. `quiet`: how many texts came in the quiet hours of the files in
    force.
    """

    told: Sequence[Told]
    weight: Weight
    quiet: int


class Seen(NamedTuple):
    """What a look saw. `until`: up to when; `why`: why not up to now, empty: it is. `happened`: what was really sent;
    `old` and `new`: on the copies, under the files in force and under the others.

    `done`: how many deeds were done again. `left`: those of kinds that are not, by name. `refused`: those that a copy
    did not take, under the files in force and under the others. `held`: sending was on hold for some of the time.
    """

    shadow: Shadow
    until: datetime
    why: str
    programme: Programme
    happened: Side
    old: Side
    new: Side
    done: int
    left: Counter[str]
    refused: tuple[Counter[str], Counter[str]]
    held: bool

    @property
    def pairs(self) -> list[Pair]:
        """Every message under the files in force and under the others."""
        return foretold.compared(self.old.told, self.new.told)

    @property
    def astray(self) -> list[Pair]:
        """What the copy under the files in force does otherwise than it really was."""
        return [own for own in foretold.compared(self.happened.told, self.old.told) if own.differs]

    @property
    def differing(self) -> dict[Differs, int]:
        counted = Counter(what for pair in self.pairs for what in pair.differs)
        return {what: counted[what] for what in Differs}

    @property
    def above(self) -> list[First]:
        """Who above the teams heard of something earlier, later, only now or not any more."""
        desk = self.programme.desk
        codes = {*desk.coordinators.values(), desk.secretary, desk.chair}
        return foretold.first_heard(self.old.told, self.new.told, codes)

    def by(self, of: Callable[[Told], Iterable[str]]) -> list[tuple[str, int, int]]:
        """How many messages under both, by what `of` says of one."""
        old, new = (Counter(name for own in side.told for name in of(own)) for side in (self.old, self.new))
        return [(name, old[name], new[name]) for name in sorted(old | new)]

    def day(self, told: Told) -> str:
        return told.at.astimezone(ZoneInfo(self.programme.desk.zone)).date().isoformat()


def look(rt: Runtime, own: Shadow, *, tell: Tell = lambda _: None) -> Seen:
    """Live through the time since it began, twice. Changes nothing, and is safe to repeat.

    Raises:
        Refusal: the shadow may not go on; somebody looks already; there is no room.
        config.errors.ConfigError: as `amend`.
    """
    with rt.sessions() as session:
        now, hold = rt.clock(session), clock.marked(session, clock.HOLD)
        released = clock.marked(session, clock.RELEASED)
        why = kept.over(session, own, now=now)
    if why:
        raise Refusal(f"the shadow of {own.desk} is over: {why}. Remove it: ./desk shadow end")
    try:
        with kept.alone(own.folder) as mine:
            if not mine:
                raise Refusal(f"somebody looks at the shadow of {own.desk} just now")
            kept.clear_looks(own.folder)
            return _look(rt, own, now, hold, held=released is not None and released[0] > own.begun_at, tell=tell)
    except OSError as error:
        raise Refusal(f"the shadow of {own.desk} cannot be looked at: {error.strerror or error}") from error


def _look(rt: Runtime, own: Shadow, now: datetime, hold: Hold, *, held: bool, tell: Tell) -> Seen:
    with (
        TemporaryDirectory(prefix=kept.LOOK, dir=own.folder, ignore_cleanup_errors=True) as place,
        copies.written(place),
    ):
        books = Path(place) / "now.db"
        copies.into_file(rt.sessions.kw["bind"], books)
        engine = connect(f"sqlite:///{books}", durable=False)
        try:
            there = begun_by(engine)
            until, why = _until(there, own, now, hold)
            old = _lived(rt, own, there, Path(place) / "old.db", until, tell, changed=False)
            new = _lived(rt, own, there, Path(place) / "new.db", until, tell, changed=True)
            programme = old.programme
            with there() as session:
                happened = _side(session, own, programme, until)
        finally:
            engine.dispose()
    return Seen(
        own,
        until,
        why,
        programme,
        happened,
        old.side,
        new.side,
        old.again.done,
        old.again.left,
        (old.again.refused, new.again.refused),
        held=held,
    )


def _until(there: Sessions, own: Shadow, now: datetime, hold: Hold) -> tuple[datetime, str]:
    """Up to when the two can be compared, and why not up to now."""
    with there() as session:
        changed = deeds.other_files(session, own.desk, since=own.begun_at)
    ends = [(now, "")]
    ends += [(changed, "the desk has had other files since then")] if changed else []
    ends += [(hold[0], "sending is on hold since then")] if hold else []
    return min(ends, key=lambda end: end[0])


class _Lived(NamedTuple):
    side: Side
    again: Again
    programme: Programme


def _lived(
    rt: Runtime, own: Shadow, there: Sessions, file: Path, until: datetime, tell: Tell, *, changed: bool
) -> _Lived:
    shutil.copyfile(own.books, file)
    then = AsThen()
    with on_copy(rt, file, own.begun_at, then, desk=own.desk) as (here, still):
        # What was done since is read before the copy has rows of its own.
        with there() as books, here.sessions.begin() as copy:
            then.learn(deeds.tries(books, copy, own.desk, since=own.begun_at), still)
            deeds.let_go(copy, now=own.begun_at)
        again = Again(here, there, then, own.desk, since=own.begun_at, until=until)
        programme = next(iter(here.programmes.values()))
        if changed:
            amend.amend(here, own.documents, also_open=own.also_open)
        zone = ZoneInfo(programme.desk.zone)
        for at in rehearse.live(here, still, again, until=until, down=again.down):
            tell(at.astimezone(zone).date())
        with here.sessions() as session:
            told = _side(session, own, programme, until, again)
        return _Lived(told, again, programme)


def _side(session: Session, own: Shadow, programme: Programme, until: datetime, again: Again | None = None) -> Side:
    """What was sent, with the keys that its matters have in the books."""
    keys = again.renamed() if again else {}
    codes = {_code(here): _code(there) for here, there in keys.items()}
    told = [
        one._replace(
            matters=tuple(sorted(keys.get(key, key) for key in one.matters)),
            words=_NUMBERED.sub(lambda found: codes.get(found[0], found[0]), _RECEIPT.sub("TT-", one.words)),
        )
        for one in ahead.told(session, since=own.begun_at, desk=own.desk)
        if one.at <= until - EDGE and one.say is not Say.SUBMISSION
    ]
    ringing = (one for one in told if one.channel != Channel.EMAIL)
    zone = ZoneInfo(programme.desk.zone)
    hours = sum(quiet.within(one.at.astimezone(zone), programme.policy.quiet) for one in ringing)
    return Side(told, deeds.weight(session, own.desk, since=own.begun_at, until=until - EDGE), hours)


_RECEIPT, _NUMBERED = re.compile(r"TT-\d{6,}"), re.compile(r"[AP]-\d{4,}(-\d+)?")
"""A receipt's number is luck; those of advice and problems are known by what they were in the books."""


def _code(key: str) -> str:
    return key.rpartition("/")[2]
