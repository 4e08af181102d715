"""A worker that is frozen past its lease: others do its work, and what it settles afterwards changes nothing."""

import os
import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.delivery import deliver, doubts
from jobs.rehearsal.rehearse import Still
from models.messages.messages import Message
from rules.delivery import State
from rules.desk import Channel
from tests.engines import MailServer
from tests.faults.children import work
from tests.faults.conftest import NOW, built, until
from tests.faults.nursery import Child
from tests.load import desk

MAILS, GROUP, TAKEN = 12, 10, 3
LEASE = 4.0


@pytest.mark.kills
def test_a_worker_frozen_past_its_lease_settles_nothing_when_it_wakes_up(database_url: str, smtp_server: MailServer):
    """B209."""
    with built(database_url, lease="PT4S") as house:
        ids = house.pending(MAILS)
        still = Still(NOW)
        rt = desk.runtime(house.url, desk.mail(smtp_server.port), now=still)
        worker = _frozen(house.url, smtp_server)
        frozen_at = time.monotonic()

        deliver.run(rt, Channel.EMAIL, ids)
        assert len(smtp_server.accepted) == TAKEN + MAILS - GROUP, "what is claimed is left alone"

        for later in (timedelta(minutes=1), timedelta(minutes=12)):
            still.at = NOW + later
            doubts.find_lost(rt, now=still.at)
        deliver.run(rt, Channel.EMAIL, ids)
        rows = _rows(house)
        until(lambda: time.monotonic() > frozen_at + LEASE)
        smtp_server.behave()
        os.kill(worker.process.pid or 0, signal.SIGCONT)
        assert worker.hear() == "done"

        accepted = Counter(mail.message_id for mail in smtp_server.accepted)
        assert (len(accepted), sum(accepted.values())) == (MAILS, MAILS + TAKEN), "the rest it leaves to others"
        assert house.count(State.SENT) == MAILS
        assert _rows(house) == rows, "its late settling changed nothing"
        rt.sessions.kw["bind"].dispose()


def _frozen(url: str, server: MailServer) -> Child:
    """A worker that has handed over some of its group and stands still before it reads the last answer."""
    workers: list[Child] = []

    def freeze() -> None:
        if len(server.accepted) == TAKEN - 1:
            os.kill(workers[0].process.pid or 0, signal.SIGSTOP)

    server.answer("data", freeze)
    workers.append(Child(work, url, server.port, NOW))
    until(lambda: len(server.accepted) == TAKEN)
    return workers[0]


def _rows(house):
    with house.sessions() as session:
        columns = Message.id, Message.state, Message.fence, Message.tries, Message.settled_at, Message.provider_id
        return session.execute(select(*columns).order_by(Message.id)).all()
