"""Who would be told what under two policies: message by message, what differs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple

APART = timedelta(minutes=1)
"""Times nearer than that are the same: what is due at once leaves in the order of its rate."""


class Told(NamedTuple):
    """One message. `about`: the duties, or other kinds of matters, of which it says something; `matters`: their keys.

    `words`: its text, without the token of its link. `places`: whose reports it is about; where a problem is, is not
    told here.
    """

    at: datetime
    channel: str
    office: str
    say: str
    about: tuple[str, ...]
    matters: tuple[str, ...] = ()
    words: str = ""
    places: tuple[str, ...] = ()


class Differs(StrEnum):
    """GONE: under the new policy it is not sent. NEW: only then. Else what of it is another."""

    GONE = "gone"
    NEW = "new"
    TIME = "time"
    CHANNEL = "channel"
    WORDS = "words"


class Pair(NamedTuple):
    """The same message under the old policy and the new; None: there it is not sent. `differs` in what; empty: in
    nothing.
    """

    old: Told | None
    new: Told | None
    differs: tuple[Differs, ...]

    @property
    def told(self) -> Told:
        """As it is told under the new policy; one that is gone, as it was."""
        told = self.new or self.old
        assert told is not None
        return told


def compared(old: Iterable[Told], new: Iterable[Told]) -> list[Pair]:
    """Every message of both, in order of time. The same is what says the same of the same matters to an office."""
    alike: dict[tuple[object, ...], tuple[list[Told], list[Told]]] = defaultdict(lambda: ([], []))
    for side, told in enumerate((old, new)):
        for own in told:
            alike[own.office, own.say, own.matters][side].append(own)
    pairs = [_pair(*both) for sides in alike.values() for both in _both(*sides)]
    return sorted(pairs, key=lambda pair: (pair.told.at, pair.told.office, pair.told.channel))


def _both(old: Sequence[Told], new: Sequence[Told]) -> Iterable[tuple[Told | None, Told | None]]:
    """First those of one channel to each other, in order of time; then what is left."""
    left: tuple[list[Told], list[Told]] = ([], [])
    for channel in sorted({own.channel for own in (*old, *new)}):
        here = [[own for own in told if own.channel == channel] for told in (old, new)]
        both = min(map(len, here))
        yield from zip(here[0][:both], here[1][:both], strict=True)
        for rest, told in zip(left, here, strict=True):
            rest += told[both:]
    yield from zip_longest(*left)


def _pair(old: Told | None, new: Told | None) -> Pair:
    if old is None or new is None:
        return Pair(old, new, (Differs.NEW if old is None else Differs.GONE,))
    other = {
        Differs.TIME: abs(old.at - new.at) >= APART,
        Differs.CHANNEL: old.channel != new.channel,
        Differs.WORDS: old.channel == new.channel and old.words != new.words,
    }
    return Pair(old, new, tuple(what for what, is_so in other.items() if is_so))


class First(NamedTuple):
    """When an office first heard of a matter, under the old policy and the new; None: there it does not hear of it."""

    office: str
    matter: str
    old: datetime | None
    new: datetime | None


def first_heard(old: Iterable[Told], new: Iterable[Told], offices: Collection[str]) -> list[First]:
    """What these offices hear of at another time, only now, or not any more; in whichever message it stands."""
    first: dict[tuple[str, str], list[datetime | None]] = {}
    for side, told in enumerate((old, new)):
        for own in sorted(told, key=lambda own: own.at):
            for matter in own.matters if own.office in offices else ():
                times = first.setdefault((own.office, matter), [None, None])
                times[side] = times[side] or own.at
    found = [First(*what, *times) for what, times in first.items()]
    return sorted((own for own in found if _apart(own)), key=lambda own: (own.office, own.matter))


def _apart(own: First) -> bool:
    return own.old is None or own.new is None or abs(own.old - own.new) >= APART
