"""The numbers that a report asks for, as people type them: `TPS 198 buka 187`, `98/104 TPS sudah buka`, `hadir 1.234`.

Figures of votes are never read: from the word that speaks of votes on, a sentence holds none that are taken.
"""

from collections.abc import Iterator, Sequence

from rules.replies.marks import Marks
from rules.replies.spoken import Sign, Values, Words
from rules.replies.tokens import Kind, Token

REACH = 7
"""How many words lie at most between a number and what it counts."""

_TIMES = frozenset({"jam", "pukul", "tanggal", "tgl", "sd", "nomor"})
_PLACES = frozenset({"tps", "desa", "rt", "rw"})
_DENIALS = frozenset({"tidak", "belum", "bukan"})


def read(tokens: Sequence[Token], marks: Marks, needs: Sequence[str], words: Words) -> Values:
    """What was read of the numbers that a report needs. What two numbers are given for is in `doubtful`, unread."""
    usable = [not own for own in _votes(tokens, marks)]
    counts: dict[str, int] = {}
    totals: dict[str, int] = {}
    doubtful: list[str] = []
    for code in needs:
        figure = words.figures.get(code)
        found = set(_found(tokens, usable, figure.words if figure else ()))
        numbers = {value for value, _ in found}
        if not found and figure:
            found = _alone(tokens, usable)
            numbers = {value for value, _ in found}
        if len(numbers) != 1 or None in numbers:
            doubtful += [code] if numbers else []
            continue
        (value,) = numbers
        assert value is not None
        total = next((out_of for _, out_of in found if out_of), 0) or _total(
            tokens, usable, figure.total if figure else ""
        )
        if total:
            totals[code] = total
        if total and value > total:
            doubtful.append(code)
        else:
            counts[code] = value
    return Values(None, counts, totals, tuple(doubtful))


def _votes(tokens: Sequence[Token], marks: Marks) -> list[bool]:
    """By word, whether it may speak of votes."""
    first: dict[int, int] = {}
    for mark in marks.of(Sign.VOTES):
        clause_start = next(n for n, token in enumerate(tokens) if token.clause == mark.clause)
        first[mark.sentence] = min(first.get(mark.sentence, clause_start), clause_start)
    return [token.sentence in first and n >= first[token.sentence] for n, token in enumerate(tokens)]


def _found(
    tokens: Sequence[Token], usable: Sequence[bool], phrases: Sequence[tuple[str, ...]]
) -> Iterator[tuple[int | None, int]]:
    """Each number beside a word that names it, and what it is out of; None: it is spoilt."""
    taken = -1
    for at in range(len(tokens)):
        phrase = next((own for own in sorted(phrases, key=len, reverse=True) if _says(own, tokens, at)), None)
        if phrase is None or not usable[at] or at < taken or _denied(tokens, at):
            continue
        taken = at + len(phrase)
        number = _after(tokens, usable, taken) or _before(tokens, usable, at)
        if number is not None:
            yield (None if number.kind is Kind.SPOILT else number.value), number.out_of


def _says(phrase: tuple[str, ...], tokens: Sequence[Token], at: int) -> bool:
    return tuple(token.text for token in tokens[at : at + len(phrase)]) == phrase


def _denied(tokens: Sequence[Token], at: int) -> bool:
    return any(token.text in _DENIALS and token.clause == tokens[at].clause for token in tokens[max(0, at - 2) : at])


def _after(tokens: Sequence[Token], usable: Sequence[bool], start: int) -> Token | None:
    for n in range(start, min(start + REACH, len(tokens))):
        if tokens[n].clause != tokens[start - 1].clause or not usable[n]:
            return None
        if tokens[n].kind is Kind.SPOILT or _counts(tokens, n):
            return tokens[n]
        if tokens[n].text in _PLACES or tokens[n].text in ("pada", "di"):
            continue
    return None


def _before(tokens: Sequence[Token], usable: Sequence[bool], end: int) -> Token | None:
    for n in range(end - 1, max(-1, end - 1 - REACH), -1):
        if tokens[n].clause != tokens[end].clause or not usable[n]:
            return None
        if tokens[n].kind is Kind.SPOILT or _counts(tokens, n):
            return tokens[n]
    return None


def _counts(tokens: Sequence[Token], n: int) -> bool:
    """Whether a number counts something: no time, no day, no polling station's own number."""
    token = tokens[n]
    if token.kind not in (Kind.NUMBER, Kind.RATIO) or "." in token.text:
        return False
    before = tokens[n - 1].text if n else ""
    return before not in _TIMES and not (token.kind is Kind.NUMBER and before in _PLACES)


def _alone(tokens: Sequence[Token], usable: Sequence[bool]) -> set[tuple[int | None, int]]:
    """A ratio that stands alone among numbers: there is nothing else that it could count."""
    numbers = [n for n, token in enumerate(tokens) if token.kind in (Kind.NUMBER, Kind.RATIO) and usable[n]]
    ratios = [tokens[n] for n in numbers if tokens[n].kind is Kind.RATIO and _counts(tokens, n)]
    return {(own.value, own.out_of) for own in ratios} if len(numbers) == len(ratios) == 1 else set()


def _total(tokens: Sequence[Token], usable: Sequence[bool], word: str) -> int:
    """The number behind the word that a figure is counted out of (`TPS 198`); 0: none, or several."""
    numbers = {
        own.value
        for before, own, fit in zip(tokens, tokens[1:], usable[1:], strict=False)
        if before.text == word and own.kind is Kind.NUMBER and fit and own.clause == before.clause
    }
    return numbers.pop() if word and len(numbers) == 1 else 0
