"""The short links in messages: what a token looks like, what it opens, how long it lasts.

Sixteen letters and digits are 95 bits. `https://` and `/l/` take eleven more signs, so an address of up to 18 signs
fits the 45 that a text keeps for its link (docs/adr/0009-short-links.md).
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
"""As long as the longest chase: an older link is of a message that nobody should still answer."""


class Opens(StrEnum):
    """Where a link leads, by the letter in its address: to the list of reports owed, or to the door of the desk."""

    REPORTS = "l"
    DOOR = "m"


ASKING = frozenset({Say.REMINDER, Say.AMENDED, Say.RETURNED, Say.DUE, Say.OVERDUE, Say.WARNING})
"""What asks for an answer; the rest tells."""

SHOWN = 4
"""Signs of a token that may be kept in clear, so that one read out over the phone can be matched to its message."""

_TYPED = re.compile(rf"([{ALPHABET}]{{{SIZE}}})[^{ALPHABET}]{{0,8}}")


def token(luck: Random) -> str:
    """A new token. In earnest `luck` is the system's; only a rehearsal, whose links lead nowhere, brings a seed."""
    number, signs = luck.randrange(len(ALPHABET) ** SIZE), ""
    for _ in range(SIZE):
        number, sign = divmod(number, len(ALPHABET))
        signs += ALPHABET[sign]
    return signs


def typed(text: str) -> str | None:
    """The token in what stood behind `/l/`, without the full stop or bracket an app took along; None: no token."""
    found = _TYPED.fullmatch(text)
    return found[1] if found else None


def address(public_url: str, token: str, opens: Opens = Opens.REPORTS) -> str:
    """What stands in a message."""
    return f"{public_url}/{opens}/{token}"


def veiled(text: str, token: str) -> str:
    """`text` as it may be kept: who reads the books must not be able to file for others."""
    return text.replace(token, token[:SHOWN].ljust(SIZE, "*"))


def answers(desk: Desk, office: str, owed_in: Iterable[str]) -> bool:
    """Whether a message about these areas should carry a link: the office can answer for one of them."""
    own = desk.filed_by(office)
    return any(area in own for area in owed_in)
