"""Who is at the other end of the wire, as processes of their own. What they keep is the oracle."""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from tests import engines
from tests.faults.nursery import Child
from tests.notifiers.wire import CERTIFICATE

USER, PASSWORD = "desk", "rahasia-surat-01"


class Counterpart:
    """A server elsewhere: `port`, and whatever it can be asked by the names of its own attributes and methods."""

    def __init__(self, act: Any, *args: object) -> None:
        self._child = Child(act, *args)
        self.port = int(self._child.hear())

    def ask(self, name: str, *args: object, **more: object) -> Any:
        """What its attribute of that name is, or returns when it is called so."""
        self._child.say((name, args, more))
        return self._child.hear()

    def end(self) -> None:
        self._child.kill()


@contextmanager
def running(act: Any, *args: object) -> Iterator[Counterpart]:
    """A counterpart while the block lasts."""
    server = Counterpart(act, *args)
    try:
        yield server
    finally:
        server.end()


def mail(pipe: Connection) -> None:
    """A mail server (`tests.engines.MailServer`) that insists on STARTTLS and a login."""
    with engines.mail_server(user=USER, password=PASSWORD, certificate=CERTIFICATE) as server:
        pipe.send(server.port)
        _obey(pipe, server)


def _obey(pipe: Connection, server: object) -> None:
    while True:
        name, args, more = pipe.recv()
        found = getattr(server, name)
        pipe.send(found(*args, **more) if callable(found) else found)
