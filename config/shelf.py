"""The live programmes, read from their stored texts. One that cannot be read stops only itself."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from threading import RLock
from typing import NamedTuple
from zoneinfo import ZoneInfo

from config import loader
from config.documents import Document
from config.errors import ConfigError, Finding
from rules import machine
from rules.policy import Policy
from rules.programme import MARK, Programme, Source, Sources

_READING = RLock()
"""One text is read at a time: several threads that want the same programme read it once."""


class Unreadable(NamedTuple):
    """A live programme whose stored texts this version cannot read, and why; `desk` is its desk's code. Or an earlier
    policy of one.
    """

    code: str
    desk: str
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        """The mistake with file, line and remedy, in one line."""
        more = f" ({len(self.findings) - 1} more)" if len(self.findings) > 1 else ""
        return f"{self.code} cannot be read: {self.findings[0]}{more}"


@dataclass(frozen=True, eq=False)
class Shelf:
    """The live programmes by id, in order of code. One is read when it is first asked for, and kept. `sources` never
    change: when the books do, the whole object is replaced.
    """

    sources: Mapping[int, Sources] = field(default_factory=dict)
    _read: dict[int, Programme | Unreadable] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    """Those of which is known so far that they cannot be read."""
    zones: set[ZoneInfo] = field(default_factory=set)
    """Of what was read: kept, so that no file is needed later, when none may be left to open."""

    def one(self, id: int) -> Programme | Unreadable | None:
        """A programme, or why it cannot be read; None: it is not live."""
        if id not in self.sources:
            return None
        if id not in self._read:
            with _READING:
                if id not in self._read:
                    self._read[id] = one = self._reading(self.sources[id])
                    self.failed.update([id] if isinstance(one, Unreadable) else [])
        return self._read[id]

    @cached_property
    def digests(self) -> dict[int, str]:
        """The stored digest of each: by now a text may read as something else."""
        return {id: stored.digest for id, stored in self.sources.items()}

    @cached_property
    def marks(self) -> frozenset[str]:
        """The beginnings of all digests (`MARK`), as a clock sees them in the books."""
        return frozenset(digest[:MARK] for digest in self.digests.values())

    @property
    def readable(self) -> Mapping[int, Programme]:
        """Those that can be read. To go through them reads them all; to take one reads only that."""
        return _Readable(self)

    @property
    def unreadable(self) -> Mapping[int, Unreadable]:
        """Those that cannot be read; reads them all."""
        return {id: one for id in self.sources if isinstance(one := self.one(id), Unreadable)}

    @property
    def unkept(self) -> list[Unreadable]:
        """Earlier policies that cannot be read: what began under them goes on by the ladder in force."""
        found = []
        for stored in self.sources.values():
            for text in stored.kept:
                try:
                    _document(text)
                except ConfigError as error:
                    code = f"{stored.code}, policy {text.code} {text.digest[:MARK]} of open cases"
                    found.append(Unreadable(code, stored.desk.code, error.findings))
        return found

    def first(self) -> dict[int, Programme]:
        """The one that was loaded first, of those that can be read; reads no later one."""
        loaded = ((id, self.one(id)) for id in sorted(self.sources))
        return next(({id: one} for id, one in loaded if isinstance(one, Programme)), {})

    def of(self, desk: str) -> "Shelf":
        """Those of one desk, without reading the others."""
        own = {id: self.sources[id] for id in self._by_desk.get(desk, ())}
        return Shelf(own, self._read, self.failed, self.zones)

    def several(self, desk: str) -> bool:
        """Whether more than one election is live at a desk."""
        return len(self._by_desk.get(desk, ())) > 1

    @cached_property
    def _by_desk(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for id, stored in self.sources.items():
            found.setdefault(stored.desk.code, []).append(id)
        return found

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """Each policy under which something is live, once, without what a desk adds to it; reads no desk."""
        found = []
        for text in dict.fromkeys(stored.policy for stored in self.sources.values()):
            try:
                policy = _document(text).value
            except ConfigError:  # its programmes say so
                continue
            found += [policy] if isinstance(policy, Policy) else []
        return tuple(found)

    def refreshed(self, digests: Mapping[int, str], fetch: Callable[[Collection[int]], Iterable[Sources]]) -> "Shelf":
        """The shelf as the books are now; itself if nothing changed.

        Args:
            digests: by id, the digest of each live programme.
            fetch: gives the texts of so many.
        """
        anew = {id for id, digest in digests.items() if id in self.failed or self.digests.get(id) != digest}
        if not anew and len(digests) == len(self.sources):
            return self
        kept = (stored for id, stored in self.sources.items() if id in digests and id not in anew)
        return self.stocked([*kept, *fetch(anew)])

    def stocked(self, live: Iterable[Sources]) -> "Shelf":
        """The shelf with exactly these; unchanged ones are not read again."""
        sources = {stored.id: stored for stored in sorted(live, key=lambda stored: stored.code)}
        read = {id: one for id, one in self._read.copy().items() if self.sources.get(id) == sources.get(id)}
        failed = {id for id, one in read.items() if isinstance(one, Unreadable)}
        return Shelf(sources, read, failed, set(self.zones))

    def _reading(self, stored: Sources) -> Programme | Unreadable:
        try:
            one = loader.programme(*map(_document, stored.files), kept=kept(stored))
        except ConfigError as error:
            findings = error.findings
        except Exception as defect:
            if machine.failed(defect):
                raise
            what = f"a defect while reading: {type(defect).__name__}"
            findings = (Finding(stored.code, 0, "", what, "Send the files to whoever maintains the program"),)
        else:
            self.zones.update(_zones(one))
            return one
        return Unreadable(stored.code, stored.desk.code, findings)


class _Readable(Mapping[int, Programme]):
    """The programmes of a shelf that can be read."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __getitem__(self, id: int) -> Programme:
        one = self._shelf.one(id)
        if not isinstance(one, Programme):
            raise KeyError(id)
        return one

    def __iter__(self) -> Iterator[int]:
        return (id for id in self._shelf.sources if id in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)


def kept(stored: Sources) -> dict[str, Document]:
    """By digest, the earlier policies of a programme; by one that cannot be read now nobody goes on."""
    found = {}
    for text in stored.kept:
        with suppress(ConfigError):
            found[text.digest] = _document(text)
    return found


def read(stored: Sources) -> Programme:
    """One programme from its stored texts, closed or not. Raises: ConfigError: it cannot be read now."""
    one = Shelf({stored.id: stored}).one(stored.id)
    if isinstance(one, Programme):
        return one
    assert one is not None
    raise ConfigError(one.findings)


@lru_cache(maxsize=8)
def _document(text: Source) -> Document:
    """What a text says. A calendar and a policy that many desks share are read once: each desk asks for them anew."""
    return loader.parse(text.text, text.name, loaded=True)


def _zones(programme: Programme) -> frozenset[ZoneInfo]:
    desk = programme.desk
    names = {desk.zone, *(place.zone for place in desk.districts), *(office.zone for office in desk.offices)}
    return frozenset(map(ZoneInfo, names))
