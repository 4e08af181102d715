"""The mark that tells a rehearsal's database from a desk's: a number in the header of its file.

It is there before the first table, whatever the version. Only SQLite may read it: whoever opens the file beside it and
closes it again gives up all locks of the process on it (sqlite.org/howtocorrupt.html, 2.2). The next process that ends
then takes itself for the last one, and deletes the journal under a running desk.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

MARK = 0x47454C41
"""`GELA` in ASCII, for geladi; SQLite keeps it as the application_id (sqlite.org/fileformat.html, 1.3)."""


def begin(file: Path) -> None:
    """Make an empty database with the mark."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA application_id={MARK}")


def marked(file: Path) -> bool:
    """Whether this file is a rehearsal's database."""
    if not file.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True)) as connection:
            return bool(connection.execute("PRAGMA application_id").fetchone() == (MARK,))
    except sqlite3.Error:  # no database, or one that cannot be read: whoever opens it next says why
        return False
