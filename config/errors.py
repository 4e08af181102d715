"""What is wrong with a file or a setting, where, and how to mend it. Never a secret, a whole number or an address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str | int, ...]

_PHONE = re.compile(r"(?:\+\s*\d|0\s*8|62[\s.()-]*8)(?:[\s.()/-]*\d){6,}")
_MAILBOX = re.compile(r"[^\s@,;<>\"']+@")
LOOKED_AT = 1000
"""Characters of a value that are searched for what must not be quoted; the time grows with their square."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake. `line` counts from 1; 0: the place has no lines (a setting). `path` is for people."""

    file: str
    line: int
    path: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {_sentence(self.message)} {_sentence(self.remedy)}".rstrip()


class ConfigError(Exception):
    """Files or settings that cannot be used. It lists everything that is wrong, one finding a line."""

    status = 78
    """Exit status of a command that ends in it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class Unusable(ValueError):
    """A value of a setting that cannot be used: what is wrong, and how to mend it; without the value."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class Findings:
    """The mistakes in one file so far, by path, so that each is reported once.

    `loaded`: a desk runs under the file already.
    """

    def __init__(self, file: str, *, loaded: bool = False) -> None:
        self.file = file
        self.loaded = loaded
        self._found: list[tuple[Path, Finding]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, line: int, path: Path, message: str, remedy: str) -> None:
        self._found.append((path, Finding(self.file, line, dotted(path), message, remedy)))

    def touch(self, path: Path) -> bool:
        """Whether something at, under or around `path` was already found wrong."""
        return any(own[: len(path)] == path[: len(own)] for own, _ in self._found)

    def snapshot(self) -> "Findings":
        """A copy of the mistakes so far, which later ones do not change."""
        copy = Findings(self.file)
        copy._found = list(self._found)
        return copy

    def sorted(self) -> list[Finding]:
        """Each finding once, from the top of the file to its end."""
        return sorted(dict.fromkeys(finding for _, finding in self._found), key=lambda finding: finding.line)


def dotted(path: Path) -> str:
    """A path as people write it: `ladders.routine.rungs[3].at`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def shown(value: object) -> str:
    """A value as an error may quote it: short, on one line, with numbers and mailboxes masked."""
    start = str(value)[:LOOKED_AT]
    text = " ".join("".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in start).split(" "))
    text = _PHONE.sub(lambda match: masked(match[0]), text)
    text = _MAILBOX.sub(lambda match: f"{match[0][0]}***@", text)
    return f"'{text[:57]}...'" if len(text) > 60 else f"'{text}'"


def masked(number: str) -> str:
    """A phone number of which only the first and the last digits can be read."""
    return f"{number[:4]}***{number[-2:]}" if len(number) > 6 else number


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "?", "!")) else f"{text}."
