"""A mail server in a process of its own: takes everything, and writes down what it took before it says so.

    python -m tests.load.sink LOG

Prints its port. LOG gets a line for each mail accepted: Message-ID, recipient, the time; it outlives a kill -9 of
whoever sent, and is never asked to reach the disk.
"""

import asyncio
import os
import re
import sys
import time

MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
RECIPIENT = re.compile(rb"<([^>]*)>")
ANSWERS = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class Conversation(asyncio.Protocol):
    def __init__(self, log: int) -> None:
        self.log = log
        self.waiting = b""
        self.in_text = False
        self.to = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        answers = []
        while answer := self.text() if self.in_text else self.command():
            answers.append(answer)
        self.transport.write(b"".join(answers))

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


async def serve(path: str) -> None:
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(log), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
