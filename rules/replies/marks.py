"""What the phrases of a text tell, after what stands before them: `tidak ada kejadian`, `nihil surat suara`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rules.replies.spoken import Sign, Words
from rules.replies.tokens import Kind, Token

SCOPE = 3
"""How many words on a denial reaches, within its clause."""

_DENIED_TOO = frozenset({Sign.NIL, Sign.SAFE, Sign.ATTENTION, Sign.TROUBLED, Sign.TROUBLE, Sign.DANGER, Sign.DONE})


@dataclass(frozen=True, slots=True)
class Mark:
    """A phrase that tells something. `denied`: it is said not to be so."""

    sign: Sign
    start: int
    end: int
    clause: int
    sentence: int
    text: str
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """All that a text tells, in its order."""

    all: Sequence[Mark]

    def of(self, *signs: Sign, denied: bool = False) -> list[Mark]:
        return [mark for mark in self.all if mark.sign in signs and mark.denied is denied]

    def tells(self, *signs: Sign, denied: bool = False) -> bool:
        return bool(self.of(*signs, denied=denied))

    def within(self, clauses: Iterable[int]) -> "Marks":
        own = set(clauses)
        return Marks([mark for mark in self.all if mark.clause in own])


def read(tokens: Sequence[Token], words: Words) -> Marks:
    """What a text tells. A denial turns what follows it: no incident is nil, no ballot papers are a trouble."""
    plain = list(_plain(tokens, words))
    return Marks(list(_turned(plain, tokens, words)))


def _plain(tokens: Sequence[Token], words: Words) -> Iterator[Mark]:
    at = 0
    while at < len(tokens):
        found = next(
            ((phrase, sign) for phrase, sign in words.index.get(tokens[at].text, ()) if _stands(phrase, tokens, at)),
            None,
        )
        if found is None:
            at += 1
            continue
        phrase, sign = found
        yield Mark(sign, at, at + len(phrase), tokens[at].clause, tokens[at].sentence, " ".join(phrase))
        at += len(phrase)


def _stands(phrase: Sequence[str], tokens: Sequence[Token], at: int) -> bool:
    own = tokens[at : at + len(phrase)]
    alike = len(own) == len(phrase) and all(token.text == word for token, word in zip(own, phrase, strict=True))
    return alike and own[0].clause == own[-1].clause and own[0].kind is not Kind.CODE


def _turned(marks: Sequence[Mark], tokens: Sequence[Token], words: Words) -> Iterator[Mark]:
    for n, mark in enumerate(marks):
        before = _denial(marks, n)
        after = marks[n + 1] if n + 1 < len(marks) and marks[n + 1].clause == mark.clause else None
        if mark.sign is Sign.NIL and after and after.sign is Sign.GOODS and after.start - mark.end <= 1:
            yield _as(mark, Sign.TROUBLE, after)
        elif mark.sign is Sign.NEWS:
            yield from _news(mark, before, _beside(marks, n), after, tokens, words)
        elif (mark.sign is Sign.GOODS and before and _there(tokens, before, mark)) or (
            mark.sign is Sign.LACKS and before and _goods(marks[:n], mark)
        ):
            yield _as(before, Sign.TROUBLE, mark)
        elif mark.sign in _DENIED_TOO and before:
            yield Mark(mark.sign, mark.start, mark.end, mark.clause, mark.sentence, f"{before.text} {mark.text}", True)
        else:
            yield mark


def _news(
    mark: Mark, denial: Mark | None, beside: bool, after: Mark | None, tokens: Sequence[Token], words: Words
) -> Iterator[Mark]:
    """`tidak ada kejadian` and `kejadian tidak ada` are nil; `nihil kejadian` is said already; `ada masalah` is one."""
    if beside:
        return
    if denial:
        yield _as(denial, Sign.NIL, mark)
    elif after and after.sign is Sign.NOT and [t.text for t in tokens[after.end : after.end + 1]] == ["ada"]:
        yield _as(mark, Sign.NIL, after)
    else:
        bad = tuple(mark.text.split()) in words.phrases.get(Sign.TROUBLE, ())
        yield Mark(Sign.TROUBLE, *_rest(mark)) if bad else mark


def _rest(mark: Mark) -> tuple[int, int, int, int, str]:
    return mark.start, mark.end, mark.clause, mark.sentence, mark.text


def _beside(marks: Sequence[Mark], n: int) -> bool:
    """Whether a nil stands beside it, in its clause."""
    own = marks[n]
    return any(
        other.sign is Sign.NIL
        and other.clause == own.clause
        and max(own.start - other.end, other.start - own.end) <= SCOPE
        for other in (*marks[max(0, n - 1) : n], *marks[n + 1 : n + 2])
    )


def _denial(marks: Sequence[Mark], n: int) -> Mark | None:
    """What denies a mark: the denial before it in its clause, with nothing that it could deny in between."""
    for earlier in reversed(marks[:n]):
        if earlier.clause != marks[n].clause or marks[n].start - earlier.end > SCOPE:
            return None
        if earlier.sign is Sign.NOT:
            return earlier
        if earlier.sign in _DENIED_TOO or earlier.sign is Sign.NEWS:
            return None
    return None


def _there(tokens: Sequence[Token], denial: Mark, goods: Mark) -> bool:
    """`tidak ada kotak`: what should be there is missing."""
    return any(token.text == "ada" for token in tokens[denial.end : goods.start])


def _goods(earlier: Sequence[Mark], lacks: Mark) -> bool:
    return any(mark.sign is Sign.GOODS and mark.sentence == lacks.sentence for mark in earlier)


def _as(first: Mark, sign: Sign, last: Mark) -> Mark:
    return Mark(sign, first.start, last.end, first.clause, first.sentence, f"{first.text} {last.text}")
