"""A text as a row of words: small letters, abbreviations written out, clauses counted, typing mistakes seen."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rules.replies.spoken import Words


class Kind(StrEnum):
    """What a piece of text is. SPOILT: a number with letters in it, which is not guessed."""

    WORD = "word"
    NUMBER = "number"
    RATIO = "ratio"
    SPOILT = "spoilt"
    CODE = "code"
    ASKS = "asks"


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `guessed`: it is a typing mistake away from what was typed."""

    kind: Kind
    text: str
    clause: int
    sentence: int
    value: int = 0
    out_of: int = 0
    guessed: bool = False


MOST = 800
"""Words of a text that are read."""

_CODE = re.compile(r"\b(?:([rpak])(?:\s?-\s?0*(\d{1,6})|[\s.]{0,2}0*(\d{3,6}))|(c)\s?-?\s?(\d{4,6}))\b(?![.,]?\d)")
"""A roll call's number has its four digits: C-1 and C 2 are forms of the Commission."""

_PIECE = re.compile(
    r"(?P<code>\x01[a-z]\d+\x01)|(?P<ratio>\d{1,7}\s?/\s?\d{1,7}(?![\d/]))|(?P<clock>\d{1,2}[.:]\d{2}(?!\d))"
    r"|(?P<spoilt>(?<![^\W_])[oil]\d+|\d+,\d+)|(?P<number>\d{1,3}(?:\.\d{3})+(?!\d)|\d+)(?P<tail>[a-z]*\d*)|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?2?)"
    r"|(?P<asks>\?)|(?P<end>[.!\n]+)|(?P<pause>[,;]+)|(?P<sign>[^\s\w])"
)
_SHORT = re.compile(r"\b(kec|kab|kel|ds|yth|bpk|dst|dll|pkl|tgl|no|dr|hp|tlp|jl|an|ttd)\.")
_PHONE = re.compile(r"(?:\+62|\b62|\b08)[\d\s-]{8,16}")


def phone(text: str) -> bool:
    """Whether a telephone number stands in it."""
    return bool(_PHONE.search(text))


def read(text: str, words: Words) -> tuple[Token, ...]:
    """The words of a text, in the words that the list knows."""
    low = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    low = re.sub(r"([^\W\d_])\1{2,}", r"\1", low)
    low = _SHORT.sub(r"\1 ", low).replace("s.d.", "sd ").replace("s/d", "sd ")
    low = _PHONE.sub(" ", low)
    low = _CODE.sub(lambda own: f" \x01{own[1] or own[4]}{int(own[2] or own[3] or own[5])}\x01 ", low)
    found: list[Token] = []
    clause = sentence = 0
    for piece in _PIECE.finditer(low):
        if piece["end"]:
            clause, sentence = clause + 1, sentence + 1
        elif piece["pause"]:
            clause += 1
        else:
            found += _tokens(piece, words, clause, sentence)
        if len(found) >= MOST:
            break
    return tuple(_counted(found, words))


def _tokens(piece: re.Match[str], words: Words, clause: int, sentence: int) -> Iterable[Token]:
    if piece["code"]:
        letter, digits = piece["code"][1], piece["code"][2:-1]
        yield Token(Kind.CODE, f"{letter.upper()}-{int(digits):04d}", clause, sentence)
    elif piece["ratio"]:
        left, _, right = piece["ratio"].partition("/")
        yield Token(Kind.RATIO, piece["ratio"], clause, sentence, int(left), int(right))
    elif piece["spoilt"]:
        yield Token(Kind.SPOILT, piece["spoilt"], clause, sentence)
    elif piece["clock"]:
        yield Token(Kind.NUMBER, piece["clock"].replace(":", "."), clause, sentence, int(re.split("[.:]", piece[0])[0]))
    elif piece["number"]:
        yield from _number(piece["number"], piece["tail"], words, clause, sentence)
    elif piece["asks"]:
        yield Token(Kind.ASKS, "?", clause, sentence)
    else:
        typed = piece["word"] or piece["sign"] or ""
        yield from _meant(typed, words, clause, sentence)


def _number(digits: str, tail: str, words: Words, clause: int, sentence: int) -> Iterable[Token]:
    whole = digits + tail
    if whole in words.same:
        yield from _meant(whole, words, clause, sentence)
    elif tail and re.fullmatch(r"[oliszb]{1,2}\d*", tail):
        yield Token(Kind.SPOILT, whole, clause, sentence)
    else:
        value = int(digits.replace(".", "")[:9])
        yield Token(Kind.NUMBER, digits.replace(".", ""), clause, sentence, value)
        if tail:
            yield from _meant(tail, words, clause, sentence)


def _meant(typed: str, words: Words, clause: int, sentence: int) -> Iterable[Token]:
    """What is meant by a word as it was typed: written out, single instead of doubled, mended by one letter."""
    bare = typed.removesuffix("2") if len(typed) > 2 else typed
    for form in (typed, bare):
        if form in words.same:
            yield from (Token(Kind.WORD, own, clause, sentence) for own in words.same[form])
            return
    near = "" if bare in words.vocabulary else _near(bare, words)
    yield Token(Kind.WORD, near or bare, clause, sentence, guessed=bool(near))


def _near(typed: str, words: Words) -> str:
    """The sign word that is one slip away; empty: none, or more than one. Short words are not guessed."""
    if len(typed) < 4 or not typed.isalpha():
        return ""
    near = {own for own in words.mended if own[0] == typed[0] and _one_slip(typed, own)}
    return near.pop() if len(near) == 1 else ""


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is missing, too many, wrong, or two are swapped."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    rest, own = typed[start:], meant[start:]
    return rest[1:] == own or rest == own[1:] or rest[1:] == own[1:] or (rest[:2] == own[1::-1] and rest[2:] == own[2:])


def _counted(tokens: Sequence[Token], words: Words) -> Iterable[Token]:
    """Numbers in words (`seribu dua ratus`) as numbers, and `98 dari 104` as a ratio."""
    merged: list[Token] = []
    n = 0
    while n < len(tokens):
        if tokens[n].kind is Kind.WORD and tokens[n].text in words.numbers:
            end = n
            while end < len(tokens) and _spells(tokens[end], tokens[n], words):
                end += 1
            merged.append(_spelled(tokens[n:end], words))
            n = end
        else:
            merged.append(tokens[n])
            n += 1
    for at, token in enumerate(merged):
        left, right = (merged[at - 1] if at else None), (merged[at + 1] if at + 1 < len(merged) else None)
        if token.text == "dari" and left and right and left.kind is right.kind is Kind.NUMBER:
            merged[at - 1 : at + 2] = [
                Token(Kind.RATIO, f"{left.value}/{right.value}", left.clause, left.sentence, left.value, right.value)
            ]
            return _counted(merged, words)
    return merged


def _spells(token: Token, first: Token, words: Words) -> bool:
    return token.kind is Kind.WORD and token.text in words.numbers and token.clause == first.clause


def _spelled(tokens: Sequence[Token], words: Words) -> Token:
    total = part = 0
    for token in tokens:
        value = words.numbers[token.text]
        if token.text == "belas":
            part += 10
        elif value in (10, 100) and token.text in ("puluh", "ratus"):
            unit, rest = part % 10, part - part % 10
            part = rest + (unit or 1) * value
        elif token.text in ("ribu", "seribu"):
            total, part = total + max(part, 1) * 1000, 0
        else:
            part += value
    value = min(total + part, 10**9)
    return Token(Kind.NUMBER, str(value), tokens[0].clause, tokens[0].sentence, value)
