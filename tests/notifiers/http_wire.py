"""An HTTP server that misbehaves as told, in front of whatever answers; what it was asked is the oracle.

No framework sends half an answer, or resets a connection, when it is told to: so it has a server of its own. What the
emulator's providers say is said by themselves (`jobs.emulator.texts`).
"""

import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from jobs.emulator.phones import Phones
from jobs.emulator.texts import Asked, Gateway, Said

Usual = Callable[[Asked], Said]


class HttpWire:
    """Answers as `usual` unless `then` has something else for the next requests.

    Besides answers: `cut` resets the connection once the request was read, `close` ends it politely, `half` sends half
    an answer and ends, `hang` never answers, `drip` sends something now and then for ever, `drop by drop` a byte, from
    the first of its headers on.
    """

    def __init__(self, usual: Usual) -> None:
        self.asked: list[Asked] = []
        self.connections = 0
        self.over = threading.Event()
        self._usual = usual
        self._next: deque[Said | str] = deque()
        self._http = _Http(("127.0.0.1", 0), _handler(self))
        self.port = int(self._http.server_address[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def then(self, *answers: Said | str) -> None:
        self._next.extend(answers)

    def forget(self) -> None:
        """Nothing that `then` told holds any longer."""
        self._next.clear()

    def serve(self) -> None:
        self._http.serve_forever(0.02)

    def end(self) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()

    def answer(self, asked: Asked) -> Said | str:
        """The next one told; what a misbehaving server would have said is taken up all the same."""
        self.asked.append(asked)
        if not self._next:
            return self._usual(asked)
        told = self._next.popleft()
        if isinstance(told, str):
            self._usual(asked)
        return told


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


def _handler(wire: HttpWire) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            wire.connections += 1

        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(size).decode())
            answer = wire.answer(asked)
            if isinstance(answer, Said):
                self._say(answer)
            else:
                self._fail(answer)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - names of http.server

        def _say(self, answer: Said) -> None:
            text = answer.text.encode()
            self.send_response_only(answer.status)  # the date, too, is what we say
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def _fail(self, how: str) -> None:
            self.close_connection = True
            if how == "cut":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            elif how == "hang":
                wire.over.wait()
            elif how == "half":
                self.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Length: 500\r\n\r\n{")
            elif how == "drop by drop":
                with suppress(OSError):
                    self.wfile.write(b"HTTP/1.1 201 Created\r\nX-Long: ")
                    while not wire.over.wait(0.02):
                        self.wfile.write(b"x")
            elif how == "drip":
                self.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n")
                with suppress(OSError):
                    while not wire.over.wait(0.02):
                        self.wfile.write(b" " * 9000)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

    return Handler


@contextmanager
def gateway_wire() -> Iterator[HttpWire]:
    """The emulator's gateway on a line that misbehaves as told."""
    with http_wire(Gateway(Phones(now=lambda: datetime.now(UTC)))) as wire:
        yield wire


@contextmanager
def http_wire(usual: Usual) -> Iterator[HttpWire]:
    server = HttpWire(usual)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.end()
        thread.join(10)
