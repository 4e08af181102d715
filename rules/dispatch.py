"""What becomes of the notices held for one address when they may go: sent together, held again, or moot.

The order is fixed: still owed? -> quiet hours -> merge -> cap. The hold switch comes before all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rules.ladder import Say
from rules.quiet import Peace

ROUTINE = frozenset({Say.RECEIVED, Say.REMINDER, Say.DUE, Say.OVERDUE, Say.TASK})
"""What a cap may hold back. A warning, an escalation or a voting-day duty never waits for one."""


ASKED = frozenset({Say.SIGN_IN})
"""Answers to somebody who asked and waits for them: no notices, so a hold does not keep them."""


def goes_first(say: Say, *, urgent: bool) -> bool:
    """Whether no cap holds it, and it goes before what a cap may hold where a channel lets few through.

    A link that somebody asked for is among them: he waits for it.
    """
    return urgent or say not in ROUTINE


ANSWERS = frozenset({Say.RECEIVED, Say.RETURNED})
"""Said because somebody did something just now: no closed day holds it."""

BEFOREHAND = frozenset({Say.REMINDER, Say.AMENDED})
"""Said of a due time that is ahead: stale once it has come."""

DROPPED = "cancelled by an amendment"
"""Why a report is closed of which whoever was told of it is told that it is not asked for any more."""

CLOSED = "the programme is closed"
"""Why nothing more is said of what belongs to it."""


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
    MERGE = "merge"
    CAP = "cap"
    PROMISE = "promise"


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice that may go now, with what its matter has become since it was planned."""

    id: int
    matter: int
    say: Say
    urgent: bool
    since: datetime
    closed_why: str
    superseded: bool
    outspoken: bool
    promised_until: datetime | None
    acknowledged_until: datetime | None = None
    ladder: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """What limits one address: its zone, when it last got a message, how many today, how many it may get a day."""

    zone: str
    last_at: datetime | None
    today: int
    cap: int | None


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


def parcel(pending: Sequence[Pending], to: Address, peace: Peace, merge_within: timedelta, *, now: datetime) -> Parcel:
    """Decide about all notices for one address at `now` (aware)."""
    moot = tuple((n.id, why) for n in pending if (why := _moot(n, now)))
    gone = {id for id, _ in moot}
    owed = [n for n in pending if n.id not in gone]
    held = tuple(
        (n.id, *until)
        for n in owed
        if (until := paused(n.say, n.promised_until, to.zone, peace, ladder=n.ladder, urgent=n.urgent, now=now))
    )
    waiting = {id for id, _, _ in held}
    ready = [n for n in owed if n.id not in waiting]
    if not ready:
        return Parcel(None, (), (), moot, held)
    if until := _held_together(ready, to, merge_within, now):
        return Parcel(None, (), (), moot, (*held, *((n.id, *until) for n in ready)))
    spoken = {n.matter: n for n in sorted(ready, key=lambda n: (n.say.severity, n.id))}
    dispatched = tuple(sorted(n.id for n in spoken.values()))
    merged = tuple(n.id for n in ready if n.id not in dispatched)
    severest = max((n.say for n in ready), key=lambda s: s.severity)
    return Parcel(severest, dispatched, merged, moot, held, goes_first=_any_first(ready))


def _moot(notice: Pending, now: datetime) -> str:
    if notice.say is Say.RECEIVED:
        return ""
    if notice.closed_why:
        still_said = notice.say is Say.DROPPED and notice.closed_why == DROPPED
        return "" if still_said else f"no longer owed: {notice.closed_why}"
    if notice.say is Say.DROPPED:
        return "owed again"
    if notice.superseded:
        return "a new round began"
    if notice.outspoken:
        return "a later word about it was said"
    if notice.acknowledged_until is not None and now < notice.acknowledged_until:
        return "acknowledged"
    if notice.say in BEFOREHAND and notice.since <= now:
        return "the due time has come"
    return ""


def paused(
    say: Say,
    promised_until: datetime | None,
    zone: str,
    peace: Peace,
    *,
    ladder: str = "",
    urgent: bool,
    now: datetime,
) -> tuple[datetime, Held] | None:
    """Until when a notice must wait and for what, asked again at every try; None: it may go.

    A receipt waits for no promise, nor does a changed calendar: the promise was made under the old one.
    """
    if say not in (Say.RECEIVED, Say.AMENDED, Say.DROPPED) and promised_until is not None and now < promised_until:
        return promised_until, Held.PROMISE
    free_at = now if urgent else peace.release_at(now, zone, "" if say in ANSWERS else ladder)
    return (free_at, Held.QUIET) if free_at > now else None


SHORTEST = timedelta(minutes=15)
"""For so long a provider may try at least: what it took a minute before quiet hours is not given up unheard."""


def not_after(words: Sequence[tuple[Say, str, bool]], zone: str, peace: Peace, *, now: datetime) -> datetime | None:
    """When a message that leaves now must have arrived, for it would ring in quiet hours; None: it may ring in them.

    Args:
        words: what it says, of which ladder, and whether that is urgent; nothing: somebody asked for it and waits.
    """
    if not words or any(urgent for _, _, urgent in words):
        return None
    begins = [peace.begins_at(now, zone, "" if say in ANSWERS else ladder) for say, ladder, _ in words]
    latest = None if None in begins else max(at for at in begins if at is not None)
    return latest and max(latest, now + SHORTEST)


RESTS = "waits for the end of: "
"""How `why` of a message begins that may have arrived once and waits, whole, for its second try."""


def paused_whole(waits: Sequence[tuple[datetime, Held] | None]) -> tuple[datetime, Held] | None:
    """Until when a message that may have arrived once waits, given how each thing it says would; None: it may go.

    It says the same again, under its own name and mark, so it is never taken apart: if anything in it may go, all goes.
    """
    held = [wait for wait in waits if wait is not None]
    return min(held) if held and len(held) == len(waits) else None


def _held_together(
    ready: Sequence[Pending], to: Address, merge_within: timedelta, now: datetime
) -> tuple[datetime, Held] | None:
    if to.last_at is not None and now < to.last_at + merge_within:
        return to.last_at + merge_within, Held.MERGE
    if not _any_first(ready) and to.cap is not None and to.today >= to.cap:
        return next_day(now, to.zone), Held.CAP
    return None


def _any_first(ready: Sequence[Pending]) -> bool:
    return any(goes_first(n.say, urgent=n.urgent) for n in ready)


def day_start(now: datetime, zone: str) -> datetime:
    """The last local midnight."""
    return datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(0), ZoneInfo(zone))


def next_day(now: datetime, zone: str) -> datetime:
    """The coming local midnight."""
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), ZoneInfo(zone))
