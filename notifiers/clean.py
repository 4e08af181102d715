"""Words other people typed, made fit for a mail: shown as typed, doing nothing."""

import re

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_HIDDEN = re.compile(r"[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff]")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE = re.compile(f"({_MARK}{{2}}){_MARK}+")
_ADDRESS = re.compile(r"(?<=\w)(\.(?=\w\w)|@(?=\w)|:(?=//))")


def words(text: str) -> str:
    """`text` on one line, without signs that turn the writing round, and with two marks on a letter at most.

    What a mail program would make a link of (`evil.example`) is broken by an invisible sign: in our mails
    only our own link can be followed.
    """
    if not text.isprintable() or not text.isascii():
        text = _PILE.sub(r"\1", _HIDDEN.sub("", _BREAKS.sub(" ", text))).strip()
    if "." in text or "@" in text or "://" in text:
        text = _ADDRESS.sub("\\1\u200c", text)
    return text
