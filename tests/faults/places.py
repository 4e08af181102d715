"""Where the running test writes besides its database, for the search of `tests.faults.privacy`: logs and brokers.

Processes are forked from one that has imported this, so it imports little.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@dataclass
class Places:
    """Of one test. `said`: what this process itself logged; `unsearched`: why it is left out, empty where it is not."""

    unsearched: str = ""
    searched: bool = False
    logs: list[Path] = field(default_factory=list)
    brokers: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    _folder: "TemporaryDirectory[str] | None" = None

    def begin(self, unsearched: str) -> None:
        """For the next test."""
        self.end()
        self.unsearched, self.searched = unsearched, False
        for of_the_last in (self.logs, self.brokers, self.said):
            of_the_last.clear()

    def end(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def log(self) -> Path:
        """A new file for what a process logs; it is there, for the process may be killed before it says anything."""
        self._folder = self._folder or TemporaryDirectory(prefix="desk-logs-")
        path = Path(self._folder.name) / str(len(self.logs))
        path.touch()
        self.logs.append(path)
        return path

    def overhear(self, _: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """One of structlog's processors."""
        self.said.append(str(event))
        return event


places = Places()
