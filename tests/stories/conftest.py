"""The desk that every story is told with, on both databases."""

import pytest

from models.base import Sessions
from tests.stories.desk import Desk


@pytest.fixture
def desk(sessions: Sessions) -> Desk:
    """A desk in Kabupaten Contoh; the clock reads Monday, 29 January 2024, 08:00 in Makassar."""
    return Desk(sessions)
