"""Seals prove that something that comes back to us was made by us, if the other side signs nothing."""

import hashlib
import hmac

_SIGNS = 32
SHORT = 20
"""As much of a seal as the address of a mail has room for."""


def seal(key: bytes, what: str) -> str:
    """The seal of `what`, 128 bits in hexadecimal. `what` begins with its purpose, so that a seal fits nowhere else."""
    return hmac.new(key, what.encode(), hashlib.sha256).hexdigest()[:_SIGNS]


def holds(key: bytes, what: str, shown: str, *, signs: int = _SIGNS) -> bool:
    """Whether `shown` is the seal of `what`, or its first `signs` where room is short; without a key never."""
    return bool(key) and hmac.compare_digest(seal(key, what)[:signs].encode(), shown.encode("utf-8", "replace"))
