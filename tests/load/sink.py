"""A mail server in a process of its own: takes everything, and writes down what it took before it says so.

    python -m tests.load.sink LOG

Prints its port. LOG gets a line for each mail accepted: Message-ID, recipient, the time; it outlives a kill -9 of
whoever sent, and is never asked to reach the disk.
"""

import os
import re
import socket
import sys
import time
from contextlib import suppress
from threading import Thread

MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
RECIPIENT = re.compile(rb"<([^>]*)>")
ANSWERS = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class Conversation:
    """One connection, on a thread of its own: an event loop would take three times as long for a mail."""

    def __init__(self, client: socket.socket, log: int) -> None:
        self.client, self.log = client, log
        self.waiting = b""
        self.in_text = False
        self.to = b""

    def hold(self) -> None:
        self.client.sendall(b"220 sink\r\n")
        while data := self.client.recv(65536):
            self.waiting += data
            answers = []
            while answer := self.text() if self.in_text else self.command():
                answers.append(answer)
            self.client.sendall(b"".join(answers))

    def command(self) -> bytes:
        line, end, rest = self.waiting.partition(b"\r\n")
        if not end:
            return b""
        self.waiting = rest
        verb = line[:4].upper()
        self.in_text = verb == b"DATA"
        if verb == b"RCPT" and (found := RECIPIENT.search(line)):
            self.to = found[1]
        return ANSWERS.get(verb, b"250 ok\r\n")

    def text(self) -> bytes:
        mail, end, rest = self.waiting.partition(b"\r\n.\r\n")
        if not end:
            return b""
        self.waiting, self.in_text = rest, False
        found = MESSAGE_ID.search(mail)
        os.write(self.log, b"%s %s %.6f\n" % (found[1] if found else b"-", self.to, time.time()))
        return b"250 taken\r\n"


def serve(path: str) -> None:
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with socket.create_server(("127.0.0.1", 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            client, _ = server.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Thread(target=_until_it_hangs_up, args=(client, log), daemon=True).start()


def _until_it_hangs_up(client: socket.socket, log: int) -> None:
    with client, suppress(ConnectionError):
        Conversation(client, log).hold()


if __name__ == "__main__":
    serve(sys.argv[1])
