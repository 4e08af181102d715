"""Real processes die at every named point, on both databases; then others go on. The mail server's own log decides.

A death leaves at most one group in doubt. What was in doubt may come twice, under the same Message-ID; nothing else.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.messages.messages import Message
from rules.delivery import State
from tests.engines import MailServer
from tests.faults.children import live
from tests.faults.conftest import NOW, House
from tests.faults.nursery import Child
from tests.faults.points import Point

OWED = 12
GROUP = 10
"""As the policy settles e-mail."""
LATER = [timedelta(minutes=m) for m in (1, 3, 14, 15, 27, 28)]
"""When the clock turns again: the leases end, and then the doubts."""
BEFORE = 2
"""Mails of its group that a worker had handed over when the provider strikes."""
SECOND_TIME = {Point.OFFERED: BEFORE, Point.ACCEPTED: BEFORE + 1, Point.ANSWERED: GROUP}
"""How many mails come a second time, because nobody knew of the first. At the other points: none."""


@pytest.mark.kills
@pytest.mark.parametrize("point", Point, ids=str)
def test_a_process_dies_when(point: Point, house: House, smtp_server: MailServer):
    house.owes(OWED)

    def lives(after: timedelta, dies: Point | None = None) -> Child:
        return Child(live, house.url, smtp_server.port, NOW + after, dies)

    _die(point, lives, smtp_server)
    in_doubt = house.count(State.SENDING, State.IN_DOUBT)
    for after in LATER:
        child = lives(after)
        assert (child.hear(), child.ended()) == ("lived", 0)

    accepted = Counter(mail.recipients for mail in smtp_server.accepted)
    assert len(accepted) == OWED, "nobody was missed"
    assert sum(accepted.values()) == OWED + SECOND_TIME.get(point, 0)
    assert max(accepted.values()) <= 2
    assert in_doubt <= GROUP
    assert house.count(State.SENT) == OWED
    with house.sessions() as session:
        doubted = session.scalar(select(func.count()).where(Message.doubts == 1))
    assert doubted == in_doubt, "what was in doubt is marked, and nothing else"
    assert len({mail.message_id for mail in smtp_server.accepted}) == OWED, "a second mail has the same Message-ID"


def _die(point: Point, lives: Callable[..., Child], server: MailServer) -> None:
    """Let a process come as far as `point`, and no further."""
    if point is Point.DOUBTED:  # another one must have fallen silent before
        assert lives(timedelta(), Point.CLAIMED).ended() == -9
        assert lives(timedelta(minutes=3), point).ended() == -9
        return
    dying: list[Child] = []

    def strike() -> str | None:
        if len(server.accepted) < BEFORE:
            return None
        dying[0].strike()
        return "lost" if point is Point.ACCEPTED else "cut"

    if point in (Point.OFFERED, Point.ACCEPTED):
        server.answer("rcpt" if point is Point.OFFERED else "data", strike)
    dying.append(lives(timedelta(), point))
    assert dying[0].ended() == -9
    server.behave()
