"""Checks that several files need."""

from collections.abc import Iterable
from difflib import get_close_matches

from config.checking import Check, S
from config.errors import Path, shown


def filled(check: Check[S], *names: str) -> None:
    """Report lists with nothing in them."""
    for name in names:
        if check.empty(name):
            check.bad((name,), "is empty", "Write at least one")


def unrepeated(check: Check[S], codes: Iterable[tuple[Path, str]], what: str) -> None:
    """Report every code that was used before."""
    seen: set[str] = set()
    for path, code in codes:
        if code in seen:
            check.bad(path, f"{shown(code)} is the code of two {what}", "Give each its own code")
        seen.add(code)


def among(check: Check[S], path: Path, code: str, known: Iterable[str], what: str) -> bool:
    """Whether `code` is known; report it if not."""
    known = set(known)
    if code in known or not known:  # none at all: reported already where they should be
        return True
    near = get_close_matches(code, known, 1, 0.7)
    hint = f"Did you mean {near[0]}?" if near else f"Use one of {', '.join(sorted(known)[:12])}, or add it"
    check.bad(path, f"there is no {what} {shown(code)}", hint)
    return False


def once_each(
    check: Check[S],
    wanted: Iterable[tuple[Path, str, str]],
    placed: Iterable[tuple[Path, str]],
    *,
    what: str,
    how: str,
) -> None:
    """Report every district that is placed twice or not at all."""
    seen: set[str] = set()
    for path, code in placed:
        if code in seen:
            check.bad(path, f"{code} has a second {what}", f"Keep exactly one {what} for each district")
        seen.add(code)
    for path, code, label in wanted:
        if code not in seen:
            check.bad(path, f"{code} ({label}) has no {what}", how)
