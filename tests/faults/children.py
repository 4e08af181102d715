"""What the processes of a fault test do. They may be killed at any moment, so they keep nothing but what they say."""

import logging
import os
import signal
import sys
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import Session, sessionmaker

from jobs import broker as brokers
from jobs import logs
from jobs.delivery import deliver
from jobs.rehearsal.rehearse import AtOnce, Still
from jobs.runtime import Runtime
from jobs.turn import compile, tick
from models import base
from models.machine import clock
from models.messages import claiming
from models.messages.messages import Message
from models.messages.notices import Notice
from models.messages.settling import Outcome
from notifiers.base import Letter
from rules.delivery import State, Verdict
from rules.desk import Channel
from rules.dispatch import NoticeState
from services import ending
from tests.faults.points import Point
from tests.load import batching, desk

GROUP = 7
"""Messages claimed at once: not a divisor of their number, so that groups of several processes overlap."""


def claim(pipe: Connection, database: str, now: datetime, share: float) -> None:
    """Claim and settle until nothing is pending, beginning at a `share` of the ids; say which they were."""
    sessions = sessionmaker(base.connect(database))
    claimed, settled = list[int](), list[int]()
    pipe.send("ready")
    pipe.recv()
    while ids := pending(sessions, now):
        start = int(share * len(ids))
        ids = ids[start:] + ids[:start]
        for first in range(0, len(ids), GROUP):
            with sessions.begin() as session:
                mine = claiming.claim(session, ids[first : first + GROUP], lease=desk.LEASE, now=now)
            claimed += [claim.id for claim in mine]
            with sessions.begin() as session:
                over = Verdict(State.SENT, None, "accepted")
                settled += ending.settle(session, [Outcome(claim, over, "accepted") for claim in mine], now=now)
    pipe.send((claimed, settled))


def turn(pipe: Connection, database: str) -> None:
    """Turn the clock once for each moment heard, delivering at once what is due."""
    logs.set_up(quiet=True)
    still, bell = Still(datetime.min), AtOnce()
    rt = desk.runtime(database, Taking(), now=still, bell=bell)
    bell.rt = rt
    while still_at := pipe.recv():
        still.at = still_at
        tick.run(rt, documents=False)
        pipe.send("turned")


def batch(pipe: Connection, database: str, at: datetime, count: int) -> None:
    """Compile what is due, and die when the one after `count` reports is about to be kept."""
    logs.set_up(quiet=True)
    rt, kept = batching.runtime(database, at, Path("nowhere")), 0

    def keeping(_: Session) -> None:
        nonlocal kept
        kept += 1
        if kept == count + 2:  # the first transaction only looks
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(rt.sessions, "before_commit", keeping)
    compile.run(rt, now=at)
    pipe.send("nobody died")


def live(pipe: Connection, database: str, port: int, now: datetime, point: Point | None) -> None:
    """One turn of the clock, with all that it rings for delivered in the same process; it dies at `point`."""
    logs.set_up()
    bell = AtOnce()
    rt = bell.rt = desk.runtime(database, desk.mail(port), now=Still(now), bell=bell)
    if point in BETWEEN_TRANSACTIONS:
        _dies_at(rt, point)
    tick.run(rt, documents=False)
    pipe.send("lived")


def _dies_at(rt: Runtime, point: Point) -> None:
    """Ends this process as the kernel would once the books show that the point is reached."""
    shows = BETWEEN_TRANSACTIONS[point]
    books = create_engine(rt.sessions.kw["bind"].url)  # without our own ways: it only looks

    def look(_: object) -> None:
        with books.connect() as connection:
            if connection.scalar(select(shows.exists())):
                os.kill(os.getpid(), signal.SIGKILL)

    event.listen(rt.sessions, "before_commit" if point is Point.ANSWERED else "after_commit", look)


BETWEEN_TRANSACTIONS = {
    Point.PLANNED: select(Notice.id).where(Notice.state == NoticeState.PLANNED),
    Point.DISPATCHED: select(Message.id).where(Message.state == State.PENDING),
    Point.CLAIMED: select(Message.id).where(Message.state == State.SENDING),
    Point.ANSWERED: select(Message.id).where(Message.state == State.SENDING),
    Point.SETTLED: select(Message.id).where(Message.state == State.SENT),
    Point.DOUBTED: select(Message.id).where(Message.state == State.IN_DOUBT),
}
"""What the books show when a point is reached. At the others it is the provider who strikes."""


class Taking:
    """A provider that takes everything."""

    repeatable = False

    def send(self, letter: Letter) -> str:
        return "taken"

    def close(self) -> None:
        pass


def work(pipe: Connection, database: str, port: int, now: datetime) -> None:
    """Deliver what is due by the real code until nothing is."""
    logs.set_up(quiet=True)
    rt = desk.runtime(database, desk.mail(port), now=Still(now))
    while ids := pending(rt.sessions, now):
        deliver.run(rt, Channel.EMAIL, ids[:50])
    pipe.send("done")


def work_unheard(pipe: Connection, database: str, port: int, now: datetime, how: str) -> None:
    """As `work`, with a standard error that is `full`, `closed`, or `cut off`."""
    reader, writer = os.pipe()
    os.close(reader)
    sys.stderr = os.fdopen(os.open("/dev/full", os.O_WRONLY) if how == "full" else writer, "w")
    if how == "closed":
        sys.stderr.close()
    logs.set_up()
    logging.getLogger("a package").error("cannot be written either")
    rt = desk.runtime(database, desk.mail(port), now=Still(now))
    while ids := pending(rt.sessions, now):
        deliver.run(rt, Channel.EMAIL, ids[:50])
    pipe.send("done")


def serve(pipe: Connection, database: str, port: int, now: datetime | None, broker_url: str, threads: int) -> None:
    """Deliver what the broker rings for, until killed; with no `now` by the database's time."""
    logs.set_up()
    rt = desk.runtime(database, desk.mail(port), now=Still(now) if now else clock.now)
    brokers.work(brokers.connect(broker_url), rt, threads=threads)
    Event().wait()


def pending(sessions: base.Sessions, now: datetime) -> list[int]:
    """Ids that may be tried now."""
    with sessions() as session:
        due = select(Message.id).where(Message.state == State.PENDING, Message.due_at <= now)
        return list(session.scalars(due.order_by(Message.id)))
