"""Addresses as they may be shown: enough to recognise one's own, too little to write to somebody else's."""

import re

_ADDRESS = re.compile(r"[^\s<>\"'(),;:]*@[^\s<>\"'(),;:]*")
LOOKED_AT = 2000
"""Characters of an answer that are searched, though few are shown; the time grows with their square."""
_NUMBER = re.compile(r"(?<!\w)(?:\+|62|0)\d(?:[ .()-]{0,2}\d){6,}(?!\w)")


def mask(address: str) -> str:
    """`c***@baritokuala.example`, `+62820****05`; anything else shows at most its first character."""
    local, at, domain = address.rpartition("@")
    if at:
        return f"{local[:1]}***@{domain}"
    if address.startswith("+") and len(address) > 9:
        return f"{address[:6]}****{address[-2:]}"
    return f"{address[:1]}***"


LONGEST = 150
"""Characters of a provider's answer that are kept; with our own words and its code they fit the books."""


def scrub(reply: str, *secrets: str) -> str:
    """What a provider answered, in one short line without addresses, phone numbers or any of `secrets`.

    Servers like to repeat the mailbox they refuse, with its domain or without: `secrets` may be addresses, and the
    part before the @ is then a secret too.
    """
    line = reply if reply.isprintable() else "".join(c if c.isprintable() else " " for c in reply)
    line = " ".join(line.split())[:LOOKED_AT]
    words = {part for secret in secrets for part in (secret, secret.partition("@")[0]) if part}
    for word in sorted(words, key=len, reverse=True):
        if word.lower() in line.lower():  # an expression for every recipient there is would not stay compiled
            line = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "***", line, flags=re.IGNORECASE)
    return _NUMBER.sub("***", _ADDRESS.sub("***", line))[:LONGEST]
