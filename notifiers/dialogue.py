"""One open SMTP connection and the dialogue over it (RFC 5321, RFC 2920), with the phase known at every step."""

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from notifiers.mailserver import Connection
from notifiers.mask import scrub
from notifiers.replies import Phase, judged
from rules.delivery import Temporary, Unknown

GOODBYE = 1.0
"""Seconds to wait for the answer to QUIT."""


class Stale(Exception):
    """The server had hung up while the connection lay idle; it accepted nothing of the mail."""


class Answer(NamedTuple):
    phase: Phase
    code: int
    reply: bytes

    @property
    def good(self) -> bool:
        return self.code == 354 if self.phase is Phase.DATA else 200 <= self.code < 300

    @property
    def definite(self) -> bool:
        """Whether it says yes or no, and does not announce the end of the connection (421)."""
        return self.good or (400 <= self.code < 600 and self.code != 421)


class Dialogue:
    """A connection that is ready for MAIL; after a mail, `sound` says whether it may carry another.

    open -> mail -> rcpt -> data -> text and dot -> open
             |       |       |          |-- no answer: Unknown
             |-------|-------|-- cut or refused: nothing was accepted

    If the server offers PIPELINING, the three commands go out at once: two round trips a mail instead of four.
    """

    def __init__(self, smtp: Connection) -> None:
        self._smtp = smtp
        self._pipelining = smtp.has_extn("pipelining")
        self._used = False
        self._left_open = False
        self.sound = True

    def hand_over(self, sender: str, to: str, mail: bytes, *, until: float) -> str:
        """Hand over one mail before the monotonic clock reads `until`; return the server's answer without addresses.

        Raises:
            Stale: the connection had been used before and ended without accepting anything of this mail.
            Refused, Temporary, Unknown, ChannelDown: as `Notifier.send`.
        """
        self.sound = False
        asked = self._begin(sender, to, until)
        refusal = next((answer for answer in asked if not answer.good), None)
        if refusal:
            # After a 354 in spite of a refusal the server awaits a text. It gets none; the connection is given up.
            self.sound = all(answer.definite for answer in asked) and asked[-1].code != 354
            self._used = self._left_open = True
            raise judged(*refusal, to)
        answer = self._text(mail, until)
        if not answer.definite and answer.code != 421:
            raise Unknown(f"dot: {scrub(answer.reply.decode('utf-8', 'replace'), to)}", code=str(answer.code))
        self.sound, self._used, self._left_open = answer.definite, True, not answer.good
        if not answer.good:
            raise judged(*answer, to)
        return scrub(answer.reply.decode("utf-8", "replace"), to)

    def quit(self) -> None:
        """Say goodbye and hang up; we do not wait for a server that does not answer."""
        with suppress(OSError):
            self._smtp.wait_until(time.monotonic() + GOODBYE)
            self._smtp.quit()
        self.close()

    def close(self) -> None:
        with suppress(OSError):
            self._smtp.close()

    def _begin(self, sender: str, to: str, until: float) -> list[Answer]:
        """The answers up to the first refusal, or all of them where the commands went out together."""
        commands = [(Phase.MAIL, f"MAIL FROM:<{sender}>"), (Phase.RCPT, f"RCPT TO:<{to}>"), (Phase.DATA, "DATA")]
        if self._left_open:
            commands.insert(0, (Phase.RSET, "RSET"))
        answers: list[Answer] = []
        try:
            for answer in self._asked(commands, until):
                answers.append(answer)
                if not answer.good and not self._pipelining:
                    break
        except OSError as error:
            if self._idle_too_long(answers):
                raise Stale from None
            phase = commands[len(answers)][0]
            raise Temporary(f"{phase}: {_why(error)}") from None
        if answers[-1].code == 421 and self._idle_too_long(answers):
            raise Stale
        return answers

    def _asked(self, commands: Sequence[tuple[Phase, str]], until: float) -> Iterator[Answer]:
        if self._pipelining:
            self._smtp.wait_until(until)
            self._smtp.send("".join(f"{command}\r\n" for _, command in commands))
        for phase, command in commands:
            if not self._pipelining:
                self._smtp.wait_until(until)
                self._smtp.putcmd(command)
            yield Answer(phase, *self._smtp.getreply())

    def _idle_too_long(self, answers: Sequence[Answer]) -> bool:
        return self._used and not any(answer.good and answer.phase is Phase.MAIL for answer in answers)

    def _text(self, mail: bytes, until: float) -> Answer:
        """Send the text and its dot; the answer decides.

        `sendall` fails only while bytes are left, and the dot is the last of them: the server cannot have seen it.
        """
        stuffed = mail.replace(b"\r\n.", b"\r\n..") + (b".\r\n" if mail.endswith(b"\r\n") else b"\r\n.\r\n")
        try:
            self._smtp.wait_until(until)
            self._smtp.send(stuffed)
        except OSError as error:
            raise Temporary(f"data: {_why(error)}") from None
        try:
            return Answer(Phase.DOT, *self._smtp.getreply())
        except OSError as error:
            raise Unknown(f"dot: {_why(error)}") from None


def _why(error: OSError) -> str:
    return scrub(str(error)) or type(error).__name__
