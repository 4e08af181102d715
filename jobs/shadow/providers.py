"""What providers answered: the same again, to the same address at about the same time. Nothing is sent."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from jobs.rehearsal.rehearse import Still
from models.desk.deeds import Try
from models.messages import settling
from notifiers.base import Letter
from rules.delivery import ChannelDown, DeliveryError, Misaddressed, Refused, Temporary, Unknown, Unwritable

APART = timedelta(minutes=2)
"""A try on the copy answers to one in the books that is no further away than this."""

ENDS: dict[str, type[DeliveryError]] = {
    settling.REFUSED: Refused,
    settling.MISADDRESSED: Misaddressed,
    "temporary": Temporary,
    "unknown": Unknown,
    "channel_down": ChannelDown,
    settling.UNWRITABLE: Unwritable,
}
TRIED = {"accepted", *ENDS}
DEAD = {settling.REFUSED, settling.MISADDRESSED}


class AsThen:
    """A notifier that ends as the try did that was made then. What was sent to nobody then is taken, unless the
    address took nothing.

    `pairs`: by message of the books, the one on the copy that went in its place.
    """

    repeatable = True

    def __init__(self) -> None:
        self._tries: dict[tuple[str, str], list[Try]] = defaultdict(list)
        self._used: set[tuple[int, datetime]] = set()
        self._clock: Still | None = None
        self.pairs: dict[int, int] = {}

    def learn(self, tries: Iterable[Try], clock: Still) -> None:
        """Know what was tried then, the first first, and the clock of the copy."""
        self._clock = clock
        for own in tries:
            if own.outcome in TRIED:
                self._tries[own.channel, own.address].append(own)

    def send(self, letter: Letter) -> str:
        assert self._clock is not None, "it has learnt"
        now, tries = self._clock.at, self._tries.get((letter.channel, letter.to), [])
        near = [own for own in tries if abs(own.at - now) <= APART and (own.message_id, own.at) not in self._used]
        own = min(near, key=lambda own: abs(own.at - now), default=None)
        if own is not None:
            self._used.add((own.message_id, own.at))
            self.pairs[own.message_id] = letter.message_id
        else:
            own = next((own for own in reversed(tries) if own.at <= now and own.outcome in DEAD), None)
        if own is None or own.outcome == "accepted" or (own.outcome == "unknown" and own.taken):
            return named(letter.message_id)
        raise ENDS[own.outcome](own.why)

    def close(self) -> None:
        pass


def named(message_id: int) -> str:
    """What a provider would have called the try of a message on the copy."""
    return f"shadow:{message_id}"
