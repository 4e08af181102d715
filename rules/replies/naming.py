"""Which reports, problems and districts a text names, and which of its clauses are about which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rules.replies.spoken import Asked, Conversation
from rules.replies.tokens import Kind, Token


@dataclass(frozen=True, slots=True)
class Named:
    """What is named. `clauses`: by report, those about it, if several are. `strange`: codes and districts not his."""

    reports: tuple[str, ...]
    problems: tuple[str, ...]
    advice: tuple[str, ...]
    roll_call: bool
    strange: tuple[str, ...]
    clauses: Mapping[str, frozenset[int]]


def read(tokens: Sequence[Token], talk: Conversation, subject: Sequence[Token] = ()) -> Named:
    """What a text names; its subject counts where the text itself names nothing."""
    by_code = _mentions(tokens, talk)
    codes = [token.text for token in tokens if token.kind is Kind.CODE]
    if not by_code and not codes:
        codes = [token.text for token in subject if token.kind is Kind.CODE]
        by_code = {own.code: {-1} for own in talk.asked if own.code in codes}
    asked = [own.code for own in talk.asked if own.code in by_code]
    own = {*asked, *talk.problems, *talk.advice, talk.roll_call, *(own.code for own in talk.asked)}
    strange = [code for code in codes if code not in own] + _others(tokens, talk)
    return Named(
        tuple(asked),
        tuple(code for code in talk.problems if code in codes),
        tuple(code for code in talk.advice if code in codes),
        talk.roll_call in codes,
        tuple(dict.fromkeys(strange)),
        _spread(by_code, tokens) if len(asked) > 1 else {},
    )


def _mentions(tokens: Sequence[Token], talk: Conversation) -> dict[str, set[int]]:
    """By report, the clauses in which it is named: by its code, its bare number, or its district's name."""
    found: dict[str, set[int]] = {}
    for asked in talk.asked:
        digits = asked.code.partition("-")[2].lstrip("0")
        for n, token in enumerate(tokens):
            by_number = token.kind is Kind.NUMBER and token.text.lstrip("0") == digits and _bare(tokens, n, digits)
            if (token.kind is Kind.CODE and token.text == asked.code) or by_number:
                found.setdefault(asked.code, set()).add(token.clause)
    named = {token.clause for own in found.values() for token in tokens if token.clause in own}
    for asked in talk.asked:
        for n, token in enumerate(tokens):
            alone = sum(other.district == asked.district for other in talk.asked) == 1
            if alone and token.clause not in named and _says(asked.district, tokens, n) and not _signed(tokens, n):
                found.setdefault(asked.code, set()).add(token.clause)
    return found


def _bare(tokens: Sequence[Token], n: int, digits: str) -> bool:
    """Whether a number can be the bare number of a report: behind `no`, or long, and beside nothing it could count."""
    before = tokens[n - 1].text if n else ""
    if before in ("nomor", "laporan"):
        return True
    after = tokens[n + 1].text if n + 1 < len(tokens) else ""
    return len(digits) >= 3 and before in ("", "yang", "dan", "tentang") and after not in ("tps", "orang", "pemilih")


def _says(district: str, tokens: Sequence[Token], n: int) -> bool:
    name = district.lower().split()
    return bool(name) and [token.text for token in tokens[n : n + len(name)]] == name


def _signed(tokens: Sequence[Token], n: int) -> bool:
    """`Camat Tamban` is a title, not what he speaks of."""
    return n > 0 and tokens[n - 1].text == "camat"


def _others(tokens: Sequence[Token], talk: Conversation) -> list[str]:
    own = {asked.district for asked in talk.asked}
    names = [name for name in talk.others if name not in own]
    return [
        name for name in names if any(_says(name, tokens, n) and not _signed(tokens, n) for n in range(len(tokens)))
    ]


def _spread(by_code: Mapping[str, set[int]], tokens: Sequence[Token]) -> dict[str, frozenset[int]]:
    """Each clause goes with the reports it names, or else with those of the clause before it."""
    spread: dict[str, set[int]] = {code: set() for code in by_code}
    current: set[str] = set()
    for clause in sorted({token.clause for token in tokens}):
        current = {code for code, own in by_code.items() if clause in own} or current
        for code in current:
            spread[code].add(clause)
    return {code: frozenset(own) for code, own in spread.items()}


def of(talk: Conversation, code: str) -> Asked:
    return next(own for own in talk.asked if own.code == code)
