"""Reads YAML files into the frozen types of `rules`, or reports all their mistakes at once."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from config import checking, crests, crossing, marked, supporting
from config.build import desk as desks
from config.build import election as elections
from config.build import form as form_files
from config.build import policy as policies
from config.build import report as report_files
from config.build import scenario as scenarios
from config.country import country
from config.documents import Document, Value
from config.errors import ConfigError, Finding, Findings, shown
from config.holidays import closed_days
from config.shapes.desk import DeskShape
from config.shapes.election import ElectionShape
from config.shapes.form import FormShape
from config.shapes.policy import PolicyShape
from config.shapes.report import ReportShape
from config.shapes.scenario import ScenarioShape
from rules.calendar import Election
from rules.desk import Desk
from rules.forms import Form
from rules.government import ReportKind
from rules.policy import Policy
from rules.programme import Programme
from rules.scenario import Scenario

HERE = Path(__file__).parent
_Value = TypeVar("_Value", Form, ReportKind)
_ELECTION = re.compile(r"^election:[ \t]*([\w.-]+)", re.MULTILINE)

_KINDS: dict[str, tuple[type[Any], Callable[[Any, str], Value]]] = {
    "election": (ElectionShape, lambda check, digest: elections.build(check)),
    "desk": (DeskShape, lambda check, digest: desks.build(check)),
    "policy": (PolicyShape, policies.build),
    "scenario": (ScenarioShape, lambda check, digest: scenarios.build(check)),
    "form": (FormShape, form_files.build),
    "report": (ReportShape, report_files.build),
}


def parse(text: str | bytes, name: str, *, loaded: bool = False) -> Document:
    """Read a file's text; its first key says what it is: election, desk, policy, scenario, form or report.

    Args:
        loaded: a desk runs under it already: what works and is refused in new files does not stop it.

    Raises:
        ConfigError: with everything that is wrong, in the order of the file.
    """
    findings = Findings(name, loaded=loaded)
    root = marked.read(text, findings)
    if root is None:
        raise ConfigError(findings.sorted())
    kind = _kind(root, findings)
    digest = _digest(root)
    shape, build = _KINDS[kind]
    check = checking.read(shape, root, findings)
    value = build(check, digest) if check else None
    if findings or value is None:
        raise ConfigError(findings.sorted())
    written = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    return Document(kind, value.code, name, written, digest, value, root)


def read(path: Path | str) -> Document:
    """Read a file.

    Raises:
        ConfigError: it is missing, or it is wrong.
    """
    try:
        with Path(path).open("rb") as file:
            text = file.read(marked.LARGEST + 1)
    except OSError as error:
        counts = "" if Path(path).is_absolute() else "; it counts from the current folder"
        remedy = f"Look at the name of the file{counts}"
        finding = Finding(str(path), 0, "", f"cannot be read: {error.strerror}", remedy)
        raise ConfigError([finding]) from error
    return _with_crest(parse(text, str(path)), Path(path).parent)


def _with_crest(document: Document, folder: Path) -> Document:
    """A desk's file with the crest that it names. Its text says which picture that is: the books keep both.

    Raises:
        ConfigError: the picture is missing or unfit, or is not the one that the text says.
    """
    desk = document.value
    if not isinstance(desk, Desk) or not desk.crest_file:
        return document
    line = document.root.at(("crest",)).line
    try:
        digest, content = crests.read(folder / desk.crest_file)
    except crests.BadCrest as error:
        raise ConfigError([Finding(document.name, line, "crest", error.what, error.remedy)]) from error
    if desk.crest and desk.crest != digest:
        what, remedy = f"{desk.crest_file} is not the picture of `crest_digest`", "Remove `crest_digest`"
        raise ConfigError([Finding(document.name, line, "crest", what, remedy)])
    told = document if desk.crest else parse(f'{document.text.rstrip()}\ncrest_digest: "{digest}"\n', document.name)
    return replace(told, pictures={digest: content})


def read_all(files: Iterable[Path]) -> list[Document]:
    """Read files. Raises: ConfigError: with what is wrong in any of them."""
    documents: list[Document] = []
    findings: list[Finding] = []
    for file in files:
        try:
            documents.append(read(file))
        except ConfigError as error:
            findings += error.findings
    if findings:
        raise ConfigError(findings)
    return documents


def programme(
    election: Document, desk: Document, policy: Document, *, kept: Mapping[str, Document] = MappingProxyType({})
) -> Programme:
    """The programme of three files that fit each other. Its desk has an addressee for the election, and its policy
    holds the desk's support plan among its duties.

    Args:
        kept: by digest, earlier policies whose ladders are climbed still.

    Raises:
        ConfigError: they do not fit: a stage that the election lacks, a district that the desk lacks.
    """
    findings = _of_kind(election, "election") + _of_kind(desk, "desk") + _of_kind(policy, "policy")
    if not findings:
        findings = crossing.misfits(election, desk, policy)
    if findings:
        raise ConfigError(findings)
    assert isinstance(election.value, Election)
    assert isinstance(desk.value, Desk)
    assert isinstance(policy.value, Policy)
    closed = closed_days()
    own = supporting.prepared(crossing.in_election(desk.value, election.value), election.code)
    parts = [election.digest, desk.digest, policy.digest, *(day.isoformat() for day in sorted(closed.days))]
    in_force = replace(policy.value, duties=(*policy.value.duties, *own.support))
    earlier = {digest: one.value for digest, one in kept.items() if isinstance(one.value, Policy)}
    return Programme(
        election=election.value,
        desk=own,
        policy=in_force.counting(own.zone, closed.days),
        holidays=closed.days,
        holidays_until=closed.until,
        decrees=closed.decrees,
        digest=hashlib.sha256("\n".join(parts).encode()).hexdigest(),
        country=country(),
        kept={
            digest: replace(one, closed_days=in_force.closed_days).counting(own.zone, closed.days)
            for digest, one in earlier.items()
        },
    )


def look(
    election: Document,
    desk: Document,
    policy: Document,
    *,
    forms: Collection[str],
    kinds: Mapping[str, ReportKind] = MappingProxyType({}),
) -> None:
    """Check that new files name only forms, kinds of report and elections that exist, and count by known holidays.

    Loaded files are not checked.

    Args:
        forms: the codes of all forms; empty: forms are not checked.
        kinds: all kinds of report to the Government, by code; empty: they are not checked.

    Raises:
        ConfigError: they name others, count working days of a year whose holidays nobody has written down, or ask for
            more reports than can be made.
    """
    if findings := crossing.unknown(election, desk, policy, forms, kinds, {election.code} | _elections(election)):
        raise ConfigError(findings)
    if findings := crossing.uncounted(election, policy, closed_days()):
        raise ConfigError(findings)
    if findings := crossing.too_many(election, desk, policy, closed_days()):
        raise ConfigError(findings)


def _elections(given: Document) -> set[str]:
    """The codes of the elections that lie beside the given one, and beside the program."""
    folders = {Path(given.name).parent, HERE / "elections"}
    first = (file.read_text("utf-8", errors="replace") for folder in folders for file in folder.glob("*.yaml"))
    return {match[1] for text in first if (match := _ELECTION.search(text))}


def warnings(election: Document, desk: Document, policy: Document) -> list[Finding]:
    """What is allowed but may not be meant: blank dates that a duty hangs on, closed days not yet known."""
    return crossing.warnings(election, desk, policy, closed_days())


def scenario(document: Document, of: Programme, *later: Programme) -> Scenario:
    """The scenario, which names only what the programme has, or has after an amendment (`later`).

    Raises:
        ConfigError: it names another district or duty.
    """
    findings = _of_kind(document, "scenario") or crossing.strangers(document, of)
    for own in later if findings else ():
        unknown = {(one.path, one.message) for one in crossing.strangers(document, own)}
        findings = [one for one in findings if (one.path, one.message) in unknown]
    if findings:
        raise ConfigError(findings)
    assert isinstance(document.value, Scenario)
    return document.value


def forms(folder: Path) -> dict[str, Form]:
    """The forms of a folder by code.

    Raises:
        ConfigError: one is wrong, is not a form, or has the code of another.
    """
    return _by_code(folder, "form", Form)


def reports(folder: Path) -> dict[str, ReportKind]:
    """The kinds of report to the Government of a folder by code.

    Raises:
        ConfigError: one is wrong, is no kind of report, or has the code of another.
    """
    return _by_code(folder, "report", ReportKind)


def _by_code(folder: Path, kind: str, wanted: type[_Value]) -> dict[str, _Value]:
    """The values of all files of a folder, which are all of one kind."""
    values: dict[str, _Value] = {}
    findings: list[Finding] = []
    for file in sorted(folder.glob("*.yaml")):
        try:
            document = read(file)
        except ConfigError as error:
            findings += error.findings
            continue
        findings += _of_kind(document, kind)
        if isinstance(document.value, wanted):
            if document.code in values:
                what = f"{shown(document.code)} is the code of two {kind}s"
                findings.append(Finding(document.name, 1, kind, what, "Give each its own code"))
            values[document.code] = document.value
    if findings:
        raise ConfigError(findings)
    return values


def _kind(root: marked.Node, findings: Findings) -> str:
    first = next(iter(root.value)) if isinstance(root.value, dict) and root.value else ""
    if first not in _KINDS:
        what = f"the first key is {shown(first)}" if first else "the file is empty"
        findings.add(
            root.line, (), what, "Begin with election:, desk:, policy:, scenario:, form: or report: and a code"
        )
        raise ConfigError(findings.sorted())
    return first


def _of_kind(document: Document, kind: str) -> list[Finding]:
    if document.kind == kind:
        return []
    what, remedy = f"holds a {document.kind} where a file of the kind {kind} is needed", "Give the files in their order"
    return [Finding(document.name, 1, document.kind, what, remedy)]


def _digest(root: marked.Node) -> str:
    return hashlib.sha256(json.dumps(_canonical(root.plain()), sort_keys=True).encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, dict):
        return {key: _canonical(own) for key, own in value.items()}
    if isinstance(value, list):
        return [_canonical(own) for own in value]
    return getattr(value, "text", value)
