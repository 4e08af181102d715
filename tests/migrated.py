"""SQLite databases that have their tables: migrated once in each process, then copied."""

import tempfile
from functools import cache
from pathlib import Path

from models import migrations
from models.base import connect


def sqlite(file: Path) -> str:
    """Put one at `file`, without a row; its address."""
    file.write_bytes(_pattern())
    return f"sqlite:///{file}"


@cache
def _pattern() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "desk.db"
        engine = connect(f"sqlite:///{file}", durable=False)
        migrations.up(engine)
        engine.dispose()
        return file.read_bytes()
