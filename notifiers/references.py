"""How a message is named outside: by its number and the random part of its row.

After a restore a number may be given again. With the random part, an answer for a lost row names nothing.
"""

import re

_WRITTEN = re.compile(r"([0-9]{1,9})(?:-([0-9a-f]{1,16}))?", re.ASCII)


def write(message_id: int, nonce: str) -> str:
    """`12-3f9a...`; the number alone where a message was made before rows had a random part."""
    return f"{message_id}-{nonce}" if nonce else str(message_id)


def read(text: str) -> tuple[int, str] | None:
    """The number and the random part; None: it names no message."""
    match = _WRITTEN.fullmatch(text)
    return (int(match[1]), match[2] or "") if match else None
