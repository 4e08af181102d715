"""Fields that several forms have, read alike: an instant that was offered, and how much the sender had seen."""

import re
from collections.abc import Mapping
from datetime import datetime

from web.refusals import Help, Refusal

_INSTANT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
_SEEN = re.compile(r"[0-9]{1,4}")


def until(fields: Mapping[str, str]) -> datetime:
    """The time that was chosen. Raises: Refusal: it is none that a page of ours offers."""
    try:
        return datetime.fromisoformat(_INSTANT.fullmatch(fields.get("until", ""))[0])  # type: ignore[index]
    except (TypeError, ValueError) as error:
        raise Refusal(Help.BAD_TIME) from error


def seen(fields: Mapping[str, str]) -> int:
    """How many versions the sender knew of; 0 where nothing sensible is said."""
    text = fields.get("seen", "")
    return int(text) if _SEEN.fullmatch(text) else 0
