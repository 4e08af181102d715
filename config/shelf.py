"""The live programmes, read from the texts they are stored as. One that cannot be read stops only itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from config import loader
from config.errors import ConfigError, Finding
from rules.programme import Programme, Sources


class Unreadable(NamedTuple):
    """A live programme whose stored texts this version cannot read, and why; `desk` is its desk's code."""

    code: str
    desk: str
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        """What is wrong, with file, line and remedy, in one line."""
        more = f" ({len(self.findings) - 1} more)" if len(self.findings) > 1 else ""
        return f"{self.code} cannot be read: {self.findings[0]}{more}"


@dataclass(frozen=True)
class Shelf:
    """What was read last, by id. It is never changed but replaced whole: several threads may look meanwhile."""

    readable: Mapping[int, Programme] = field(default_factory=dict)
    unreadable: Mapping[int, Unreadable] = field(default_factory=dict)
    sources: Mapping[int, Sources] = field(default_factory=dict)

    @property
    def digests(self) -> dict[int, str]:
        """What names the content of each, as it is stored: a text may read as something else by now."""
        return {id: sources.digest for id, sources in self.sources.items()}

    def stocked(self, live: Iterable[Sources]) -> "Shelf":
        """The shelf with these and no others; what has not changed is not read again."""
        readable, unreadable, sources = dict[int, Programme](), dict[int, Unreadable](), {s.id: s for s in live}
        for id, stored in sources.items():
            known = self.sources.get(id) == stored
            found = (self.readable.get(id) or self.unreadable.get(id)) if known else None
            found = found or _read(stored)
            if isinstance(found, Programme):
                readable[id] = found
            else:
                unreadable[id] = found
        return Shelf(readable, unreadable, sources)


def _read(stored: Sources) -> Programme | Unreadable:
    texts = (stored.election, stored.desk, stored.policy)
    try:
        return loader.programme(*(loader.parse(one.text, one.name) for one in texts))
    except ConfigError as error:
        findings = error.findings
    except Exception as defect:  # noqa: BLE001 - whatever a text does to its reader, the other programmes go on
        what = f"a defect while reading: {type(defect).__name__}"
        findings = (Finding(stored.code, 0, "", what, "Send the files to whoever maintains the program"),)
    return Unreadable(stored.code, stored.desk.code, findings)
