"""Several processes at once on one database: each thing is done by one of them, and done."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import sessionmaker

from config import loader
from jobs.operator import load
from jobs.rehearsal.rehearse import Still
from models import base, migrations
from models.base import Sessions
from models.matters.submissions import Submission
from models.messages.messages import Attempt, Message
from models.messages.notices import Notice
from rules.delivery import State
from rules.dispatch import NoticeState
from tests.faults.children import claim, turn
from tests.faults.conftest import NOW, House, nothing_leaked
from tests.faults.nursery import Child
from tests.load import desk, world

PROCESSES = 8
EVE = datetime(2024, 2, 12, 22, 0, tzinfo=UTC)
STEP = timedelta(minutes=15)
TURNS = 170
"""From the morning before voting day to the night after it, when the ladders climb to the chair."""


@pytest.mark.kills
def test_eight_processes_claim_nothing_twice_and_settle_everything_once(house: House):
    ids = house.pending(600)
    children = [Child(claim, house.url, NOW, n / PROCESSES) for n in range(PROCESSES)]
    assert [child.hear() for child in children] == ["ready"] * PROCESSES
    for child in children:
        child.say("go")

    said = [child.hear() for child in children]

    claimed = [id for own, _ in said for id in own]
    settled = [id for _, own in said for id in own]
    assert Counter(claimed) == Counter(ids)
    assert Counter(settled) == Counter(ids)
    assert sum(bool(own) for own, _ in said) > 1, "several had a share"
    with house.sessions() as session:
        assert set(session.execute(select(Message.state, Message.tries, Message.fence))) == {(State.SENT, 1, 1)}
        assert Counter(session.scalars(select(Attempt.message_id))) == Counter(ids)


@pytest.fixture
def loaded(database_url: str) -> Iterator[tuple[str, Sessions]]:
    """A database with a whole programme in it, loaded on the day before voting."""
    engine = base.connect(database_url)
    migrations.up(engine)
    rt = desk.runtime(database_url, None, now=Still(EVE))
    load.load(rt, [loader.read(path) for path in (world.ELECTION, world.DESK, world.POLICY)])
    yield database_url, sessionmaker(engine)
    nothing_leaked(rt.sessions)
    rt.sessions.kw["bind"].dispose()
    engine.dispose()


@pytest.mark.kills
def test_two_clocks_tell_nobody_twice(loaded: tuple[str, Sessions]):
    url, sessions = loaded
    clocks = [Child(turn, url) for _ in range(2)]

    for n in range(TURNS):
        for clock in clocks:
            clock.say(EVE + n * STEP)
        assert [clock.hear() for clock in clocks] == ["turned"] * 2

    with sessions() as session:
        told = Notice.matter_id, Notice.round, Notice.rung, Notice.office_id, Notice.channel
        assert session.execute(select(*told).group_by(*told).having(func.count() > 1)).all() == []
        assert {rung for (rung,) in session.execute(select(Notice.rung))} >= set(range(6)), "ladders were climbed"
        told = select(Message.contact_id, Message.created_at).where(Message.state != State.CANCELLED)
        _one_message_in_two_minutes(session.execute(told).all())
        assert Counter(session.scalars(select(Attempt.message_id))).most_common(1)[0][1] == 1
        assert set(session.scalars(select(Message.state))) <= {State.SENT, State.CANCELLED}
        sent = set(session.scalars(select(Notice.message_id).where(Notice.state == NoticeState.DISPATCHED)))
        taken_back = set(session.scalars(select(Message.id).where(Message.state == State.CANCELLED)))
        assert sent | taken_back == set(session.scalars(select(Message.id)))
        compiled = Counter(session.scalars(select(Submission.obligation_id)))
        assert set(compiled.values()) <= {1}


def _one_message_in_two_minutes(messages: list) -> None:
    """To one office on one channel. Two clocks that both dispatched would have made two at one moment.

    A message that was taken back before it left, because the office was to be told more, told nobody.
    """
    made: dict[int, list[datetime]] = {}
    for contact, at in messages:
        made.setdefault(contact, []).append(at)
    assert len(messages) > 50
    assert all(
        later - earlier >= timedelta(minutes=2) for at in made.values() for earlier, later in pairwise(sorted(at))
    )
