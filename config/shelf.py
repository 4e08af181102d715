"""The live programmes, read from their stored texts. One that cannot be read stops only itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from config import loader
from config.errors import ConfigError, Finding
from rules import machine
from rules.programme import Programme, Sources


class Unreadable(NamedTuple):
    """A live programme whose stored texts this version cannot read, and why; `desk` is its desk's code."""

    code: str
    desk: str
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        """The mistake with file, line and remedy, in one line."""
        more = f" ({len(self.findings) - 1} more)" if len(self.findings) > 1 else ""
        return f"{self.code} cannot be read: {self.findings[0]}{more}"


@dataclass(frozen=True)
class Shelf:
    """The programmes read last, by id. The whole object is replaced, never changed: several threads may read it."""

    readable: Mapping[int, Programme] = field(default_factory=dict)
    unreadable: Mapping[int, Unreadable] = field(default_factory=dict)
    sources: Mapping[int, Sources] = field(default_factory=dict)
    zones: frozenset[ZoneInfo] = frozenset()
    """Kept, so that no file is needed later, when none may be left to open."""

    @property
    def digests(self) -> dict[int, str]:
        """The stored digest of each: by now a text may read as something else."""
        return {id: sources.digest for id, sources in self.sources.items()}

    def stocked(self, live: Iterable[Sources]) -> "Shelf":
        """The shelf with exactly these; unchanged ones are not read again."""
        readable, unreadable, sources = dict[int, Programme](), dict[int, Unreadable](), {s.id: s for s in live}
        for id, stored in sources.items():
            known = self.sources.get(id) == stored
            one = (self.readable.get(id) or self.unreadable.get(id)) if known else None
            one = one or _read(stored)
            if isinstance(one, Programme):
                readable[id] = one
            else:
                unreadable[id] = one
        return Shelf(readable, unreadable, sources, _zones(readable.values()))


def read(stored: Sources) -> Programme:
    """One programme from its stored texts, closed or not. Raises: ConfigError: it cannot be read now."""
    one = _read(stored)
    if isinstance(one, Programme):
        return one
    raise ConfigError(one.findings)


def _zones(programmes: Iterable[Programme]) -> frozenset[ZoneInfo]:
    desks = [programme.desk for programme in programmes]
    names = {desk.zone for desk in desks}.union(
        *({place.zone for place in desk.districts} | {office.zone for office in desk.offices} for desk in desks)
    )
    return frozenset(map(ZoneInfo, names))


def _read(stored: Sources) -> Programme | Unreadable:
    texts = (stored.election, stored.desk, stored.policy)
    try:
        return loader.programme(*(loader.parse(one.text, one.name, loaded=True) for one in texts))
    except ConfigError as error:
        findings = error.findings
    except Exception as defect:
        if machine.failed(defect):
            raise
        what = f"a defect while reading: {type(defect).__name__}"
        findings = (Finding(stored.code, 0, "", what, "Send the files to whoever maintains the program"),)
    return Unreadable(stored.code, stored.desk.code, findings)
