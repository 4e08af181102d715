"""Whether words at a provider are those that our books kept of a message."""

import re

_NOTHING = re.compile(r"(?!)")
_VEILED = re.compile(r"(\*{4,})")
_LINK = re.compile(r"(\w*\*{4,})")


def plain(text: str) -> str:
    """The words on one line."""
    return " ".join(text.split())


def pattern(kept: str, *, most: int, any_try: bool = False) -> re.Pattern[str]:
    """Finds our words among those of a template or a trial account; no words find nothing.

    Args:
        kept: as in our books, where of a link only its beginning is kept.
        most: so many characters are looked for.
        any_try: also the words of another try, which had a link of its own.
    """
    if not kept.strip():
        return _NOTHING
    veiled = _LINK if any_try else _VEILED
    parts = veiled.split(plain(kept)[:most])
    return re.compile("".join(rf"\S{{{len(part)}}}" if veiled.fullmatch(part) else re.escape(part) for part in parts))
