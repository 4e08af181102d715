"""The keys that sign links and packages: checked if set, else made and kept."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from config import paths
from config.errors import ConfigError, Finding, Unusable

SHORTEST = 16
_WEAK = ("changeme", "change-me", "change_me", "secret", "password", "default", "example", "insecure", "12345678")
_REMEDY = "Set the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'; or leave it unset"


def strong(key: SecretStr | None) -> SecretStr | None:
    """The key, where it cannot be guessed; None stays None."""
    if key is None:
        return None
    text = key.get_secret_value()
    if len(text) < SHORTEST:
        raise Unusable(f"is shorter than {SHORTEST} characters", _REMEDY)
    if len(set(text)) < 6 or any(word in text.lower() for word in _WEAK):
        raise Unusable("can be guessed", _REMEDY)
    return key


def kept(file: Path) -> SecretStr:
    """The key in `file`, made there if there is none; only we may read it.

    Several processes may start at once: the file appears whole or not at all, and never replaces another's.

    Raises:
        ConfigError: it cannot be kept there.
    """
    try:
        if not file.exists():
            _make(file)
        return SecretStr(file.read_text(encoding="ascii").strip())
    except OSError as error:
        what = f"is not set, and no key can be kept in {file}: {error.strerror}"
        raise ConfigError([Finding("DESK_SECRET_KEY", 0, "", what, "Set it, or make the folder writable")]) from error


def _make(file: Path) -> None:
    paths.private(file.parent)
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    try:
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with suppress(FileExistsError):
            os.link(fresh, file)
    finally:
        fresh.unlink()
