"""Files outside the database, each named by the SHA-256 of what is in it: the same file is there once."""

import hashlib
import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Files:
    """A folder of files. A file with a plain name is whole and on the disk; one being written begins with a dot."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, data: bytes) -> str:
        """Keep `data` and return its digest, once it would survive a power cut. Raises: OSError: it was not kept."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        with suppress(FileNotFoundError):
            if path.stat().st_size == len(data):
                os.utime(path)  # it counts as new again: nobody removes it
                return digest
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_name(f".{digest[:16]}.{token_hex(8)}")
        try:
            with open(draft, "xb", opener=_private) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        _settle(path.parent)
        return digest

    def aged(self, *, since: datetime, until: datetime) -> list[str]:
        """The digests of files that were last kept in (since, until]. Unfinished drafts of that time are removed."""
        digests: list[str] = []
        for path in self._folder.glob("??/*"):
            with suppress(FileNotFoundError):  # a draft that has just become a file
                own = _back(path)
                if not since.timestamp() < own.stat().st_mtime <= until.timestamp():
                    continue
                if _DIGEST.fullmatch(own.name):
                    digests.append(own.name)
                elif own.name.startswith("."):
                    own.unlink()
        return digests

    def remove(self, digest: str, *, until: datetime) -> bool:
        """Remove a file; False: somebody sent it again after `until`, so it stays."""
        path = self.path(digest)
        gone = path.with_name(f".{digest}")
        path.rename(gone)
        if gone.stat().st_mtime > until.timestamp():
            gone.rename(path)
            return False
        gone.unlink()
        return True

    def path(self, digest: str) -> Path:
        """Where a file is, or would be. Raises: ValueError: that is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError("not a SHA-256 digest")
        return self._folder / digest[:2] / digest


def _private(path: str, flags: int) -> int:
    """Nobody but the desk's own user may read it."""
    return os.open(path, flags, 0o600)


def _back(path: Path) -> Path:
    """Put back a file whose removal was cut off."""
    if _DIGEST.fullmatch(path.name[1:]) and path.name.startswith("."):
        return path.rename(path.with_name(path.name[1:]))
    return path


def _settle(folder: Path) -> None:
    """Make a folder's own entries safe on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
