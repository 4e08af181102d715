"""Read what several forms or addresses have: a time that was offered, versions seen, the number of a row."""

import re
from collections.abc import Mapping
from datetime import datetime

from web.guards.refusals import Help, Refusal

_INSTANT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
_SEEN = re.compile(r"[0-9]{1,4}")
_ID = re.compile(r"[0-9]{1,9}")


def until(fields: Mapping[str, str]) -> datetime:
    """The time that was chosen. Raises: Refusal: no page of ours offers it."""
    try:
        return datetime.fromisoformat(_INSTANT.fullmatch(fields.get("until", ""))[0])  # type: ignore[index]
    except (TypeError, ValueError) as error:
        raise Refusal(Help.BAD_TIME) from error


def seen(fields: Mapping[str, str]) -> int:
    """How many versions the sender knew of; 0 if the field is missing or makes no sense."""
    text = fields.get("seen", "")
    return int(text) if _SEEN.fullmatch(text) else 0


def edition(fields: Mapping[str, str]) -> int:
    """Which words of a report the sender read; -1, which none are, if the field is missing or makes no sense."""
    text = fields.get("edition", "")
    return int(text) if _SEEN.fullmatch(text) else -1


def row_id(text: str) -> int:
    """The id of a row, as an address or a hidden field names it; 0, which no row has, if it makes no sense."""
    return int(text) if _ID.fullmatch(text) else 0
