"""A mail server that misbehaves as told, byte by byte; what it saw is the oracle.

The emulator's (`tests.engines.MailServer`) keeps to SMTP, as its library does. This one cuts a line in a reply or in a
mail, offers what it does not do, and answers a command twice or not at all.
"""

import socket
import ssl
import struct
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Self-signed for `localhost`, valid until 2120; its key guards nothing."""

_USUAL = {
    "connect": "220 wire.example ready",
    "starttls": "220 go ahead",
    "auth": "235 2.7.0 welcome",
    "data": "354 go on",
    "dot": "250 2.0.0 Ok: queued as W1",
    "quit": "221 bye",
}


class _Cut(Exception):
    """Hang up now."""


class Wire:
    """Answers as usual unless `then` has something else for a step; the answers of a step are used up in order.

    Steps are `connect`, the lower-case command, `text` (while the mail comes in) and `dot`. Besides replies: `cut`
    resets the connection, `close` ends it politely, `hang` never answers, and `a || b` sends `a`, then does `b`.
    """

    def __init__(self, *, features: tuple[str, ...] = (), implicit_tls: bool = False) -> None:
        self.connections = 0
        self.commands: list[str] = []
        self.mails: list[bytes] = []
        self.over = threading.Event()
        self.features = features
        self._implicit_tls = implicit_tls
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(CERTIFICATE)
        self._answers: defaultdict[str, deque[str]] = defaultdict(deque)
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def then(self, step: str, *answers: str) -> None:
        self._answers[step].extend(answers)

    def hang_up(self) -> None:
        """End every connection that is open now, as a server does with idle ones."""
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def verbs(self) -> list[str]:
        return [command.split()[0].upper() for command in self.commands]

    def serve(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def end(self) -> None:
        self.over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # `close` alone would not wake who waits in `accept`
        self._listener.close()
        self.hang_up()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(_Cut, OSError), connection:
            if self._implicit_tls:
                connection = self._secured(connection)
            self._say(connection, "connect")
            while self._step(connection):
                connection = self._secured(connection)

    def _secured(self, connection: socket.socket) -> socket.socket:
        secured = self._tls.wrap_socket(connection, server_side=True)
        self._open.append(secured)
        return secured

    def _step(self, connection: socket.socket) -> bool:
        """Talk until the end, or until the line is to be secured: True."""
        incoming = connection.makefile("rb")
        while line := incoming.readline():
            command = line.decode().strip()
            self.commands.append(command)
            verb = command.split()[0].lower()
            if verb == "ehlo":
                offered = [f"250-{feature}\r\n" for feature in ("wire.example", *self.features)]
                self._say(connection, verb, "".join(offered) + "250 OK")
            elif verb == "data":
                if self._say(connection, verb).startswith("354"):
                    self._text(connection, incoming)
            else:
                said = self._say(connection, verb)
                if verb == "starttls" and said.startswith("220"):
                    return True
        return False

    def _text(self, connection: socket.socket, incoming: BinaryIO) -> None:
        if self._answers["text"]:
            incoming.read(100)
            self._say(connection, "text")
        lines = []
        while (line := incoming.readline()) != b".\r\n":
            if not line:
                raise _Cut
            lines.append(line[1:] if line.startswith(b".") else line)
        self.mails.append(b"".join(lines))
        self._say(connection, "dot")

    def _say(self, connection: socket.socket, step: str, usual: str = "250 OK") -> str:
        answers = self._answers[step]
        answer = answers.popleft() if answers else _USUAL.get(step, usual)
        for part in answer.split(" || "):
            if part == "cut":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()
                raise _Cut
            if part == "close":
                connection.shutdown(socket.SHUT_RDWR)
                raise _Cut
            if part == "hang":
                self.over.wait()
                raise _Cut
            connection.sendall(part.encode() + b"\r\n")
        return answer


@contextmanager
def wire(*, features: tuple[str, ...] = (), implicit_tls: bool = False) -> Iterator[Wire]:
    server = Wire(features=features, implicit_tls=implicit_tls)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.end()
        thread.join(10)
