"""Read what was reported from a file, written by hand or by a program."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from config.errors import ConfigError, Finding
from jobs.operator.refusals import Refusal

LARGEST = 1_000_000


def read(path: Path) -> dict[str, Any]:
    """The body of a report: an object in JSON, or a text.

    Raises:
        Refusal: there is no such file, or it is too large.
        ConfigError: it cannot be read as what it is.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Refusal(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > LARGEST:
        raise Refusal(f"{path}: {len(raw)} bytes, at most {LARGEST} are taken")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(path, f"not UTF-8 at byte {error.start}", "Save it as UTF-8") from error
    return _object(path, text) if path.suffix == ".json" else {"note": text}


def _object(path: Path, text: str) -> dict[str, Any]:
    try:
        body = json.loads(text, parse_constant=_no_number, object_pairs_hook=_once)
        json.dumps(body, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise _wrong(path, f"not JSON: {error.msg}", "Look at the quotes and commas here and above", error) from error
    except RecursionError as error:
        raise _wrong(path, "nested too deep", "Write an object as the form has it") from error
    except UnicodeEncodeError as error:
        raise _wrong(
            path, "holds half a character (\\ud800 to \\udfff)", "Write both halves, or save as UTF-8"
        ) from error
    except ValueError as error:  # one of the two below, or a number of thousands of digits
        raise _wrong(path, f"not JSON: {str(error)[:60]}", "Write it as the form has it") from error
    if not isinstance(body, dict):
        raise _wrong(path, f"an object is expected, not {type(body).__name__}", 'Write {"note": "..."}')
    return body


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object without lost values: of a key given twice, JSON would keep only the last."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key is there twice")
    return fields


def _wrong(path: Path, what: str, remedy: str, error: json.JSONDecodeError | None = None) -> ConfigError:
    return ConfigError([Finding(str(path), error.lineno if error else 0, "", what, remedy)])
