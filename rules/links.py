"""The short links in messages: what a token looks like, what it opens, how long it lasts.

Sixteen letters and digits are 95 bits. `https://` and `/l/` take eleven more characters, so a host of up to 25 fits the
52 that a text keeps for its link (docs/adr/0009-short-links.md, 0032-the-salutation-goes-last.md).
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from random import Random

from rules.desk import Desk
from rules.ladder import Say

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SIZE = 16
LASTS = timedelta(days=14)
"""As long as the longest chase: nobody should still answer a message with an older link."""


class Opens(StrEnum):
    """Where a link leads, by the letter in its address: to the list of reports owed, to the door of the desk, or to
    what a village is asked (desa).
    """

    REPORTS = "l"
    DOOR = "m"
    VILLAGE = "d"


ASKING = frozenset(
    {
        Say.SURE,
        Say.DECLARED,
        Say.REMINDER,
        Say.AMENDED,
        Say.EXTENDED,
        Say.REVOKED,
        Say.LOST,
        Say.RETURNED,
        Say.DUE,
        Say.OVERDUE,
        Say.WARNING,
    }
)
"""What asks for an answer; the rest tells."""

SHOWN = 4
"""Characters of a token that are kept in clear, so that one read out over the phone can be matched to its message."""

_TYPED = re.compile(rf"([{ALPHABET}]{{{SIZE}}})[^{ALPHABET}]{{0,8}}")


def token(luck: Random) -> str:
    """A new token. `luck` is the system's own; only a rehearsal, whose links lead nowhere, brings a seed."""
    number, written = luck.randrange(len(ALPHABET) ** SIZE), ""
    for _ in range(SIZE):
        number, digit = divmod(number, len(ALPHABET))
        written += ALPHABET[digit]
    return written


def typed(text: str) -> str | None:
    """The token after `/l/`, without a full stop or bracket that an app took along; None: no token."""
    match = _TYPED.fullmatch(text)
    return match[1] if match else None


def address(public_url: str, token: str, opens: Opens = Opens.REPORTS) -> str:
    """What stands in a message."""
    return f"{public_url}/{opens}/{token}"


def veiled(text: str, token: str) -> str:
    """`text` as it may be kept: a reader of the books must not be able to file for others."""
    return text.replace(token, token[:SHOWN].ljust(SIZE, "*"))


_VEILED = re.compile(rf"/[{ALPHABET}]{{{SHOWN}}}[*]{{{SIZE - SHOWN}}}")


def by_no_luck(text: str) -> str:
    """A text that is kept, without what is left of the tokens in it: two with the same words are the same then."""
    return _VEILED.sub("/", text)


def answers(desk: Desk, office: str, owed_in: Iterable[str]) -> bool:
    """Whether a message about these areas should carry a link: the office can answer for one of them."""
    own = desk.filed_by(office)
    return any(area in own for area in owed_in)
