"""E-mail by SMTP over kept connections.

`smtplib.sendmail` raises the same error for a connection cut before DATA and after the final dot, though the two call
for opposite acts. So the dialogue is ours (`dialogue`) and only the connection is smtplib's (`mailserver`).
"""

import time
from collections import deque

from notifiers import mailserver, mime
from notifiers.base import Letter
from notifiers.dialogue import Dialogue, Stale
from notifiers.mailserver import Server, Tls
from rules.delivery import Misaddressed, Temporary, Unwritable

__all__ = ["Mail", "Server", "Tls"]


class Mail:
    """Hands mails to one server. Safe to call from several threads: each takes an idle connection or opens one."""

    repeatable = False

    def __init__(self, server: Server) -> None:
        self._server = server
        self._trust = mailserver.trust(server)
        self._idle: deque[Dialogue] = deque()

    def send(self, letter: Letter) -> str:
        """Hand over one mail; the id is what the server answered, without addresses.

        A connection that the server closed while it lay idle is opened anew, once, and only while the server has
        accepted nothing of this mail. After any doubt a connection is not used again.

        Raises:
            Unwritable: the letter cannot be a mail; `mime.compose` says why.
        """
        if not mime.usable(letter.to):
            raise Misaddressed("not one plain mail address")
        sender = letter.bounce_to or self._server.sender
        if not mime.usable(sender):
            raise Unwritable("bounce_to: not one plain address")
        mail = mime.compose(letter, self._server.sender)
        until = time.monotonic() + self._server.timeout.total_seconds()
        try:
            return self._over(self._idle_one() or self._open(until), sender, letter.to, mail, until)
        except Stale:
            return self._over(self._open(until), sender, letter.to, mail, until)

    def close(self) -> None:
        """Say goodbye on every idle connection."""
        while dialogue := self._idle_one():
            dialogue.quit()

    def _over(self, dialogue: Dialogue, sender: str, to: str, mail: bytes, until: float) -> str:
        try:
            return dialogue.hand_over(sender, to, mail, until=until)
        finally:
            if dialogue.sound:
                self._idle.append(dialogue)
            else:
                dialogue.close()

    def _idle_one(self) -> Dialogue | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _open(self, until: float) -> Dialogue:
        """A connection ready for MAIL.

        One that fails is Temporary, and nobody was reached: a restart, a full backlog, a lost packet. An unknown host
        name, an invalid certificate and a refused login are our own fault at once.
        """
        try:
            smtp = mailserver.connect(self._server, self._trust, until)
        except Temporary as error:
            raise Temporary(error.why, code=error.code, reached=False) from None
        return Dialogue(smtp)
