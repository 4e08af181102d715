"""What the program is made of, as CycloneDX 1.6 (JSON): every package of the lock with version, hashes and licence.

The same lock gives the same bytes: no time and no chance are in it.
"""

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from config import version

LOCK = Path(__file__).parents[2] / "requirements.lock"
UNKNOWN = "unknown"
_PIN = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_SHORT = 60
"""A licence's name is shorter; what is longer is its whole text."""


class Package(NamedTuple):
    """One package of the lock. `licence`: as the installed package says it, empty if it is not installed here."""

    name: str
    version: str
    hashes: tuple[str, ...]
    licence: str


def packages(lock: str) -> list[Package]:
    """Every package that a lock names, in its order."""
    found: list[tuple[str, str, list[str]]] = []
    for line in lock.splitlines():
        if pin := _PIN.match(line):
            found.append((pin[1], pin[2], []))
        elif found:
            found[-1][2].extend(_HASH.findall(line))
    return [Package(name, number, tuple(hashes), _licence(name)) for name, number, hashes in found]


def _licence(name: str) -> str:
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    said = next((about[key] for key in ("License-Expression", "License") if key in about), "")
    classed = [one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith("License ::")]
    return said if said and len(said) <= _SHORT and "\n" not in said else ", ".join(classed) or UNKNOWN


def document(lock: str) -> dict[str, Any]:
    """The bill of materials of a lock."""
    own = packages(lock)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "desk-pemilu", "version": version.own(), "bom-ref": "desk"}
        },
        "components": [dict(_component(package)) for package in own],
    }


def _component(package: Package) -> Iterator[tuple[str, Any]]:
    purl = f"pkg:pypi/{package.name.lower().replace('_', '-')}@{package.version}"
    yield from {"type": "library", "bom-ref": purl, "name": package.name, "version": package.version}.items()
    yield "purl", purl
    if package.licence and package.licence != UNKNOWN:
        yield "licenses", [{"license": {"name": package.licence}}]
    # One hash for each file that is published: a component of CycloneDX is one thing, so they are properties here.
    yield "properties", [{"name": "desk:sha256", "value": sha} for sha in package.hashes]
