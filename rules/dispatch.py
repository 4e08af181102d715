"""What becomes of the notices held for one address when they may go: sent together, held again, or moot.

The order is fixed: still owed? -> quiet hours -> merge -> cap. The hold switch comes before all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules import moot
from rules.desk import Audience
from rules.ladder import Say, paused
from rules.moot import DECIDED, OF_THE_PAST
from rules.quiet import Peace

ROUTINE = frozenset(
    {Say.RECEIVED, Say.SURE, Say.RESOLVED, Say.ROLL_CALL, Say.AIDE, Say.REMINDER, Say.DUE, Say.OVERDUE, Say.TASK}
    | {Say.TRIP}
)
"""What a cap may hold back. A warning, an escalation or a voting-day duty never waits for one."""


ASKED = frozenset({Say.SIGN_IN, Say.ANSWER})
"""Answers to somebody who asked and waits for them: no notices, so a hold does not keep them, unless they may have
reached him already.
"""


def goes_first(say: Say, *, urgent: bool) -> bool:
    """Whether no cap holds it, and it goes before what a cap may hold where a channel lets few through.

    A link that somebody asked for is among them: he waits for it.
    """
    return urgent or say not in ROUTINE


ANSWERS = (
    frozenset({Say.AIDE, Say.RECEIVED, Say.DECLARED, Say.RETURNED, Say.WITHDRAWN, Say.APPROVED, Say.SENT_BACK})
    | DECIDED
)
"""Said because somebody did something just now: no closed day holds it."""

CLOSED = "the programme is closed"
"""Why nothing more is said of what belongs to it."""


OF_ONE_ELECTION = frozenset({Say.SUMMARY, Say.GATE, Say.APPROVAL, Say.SUBMISSION, Say.AIDE})
"""What comes with figures, documents or a link of one election alone. All else that an office is told of several
elections goes into one message.
"""


class NoticeState(StrEnum):
    """What was decided about telling one office one thing.

    planned (held until release_at) -> dispatched (in a message) | merged (worded by a severer one) | moot
    nobody (it could not be told at all)
    """

    PLANNED = "planned"
    DISPATCHED = "dispatched"
    MERGED = "merged"
    MOOT = "moot"
    NOBODY = "nobody"


class Held(StrEnum):
    """Why a planned notice waits."""

    NO = ""
    QUIET = "quiet hours"
    OWN = "own quiet"  # of the office itself, or of its holder
    MERGE = "merge"
    CAP = "cap"
    PROMISE = "promise"
    NAMED = "named hour"  # those below were told that it is said then


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice that may go now, with what its matter has become since it was planned."""

    id: int
    matter: int
    say: Say
    urgent: bool
    since: datetime
    closed_at: datetime | None
    closed_why: str
    superseded: bool
    outspoken: bool
    promised_until: datetime | None
    acknowledged_until: datetime | None = None
    ladder: str = ""
    planned_at: datetime | None = None
    rung: int = 0
    audience: Audience = Audience.REPORTER

    @property
    def above(self) -> bool:
        """Whether it is said to those who lead: they hear seldom, and all of it at once."""
        return self.audience in (Audience.SECRETARY, Audience.CHAIR)

    @property
    def gathers(self) -> bool:
        """Whether it may wait for others of its kind: a problem of which nobody need hear this minute.

        That is every one that is not urgent, and the second and further words about one that is.
        """
        return self.say is Say.PROBLEM and (not self.urgent or self.rung > 0)


@dataclass(frozen=True, slots=True)
class Address:
    """What limits one address: its zone, when it last got a message, how many today, how many it may get a day."""

    zone: str
    last_at: datetime | None
    today: int
    cap: int | None


class Within(NamedTuple):
    """One address gets one message in these spans: of anything, of nothing but what gathers, and of nothing but what
    gathers for those who lead.
    """

    merged: timedelta
    gathered: timedelta
    above: timedelta


@dataclass(frozen=True, slots=True)
class Parcel:
    """What becomes of each notice id. `dispatched` go in one message, worded by `say`; empty: no message.

    `goes_first`: something in the message may not wait for routine ones.
    """

    say: Say | None
    dispatched: tuple[int, ...]
    merged: tuple[int, ...]
    moot: tuple[tuple[int, str], ...]
    held: tuple[tuple[int, datetime, Held], ...]
    goes_first: bool = False


def parcel(
    pending: Sequence[Pending], to: Address, peace: Mapping[int, Peace], within: Within, *, now: datetime
) -> Parcel:
    """Decide about all notices for one address at `now` (aware).

    Args:
        peace: by notice id, when the election that it is about leaves offices in peace.
    """
    over = tuple((n.id, why) for n in pending if (why := moot.why(n, now=now)))
    gone = {id for id, _ in over}
    owed = [n for n in pending if n.id not in gone]
    held = tuple(
        (n.id, *until)
        for n in owed
        if (
            until := waits_until(
                n.say, n.promised_until, to.zone, peace[n.id], ladder=n.ladder, urgent=n.urgent, now=now
            )
        )
    )
    waiting = {id for id, _, _ in held}
    ready = [n for n in owed if n.id not in waiting]
    if not ready:
        return Parcel(None, (), (), over, held)
    if until := _held_together(ready, to, within, now):
        return Parcel(None, (), (), over, (*held, *((n.id, *until) for n in ready)))
    spoken = {n.matter: n for n in sorted(ready, key=lambda n: (n.say.severity, n.id))}
    dispatched = tuple(sorted(n.id for n in spoken.values()))
    merged = tuple(n.id for n in ready if n.id not in dispatched)
    severest = max((n.say for n in ready), key=lambda s: s.severity)
    return Parcel(severest, dispatched, merged, over, held, goes_first=_any_first(ready))


PASSING_PROMISES = frozenset({*OF_THE_PAST, Say.AMENDED, Say.DROPPED, Say.WITHDRAWN, *DECIDED})
"""A receipt waits for no promise. Nor does a changed calendar or a decision: the promise was made under the old one."""


def waits_until(
    say: Say,
    promised_until: datetime | None,
    zone: str,
    peace: Peace,
    *,
    ladder: str = "",
    urgent: bool,
    now: datetime,
) -> tuple[datetime, Held] | None:
    """Until when a notice must wait and for what, asked again at every try; None: it may go."""
    promised = None if say in PASSING_PROMISES else paused(now, promised_until)
    if promised is not None:
        return promised, Held.PROMISE
    everybodys = release_at(say, ladder, zone, peace.everybodys, urgent=urgent, now=now)
    if everybodys > now:  # its own hours are asked when those end, so that the row says how long they alone held it
        return everybodys, Held.QUIET
    if not peace.own:
        return None
    own = release_at(say, ladder, zone, peace, urgent=urgent, now=now)
    return (own, Held.OWN) if own > now else None


def release_at(say: Say, ladder: str, zone: str, peace: Peace, *, urgent: bool, now: datetime) -> datetime:
    """From when quiet hours and closed days let it be said; `now` where nothing holds it."""
    return now if urgent else peace.release_at(now, zone, "" if say in ANSWERS else ladder)


SHORTEST = timedelta(minutes=15)
"""For so long a provider may try at least: what it took a minute before quiet hours is not given up unheard."""


def not_after(words: Sequence[tuple[Say, str, bool, Peace]], zone: str, *, now: datetime) -> datetime | None:
    """When a message that leaves now must have arrived, for it would ring in quiet hours; None: it may ring in them.

    Args:
        words: what it says, of which ladder, whether that is urgent, and when its election leaves offices in peace;
            nothing: somebody asked for it and waits.
    """
    if not words or any(urgent for _, _, urgent, _ in words):
        return None
    begins = [peace.begins_at(now, zone, "" if say in ANSWERS else ladder) for say, ladder, _, peace in words]
    latest = None if None in begins else max(at for at in begins if at is not None)
    return latest and max(latest, now + SHORTEST)


RESTS = "waits for the end of: "
"""How `why` of a message begins that may have arrived once and waits, whole, for its second try."""


def whole_waits_until(waits: Sequence[tuple[datetime, Held] | None]) -> tuple[datetime, Held] | None:
    """Until when a message that may have arrived once waits, given how each thing it says would; None: it may go.

    It says the same again, under its own name and mark, so it is never taken apart: if anything in it may go, all goes.
    """
    held = [wait for wait in waits if wait is not None]
    return min(held) if held and len(held) == len(waits) else None


def _held_together(
    ready: Sequence[Pending], to: Address, within: Within, now: datetime
) -> tuple[datetime, Held] | None:
    if to.last_at is not None and now < (until := _shared_until(ready, to.last_at, within)):
        return until, Held.MERGE
    if not _any_first(ready) and to.cap is not None and to.today >= to.cap:
        return next_day(now, to.zone), Held.CAP
    return None


def _shared_until(ready: Sequence[Pending], last_at: datetime, within: Within) -> datetime:
    """Until when what is ready waits for a message of its own. What gathers waits no longer for it than that."""
    merged = last_at + within.merged
    if not all(n.gathers for n in ready):
        return merged
    first = min(n.planned_at or last_at for n in ready)
    return max(merged, min(last_at, first) + (within.above if all(n.above for n in ready) else within.gathered))


def _any_first(ready: Sequence[Pending]) -> bool:
    return any(goes_first(n.say, urgent=n.urgent) for n in ready)


def day_start(now: datetime, zone: str) -> datetime:
    """The last local midnight."""
    return datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(0), ZoneInfo(zone))


def next_day(now: datetime, zone: str) -> datetime:
    """The coming local midnight."""
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), ZoneInfo(zone))
