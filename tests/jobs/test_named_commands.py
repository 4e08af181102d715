"""What pages have one type is there: every command, what it does under it, and every option."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.__main__ import COMMANDS, imported

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(ROOT / "docs").glob("*.md"),
    *(ROOT / "docs/panduan").glob("*.md"),
]
TYPED = re.compile(r"\./desk ([^`#\n]+)")
LAUNCHER = frozenset({"test", "check", "bench", "lock", "--version", "--help"})
"""What `desk`, the script, does itself; and the program's own options."""


def named(page: Path) -> Iterator[list[str]]:
    """The words of every command on a page; a command broken over two lines is read to the end of the first."""
    for words in TYPED.findall(page.read_text()):
        yield words.replace("...", " ").split()


def wrong(words: list[str]) -> str:
    """What is wrong with a command; empty: nothing."""
    name, *rest = (word.rstrip(".,;:)*|") for word in words)
    if name in LAUNCHER:
        return ""
    if name not in COMMANDS:
        return f"no command {name}"
    commands = [imported(name)]
    if below := getattr(commands[0], "commands", None):
        under = rest.pop(0).split("|") if rest and re.fullmatch(r"[a-z|]+", rest[0]) else []
        if missing := set(under) - set(below):
            return f"{name} has no {missing}"
        commands = [below[one] for one in under] or list(below.values())
    known = {option for command in commands for own in command.params for option in own.opts}
    unknown = {word for word in rest if re.fullmatch("--[a-z-]+", word)} - known
    return f"{name} takes no {unknown}" if unknown else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_on_a_page_is_there(page: Path):
    assert [problem for words in named(page) if (problem := wrong(words))] == []


@pytest.mark.parametrize("typed", ["hold of", "status --jsn", "frobnicate", "outbox list|rety"])
def test_what_is_not_there_is_found_out(typed: str):
    assert wrong(typed.split())
