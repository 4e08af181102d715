"""What Twilio's refusals mean for us: which of the four bad ends each is.

Every code has a page, https://www.twilio.com/docs/api/errors/CODE, which says what causes it; the lists below follow
those pages. Twilio warns that codes are split and renamed at times (changelog of 10 July 2024). So a code that is not
listed is judged by its HTTP status, and does no harm.
"""

from datetime import timedelta

from notifiers.mask import scrub
from rules.delivery import ChannelDown, DeliveryError, Refused, Temporary, Unknown

REFUSED = frozenset(
    {
        21211,  # invalid To
        21214,  # To cannot be reached
        21217,  # To does not appear to be valid
        21265,  # To is a short code
        21610,  # the recipient has opted out
        21612,  # no way from this sender to this number
        21614,  # To is no mobile number
        21635,  # To is a landline
        30004,  # the handset blocks messages
        30005,  # unknown handset
        30006,  # landline, or a carrier that is not reached
        63003,  # the channel does not know To
        63024,  # invalid recipient of the channel
    }
)
"""This number, now or later. Those of 30xxx come with a callback, never with the answer to a request."""

DEAD = REFUSED - {21612, 30004}
"""In a delivery report these say that nothing will ever reach this number.

Codes whose pages also name causes that pass are left out: no way from this sender to that number, a handset that is
off or blocks the message. That a message's time was over (30036) says nothing about the number.
"""

OURS = frozenset(
    {
        10001,  # account not active
        20003,  # wrong account or token
        20005,  # account not active: no funds left, or never opened
        20404,  # no such account
        21212,  # invalid From
        21401,  # From is no sender of ours
        21601,  # From is no sender of ours
        21603,  # neither From nor a Messaging Service
        21606,  # From cannot send there
        21608,  # a trial account writes to verified numbers only
        21609,  # our callback address cannot be reached from outside
        21659,  # From is not a Twilio number
        21660,  # From belongs to another account
        21661,  # From cannot send text messages
        21701,  # no such Messaging Service
        21703,  # the Messaging Service has no sender that can
        21704,  # the Messaging Service has no sender
        21910,  # From and To are of different channels
        30002,  # account suspended
        30042,  # the sender's name is blocked
        63001,  # the channel does not let us in
        63002,  # the channel does not know From
        63007,  # no such sender on this channel
        63038,  # the account's messages of this day are used up
    }
)
"""Whoever the recipient: the account, its credit or its sender. A delivery report with one stops the channel too."""

LATER = frozenset(
    {
        14107,  # the sender is too fast
        20429,  # too many requests
        21611,  # the sender's queue is full
        30001,  # the queue overflowed
        30003,  # the handset is off or out of reach: Twilio says to try again
        63018,  # too fast for the channel
    }
)

NOT_THERE = frozenset(
    {
        21408,  # the account may not write to that country
        21657,  # the sender's name is not supported or not registered in that country
    }
)
"""About the country of the recipient. In the desk's own country the fault is ours, else the number's."""

_OUR_STATUS = frozenset({401, 402, 403, 404, 405, 410})


def judged(
    status: int, code: int | None, said: str, to: str, *, home: str = "+62", wait: timedelta = timedelta(0)
) -> DeliveryError:
    """The error to raise for an answer that is no success; it never holds the number.

    - 5xx: Unknown. The request was read and may have been carried out.
    - 429, and what says "later": Temporary. Nothing was accepted.
    - A code of the recipient's: Refused. A code of ours, 401 to 405 and redirects: ChannelDown.
    - Any other 4xx (a text too long, a template that does not fit): nobody is to blame but this one message. Temporary:
      its tries run out and it is shown as failed, without a good number being given up or the channel being stopped.

    Args:
        to: the recipient in E.164, with or without the prefix of a channel.
        home: the country code of the desk's own numbers.
        wait: for how long it asks to be left alone; heard where nothing was accepted and a later try may work.
    """
    number = to.rpartition(":")[2]
    words = f"HTTP {status}: {scrub(said.replace(number.lstrip('+'), '***'), number)}"
    kind = _kind(status, code, at_home=number.startswith(home))
    if kind is Temporary:
        return Temporary(words, code=str(code or status), wait=wait)
    return kind(words, code=str(code or status))


def _kind(status: int, code: int | None, *, at_home: bool) -> type[DeliveryError]:
    if status >= 500:
        return Unknown
    if status == 429 or code in LATER:
        return Temporary
    if code in REFUSED or (code in NOT_THERE and not at_home):
        return Refused
    if code in OURS or code in NOT_THERE or status in _OUR_STATUS or status < 400:
        return ChannelDown
    return Temporary
