"""Files and folders that settings name. What cannot be read or written is told at the start, not at the first write.

`os.access` is asked first: it says no to a name that is too long to be one, where `Path` raises.
"""

import os
from pathlib import Path

from config.errors import Unusable, shown


def home(place: Path) -> Path:
    """The folder everything else counts from, which is there."""
    if not os.access(place, os.X_OK) or not place.is_dir():
        raise Unusable(f"there is no folder {shown(place)}", "Name the folder in which ./desk is, or leave it unset")
    return place


def file(place: Path) -> Path:
    """A file to read, which is there."""
    if not os.access(place, os.R_OK) or not place.is_file():
        raise Unusable(f"there is no file {shown(place)}", "Name a YAML file; relative names count from DESK_HOME")
    return place


def folder(place: Path) -> Path:
    """A folder that can be written, or made where the nearest one above it can be."""
    nearest = next(above for above in (place, *place.parents) if os.access(above, os.F_OK))
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise Unusable(f"{shown(nearest)} is no folder that can be written", "Make it writable, or name another")
    return place


def kept(place: Path) -> Path:
    """A file to write, which is there or can be made in its folder: SQLite keeps a journal beside it."""
    folder(place.parent)
    if os.access(place, os.F_OK) and (place.is_dir() or not os.access(place, os.W_OK)):
        raise Unusable(f"{shown(place)} cannot be written", "Make it writable, or name another file")
    return place
