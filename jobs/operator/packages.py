"""Packages at the command line: make one, look at one, take one in."""

from pathlib import Path
from typing import NamedTuple

from jobs.operator import acting
from jobs.operator.refusals import Refusal
from jobs.runtime import Runtime
from models.matters import numbers, submissions
from models.matters.arrivals import Arrival
from rules import packages as rules
from rules.packages import BadPackage
from rules.sending import NotSent
from services import packages, packing
from services.packages import Package


class Seen(NamedTuple):
    """A package as somebody looks at it: what it is, its key to compare, what stands in its way; empty: nothing."""

    what: str
    key: str
    doubt: str


def key(rt: Runtime) -> str:
    """The key of this installation's packages."""
    return packages.public(rt.package_key())


def export(rt: Runtime, report: str, folder: Path) -> Path:
    """Write the package of the newest version of a report into a folder. Raises: Refusal."""
    with rt.sessions.begin() as session:
        matter = numbers.matter(session, report)
        version = submissions.last(session, matter.id) if matter else None
        if matter is None or version is None:
            raise Refusal(numbers.unnamed(session, report, "no such report was compiled: see ./desk status"))
        try:
            programme = rt.past(session, matter.programme_id)
            made = packing.packed(session, programme, version, folder=rt.documents, secret=rt.package_key())
        except NotSent as error:
            raise Refusal(str(error)) from error
    try:
        (folder / made.name).write_bytes(made.content)
    except OSError as error:
        raise Refusal(f"{folder / made.name}: cannot be written: {error.strerror}") from error
    return folder / made.name


def look(rt: Runtime, file: Path) -> Seen:
    """What a package is and whether it would count. Changes nothing. Raises: Refusal."""
    package = _opened(file)
    with rt.sessions.begin() as session:
        try:
            doubt = packages.judged(session, rt.live(session), package).doubt
        except BadPackage as error:
            raise Refusal(f"{file} {error}") from error
    own = package.manifest
    what = f"{own.desk}, {own.kind} {own.slot}, version {own.version}, {len(own.documents)} documents"
    return Seen(what, rules.spoken(own.key), rules.REMEDIES[doubt] if doubt else "")


def take(rt: Runtime, file: Path, *, by: str, trust: bool) -> Arrival:
    """Take a package in for an office of the desk that it is for. Raises: Refusal: nothing of it was taken."""
    package = _opened(file)
    if rt.files is None:
        raise Refusal("this process has no folder for files")
    try:
        for content in package.documents.values():
            rt.files.keep(content)
        with rt.sessions.begin() as session, acting.answered():
            to = packages.judged(session, rt.live(session), package).to
            hand = acting.hand(session, to.programme, by)
            form, now = rt.form(to.duty.form), rt.clock(session)
            return packages.taken(session, to, form, package, trust=trust, hand=hand, now=now)
    except BadPackage as error:
        raise Refusal(f"{file} {error}") from error
    except OSError as error:
        raise Refusal(f"{file}: its documents cannot be kept: {error.strerror}") from error


def _opened(file: Path) -> Package:
    try:
        with file.open("rb") as content:
            return packages.opened(content.read(rules.LARGEST + 1))
    except OSError as error:
        raise Refusal(f"{file}: cannot be read: {error.strerror}") from error
    except BadPackage as error:
        raise Refusal(f"{file} {error}") from error
