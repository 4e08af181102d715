"""One desk on three machines: one keeps the books, the broker and the mail server, two work. Then a cable is pulled.

Each machine is a network namespace with an address of its own; to make one takes root and `ip`.
"""

import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import make_url, select, text

from models.machine import clock
from models.messages.messages import Message
from models.offices.offices import Contact
from rules.delivery import State
from rules.desk import Channel
from tests import engines
from tests.faults.conftest import House, built, until
from tests.faults.installation import Installation, running
from tests.faults.places import places as where
from tests.load import world

DUE, THREADS, GROUP = 800, 4, 50
"""A burst, and enough for both: a worker may hold a group of fifty for each thread when its cable is pulled."""
LEASE, DOUBT = 4.0, 2.0
SLOW = 0.01
"""Seconds the mail server thinks about each mail."""
AWAY = 10.0
"""So long the cable is out: the other machine has taken over what the first one held."""


class Machine(NamedTuple):
    """A network namespace, its address, and the end of its cable in ours."""

    name: str
    cable: str
    address: str

    @property
    def command(self) -> list[str]:
        return ["ip", "netns", "exec", self.name]

    def pull(self) -> None:
        ip("link", "set", self.cable, "down")

    def put_back(self) -> None:
        ip("link", "set", self.cable, "up")


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@contextmanager
def network() -> Iterator[tuple[str, list[Machine]]]:
    """Our address, and two machines that reach it. Skips where this process may not make any."""
    own = f"dk{os.getpid() % 100_000}"
    subnet = f"10.213.{os.getpid() % 250}"
    machines = [Machine(f"{own}{side}", f"{own}{side}", f"{subnet}.{n}") for n, side in ((2, "a"), (3, "b"))]
    with ExitStack() as stack:
        try:
            ip("link", "add", own, "type", "bridge")
            stack.callback(ip, "link", "del", own)
            ip("addr", "add", f"{subnet}.1/24", "dev", own)
            ip("link", "set", own, "up")
            for machine in machines:
                ip("netns", "add", machine.name)
                stack.callback(ip, "netns", "del", machine.name)
                ip("link", "add", machine.cable, "type", "veth", "peer", "name", "eth0", "netns", machine.name)
                ip("link", "set", machine.cable, "master", own, "up")
                ip("-n", machine.name, "addr", "add", f"{machine.address}/24", "dev", "eth0")
                for device in ("eth0", "lo"):
                    ip("-n", machine.name, "link", "set", device, "up")
                subprocess.run([*machine.command, "true"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            where.unsearched = "it did not begin"
            pytest.skip(f"no machines can be made here: {error}")
        yield f"{subnet}.1", machines


class Books(NamedTuple):
    """What the first machine keeps: where the others reach the books and the broker, and its mail server."""

    database: str
    broker: str
    mail: engines.MailServer
    ours: str
    """The books, as this process reaches them."""


@contextmanager
def kept_at(address: str) -> Iterator[Books]:
    with (
        engines.postgres(options={"listen_addresses": address}) as server,
        engines.valkey("--bind", "127.0.0.1", address, "--protected-mode", "no") as broker,
        engines.mail_server(host=address) as mail,
    ):
        server.lets_in(f"{address}/24")
        ours = server.url(server.create())
        name = make_url(ours).database
        theirs = f"postgresql+psycopg://postgres@{address}/{name}"
        yield Books(theirs, broker.url.replace("127.0.0.1", address), mail, ours)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("ip"), reason="only root makes machines, with `ip`")
def test_a_machine_whose_cable_is_pulled_leaves_nobody_out_and_tells_nobody_twice(tmp_path: Path):
    with network() as (address, (first, second)), kept_at(address) as books:
        books.mail.answer("data", lambda: time.sleep(SLOW))
        with (
            built(books.ours, places=DUE, lease=f"PT{LEASE:.0f}S", doubt=f"PT{DOUBT:.0f}S") as house,
            at_work(books, first, second, tmp_path) as desk,
        ):
            until(lambda: {first.address, second.address} <= at_the_books(house))
            with house.sessions.begin() as session:
                world.owe(session, house.places, DUE, prefix="R-", since=clock.now(session))
            until(lambda: books.mail.peers >= {first.address, second.address}, every=0.002)

            second.pull()
            before = len(books.mail.accepted)
            time.sleep(AWAY)
            assert len(books.mail.accepted) > before, "the first goes on alone"
            second.put_back()
            until(lambda: house.count(State.SENT, State.IN_DOUBT) >= DUE, every=0.5)

            desk.still_runs()
            came = Counter(mail.recipients[0] for mail in books.mail.accepted)
            with house.sessions() as session:
                of = select(Contact.address, Message).join(Message, Message.contact_id == Contact.id)
                messages = dict(session.execute(of.where(Message.channel == Channel.EMAIL)).all())
            in_doubt = {to for to, message in messages.items() if message.repeated_at or message.doubts}
            assert len(messages) >= DUE
            assert {to for to in messages if not came[to]} <= in_doubt, "whom nothing reached is shown"
            assert {to for to, times in came.items() if times > 1} <= in_doubt, "twice comes only what was in doubt"
            assert max(came.values()) <= 2
            assert len(in_doubt) <= THREADS * GROUP
            assert {to for to, message in messages.items() if message.state is State.SENT} <= set(came)


def at_the_books(house: House) -> set[str]:
    """The machines from which at least two processes hold a connection."""
    by_machine = text("select host(client_addr) from pg_stat_activity group by client_addr having count(*) > 1")
    with house.sessions() as session:
        return set(session.scalars(by_machine))


@contextmanager
def at_work(books: Books, first: Machine, second: Machine, folder: Path) -> Iterator[Installation]:
    with running(
        "web",
        folder=folder,
        DESK_DATABASE_URL=books.database,
        DESK_BROKER_URL=books.broker,
        DESK_SMTP_URL=f"{books.mail.url}?tls=none",
        DESK_MAIL_FROM="desk@desk.example",
    ) as desk:
        for number, machine in enumerate((first, second), 1):
            for command in ("clock", "worker"):
                desk.start(f"{command} {number}", on=machine.command)
        yield desk
