"""A copy of the whole database."""

from pathlib import Path

import pytest

from models import copies
from models.base import connect


@pytest.mark.parametrize("place", ["/dev/full", "none/copy.db"])
def test_a_copy_that_cannot_be_written_is_refused_as_any_file_is(database_url: str, tmp_path: Path, place: str):
    engine = connect(database_url)

    with pytest.raises(OSError, match=r"disk|unable|database"):
        copies.into_file(engine, tmp_path / place)

    engine.dispose()
