"""YAML as people mean it, with the line of everything: a small, safe part of the language.

Only null, true, false and plain decimal numbers are more than text: 07.30, 2024-02-14, on, 0x10 and 1e3 stay
as written. Anchors, tags, repeated keys and several documents are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from config.errors import Findings, Path, shown

LARGEST = 1_000_000
DEEPEST = 20

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\.[0-9]{1,15}")
# C0 but tab and line ends, DEL and C1, line and paragraph separators, bidirectional controls, non-characters
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same language, ten times faster


class Whole(int):
    """A plain whole number that remembers how it was written: a field of text reads a code such as 6304 as text."""

    text: str


class Decimal(float):
    """A plain decimal number that remembers how it was written: a field for a time reads 15.00 as a time."""

    text: str


Scalar = str | bool | int | float | None


@dataclass(slots=True)
class Node:
    """A value with its place. `key_line`: where its key stands. `plain` leaves out `dropped` nodes."""

    value: "Scalar | dict[str, Node] | list[Node]"
    line: int
    key_line: int
    path: Path
    dropped: bool = False

    @property
    def place(self) -> int:
        """The line to name: a scalar's own, else that of the key it stands under."""
        return self.key_line if isinstance(self.value, dict | list) else self.line

    def plain(self) -> object:
        """The bare value, without places and dropped nodes."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items() if not node.dropped}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value if not node.dropped]
        return self.value

    def child(self, step: str | int) -> "Node | None":
        """The node one step down, counted as `plain` counts; None when there is none."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int):
            kept = [node for node in self.value if not node.dropped]
            return kept[step] if 0 <= step < len(kept) else None
        return None

    def trail(self, steps: Path) -> "list[Node]":
        """The nodes on the way along `steps`, this one first; a step to nowhere is passed over."""
        nodes = [self]
        for step in steps:
            child = nodes[-1].child(step)
            nodes += [child] if child else []
        return nodes

    def at(self, steps: Path) -> "Node":
        """The node at the end of `steps`, or as near to it as there is one."""
        return self.trail(steps)[-1]


def resolve(text: str) -> Scalar:
    """What an unquoted scalar means."""
    if text in ("", "null", "~"):
        return None
    if text in ("true", "false"):
        return text == "true"
    for kind, form in ((Whole, _WHOLE), (Decimal, _DECIMAL)):
        if form.fullmatch(text):
            number = kind(text)
            number.text = text
            return number
    return text


def read(source: str | bytes, findings: Findings) -> Node | None:
    """Read one document; None: nothing usable is there. Mistakes go into `findings`.

    A node with an anchor, an alias or a tag is reported and dropped, so that reading can go on.
    """
    try:
        return _Reading(findings, yaml.parse(_decoded(source), Loader=_Loader)).document()
    except _Unreadable as error:
        findings.add(error.line, error.path, error.what, error.remedy)
    except yaml.MarkedYAMLError as error:
        quote = "quoted" in (error.context or "")  # the mistake is where the quote was opened
        mark = error.context_mark if quote else error.problem_mark or error.context_mark
        what = f"not readable as YAML: {error.problem or error.context or 'broken'}"
        remedy = next((words for said, words in _SLIPS.items() if said in what), _LOOK)
        findings.add(mark.line + 1 if mark else 1, (), what, remedy)
    except yaml.YAMLError as error:
        findings.add(1, (), f"not readable as YAML: {error}", "Write plain UTF-8 text")
    return None


_LOOK = "Look at the indents, colons and quotes here and above"
_SLIPS = {
    "did not find expected key": "Begin this line in the column of the lines it belongs to: its indent has slipped",
    "did not find expected '-'": "Begin this line with `- `, or in the column of the item above: it has slipped",
    "mapping values are not allowed": "Indent this line as the ones beside it, or put a text with a colon into quotes",
    "cannot start any token": "Use blanks for the indent, not tabs; put a text that begins with a sign into quotes",
    "found a tab": "Use blanks for the indent, not tabs",
}
"""What the library says about common slips, and the remedy."""


class _Unreadable(Exception):
    """Reading cannot go on."""

    def __init__(self, line: int, what: str, remedy: str, path: Path = ()) -> None:
        super().__init__(what)
        self.line, self.what, self.remedy, self.path = line, what, remedy, path


def _decoded(source: str | bytes) -> str:
    if len(source) > LARGEST:
        raise _Unreadable(1, f"larger than {LARGEST:,} bytes", "Split it, or look whether it is the right file")
    try:
        text = source.decode("utf-8") if isinstance(source, bytes) else source
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _Unreadable(line, "not UTF-8", "Save the file with the encoding UTF-8") from error
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if control := _FORBIDDEN.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise _Unreadable(line, f"holds the control character U+{ord(control[0]):04X}", "Delete it; type the text anew")
    return text


class _Reading:
    """Turns events into nodes; recursion is never deeper than a file may be nested."""

    def __init__(self, findings: Findings, events: Iterator[yaml.Event]) -> None:
        self.findings = findings
        self.events = events

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._end(event, "a second document begins here", "Keep one document in a file; remove `---`")
                root = self._node(next(self.events), ())
        if root is None or root.value is None:
            raise _Unreadable(1, "the file is empty", "Begin with election:, desk:, policy:, scenario: or form:")
        if not isinstance(root.value, dict):
            kind = "a list" if isinstance(root.value, list) else f"the text {shown(root.value)}"
            raise _Unreadable(root.line, f"the file holds {kind} at the top", "Write lines of the form `key: value`")
        return root

    def _node(self, event: yaml.Event, path: Path, key_line: int = 0) -> Node:
        line = _line(event)
        node = Node(None, line, key_line or line, path, dropped=self._beyond(event, path))
        if len(path) > DEEPEST:
            raise self._end(event, f"nested deeper than {DEEPEST}", "Write it flatter")
        if isinstance(event, yaml.MappingStartEvent):
            node.value = self._mapping(path)
        elif isinstance(event, yaml.SequenceStartEvent):
            node.value = self._sequence(path)
        elif isinstance(event, yaml.ScalarEvent):
            node.value = resolve(event.value) if event.implicit[0] else str(event.value)
            node.dropped |= not self._printable(event, path)
        return node

    def _mapping(self, path: Path) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = _line(event)
            key = self._key(event, path)
            node = self._node(next(self.events), (*path, key), line)
            if key in nodes:
                first = nodes[key].key_line
                self.findings.add(
                    line, (*path, key), f"{shown(key)} stands here again, first on line {first}", "Keep one"
                )
            nodes.setdefault(key, node)
        return nodes

    def _sequence(self, path: Path) -> list[Node]:
        nodes: list[Node] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            nodes.append(self._node(event, (*path, len(nodes))))
        return nodes

    def _key(self, event: yaml.Event, path: Path) -> str:
        self._beyond(event, path)
        if not isinstance(event, yaml.ScalarEvent) or not event.value:
            raise self._end(event, "a key that is not a word", "Write a word before the colon")
        self._printable(event, path)
        return str(event.value)

    def _printable(self, event: yaml.ScalarEvent, path: Path) -> bool:
        forbidden = _FORBIDDEN.search(event.value)
        if forbidden:
            what = f"holds the control character U+{ord(forbidden[0]):04X} as an escape"
            self.findings.add(_line(event), path, what, "Leave it out")
        return not forbidden

    def _beyond(self, event: yaml.Event, path: Path) -> bool:
        """Whether this uses aliases, anchors or tags. They are reported as mistakes, never followed."""
        line, anchor, tag = _line(event), getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            self.findings.add(line, path, f"*{anchor} is an alias", "Write the value out")
        elif anchor:
            self.findings.add(line, path, f"&{anchor} is an anchor", "Write the value out wherever it is needed")
        if tag:
            self.findings.add(
                line,
                path,
                f"{tag.replace('tag:yaml.org,2002:', '!!')} is a tag",
                "Write the plain value; put text into quotes",
            )
        return bool(anchor or tag)

    def _end(self, event: yaml.Event, what: str, remedy: str) -> _Unreadable:
        return _Unreadable(_line(event), what, remedy)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
