"""Makes words that other people typed safe in a mail: they are shown as typed and do nothing."""

import re
from functools import lru_cache

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_HIDDEN = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff]")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE = re.compile(f"({_MARK}{{2}}){_MARK}+")
_ADDRESS = re.compile(r"(?<=\w)(\.(?=\w\w)(?!\d+\b)|@(?=\w)|:(?=//))")


@lru_cache(maxsize=2000)  # a burst says the same words over and over
def words(text: str) -> str:
    """`text` on one line, without characters that reverse the writing, and with at most two marks on a letter.

    An invisible character breaks whatever a mail program would turn into a link (`evil.example`, not `07.30`): in our
    mails only our own link can be followed.
    """
    if not text.isprintable() or not text.isascii():
        text = _PILE.sub(r"\1", _HIDDEN.sub("", _BREAKS.sub(" ", text))).strip()
    if "." in text or "@" in text or "://" in text:
        text = _ADDRESS.sub("\\1\u200c", text)
    return text
