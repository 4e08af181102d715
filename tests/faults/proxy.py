"""A stretch of wire between a client and a server, on which things go wrong: between two programs that both behave."""

import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

QUIET = 0.15
"""Seconds without a byte after which whoever was talking now waits for an answer."""


@dataclass(frozen=True)
class Fault:
    """What happens to a connection that is opened while it lasts.

    Args:
        reset: it is reset as soon as it stands.
        silent: it is accepted, and nobody ever answers.
        says: this, and the end, instead of what the server says.
        pause: every byte goes alone, and so many seconds after the one before; None: as they come.
        hides: these bytes of the server's do not arrive; as many others do.
        cuts_after: so many bytes of the client's pass; the rest is lost, and once it waits the connection is reset.
        swallows_after: once the client has said these bytes nothing passes any more, in either direction, and no end of
            a connection either: a cable was cut.
    """

    reset: bool = False
    silent: bool = False
    says: bytes = b""
    pause: float | None = None
    hides: bytes = b""
    cuts_after: int | None = None
    swallows_after: bytes = b""


SOUND = Fault()


class Proxy:
    """Passes everything on, but for the faults it is told of; `refuses` while nobody listens."""

    def __init__(self, to: int | Path) -> None:
        self._to = to
        self._faults: list[Fault] = []
        self._lasting = SOUND
        self._over = threading.Event()
        self.swallowing = threading.Event()
        """Set once something was swallowed."""
        self._open: list[socket.socket] = []
        self._listener = self._listen(0)
        self.port = int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def breaks(self, fault: Fault, *, times: int | None = None) -> None:
        """From now on, or for so many connections."""
        if times is None:
            self._lasting = fault
        else:
            self._faults += [fault] * times

    def refuses(self) -> None:
        """Nobody listens any more, and who was connected is cut off."""
        self._close(self._listener)
        self.hangs_up()

    def hangs_up(self) -> None:
        """End every connection there is."""
        for connection in self._open:
            self._close(connection)
        self._open.clear()

    def behaves(self) -> None:
        """Everything passes again; who hangs on a fault is cut off."""
        self._faults.clear()
        self._lasting = SOUND
        self.hangs_up()
        if self._listener.fileno() == -1:
            self._listener = self._listen(self.port)

    def end(self) -> None:
        self._over.set()
        self.refuses()

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()
        return listener

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                self._open.append(client)
                fault = self._faults.pop(0) if self._faults else self._lasting
                threading.Thread(target=self._carry, args=(client, fault), daemon=True).start()

    def _carry(self, client: socket.socket, fault: Fault) -> None:
        with suppress(OSError), client:
            if fault.silent:
                self._over.wait()
            elif fault.reset:
                _reset(client)
            elif fault.says:
                client.sendall(fault.says)
                client.shutdown(socket.SHUT_WR)
                client.recv(1)
            else:
                with _connected(self._to) as server:
                    self._open.append(server)
                    if fault.swallows_after:
                        self._swallow(client, server, fault.swallows_after)
                    else:
                        self._both_ways(client, server, fault)

    def _swallow(self, client: socket.socket, server: socket.socket, last: bytes) -> None:
        said = b""
        with selectors.DefaultSelector() as both:
            both.register(client, selectors.EVENT_READ, server)
            both.register(server, selectors.EVENT_READ, client)
            while last not in said:
                for key, _ in both.select():
                    if not (found := key.fileobj.recv(65536)):  # type: ignore[union-attr]
                        return
                    said = (said + found)[-65536:] if key.fileobj is client else said
                    key.data.sendall(found)
        self.swallowing.set()
        self._over.wait()

    def _both_ways(self, client: socket.socket, server: socket.socket, fault: Fault) -> None:
        def answers() -> None:
            try:
                _pass(server, client, fault.pause, lambda said: _hidden(said, fault.hides))
                client.shutdown(socket.SHUT_WR)
            except OSError:
                self._close(client)

        back = threading.Thread(target=answers, daemon=True)
        back.start()
        if fault.cuts_after is None:
            _pass(client, server, fault.pause)
            server.shutdown(socket.SHUT_WR)
        else:
            _cut(client, server, fault.cuts_after)
        back.join()

    @staticmethod
    def _close(connection: socket.socket) -> None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)  # `close` alone would not wake who waits for it
        connection.close()


def _connected(to: int | Path) -> socket.socket:
    if isinstance(to, int):
        return socket.create_connection(("127.0.0.1", to))
    server = socket.socket(socket.AF_UNIX)
    server.connect(str(to))
    return server


def _pass(
    source: socket.socket,
    target: socket.socket,
    pause: float | None,
    changed: Callable[[bytes], bytes] = lambda said: said,
) -> None:
    while found := source.recv(65536):
        if pause is None:
            target.sendall(changed(found))
            continue
        for byte in changed(found):
            time.sleep(pause)
            target.sendall(bytes([byte]))


def _hidden(found: bytes, hides: bytes) -> bytes:
    return found.replace(hides, b"X" * len(hides)) if hides else found


def _cut(client: socket.socket, server: socket.socket, left: int) -> None:
    """What the client still says after so many bytes is lost; when it says no more both are cut off."""
    with suppress(TimeoutError):
        while found := client.recv(65536):
            server.sendall(found[:left])
            left -= len(found[:left])
            client.settimeout(None if left else QUIET)
    _reset(client)


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextmanager
def proxy(to: int | Path) -> Iterator[Proxy]:
    """A wire to a port or a socket of this machine, while the block lasts."""
    running = Proxy(to)
    try:
        yield running
    finally:
        running.end()
