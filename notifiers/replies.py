"""What a mail server's refusal means for us: which of the four bad ends it is.

RFC 5321, 4.2.1: 4yz may be tried again, 5yz not as it stands. It does not say whose fault it is; the step at which it
comes, and the enhanced code behind it (RFC 3463) where there is one, do.
"""

import re
from enum import StrEnum

from notifiers.mask import scrub
from rules.delivery import ChannelDown, DeliveryError, Refused, Temporary


class Phase(StrEnum):
    """The steps of one session, in their order."""

    CONNECT = "connect"
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    RSET = "rset"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "dot"


_BEFORE_RECIPIENT = frozenset({Phase.CONNECT, Phase.EHLO, Phase.STARTTLS, Phase.AUTH, Phase.RSET, Phase.MAIL})
_CREDENTIALS = frozenset({530, 534, 535, 538})
"""RFC 4954, 6: whoever the recipient, we were not let in. Must not burn a night's messages."""

_NO_SUCH_MAILBOX = frozenset({501, 550, 551, 553, 556})
"""After RCPT (RFC 5321, 4.2.3 and 4.3.2; RFC 7504 for 556): this address, now or later."""

_DEAD_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""RFC 3463, 3.2 and 3.3, RFC 7505: says so after the final dot too, and behind a plain 554."""

_ENHANCED = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})\b")


def judged(phase: Phase, code: int, reply: bytes, *secrets: str) -> DeliveryError:
    """The error to raise for a reply that is no success; it never holds an address nor any of `secrets`.

    - 4yz, and what is no reply at all: Temporary. The recipient's mailbox may be full, a greylist may be at work.
    - 5yz before the recipient was named: ChannelDown. The server wants nothing from us, or not this sender.
    - 5yz for the recipient: Refused, if the code says that there is no such mailbox.
    - Any other 5yz (552 mailbox full, which RFC 5321, 4.5.3.1.10 wants tried again; 554 transaction failed, content
      disliked): nobody can tell whose fault it is. Temporary: the tries run out and it is shown as failed, without a
      good address being given up or the channel being stopped for a single mail.
    """
    found = _ENHANCED.match(reply)
    enhanced = found.group(1).decode() if found else ""
    said = f"{phase}: {scrub(reply.decode('utf-8', 'replace'), *secrets)}"
    return _kind(phase, code, enhanced)(said, code=str(code))


def _kind(phase: Phase, code: int, enhanced: str) -> type[DeliveryError]:
    if not 500 <= code < 600:
        return Temporary
    if phase in _BEFORE_RECIPIENT or code in _CREDENTIALS:
        return ChannelDown
    if enhanced in _DEAD_ADDRESS or (phase is Phase.RCPT and code in _NO_SUCH_MAILBOX):
        return Refused
    return Temporary
