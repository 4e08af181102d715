"""What all notifiers share: the letter they get and the one method they have."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol, runtime_checkable

from notifiers import references
from notifiers.icalendar import Calendar
from rules.desk import Channel


class Attached(NamedTuple):
    """A document that goes with a mail. `name` is plain ASCII, `media` such as `application/pdf`."""

    name: str
    media: str
    content: bytes

    def __repr__(self) -> str:
        return f"Attached({self.name!r}, {len(self.content)} bytes)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One text for one address, ready to be handed over.

    Args:
        message_id: of the message in our own books.
        nonce: the random part of its row; outside, both together name it (`notifiers.references`).
        to: an e-mail address or a number in E.164; never shown by `repr`.
        rfc_id: the Message-ID with its angle brackets, the same on every try (RFC 5322, 3.6.4).
        at: aware; the Date of the mail.
        sender_name: shown before the sender's address, usually the desk's brand.
        reply_to: where an answer to a mail goes; None: to the sender.
        bounce_to: the envelope sender that finds this message again when it bounces; None: the sender itself.
        say: what it says in one word (`rules.ladder.Say`), for channels whose provider keeps approved wordings.
        not_after: it must not arrive later than this, in quiet hours; None: it may.
        calendars: of a mail: the meetings it is about, to be attached.
        documents: of a mail: what is attached to it, in this order.
        wrote_at: when the recipient last wrote to us by this channel, for channels where free words may only answer.
    """

    message_id: int
    channel: Channel
    to: str = field(repr=False)
    text: str
    at: datetime
    nonce: str = ""
    subject: str = ""
    html: str | None = None
    rfc_id: str = ""
    sender_name: str = ""
    reply_to: str | None = field(default=None, repr=False)
    bounce_to: str | None = field(default=None, repr=False)
    say: str = ""
    wrote_at: datetime | None = None
    not_after: datetime | None = None
    calendars: tuple[Calendar, ...] = ()
    documents: tuple[Attached, ...] = ()

    @property
    def reference(self) -> str:
        """The message's name outside."""
        return references.write(self.message_id, self.nonce)

    def valid_for(self, longest: timedelta) -> timedelta:
        """How long its provider may try to hand it on; `longest` is the provider's usual time."""
        return min(longest, self.not_after - self.at) if self.not_after else longest


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Our account with a provider over HTTP, as its settings line names it.

    Args:
        url: without user and question mark.
        user: and `password`: empty if it asks for none.
        options: what stood behind the question mark.
        public_url: where the provider reaches us, without a slash at the end.
        key: makes seals (`notifiers.seals`), for reports that the provider does not sign.
    """

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    public_url: str
    key: bytes = field(default=b"", repr=False)


class Provider(Protocol):
    """What a file under `notifiers` holds that a settings line may name: `name:https://user:password@host/path?options`."""

    CARRIES: Set[Channel]

    @staticmethod
    def notifier(account: Account) -> "Notifier":
        """Raises: ValueError if the account is unusable, in words that follow the setting's name; without secrets."""
        ...


class Notifier(Protocol):
    """A way to reach people. Safe to call from several threads.

    `repeatable`: sending the same letter again does no harm, so many may be sent before their outcomes are stored.
    """

    repeatable: bool

    def send(self, letter: Letter) -> str:
        """Hand over one letter; return the provider's id for it.

        Returning means accepted, not delivered: delivery is learnt from the
        provider's callback. One call is one try; notifiers never retry.

        Raises:
            Refused: this recipient will not take it, now or later.
            Temporary: not accepted; a later try may work.
            Unknown: it may have been accepted; ask before trying again.
            ChannelDown: our fault or the provider's, whoever the recipient.
            Unwritable: the letter cannot be put into the channel's format. Nobody was called.
        """
        ...

    def close(self) -> None:
        """Let go of kept connections. A later `send` opens new ones."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """A way by which people send files too, and whose provider keeps them until they are fetched."""

    def fetch(self, url: str, most: int) -> bytes:
        """A file that came with a message. Asked for at the provider's own host alone, with our login.

        Raises:
            Refused: it is not there, larger than `most` bytes, or the address is none of the provider's.
            Temporary: a later try may work.
        """
        ...


@runtime_checkable
class Asks(Protocol):
    """A notifier whose provider can be asked what became of a message in doubt; `isinstance` tells which can."""

    def lookup(self, letter: Letter, *, since: datetime, until: datetime) -> list[str]:
        """The provider's ids of all that may be `letter`; empty: the provider knows of none.

        An id may belong to another message with the same words: the caller's books know which ones do.

        Args:
            letter: with the address and the text from our books; a veiled link in them matches any link. Its `at` is
            now by our clock, which the provider's is compared with.
            since: aware; when the try began. Anything older is another message.
            until: aware; when it was over at the latest.

        Raises:
            Temporary, ChannelDown: the provider could not be asked; the doubt remains.
        """
        ...


class Departed(NamedTuple):
    """A message that left. `named`: the provider's id; of a mail our own name of it (`notifiers.references`).

    `words` as they came, empty where only a log tells of it. Never shown: `to` is an address.
    """

    named: str
    to: str
    at: datetime
    words: str = ""

    def __repr__(self) -> str:
        return f"Departed({self.named!r})"


@runtime_checkable
class Lists(Protocol):
    """A notifier whose provider lists what left by it, for books that lost what they knew; `isinstance` tells which."""

    def listed(self, channel: Channel, *, since: datetime, until: datetime) -> list[Departed]:
        """What left by a channel in that time and was not given up, to whomever: the account may serve others too.

        Raises:
            Temporary, ChannelDown: the provider could not be asked.
        """
        ...
