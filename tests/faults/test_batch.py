"""Many reports to the Government that fall due at once, and a process that is killed in the middle of them.

Each is frozen in a transaction of its own, so what was done stays: the next process does the rest, none twice, and
every report says the same as if nobody had been killed.
"""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from jobs.turn import compile
from models import base, migrations
from models.matters.submissions import Submission
from tests.faults.children import batch
from tests.faults.nursery import Child
from tests.load import batching

REPORTS, KILLED_AFTER = 12, (1, 5, 11)


@pytest.mark.kills
@pytest.mark.unsearched("nothing is sent, and what is compiled names offices only")
def test_the_rest_is_compiled_by_the_next_none_twice_and_each_the_same(database_url, tmp_path):
    sessions, at = _due(database_url)

    for count in KILLED_AFTER:
        child = Child(batch, database_url, at, count - len(_frozen(sessions)))
        assert child.ended() == -9
        assert len(_frozen(sessions)) == count
    rest, nothing = (compile.run(batching.runtime(database_url, at, tmp_path), now=at) for _ in range(2))

    assert (rest, nothing) == (REPORTS - KILLED_AFTER[-1], 0)
    assert _frozen(sessions) == _undisturbed(f"sqlite:///{tmp_path}/undisturbed.db", tmp_path)


def _due(url):
    """So many desks, each with a report to be compiled; and when."""
    engine = base.connect(url)
    migrations.up(engine)
    sessions = sessionmaker(engine, expire_on_commit=False)
    return sessions, batching.settle(sessions, range(REPORTS), districts=2)


def _undisturbed(url, folder):
    sessions, at = _due(url)
    assert compile.run(batching.runtime(url, at, folder), now=at) == REPORTS
    return _frozen(sessions)


def _frozen(sessions):
    """Every version there is, with its whole text."""
    with sessions.begin() as session:
        rows = session.scalars(select(Submission).order_by(Submission.obligation_id)).all()
        return [(own.obligation_id, own.version, own.facts) for own in rows]
