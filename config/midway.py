"""The changed files that a scenario puts in force midway, held against what they change before anything is played."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path as File
from typing import NamedTuple

from config import loader
from config.documents import Document
from config.errors import ConfigError, Finding, dotted, shown
from rules.forms import Form
from rules.government import ReportKind
from rules.programme import Programme
from rules.scenario import Amend, Scenario


class Midway(NamedTuple):
    """Changed files that come into force at `at` (aware), and the programme as it is from then on.

    `also_open`: for cases that have begun too.
    """

    at: datetime
    documents: Sequence[Document]
    programme: Programme
    also_open: bool = False


def read(
    script: Document, files: Sequence[Document], forms: Mapping[str, Form], kinds: Mapping[str, ReportKind]
) -> list[Midway]:
    """What a scenario amends, in order of time. A file that is no scenario amends nothing.

    Args:
        files: election, desk and policy in force at first.

    Raises:
        ConfigError: a file is missing, is wrong, or does not fit what is in force by then.
    """
    if not isinstance(script.value, Scenario):
        return []
    given = {own.kind: own for own in files}
    amended, findings = [], list[Finding]()
    for number, own in enumerate(script.value.amendments):
        try:
            amended.append((own, list(_documents(script, number, own.files, given))))
        except ConfigError as error:
            findings += error.findings
    if findings:
        raise ConfigError(findings)
    return list(_in_force(sorted(amended, key=lambda one: one[0].at), given, forms, kinds))


def _in_force(
    amended: Sequence[tuple[Amend, Sequence[Document]]],
    given: Mapping[str, Document],
    forms: Mapping[str, Form],
    kinds: Mapping[str, ReportKind],
) -> Iterator[Midway]:
    current = dict(given)
    for own, documents in amended:
        current |= {document.kind: document for document in documents}
        election, desk, policy = current["election"], current["desk"], current["policy"]
        programme = loader.programme(election, desk, policy)
        loader.look(election, desk, policy, forms=forms, kinds=kinds)
        yield Midway(own.at, documents, programme, own.also_open)


def _documents(
    script: Document, number: int, names: Sequence[str], given: Mapping[str, Document]
) -> Iterator[Document]:
    """The files of one amendment. Raises: ConfigError: one is missing, wrong, or changes nothing that is in force."""
    kinds = set[str]()
    for n, name in enumerate(names):
        file = File(script.name).parent / name
        if not file.is_file():
            remedy = "Name it as seen from the folder of this scenario"
            raise _wrong(script, number, n, f"there is no file {shown(name)}", remedy)
        own = loader.read(file)
        if own.kind not in given:
            raise _wrong(script, number, n, f"{shown(name)} is a {own.kind}", "Name a changed calendar, desk or policy")
        if own.kind in kinds:
            raise _wrong(script, number, n, f"{shown(name)} is a second {own.kind}", "Name one of them")
        kinds.add(own.kind)
        if own.code != (code := given[own.kind].code):
            what = f"{shown(own.code)} is not the {own.kind} that is rehearsed"
            line = own.root.at((own.kind,)).line
            raise ConfigError([Finding(own.name, line, own.kind, what, f"Give it the code {code}")])
        yield own


def _wrong(script: Document, number: int, n: int, what: str, remedy: str) -> ConfigError:
    path = ("amendments", number, "files", n)
    return ConfigError([Finding(script.name, script.root.at(path).line, dotted(path), what, remedy)])
