"""The bench's world can be made, told and forgotten again, so that `./desk bench` runs whenever somebody asks."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from models.base import Sessions
from models.messages.messages import Message
from models.messages.notices import Notice
from tests.load import world

NOW = datetime(2024, 2, 14, 8, 0, tzinfo=UTC)


def test_what_was_told_in_one_round_is_forgotten_for_the_next(sessions: Sessions):
    places = world.settle(sessions, 6, now=NOW - timedelta(days=30), districts=3)
    with sessions.begin() as session:
        owed = world.owe(session, places, 6, prefix="B", since=NOW)

    for _ in range(2):
        with sessions.begin() as session:
            world.tell(session, places, owed, now=NOW)
        with sessions.begin() as session:
            assert session.scalar(select(func.count()).select_from(Notice)) == 6
            world.forget(session, owed, since=NOW)

    with sessions() as session:
        assert [session.scalar(select(func.count()).select_from(own)) for own in (Notice, Message)] == [0, 0]
    assert len({place.programme_id for place in places}) == 2
