"""Turns nodes into a valid shape: every mistake is reported with its line, and the rest is still checked.

A mistake is reported and dropped, and the remainder is validated again until it holds. A field that cannot be left
out is replaced by its first example, so that one bad time zone does not hide everything else.
"""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from config.errors import Findings, Path, dotted, shown
from config.marked import Node, resolve
from config.shapes.kit import Shape

S = TypeVar("S", bound=Shape)

MOST = 1000
"""How many mistakes are reported; a file with more is probably the wrong file."""

_KINDS = {
    "list_type": ("is not a list", "Write it as [a, b], or as lines that begin with `- `"),
    "dict_type": ("is not a mapping", "Write lines of the form `key: value` below it"),
    "model_type": ("is not a mapping", "Write lines of the form `key: value` below it"),
    "model_attributes_type": ("is not a mapping", "Write lines of the form `key: value` below it"),
    "bool_type": ("is neither true nor false", "Write true or false"),
}


class Check(Generic[S]):
    """A shape that holds, and the way to report what is still wrong with its meaning."""

    def __init__(self, shape: S, root: Node, findings: Findings) -> None:
        self.shape = shape
        self._root = root
        self._findings = findings
        self._broken = findings.snapshot()

    def bad(self, path: Path, message: str, remedy: str) -> None:
        """Report what is wrong at `path`, unless its own parts were already found wrong."""
        node = self._root.at(path)
        if not self._broken.touch(node.path):
            self._findings.add(node.place, node.path, _about(node, message), remedy)

    def unmeant(self, path: Path, message: str, remedy: str) -> None:
        """Tell, of a new file only, what works and cannot be meant: a desk that runs with it already goes on."""
        if not self._findings.loaded:
            self.bad(path, message, remedy)

    def sound(self, *path: str | int) -> bool:
        """Whether nothing was found wrong at, under or around `path` when the shape was read."""
        return not self._broken.touch(self._root.at(path).path)

    def empty(self, name: str) -> bool:
        """Whether an empty list or mapping stands there."""
        node = self._root.child(name)
        told = isinstance(node, _StandIn)  # what it stands for is missing, or misspelt
        return not told and node is not None and isinstance(node.value, list | dict) and not node.value

    def declared(self, name: str) -> set[str]:
        """The codes written in a list of things, even of things with other mistakes."""
        items = self._root.at((name,)).value
        nodes = (
            [item.value.get("code") for item in items if isinstance(item.value, dict)]
            if isinstance(items, list)
            else []
        )
        return {str(getattr(node.value, "text", node.value)) for node in nodes if node}

    def written_keys(self, name: str) -> list[str]:
        """The keys written in a mapping, even of entries with other mistakes."""
        value = self._root.at((name,)).value
        return list(value) if isinstance(value, dict) else []


def read(kind: type[S], root: Node, findings: Findings) -> Check[S] | None:
    """The check of `root` as a `kind`; None: too much is wrong to say more."""
    for _ in range(100):
        try:
            return Check(kind.model_validate(root.plain()), root, findings)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
        for detail in _without_echo(kind, details[:MOST]):
            _tell(kind, root, detail, findings)
        if len(details) > MOST:
            findings.add(root.line, (), f"{len(details)} things are wrong", "Look whether it is the right file")
            return None
        # Found before the first is dropped: a dropped item moves those after it in its list.
        trails = [root.trail(detail["loc"]) for detail in details]
        if not all(_drop(kind, trail, detail) for trail, detail in zip(trails, details, strict=True)):
            return None
    return None


def _tell(kind: type[Shape], root: Node, detail: ErrorDetails, findings: Findings) -> None:
    missing, loc = detail["type"] == "missing", detail["loc"]
    node = root.at(loc[:-1] if missing else loc)
    if missing:
        if isinstance(node.value, dict) and loc[-1] in node.value:
            return  # it is there, and was found wrong before
        line = f"{loc[-1]}: {_example(kind, loc)}".rstrip()
        remedy = f"Add a line `{line}`. {_described(kind, loc)}"
        findings.add(node.place, (*node.path, loc[-1]), _about(node, f"`{loc[-1]}` is missing"), remedy)
    elif detail["type"] == "too_short" and node.value:
        return  # what was in it was found wrong before
    elif detail["type"] == "extra_forbidden":
        findings.add(node.key_line, node.path, f"unknown key {shown(loc[-1])}", _hint(kind, loc))
    else:
        message, remedy = _worded(detail, node)
        findings.add(node.place, node.path, _about(node, message), remedy)


def _worded(detail: ErrorDetails, node: Node) -> tuple[str, str]:
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "wrong":
        return context["what"], context["remedy"]
    if detail["type"] in _KINDS:
        what, remedy = _KINDS[detail["type"]]
        blank = node.value is None
        return (
            "is blank" if blank else what if isinstance(node.value, dict | list) else f"{shown(node.plain())} {what}"
        ), remedy
    if detail["type"] == "too_short":
        return "is empty", "Write at least one, or remove it"
    if detail["type"] == "too_long":
        return f"has {context.get('actual_length')} items", f"Write at most {context.get('max_length')}"
    return detail["msg"], "Look at the schema in config/schema"


def _drop(kind: type[Shape], trail: list[Node], detail: ErrorDetails) -> bool:
    """Drop what is wrong, or the smallest thing around it that may be absent; False: there is none."""
    loc, node = detail["loc"], trail[-1]
    missing = detail["type"] == "missing"
    if missing and node.path[-1:] == loc[-1:]:
        trail = trail[:-1]  # it is there but dropped, so its holder cannot be kept either
        node = trail[-1]
    parent = node if missing or len(trail) == 1 else trail[-2]
    key = loc[-1] if missing or not node.path else node.path[-1]
    field = None if detail["type"] == "extra_forbidden" else _required(kind, loc, key)
    if field and field.examples and isinstance(parent.value, dict):
        old = parent.value.get(str(key), Node(None, parent.line, parent.place, (*parent.path, key)))
        parent.value[str(key)] = _StandIn(_as_read(field.examples[0]), old.line, old.key_line, old.path)
        return True
    node.dropped = True
    return bool(node.path)


def _as_read(example: Any) -> Any:
    """An example as it would be read from a file: whole numbers know how they were written."""
    if isinstance(example, dict):
        return {key: _as_read(value) for key, value in example.items()}
    return resolve(str(example)) if type(example) is int else example


def _required(kind: type[Shape], loc: Path, key: str | int) -> FieldInfo | None:
    """The field of that name, if its shape requires it."""
    for shape in _shapes_at(kind, loc[:-1]):
        for name, field in shape.model_fields.items():
            if (field.alias or name) == key and field.is_required():
                return field
    return None


class _StandIn(Node):
    """A valid stand-in for a wrong value."""

    __slots__ = ()

    def plain(self) -> object:
        return self.value

    def child(self, step: str | int) -> None:
        return None


def _without_echo(kind: type[Shape], details: list[ErrorDetails]) -> list[ErrorDetails]:
    """A misspelt or misplaced key is one mistake. The key that was meant is not reported as missing too."""
    meant: set[Path] = set()
    for loc in (detail["loc"] for detail in details if detail["type"] == "extra_forbidden"):
        meant |= {(home, loc[-1]) for home in _homes(kind, str(loc[-1])) if home}
        if near := _nearest(kind, loc):
            meant.add((*loc[:-1], near))
    return [detail for detail in details if detail["type"] != "missing" or detail["loc"] not in meant]


def _hint(kind: type[Shape], loc: Path) -> str:
    key, near = str(loc[-1]), _nearest(kind, loc)
    if homes := _homes(kind, key):
        where = f"under `{homes[0]}:`" if homes[0] else "at the top of the file"
        return f"It belongs {where}: look at its indent"
    return f"Did you mean `{near}`?" if near else f"Known here: {', '.join(sorted(_keys(kind, loc)))}"


def _homes(kind: type[Shape], key: str) -> list[str]:
    """Where in the file a key may stand that may not stand here: at the top, or under which keys of the top."""
    if key in _keys(kind, (key,)):
        return [""]
    return [name for name in _keys(kind, ("",)) if key in _keys(kind, (name, ""))]


def _nearest(kind: type[Shape], loc: Path) -> str | None:
    return next(iter(get_close_matches(str(loc[-1]).lower(), _keys(kind, loc), 1, 0.6)), None)


def _keys(kind: type[Shape], loc: Path) -> list[str]:
    shapes = _shapes_at(kind, loc[:-1])
    return [field.alias or name for shape in shapes for name, field in shape.model_fields.items()]


def _described(kind: type[Shape], loc: Path) -> str:
    fields = [
        field
        for shape in _shapes_at(kind, loc[:-1])
        for name, field in shape.model_fields.items()
        if (field.alias or name) == loc[-1]
    ]
    return (fields[0].description or "") if fields else ""


def _example(kind: type[Shape], loc: Path) -> str:
    """What may stand there, as a file writes it; empty where the example is only a stand-in."""
    for shape in _shapes_at(kind, loc[:-1]):
        for name, field in shape.model_fields.items():
            if (field.alias or name) == loc[-1] and field.examples and isinstance(field.examples[0], dict | list):
                text = json.dumps(field.examples[0]).replace('"', "")
                return text if len(text) > 2 and ": x" not in text else ""
    return ""


def _shapes_at(kind: type[Shape], loc: Path) -> list[type[BaseModel]]:
    """The shapes that may stand at `loc`."""
    shapes: list[type[BaseModel]] = [kind]
    for step in loc:
        fields = [
            field for shape in shapes for name, field in shape.model_fields.items() if (field.alias or name) == step
        ]
        shapes = [shape for field in fields for shape in _shapes_in(field.annotation)] if fields else shapes
    return shapes


def _shapes_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _shapes_in(part)


def _about(node: Node, message: str) -> str:
    """A message that begins with the key it is about, and with the number in its list: `rungs[3]: ...`."""
    keys = [n for n, part in enumerate(node.path) if isinstance(part, str)]
    return f"{dotted(node.path[keys[-1] :])}: {message}" if keys else message
