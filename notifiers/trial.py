"""A trial run: a few people get real messages; all others are written into the outbox folder."""

from collections.abc import Collection
from datetime import datetime

from notifiers.base import Asks, Departed, Letter, Lists, Notifier
from rules.delivery import ChannelDown, Temporary
from rules.desk import Channel

MARK = "file:trial:"
"""How the id of a message begins that was not sent because of the trial."""


class Trial:
    """Sends for real to the allowed addresses only."""

    repeatable = False

    def __init__(self, real: Notifier, outbox: Notifier, allowed: Collection[str]) -> None:
        self._real = real
        self._outbox = outbox
        self._allowed = frozenset(address.lower() for address in allowed)

    def send(self, letter: Letter) -> str:
        """As the real notifier; for everybody else the id is `file:trial:` and the place in the outbox folder.

        A folder that cannot be written to says nothing about the real channel: it is no reason to stop that.
        """
        if self._allows(letter):
            return self._real.send(letter)
        try:
            return MARK + self._outbox.send(letter).removeprefix("file:")
        except ChannelDown as error:
            raise Temporary(f"trial: {error}") from error

    def close(self) -> None:
        self._real.close()
        self._outbox.close()

    def _allows(self, letter: Letter) -> bool:
        return letter.to.lower() in self._allowed


class AskingTrial(Trial):
    """A trial around a notifier whose provider can be asked."""

    def __init__(self, real: Notifier, outbox: Notifier, allowed: Collection[str]) -> None:
        super().__init__(real, outbox, allowed)
        if not isinstance(real, Asks):
            raise TypeError(f"{type(real).__name__} cannot be asked")
        self._provider: Asks = real

    def lookup(self, letter: Letter, *, since: datetime, until: datetime) -> list[str]:
        """See `Asks.lookup`; a message that only went into the folder was never with the provider."""
        return self._provider.lookup(letter, since=since, until=until) if self._allows(letter) else []


class ListingTrial(AskingTrial):
    """A trial around a notifier whose provider also lists what left: that is true of whomever it names."""

    def listed(self, channel: Channel, *, since: datetime, until: datetime) -> list[Departed]:
        """See `Lists.listed`."""
        assert isinstance(self._real, Lists)
        return self._real.listed(channel, since=since, until=until)


def trial(real: Notifier, outbox: Notifier, allowed: Collection[str]) -> Trial:
    """A trial around `real`, which can be asked what `real` can."""
    if not isinstance(real, Asks):
        return Trial(real, outbox, allowed)
    return (ListingTrial if isinstance(real, Lists) else AskingTrial)(real, outbox, allowed)
