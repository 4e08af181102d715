"""The short code on a letter that leads to what the desk's books say of it: part of the hash of its facts.

Twelve signs are 60 bits, so nobody finds a report by trying. Letters that are read as digits are left out (Crockford's
base 32), and whoever types them for digits is understood.
"""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS, GROUP = 12, 4
_BITS = 5
HEX = SIGNS * _BITS // 4
"""Hexadecimal digits of the hash that the code stands for."""
_READ = str.maketrans("OIL", "011", "- .")


def code(digest: str) -> str:
    """`7K3M-9QXA-2F5T`, from a SHA-256 in hexadecimal digits."""
    number = int(digest[:HEX], 16)
    signs = "".join(ALPHABET[number >> _BITS * place & 31] for place in reversed(range(SIGNS)))
    return "-".join(signs[first : first + GROUP] for first in range(0, SIGNS, GROUP))


def beginning(typed: str) -> str | None:
    """How the hash begins that a typed code stands for, in hexadecimal digits; None: it is no code."""
    signs = typed.strip().upper().translate(_READ) if len(typed) <= 3 * SIGNS else ""
    if len(signs) != SIGNS or any(sign not in ALPHABET for sign in signs):
        return None
    number = 0
    for sign in signs:
        number = number << _BITS | ALPHABET.index(sign)
    return f"{number:0{HEX}x}"
