"""Secrets in files of their own: `DESK_SMTP_URL_FILE` names a file that holds what `DESK_SMTP_URL` would.

So a secret need not stand in the environment, which every child inherits. systemd and containers hand such files over.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from config.environment import Environment
from config.errors import Finding

END = "_FILE"
LARGEST = 10_000


def names() -> list[str]:
    """The settings that may stand in a file: those that hold a secret."""
    fields = Environment.model_fields.values()
    return [str(field.alias) for field in fields if field.annotation in (SecretStr, SecretStr | None)]


def taken(environ: Mapping[str, str]) -> tuple[dict[str, str], list[Finding]]:
    """The environment with what its files hold, and what is wrong with them. No finding holds a secret."""
    values, findings = dict(environ), list[Finding]()
    for name in names():
        place = environ.get(name + END, "")
        if not place:
            continue
        try:
            if environ.get(name):
                raise ValueError(f"names a file, and {name} is set too")
            values[name] = _held(Path(place))
        except OSError as error:
            findings.append(_wrong(name, f"names a file that cannot be read: {error.strerror}"))
        except ValueError as error:
            findings.append(_wrong(name, str(error)))
    return values, findings


def _held(file: Path) -> str:
    """What one line of a file says. Raises: OSError, ValueError."""
    with file.open("rb") as opened:
        held = opened.read(LARGEST + 1)
    try:
        text = held.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ValueError("names a file that is no text in UTF-8") from None
    if not text.strip() or "\n" in text or len(held) > LARGEST:
        raise ValueError("names a file that does not hold one line")
    return text


def _wrong(name: str, what: str) -> Finding:
    return Finding(name + END, 0, "", what, f"Let it hold what {name} would, on one line, and let the desk read it")
