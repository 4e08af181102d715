"""Who is at the other end of the wire, as processes of their own. What they keep is the oracle."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

import requests

from tests import engines
from tests.faults.nursery import Child
from tests.notifiers import twilio_server
from tests.notifiers.http_wire import HttpWire, gateway_wire
from tests.notifiers.twilio_server import Contract
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


def twilio(pipe: Connection) -> None:
    """Twilio, as far as its published document fixes it (`Provider`)."""
    with twilio_server.twilio() as (wire, contract):
        pipe.send(wire.port)
        _obey(pipe, Provider(wire, contract))


def gateway(pipe: Connection) -> None:
    """The emulator's gateway (`HttpWire`)."""
    with gateway_wire() as wire:
        pipe.send(wire.port)
        _obey(pipe, wire)


def reports(url: str) -> int:
    """A gateway's delivery report, from wherever it is called; what the desk answers."""
    return requests.get(url, timeout=60).status_code


class Provider:
    """What may be asked of Twilio, and told to it."""

    def __init__(self, wire: HttpWire, contract: Contract) -> None:
        self.then, self.calls_back, self.violations = wire.then, contract.calls_back, contract.violations
        self._wire, self._contract = wire, contract

    def kept(self) -> list[dict[str, Any]]:
        """What it accepted, the first first."""
        return self._contract.kept[::-1]

    def questions(self) -> int:
        """How often its list was asked for."""
        return sum(asked.method == "GET" for asked in self._wire.asked)

    def reads(self, now: datetime) -> None:
        """Its clock."""
        self._contract.now = now

    def early(self, *statuses: str) -> None:
        """What it calls back before it answers that it accepted."""
        self._contract.early = list(statuses)

    def behave(self) -> None:
        """Nothing it was told holds any longer."""
        self._wire.forget()
        self._contract.early.clear()

    def forget(self) -> None:
        """As if nothing had come so far."""
        self._contract.kept.clear()
        self._contract.violations.clear()
        self._wire.asked.clear()


def _obey(pipe: Connection, server: object) -> None:
    while True:
        name, args, more = pipe.recv()
        found = getattr(server, name)
        pipe.send(found(*args, **more) if callable(found) else found)
