"""A mailbox at a server that misbehaves as told (RFC 3501, as far as it is needed); what became of it is the oracle."""

import re
import socket
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tests.notifiers.wire import CERTIFICATE

_PARTIAL = re.compile(r"BODY\.PEEK\[\]<0\.(\d+)>")


@dataclass
class Kept:
    """One mail of the folder."""

    uid: int
    at: datetime
    content: bytes
    flags: set[str] = field(default_factory=set)


class Mailbox:
    """One folder, `INBOX`, and others by name. `then` orders an answer to the next commands of that word.

    An answer is what stands behind the tag, such as `NO [AUTHENTICATIONFAILED] no`; `cut` hangs up, `hang` never
    answers. `connect` is the greeting, whole; `drip` of it lets a byte through now and then.
    """

    def __init__(self, *, user: str = "balas@desk.example", password: str = "rahasia", implicit_tls: bool = False):
        self.user, self.password = user, password
        self.validity, self.next_uid = 7, 1
        self.mails: list[Kept] = []
        self.folders: dict[str, list[Kept]] = {}
        self.commands: list[str] = []
        self.over = threading.Event()
        self.connections = 0
        self._implicit_tls = implicit_tls
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._tls.load_cert_chain(CERTIFICATE)
        self._answers: defaultdict[str, deque[str]] = defaultdict(deque)
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def put(self, content: bytes, *, at: datetime) -> Kept:
        """A mail comes in at the server."""
        kept = Kept(self.next_uid, at, content)
        self.next_uid += 1
        self.mails.append(kept)
        return kept

    def then(self, word: str, *answers: str) -> None:
        self._answers[word.upper()].extend(answers)

    def said(self, word: str) -> list[str]:
        return [command for command in self.commands if word in command]

    def serve(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def end(self) -> None:
        self.over.set()
        for own in (self._listener, *self._open):
            with suppress(OSError):
                own.shutdown(socket.SHUT_RDWR)
            own.close()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, ConnectionError):
            if self._implicit_tls:
                connection = self._secured(connection)
            self._greet(connection)
            while self._converse(connection):
                connection = self._secured(connection)

    def _secured(self, connection: socket.socket) -> socket.socket:
        secured = self._tls.wrap_socket(connection, server_side=True)
        self._open.append(secured)
        return secured

    def _greet(self, connection: socket.socket) -> None:
        ordered = self._answers["CONNECT"].popleft() if self._answers["CONNECT"] else ""
        if ordered == "drip":
            while not self.over.wait(0.05):
                connection.sendall(b"*")
        self._act(connection, ordered)
        connection.sendall(f"{ordered or '* OK ready'}\r\n".encode())

    def _act(self, connection: socket.socket, ordered: str) -> None:
        if ordered == "cut":
            connection.close()
            raise ConnectionError
        if ordered == "hang":
            self.over.wait()
            raise ConnectionError

    def _converse(self, connection: socket.socket) -> bool:
        """Answer until the end, or until the line is to be secured: True."""
        for line in connection.makefile("rb"):
            tag, _, command = line.decode().strip().partition(" ")
            word, _, rest = command.partition(" ")
            if word == "UID":
                word, _, rest = rest.partition(" ")
            self.commands.append(command if word != "LOGIN" else "LOGIN")
            ordered = self._answers[word.upper()].popleft() if self._answers[word.upper()] else ""
            self._act(connection, ordered)
            end = ordered or self._do(connection, word.upper(), rest)
            connection.sendall(f"{tag} {end}\r\n".encode())
            if word == "STARTTLS" and end.startswith("OK"):
                return True
        return False

    def _do(self, connection: socket.socket, word: str, rest: str) -> str:
        def tell(text: str, content: bytes = b"", after: str = "") -> None:
            connection.sendall(f"* {text}\r\n".encode() + content + after.encode())

        if word == "CAPABILITY":
            tell("CAPABILITY IMAP4rev1 STARTTLS MOVE")
        elif word == "LOGIN":
            right = rest.replace('"', "") == f"{self.user} {self.password}"
            return "OK in" if right else f"NO [AUTHENTICATIONFAILED] {self.user} is not let in"
        elif word == "SELECT":
            tell(f"{len(self.mails)} EXISTS")
            tell(f"OK [UIDVALIDITY {self.validity}] good")
            tell(f"OK [UIDNEXT {self.next_uid}] next")
            return "OK [READ-WRITE] done"
        elif word == "LIST":
            name = rest.rsplit(maxsplit=1)[-1].strip('"')
            if name in self.folders:
                tell(f'LIST () "/" {name}')
        elif word == "SEARCH":
            tell(" ".join(["SEARCH", *(str(own.uid) for own in self._found(rest))]))
        elif word == "FETCH":
            uid, _, what = rest.partition(" ")
            for n, own in enumerate(self.mails, 1):
                if own.uid == int(uid):
                    most = int((_PARTIAL.search(what) or [0, "0"])[1])
                    part = own.content[:most]
                    at = own.at.strftime("%d-%b-%Y %H:%M:%S %z")
                    head = f'{n} FETCH (UID {own.uid} INTERNALDATE "{at}" BODY[]<0> {{{len(part)}}}'
                    tell(head, part, ")\r\n")
        elif word == "STORE":
            next(own for own in self.mails if own.uid == int(rest.split(maxsplit=1)[0])).flags.add("\\Seen")
        elif word == "MOVE":
            uid, _, folder = rest.partition(" ")
            if folder.strip('"') not in self.folders:
                return "NO [TRYCREATE] no such folder"
            own = next(own for own in self.mails if own.uid == int(uid))
            self.mails.remove(own)
            self.folders[folder.strip('"')].append(own)
        elif word == "LOGOUT":
            tell("BYE")
        return "OK done"

    def _found(self, what: str) -> list[Kept]:
        if what.startswith("UID"):
            first = int(what.split()[1].partition(":")[0])
            above = [own for own in self.mails if own.uid >= first]
            return above or self.mails[-1:]  # `9:*` is the last one where none is so high
        day = datetime.strptime(what.split()[1], "%d-%b-%Y").replace(tzinfo=UTC).date()
        return [own for own in self.mails if _day(own.at) >= day]


def _day(at: datetime) -> date:
    return at.date()


@contextmanager
def mailbox(**options: object) -> Iterator[Mailbox]:
    """Run a server with one mailbox while the block lasts."""
    server = Mailbox(**options)  # type: ignore[arg-type]
    threading.Thread(target=server.serve, daemon=True).start()
    try:
        yield server
    finally:
        server.end()
