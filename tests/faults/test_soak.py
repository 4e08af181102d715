"""A whole installation under fire: its processes are killed at random, one after the other, while reports fall due.

The mail server's own list is the oracle: twice comes only what was in doubt and is marked, and nothing is missed
but what kills cut off more than once, which is left in doubt and shown.
`DESK_SOAK_KILLS=200 ./desk test tests/faults/test_soak.py -n 0` goes on for longer; DESK_SOAK_SEED makes another run.
"""

import os
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from jobs import dispatch
from models import clock
from models.messages import Message
from models.notices import Notice
from rules.delivery import State
from tests.engines import MailServer
from tests.faults.children import Taking
from tests.faults.conftest import House, built, until
from tests.faults.installation import Installation, running
from tests.faults.privacy import leaks
from tests.faults.test_servers import LONG
from tests.load import desk as load_desk
from tests.load import world

KILLS = int(os.environ.get("DESK_SOAK_KILLS", "8"))
SEED = int(os.environ.get("DESK_SOAK_SEED", "2"))
DUE = 12
"""So many reports are due for each kill, all from the beginning, each of another office."""
PROCESSES = ("clock", "worker 1", "worker 2", "web")
OFTEN = (1, 3, 3, 1)
"""Workers are killed most: they are who may lose a mail, or send it twice."""
PAUSE = 3.0
"""Seconds until the next kill at most, where no more mails come because of the last one."""

SLOW = 0.02
"""Seconds the mail server thinks about each mail, so that kills come in the middle of a group."""


@pytest.mark.kills
def test_a_desk_whose_processes_are_killed_at_random_misses_nobody(
    tmp_path: Path, postgres_url: str, broker_url: str, smtp_server: MailServer
):
    with (
        built(postgres_url, places=KILLS * DUE, lease="PT4S", doubt="PT2S") as house,
        running(
            *PROCESSES,
            folder=tmp_path,
            DESK_DATABASE_URL=postgres_url,
            DESK_BROKER_URL=broker_url,
            DESK_SMTP_URL=f"{smtp_server.url}?tls=none",
            DESK_MAIL_FROM="desk@desk.example",
        ) as desk,
    ):
        smtp_server.answer("data", lambda: time.sleep(SLOW))
        soak = Soak(house, smtp_server, broker_url)

        soak.under_fire(desk)
        soak.comes_to_rest()

        soak.judge()
        until(desk.alive)
        assert leaks(house.sessions, logs=[desk.log], broker_url=broker_url) == []


class Soak:
    def __init__(self, house: House, server: MailServer, broker_url: str) -> None:
        self.house, self.server, self.luck = house, server, Random(SEED)
        self.owed: list[int] = []
        self.rt = load_desk.runtime(house.url, Taking(), bell=load_desk.bell(broker_url))

    def under_fire(self, desk: Installation) -> None:
        self._owe()
        for _ in range(KILLS):
            self._await_mails(self.luck.randint(1, DUE))
            (name,) = self.luck.choices(PROCESSES, OFTEN)
            desk.restart(name)

    def _owe(self) -> None:
        with self.house.sessions.begin() as session:
            owed = world.owe(session, self.house.places, KILLS * DUE, prefix="R-", since=clock.now(session))
        self.owed = list(owed)

    def _await_mails(self, more: int) -> None:
        enough, give_up = len(self.server.accepted) + more, time.monotonic() + PAUSE
        until(lambda: len(self.server.accepted) >= enough or time.monotonic() >= give_up, every=0.002)

    def comes_to_rest(self) -> None:
        """Nothing is killed any more. Only for a bell that died unanswered is the time put forward."""
        until(self._rests, every=1)
        self.rt.sessions.kw["bind"].dispose()

    def _rests(self) -> bool:
        with self.house.sessions() as session:
            now = clock.now(session)
            told = set(session.scalars(select(Notice.matter_id).where(Notice.message_id.is_not(None))))
        dispatch.ring(self.rt, now=now + LONG)
        return told >= set(self.owed) and not self.house.count(State.PENDING, State.SENDING)

    def judge(self) -> None:
        times = Counter(int(mail.message_id.strip("<").split(".")[0]) for mail in self.server.accepted)
        with self.house.sessions() as session:
            messages = {m.id: m for m in session.scalars(select(Message))}
            notices = Counter(session.scalars(select(Notice.matter_id)))
            hold = clock.marked(session, clock.HOLD)
        sent = {id for id, m in messages.items() if m.state is State.SENT}
        in_doubt = sum(1 for m in messages.values() if m.doubts)
        print(f"\n{KILLS} kills, {len(self.owed)} reports due, {times.total()} mails, {in_doubt} were in doubt")

        assert hold is None
        assert notices == Counter(self.owed), "each was decided once"
        assert {m.state for m in messages.values()} <= {State.SENT, State.IN_DOUBT}
        assert sent <= set(times), "nothing is marked sent that was not accepted"
        assert {id for id in messages if id not in times} <= {id for id, m in messages.items() if m.doubts}
        assert {id for id, n in times.items() if n > 1} <= {id for id, m in messages.items() if m.repeated_at}
        assert set(times) <= set(messages)
        assert max(times.values()) <= 2
