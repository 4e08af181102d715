"""A loaded desk of three districts with one message made, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from models.base import Sessions
from tests.stories.desk import Desk

NOW = datetime(2024, 2, 13, 4, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)


@pytest.fixture
def desk(sessions: Sessions) -> Desk:
    """Noon on the eve of voting day in Makassar; one daily report is owed and nobody was told."""
    desk = Desk(sessions, starts="H-2 08:00")
    desk.owes_only(desk.key("harian", "Tamban", "H-1"))
    desk.clock.jumps("H-1 12:00")
    return desk
