"""What a mail server's refusal means for us: which of the four bad ends it is.

RFC 5321, 4.2.1: 4yz may be tried again, 5yz not as it stands. The code does not say whose fault it is. The step at
which it comes does, and so does the enhanced code behind it (RFC 3463), if there is one.
"""

import re
from enum import StrEnum

from notifiers import mail_codes
from notifiers.mask import scrub
from rules.delivery import ChannelDown, DeliveryError, Refused, Temporary


class Phase(StrEnum):
    """The steps of one dialogue, in their order."""

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

_TOO_LARGE = frozenset({"5.2.3", "5.3.4"})
"""RFC 3463: said of this mail alone, also before the recipient was named (RFC 1870, 6.1)."""

_RELAYING = re.compile(r"(?<![\w.-])relay(?:ing|ed)?(?![\w-]*\.\w| recipient table)", re.IGNORECASE)
"""The server relays for nobody. Not a host whose name begins so, nor Postfix' name for a table of recipients."""

_SENDER = re.compile(
    r"authenticat|\bsend as\b|(?:permitted|allowed|authori[sz]ed) to send"
    r"|\bsender\b[^.;]{0,40}\b(?:rejected|denied|refused|invalid|not|unknown|unauthori[sz]ed|forbidden|blocked)\b"
    r"|\b(?:rejected|denied|refused|invalid|bad|unknown|unauthori[sz]ed|forbidden|blocked) sender\b",
    re.IGNORECASE,
)
"""The server does not want this sender or us: how mail servers word it behind a code that leaves that open."""

_ENHANCED = re.compile(rb"\s*#?([245]\.\d{1,3}\.\d{1,3})\b")


def judged(phase: Phase, code: int, reply: bytes, *secrets: str) -> DeliveryError:
    """The error to raise for a reply that is no success; it never holds an address nor any of `secrets`.

    The enhanced code decides where there is one; without one nothing gives an address up.

    - 5yz for the recipient whose code says that there is no such mailbox or domain: Refused.
    - Our login, our sender, our right to have mail relayed, and any 5yz before the recipient was named (but "too
      large"): ChannelDown. So is a 4yz that does not relay for us.
    - All others: Temporary. 4yz, and what is no reply at all: the mailbox may be full, a greylist may be at work. Of a
      5yz (552 mailbox full, a policy, content disliked, `no such user` without a code) nobody can tell whose fault it
      is: the tries run out and it is shown as failed, without a good address being given up.
    """
    match = _ENHANCED.match(reply)
    enhanced = match.group(1).decode() if match else ""
    said = f"{phase}: {scrub(reply.decode('utf-8', 'replace'), *secrets)}"
    return _kind(phase, code, enhanced, said)(said, code=str(code))


def _kind(phase: Phase, code: int, enhanced: str, said: str) -> type[DeliveryError]:
    if not 400 <= code < 600:
        return Temporary
    before, vague = phase in _BEFORE_RECIPIENT, enhanced in mail_codes.VAGUE
    if vague and not before and _RELAYING.search(said):
        return ChannelDown
    if code < 500 or enhanced.startswith("4") or enhanced in _TOO_LARGE:
        return Temporary
    if before or code in _CREDENTIALS or enhanced in mail_codes.OURS or (vague and _SENDER.search(said)):
        return ChannelDown
    return Refused if enhanced in mail_codes.DEAD else Temporary
