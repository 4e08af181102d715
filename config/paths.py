"""Files and folders that settings name. One that cannot be read or written is reported at the start, not at first use.

`os.access` comes first: it says no to a name that is too long, where `Path` raises.
"""

import os
import stat
from pathlib import Path

from config.errors import ConfigError, Finding, Unusable, shown


def home(place: Path) -> Path:
    """An existing folder, which all relative paths start from."""
    if not os.access(place, os.X_OK) or not place.is_dir():
        raise Unusable(f"there is no folder {shown(place)}", "Name the folder in which ./desk is, or leave it unset")
    return place


def file(place: Path) -> Path:
    """An existing file to read."""
    if not os.access(place, os.R_OK) or not place.is_file():
        raise Unusable(f"there is no file {shown(place)}", "Name a YAML file; relative names count from DESK_HOME")
    return place


def folder(place: Path) -> Path:
    """A folder that can be written to, or can be made because the nearest one above it can."""
    nearest = next(above for above in (place, *place.parents) if os.access(above, os.F_OK))
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise Unusable(f"{shown(nearest)} is not a folder that can be written to", "Make it writable, or name another")
    return place


def kept(place: Path) -> Path:
    """A file to write. It exists or can be made, and its folder is writable: SQLite keeps a journal beside it."""
    folder(place.parent)
    if os.access(place, os.F_OK) and (place.is_dir() or not os.access(place, os.W_OK)):
        raise Unusable(f"{shown(place)} cannot be written", "Make it writable, or name another file")
    return place


def own(place: Path) -> None:
    """`private`, for a process that cannot start without it. Raises: ConfigError."""
    try:
        private(place)
    except OSError as error:
        what = f"the folder {place} cannot be made: {error.strerror}"
        remedy = "Make room for it where whoever runs the desk may write; a link must lead to a disk that is there"
        raise ConfigError([Finding("DESK_HOME", 0, "", what, remedy)]) from error


def private(place: Path) -> None:
    """Make a folder that only the desk's own user may open, or close one that others could open. Raises: OSError."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = place.stat()
    if status.st_uid == os.geteuid() and status.st_mode & 0o077 and not status.st_mode & stat.S_ISVTX:
        place.chmod(0o700)
